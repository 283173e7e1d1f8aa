"""The gates: what a draft of the report must hold before it is final, each broken rule as one sentence."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from markdown_it import MarkdownIt

from agents.amounts import CURRENCIES
from agents.quantities import quantities, same_value
from agents.stemming import stem
from sessions.findings import Claim, Conflict, ConflictValue, Gap, Verdict
from sessions.plan import LeftOut

NO_SOURCE = "(no source)"
"""What stands behind a figure that no claim carries."""


@dataclass(frozen=True)
class GateInput:
    """What the report must be true to: the checked ledger, what is missing, and how spokes and sources are called.

    `titles` gives the title of each spoke by its id, in the plan's order; `sources` title and date of each source
    by the hash of its text.
    """

    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])

    @cached_property
    def citable(self) -> dict[str, Claim]:
        """The claims that the report may cite, by id."""
        return {claim.id: claim for claim in self.claims if claim.citable}


@dataclass(frozen=True)
class Block:
    """Lines [start, end) of a draft that belong together, and the heading they stand under."""

    kind: Literal["heading", "text", "row"]
    start: int
    end: int
    heading: str


@dataclass(frozen=True)
class Mark:
    """What looks like a citation, at [start, end) of a draft: `ids` in lower case, such as "c12", or "99"."""

    start: int
    end: int
    ids: tuple[str, ...]
    linked: bool
    """It is the text of a link, and would lead elsewhere."""


# Between the brackets a hostile draft may hide white space, escapes, emphasis and characters of no width.
_FILL = r"\s\\*_^\u200b-\u200f\u2060\ufeff"
_MARK = re.compile(
    rf"\\?\[[{_FILL}]*c?\d+(?:(?:[{_FILL},;&–—-]|and)+c?\d+)*[{_FILL}]*\]|【[^】\n]*】", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<=\])\((?:[^()\s]|\([^()\s]*\))*(?:\s+[\"'(][^\"')]*[\"')])?\s*\)|<[a-z][a-z0-9+.-]*:[^<>\s]*>"
)
_ADDRESS = re.compile(r"\bhttps?://[^\s<>()\[\]]+")
_HTML = re.compile(r"<(?=[a-zA-Z/!?])(?![a-zA-Z][a-zA-Z0-9+.-]*:[^<>\s]*>)|&(?=#|[lr](?:brack|sqb|bbrk)\b)")
_TICKS = re.compile(r"`+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["inline", "text_join"])


class Draft:
    """A draft as it reads: `text` with plain line ends; `prose` the same length, with code blanked."""

    def __init__(self, draft: str) -> None:
        self.text = re.sub(r"\r\n?", "\n", draft).replace("\0", "\ufffd")
        self.lines = self.text.split("\n")
        environment: dict[str, object] = {}
        tokens = _MARKDOWN.parse(f"{self.text}\n\n# end", environment)
        self.links_defined = bool(environment.get("references"))
        """It defines links, which do not show and turn marks into links."""
        self.open_code = "" if [(t.type, t.level) for t in tokens[-3:-2]] == [("heading_open", 0)] else "```"
        self.blocks: list[Block] = []
        taken = [not line.strip() for line in [*self.lines, "", ""]]
        code = [False] * len(taken)
        heading = ""
        for token in tokens:
            if token.map is None or (token.type == "heading_open" and token.map[0] > len(self.lines)):
                continue
            start, end = token.map
            if token.type in ("fence", "code_block"):
                code[start:end] = [True] * (end - start)
                if token.type == "fence" and self.open_code and token.level == 0:
                    self.open_code = token.markup
            elif token.type == "heading_open":
                heading = "\n".join(self.lines[start:end])
                self.blocks.append(Block("heading", start, end, heading))
            elif token.type in ("paragraph_open", "tr_open"):
                self.blocks.append(Block("row" if token.type == "tr_open" else "text", start, end, heading))
            elif token.type not in ("table_open", "hr"):
                continue
            taken[start:end] = [True] * (end - start)
        # What the parser leaves out (too deep, or no content) is read line by line: other readers may show it.
        for number in range(len(self.lines)):
            if not taken[number] and not code[number]:
                self.blocks.append(Block("text", number, number + 1, ""))
        self.prose = self._prose(code)

    def _prose(self, code: list[bool]) -> str:
        prose = "\n".join(" " * len(line) if code[n] else line for n, line in enumerate(self.lines))
        for block in self.blocks:
            start, end = self.span(block)
            prose = prose[:start] + _without_code(prose[start:end]) + prose[end:]
        return prose

    @cached_property
    def unaddressed(self) -> str:
        """The prose with the addresses of its links blanked, too."""
        return _ADDRESS.sub(_blank, _LINK.sub(_blank, self.prose))

    @cached_property
    def offsets(self) -> list[int]:
        """Where each line begins, and where one after the last would."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line) + 1)
        return starts

    def span(self, block: Block) -> tuple[int, int]:
        """Where a block stands, as [start, end) of the text."""
        end = min(block.end, len(self.lines))
        return self.offsets[block.start], self.offsets[end] - 1

    def words(self, block: Block) -> str:
        """The prose of a block."""
        start, end = self.span(block)
        return self.prose[start:end]

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Everything in the prose that looks like a citation."""
        return tuple(
            Mark(
                match.start(),
                match.end(),
                tuple(name.lower() for name in re.findall(r"c?\d+", match.group(), re.IGNORECASE)),
                bool(re.match(r"\]?\(", self.text[match.end() :][:2])) or self.text[: match.start()].endswith("!"),
            )
            for match in _MARK.finditer(self.unaddressed)
        )

    def cited(self, block: Block | None = None) -> frozenset[str]:
        """The ids that are cited, in a block or anywhere."""
        start, end = self.span(block) if block else (0, len(self.text))
        return frozenset(name for mark in self.marks if start <= mark.start < end for name in mark.ids)

    @cached_property
    def own_sources(self) -> tuple[tuple[int, int], ...]:
        """Where the draft lists sources itself, as [start, end) of the text."""
        headings = [block for block in self.blocks if block.kind == "heading"]
        ends = [*(self.offsets[block.start] for block in headings[1:]), len(self.text)]
        return tuple(
            (self.offsets[block.start], end)
            for block, end in zip(headings, ends, strict=False)
            if bare(self.lines[block.start]) in ("sources", "references", "bibliography")
        )

    @cached_property
    def html(self) -> tuple[int, ...]:
        """Where raw HTML begins, or an entity that could hide a bracket."""
        found = _HTML.finditer(self.prose)
        return tuple(match.start() for match in found if not _escaped(self.prose, match.start()))


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def _escaped(text: str, at: int) -> bool:
    before = text[max(0, at - 100) : at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def _without_code(text: str) -> str:
    """A paragraph with its code spans blanked (CommonMark 0.31, 6.1: a run of backticks closes one as long)."""
    runs = [(match.start(), match.end()) for match in _TICKS.finditer(text)]
    position = 0
    while position < len(runs):
        start, end = runs[position]
        length = end - start - _escaped(text, start)
        closing = next((n for n, (a, b) in enumerate(runs[position + 1 :], position + 1) if b - a == length), None)
        if length and closing is not None:
            blank = re.sub(r"[^\n]", " ", text[start : runs[closing][1]])
            text = text[:start] + blank + text[runs[closing][1] :]
            position = closing
        position += 1
    return text


def bare(text: str) -> str:
    """A text for comparing: lower case, without markup and escapes, one space between words."""
    return " ".join(re.findall(r"[^\W_]+(?:[.,][^\W_]+)*|[%$€£]", text.replace(NO_SOURCE, " ").casefold()))


_WORD_END = re.compile(r"(?:[.,]?[^\W_])*")


def figures(draft: Draft, block: Block, ground: GateInput) -> list[int]:
    """Where the figures of a block end, as offsets of the text; what the coordinator itself says is none."""
    start, end = draft.span(block)
    words = draft.unaddressed[start:end]
    for mark in draft.marks:
        if start <= mark.start < end:
            words = words[: mark.start - start] + " " * (mark.end - mark.start) + words[mark.end - start :]
    said = [gap.what for gap in ground.gaps] + [gap.why for gap in ground.gaps] + list(ground.titles.values())
    said += [text for item in ground.left_out for text in (item.title, item.why)]
    for text in sorted(said, key=len, reverse=True):
        if any(map(str.isdigit, text)) and (parts := re.findall(r"[^\W_]+", text)):
            pattern = r"[\W_]+".join(map(re.escape, parts))
            words = re.sub(pattern, lambda match: " " * len(match.group()), words, flags=re.IGNORECASE)
    found = [
        quantity.end
        for quantity in quantities(words)
        if any(map(str.isdigit, quantity.text)) or quantity.unit in ("%", "pp", *CURRENCIES)
    ]
    return [start + (word.end() if (word := _WORD_END.match(words, end)) else end) for end in found]


def uncited(draft: Draft, ground: GateInput) -> Iterator[tuple[Block, int]]:
    """Every paragraph, list item or row with a figure and no citation, and where its last figure ends."""
    for block in draft.blocks:
        if (
            block.kind == "heading"
            or NO_SOURCE in draft.words(block)
            or draft.cited(block) & ground.citable.keys()
        ):
            continue
        if found := figures(draft, block, ground):
            yield block, found[-1]


def shown(value: ConflictValue, draft: Draft, ground: GateInput) -> bool:
    """Whether a conflict's value stands in the draft, beside a citation of its claim where that may be cited."""
    wanted = quantities(value.value)
    literal = rf"(?<![\w.,]){re.escape(bare(value.value))}(?!\w|[.,]\d)"
    for block in draft.blocks:
        if value.claim in ground.citable and value.claim not in draft.cited(block):
            continue
        words = draft.words(block)
        if re.search(literal, bare(words)) or any(same_value(q, w) for q in quantities(words) for w in wanted):
            return True
    return not bare(value.value)


