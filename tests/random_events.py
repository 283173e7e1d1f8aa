"""Random events to keep and to read back."""

from hypothesis import strategies as st

from sessions.events import (
    AnyEvent,
    AttemptFailed,
    AttemptFinished,
    AttemptStarted,
    CheckpointOpened,
    EngineStarted,
    Noticed,
    PlanApproved,
    PlanMade,
    RunEnded,
    ToolCalled,
    TurnFinished,
    Usage,
)
from sessions.failures import Failure, FailureKind
from sessions.findings import Finding
from sessions.plan import Plan, Subtask
from tests.example_runs import created

_TEXT = st.text(st.characters(), max_size=40)  # half surrogate pairs included
_NUMBER = st.floats(0, 1e9) | st.just(float("inf")) | st.just(float("nan"))
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=12,
)
_SPOKE = st.sampled_from(["a", "b", "hub.plan"])
_ATTEMPT = st.integers(1, 3)
_SUBTASKS = st.lists(
    # A field with a limit on its length takes whole characters only: pydantic refuses half a pair there.
    st.builds(
        Subtask, id=st.sampled_from(["a", "b", "c"]), title=st.text(max_size=40), objective=st.text(max_size=40)
    ),
    max_size=3,
    unique_by=lambda subtask: subtask.id,
).map(tuple)
_PLAN = st.builds(Plan, subtasks=_SUBTASKS, assumptions=_TEXT)
_FINDINGS = st.lists(st.builds(Finding, claim=_TEXT), max_size=3).map(tuple)
_FAILURE = st.builds(
    Failure, kind=st.sampled_from(FailureKind), message=_TEXT, retry_after_s=st.none() | _NUMBER, partial=_FINDINGS
)
_USAGE = st.builds(Usage, input_tokens=st.integers(0, 2**70))

EVENTS: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(created, question=_TEXT),
    st.builds(EngineStarted, pid=st.integers(1), version=_TEXT, docs=_TEXT, provider=_TEXT),
    st.builds(Noticed, message=_TEXT),
    st.builds(PlanMade, step=_TEXT, plan=_PLAN),
    st.builds(PlanApproved, step=_TEXT, plan=_PLAN),
    st.builds(CheckpointOpened, plan=_PLAN, missing=st.tuples(_TEXT)),
    st.builds(AttemptStarted, spoke=_SPOKE, attempt=_ATTEMPT, role=_TEXT, model=_TEXT),
    st.builds(ToolCalled, spoke=_SPOKE, attempt=_ATTEMPT, turn=_ATTEMPT, call=_TEXT, name=_TEXT, input=_JSON),
    st.builds(
        TurnFinished,
        spoke=_SPOKE,
        attempt=_ATTEMPT,
        turn=_ATTEMPT,
        stop_reason=_TEXT,
        usage=_USAGE,
        seconds=st.floats(0, 1e9),
        first_token_s=st.none() | _NUMBER,
    ),
    st.builds(AttemptFinished, step=_TEXT, spoke=_SPOKE, attempt=_ATTEMPT, findings=_FINDINGS),
    st.builds(AttemptFailed, spoke=_SPOKE, attempt=_ATTEMPT, failure=_FAILURE),
    st.builds(RunEnded, status=st.sampled_from(["done", "gaps", "failed"]), exit=st.integers(0, 3), message=_TEXT),
)
"""Any event, with hostile strings, huge integers, and numbers that are none."""
