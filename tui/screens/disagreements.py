"""Disagreements: every conflict with all of its values side by side, and what explains it."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import getters
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from typing_extensions import override

from agents.conflicts.detector import explain
from sessions.findings import Citation
from tui.looks import counted
from tui.safe import safe_line
from tui.screens.citation import CitationScreen, verdict_look
from tui.typed_app import app_type
from tui.widgets.key_line import KeyLine
from tui.widgets.markdown_view import MarkdownView
from tui.zoom_text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from sessions.events import ReportFinished
    from sessions.findings import Conflict, ConflictValue
    from sessions.state import RunState

_COLUMN = 30
"""Cells that a value is given at least; what does not fit side by side goes below."""

_QUOTE = 600
"""Characters of a quote that stand beside its value; the citation has all of it."""


class Cited(NamedTuple):
    """A value of a conflict, and the citation that its words are opened by."""

    value: ConflictValue
    citation: Citation | None
    in_report: bool
    """Whether the report has the citation too; else it has a number of its own here, above the report's."""


def cited(state: RunState, report: ReportFinished) -> dict[str, tuple[Cited, ...]]:
    """The values of every conflict with their citations, by the conflict's id.

    A value that the report cannot cite, because its claim is contradicted, is opened here nevertheless.
    """
    known = {(citation.source_sha256, citation.start, citation.end): citation for citation in report.citations}
    last = max((citation.n for citation in report.citations), default=0)
    found: dict[str, tuple[Cited, ...]] = {}
    for conflict in state.conflicts.values():
        values: list[Cited] = []
        for value in conflict.values:
            candidate = _citation(state, value, last + 1)
            if candidate is None:
                values.append(Cited(value, None, False))
                continue
            place = (candidate.source_sha256, candidate.start, candidate.end)
            citation = known.setdefault(place, candidate)
            last = max(last, citation.n)
            values.append(Cited(value, citation, citation in report.citations))
        found[conflict.id] = tuple(values)
    return found


def _citation(state: RunState, value: ConflictValue, n: int) -> Citation | None:
    """A citation of that number for a value's words; None where they do not stand in evidence."""
    claim = state.claims.get(value.claim)
    quotes = claim.finding.resolved if claim else ()
    # The words themselves, else another quote of the same source.
    quote = next((quote for quote in quotes if quote.text == value.quote), None) or next(
        (quote for quote in quotes if quote.source == value.source), None
    )
    if claim is None or quote is None or quote.span is None:
        return None
    return Citation(
        n=n,
        claim=claim.id,
        quote=quote.text,
        source=quote.source,
        source_sha256=quote.span.source_sha256,
        start=quote.span.start,
        end=quote.span.end,
        date=value.date,
        spoke=claim.spokes[0] if claim.spokes else "",
        verdict=claim.verdict,
    )


def markdown(state: RunState, values: dict[str, tuple[Cited, ...]], columns: int) -> str:
    """All conflicts as Markdown, a heading each; so many values stand side by side."""
    blocks: list[str] = []
    for number, conflict in enumerate(state.conflicts.values(), start=1):
        shown = values[conflict.id]
        blocks.append(f"## {number}. {_plain(conflict.subject)}")
        blocks += [_table(state, shown[at : at + columns]) for at in range(0, len(shown), columns)]
        blocks.append(_explanation(state, conflict))
    return "\n\n".join(blocks)


def _explanation(state: RunState, conflict: Conflict) -> str:
    """What explains it; where the run did not say, what the report says then."""
    kind, told = conflict.kind, conflict.explanation
    if not told:
        kind, told = explain(conflict, tuple(state.claims.values()))
    return f"**Explanation** ({kind.replace('_', ' ')}): {_plain(told)}"


def _table(state: RunState, values: Sequence[Cited]) -> str:
    """Values as the columns of a table; a row that no value has anything for is left out."""
    columns = [_column(state, shown) for shown in values]
    names = [name for name in columns[0] if any(column[name] for column in columns)]
    head, *rows = (_row(name, [column[name] for column in columns]) for name in names)
    return "\n".join([head, _row("---", ["---"] * len(values)), *rows])


