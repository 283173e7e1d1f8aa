"""The command line's words: commands, options, and one sentence for what does not fit."""

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from typing_extensions import override

from tui.safe import safe

BAD_USE = 2


class _Parser(argparse.ArgumentParser):
    @override
    def error(self, message: str) -> NoReturn:
        """One sentence instead of the whole usage."""
        self.exit(BAD_USE, f"hubspoke: {safe(message)}; see `{self.prog} --help`.\n")


class _Version(argparse.Action):
    """Looked up only when it is asked for: that takes a while."""

    @override
    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> NoReturn:
        from importlib.metadata import version

        print(f"hubspoke {version('hubspoke')}")  # noqa: T201
        parser.exit()


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {low} to {high:,}")
        return value

    return parse


def _amount(low: float, high: float, what: str) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number of {what} from {low:g} to {high:,g}")
        return value

    return parse


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is not a folder")
    return path


def _working(parser: argparse.ArgumentParser, *, saved: bool = True) -> None:
    """Options of the commands that work on a run; a `saved` one has defaults of its own."""

    def default(of_a_new_run: str) -> str:
        return f"(default: {'the run’s own' if saved else of_a_new_run})"

    parser.add_argument(
        "--docs", type=_folder, metavar="DIR", help=f"folder of documents {default('the sample library')}"
    )
    parser.add_argument(
        "--provider", choices=("auto", "claude", "embedded"), help=f"who answers {default('auto')}"
    )
    parser.add_argument("--model", metavar="ID", help="one model for every role")
    parser.add_argument("--max-parallel", type=_number(1, 20), metavar="N", help=f"spokes at once {default('5')}")
    parser.add_argument("--max-spokes", type=_number(1, 20), metavar="N", help=f"spokes of a plan {default('7')}")
    parser.add_argument(
        "--max-turns", type=_number(1, 100_000), metavar="N", help=f"model replies, at most {default('400')}"
    )
    parser.add_argument(
        "--max-tokens", type=_number(1, 10**9), metavar="N", help=f"tokens, at most {default('4,000,000')}"
    )
    parser.add_argument(
        "--max-usd",
        type=_amount(0.001, 100_000, "dollars"),
        metavar="N",
        help=f"what it may cost {default('5.00')}",
    )
    parser.add_argument(
        "--max-minutes",
        type=_amount(0.1, 100_000, "minutes"),
        metavar="N",
        help=f"how long it may work {default('60')}",
    )
    parser.add_argument(
        "--pace",
        type=_amount(0, 10, "seconds"),
        metavar="S",
        help="seconds between pieces of the embedded engine's text",
    )
    parser.add_argument("--plain", action="store_true", help="one line after another, nothing that moves")
    parser.add_argument("--json", action="store_true", help="the run as one JSON document on standard output")
    parser.add_argument("--yes", action="store_true", help="approve the plan without asking")
    parser.add_argument(
        "--detach", action="store_true", help="print the run's id and return; `hubspoke attach` comes to it"
    )
    parser.set_defaults(preset={})


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="hubspoke",
        description="One question in, a cited report out: a coordinator and a few research agents in parallel. "
        "Without a command: the dashboard.",
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="say which version this is")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    ask = commands.add_parser("ask", help="ask a question of a folder of documents")
    ask.add_argument("question", metavar="QUESTION")
    _working(ask, saved=False)
    resume = commands.add_parser("resume", help="go on with a saved run; finished work is not done again")
    resume.add_argument(
        "session", metavar="ID|FILE", help="a run's id or the start of it, `last`, or a session file"
    )
    _working(resume)
    retry = commands.add_parser("retry", help="attempt again what failed in a run; the rest stays as it is")
    retry.add_argument("session", metavar="ID", help="a run's id or the start of it, or `last`")
    retry.add_argument("--spoke", metavar="N|ID", help="this spoke alone, by its number or its id")
    retry.add_argument("--brief", metavar="TEXT", help="what it is to find out now")
    _working(retry)
    fork = commands.add_parser("fork", help="a run of its own on the plan of another, which stays as it is")
    fork.add_argument("session", metavar="ID", help="a run's id or the start of it, or `last`")
    fork.add_argument("--question", metavar="TEXT", help="another question; every spoke runs again")
    fork.add_argument("--spoke", metavar="N|ID", help="with --brief: this spoke, by its number or its id")
    fork.add_argument("--brief", metavar="TEXT", help="what it is to find out in the fork")
    _working(fork)
    demo = commands.add_parser("demo", help="a guided run on the sample library, in which two things go wrong")
    demo.add_argument("--plain", action="store_true", help="one line after another, nothing that moves")
    attach = commands.add_parser("attach", help="open the dashboard on a live run")
    attach.add_argument("session", metavar="ID", nargs="?", help="the newest live run, if none is named")
    replay = commands.add_parser("replay", help="play a run, saved or live, and read its trace")
    replay.add_argument("session", metavar="ID", help="a run's id or the start of it, or `last`")
    stop = commands.add_parser("stop", help="stop a live run; it is saved and can be resumed")
    stop.add_argument("session", metavar="ID")
    listing = commands.add_parser("sessions", help="list the saved runs, or find some of them")
    listing.add_argument(
        "words", metavar="WORD", nargs="*", help="of a title, question, tag, state or id, or of the report"
    )
    listing.add_argument(
        "--sort", choices=("used", "cost", "state"), default="used", help="what comes first (default: used last)"
    )
    listing.add_argument("--json", action="store_true", help="as JSON")
    show = commands.add_parser("show", help="show a saved run: its report, or how far it came")
    show.add_argument("session", metavar="ID", nargs="?", help="a run's id or the start of it, or `last`")
    show.add_argument("--json", action="store_true", help="the run, or its numbers, as one JSON document")
    show.add_argument("--stats", action="store_true", help="what the run took and what became of it, in numbers")
    show.add_argument("--all", action="store_true", help="with --stats: p50 and p95 over all saved runs")
    export = commands.add_parser("export", help="write a saved run to a file or to standard output")
    export.add_argument("session", metavar="ID", help="a run's id or the start of it, or `last`")
    export.add_argument(
        "--format",
        choices=("md", "html", "json", "jsonl"),
        help="the report; one page with everything; the session; its events (default: by FILE's ending, else md)",
    )
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="`-` is standard output, the default")
    carried = commands.add_parser("import", help="make a saved run of an exported one (json or jsonl)")
    carried.add_argument("file", type=Path, metavar="FILE")
    golden = commands.add_parser("eval", help="ask the questions of a golden set and score their reports")
    golden.add_argument("set", type=Path, metavar="FILE", help="a YAML file of questions and what is expected")
    golden.add_argument("--json", action="store_true", help="the scores as one JSON document")
    golden.add_argument("--judge", action="store_true", help="have Claude judge each report, beside the scores")
    return parser


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """The options that were given; leaves the program where they do not fit."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command == "show" and (problem := _show_problem(options)):
        parser.error(problem)
    return options


def _show_problem(options: argparse.Namespace) -> str:
    """What is wrong with the options of `show`; empty where they fit."""
    if options.all and not options.stats:
        return "--all is for numbers over all saved runs; use it with --stats"
    if options.all and options.session is not None:
        return "--all means every saved run; leave the ID out"
    if not options.all and options.session is None:
        return "show takes the ID of a run, or --stats --all"
    return ""


def is_file(named: str) -> bool:
    """Whether a session file is meant, not an id."""
    path = Path(named)
    return path.is_file() or path.suffix in (".json", ".jsonl") or os.sep in named


def settings(options: argparse.Namespace) -> dict[str, object]:
    """The settings of a run that were given or preset, by the names of `agents.run_settings.Settings`."""
    named = "docs provider model max_parallel max_spokes max_turns max_tokens max_usd max_minutes pace".split()
    given = {name: value for name in named if (value := getattr(options, name)) is not None}
    return {**given, **options.preset}
