"""The pane of a spoke, or of the coordinator: who and how it stands in the border, what it says inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.strip import Strip

from tui.safe import safe_line
from tui.widgets.folded import folded_line
from tui.widgets.frame import Frame
from tui.widgets.rows import same, strip
from tui.widgets.streams import Streams
from tui.widgets.text_pane import Entry, TextPane

if TYPE_CHECKING:
    from textual.geometry import Region

    from sessions.spoke_state import AttemptState, SpokeState
    from tui.watched import Watched

HUB = "hub"
"""The coordinator's place among the panes."""

_CORNERS = 6
"""Cells of the border's first line that its title cannot have."""

_NAME = 4
"""Cells that are left of a name in any case."""

_AT_FIRST = 8_000
"""A pane that comes to an attempt late begins with so many characters, many a page; the zoom has all."""


@dataclass(slots=True)
class _Place:
    """How much of an attempt a pane has shown."""

    read: int = 0
    closed: bool = False


class Tile(TextPane):
    """A live pane, fed by `look` whenever the run changed. What is finished is only ever added to."""

    DEFAULT_CSS = """
    Tile {
        border: round $foreground 30%;
        border-title-color: $text;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        height: 1fr;
        width: 1fr;
        background: $background;
    }
    Tile.-parked { border: round $warning; }
    Tile.-failed { border: heavy $error; border-title-color: $text-error; }
    Tile:focus { border: round $accent; }
    Tile.-failed:focus { border: heavy $error-lighten-2; }
    Tile.-folded, Tile.-folded:focus { border: none; height: 1; overflow-y: hidden; }
    """

    def __init__(self, spoke: str, number: int) -> None:
        super().__init__(classes="tile")
        self.spoke = spoke
        self.number = number
        self._seat: Watched | None = None
        self._seen: object = None
        """How things stood when it looked last: nothing else makes it look again."""
        self._places: dict[tuple[str, int], _Place] = {}
        self._streams = Streams()
        self._folded: Content | None = None
        """All that it says while it is folded."""
        self._border = (Content(""), Content(""))
        """What stands in its first and its last line."""
        self._frame = Frame(self)

    def fold(self, folded: bool) -> None:
        """To a line, or open again."""
        if folded != self.has_class("-folded"):
            self.set_class(folded, "-folded")
            self.on_resize()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Its lines within a region, with the border around them."""
        if self._folded is not None or not self._frame.drawn:
            return super().render_lines(crop)
        return self._frame.lines(crop, self.scroll_offset.y, self.render_line, *self._border)

    def notify_style_update(self) -> None:
        """Its border may look otherwise."""
        super().notify_style_update()
        self._frame.restyled()

    def render_line(self, y: int) -> Strip:
        """A line of what it says, or the only one."""
        if self._folded is None:
            return super().render_line(y)
        return strip(self, self._folded if y == 0 else Content(""), self.size.width)

    def begin(self, said: str) -> None:
        """Says this until there is a run; only the coordinator's pane is there before."""
        self.set_tail([Entry(said, "note")])
        self._border = Content.styled("coordinator", "bold"), Content("")

    def look(self, seat: Watched) -> None:
        """Shows what is new: entries that are finished, and the text that streams."""
        from tui.coordinator import queueing  # after the first paint
        from tui.failure_text import holding

        if seat is not self._seat:
            self._seat, self._seen = seat, None
            self._places.clear()
            self.clear()
        owners = self._owners(seat)
        version = sum(seat.versions[owner.id] for owner in owners)
        stands = [(owner.status, owner.cancelled, holding(seat, owner)) for owner in owners]
        queued = queueing(seat) if self.spoke == HUB else ""
        if (seen := (version, stands, queued, self.size)) == self._seen:
            return
        self._seen = seen
        self._streams.keep(block for owner in owners for block in seat.blocks.of(owner.id))
        attempts = [(owner, attempt) for owner in owners for attempt in owner.attempts]
        attempts.sort(key=lambda pair: pair[1].started)
        tail: list[Entry] = []
        for owner, attempt in attempts:
            tail += self._show(seat, owner, attempt)
        tail += [entry for owner in owners for entry in _waiting(seat, owner)]
        tail += [Entry(queued, "note")] if queued else []
        self.set_tail(tail)
        self.head(seat)

    def _show(self, seat: Watched, owner: SpokeState, attempt: AttemptState) -> list[Entry]:
        """Adds what an attempt finished since; answers what of it is still open."""
        from tui.failure_text import standing  # after the first paint
        from tui.transcript import ending, heading, last_logged, logged

        key = (owner.id, attempt.number)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = _Place(read=len(attempt.log))
            self.add(*heading(owner, attempt, named=self.spoke == HUB), *last_logged(attempt.log, _AT_FIRST))
        if place.closed:
            return []
        self.add(*(entry for entry in map(logged, attempt.log[place.read :]) if entry))
        place.read = len(attempt.log)
        if owner.status == "failed" and attempt is owner.last and self.spoke != HUB:
            # Not closed: the failure that stands is told as the pane has room.
            return standing(seat.state, owner, self.columns, self.size.height)
        if attempt.ended is not None:
            place.closed = True
            self.add(*ending(seat.state, owner, attempt))
            return []
        blocks = seat.blocks.of(owner.id)
        return [self._streams.entry(block) for block in blocks if block.attempt == attempt.number]

    def head(self, seat: Watched) -> None:
        """Says in the border who it is and how it stands; each second, for the clock goes on."""
        if self.spoke == HUB:
            self._head_hub(seat)
            return
        from tui.looks import cost, elapsed, model_name, parked, spoke_look, tokens, waiting

        spoke = seat.state.spokes.get(self.spoke)
        if spoke is None:
            return
        if self._folded is not None or self.has_class("-folded"):
            folded = folded_line(seat, spoke, self.number, self.size.width, selected=self.has_focus)
            self._folded = folded if self.has_class("-folded") else None
            self.refresh()
        look, last = spoke_look(seat, spoke), spoke.last
        self.set_class(spoke.status == "failed", "-failed")
        self.set_class(parked(seat, spoke), "-parked")
        number = f"{self._mark}{self.number} "
        # Beside a clock that counts down another one that counts up would only confuse.
        time = "" if waiting(seat, spoke) else f" {elapsed(seat, spoke)}".rstrip()
        state = Content.assemble((f"{look.glyph} {look.word}", look.style), time)
        # How it stands is never cut off; the name yields.
        room = self.outer_size.width - _CORNERS - len(number) - 1 - state.cell_length
        name = Content.styled(safe_line(spoke.title), "bold").truncate(max(_NAME, room), ellipsis=True)
        title = Content.assemble((number, "$text-muted"), name, " ", state)
        told: list[str] = []
        if last is not None:
            # What follows is of that attempt.
            told += [f"att. {last.number}"] if last.number > 1 else []
            told += [model_name(last.model), f"{tokens(last.usage.tokens)} tok", cost(seat.state, last.usage)]
        self._label(title, list(filter(None, told)))

    @property
    def _mark(self) -> str:
        """That it has the keys, for whoever sees no colours."""
        return ">" if self.has_focus else ""

    def on_resize(self) -> None:
        """The border has the width there is."""
        if self._seat is not None:
            self.head(self._seat)

    def watch_has_focus(self, has_focus: bool) -> None:
        """The border says whose the keys are."""
        super().watch_has_focus(has_focus)
        self.on_resize()

    def _head_hub(self, seat: Watched) -> None:
        from tui.looks import clock, cost, hub_problem, run_look, tokens

        look = run_look(seat)
        self.set_class(hub_problem(seat), "-parked")
        title = Content.assemble(
            self._mark,
            ("coordinator", "bold"),
            " ",
            (f"{look.glyph} {look.word}", look.style),
            f" {clock(seat.clock)}",
        )
        usage = seat.state.usage
        paid = f" · {paid}" if (paid := cost(seat.state, usage)) else ""
        self._label(title, [f"{tokens(usage.tokens)} tok{paid} in all"])

    def _label(self, title: Content, told: list[str]) -> None:
        """Writes into the border, where that changes it: the library then paints the whole pane anew."""
        from tui.looks import counted

        if not self.following and self.unseen:
            told = [*told, f"{counted(self.unseen, 'line')} below · f follow"]
        before, foot = self._border, Content(" · ".join(told))
        if not same(title, before[0]):
            self._border = title, before[1]
            self.border_title = title
        if not same(foot, before[1]):
            self._border = self._border[0], foot
            self.border_subtitle = foot

    def _owners(self, seat: Watched) -> list[SpokeState]:
        if self.spoke == HUB:
            return list(seat.state.hub.values())
        spoke = seat.state.spokes.get(self.spoke)
        return [spoke] if spoke else []


def _waiting(seat: Watched, spoke: SpokeState) -> list[Entry]:
    """What a pane says of whoever waits or is silent, has not begun, or was cancelled by a person."""
    from tui.failure_text import holding
    from tui.safe import safe

    plan = seat.state.plan
    subtask = next((subtask for subtask in plan.subtasks if subtask.id == spoke.id), None) if plan else None
    if spoke.cancelled:
        # An attempt that was cancelled says so itself.
        told = "" if spoke.last and spoke.last.failure else "⊘ cancelled · "
        return [Entry(f"{told}r retry runs it after all", "note")]
    if why := holding(seat, spoke):
        return [Entry(why, "error")]
    if subtask is None or spoke.attempts:
        return []
    after = [seat.state.spokes[needed].title for needed in subtask.depends_on if needed in seat.state.spokes]
    waits = [Entry(f"waits for {safe_line(', '.join(after), 100)}", "note")] if after else []
    return [*waits, Entry(safe(subtask.objective), "thinking")]