_MISSING = re.compile(
    r"\b(?:gaps?|limits?|limitations?|could not|cannot|failed|failure|missing|unknown|unanswered|unchecked|nothing"
    r"|open|timed? ?out|unclear|no (?:evidence|sources?|findings?|results?|answers?|information|documents?)"
    r"|not (?:found|answer\w*|checked|investigated|known|covered|say|said|address\w*|available|clear))\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(
    r"\bnothing\b|\b(?:found )?no (?:evidence|sources?|findings?|answers?|information|documents?|claims?)\b"
    r"|\b(?:do|does|did) not (?:say|answer|contain|address|mention|cover|provide)\b|\bnot (?:found|answered)\b",
    re.IGNORECASE,
)


def named(gap: Gap, draft: Draft) -> bool:
    """Whether a gap is told of: its words, or most of them, where the draft speaks of what is missing."""
    wanted = {stem(word) for word in re.findall(r"[^\W_]{4,}", gap.what)}
    whole = bare(gap.what)
    for block in draft.blocks:
        words = f"{block.heading}\n{draft.words(block)}"
        if not _MISSING.search(words):
            continue
        there = {stem(word) for word in re.findall(r"[^\W_]{4,}", draft.words(block))}
        if f" {whole} " in f" {bare(draft.words(block))} " or (
            wanted and len(wanted & there) >= 0.6 * len(wanted)
        ):
            return True
    return not whole


