"""The figures of a draft, and those that nothing it cites gives."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agents.reporting.draft import NO_SOURCE, Block, Draft, plain, without_addresses
from agents.reporting.ground import Ground
from agents.values.amounts import CURRENCIES
from agents.values.quantities import Quantity, agree, quantities, same_value
from sessions.findings import Claim, Verdict

_WORD_END = re.compile(r"(?:[.,]?[^\W_])*")
_NEXT_SENTENCE = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
_MARKER = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)]|>)\s+")


@dataclass(frozen=True)
class Figure:
    """A figure of a block, at [start, end) of the draft's text."""

    block: Block
    start: int
    end: int
    quantity: Quantity


def figures(draft: Draft, block: Block, ground: Ground) -> list[Figure]:
    """The figures of a block; what the coordinator itself says is none."""
    start, end = draft.span(block)
    words = draft.unaddressed[start:end]
    blank = [(mark.start - start, mark.end - start) for mark in draft.marks if start <= mark.start < end]
    said = [gap.what for gap in ground.gaps] + [gap.why for gap in ground.gaps] + list(ground.titles.values())
    said += [text for item in ground.left_out for text in (item.title, item.why)]
    said += [claim.note for claim in ground.claims]
    for text in said:
        if any(map(str.isdigit, text)) and (parts := re.findall(r"[^\W_]+", text)):
            told = r"[\W_]+".join(map(re.escape, parts))
            pattern = re.compile(rf"(?<![^\W_]){told}(?![^\W_])", re.IGNORECASE)
            blank += [match.span() for match in pattern.finditer(draft.words(block))]
    for first, last in blank:
        words = words[:first] + " " * (last - first) + words[last:]
    found = [
        quantity
        for quantity in quantities(words)
        if any(map(str.isdigit, quantity.text)) or quantity.unit in ("%", "pp", *CURRENCIES)
    ]
    return [Figure(block, start + each.start, start + _word_end(words, each.end), each) for each in found]


def _word_end(words: str, end: int) -> int:
    match = _WORD_END.match(words, end)
    return match.end() if match else end


def loose(draft: Draft, ground: Ground) -> Iterator[tuple[Figure, str]]:
    """Every figure that nothing its paragraph, list item or row cites gives, and what is wrong with it."""
    for block in draft.blocks:
        if block.kind == "heading":
            continue
        names = draft.cited(block)
        texts = _texts(ground.citable[name] for name in names if name in ground.citable)
        for conflict in ground.conflicts:
            # A value that may not be cited is shown all the same, beside the others or as one without a source.
            if NO_SOURCE in draft.words(block) or names & {value.claim for value in conflict.values}:
                values = conflict.values
                texts += [part for v in values for part in (v.value, v.quote, v.source, v.date, v.scope)]
        given = _Given(texts)
        for figure in figures(draft, block, ground):
            if not texts:
                yield figure, "has a figure and no citation"
            elif figure.quantity not in given:
                yield figure, f"gives {figure.quantity.text.strip()}, which nothing that it cites says"


def invents(text: str, claims: Iterable[Claim]) -> bool:
    """Whether a text about these claims gives a figure that none of them does."""
    given = _Given(_texts(claims))
    said = [quantity for quantity in quantities(text) if any(map(str.isdigit, quantity.text))]
    return not all(quantity in given for quantity in said)


class _Given:
    """The figures that some texts give: by their value, or by the same digits and words."""

    def __init__(self, texts: Iterable[str]) -> None:
        # As they are written, and as a report's figures are read, where addresses are blanked and marks escaped.
        written = [form for text in texts for form in dict.fromkeys((text, without_addresses(plain(text))))]
        self._texts = [_plain(text) for text in written]
        self._quantities = [quantity for text in written for quantity in quantities(text)]

    def __contains__(self, said: Quantity) -> bool:
        if any(same_value(said, known) or agree(said, known) for known in self._quantities):
            return True
        words = re.compile(rf"(?<![\w.]){re.escape(_plain(said.text))}(?!\w|\.\d)")
        return any(words.search(text) for text in self._texts)


def _plain(text: str) -> str:
    """A text for comparing figures: lower case, no commas in numbers, one space between words."""
    return " ".join(re.sub(r"(?<=\d),(?=\d)", "", text.casefold()).split())


def _texts(claims: Iterable[Claim]) -> list[str]:
    """The words of claims that a figure may rest on; the claim's own only where verification bore them out."""
    texts: list[str] = []
    for claim in claims:
        finding = claim.finding
        texts += [quote.text for quote in finding.resolved]
        texts += [finding.date, finding.scope, finding.definition]
        if claim.verdict in (Verdict.SUPPORTED, Verdict.QUALIFIED):
            texts.append(finding.claim)
    return texts


def sentence(draft: Draft, figure: Figure) -> tuple[int, int]:
    """The sentence that a figure stands in, as [start, end) of the text; whole lines where it is the only one."""
    start, end = draft.span(figure.block)
    if figure.block.kind == "row":
        return start, min(end + 1, len(draft.text))
    text = draft.text[start:end]
    marker = _MARKER.match(text)
    first = marker.end() if marker else 0
    ends = [match.end() for match in _NEXT_SENTENCE.finditer(text, first)]
    before = max((at for at in ends if at <= figure.start - start), default=first)
    after = min((at for at in ends if at >= figure.end - start), default=len(text))
    if (before, after) == (first, len(text)):
        return start, min(end + 1, len(draft.text))
    return start + before, start + after
