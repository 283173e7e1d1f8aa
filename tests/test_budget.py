"""The budget of a run: what may still be asked for, what is set aside, and whom a reserve is kept for."""

import asyncio

import pytest

from agents.budget import CHECKING, RESEARCH, WHOLE, Budget
from agents.call_errors import CallError
from sessions.events import Limits, Usage
from sessions.failures import FailureKind


def tokens(count: int, usd: float = 0.0) -> Usage:
    return Usage(turns=1, output_tokens=count, usd=usd)


TURN, ANSWER = tokens(100), tokens(100)


def test_research_stops_where_the_reserve_begins() -> None:
    budget = Budget(Limits(max_tokens=1_000), tokens(700))
    with budget.account(RESEARCH) as account, pytest.raises(CallError) as refused:
        budget.claim(account, TURN, ANSWER)
    assert refused.value.kind is FailureKind.BUDGET_EXCEEDED
    assert "700 of its 1,000 tokens" in refused.value.message
    assert "--max-tokens" in refused.value.message
    with budget.account(WHOLE) as account:
        assert budget.claim(account, TURN, ANSWER)


def test_what_has_begun_gets_its_answer() -> None:
    budget = Budget(Limits(max_tokens=1_000), Usage())
    with budget.account(RESEARCH) as account:
        assert budget.claim(account, TURN, ANSWER)
        budget.add(tokens(650))
        account.settle()
        assert budget.claim(account, TURN, ANSWER) is False, "there is room for the answer alone"
        budget.add(tokens(200))
        account.settle()
        assert budget.claim(account, TURN, ANSWER) is False, "and still, out of the reserve"
        budget.add(tokens(200))
        with pytest.raises(CallError):
            budget.claim(account, TURN, ANSWER)


def test_what_others_have_set_aside_is_not_free() -> None:
    budget = Budget(Limits(max_tokens=1_000), tokens(500))
    with budget.account(RESEARCH) as one, budget.account(RESEARCH) as other:
        assert budget.claim(one, TURN, ANSWER)
        with pytest.raises(CallError):
            budget.claim(other, TURN, ANSWER)


def test_a_conversation_waits_for_what_another_may_leave() -> None:
    async def main() -> None:
        budget = Budget(Limits(max_tokens=1_000), tokens(500))
        told: list[FailureKind] = []
        with budget.account(RESEARCH) as second:
            with budget.account(RESEARCH) as first:
                budget.claim(first, TURN, ANSWER)
                begun = budget.begin(second, TURN, ANSWER, lambda why, wait_s: told.append(why))
                waiting = asyncio.create_task(begun)
                await asyncio.sleep(0)
                assert not waiting.done()
            await waiting
        assert told == [FailureKind.BUDGET_EXCEEDED]

    asyncio.run(main())


def test_nobody_waits_for_room_that_nobody_is_going_to_make() -> None:
    async def main() -> None:
        budget = Budget(Limits(max_tokens=1_000), tokens(790))
        with budget.account(RESEARCH) as one, budget.account(RESEARCH) as other:
            for account in (one, other):
                with pytest.raises(CallError):
                    await budget.begin(account, TURN, ANSWER, lambda why, wait_s: None)

    asyncio.run(main())


def test_checking_leaves_the_report_its_part_but_is_never_left_out_altogether() -> None:
    budget = Budget(Limits(max_tokens=1_000), tokens(800))
    with budget.account(CHECKING) as account:
        assert budget.claim(account, Usage(), tokens(200)) is False, "alone, it may pass its share by one reply"
    budget.add(tokens(150))
    with budget.account(CHECKING) as account, pytest.raises(CallError):
        budget.claim(account, Usage(), ANSWER)
    with budget.account(WHOLE) as account:
        assert budget.claim(account, Usage(), ANSWER) is False


@pytest.mark.parametrize(
    ("limits", "used", "told"),
    [
        (Limits(max_usd=2.0), tokens(1, usd=1.7), r"\$1\.70 of its \$2\.00.*--max-usd"),
        (Limits(max_turns=10), Usage(turns=8), r"8 of its 10 turns.*--max-turns"),
    ],
)
def test_each_cap_binds_by_its_name(limits: Limits, used: Usage, told: str) -> None:
    budget = Budget(limits, used)
    with budget.account(RESEARCH) as account, pytest.raises(CallError, match=told):
        budget.claim(account, TURN, ANSWER)


def test_minutes_count_as_the_clock_says() -> None:
    now = 0.0
    budget = Budget(Limits(max_minutes=1.0), Usage(), lambda: now)
    assert (budget.seconds_left(RESEARCH), budget.seconds_left(WHOLE)) == (48.0, 60.0)
    assert not budget.spent(RESEARCH)
    now = 50.0
    assert "0.8 of its 1 minutes" in budget.spent(RESEARCH)
    assert not budget.spent(WHOLE)
