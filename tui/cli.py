"""The command line: what can be asked for, and one sentence for what cannot."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from sessions.errors import BadInputError
from tui.safe import safe
from tui.start import LIVE_PACE_S, Start, open_dashboard
from tui.terminal import is_dumb

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from sessions.plan import Plan, Subtask

BAD_USE = 2
INTERRUPTED = 130


class NoTerminalError(BadInputError):
    """The dashboard needs a terminal."""

    def __init__(self) -> None:
        dumb = f" that text can be placed on, which TERM={os.environ['TERM']} is not" if is_dumb() else ""
        super().__init__(
            f"The dashboard needs a terminal{dumb}; without one, use `hubspoke ask`, `show` or `sessions`."
        )


class LiveError(BadInputError):
    """The run is worked on already."""

    def __init__(self, run: str) -> None:
        super().__init__(f"The run {run} is live; come to it with: hubspoke attach {run}")


def _on_terminal() -> bool:
    """Whether there is a person with a keyboard and a screen to draw on."""
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    return not is_dumb() and all(stream is not None and stream.isatty() for stream in streams)


def _dashboard(start: Start) -> int:
    if not _on_terminal():
        raise NoTerminalError
    return open_dashboard(start)


def _retried_live(options: argparse.Namespace) -> bool:
    from tui.retry_command import retry_live

    return retry_live(options)


def _retries(options: argparse.Namespace) -> dict[str, Subtask | None]:
    from tui.retry_command import retries

    return retries(options)


def _edited_plan(options: argparse.Namespace) -> Plan | None:
    from tui.fork_command import edited_plan

    return edited_plan(options)


def _is_file(session: str) -> bool:
    from tui.arguments import is_file

    return is_file(session)


def _start(options: argparse.Namespace, pace_s: float) -> Start:
    """What a run begins with, as the command line says; `pace_s` where it does not say at which pace."""
    from tui.arguments import settings

    forked = options.command == "fork"
    return Start(
        question=options.question if forked or options.command == "ask" else None,
        resume=options.session if options.command in ("resume", "retry") else None,
        fork=options.session if forked else None,
        plan=_edited_plan(options) if forked else None,
        file=options.command == "resume" and _is_file(options.session),
        retry=_retries(options) if options.command == "retry" else None,
        approved=options.yes,
        settings={"pace": pace_s, **settings(options)},
    )


def _replay(named: str) -> Start:
    """A replay of that run, which must be one that can be shown."""
    from sessions import paths
    from sessions.load import read_run
    from sessions.run_lock import is_held
    from sessions.store import Store

    directory = Store(paths.home()).find(named)
    read_run(directory)
    return Start(replay=directory.name, attach=directory.name if is_held(directory) else None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and answers its exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        # Nothing is imported before it is needed: a first frame waits for no parser, a list of runs for no SDK.
        if not words:
            return _dashboard(Start())
        from tui.arguments import parse

        return _run(parse(words))
    except BadInputError as error:
        print(f"hubspoke: {safe(str(error))}", file=sys.stderr)  # noqa: T201
        return BAD_USE
    except KeyboardInterrupt:
        return INTERRUPTED


def _whole_id(named: str) -> str:
    """The session that is meant, which `last` may not mean a moment later."""
    from sessions import paths
    from sessions.store import Store

    return Store(paths.home()).find(named).name


def _refuse_live(run: str) -> None:
    """Refuses a run that an engine works on, before anything is said of what it would do."""
    from sessions import paths
    from sessions.run_lock import is_held
    from sessions.store import Store

    if is_held(Store(paths.home()).path(run)):
        raise LiveError(run)


def _run(options: argparse.Namespace) -> int:
    resumed = options.command == "resume" and not _is_file(options.session)
    if resumed or options.command in ("retry", "fork"):
        options.session = _whole_id(options.session)
    if resumed:
        _refuse_live(options.session)
    match options.command:
        case None:
            return _dashboard(Start())
        case "retry" if _retried_live(options):
            return 0
        case "ask" | "resume" | "retry" | "fork" if options.detach:
            from tui.live_commands import detach

            return detach(_start(options, 0.0), as_json=options.json)
        case "ask" | "resume" | "retry" | "fork" if not (options.plain or options.json) and _on_terminal():
            return _dashboard(_start(options, LIVE_PACE_S))
        case "ask" | "resume" | "retry" | "fork":
            from tui.run_commands import work

            return work(options)
        case "demo" if not options.plain and _on_terminal():
            from tui.demo import start

            return _dashboard(start())
        case "demo":
            from tui.demo import told_plainly

            return told_plainly()
        case "attach":
            from tui.live_commands import live_run

            return _dashboard(Start(attach=live_run(options.session)))
        case "replay":
            return _dashboard(_replay(options.session))
        case "stop":
            from tui.live_commands import stop

            return stop(options.session)
        case "eval":
            from tui.eval_command import evaluate

            return evaluate(options)
        case "sessions" | "show" | "export" | "import":
            from tui.saved_commands import saved

            return saved(options)
        case other:
            raise AssertionError(other)
