"""What a plan is going to take, told before it begins: arithmetic on assumptions, not a measurement.

Each conversation is assumed to go as its `Talk` says: every turn sends the whole conversation again, of which all
but the newest part is read from the cache. Not counted: planning, which is paid for by then, and failed attempts.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from agents.comparison import READING
from agents.prices import Prices
from agents.verification import BATCH
from sessions.estimate import Estimate, Take
from sessions.events import Usage
from sessions.plan import Plan


@dataclass(frozen=True)
class Talk:
    """One conversation; sizes in tokens."""

    turns: int
    first: int
    """The first prompt: the role, its tools, and what it is asked."""
    grows: int
    """What a turn adds to the prompt: the reply, and what its tools answered."""
    says: int
    """Output of a turn that calls tools, thinking included."""
    answers: int
    """Output of the last turn."""

    def replies(self) -> Iterator[Usage]:
        """What each reply takes."""
        for turn in range(self.turns):
            yield Usage(
                cache_read_tokens=self.first + self.grows * (turn - 1) if turn else 0,
                cache_write_tokens=self.grows if turn else self.first,
                output_tokens=self.says if turn < self.turns - 1 else self.answers,
                turns=1,
            )


@dataclass(frozen=True)
class Spread:
    """A kind of conversation at the least and at the most, and how many of them there are."""

    low: Talk
    high: Talk
    times: tuple[int, int] = (1, 1)


# What is assumed. One search answers about 2,000 tokens, one read 600, as counted over the sample library; how
# many turns there are, and what a model says in one, are guesses.

SPOKE = Spread(
    low=Talk(turns=5, first=2_500, grows=2_500, says=300, answers=2_500),
    high=Talk(turns=10, first=4_000, grows=4_000, says=600, answers=5_000),
)
CHECK = Spread(
    low=Talk(turns=2, first=2_000, grows=1_500, says=300, answers=800),
    high=Talk(turns=3, first=2_500, grows=3_000, says=500, answers=1_500),
)
COMPARISON = Spread(
    low=Talk(turns=1, first=1_500, grows=0, says=0, answers=300),
    high=Talk(turns=1, first=1_500, grows=0, says=0, answers=3_000),
)
"""Its prompt holds the claims besides."""

RECONCILIATION = Spread(
    low=Talk(turns=2, first=1_500, grows=1_500, says=300, answers=500),
    high=Talk(turns=4, first=3_000, grows=2_500, says=600, answers=800),
)
DRAFT = Spread(
    low=Talk(turns=2, first=2_000, grows=4_000, says=300, answers=2_500),
    high=Talk(turns=3, first=2_000, grows=5_000, says=500, answers=6_000),
    times=(1, 2),
)
"""Its first prompt holds every claim besides."""

CLAIMS = 10
"""Claims that a spoke leaves."""

CLAIM = 150
"""Tokens of a claim with its quotes in a prompt that holds them all."""

SPOKES_A_CONFLICT = 3
"""There is at most one disagreement to explain for so many spokes; at the least, none."""


def estimate(plan: Plan, model_of: Callable[[str], str], prices: Prices) -> Estimate:
    """What each spoke of a plan takes, and the rest of the run; `model_of` gives the model's id for a role."""
    claims = CLAIMS * len(plan.subtasks)
    batches = ceil(claims / BATCH)
    check = replace(CHECK, times=(batches, batches))
    readings = ceil(claims / READING)
    compared = ceil(claims / readings)
    comparison = replace(
        COMPARISON,
        low=_told(COMPARISON.low, compared),
        high=_told(COMPARISON.high, compared),
        times=(readings, readings),
    )
    reconciliation = replace(RECONCILIATION, times=(0, ceil(len(plan.subtasks) / SPOKES_A_CONFLICT)))
    draft = replace(DRAFT, low=_told(DRAFT.low, claims), high=_told(DRAFT.high, claims))
    writing = _take(draft, model_of("writer"), prices)
    return Estimate(
        spokes={subtask.id: _take(SPOKE, model_of(subtask.role), prices) for subtask in plan.subtasks},
        rest=_take(check, model_of("verifier"), prices)
        + _take(comparison, model_of("comparer"), prices)
        + _take(reconciliation, model_of("reconciler"), prices)
        + writing,
        writing=writing,
    )


def _told(talk: Talk, claims: int) -> Talk:
    """The conversation with so many claims in its first prompt."""
    return replace(talk, first=talk.first + claims * CLAIM)


def _take(spread: Spread, model: str, prices: Prices) -> Take:
    low, high = (
        sum((prices.priced(model, reply) for reply in talk.replies()), Usage())
        for talk in (spread.low, spread.high)
    )
    fewest, most = spread.times
    known = low.cost is not None and high.cost is not None
    return Take(
        tokens=(fewest * low.tokens, most * high.tokens),
        usd=(fewest * low.usd, most * high.usd) if known else None,
    )
