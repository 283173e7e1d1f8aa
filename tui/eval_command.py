"""`hubspoke eval FILE`: the questions of a golden set, one saved run after another, and how they score."""

import argparse
import asyncio
import signal

from rich.console import Console

from agents.evaluation.golden import Check, GoldenSet, Question, score
from agents.evaluation.golden_file import read_set
from agents.evaluation.judge import judge
from agents.providers import BadProviderError, provider
from agents.run import Run, Settings, ask
from sessions.errors import BadInputError
from sessions.failures import STOPS_EVERYTHING
from sessions.state import RunState
from tui.cli import INTERRUPTED
from tui.eval_text import Evaluation, Result, evaluation, evaluation_text
from tui.output import put, put_document
from tui.plain import PlainProgress

FAILED = 1


class _Asking:
    """The evaluation as far as it came."""

    def __init__(self, golden: GoldenSet, settings: Settings, *, judged: bool) -> None:
        self._golden = golden
        self._settings = settings
        self._judged = judged
        self._console = Console(stderr=True, highlight=False, markup=False)
        self.results: list[Result] = []
        self.stopped = ""
        """Why it came no further."""
        self.interrupted = False
        """A person stopped it."""

    async def work(self) -> None:
        """Asks one question after the other; stops where no other run could go on, and when it is told to."""
        task = asyncio.current_task()
        assert task is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
        try:
            for question in self._golden.questions:
                state = await self._ask(question)
                if state.stopped_by is not None and state.stopped_by.kind in STOPS_EVERYTHING:
                    self.stopped = state.message
                    return
        except asyncio.CancelledError:
            self.interrupted, self.stopped = True, "You stopped it."
        except BadInputError as error:
            self.stopped = str(error)
            raise

    async def _ask(self, question: Question) -> RunState:
        run = ask(question.question, self._settings)
        progress = PlainProgress(self._console, live=False)
        progress.line("▶", f"question {len(self.results) + 1}", question.question)
        try:
            state = await run.work(progress)
        except asyncio.CancelledError:
            if run.state.seq:  # otherwise nothing was begun
                self.results.append(_result(question, run, ()))
                progress.end(run.state, run.id)
            raise
        progress.end(state, run.id)
        self.results.append(scored := _result(question, run, score(question, state)))
        if self._judged and state.report is not None and run.recorder is not None:
            progress.line("▶", "judge", "reads the report")
            judgement = await judge(question, state, run.recorder.evidence, self._settings)
            self.results[-1] = scored.model_copy(update={"judgement": judgement})
        return state


def _result(question: Question, run: Run, checks: tuple[Check, ...]) -> Result:
    state = run.state
    return Result(
        question=question.question,
        run=run.id,
        status=state.status,
        checks=checks,
        usage=state.usage,
        seconds=state.seconds - state.waited,
    )


def evaluate(options: argparse.Namespace) -> int:
    """Works through a set and says how it went: 0 all that was checked holds, 1 not all of it, 130 interrupted.

    Raises BadInputError; what was scored by then is printed.
    """
    golden, docs = read_set(options.set)
    settings = Settings.model_validate({**golden.model_dump(exclude={"docs", "questions"}), "docs": docs})
    if options.judge:
        _check_judge()
    asking = _Asking(golden, settings, judged=options.judge)
    try:
        asyncio.run(asking.work())
    finally:
        asked = [question.question for question in golden.questions]
        whole = evaluation(str(options.set), str(docs), asked, asking.results, asking.stopped)
        if asking.results:
            _tell(whole, as_json=options.json)
    if asking.interrupted:
        return INTERRUPTED
    return FAILED if whole.failed or whole.not_scored else 0


def _check_judge() -> None:
    """Raises BadProviderError where there is no Claude to judge."""
    try:
        provider("claude")
    except BadProviderError:
        raise BadProviderError(
            "--judge needs Claude, and no credentials were found; set ANTHROPIC_API_KEY, or leave --judge out."
        ) from None


def _tell(whole: Evaluation, *, as_json: bool) -> None:
    if as_json:
        put_document(whole.model_dump_json(by_alias=True, indent=2))
    else:
        put(evaluation_text(whole))