def _column(state: RunState, shown: Cited) -> dict[str, str]:
    """A value's cells by the names of their rows; the first is the table's head."""
    value, claim = shown.value, state.claims.get(shown.value.claim)
    return {
        "": _value(shown),
        "source": _plain(value.source),
        "unit": "" if value.unit in value.value else _plain(value.unit),
        "date": "" if value.date == value.period else _plain(value.date),
        "period": _plain(value.period),
        "scope": _plain(value.scope),
        "definition": _plain(value.definition),
        "population": _plain(value.population),
        "verdict": verdict_look(claim.verdict).word if claim else "",
        "quote": _quote(shown),
    }


def _row(name: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join([name, *cells])} |"


def _value(shown: Cited) -> str:
    mark = f" [{shown.citation.n}]" if shown.citation else ""
    return f"**{_plain(shown.value.value)}**{mark}"


def _quote(shown: Cited) -> str:
    words = f"“{_plain(safe_line(shown.value.quote, _QUOTE))}”" if shown.value.quote else ""
    if shown.citation is None:
        return f"{words} (its place in the source is not known)"
    return words if shown.in_report else f"{words} (the report does not cite it)"


def _plain(text: str) -> str:
    """Text on one line that Markdown leaves as it is, and that is no citation, whatever it looks like."""
    unmarked = re.sub(r"\[(\d{1,4})\]", r"(\1)", safe_line(text))
    return plain(unmarked).replace("&", "\\&")


class DisagreementsScreen(Screen[None]):
    """All disagreements of a finished run."""

    CSS = """
    DisagreementsScreen #head {
        height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,d", "app.pop_screen", "back", id="disagreements.back"),
        Binding("n", "go(1)", "next", key_display="n/N", id="disagreements.next"),
        Binding("N", "go(-1)", "previous", show=False, id="disagreements.previous"),
        Binding("y", "copy", "copy", id="disagreements.copy"),
    ]

    app = getters.app(app_type)

    def __init__(self, state: RunState, report: ReportFinished, directory: Path) -> None:
        """`directory` is the run's, where its evidence is kept."""
        super().__init__()
        self._state = state
        self._directory = directory
        self._values = cited(state, report)
        self._citations = {
            shown.citation.n: shown.citation for shown in self._shown() if shown.citation is not None
        }
        self._columns = 0
        self._at = 0
        """The disagreement that was gone to last."""

    def _shown(self) -> Iterator[Cited]:
        for values in self._values.values():
            yield from values

    @override
    def compose(self) -> ComposeResult:
        yield Static(id="head")
        yield MarkdownView()
        yield KeyLine()

    @property
    def _view(self) -> MarkdownView:
        return self.query_one(MarkdownView)

    def on_mount(self) -> None:
        """The keys go to the values at once."""
        self._view.focus()
        self.watch(self._view, "cursor", self._tell_head)

    def on_resize(self) -> None:
        """As many values side by side as there is room for."""
        columns = max(1, (self.size.width - len("population") - 2) // _COLUMN)
        if columns != self._columns:
            self._columns = columns
            self._view.show(markdown(self._state, self._values, columns))
            self.call_after_refresh(self._go_to, self._at)

    def action_go(self, by: int) -> None:
        """To the first value of the next disagreement, around the ends."""
        self._go_to((self._current() + by) % len(self._values))

    def _current(self) -> int:
        """The disagreement that the cursor is in; without one, that which was gone to last."""
        view = self._view
        if view.cursor is None:
            return self._at
        tops = [line for _, line in view.headings]
        return bisect_right(tops, view.citations[view.cursor].line) - 1

    def _go_to(self, index: int) -> None:
        self._at = index
        view = self._view
        tops = [*(line for _, line in view.headings), len(view.lines())]
        marks = enumerate(view.citations)
        view.cursor = next((at for at, mark in marks if tops[index] <= mark.line < tops[index + 1]), None)
        view.scroll_to(y=tops[index], animate=False, force=True)
        self._tell_head()

    def _tell_head(self) -> None:
        told = f"{self._current() + 1} of {counted(len(self._values), 'disagreement')}"
        where = safe_line(self._state.question)
        self.query_one("#head", Static).update(Content.assemble((f"{told}  ", "bold"), where))

    def on_markdown_view_citation_chosen(self, event: MarkdownView.CitationChosen) -> None:
        """Shows what a value stands on."""
        self.app.push_screen(CitationScreen(self._citations[event.n], self._state, self._directory))

    def action_copy(self) -> None:
        """All of them as Markdown, to the clipboard."""
        self.app.copy_to_clipboard(markdown(self._state, self._values, max(map(len, self._values.values()))))
        self.notify("Sent to the clipboard; w in the report writes all of it to a file.", markup=False)
