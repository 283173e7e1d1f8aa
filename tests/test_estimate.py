"""What a plan is thought to take, and the line that says so."""

import pytest

from agents.estimate import Talk, estimate
from agents.models import ALIASES
from agents.prices import load_prices
from agents.providers import EMBEDDED_MODEL
from sessions.estimate import Estimate, Take
from sessions.plan import Plan, Subtask
from tui.money import estimate_line, usd

SONNET, OPUS = ALIASES["sonnet"], ALIASES["opus"]


def plan(spokes: int, role: str = "researcher") -> Plan:
    return Plan(
        subtasks=tuple(Subtask(id=f"s{n}", title="T", objective="O", role=role) for n in range(1, spokes + 1))
    )


def of_one(model: str, spokes: int = 5) -> Estimate:
    """The estimate of a plan whose every role has this model."""
    return estimate(plan(spokes), lambda role: model, load_prices())


def total(estimated: Estimate) -> tuple[float, float]:
    take = estimated.of(estimated.spokes)
    assert take.usd is not None
    return take.usd


def test_a_conversation_reads_from_the_cache_what_it_sent_before() -> None:
    replies = list(Talk(turns=3, first=100, grows=40, says=5, answers=30).replies())
    assert [reply.cache_read_tokens for reply in replies] == [0, 100, 140]
    assert [reply.cache_write_tokens for reply in replies] == [100, 40, 40]
    assert [reply.output_tokens for reply in replies] == [5, 5, 30]


def test_five_sonnet_spokes_take_a_sensible_sum() -> None:
    low, high = total(of_one(SONNET))
    assert 0.4 < low < 0.8 and 1.2 < high < 2.0
    tokens = of_one(SONNET).of([f"s{n}" for n in range(1, 6)]).tokens
    assert 100_000 < tokens[0] < tokens[1] < 4_000_000


def test_every_role_is_estimated_by_its_own_model() -> None:
    """Each role that a run has after the plan makes the estimate dearer when it works with a dearer model."""
    cheap = total(of_one(SONNET))
    for role in ("researcher", "verifier", "comparer", "reconciler", "writer"):
        models = {role: OPUS}
        dear = total(estimate(plan(5), lambda name, models=models: models.get(name, SONNET), load_prices()))
        assert dear[1] > cheap[1], role
        assert dear[0] > cheap[0] or role == "reconciler", "at the least there is no disagreement"


def test_a_subtask_is_estimated_by_its_own_role() -> None:
    roles = {"critic": OPUS}
    estimated = estimate(plan(1, "critic"), lambda role: roles.get(role, SONNET), load_prices())
    assert estimated.spokes["s1"] == of_one(OPUS, 1).spokes["s1"]


def test_more_spokes_leave_more_to_check_and_to_write() -> None:
    few, many = of_one(SONNET, 2).rest, of_one(SONNET, 9).rest
    assert few.tokens < many.tokens and few.usd and many.usd and few.usd[1] < many.usd[1]


def test_claims_are_checked_in_batches() -> None:
    models = {"verifier": SONNET}
    four, eight = (
        estimate(plan(spokes), lambda role: models.get(role, EMBEDDED_MODEL), load_prices()).rest.usd
        for spokes in (4, 8)
    )
    assert four and eight and eight == pytest.approx([2 * four[0], 2 * four[1]])


def test_one_unknown_price_makes_the_sum_unknown_and_not_lower() -> None:
    models = {"writer": "gpt-9"}
    estimated = estimate(plan(5), lambda role: models.get(role, SONNET), load_prices())
    assert estimated.spokes["s1"].usd is not None
    assert estimated.of(["s1"]).usd is None and estimated.of(["s1"]).tokens[0] > 0


def test_the_embedded_engine_is_free() -> None:
    assert total(of_one(EMBEDDED_MODEL)) == (0, 0)


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (0.0, "$0.00"),
        (0.0001, "<$0.001"),
        (0.004, "$0.004"),
        (0.0096, "$0.01"),
        (0.38, "$0.38"),
        (12.3, "$12.30"),
        (1_204.0, "$1,204.00"),
    ],
)
def test_money(amount: float, shown: str) -> None:
    assert usd(amount) == shown


@pytest.mark.parametrize(
    ("take", "max_usd", "line"),
    [
        (Take(tokens=(120_400, 395_000), usd=(0.9, 1.6)), 5.0, "est $0.90–1.60 · 120k–400k tokens"),
        (Take(tokens=(120_400, 395_000), usd=(0.9, 1.6)), None, "est $0.90–1.60 · 120k–400k tokens"),
        (Take(tokens=(95, 1_950_000), usd=(4.0, 5.01)), 5.0, "est $4.00–5.01 · cap $5.00 · 95–2M tokens"),
        (Take(tokens=(0, 1_240_000), usd=(0.004, 0.004)), 5.0, "est $0.004 · 0–1.2M tokens"),
        (Take(tokens=(44_321, 44_321), usd=None), 5.0, "cost unknown · 44k tokens"),
        (Take(tokens=(44_321, 60_000), usd=(0.0, 0.0)), 5.0, "free"),
    ],
)
def test_an_estimate_is_one_line(take: Take, max_usd: float | None, line: str) -> None:
    assert estimate_line(take, max_usd) == line
