"""What the next attempt is to do otherwise: narrower where the work was too much, broader where nothing came."""

from collections.abc import Iterable

from pydantic import JsonValue

from agents.policy import POLICIES
from sessions.failures import Failure, FailureKind
from sessions.plan import Brief

MOST_NAMED = 8
LONGEST = 300
"""Alternatives that a reply names, at most, and their characters."""

_NARROWER = "Narrower: an earlier attempt did not come to an end. Answer only this, in few turns: "


def named_in(reply: JsonValue) -> list[str]:
    """The alternatives that a reply names, also one that broke off or does not fit its schema."""
    named = reply.get("alternatives") if isinstance(reply, dict) else None
    texts = named if isinstance(named, list) else []
    lines = [" ".join(text.split())[:LONGEST] for text in texts if isinstance(text, str)]
    return [line for line in lines if line][:MOST_NAMED]


def alternatives(kind: FailureKind, brief: Brief, named: Iterable[str]) -> tuple[str, ...]:
    """What could be tried instead: what the attempt itself named, or else what the coordinator reads in the brief.

    Narrower is one key question at a time, or one finding; broader is all that is said about the subtask's title.
    A failure of another kind has none, for the same brief may be attempted again.
    """
    own = tuple(named)
    match POLICIES[kind].change:
        case "narrower":
            whole = (brief.objective, brief.question)
            parts = tuple(question for question in brief.key_questions if question not in whole)
            return own or parts or (f"The one finding that tells most about {brief.title}.",)
        case "broader":
            return own or (f"What do the documents say about {brief.title}?",)
        case _:
            return own


def advice_after(failure: Failure) -> str:
    """How the next attempt's brief differs; empty where policy adds none."""
    match POLICIES[failure.kind].change:
        case "narrower":
            first = failure.alternatives[0] if failure.alternatives else failure.query
            return f"{_NARROWER}{first}"
        case "broader":
            other = "; ".join(failure.alternatives)
            return f"Broader: an earlier attempt found nothing. Search with single words, and for: {other}"
        case _:
            return ""


def narrowed_to(advice: str) -> str:
    """What alone an attempt with that advice was asked; empty where it was asked everything."""
    return advice.removeprefix(_NARROWER) if advice.startswith(_NARROWER) else ""
