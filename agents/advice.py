"""What the next attempt is to do otherwise: narrower where the work was too much, broader where nothing came."""

from collections.abc import Collection, Iterable

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
    """What could be tried instead: what the attempt itself named, then what the coordinator reads in the brief.

    Narrower is one key question at a time, or one finding; broader is all that is said about the subtask's title.
    A failure of another kind has only what was named, for the same brief may be attempted again.
    """
    match POLICIES[kind].change:
        case "narrower":
            whole = (brief.objective, brief.question)
            parts = [question for question in brief.key_questions if question not in whole]
            one = [f"The one finding that tells most about {brief.title}.", f"Any one figure about {brief.title}."]
            found = [*named, *parts, *one]
        case "broader":
            found = [*named, f"What do the documents say about {brief.title}?"]
        case _:
            found = [*named]
    return tuple(dict.fromkeys(found))


def advice_after(failure: Failure, given: Collection[str]) -> str:
    """How the next attempt's brief differs from those that were `given` advice; empty if nothing is new."""
    told = " ".join(given)
    fresh = [text for text in failure.alternatives if text not in told]
    match POLICIES[failure.kind].change:
        case "narrower" if fresh:
            return f"{_NARROWER}{fresh[0]}"
        case "broader" if fresh:
            other = "; ".join(fresh)
            return f"Broader: an earlier attempt found nothing. Search with single words, and for: {other}"
        case _:
            return ""


def narrowed_to(advice: str) -> str:
    """What alone an attempt with that advice was asked; empty where it was asked everything."""
    return advice.removeprefix(_NARROWER) if advice.startswith(_NARROWER) else ""
