"""The budget of a run: what may still be asked for, what is set aside, and whom a reserve is kept for."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from agents.budget import CHECKING, LEAST_OUTPUT, RESEARCH, WHOLE, Account, Budget
from agents.calls.call_errors import CallError
from sessions.events import Limits, Usage
from sessions.failures import FailureKind


def tokens(count: int, usd: float = 0.0) -> Usage:
    return Usage(turns=1, output_tokens=count, usd=usd)


TURN, ANSWER = tokens(100), tokens(100)
CAPS = Limits(max_tokens=1_000)


class Asking:
    """Claims on a budget, and what was told of waits."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.told: list[FailureKind | None] = []

    async def __call__(self, account: Account, turn: Usage = TURN, answer: Usage = ANSWER) -> bool:
        return await self.budget.claim(account, turn, answer, lambda why, wait_s, known: self.told.append(why))


def scene(play: Callable[[Asking], Awaitable[None]], used: int, limits: Limits = CAPS) -> None:
    async def main() -> None:
        async with asyncio.timeout(5.0):
            await play(Asking(Budget(limits, tokens(used))))

    asyncio.run(main())


def test_research_stops_where_the_reserve_begins() -> None:
    async def play(ask: Asking) -> None:
        with ask.budget.account(RESEARCH) as account, pytest.raises(CallError) as refused:
            await ask(account)
        assert refused.value.kind is FailureKind.BUDGET_EXCEEDED
        assert "700 of its 1,000 tokens" in refused.value.message
        assert "--max-tokens" in refused.value.message
        with ask.budget.account(WHOLE) as account:
            assert await ask(account)

    scene(play, 700)


def test_what_has_begun_gets_its_answer() -> None:
    async def play(ask: Asking) -> None:
        with ask.budget.account(RESEARCH) as account:
            assert await ask(account)
            ask.budget.add(tokens(650))
            ask.budget.settle(account)
            assert await ask(account) is False, "there is room for the answer alone"
            ask.budget.add(tokens(200))
            ask.budget.settle(account)
            assert await ask(account) is False, "and still, out of the reserve"
            ask.budget.add(tokens(200))
            ask.budget.settle(account)
            with pytest.raises(CallError):
                await ask(account)

    scene(play, 0)


def test_answers_take_turns_at_what_is_left() -> None:
    async def play(ask: Asking) -> None:
        with ask.budget.account(RESEARCH) as one, ask.budget.account(RESEARCH) as other:
            assert await ask(one)
            assert await ask(other)
            ask.budget.add(tokens(950))
            ask.budget.settle(one)
            ask.budget.settle(other)
            assert await ask(one) is False, "alone, one reply may pass the cap"
            waiting = asyncio.create_task(ask(other))
            await asyncio.sleep(0)
            assert not waiting.done(), "and no second at the same time"
            ask.budget.add(tokens(100))
            ask.budget.settle(one)
            with pytest.raises(CallError):
                await waiting

    scene(play, 0)


def test_a_conversation_waits_for_what_another_may_leave() -> None:
    async def play(ask: Asking) -> None:
        with ask.budget.account(RESEARCH) as second:
            with ask.budget.account(RESEARCH) as first:
                assert await ask(first)
                waiting = asyncio.create_task(ask(second))
                await asyncio.sleep(0)
                assert not waiting.done()
            assert await waiting
        assert ask.told == [FailureKind.BUDGET_EXCEEDED]

    scene(play, 500)


def test_nobody_waits_for_room_that_nobody_is_going_to_make() -> None:
    async def play(ask: Asking) -> None:
        with ask.budget.account(RESEARCH) as one, ask.budget.account(RESEARCH) as other:
            for account in (one, other):
                with pytest.raises(CallError):
                    await ask(account)
        assert ask.told == []

    scene(play, 790)


def test_checking_leaves_the_report_its_part_but_is_never_left_out_altogether() -> None:
    async def play(ask: Asking) -> None:
        with ask.budget.account(CHECKING) as account:
            assert await ask(account, Usage(), tokens(200)) is False, "alone, it may pass its share by one reply"
        ask.budget.add(tokens(150))
        with ask.budget.account(CHECKING) as account, pytest.raises(CallError):
            await ask(account, Usage())
        with ask.budget.account(WHOLE) as account:
            assert await ask(account, Usage()) is False

    scene(play, 800)


def test_a_reply_may_not_run_away() -> None:
    budget = Budget(Limits(max_tokens=100_000, max_usd=1.0), Usage(turns=1, output_tokens=90_000, usd=0.5))
    assert budget.most_output(0.0) == 10_000
    assert budget.most_output(0.0001) == 5_000
    assert budget.most_output(0.01) == LEAST_OUTPUT


@pytest.mark.parametrize(
    ("limits", "used", "told"),
    [
        (Limits(max_usd=2.0), tokens(1, usd=1.7), r"\$1\.70 of its \$2\.00.*--max-usd"),
        (Limits(max_turns=10), Usage(turns=8), r"8 of its 10 turns.*--max-turns"),
    ],
)
def test_each_cap_binds_by_its_name(limits: Limits, used: Usage, told: str) -> None:
    async def main() -> None:
        ask = Asking(Budget(limits, used))
        with ask.budget.account(RESEARCH) as account, pytest.raises(CallError, match=told):
            await ask(account)

    asyncio.run(main())


def test_minutes_count_as_the_clock_says() -> None:
    now = 0.0
    budget = Budget(Limits(max_minutes=1.0), Usage(), lambda: now)
    assert (budget.seconds_left(RESEARCH), budget.seconds_left(WHOLE)) == (48.0, 60.0)
    assert not budget.spent(RESEARCH)
    now = 50.0
    assert "0.8 of its 1 minutes" in budget.spent(RESEARCH)
    assert not budget.spent(WHOLE)
