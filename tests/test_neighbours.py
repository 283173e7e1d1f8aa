"""Where what runs share fails in part, the rest of it holds, and what is said is so."""

import asyncio
import errno
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from anthropic import AsyncAnthropic

from agents.calls.shared_gate import SharedGate, key_name
from agents.neighbours import BadLimitError, Neighbours
from agents.run_queue import RunTicket
from sessions.events import AnyEvent, Noticed
from sessions.failures import FailureKind
from sessions.paths import cache, home
from tests.running import hubspoke
from tests.test_pipeline import docs as docs
from tests.test_request_places import looks

RUN = "20261121-0501-aaaa"
SONNET = "sonnet"
WAIT_S = 60.0


def full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def said(begin: Callable[[Callable[[AnyEvent], None]], None]) -> list[str]:
    """What a person is told as the run begins."""
    told: list[AnyEvent] = []
    begin(told.append)
    return [event.message for event in told if isinstance(event, Noticed)]


def with_a_client(play: Callable[[AsyncAnthropic], None]) -> None:
    """What is played has a client that asks over the network."""

    async def main() -> None:
        async with AsyncAnthropic(api_key="sk-ant-x", base_url="http://a.test") as client:
            play(client)

    asyncio.run(main())


def test_what_cannot_be_shared_at_all_is_named_by_its_path(own_home: Path) -> None:
    own_home.mkdir()
    (own_home / "neighbours").write_text("in the way")

    def play(client: AsyncAnthropic) -> None:
        alone = Neighbours(client, RUN)
        assert alone.gate is None and alone.queued is None
        assert said(alone.begin) == [
            f"This run minds no other run's waits and limits: {own_home / 'neighbours'}: file exists."
        ]
        alone.close()

    with_a_client(play)


