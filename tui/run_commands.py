"""`hubspoke ask`, `resume` and `fork`: a run in this process; progress on standard error, the report on output."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from rich.console import Console

from agents.forking import fork
from agents.hub import Approver
from agents.role_files import roles_here, spoke_roles
from agents.run import Run, Settings, approve_as_it_is, ask, resume
from sessions import paths
from sessions.document import document
from sessions.load import read_run
from sessions.plan import MOST_SPOKES, Plan
from sessions.state import RunState
from sessions.store import Store
from tui.arguments import is_file, settings
from tui.checkpoint import TerminalCheckpoint
from tui.cli import INTERRUPTED
from tui.fork_command import edited_plan
from tui.output import LostOutputError, put, put_document
from tui.plain import PlainProgress
from tui.resume_text import fork_sentence, resume_sentence
from tui.retry_command import retries
from tui.start import LIVE_PACE_S


async def _nobody_to_ask(plan: Plan, missing: tuple[str, ...]) -> Plan | None:
    return None


def work(options: argparse.Namespace) -> int:
    """Works on a new or a saved run to its end; answers its exit code. Raises BadInputError."""
    console = Console(stderr=True, highlight=False, markup=False)
    live = console.is_interactive and not options.plain
    progress = PlainProgress(console, live=live)
    pace = LIVE_PACE_S if live else 0.0
    chosen = Settings.model_validate({"pace": pace, **settings(options)})
    approve = _approver(options, console, progress)
    run, said = _begun(options, chosen, approve)
    if said:
        progress.line("▶", options.command, said)
    state = asyncio.run(_work(run, progress))
    if run.recorder is None:
        progress.line("⏸", "stopped", "Nothing was begun, so nothing is saved.")
        return INTERRUPTED
    _end(run, state, progress, as_json=options.json)
    return INTERRUPTED if state.exit is None else state.exit


def _begun(options: argparse.Namespace, chosen: Settings, approve: Approver) -> tuple[Run, str]:
    """The run that is meant, and what of it is going to be done again, where it does not begin from nothing."""
    if options.command == "ask":
        return ask(options.question, chosen, approve=approve), ""
    if options.command == "fork":
        plan = edited_plan(options)
        run = fork(options.session, chosen, question=options.question, plan=plan, approve=approve)
        parent = Store(paths.home()).find(options.session)
        return run, fork_sentence(parent.name, read_run(parent).events, options.question, plan)
    retry = retries(options) if options.command == "retry" else None
    session = Path(options.session) if retry is None and is_file(options.session) else options.session
    run = resume(session, chosen, approve=approve, retry=retry)
    if run.saved is None:
        return run, ""
    said = resume_sentence(run.saved, retry, as_estimated=options.model is None, approved=options.yes)
    return run, said


def _approver(options: argparse.Namespace, console: Console, progress: PlainProgress) -> Approver:
    if options.yes:
        return approve_as_it_is
    if sys.__stdin__ is None or not sys.__stdin__.isatty():
        return _nobody_to_ask
    roles, _ = roles_here()
    terminal = TerminalCheckpoint(console, spoke_roles(roles), options.max_spokes or MOST_SPOKES)

    async def asked(plan: Plan, missing: tuple[str, ...]) -> Plan | None:
        progress.stop()
        try:
            return await terminal(plan, missing, estimate=progress.estimate, max_usd=progress.max_usd)
        finally:
            progress.start()

    return asked


async def _work(run: Run, progress: PlainProgress) -> RunState:
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        # Once: a second time would break off the saving.
        if not task.cancelling():
            task.cancel()

    # Ctrl+c, a terminal that goes away and a polite kill are one thing: the run stops, saved.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    progress.start()
    try:
        return await run.work(progress)
    except asyncio.CancelledError:
        return run.state
    finally:
        progress.stop()


def _end(run: Run, state: RunState, progress: PlainProgress, *, as_json: bool) -> None:
    try:
        if as_json:
            put_document(document(state).model_dump_json(by_alias=True, indent=2))
        elif state.report is not None:
            put(state.report.markdown)
    except LostOutputError as error:
        saved = "" if state.unsaved else f" The run is saved: hubspoke show {run.id}"
        raise LostOutputError(f"{error}{saved}") from None
    finally:
        progress.end(state, run.id)
