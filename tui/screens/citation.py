"""A citation: the claim and its verdict, where in the trace its words came up, and the words in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import getters
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sessions.evidence_store import EvidenceStore
from sessions.findings import Verdict
from sessions.words import VERDICTS
from tui.looks import Look, clock
from tui.provenance import finders, first_sightings
from tui.safe import safe, safe_line
from tui.typed_app import app_type
from tui.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sessions.findings import Citation, Claim
    from sessions.state import RunState
    from tui.provenance import Sighting

_AROUND, _AROUND_SMALL = 600, 220
"""Characters of the source before and after the quote; fewer where the screen is small."""

_SMALL = 30
"""Rows of a screen that is not small any more."""

_Fact = tuple[str, str | Content]
"""A name, and what is told; text of others as it is."""

_STYLES = {"good": "$text-success", "bad": "$text-error", "warn": "$text-warning", "quiet": "$text-muted"}


def verdict_look(verdict: Verdict) -> Look:
    """How a verdict looks."""
    look = VERDICTS[verdict]
    return Look(look.glyph, look.word, _STYLES[look.tone])


class CitationScreen(ModalScreen[None]):
    """Shows one citation."""

    CSS = """
    CitationScreen { align: center middle; }
    CitationScreen > VerticalScroll {
        width: 90%; max-width: 110; height: auto; max-height: 95%;
        border: round $accent; background: $surface; padding: 0 1;
        scrollbar-size-vertical: 1;
    }
    CitationScreen .fact { height: auto; }
    CitationScreen .name { width: 11; color: $text-muted; }
    CitationScreen .told { width: 1fr; }
    CitationScreen #words { margin-top: 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "back", id="citation.back"),
        Binding("t", "trace", "trace", id="citation.trace"),
        Binding("z", "zoom", "zoom", id="citation.zoom"),
        Binding("j", "scroll(1)", "down", show=False, id="citation.down"),
        Binding("k", "scroll(-1)", "up", show=False, id="citation.up"),
        # The app's own keys do not reach a modal screen.
        Binding("question_mark,f1", "app.help", "help", key_display="?", show=False, id="citation.help"),
    ]

    app = getters.app(app_type)

    def __init__(self, citation: Citation, state: RunState, directory: Path) -> None:
        """`directory` is the run's, where its evidence is kept."""
        super().__init__()
        self._citation = citation
        self._state = state
        self._claim = state.claims.get(citation.claim)
        self._directory = directory
        self._seen = first_sightings(state, citation, self._claim)

    def compose(self) -> ComposeResult:
        """The citation, which scrolls where it is long."""
        claim = self._claim.finding.claim if self._claim else self._citation.quote
        with VerticalScroll():
            yield Static(Content.styled(safe(claim), "bold"))
            for name, told in self._facts():
                shown = Content(safe_line(told)) if isinstance(told, str) else told
                yield Horizontal(Static(name, classes="name"), Static(shown, classes="told"), classes="fact")
            yield Static(self._in_place(), id="words")

    def on_mount(self) -> None:
        """Names itself and takes the keys."""
        box = self.query_one(VerticalScroll)
        box.border_title = Content(f"[{self._citation.n}]")
        box.border_subtitle = Content(
            "t trace · z zoom · ? help · escape: back" if self._seen else "? help · escape: back"
        )
        box.focus()

    def action_scroll(self, lines: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def action_zoom(self) -> None:
        """To the attempt in which a tool returned the words."""
        self._show_in("zoom")

    def action_trace(self) -> None:
        """To the replay, where a tool returned the words."""
        self._show_in("trace")

    def _show_in(self, where: Literal["zoom", "trace"]) -> None:
        if self._seen:
            seen = self._seen[0]
            self.post_message(Wish(where, seen.spoke, seen.attempt, seen.seq))
        else:
            self.notify("No tool's return in the trace holds these words.", markup=False, severity="warning")

    def _facts(self) -> Iterator[_Fact]:
        """What is known of the claim and of the words."""
        citation, claim = self._citation, self._claim
        yield "verdict", self._verdict()
        if claim and claim.partial:
            told = "partial result: the attempt that found it failed afterwards"
            yield "", Content.styled(told, "$text-warning")
        yield "source", " · ".join(filter(None, (citation.source, citation.title, citation.date)))
        if claim:
            finding = claim.finding
            context = " · ".join(filter(None, (finding.date, finding.scope, finding.definition)))
            if context:
                yield "holds for", context
        found = finders(citation, claim)
        yield "found by", ", ".join(map(self._title, found)) or "nobody who is named"
        yield from self._trace(len(found) > 1)
        for other in self._others():
            look = verdict_look(other.verdict)
            yield "carries", f"too ({look.glyph} {look.word}): {other.finding.claim}"
        yield "place", f"characters {citation.start:,}–{citation.end:,} · text {citation.source_sha256[:12]}"

    def _verdict(self) -> Content:
        """The verdict with how sure it is, where anything was checked, and its note."""
        claim = self._claim
        look = verdict_look(claim.verdict if claim else self._citation.verdict)
        sure = f" · confidence {claim.confidence}" if claim and claim.verdict is not Verdict.NOT_CHECKED else ""
        note = f": {safe_line(claim.note)}" if claim and claim.note else ""
        return Content.assemble((f"{look.glyph} {look.word}", look.style), f"{sure}{note}")

    def _trace(self, several: bool) -> Iterator[_Fact]:
        if not self._seen:
            yield "trace", Content.styled("no tool's return in the trace holds these words", "$text-warning")
        for sighting in self._seen:
            yield "trace", self._told(sighting, several)

    def _told(self, sighting: Sighting, several: bool) -> str:
        who = f"{self._title(sighting.spoke)}: " if several else ""
        where = f"attempt {sighting.attempt}, turn {sighting.turn}, at {clock(sighting.at)}"
        return f"{who}{where}: {' '.join(filter(None, (sighting.tool, sighting.input)))}"

    def _title(self, spoke: str) -> str:
        known = self._state.spokes.get(spoke)
        return known.title if known else spoke

    def _others(self) -> list[Claim]:
        """The other claims that rest on the same words: the report has one number for all of them."""
        words = (self._citation.source_sha256, self._citation.start, self._citation.end)
        return [
            claim
            for claim in self._state.claims.values()
            if claim.id != self._citation.claim
            and any(
                quote.span and (quote.span.source_sha256, quote.span.start, quote.span.end) == words
                for quote in claim.finding.quotes
            )
        ]

    def _in_place(self) -> Content:
        """The quote where it stands; alone, and with a word on it, where its source is not kept here."""
        citation = self._citation
        text = EvidenceStore(self._directory).get(citation.source_sha256)
        if text is None or text[citation.start : citation.end] == "":
            missing = "The source's text is not kept here, so the quote cannot be shown in its place."
            return Content.assemble((f"“{safe(citation.quote)}”", "bold"), "\n\n", (missing, "$warning"))
        around = _AROUND_SMALL if self.app.size.height < _SMALL else _AROUND
        before = text[max(0, citation.start - around) : citation.start]
        after = text[citation.end : citation.end + around]
        return Content.assemble(
            (f"{'…' if citation.start > around else ''}{safe(before)}", "$text-muted"),
            (safe(text[citation.start : citation.end]), "bold underline $text-accent"),
            (f"{safe(after)}{'…' if citation.end + around < len(text) else ''}", "$text-muted"),
        )
