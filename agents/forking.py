"""A fork: a run of its own that takes over another's plan, and of its results those that still hold.

It begins at the checkpoint. Steps are known by what goes into them, so that whatever a changed brief does not
reach answers from what was taken over; under another question that is nothing. The other run is only read.
"""

import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from agents.hub import Approver
from agents.planning import plan_inputs, review_inputs
from agents.providers import provider
from agents.role_files import roles_here, spoke_roles
from agents.run import (
    BadPlanError,
    BadQuestionError,
    PlanLostError,
    Run,
    approve_as_it_is,
    check_folder,
    in_force,
)
from agents.run_settings import Settings
from sessions import paths
from sessions.events import AnyEvent, CoverageReviewed, PlanMade, ToolReturned
from sessions.evidence_store import EvidenceStore
from sessions.ids import new_run_id, step_id
from sessions.load import read_run, state_of
from sessions.plan import MOST_SPOKES, Plan, plan_problems
from sessions.quoted import quoted
from sessions.snapshot import Imported
from sessions.state import RunState
from sessions.store import Store
from sessions.taken_over import taken_over


def fork(
    session: str,
    settings: Settings = Settings(),
    *,
    question: str | None = None,
    plan: Plan | None = None,
    approve: Approver = approve_as_it_is,
    attended: bool = False,
) -> Run:
    """A new run with the plan of a saved or live one; None for its question and its plan as they are.

    Nothing is saved of it before it is worked on. Raises UnknownSessionError, SessionDamagedError, PlanLostError,
    FolderNeededError, BadQuestionError, BadPlanError, BadProviderError.
    """
    store = Store(paths.home())
    parent = store.find(session)
    replay = read_run(parent)
    state = state_of(replay)
    if state.created is None or state.plan is None:
        raise PlanLostError(f"The run {parent.name} has no plan yet that a fork could take over.")
    check_folder(parent, state.created, settings)
    asked = state.question if question is None else question.strip()
    if not asked:
        raise BadQuestionError("The question of a fork cannot be empty.")
    plan = plan or state.plan
    if problems := plan_problems(plan, spoke_roles(roles_here()[0]), MOST_SPOKES):
        raise BadPlanError(" ".join(problems))
    chosen = provider(settings.provider or state.created.provider)
    created = in_force(state.created, settings, chosen).model_copy(
        update={
            "run": new_run_id(datetime.now(UTC), random.SystemRandom()),
            "question": asked,
            "version": version("hubspoke"),
            "forked_from": parent.name,
        }
    )
    events = _at_the_beginning(
        [created, *_planned(state, asked, plan), *taken_over(replay.events, state, asked, plan)]
    )
    seed = Imported(events, _evidence(parent, events))
    return Run(store, created.run, created, settings, chosen, approve, seed=seed, attended=attended)


def _planned(state: RunState, question: str, plan: Plan) -> tuple[PlanMade, CoverageReviewed]:
    """The plan as one that was made and reviewed for this question."""
    # What an approved plan has no room for is among what it leaves out.
    no_room = () if state.approved else state.missing
    planned_for = state.planned_for
    return (
        PlanMade(
            step=step_id("plan", 1, plan_inputs(question)),
            plan=plan,
            question=planned_for if planned_for != question else "",
        ),
        CoverageReviewed(
            step=step_id("review", 1, review_inputs(question, plan)),
            round=1,
            no_room=no_room,
            dimensions=state.dimensions,
        ),
    )


def _at_the_beginning(events: Iterable[AnyEvent]) -> tuple[AnyEvent, ...]:
    """The events as they stand at the beginning of a run, whose own time begins after them."""
    now = time.time()
    return tuple(event.model_copy(update={"at": now, "t": 0.0}) for event in events)


def _evidence(parent: Path, events: Iterable[AnyEvent]) -> dict[str, str]:
    """The stored texts that tools returned in these events, and that quotes stand in, by hash."""
    events = tuple(events)
    shown = {ref.source_sha256 for event in events if isinstance(event, ToolReturned) for ref in event.segments}
    return EvidenceStore(parent).texts(shown | {span.source_sha256 for _, span in quoted(events)})
