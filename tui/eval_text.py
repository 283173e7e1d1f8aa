"""What an evaluation found: one table, what does not hold, and the sums; or the same as a JSON document."""

import io
import shutil
from collections.abc import Iterator, Sequence

from pydantic import Field, computed_field
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agents.evaluation.golden import Check
from agents.evaluation.judge import Judgement
from sessions.events import Usage
from sessions.model import Record
from sessions.state import RunStatus
from tui.looks import counted
from tui.money import usd
from tui.safe import safe_line

EVALUATION_SCHEMA = 1
_LINE = 300
"""Characters of a line below the table."""

_EXPECTED = {
    "answer": "the answer is",
    "source": "cites",
    "must_say": "says",
    "must_not_say": "does not say",
    "must_cover": "covers",
}
_UNSCORED = "–"


class Result(Record):
    """One question: its run, what was checked of it, and what it took."""

    question: str
    run: str
    status: RunStatus
    checks: tuple[Check, ...] = ()
    """Empty where the run was stopped before its end."""
    usage: Usage
    seconds: float
    """Of work on the run."""
    judgement: Judgement | None = None

    @property
    def scored(self) -> bool:
        """Whether it came to its end."""
        return bool(self.checks)

    @computed_field
    @property
    def passed(self) -> bool:
        """Whether all that was checked holds."""
        return self.scored and all(check.passed for check in self.checks)


class Evaluation(Record):
    """What `hubspoke eval --json` prints."""

    schema_: int = Field(default=EVALUATION_SCHEMA, alias="schema")
    set: str
    docs: str
    results: tuple[Result, ...]
    passed: int
    failed: int
    not_scored: tuple[str, ...]
    """The questions that were not asked, or whose run was stopped."""
    stopped: str = ""
    """Why some are not scored."""
    usd: float | None
    """Of all runs, without the judge; None where a price is not known."""
    judge_usd: float | None
    seconds: float


def evaluation(name: str, docs: str, asked: Sequence[str], results: Sequence[Result], stopped: str) -> Evaluation:
    """The sums over the results; `asked` are all questions of the set, in the order of the results."""
    scored = [result for result in results if result.scored]
    unscored = [result.question for result in results if not result.scored]
    return Evaluation.model_validate(
        {
            "set": name,
            "docs": docs,
            "results": tuple(results),
            "passed": sum(result.passed for result in scored),
            "failed": sum(not result.passed for result in scored),
            "not_scored": (*unscored, *asked[len(results) :]),
            "stopped": stopped,
            "usd": sum((result.usage for result in results), Usage()).cost,
            "judge_usd": sum((result.judgement.usage for result in results if result.judgement), Usage()).cost,
            "seconds": sum(result.seconds for result in results),
        }
    )


def evaluation_text(whole: Evaluation) -> str:
    """The table, below it a line for each check that does not hold and each mark of the judge, and the sums."""
    judged = any(result.judgement for result in whole.results)
    parts = [_table(whole, judged=judged), "\n".join(_failures(whole)), "\n".join(_marks(whole)), _sums(whole)]
    return "\n\n".join(part for part in parts if part)


def _table(whole: Evaluation, *, judged: bool) -> str:
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, show_footer=True)
    results = whole.results
    checks = [check for result in results for check in result.checks]
    table.add_column("")
    table.add_column("question", "in all")  # the one that gives way where the terminal is narrow
    table.add_column("checks", _of(checks), no_wrap=True)
    if judged:
        table.add_column("judge", no_wrap=True)
    table.add_column("cost", _cost(whole.usd), justify="right", no_wrap=True)
    table.add_column("time", f"{whole.seconds:.1f} s", justify="right", no_wrap=True)
    table.add_column("run", no_wrap=True)
    for number, result in enumerate(results, start=1):
        table.add_row(
            Text(_glyph(result)),
            Text(f"{number} {safe_line(result.question, 200)}", no_wrap=True, overflow="ellipsis"),
            Text(_of(result.checks) if result.scored else result.status),
            *([Text(_scores(result.judgement))] if judged else []),
            Text(_cost(result.usage.cost)),
            Text(f"{result.seconds:.1f} s"),
            Text(result.run),
        )
    drawn = io.StringIO()
    width = shutil.get_terminal_size((120, 24)).columns
    Console(file=drawn, width=width, highlight=False, markup=False).print(table)
    return "\n".join(line.rstrip() for line in drawn.getvalue().splitlines()).strip("\n")


def _glyph(result: Result) -> str:
    return "⏸" if not result.scored else "✓" if result.passed else "✗"


def _of(checks: Sequence[Check]) -> str:
    return f"{sum(check.passed for check in checks)} of {len(checks)}"


def _cost(amount: float | None) -> str:
    """Money; a price that is not known is never taken for nothing."""
    return "unknown" if amount is None else usd(amount) if amount else "free"


def _scores(judgement: Judgement | None) -> str:
    if judgement is None or judgement.marks is None:
        return _UNSCORED
    return " ".join(str(mark.score) for mark in judgement.marks.named.values())


def _failures(whole: Evaluation) -> Iterator[str]:
    for number, result in enumerate(whole.results, start=1):
        for check in result.checks:
            if not check.passed:
                told = f"✗ {number} {_EXPECTED[check.kind]} {check.expected}: {check.why}"
                yield safe_line(told, _LINE)


def _marks(whole: Evaluation) -> Iterator[str]:
    for number, result in enumerate(whole.results, start=1):
        judgement = result.judgement
        if judgement is None:
            continue
        if judgement.marks is None:
            yield safe_line(f"{number} was not judged: {judgement.fault}", _LINE)
            continue
        for name, mark in judgement.marks.named.items():
            yield safe_line(f"{number} {name} {mark.score}/4: {mark.why}", _LINE)


def _sums(whole: Evaluation) -> str:
    told = [f"{whole.passed} of {counted(whole.passed + whole.failed + len(whole.not_scored), 'question')} passed"]
    if whole.not_scored:
        told.append(f"{len(whole.not_scored)} not scored: {whole.stopped}")
    if any(result.judgement for result in whole.results):
        told.append(f"the judge (answers, faithful, complete, honest) cost {_cost(whole.judge_usd)}")
    return safe_line(" · ".join(told))
