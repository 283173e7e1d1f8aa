"""Synthesis and gates: the writer's drafts, what is wrong with them, and the report that is final."""

from collections.abc import Sequence

from pydantic import JsonValue

from agents.hub import Hub, HubFailedError
from agents.prompts import write_prompt
from agents.reporting.gates import gate
from agents.reporting.ground import NOT_ANSWERED, NOT_QUOTED, NOTHING_FOUND, Ground
from agents.reporting.report import complete, finalize
from agents.spoke_work import SpokeResult
from agents.verification import Ledger
from sessions.events import DraftGated, DraftWritten, Noticed, ReportFinished
from sessions.failures import FailureKind
from sessions.findings import Gap, Verdict
from sessions.plan import LeftOut, Plan

SENT_BACK = 2
"""How often a draft that fails its gates goes back to the writer; then the coordinator mends it itself."""


def gaps_of(results: Sequence[SpokeResult], ledger: Ledger) -> tuple[Gap, ...]:
    """What the run knows that it did not find out: failed spokes, unanswered key questions, unchecked claims."""
    gaps: list[Gap] = []
    for result in results:
        title = result.subtask.title
        if result.failure is not None:
            gaps.append(Gap(spoke=result.subtask.id, what=title, why=_why(result)))
        if result.narrowed:
            why = f"After an attempt at all of it had failed, only this was asked: {result.narrowed}"
            gaps.append(Gap(spoke=result.subtask.id, what=title, why=why))
        if result.finished is not None and result.finished.cut_short:
            why = f"It had to answer before it was done. {result.finished.cut_short}"
            gaps.append(Gap(spoke=result.subtask.id, what=title, why=why))
        if result.finished is not None:
            gaps += [
                Gap(spoke=result.subtask.id, what=question, why=NOT_ANSWERED)
                for question in result.finished.not_found
            ]
    unchecked = sum(claim.verdict is Verdict.NOT_CHECKED for claim in ledger.claims)
    if unchecked:
        told = f"{unchecked} of {len(ledger.claims)} claims"
        reason = f" ({ledger.unchecked})" if ledger.unchecked else ""
        gaps.append(Gap(spoke="", what=told, why=f"They were not checked{reason}, which does not refute them."))
    return tuple(gaps)


def _why(result: SpokeResult) -> str:
    assert result.failure is not None
    left = f" {len(result.partial)} partial findings were kept." if result.partial else ""
    if result.failure.kind in (FailureKind.NO_RESULTS, FailureKind.CANCELLED):
        return f"{result.failure.message}{left}"
    return f"It failed ({result.failure.kind}): {result.failure.message}{left}"


def nothing_found(results: Sequence[SpokeResult]) -> str:
    """Why a report has nothing to tell: only what was read may be said to be silent."""
    found = [finding for result in results for finding in result.findings]
    if found and not any(finding.resolved for finding in found):
        return NOT_QUOTED
    kinds = [result.failure.kind for result in results if result.failure is not None]
    failed = [kind for kind in kinds if kind is not FailureKind.NO_RESULTS]
    if not failed:
        return NOTHING_FOUND
    why = f"failed ({', '.join(dict.fromkeys(failed))})"
    if len(failed) == len(results):
        return f"Nothing was found out: every part {why}."
    others = "nothing in the passages that were read answers the others"
    return f"Nothing was found out: some parts {why}, and {others}."


def narrative_of(results: Sequence[SpokeResult]) -> str:
    """The coordinator's short account of what was found where, for the writer."""
    lines = [] if any(result.findings for result in results) else [nothing_found(results)]
    for result in results:
        sources = sorted({quote.source for finding in result.findings for quote in finding.resolved})
        told = f"{len(result.findings)} findings from {', '.join(sources)}" if sources else "no findings"
        state = "" if result.finished else "; failed, partial" if result.findings else "; failed"
        lines.append(f"- {result.subtask.id}: {result.subtask.title}: {told}{state}")
    return "\n".join(lines)


async def write_report(hub: Hub, plan: Plan, results: Sequence[SpokeResult], ledger: Ledger) -> ReportFinished:
    """The final report. It always comes: what the writer does not mend, the coordinator adds itself."""
    ground = Ground(
        claims=ledger.claims,
        conflicts=ledger.conflicts,
        gaps=gaps_of(results, ledger),
        left_out=plan.left_out,
        unread=tuple(LeftOut(title=item.path, why=item.why) for item in hub.desk.documents.skipped),
        titles={result.subtask.id: result.subtask.title for result in results},
        sources=_sources(hub),
        nothing=nothing_found(results),
    )
    draft, problems = "", ()
    for number in range(1, SENT_BACK + 2):
        try:
            draft = await _draft(hub, number, results, ground, draft, problems)
        except HubFailedError as error:
            told = f"The writer failed, so the coordinator wrote the report: {error.failure.message}"
            hub.record(Noticed(message=told))
            break
        problems = gate(draft, ground)
        if not problems:
            break
        hub.record(DraftGated(round=number, problems=problems))
    note = hub.provider.note

    async def finish(step: str) -> ReportFinished:
        markdown, citations = finalize(complete(draft, ground), ground, question=hub.question, engine_note=note)
        return ReportFinished(
            step=step, markdown=markdown, citations=citations, gaps=ground.gaps, left_out=ground.left_out
        )

    inputs: dict[str, JsonValue] = {"draft": draft, "ground": _inputs(ground)}
    if ground.unread:
        inputs["unread"] = [item.model_dump(mode="json") for item in ground.unread]
    return await hub.step(ReportFinished, "report", 1, inputs, finish)


async def _draft(
    hub: Hub,
    number: int,
    results: Sequence[SpokeResult],
    ground: Ground,
    previous: str,
    problems: tuple[str, ...],
) -> str:
    """One draft, new or mended."""
    spans = {
        claim.id: tuple(quote.span for quote in claim.finding.resolved if quote.span) for claim in ground.claims
    }

    async def work(step: str) -> DraftWritten:
        prompt = write_prompt(
            hub.question,
            narrative_of(results),
            [claim for claim in ground.claims if claim.citable],
            ground.conflicts,
            [gap.model_dump(include={"spoke", "what", "why"}) for gap in ground.gaps],
            [item.model_dump(include={"title", "why"}) for item in ground.left_out],
            problems,
            previous,
        )
        outcome = await hub.converse("writer", "hub.write", prompt, evidence=spans)
        return DraftWritten(step=step, round=number, markdown=outcome.text)

    inputs = {"ground": _inputs(ground), "draft": previous, "problems": list(problems)}
    return (await hub.step(DraftWritten, "draft", number, inputs, work)).markdown


def _inputs(ground: Ground) -> JsonValue:
    """What a report depends on, for a step's id."""
    return {
        "claims": [claim.model_dump(mode="json") for claim in ground.claims],
        "conflicts": [conflict.model_dump(mode="json") for conflict in ground.conflicts],
        "gaps": [gap.model_dump(mode="json") for gap in ground.gaps],
        "left_out": [item.model_dump(mode="json") for item in ground.left_out],
    }


def _sources(hub: Hub) -> dict[str, tuple[str, str]]:
    """Title and date of every source that a spoke was shown, by the hash of its text."""
    return {
        ref.source_sha256: (ref.title, ref.date)
        for spoke in hub.state.spokes.values()
        for attempt in spoke.attempts
        for ref in attempt.segments
    }