def test_without_the_gate_a_run_still_waits_its_turn(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOKE_MAX_RUNS", "1")
    broken = own_home / "neighbours" / "request-000.lock"
    broken.mkdir(parents=True)

    def play(client: AsyncAnthropic) -> None:
        first, second = Neighbours(client, RUN), Neighbours(client)
        assert first.gate is None and first.queued is None
        assert second.queued is not None and second.queued.ahead == (RUN,)
        assert said(second.begin) == [
            f"This run minds no other run's waits and requests: {broken}: is a directory."
        ]
        second.close()
        first.close()

    with_a_client(play)


def test_a_wait_that_cannot_be_told_ends_neither_hearing_nor_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        gate, other = SharedGate(tmp_path, "key", 1), SharedGate(tmp_path, "key", 1)
        notices: list[str] = []
        gate.say = notices.append
        place = await other.place()
        with monkeypatch.context() as patch:
            patch.setattr("tempfile.mkstemp", full)
            gate.tell(SONNET, FailureKind.RATE_LIMITED, WAIT_S)
            gate.tell(SONNET, FailureKind.RATE_LIMITED, 2 * WAIT_S)
        assert notices == [
            f"Other runs are not told what this one waits for: {tmp_path}: no space left on device."
        ]
        waiting = asyncio.create_task(gate.place())
        await looks()
        assert not waiting.done()
        place.release()
        (await waiting).release()
        other.tell("opus", FailureKind.RATE_LIMITED, WAIT_S)
        assert list(gate.news()) == ["opus"]
        # What could not be told once is told the next time.
        gate.tell(SONNET, FailureKind.RATE_LIMITED, WAIT_S)
        assert list(other.news()) == [SONNET]
        gate.close()
        other.close()

    asyncio.run(main())


def test_what_cannot_be_heard_is_said_once(tmp_path: Path) -> None:
    async def main() -> None:
        gate = SharedGate(tmp_path, "key", 1)
        notices: list[str] = []
        gate.say = notices.append
        (tmp_path / "key.json").mkdir()
        assert gate.news() == gate.news() == {}
        assert len(notices) == 1
        assert notices[0].startswith(f"This run does not hear what other runs wait for: {tmp_path}")
        gate.close()

    asyncio.run(main())


def test_a_cleared_cache_ends_no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBSPOKE_MAX_RUNS", "1")
    monkeypatch.setenv("HUBSPOKE_MAX_REQUESTS", "1")
    cache().mkdir(parents=True)

    async def main() -> None:
        async with AsyncAnthropic(api_key="sk-ant-x", base_url="http://a.test") as client:
            first = Neighbours(client)
            assert first.gate is not None
            await first.gate.place()
            shutil.rmtree(cache())
            second = Neighbours(client)
            assert second.gate is not None and second.queued is not None
            waiting = asyncio.create_task(second.gate.place())
            await looks()
            assert not waiting.done()
            first.close()
            await waiting
            second.close()

    asyncio.run(main())
    assert (home() / "neighbours").stat().st_mode & 0o777 == 0o700


def test_nobody_removes_the_number_of_another(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    first = RunTicket(runs, 1)
    shutil.rmtree(runs)
    second = RunTicket(runs, 1, RUN)
    first.close()
    third = RunTicket(runs, 1)
    standing = third.standing()
    assert standing is not None and standing.ahead == (RUN,)
    third.close()
    second.close()


def test_of_several_limits_each_run_is_told_how_many_are_live(tmp_path: Path) -> None:
    at_work = [RunTicket(tmp_path / "runs", 4, f"run{number}") for number in range(3)]
    lower = RunTicket(tmp_path / "runs", 1, "lower")
    standing = lower.standing()
    assert standing is not None
    assert standing.said == "queued: 3 runs are live; it begins when 3 of them have ended"
    assert (standing.most, standing.ahead) == (1, ("run0", "run1", "run2"))
    # It keeps its place in the line, and is none of those at work.
    last = RunTicket(tmp_path / "runs", 4, "last")
    standing = last.standing()
    assert standing is not None
    assert standing.said == "queued: 3 runs are live, 1 before it waits; it begins when one ends"
    assert (standing.most, standing.ahead) == (4, ("run0", "run1", "run2", "lower"))
    at_work.pop().close()
    assert last.standing() is None
    # One that comes now finds the last at work, though it stands behind one that waits.
    later = RunTicket(tmp_path / "runs", 2, "later")
    standing = later.standing()
    assert standing is not None
    assert (standing.live, standing.before, standing.most) == (3, 1, 2)
    assert standing.ahead == ("run0", "run1", "last", "lower")
    for ticket in (*at_work, lower, last, later):
        ticket.close()


@pytest.mark.parametrize("variable", ["HUBSPOKE_MAX_RUNS", "HUBSPOKE_MAX_REQUESTS"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("9" * 5_000, f"'{'9' * 20}…'"),
        ("0", "'0'"),
        ("201", "'201'"),
        ("4.0", "'4.0'"),
        (" ", "' '"),
        ("-1", "'-1'"),
        ("٣", "'٣'"),
        ("\x1b[31m3", r"'\x1b[31m3'"),
        ("\udcff", r"'\udcff'"),
    ],
)
def test_a_limit_that_is_none_is_refused_in_one_short_sentence(
    variable: str, value: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)

    def play(client: AsyncAnthropic) -> None:
        with pytest.raises(BadLimitError) as refused:
            Neighbours(client)
        assert str(refused.value) == f"{variable} is {shown}; it is a whole number from 1 to 200."

    with_a_client(play)


def test_a_limit_of_thousands_of_digits_ends_with_2(docs: Path) -> None:
    asking = ("ask", "What do brushes cost?", "--docs", str(docs), "--provider", "claude", "--yes", "--plain")
    done = hubspoke(*asking, ANTHROPIC_API_KEY="sk-ant-x", HUBSPOKE_MAX_RUNS="9" * 5_000)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("hubspoke: HUBSPOKE_MAX_RUNS is '999")


def test_a_key_has_one_name_for_all_runs() -> None:
    def play(client: AsyncAnthropic) -> None:
        one, two = Neighbours(client), Neighbours(client)
        assert one.gate is not None and two.gate is not None
        one.gate.tell(SONNET, FailureKind.RATE_LIMITED, WAIT_S)
        assert list(two.gate.news()) == [SONNET]
        assert (home() / "neighbours" / f"{key_name(client)}.json").is_file()
        one.close()
        two.close()

    with_a_client(play)
