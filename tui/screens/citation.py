"""A citation: the claim, the words it stands on in their place, the source, the spoke that found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from sessions.evidence_store import EvidenceStore
from tui.safe import safe, safe_line

if TYPE_CHECKING:
    from pathlib import Path

    from sessions.findings import Citation, Claim

_AROUND = 400
"""Characters of the source before and after the quote."""


class CitationScreen(ModalScreen[None]):
    """Shows one citation."""

    CSS = """
    CitationScreen { align: center middle; }
    CitationScreen > VerticalScroll {
        width: 90%; max-width: 110; height: auto; max-height: 90%;
        border: round $accent; background: $surface; padding: 0 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss", "back", id="citation.back")]

    def __init__(self, citation: Citation, claim: Claim | None, directory: Path, spoke: str) -> None:
        """`claim` is what the citation carries; `spoke` the title of the spoke that found it."""
        super().__init__()
        self._citation = citation
        self._claim = claim
        self._directory = directory
        self._spoke = spoke

    def compose(self) -> ComposeResult:
        """The citation, which scrolls where it is long."""
        with VerticalScroll():
            yield Static(self._content())

    def on_mount(self) -> None:
        """Names itself and takes the keys."""
        box = self.query_one(VerticalScroll)
        box.border_title = Content(f"[{self._citation.n}]")
        box.border_subtitle = Content("escape: back")
        box.focus()

    def _content(self) -> Content:
        citation, claim = self._citation, self._claim
        note = f": {claim.note}" if claim and claim.note else ""
        where = " · ".join(part for part in (citation.title, citation.date) if part)
        return Content("\n").join(
            [
                Content.styled(safe(claim.finding.claim if claim else citation.quote), "bold"),
                Content(""),
                Content.assemble(("verdict  ", "$text-muted"), safe_line(f"{citation.verdict}{note}")),
                Content.assemble(("source   ", "$text-muted"), safe_line(citation.source)),
                *([Content(f"         {safe_line(where)}")] if where else []),
                Content.assemble(
                    ("place    ", "$text-muted"),
                    f"characters {citation.start:,}–{citation.end:,} · text {citation.source_sha256[:12]}",
                ),
                Content.assemble(("spoke    ", "$text-muted"), safe_line(self._spoke)),
                Content(""),
                self._in_place(),
            ]
        )

    def _in_place(self) -> Content:
        """The quote where it stands; alone, and with a word on it, where its source is not kept here."""
        citation = self._citation
        text = EvidenceStore(self._directory).get(citation.source_sha256)
        if text is None or text[citation.start : citation.end] == "":
            missing = "The source's text is not kept here, so the quote cannot be shown in its place."
            return Content.assemble((f"“{safe(citation.quote)}”", "bold"), "\n\n", (missing, "$warning"))
        before = text[max(0, citation.start - _AROUND) : citation.start]
        after = text[citation.end : citation.end + _AROUND]
        return Content.assemble(
            (f"{'…' if citation.start > _AROUND else ''}{safe(before)}", "$text-muted"),
            (safe(text[citation.start : citation.end]), "bold underline $text-accent"),
            (f"{safe(after)}{'…' if citation.end + _AROUND < len(text) else ''}", "$text-muted"),
        )
