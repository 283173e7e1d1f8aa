"""The zoom: one spoke, whole; the one rendered Markdown on the screen, with brief, tools, sources and attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static

from tui import zoom_text
from tui.failure_text import holding
from tui.looks import cost, elapsed, model_name, spoke_look, tokens, waiting
from tui.safe import safe_line
from tui.screens.attempt_diff import ONE_ATTEMPT, show_diff
from tui.timely import why_not
from tui.typed_app import app_type
from tui.widgets.key_line import KeyLine
from tui.widgets.markdown_view import MarkdownView
from tui.widgets.tile import HUB
from tui.wish import Wish

if TYPE_CHECKING:
    from textual import events

    from sessions.spoke_state import AttemptState, SpokeState
    from tui.seat import Seat

_TIMELY = {"r": "retry", "e": "edit", "x": "cancel", "X": "stop", "D": "diff"}
"""Keys that have something to do only at times: the footer shows them then, and else they say why not."""

_FPS = 4
"""Markdown is dear: it is rendered so often a second, which is as fast as one reads."""


class ZoomScreen(Screen[None]):
    """One spoke's newest attempt, or another, as it streams."""

    CSS = """
    ZoomScreen #head { height: 2; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,z", "app.pop_screen", "back", id="zoom.back"),
        Binding("r", "retry", "retry", id="zoom.retry"),
        Binding("e", "edit", "edit brief", id="zoom.edit"),
        Binding("D", "diff", "diff", id="zoom.diff"),
        Binding("x", "cancel", "cancel", id="zoom.cancel"),
        Binding("X", "stop", "stop the run", show=False, id="zoom.stop"),
        # The header names these too.
        Binding("p", "part('brief')", "brief", id="zoom.brief"),
        Binding("T", "part('tools')", "tools", id="zoom.tools"),
        Binding("S", "part('sources')", "sources", id="zoom.sources"),
        Binding("A", "part('attempts')", "attempts", id="zoom.attempts"),
        Binding("left", "attempt(-1)", "earlier attempt", show=False, id="zoom.earlier"),
        Binding("right", "attempt(1)", "later attempt", show=False, id="zoom.later"),
        Binding("j,tab", "spoke(1)", "next spoke", id="zoom.next"),
        Binding("k,shift+tab", "spoke(-1)", "previous spoke", show=False, id="zoom.previous"),
        Binding("t", "trace", "trace", id="zoom.trace"),
        Binding("f", "follow", "follow", id="zoom.follow"),
        Binding("slash", "find", "find", id="zoom.find"),
        Binding("y", "copy", "copy", show=False, id="zoom.copy"),
        Binding("w", "write", "write to a file", show=False, id="zoom.write"),
    ]

    app = getters.app(app_type)
    part: reactive[str] = reactive("text", init=False)

    def __init__(self, seat: Seat, spoke: str) -> None:
        super().__init__()
        self._seat = seat
        self._spoke = spoke
        self._back = 0
        """How many attempts before the newest."""
        self._shown = ""
        self._offered: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Two lines of header, the text, the footer."""
        yield Static(id="head")
        yield MarkdownView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Begins to look at the seat."""
        self.query_one(MarkdownView).focus()
        self._look()
        self.set_interval(1 / _FPS, self._look)

    def _owners(self) -> list[SpokeState]:
        if self._spoke == HUB:
            return list(self._seat.state.hub.values())
        spoke = self._seat.state.spokes.get(self._spoke)
        return [spoke] if spoke else []

    def _attempts(self) -> list[tuple[SpokeState, AttemptState]]:
        pairs = [(owner, attempt) for owner in self._owners() for attempt in owner.attempts]
        return sorted(pairs, key=lambda pair: pair[1].started)

    def _look(self) -> None:
        attempts = self._attempts()
        self._back = min(self._back, max(0, len(attempts) - 1))
        chosen = attempts[-1 - self._back] if attempts else None
        self._head(chosen)
        offered = tuple(action for action in _TIMELY.values() if not self._why_not(action))
        if offered != self._offered:
            self._offered = offered
            self.refresh_bindings()
        text = self._text(chosen)
        if text != self._shown:
            self._shown = text
            self.query_one(MarkdownView).show(text)

    def _text(self, chosen: tuple[SpokeState, AttemptState] | None) -> str:
        if chosen is None:
            return "*It has not begun.*"
        spoke, attempt = chosen
        match self.part:
            case "brief":
                return zoom_text.brief(attempt)
            case "tools":
                return zoom_text.tools(attempt)
            case "sources":
                return zoom_text.sources(attempt)
            case "attempts":
                return zoom_text.attempts(self._seat.state, spoke)
            case _:
                said = zoom_text.speech(self._seat.state, spoke, attempt, self._seat.blocks.of(spoke.id))
                if attempt is spoke.last and (why := holding(self._seat, spoke)):
                    said = f"{said}\n\n**{zoom_text.plain(why)}**".lstrip()
                said = said or "*Nothing was said yet.*"
                notices = zoom_text.notices(self._seat.state) if self._spoke == HUB else ""
                return f"{notices}\n\n{said}" if notices else said

    def _head(self, chosen: tuple[SpokeState, AttemptState] | None) -> None:
        seat = self._seat
        if chosen is None:
            self.query_one("#head", Static).update(Content(safe_line(self._spoke)))
            return
        spoke, attempt = chosen
        look = spoke_look(seat, spoke)
        calls = sum(item.kind == "tool_called" for item in attempt.log)
        read = len({segment.source for segment in attempt.segments})
        title = spoke.title if self._spoke != HUB else f"coordinator: {spoke.id.removeprefix('hub.')}"
        time = "" if waiting(seat, spoke) else f" {elapsed(seat, spoke)}"
        paid = f" · {paid}" if (paid := cost(seat.state, attempt.usage)) else ""
        number = list(seat.state.spokes).index(spoke.id) + 1 if spoke.id in seat.state.spokes else "H"
        first = Content.assemble(
            (f"{number} {safe_line(title, 60)} ", "bold"),
            (f"{look.glyph} {look.word}", look.style),
            f"{time} · attempt {attempt.number} of {len(spoke.attempts)}{paid}"
            f" · {model_name(attempt.model)} · in {tokens(attempt.usage.input_tokens)}"
            f" out {tokens(attempt.usage.output_tokens)}",
        )
        parts = [
            ("text", "text"),
            ("brief", "p brief"),
            ("tools", f"T tools ×{calls}"),
            ("sources", f"S sources {read}"),
            ("attempts", f"A attempts {len(spoke.attempts)}"),
        ]
        second = Content("  ").join(
            Content.styled(f" {label} ", "reverse" if name == self.part else "$text-muted")
            for name, label in parts
        )
        view = self.query_one(MarkdownView)
        paused = "" if view.following or not view.unseen else f"   paused: {view.unseen} lines below, f follows"
        self.query_one("#head", Static).update(
            Content("\n").join([first, second + Content.styled(paused, "$warning")])
        )

    def watch_part(self) -> None:
        """Another part of the same attempt: the text from where it streams, the others from their beginning."""
        if not self.is_mounted:
            return  # a key that was quicker than the screen, which will show what it turned to
        self._look()
        view = self.query_one(MarkdownView)
        if self.part == "text":
            view.follow()
        else:
            view.scroll_home(animate=False)

    def action_part(self, name: str) -> None:
        """Shows a part; the same key goes back to the text."""
        self.part = "text" if self.part == name else name

    def action_attempt(self, by: int) -> None:
        """An earlier or later attempt."""
        self._back = max(0, self._back - by)
        if self.is_mounted:
            self._look()

    def action_spoke(self, by: int) -> None:
        """The next spoke, the coordinator among them."""
        ids = [HUB, *self._seat.state.spokes]
        self._spoke = ids[(ids.index(self._spoke) + by) % len(ids)]
        self._back = 0
        if not self.is_mounted:
            return
        self._look()
        if self.part == "text":
            # It opens at its end, where a failure stands.
            self.query_one(MarkdownView).follow()

    def action_trace(self) -> None:
        """The replay, at the end of the attempt that is shown, with this spoke's events alone."""
        attempts = self._attempts()
        number = attempts[-1 - self._back][1].number if attempts else 1
        self.post_message(Wish("trace", self._spoke, number))

    def action_follow(self) -> None:
        """Follows the stream again, as a screen that opens does anyway."""
        if self.is_mounted:
            self.query_one(MarkdownView).follow()

    def action_find(self) -> None:
        """Asks for words to find."""
        from tui.screens.prompt import PromptScreen

        def found(words: str | None) -> None:
            if words and not self.query_one(MarkdownView).find(words):
                self.notify(f"“{words}” is not here.", markup=False, severity="warning")

        self.app.push_screen(PromptScreen("Find"), found)

    def action_retry(self) -> None:
        """Another attempt on this spoke."""
        self.post_message(Wish("retry", self._spoke))

    def action_edit(self) -> None:
        """Another attempt, on an edited brief."""
        self.post_message(Wish("edit", self._spoke))

    def action_cancel(self) -> None:
        """Gives this spoke up."""
        self.post_message(Wish("cancel", self._spoke))

    def action_stop(self) -> None:
        """Stops the whole run, after asking."""
        self.post_message(Wish("stop", self._spoke))

    def tell(self, text: str) -> None:
        """Says something in passing."""
        self.notify(text, markup=False, severity="warning")

    def on_key(self, event: events.Key) -> None:
        """A word on a key that has nothing to do just now."""
        if why := self._why_not(_TIMELY.get(event.key, "")):
            event.stop()
            self.tell(why)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What has nothing to do just now is not in the footer."""
        return None if self._why_not(action) else True

    def _why_not(self, action: str) -> str:
        return why_not(self._seat, self._spoke, action) if action in _TIMELY.values() else ""

    def action_diff(self) -> None:
        """The attempt that is shown, against the one before it."""
        attempts = self._attempts()
        if not attempts:
            self.notify(ONE_ATTEMPT, markup=False, severity="warning")
            return
        spoke, chosen = attempts[-1 - self._back]
        show_diff(self.app, self._seat.state, spoke, chosen)

    def action_copy(self) -> None:
        """The text as Markdown, to the clipboard."""
        self.app.copy_to_clipboard(self._shown)
        self.notify("Sent to the clipboard; w writes it to a file.", markup=False)

    def action_write(self) -> None:
        """The text as Markdown, to a file."""
        from tui.writing import ask_and_write

        ask_and_write(self.app, f"hubspoke-{self._seat.run}-{self._spoke}.md", self._shown)
