"""`hubspoke fork ID [--question TEXT] [--spoke N --brief TEXT]`: a run of its own on the same plan, edited."""

from __future__ import annotations

import argparse

from sessions import paths
from sessions.load import load
from sessions.plan import Plan
from sessions.store import Store
from tui.retry_command import NothingToRetryError, edited, spoke_named


def edited_plan(options: argparse.Namespace) -> Plan | None:
    """The plan with the brief that was given in it; None for the plan as it is.

    Raises NothingToRetryError, UnknownSessionError, SessionDamagedError.
    """
    if options.spoke is None and options.brief is None:
        return None
    if options.spoke is None or options.brief is None:
        raise NothingToRetryError("--spoke and --brief belong together: the brief of one spoke of the fork.")
    state = load(Store(paths.home()).find(options.session))
    spoke = spoke_named(state, options.spoke)
    if state.plan is None:
        return None  # which the fork itself refuses
    return state.plan.with_subtask(edited(state.plan.subtask(spoke.id), options.brief))
