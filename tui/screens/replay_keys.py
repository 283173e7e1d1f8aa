"""The replay's keys: where to go in a run, what of it to see, what to take along."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.binding import Binding, BindingType
from textual.screen import Screen

from sessions.sieve import ALL, COORDINATOR, KINDS, Sieve, owner
from tui.player import Player
from tui.trace_row import row
from tui.typed_app import app_type
from tui.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sessions.events import AnyEvent
    from sessions.film import Film
    from tui.seat import Seat


class ReplayKeys(Screen[None]):
    """A screen at a place in a film. What it shows is its subclass's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "play", "play", id="replay.play"),
        Binding("right,down,j", "step(1)", "event", id="replay.next"),
        Binding("left,up,k", "step(-1)", "event before", show=False, id="replay.previous"),
        Binding("right_curly_bracket,n", "failure(1)", "failure", id="replay.next_failure"),
        Binding("left_curly_bracket,N", "failure(-1)", "failure before", show=False, id="replay.previous_failure"),
        Binding("plus,equals_sign", "speed(1)", "faster", id="replay.faster"),
        Binding("minus", "speed(-1)", "slower", show=False, id="replay.slower"),
        Binding("tab", "owner(1)", "spoke", id="replay.next_spoke"),
        Binding("shift+tab", "owner(-1)", "spoke before", show=False, id="replay.previous_spoke"),
        Binding("m", "kind(1)", "kind", id="replay.next_kind"),
        Binding("M", "kind(-1)", "kind before", show=False, id="replay.previous_kind"),
        Binding("v", "view", "view", id="replay.view"),
        Binding("enter", "whole", "whole event", id="replay.whole"),
        Binding("slash", "find", "find", id="replay.find"),
        Binding("G", "now", "live or end", id="replay.now"),
        Binding("shift+right,pagedown", "step(10)", "ten events on", show=False, id="replay.ten_on"),
        Binding("shift+left,pageup", "step(-10)", "ten events back", show=False, id="replay.ten_back"),
        Binding("home", "go(0)", "beginning", show=False, id="replay.home"),
        Binding("end", "end", "end", show=False, id="replay.end"),
        Binding("J", "scroll(1)", "scroll what is beside it", show=False, id="replay.down"),
        Binding("K", "scroll(-1)", "scroll back", show=False, id="replay.up"),
        *(Binding(str(n), f"pane({n})", "pane by number", show=False, id=f"replay.pane_{n}") for n in range(10)),
        Binding("y", "copy", "copy the event as JSON", show=False, id="replay.copy"),
        Binding("w", "write", "write the event to a file", show=False, id="replay.write"),
        Binding("escape,q,t", "app.pop_screen", "back", id="replay.back"),
    ]

    app = getters.app(app_type)

    def __init__(self, seat: Seat, film: Film, n: int) -> None:
        """At the moment of the `n`-th event; the film grows as the seat hears of more."""
        super().__init__()
        self.seat = seat
        self.film = film
        self.player = Player(film, n)
        self.sieve = Sieve()
        self.places: list[int] = []
        """Where the events are that pass the sieve."""
        self.selected = COORDINATOR
        """Whose pane is looked at."""
        self._looked_through = 0
        """How many events of the film went through the sieve."""

    # For the subclass to see to

    def moved(self) -> None:
        """Shows the run as it was where one is now."""
        raise NotImplementedError

    def scrolled(self, lines: int) -> None:
        """Scrolls what stands beside the list."""
        raise NotImplementedError

    def action_view(self) -> None:
        """Another view of the same moment."""
        raise NotImplementedError

    # Where one is

    @property
    def cursor(self) -> int:
        """The last event in the list that had happened; -1 before the first."""
        return bisect_left(self.places, self.player.n) - 1

    @property
    def place(self) -> int | None:
        """That event's place in the film."""
        return self.places[self.cursor] if self.cursor >= 0 else None

    @property
    def event(self) -> AnyEvent | None:
        """That event."""
        return None if self.place is None else self.film.events[self.place]

    def sift(self) -> None:
        """Puts what is new in the film through the sieve."""
        events = self.film.events
        new = range(self._looked_through, len(events))
        self.places += [place for place in new if self.sieve.passes(events[place])]
        self._looked_through = len(events)

    def see(self, sieve: Sieve) -> None:
        """Shows what passes another sieve; one stays where one is."""
        self.sieve = sieve
        self.places, self._looked_through = [], 0
        self.sift()
        if sieve.owner:
            self.selected = sieve.owner
        self.moved()

    def go(self, n: int) -> None:
        """To the moment of the `n`-th event, which is looked at until it is played on."""
        self.player.playing = False
        self.player.go(n)
        if self.event is not None:
            self.selected = owner(self.event)
        self.moved()

    # Keys

    def action_play(self) -> None:
        """Plays, or stands still; at the end it begins anew."""
        player = self.player
        player.playing = not player.playing
        if player.playing and player.at_end and not self.seat.live:
            player.go(0)
        self.moved()

    def action_step(self, by: int) -> None:
        """So many events on, or back, of those in the list."""
        to = min(self.cursor + by, len(self.places) - 1)
        self.go(self.places[to] + 1 if to >= 0 else 0)

    def action_go(self, n: int) -> None:
        """To the moment of an event."""
        self.go(n)

    def action_end(self) -> None:
        """To the end of what has happened."""
        self.go(len(self.film))

    def action_now(self) -> None:
        """To the run as it is now."""
        if self.seat.live:
            self.post_message(Wish("live"))
        else:
            self.action_end()

    def action_failure(self, by: int) -> None:
        """To the next failure, or the one before, of those whom one looks at."""
        theirs = self.sieve._replace(kind=ALL)
        places = [place for place in self.film.failures if theirs.passes(self.film.events[place])]
        at = bisect_left(places, self.player.n) if by > 0 else bisect_left(places, self.player.n - 1) - 1
        if not 0 <= at < len(places):
            self._tell("No failure after this." if by > 0 else "No failure before this.")
            return
        if not self.sieve.passes(self.film.events[places[at]]):
            self.see(theirs)
        self.go(places[at] + 1)

    def action_speed(self, by: int) -> None:
        """Faster, or slower."""
        if not self.player.faster(by):
            self._tell(f"{self.player.speed:g}× is {'the fastest' if by > 0 else 'the slowest'}.")
        self.moved()

    def action_owner(self, by: int) -> None:
        """Only the next spoke's events, or the coordinator's, or all."""
        owners = ["", COORDINATOR, *self.film.spokes]
        at = owners.index(self.sieve.owner) if self.sieve.owner in owners else 0
        self.see(self.sieve._replace(owner=owners[(at + by) % len(owners)]))

    def action_kind(self, by: int) -> None:
        """Only events of the next kind, or all."""
        self.see(self.sieve._replace(kind=KINDS[(KINDS.index(self.sieve.kind) + by) % len(KINDS)]))

    def action_pane(self, number: int) -> None:
        """The pane of that number; 0 is the coordinator's."""
        owners = [COORDINATOR, *self.film.spokes]
        if number < len(owners):
            self.selected = owners[number]
            self.moved()
        else:
            self._tell(f"There is no pane {number}.")

    def action_scroll(self, lines: int) -> None:
        """Scrolls what stands beside the list."""
        self.scrolled(lines)

    def action_find(self) -> None:
        """Asks for words, and goes to the next event in the list that has them."""
        from tui.screens.prompt import PromptScreen

        def asked(words: str | None) -> None:
            if words and words.strip():
                self.run_worker(self._find(words.strip()), group="find", exclusive=True)

        self.app.push_screen(PromptScreen("Find in the trace"), asked)

    async def _find(self, words: str) -> None:
        at = self.cursor + 1
        places = [*self.places[at:], *self.places[:at]]
        events = [self.film.events[place] for place in places]
        found = await asyncio.to_thread(_first_with, events, words)
        if found is None:
            self._tell(f"“{words}” is in no event of the list.")
        else:
            self.go(places[found] + 1)

    def _json(self) -> str:
        event = self.event
        if event is None:
            self._tell("No event is chosen.")
            return ""
        return event.model_dump_json(by_alias=True, indent=2)

    def action_copy(self) -> None:
        """The event as JSON, to the clipboard."""
        if told := self._json():
            self.app.copy_to_clipboard(told)
            self.notify("Sent to the clipboard; w writes it to a file.", markup=False)

    def action_write(self) -> None:
        """The event as JSON, to a file."""
        from tui.writing import ask_and_write

        if (told := self._json()) and (event := self.event):
            ask_and_write(self.app, f"hubspoke-{self.seat.run}-event-{event.seq}.json", told)

    def _tell(self, text: str) -> None:
        self.notify(text, markup=False, severity="warning")


def _first_with(events: Sequence[AnyEvent], words: str) -> int | None:
    """Which event is the first that has these words, in its line or anywhere in it, in any case."""
    wanted = words.casefold()
    for number, event in enumerate(events):
        if wanted in row(event).text.casefold() or wanted in event.model_dump_json().casefold():
            return number
    return None