def says_nothing(draft: Draft) -> bool:
    """Whether a draft says that nothing was found."""
    return bool(_NOTHING.search(draft.prose))


def gate(draft: str, state: GateInput) -> tuple[str, ...]:
    """What keeps a draft from being final, one sentence each; empty when it may be."""
    read = Draft(draft)
    return tuple(dict.fromkeys(_problems(read, state)))


def unsound(mark: Mark, ground: GateInput) -> str:
    """What is wrong with something that looks like a citation, "" if nothing is."""
    known = {claim.id: claim for claim in ground.claims}
    for name in mark.ids or ("",):
        if not re.fullmatch(r"c\d+", name):
            return "is no citation; cite claims by their ids, such as [c12]"
        if name not in known:
            return f"cites {name}, which is not in the ledger"
        if name not in ground.citable:
            refuted = known[name].verdict is Verdict.CONTRADICTED
            return (
                f"cites {name}, which {'was refuted' if refuted else 'rests on no quote that stands in evidence'}"
            )
    return "is the text of a link; a citation stands alone" if mark.linked else ""


def _problems(draft: Draft, ground: GateInput) -> Iterator[str]:
    for mark in draft.marks:
        if wrong := unsound(mark, ground):
            yield f"{' '.join(draft.text[mark.start : mark.end].split())[:60]} {wrong}."
    if draft.html:
        yield "The draft holds raw HTML; write Markdown only."
    if draft.links_defined:
        yield "The draft defines links by reference; write an address where it belongs."
    if draft.own_sources:
        yield "The draft lists sources; they are listed below the report without it."
    if draft.open_code:
        yield "A code block is not closed."
    for block, _ in uncited(draft, ground):
        yield f"This has a figure and no citation: “{' '.join(draft.words(block).split())[:90]}”."
    for conflict in ground.conflicts:
        for value in conflict.values:
            if not shown(value, draft, ground):
                cite = f" citing [{value.claim}]" if value.claim in ground.citable else ""
                yield f"The disagreement on “{conflict.subject}” does not show {value.value}{cite}."
    for gap in ground.gaps:
        if not named(gap, draft):
            yield f"The gap “{gap.what}” is not named."
    said = f" {bare(draft.prose)} "
    for item in ground.left_out:
        if f" {bare(item.title)} " not in said and bare(item.title):
            yield f"“{item.title}”, which the plan left out, is not named."
    checked = [claim for claim in ground.citable.values() if claim.verdict is not Verdict.NOT_CHECKED]
    cited = draft.cited()
    for spoke in dict.fromkeys((*ground.titles, *(name for claim in checked for name in claim.spokes))):
        ids = [claim.id for claim in checked if spoke in claim.spokes]
        if ids and not cited & set(ids):
            yield f"Nothing of “{ground.titles.get(spoke, spoke)}” is cited; it has {', '.join(ids[:8])}."
    if not ground.citable and not says_nothing(draft):
        yield "There is no claim to cite, and the draft does not say that nothing was found."
