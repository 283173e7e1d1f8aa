"""The report: what the coordinator adds to a draft itself, and the final text with its numbered citations."""

import re
from collections.abc import Iterable, Iterator, Sequence

from agents.conflicts.detector import explain
from agents.reporting.draft import NO_SOURCE, Draft, Mark, bare, plain
from agents.reporting.figures import invents, loose, sentence
from agents.reporting.gates import gate, named, says_nothing, shown, unsound
from agents.reporting.ground import Ground
from sessions.findings import Citation, Claim, Conflict, Quote, Verdict

DISAGREEMENTS, GAPS, LEFT_OUT, SOURCES = "Disagreements", "Gaps", "Left out", "Sources"

NOT_READ = "Not read"
_UNREAD_SHOWN = 20
"""So many files that were not read are named; of more it is said how many there are."""

QUOTED_ONLY = "What was found, quoted from the sources:"

_ROUNDS = 10
"""How often a draft is mended: taking one mark away may join what stood around it to another."""

_QUOTE_SHOWN = 300
"""Characters of a quote that the list of sources shows."""


def complete(draft: str, ground: Ground) -> str:
    """A report that passes the gates, from any draft: what is wrong in it is mended, what is missing is added.

    A draft that passes comes back as it is. Marks that cite nothing go, and so does every sentence with a figure
    that nothing it cites gives. A draft that cannot be mended is given up for a report of the ledger alone.
    """
    text = Draft(draft).text
    if not gate(text, ground):
        return text
    mended = _whole(text, ground)
    return mended if not gate(mended, ground) else _whole("", ground)


