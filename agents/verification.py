"""Verification: all findings become one ledger, every claim is checked and compared, every conflict explained."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from agents.budget import CHECKING
from agents.comparison import disagreements, reading_inputs, readings
from agents.conflicts.detector import explain
from agents.hub import Hub, HubFailedError, RunStoppedError
from agents.ledger import SpokeFindings, build_ledger
from agents.prompts import compare_prompt, reconcile_prompt, verify_prompt
from agents.replies import DisagreementsReply, ReconciliationReply, VerdictsReply
from agents.reporting.figures import invents
from agents.spoke_work import SpokeResult
from sessions.events import (
    ClaimsChecked,
    ClaimVerdict,
    ConflictReconciled,
    DisagreementsFound,
    LedgerBuilt,
    Noticed,
)
from sessions.findings import Claim, Conflict, ConflictValue, Verdict
from sessions.ids import step_id

BATCH = 8
"""Simple claims that a verifier gets at once."""

CONTEXT_CLAIMS = 12
"""Claims from the same sources that a reconciler gets beside those that disagree."""

_COMPARE = "compare"

LEFT_OUT = "The verifier's reply left it out."

NO_QUOTE = "None of its quotes stands in anything a tool returned."


@dataclass(frozen=True)
class Ledger:
    """All that is known, checked: what the report may be written from."""

    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...]
    unchecked: str = ""
    """Why some claims were not checked."""


async def verify(hub: Hub, results: Iterable[SpokeResult]) -> Ledger:
    """The checked ledger. What could not be checked stays `not_checked`, and is said; it is never dropped."""
    found = [
        SpokeFindings(result.subtask.id, result.subtask.title, findings, partial)
        for result in results
        for findings, partial in (
            (result.finished.findings if result.finished else (), False),
            (result.partial, True),
        )
        if findings
    ]
    inputs = [
        [spoke.spoke, spoke.partial, [finding.model_dump(mode="json") for finding in spoke.findings]]
        for spoke in found
    ]
    built = await hub.step(LedgerBuilt, "ledger", 1, inputs, lambda step: _build(step, found))
    if [claim.finding for claim in hub.state.claims.values()] != [claim.finding for claim in built.claims]:
        # Out of the journal: another ledger was built since, and this one is to stand.
        hub.record(built)
    quoted = [claim for claim in built.claims if claim.finding.resolved]
    disputed = {value.claim for conflict in built.conflicts for value in conflict.values}
    batches = batches_of(quoted, disputed)
    places = asyncio.Semaphore(hub.limits.max_parallel)
    why: list[str] = []
    stopped: list[RunStoppedError] = []
    checks: list[asyncio.Task[tuple[ClaimVerdict, ...]]] = []
    reconciled: dict[str, asyncio.Task[Conflict]] = {}
    try:
        async with asyncio.TaskGroup() as group:
            # First, for what it finds is still to be explained.
            compared = [
                group.create_task(_compare(hub, places, number, reading, built.conflicts))
                for number, reading in enumerate(readings(quoted), start=1)
            ]
            checks = [
                group.create_task(_check(hub, places, number, batch, why))
                for number, batch in enumerate(batches, start=1)
            ]

            def reconcile(conflict: Conflict) -> None:
                # One that has grown since is explained again.
                claims, earlier = _claims_of(conflict, built.claims), reconciled.get(conflict.id)
                reconciled[conflict.id] = group.create_task(_reconcile(hub, places, conflict, claims, earlier))

            async def reconcile_found() -> None:
                for conflict in _all([await reading for reading in compared]):
                    reconcile(conflict)

            for conflict in built.conflicts:
                reconcile(conflict)
            group.create_task(reconcile_found())
    except* RunStoppedError as error:
        # One sentence is enough for a bill that every check met.
        stopped += [each for each in error.exceptions if isinstance(each, RunStoppedError)]
    if stopped:
        raise stopped[0]
    verdicts = {verdict.claim: verdict for check in checks for verdict in check.result()}
    return Ledger(
        claims=tuple(_judged(claim, verdicts.get(claim.id)) for claim in built.claims),
        conflicts=tuple(task.result() for task in reconciled.values()),
        unchecked=" ".join(dict.fromkeys(why)),
    )


def batches_of(claims: Sequence[Claim], disputed: Collection[str]) -> list[list[Claim]]:
    """The claims as verifiers get them: simple ones several at once, each complex one alone.

    Complex is what is in dispute, rests on several sources, or gives a figure that none of its quotes gives.
    """
    simple: list[Claim] = []
    alone: list[list[Claim]] = []
    for claim in claims:
        sources = {quote.source for quote in claim.finding.resolved}
        if claim.id in disputed or len(sources) > 1 or invents(claim.finding.claim, [claim]):
            alone.append([claim])
        else:
            simple.append(claim)
    return [*(simple[start : start + BATCH] for start in range(0, len(simple), BATCH)), *alone]


async def _build(step: str, found: Sequence[SpokeFindings]) -> LedgerBuilt:
    parts = build_ledger(found)
    claims = tuple(
        claim
        if claim.finding.resolved
        else claim.model_copy(update={"verdict": Verdict.INSUFFICIENT, "note": NO_QUOTE})
        for claim in parts.claims
    )
    quoted = [claim for claim in claims if claim.finding.resolved]
    compared = tuple(
        step_id(_COMPARE, number, reading_inputs(reading, parts.conflicts))
        for number, reading in enumerate(readings(quoted), start=1)
    )
    return LedgerBuilt(step=step, claims=claims, conflicts=parts.conflicts, readings=compared)


def _judged(claim: Claim, verdict: ClaimVerdict | None) -> Claim:
    if verdict is None:
        return claim
    return claim.model_copy(update=verdict.model_dump(include={"verdict", "confidence", "note"}))


async def _check(
    hub: Hub, places: asyncio.Semaphore, number: int, batch: Sequence[Claim], why: list[str]
) -> tuple[ClaimVerdict, ...]:
    """The verdicts of one batch; none when its verifier failed, and then `why` gets the reason."""

    async def work(step: str) -> ClaimsChecked:
        reply = await hub.ask(
            "verifier", f"hub.verify.{number}", verify_prompt(hub.question, batch), VerdictsReply, share=CHECKING
        )
        given = {told.claim: ClaimVerdict.model_validate(told.model_dump()) for told in reply.verdicts}
        return ClaimsChecked(
            step=step,
            verdicts=tuple(
                given.get(claim.id) or ClaimVerdict(claim=claim.id, verdict=Verdict.NOT_CHECKED, note=LEFT_OUT)
                for claim in batch
            ),
        )

    inputs = [claim.model_dump(mode="json") for claim in batch]
    async with places:
        try:
            checked = await hub.step(ClaimsChecked, "verify", number, inputs, work)
            known = hub.state.claims
            if any(
                known[told.claim].verdict is not told.verdict for told in checked.verdicts if told.claim in known
            ):
                # Out of the journal: the ledger was built anew since, and its claims are to have their verdicts.
                hub.record(checked)
            if any(told.verdict is Verdict.NOT_CHECKED for told in checked.verdicts):
                why.append("the verifier's reply left them out")
            return checked.verdicts
        except HubFailedError as error:
            why.append(f"{error.failure.kind}: {error.failure.message}")
            told = f"{len(batch)} claims were not checked: {error.failure.message}"
            hub.record(Noticed(message=told))
            return ()


async def _compare(
    hub: Hub, places: asyncio.Semaphore, number: int, claims: Sequence[Claim], known: Sequence[Conflict]
) -> tuple[Conflict, ...]:
    """What one reading finds beside the known conflicts; nothing when its comparer failed, which is told."""

    async def work(step: str) -> DisagreementsFound:
        prompt = compare_prompt(hub.question, claims, known)
        reply = await hub.ask("comparer", f"hub.compare.{number}", prompt, DisagreementsReply, share=CHECKING)
        return DisagreementsFound(step=step, conflicts=disagreements(reply, claims, known, number))

    inputs = reading_inputs(claims, known)
    async with places:
        try:
            told = await hub.step(DisagreementsFound, _COMPARE, number, inputs, work)
        except HubFailedError as error:
            missed = f"{len(claims)} claims were not compared in other words than figures: {error.failure.message}"
            hub.record(Noticed(message=missed))
            return ()
    known_now = hub.state.conflicts
    if any(c.id not in known_now or known_now[c.id].joined(c) != known_now[c.id] for c in told.conflicts):
        hub.record(told)
    return told.conflicts


def _all(found: Iterable[Sequence[Conflict]]) -> list[Conflict]:
    """What several readings found: each conflict once, with the values of all of them."""
    joined: dict[str, Conflict] = {}
    for conflict in (conflict for reading in found for conflict in reading):
        known = joined.get(conflict.id)
        joined[conflict.id] = known.joined(conflict) if known else conflict
    return list(joined.values())


def _claims_of(conflict: Conflict, claims: Iterable[Claim]) -> list[Claim]:
    """The claims that disagree, then others from their sources: what a figure counts is often said beside it."""
    concerned = {value.claim for value in conflict.values}
    sources = {value.source for value in conflict.values}
    own = [claim for claim in claims if claim.id in concerned]
    beside = [
        claim
        for claim in claims
        if claim.id not in concerned and any(quote.source in sources for quote in claim.finding.resolved)
    ]
    return [*own, *beside[:CONTEXT_CLAIMS]]


async def _reconcile(
    hub: Hub,
    places: asyncio.Semaphore,
    conflict: Conflict,
    claims: Sequence[Claim],
    earlier: asyncio.Task[Conflict] | None = None,
) -> Conflict:
    """The conflict with what explains it; unexplained when the reconciler failed, which is told.

    `earlier` explains it without its newest values: this waits for it, and falls back on it.
    """

    async def work(step: str) -> ConflictReconciled:
        prompt = reconcile_prompt(hub.question, conflict, claims)
        spoke = f"hub.reconcile.{conflict.id}"
        reply = await hub.ask("reconciler", spoke, prompt, ReconciliationReply, share=CHECKING)
        return ConflictReconciled(step=step, conflict=explained(conflict, reply, claims))

    inputs = {"conflict": conflict.model_dump(mode="json"), "claims": [c.model_dump(mode="json") for c in claims]}
    before = await earlier if earlier is not None else None
    async with places:
        try:
            told = await hub.step(ConflictReconciled, f"reconcile:{conflict.id}", 1, inputs, work)
            if _explains_more(told.conflict, hub.state.conflicts.get(conflict.id)):
                hub.record(told)
            return told.conflict
        except HubFailedError as error:
            hub.record(Noticed(message=f"A disagreement was not explained: {error.failure.message}"))
            return before.joined(conflict) if before else conflict


def _explains_more(told: Conflict, known: Conflict | None) -> bool:
    """Whether a conflict as the run has it is without this explanation, or has it for fewer of its values."""
    if known is None or not known.explanation:
        return True
    return told != known and told.joined(known) == told


def explained(conflict: Conflict, reply: ReconciliationReply, claims: Sequence[Claim]) -> Conflict:
    """The conflict with the reply's explanation. Its values are ours: the reply can neither drop nor add one.

    An explanation with a figure that none of the claims gives is put aside for the coordinator's own.
    """
    kind, explanation = reply.kind, reply.explanation
    if not explanation.strip() or invents(explanation, claims):
        kind, explanation = explain(conflict, claims)

    def detailed(value: ConflictValue) -> ConflictValue:
        for told in reply.values:
            if told.claim == value.claim and (told.value in value.value or value.value in told.value):
                parts = ("date", "scope", "definition", "population", "period")
                return value.model_copy(
                    update={part: getattr(value, part) or getattr(told, part) for part in parts}
                )
        return value

    return conflict.model_copy(
        update={
            "values": tuple(detailed(value) for value in conflict.values),
            "explanation": explanation,
            "kind": kind,
        }
    )
