"""Questions that a corpus answers, is silent on, or answers but for one thing: what their reports say of it."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from tests.quality.runs import MARK, Finished, run

Half = Literal["tuned", "held_out"]

_SET = Path(__file__).with_name("unanswered.yaml")
_TOPICS = Path(__file__).parent.parent / "data" / "coverage"
_SAYS_SO = re.compile(r"\b(?:do|does) not answer|\bsays? nothing|\bnothing (?:in|was)")


class Asked(BaseModel):
    """A question of a corpus: words of the fact that answers it, and words of what stays open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str
    question: str
    answers: str = ""
    open: tuple[str, ...] = ()


class Judged(BaseModel):
    """One half of the set."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answered: tuple[Asked, ...]
    silent: tuple[Asked, ...]
    partly: tuple[Asked, ...]


@dataclass(frozen=True)
class Honesty:
    """How many open questions are said to be open, how many answerable ones are answered, and what went wrong."""

    open: int
    said: int
    answerable: int
    answered: int
    refused: tuple[str, ...]
    unsaid: tuple[str, ...]
    runs: tuple[Finished, ...]


def read_set(half: Half) -> Judged:
    """The judged questions of a half."""
    return Judged.model_validate(yaml.safe_load(_SET.read_text("utf-8"))[half])


def measure(half: Half) -> Honesty:
    """Asks every question of a half. Only within a home of its own."""
    judged = read_set(half)
    answered = [(asked, _ask(asked)) for asked in judged.answered]
    silent = [(asked, _ask(asked)) for asked in judged.silent]
    partly = [(asked, _ask(asked)) for asked in judged.partly]
    refused = [asked.question for asked, ran in answered if ran.section("Gaps") or not states(asked, ran)]
    unsaid = [asked.question for asked, ran in silent if ran.citations or not admits(asked, ran)]
    unsaid += [asked.question for asked, ran in partly if not (admits(asked, ran) and states(asked, ran))]
    return Honesty(
        open=len(silent) + len(partly),
        said=len(silent) + len(partly) - len(unsaid),
        answerable=len(answered),
        answered=len(answered) - len(refused),
        refused=tuple(refused),
        unsaid=tuple(unsaid),
        runs=tuple(ran for _, ran in (*answered, *silent, *partly)),
    )


def _ask(asked: Asked) -> Finished:
    return run(asked.question, None if asked.corpus == "samples" else _TOPICS / asked.corpus)


def states(asked: Asked, ran: Finished) -> bool:
    """Whether a cited statement of the report has the fact; true where none is known."""
    return any(asked.answers in line and MARK.search(line) for line in ran.statements()) or not asked.answers


def admits(asked: Asked, ran: Finished) -> bool:
    """Whether the run ends with gaps and its report says what is open; if it cites nothing, that all of it is."""
    gaps = ran.section("Gaps")
    said = "\n".join([*ran.statements(), gaps])
    named = not ran.citations or any(word.lower() in gaps.lower() for word in asked.open)
    return ran.state.status == "gaps" and bool(_SAYS_SO.search(said)) and named