def finalize(
    draft: str, ground: Ground, *, question: str, engine_note: str = ""
) -> tuple[str, tuple[Citation, ...]]:
    """The final report and its citations, from a draft that passes the gates.

    `[c12]` becomes `[n]`, one number a distinct span by first appearance, so a claim with two quotes gets two. The
    question goes above as the title where the draft has none, the engine's note below the title, and at the end
    the files of the folder that were not read, and the sources, a line a number.
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    read = Draft(draft)
    text, end = "", 0
    for run in _runs(read):
        numbers: list[int] = []
        for name in (name for mark in run for name in mark.ids if name in ground.citable):
            claim = ground.citable[name]
            for quote in claim.finding.resolved:
                numbers.append(_citation(citations, claim, quote, ground).n)
        text += read.text[end : run[0].start] + "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        end = run[-1].end
    text = _titled(text + read.text[end:], question, engine_note)
    if ground.unread:
        text = _added(text, NOT_READ, list(_unread_lines(ground)))
    if citations:
        text = _added(text, SOURCES, [_source_line(citation, ground) for citation in citations.values()])
    return text.strip() + "\n", tuple(citations.values())


def _whole(text: str, ground: Ground) -> str:
    # What is added may need mending in its turn: a gap whose words look like a figure, say.
    return _mended(_with_missing(_mended(text, ground), ground), ground)


def _mended(text: str, ground: Ground) -> str:
    for _ in range(_ROUNDS):
        draft = Draft(text)
        # One kind of change at a time: each may move or make what the next one mends.
        if draft.html:
            changes = [(at, at, "\\") for at in draft.html]
        elif draft.links_defined:
            changes = [(match.start(), match.end(), "] :") for match in re.finditer(r"\]:", draft.prose)]
        elif draft.open_code:
            changes = [(len(draft.text), len(draft.text), f"\n{draft.open_code}")]
        elif draft.own_sources:
            changes = [(start, end, "") for start, end in draft.own_sources]
        elif unsound_marks := [mark for mark in draft.marks if unsound(mark, ground)]:
            changes = [_kept(mark, draft.text, ground) for mark in unsound_marks]
        else:
            changes = sorted({(*sentence(draft, figure), "") for figure, _ in loose(draft, ground)})
        if not changes:
            break
        text = _changed(draft.text, changes)
    return text


def _changed(text: str, changes: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _kept(mark: Mark, text: str, ground: Ground) -> tuple[int, int, str]:
    """What stays of a mark, as a change: the claims it may cite, a year as a year, or nothing."""
    ids = [f"[{name}]" for name in mark.ids if name in ground.citable]
    years = [name for name in mark.ids if re.fullmatch(r"(?:19|20)\d\d", name)]
    if ids and text[mark.end : mark.end + 1] != "]":
        return mark.start, mark.end, f" {''.join(ids)} " if mark.linked else "".join(ids)
    if years and len(years) == len(mark.ids):
        return mark.start, mark.end, f"({', '.join(years)})"
    spaced = text[: mark.start].endswith(" ")
    joins = bool(re.match(r"\w", text[mark.end : mark.end + 1]))
    return mark.start - spaced, mark.end, " " if joins else ""


def _with_missing(text: str, ground: Ground) -> str:
    """The draft with everything that the gates ask for and it lacks."""
    draft = Draft(text)
    if not ground.citable and not says_nothing(draft):
        text = f"{ground.nothing}\n\n{text}"
    elif not text.strip():
        text = f"{QUOTED_ONLY}\n"
    cited = set(draft.cited())
    for spoke in dict.fromkeys((*ground.titles, *(name for claim in ground.claims for name in claim.spokes))):
        claims = [claim for claim in ground.citable.values() if spoke in claim.spokes]
        if claims and not cited & {claim.id for claim in claims}:
            text = _added(text, ground.titles.get(spoke) or spoke, [_claim_line(claim) for claim in claims])
            cited |= {claim.id for claim in claims}
    for conflict in ground.conflicts:
        if not all(shown(value, draft, ground) for value in conflict.values):
            text = _added(text, DISAGREEMENTS, list(_conflict_lines(conflict, ground)))
    for gap in ground.gaps:
        if not named(gap, draft):
            of = ground.titles.get(gap.spoke, "")
            told = f" ({plain(of)})" if of and bare(of) != bare(gap.what) else ""
            text = _added(text, GAPS, [f"- **{plain(gap.what)}**{told}: {plain(gap.why)}"])
    said = f" {bare(draft.prose)} "
    for item in ground.left_out:
        if f" {bare(item.title)} " not in said:
            text = _added(text, LEFT_OUT, [f"- **{plain(item.title)}**: {plain(item.why)}"])
    return text


def _added(text: str, heading: str, lines: Sequence[str]) -> str:
    """The text with lines at the end of the section of that heading, which is made at the end if there is none."""
    draft = Draft(text)
    headings = [block for block in draft.blocks if block.kind == "heading"]
    for place, block in enumerate(headings):
        if draft.lines[block.start].startswith("## ") and bare(draft.lines[block.start]) == bare(heading):
            end = headings[place + 1].start if place + 1 < len(headings) else len(draft.lines)
            kept = draft.lines[:end]
            while kept and not kept[-1].strip():
                kept.pop()
            gap = [] if kept[-1].startswith(("- ", "  - ")) else [""]
            return "\n".join([*kept, *gap, *lines, "", *draft.lines[end:]])
    return f"{draft.text.rstrip()}\n\n## {plain(heading)}\n\n" + "\n".join(lines) + "\n"


def _claim_line(claim: Claim) -> str:
    finding = claim.finding
    quotes = " ".join(f"“{plain(quote.text)}”" for quote in finding.resolved)
    quoted = any(bare(quote.text) == bare(finding.claim) for quote in finding.resolved)
    # What it says beyond its quotes stands only where verification bore it out.
    told = plain(finding.claim)
    told = "" if quoted or invents(told, [claim]) else told
    return f"- {f'{told}: ' if told else ''}{quotes} [{claim.id}]{_notes(claim)}"


def _notes(claim: Claim) -> str:
    """What a reader should know of a claim besides its words."""
    notes = [_verdict(claim)] if claim.verdict is not Verdict.SUPPORTED else []
    notes += ["partial result"] if claim.partial else []
    return f" ({'; '.join(notes)})" if notes else ""


def _verdict(claim: Claim) -> str:
    word = claim.verdict.value.replace("_", " ")
    return f"{word}: {plain(claim.note)}" if claim.note else word


def _conflict_lines(conflict: Conflict, ground: Ground) -> Iterator[str]:
    """A conflict with all its values, one a line below it."""
    cited = "".join(
        f"[{name}]" for name in dict.fromkeys(v.claim for v in conflict.values) if name in ground.citable
    )
    explanation = conflict.explanation or explain(conflict, ground.claims)[1]
    yield f"- **{plain(conflict.subject)}**: {plain(explanation)} {cited or NO_SOURCE}"
    for value in conflict.values:
        where = ", ".join(plain(part) for part in (value.source, value.date, value.scope) if part)
        mark = f"[{value.claim}]" if value.claim in ground.citable else f"{NO_SOURCE}, its claim may not be cited"
        yield f"  - {plain(value.value)} {mark}, {where}: “{plain(value.quote)}”"


def _runs(draft: Draft) -> Iterator[list[Mark]]:
    """The marks of a draft, those that stand side by side together."""
    run: list[Mark] = []
    for mark in draft.marks:
        if run and draft.text[run[-1].end : mark.start].strip(" "):
            yield run
            run = []
        run.append(mark)
    if run:
        yield run


def _citation(
    citations: dict[tuple[str, int, int], Citation], claim: Claim, quote: Quote, ground: Ground
) -> Citation:
    """The citation of a quote's span: the one it has already, or the next."""
    span = quote.span
    assert span is not None, "only a quote that stands in evidence is cited"
    title, date = ground.sources.get(span.source_sha256, ("", ""))
    return citations.setdefault(
        (span.source_sha256, span.start, span.end),
        Citation(
            n=len(citations) + 1,
            claim=claim.id,
            quote=quote.text,
            source=span.source,
            source_sha256=span.source_sha256,
            start=span.start,
            end=span.end,
            title=title,
            date=date or claim.finding.date,
            spoke=claim.spokes[0] if claim.spokes else "",
            verdict=claim.verdict,
        ),
    )


def _titled(text: str, question: str, note: str) -> str:
    draft = Draft(text)
    first = min(draft.blocks, key=lambda block: block.start, default=None)
    below = draft.lines[first.end - 1] if first is not None else ""
    if first is None or first.kind != "heading" or not (re.match(r"#\s", below) or re.match(r"=+\s*$", below)):
        return "\n\n".join(part for part in (f"# {plain(question)}", note, draft.text.strip("\n")) if part)
    if not note:
        return draft.text
    return "\n".join([*draft.lines[: first.end], "", note, "", *draft.lines[first.end :]])


def _unread_lines(ground: Ground) -> Iterator[str]:
    for item in ground.unread[:_UNREAD_SHOWN]:
        yield f"- **{plain(item.title)}**: {plain(item.why)}"
    if more := ground.unread[_UNREAD_SHOWN:]:
        yield f"- and {len(more)} more"


def _source_line(citation: Citation, ground: Ground) -> str:
    quote = " ".join(citation.quote.split())
    quote = quote if len(quote) <= _QUOTE_SHOWN else f"{quote[:_QUOTE_SHOWN].rsplit(' ', 1)[0]} …"
    where = ", ".join(
        plain(part) for part in dict.fromkeys((citation.title, citation.source, citation.date)) if part
    )
    claim = ground.citable[citation.claim]
    return f"- [{citation.n}] {where}: “{plain(quote)}”{_notes(claim)}"
