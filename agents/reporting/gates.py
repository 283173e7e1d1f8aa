"""The gates: what a draft of the report must hold before it is final, each broken rule as one sentence."""

import re
from collections.abc import Iterator

from agents.reporting.draft import Draft, Mark, bare
from agents.reporting.figures import loose, sentence
from agents.reporting.ground import Ground
from agents.stemming import stem
from agents.values.quantities import Quantity, quantities, same_value
from sessions.findings import ConflictValue, Gap, Verdict


def shown(value: ConflictValue, draft: Draft, ground: Ground) -> bool:
    """Whether a conflict's value stands in the draft, beside a citation of its claim where that may be cited."""
    wanted, literal = figure(value.value), _literally(value.value)
    # "Permitted" is not shown where only "not permitted" is.
    longer = [other for other in _beside(value, ground) if literal.search(bare(other.value))]
    for block in draft.blocks:
        if value.claim in ground.citable and value.claim not in draft.cited(block):
            continue
        words = draft.words(block)
        said = bare(words)
        for other in longer:
            said = _literally(other.value).sub(" ", said)
        if literal.search(said) or (wanted and any(same_value(q, wanted) for q in quantities(words))):
            return True
    return not bare(value.value)


def figure(value: str) -> Quantity | None:
    """The quantity that a value is; None where it is words, though they may hold one."""
    found = quantities(value)
    return found[0] if len(found) == 1 and bare(found[0].text) == bare(value) else None


def _literally(value: str) -> re.Pattern[str]:
    """A value's words as they stand in a bare text, whole."""
    return re.compile(rf"(?<![\w.,]){re.escape(bare(value))}(?!\w|[.,]\d)")


def _beside(value: ConflictValue, ground: Ground) -> list[ConflictValue]:
    """The other values of its conflicts, those that are said differently."""
    return [
        other
        for conflict in ground.conflicts
        if value in conflict.values
        for other in conflict.values
        if bare(other.value) != bare(value.value)
    ]


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


def gate(draft: str, state: Ground) -> tuple[str, ...]:
    """What keeps a draft from being final, one sentence each; empty when it may be."""
    read = Draft(draft)
    return tuple(dict.fromkeys(_problems(read, state)))


def unsound(mark: Mark, ground: Ground) -> str:
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


def _problems(draft: Draft, ground: Ground) -> Iterator[str]:
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
    for figure, wrong in loose(draft, ground):
        start, end = sentence(draft, figure)
        yield f"“{' '.join(draft.prose[start:end].split())[:90]}” {wrong}."
    for conflict in ground.conflicts:
        for value in conflict.values:
            if not shown(value, draft, ground):
                cite = f" citing [{value.claim}]" if value.claim in ground.citable else ""
                yield f"The disagreement on “{conflict.subject}” does not show “{value.value}”{cite}."
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
