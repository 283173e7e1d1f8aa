"""Runs told by hand in which spokes wait for a server, and one that the server stopped."""

from agents.port.messages import Text
from sessions.events import AttemptFailed, PlanApproved, RunEnded, TryFailed, TurnHeld
from sessions.failures import Failure, FailureKind
from tests.screen_runs import NOW, RUN, answered, looked, piece, plan, planned, rate_limited, started, turn
from tests.scripted_port import Scene


def with_waits(now: float = NOW) -> Scene:
    """One spoke is parked by a long retry-after, one waits a little, one is held back by what another was told."""
    told = planned()
    told(20.0, PlanApproved(step="approve/1-0000000000", plan=plan()))
    for id in ("music", "film", "games", "publishing", "arts"):
        told(20.0, started(id))
    told(25.0, *looked("publishing", "search_documents", {"query": "translation fees"}, 2))
    told(40.0, turn("music", 21_400, 1_900), answered("music"))
    told(60.0, *looked("games", "search_documents", {"query": "concept art"}, 3))
    told(150.0, TryFailed(spoke="games", attempt=1, turn=2, failure=_overloaded("games"), wait_s=1.4))
    told(152.0, TryFailed(spoke="games", attempt=1, turn=2, failure=_overloaded("games"), wait_s=20.0))
    long = rate_limited("publishing", 1).model_copy(update={"retry_after_s": 300.0, "partial": ()})
    told(155.0, TryFailed(spoke="publishing", attempt=1, turn=2, failure=long, wait_s=300.0))
    told(156.0, TurnHeld(spoke="arts", attempt=1, turn=1, why=FailureKind.RATE_LIMITED, wait_s=60.0))
    streams = piece("film", "text", "The council compared fourteen films of 2023 with ")
    return Scene(RUN, tuple(told.events), (Text(t=now, pieces=(streams,)),), now)


def stopped(kind: FailureKind = FailureKind.AUTH) -> Scene:
    """The server took the key no more, or knows no such model; the run ended for it."""
    status, message = {
        FailureKind.AUTH: (401, "invalid x-api-key [/red]"),
        FailureKind.NOT_FOUND: (404, "model: claude-opus-4-8"),
    }[kind]
    failure = Failure(
        kind=kind,
        message=message,
        spoke="film",
        attempt=1,
        http_status=status,
        request_id="req_011CSHoEeqs5C35K2UUqR7Fy",
        seconds=0.4,
    )
    told = planned()
    told(20.0, PlanApproved(step="approve/1-0000000000", plan=plan()))
    told(20.0, started("music"), started("film"))
    told(92.0, turn("music", 21_400, 1_900), answered("music"))
    told(95.0, AttemptFailed(spoke="film", attempt=1, failure=failure))
    told(95.0, RunEnded(status="failed", exit=1, message=f"{kind}: {message}", failure=failure))
    return Scene(RUN, tuple(told.events), (), 95.0)


def _overloaded(spoke: str) -> Failure:
    return Failure(
        kind=FailureKind.OVERLOADED,
        message="Overloaded",
        spoke=spoke,
        attempt=1,
        http_status=529,
        request_id="req_011CSHoEeqs5C35K2UUqR7Fz",
        retryable=True,
    )
