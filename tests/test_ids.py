"""The names of runs and of durable steps."""

import random
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from sessions.ids import RUN_ID, new_run_id, step_id


def test_a_runs_id_says_when_in_utc_and_matches_its_pattern() -> None:
    noon_in_tokyo = datetime(2026, 11, 21, 14, 12, tzinfo=timezone(timedelta(hours=9)))
    made = new_run_id(noon_in_tokyo, random.Random(1))
    assert made.startswith("20261121-0512-")
    assert re.fullmatch(RUN_ID, made)


def test_ids_sort_by_time_and_differ_within_a_minute() -> None:
    rng = random.Random(2)
    start = datetime(2026, 12, 31, 23, 58, tzinfo=UTC)
    ids = [new_run_id(start + timedelta(minutes=minute), rng) for minute in range(5)]
    assert ids == sorted(ids)
    assert len({new_run_id(start, rng) for _ in range(200)}) > 190


@pytest.mark.parametrize(
    "bad", ["20261121-0512-K7M2", "20261121-0512-k7m2\n", "20261121-0512-k7mi", "../../etc", ""]
)
def test_what_is_no_id_does_not_match(bad: str) -> None:
    assert not re.fullmatch(RUN_ID, bad)


def test_a_steps_id_depends_on_its_inputs_and_not_on_the_order_of_keys() -> None:
    one = step_id("spoke:music", 1, {"b": [1, 2], "a": {"y": "ü", "x": None}})
    assert one == step_id("spoke:music", 1, {"a": {"x": None, "y": "ü"}, "b": [1, 2]})
    assert re.fullmatch(r"spoke:music/1-[0-9a-f]{10}", one)
    others = [
        step_id("spoke:music", 2, {"b": [1, 2], "a": {"y": "ü", "x": None}}),
        step_id("spoke:music", 1, {"b": [2, 1], "a": {"y": "ü", "x": None}}),
        step_id("spoke:film", 1, {"b": [1, 2], "a": {"y": "ü", "x": None}}),
    ]
    assert len({one, *others}) == 4


def test_a_steps_id_stays_the_same_in_later_versions() -> None:
    # A saved run is resumed by these: a change here would run every finished step again.
    assert step_id("plan", 1, {"question": "Why?"}) == "plan/1-ed81e36ecc"
