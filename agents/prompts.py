"""How the coordinator words what a model is told: tagged sections keep instructions and material apart."""

import re
from collections.abc import Iterable

import orjson

from agents.replies import PlannedSubtask
from sessions.findings import Claim, Conflict
from sessions.plan import Brief, Plan, Subtask

QUOTED = 500
"""Characters of a quote that a comparer reads."""


def tagged(name: str, text: str) -> str:
    """A section `<name>…</name>`; a closing tag inside the text cannot end it early."""
    inert = re.sub(rf"</\s*{name}", rf"<\\/{name}", text.strip())
    return f"<{name}>\n{inert}\n</{name}>"


def _lines(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _json_lines(items: Iterable[object]) -> str:
    return "\n".join(orjson.dumps(item).decode() for item in items)


def _subtask(subtask: Subtask) -> dict[str, object]:
    return subtask.model_dump(include=set(PlannedSubtask.model_fields))


def plan_prompt(question: str, roles: dict[str, str], max_spokes: int, notes: Iterable[str] = ()) -> str:
    """For the planner: the question, the roles it may give work to (name → description), and the limit.

    `notes` are what a person said of earlier plans, oldest first.
    """
    said = _lines(" ".join(note.split()) for note in notes)
    return "\n\n".join(
        [
            tagged("question", question),
            *(
                [tagged("notes", said), "The notes are the person's, on earlier plans: follow them."]
                if said
                else []
            ),
            tagged("roles", _lines(f"{name}: {description}" for name, description in sorted(roles.items()))),
            tagged("limits", f"At most {max_spokes} subtasks."),
            "Split the question into its sub-domains and write a brief for each.",
        ]
    )


def coverage_prompt(question: str, plan: Plan, roles: dict[str, str], max_spokes: int) -> str:
    """For the reviewer: the question and the plan as it stands."""
    return "\n\n".join(
        [
            tagged("question", question),
            tagged("assumptions", plan.assumptions),
            tagged("plan", _json_lines(_subtask(subtask) for subtask in plan.subtasks)),
            tagged("left_out", _json_lines(item.model_dump() for item in plan.left_out)),
            tagged("roles", _lines(f"{name}: {description}" for name, description in sorted(roles.items()))),
            tagged("limits", f"At most {max_spokes} subtasks in all."),
            "Name the sub-domains of the question that this plan neither covers nor leaves out on purpose.",
        ]
    )


def brief_prompt(brief: Brief) -> str:
    """For a subagent: its brief, whole."""
    parts = [
        tagged("question", brief.question),
        tagged("subtask", brief.title),
        tagged("objective", brief.objective),
    ]
    if brief.key_questions:
        parts.append(tagged("key_questions", _lines(brief.key_questions)))
    for upstream in brief.upstream:
        told = [upstream.title, upstream.summary, *(f"- {finding}" for finding in upstream.findings)]
        if upstream.gap:
            told.append(f"Not available: {upstream.gap}")
        parts.append(tagged("upstream", "\n".join(line for line in told if line)))
    if brief.boundaries:
        parts.append(tagged("boundaries", brief.boundaries))
    if brief.advice:
        parts.append(tagged("advice", brief.advice))
    parts.append("Investigate your subtask only, and answer with findings whose quotes are copied word for word.")
    return "\n\n".join(parts)


def claim_record(claim: Claim) -> dict[str, object]:
    """A claim as verifiers and the writer read it: only quotes that stand in evidence."""
    finding = claim.finding
    return {
        "id": claim.id,
        "spokes": list(claim.spokes),
        "claim": finding.claim,
        "quotes": [{"source": quote.source, "text": quote.text} for quote in finding.resolved],
        "date": finding.date,
        "scope": finding.scope,
        "definition": finding.definition,
        "verdict": claim.verdict.value,
        "note": claim.note,
        "partial": claim.partial,
    }


def conflict_record(conflict: Conflict) -> dict[str, object]:
    """A conflict as the reconciler and the writer read it."""
    return {
        "id": conflict.id,
        "subject": conflict.subject,
        "values": [value.model_dump() for value in conflict.values],
        "kind": conflict.kind,
        "explanation": conflict.explanation,
    }


def verify_prompt(question: str, claims: Iterable[Claim]) -> str:
    """For a verifier: a batch of claims, each with the quotes it rests on."""
    return "\n\n".join(
        [
            tagged("question", question),
            tagged("claims", _json_lines(map(claim_record, claims))),
            "Give one verdict for each claim: do its own quotes, read in their source, bear it out?",
        ]
    )


def compare_prompt(question: str, claims: Iterable[Claim], known: Iterable[Conflict]) -> str:
    """For a comparer: the claims with the beginnings of their quotes, and the disagreements that are known."""
    return "\n\n".join(
        [
            tagged("question", question),
            tagged("claims", _json_lines(map(_compared, claims))),
            tagged("known", _json_lines(map(_known, known))),
            "Find what these claims disagree on beside what is known.",
        ]
    )


def _compared(claim: Claim) -> dict[str, object]:
    """A claim as a comparer reads it: what was not said is left out."""
    finding = claim.finding
    told = {
        "id": claim.id,
        "claim": finding.claim,
        "quotes": [{"source": quote.source, "text": quote.text[:QUOTED]} for quote in finding.resolved],
        "date": finding.date,
        "scope": finding.scope,
        "definition": finding.definition,
    }
    return {name: part for name, part in told.items() if part}


def _known(conflict: Conflict) -> dict[str, object]:
    """A conflict by its subject and values."""
    values = [{"claim": value.claim, "value": value.value} for value in conflict.values]
    return {"subject": conflict.subject, "values": values}


def reconcile_prompt(question: str, conflict: Conflict, claims: Iterable[Claim]) -> str:
    """For the reconciler: the values that disagree and the claims they come from."""
    return "\n\n".join(
        [
            tagged("question", question),
            tagged("conflict", _json_lines([conflict_record(conflict)])),
            tagged("claims", _json_lines(map(claim_record, claims))),
            "Keep every value and say what explains the difference.",
        ]
    )


def write_prompt(
    question: str,
    narrative: str,
    claims: Iterable[Claim],
    conflicts: Iterable[Conflict],
    gaps: Iterable[dict[str, str]],
    left_out: Iterable[dict[str, str]],
    problems: Iterable[str] = (),
    draft: str = "",
) -> str:
    """For the writer: the question, what was found where, and the ledger; a draft that failed, and why."""
    parts = [
        tagged("question", question),
        tagged("narrative", narrative),
        tagged("claims", _json_lines(map(claim_record, claims))),
        tagged("conflicts", _json_lines(map(conflict_record, conflicts))),
        tagged("gaps", _json_lines(gaps)),
        tagged("left_out", _json_lines(left_out)),
    ]
    if draft:
        parts += [tagged("draft", draft), tagged("problems", _lines(problems))]
    parts.append(
        "Write the report in Markdown. Cite every claim you use by its id in square brackets, such as [c12]."
    )
    return "\n\n".join(parts)
