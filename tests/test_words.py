"""What is said of states, times and money: the same on the screen and on a page."""

import pytest

from sessions import words
from sessions.events import Usage
from sessions.failures import Failure, FailureKind
from sessions.findings import Verdict
from tui import looks
from tui.screens.citation import verdict_look


@pytest.mark.parametrize(
    ("seconds", "clock", "took"),
    [
        (0.0, "0:00", "0.0 s"),
        (1.24, "0:01", "1.2 s"),
        (9.99, "0:09", "10.0 s"),
        (71.9, "1:11", "1:11"),
        (3_661, "1:01:01", "1:01:01"),
        (-5.0, "0:00", "0.0 s"),
        (float("nan"), "0:00", "0.0 s"),
        (float("inf"), "27777:46:40", "27777:46:40"),
    ],
)
def test_a_time_is_told_to_the_second_or_a_short_one_to_a_tenth(seconds: float, clock: str, took: str) -> None:
    assert (words.clock(seconds), words.took(seconds)) == (clock, took)


@pytest.mark.parametrize(
    ("usage", "told"),
    [
        (Usage(turns=1, priced_turns=1, usd=0.0038), "$0.004"),
        (Usage(turns=1, priced_turns=1, usd=12.3), "$12.30"),
        (Usage(turns=1, priced_turns=1), "free"),
        (Usage(turns=2, priced_turns=1, usd=1.0), "cost unknown"),
    ],
)
def test_a_price_that_is_not_known_is_not_nothing(usage: Usage, told: str) -> None:
    assert words.cost(usage) == told


def test_the_screen_says_what_the_page_says() -> None:
    differs = {status for status, look in words.RUNS.items() if looks.RUNS[status][:2] != look[:2]}
    assert differs == {"waiting"}, "who sits there is the one that it waits for"
    assert [verdict_look(verdict)[:2] for verdict in Verdict] == [
        words.VERDICTS[verdict][:2] for verdict in Verdict
    ]
    failure = Failure(kind=FailureKind.RATE_LIMITED, spoke="a", attempt=1, message="Slow down.", http_status=429)
    assert words.failure_line(failure) == looks.failure_line(failure) == "rate_limited · HTTP 429"
