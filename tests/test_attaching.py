"""Coming to a live run: as its engine leaves, where it takes no more windows, and after the connection went."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from agents.port.frames import frame
from agents.port.link import Link, attach
from agents.port.messages import Answer, Bye, Hello, Message, Synced
from sessions.run_lock import is_held, take_lock
from sessions.store import Store
from tests.dashboards import dashboard, until
from tests.engines import engines as engines
from tests.example_runs import RUN, finished_run
from tests.running import hubspoke
from tests.screen_runs import in_the_middle, keep
from tests.test_pipeline import docs as docs
from tests.test_store import save
from tests.test_window_leaving import held_server
from tests.windows import QUESTION, Windows
from tests.windows import windows as windows
from tui.attaching import CAUGHT_UP, come
from tui.screens.ask import AskScreen
from tui.start import Start


def test_a_window_that_lost_its_connection_comes_back_by_itself(
    docs: Path, windows: Windows, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_server(monkeypatch) as (server, release):
        asking = ("ask", QUESTION, "--docs", str(docs), "--provider", "claude", "--yes", "--detach")
        run = hubspoke(*asking).stdout.strip()

        async def main() -> None:
            link = attach(run)
            async with dashboard(Start(attach=run), link=link) as (app, pilot):
                await until(pilot, lambda: app.seat and app.seat.run == run)
                first = app.seat
                assert first is not None
                link.sock.shutdown(socket.SHUT_RDWR)
                await until(pilot, lambda: app.seat is not first and app.seat and app.seat.live)
                await until(pilot, lambda: [notice.text for notice in app.notices.said] == [CAUGHT_UP])
                assert app.seat and app.seat.state.exit is None and is_held(windows.home / "sessions" / run)
                server.release(release)
                await until(pilot, lambda: app.seat and app.seat.state.status == "done")

        asyncio.run(main())


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((), "The engine is gone."),
        ((Hello(pid=1, outlives=True), Bye()), "The engine is gone."),
        ((Bye(message="There are 64 connections to this run already."),), "There are 64 connections"),
    ],
    ids=["closed", "left", "turned away"],
)
def test_a_run_whose_engine_does_not_have_the_window_is_shown_as_saved(
    told: tuple[Hello | Bye, ...], said: str, own_home: Path
) -> None:
    save(Store(own_home), RUN, list(finished_run()))

    async def main() -> None:
        ours, theirs = socket.socketpair()
        theirs.sendall(b"".join(map(frame, told)))
        theirs.shutdown(socket.SHUT_WR)
        async with dashboard(Start(attach=RUN), link=Link(ours, run=RUN)) as (app, pilot):
            await until(pilot, lambda: app.seat and app.seat.state.report is not None)
            assert [notice.text for notice in app.notices.said if said in notice.text]
            assert app.seat and not app.seat.live
        theirs.close()

    asyncio.run(main())


FULL = Bye(message="There are 64 connections to this run already.")
SYNCED = (Synced(run=RUN, seq=0, t=1.0, window=1), Answer(id=1, ok=True))


@pytest.fixture
def leaving() -> Iterator[Callable[..., Link]]:
    """Connections to engines that say what is given and leave."""
    with ExitStack() as ends:

        def link(*told: Message) -> Link:
            ours, theirs = socket.socketpair()
            ends.enter_context(theirs).sendall(b"".join(map(frame, told)))
            theirs.shutdown(socket.SHUT_WR)
            return Link(ours, run=RUN)

        yield link


def test_a_live_run_that_takes_no_more_windows_is_not_said_to_be_over(
    own_home: Path, leaving: Callable[..., Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(own_home, RUN, in_the_middle().events)

    def full(run: str) -> Link:
        return leaving(FULL)

    monkeypatch.setattr("tui.attaching.attach", full)

    async def main() -> None:
        async with dashboard() as (app, pilot):
            await come(app, leaving(*SYNCED))
            await until(pilot, lambda: [said for said in app.notices.said if FULL.message in said.text])
            await until(pilot, lambda: app.seat and app.seat.state.plan)
            assert app.seat and not app.seat.lost and app.seat.state.exit is None

    lock = take_lock(Store(own_home).path(RUN))
    try:
        asyncio.run(main())
    finally:
        os.close(lock)


def test_where_a_run_cannot_be_come_to_one_stays_where_one_is(
    leaving: Callable[..., Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(run: str) -> Link:
        return leaving(FULL)

    monkeypatch.setattr("tui.app.attach", full)

    async def main() -> None:
        async with dashboard() as (app, pilot):
            await app.attach(RUN)
            await pilot.pause()
            assert isinstance(app.screen, AskScreen) and app.seat is None

    asyncio.run(main())


def test_the_run_that_was_chosen_last_is_shown(own_home: Path) -> None:
    other = RUN[:-1] + "3"
    save(Store(own_home), other, list(finished_run(other)))

    async def main() -> None:
        ours, theirs = socket.socketpair()
        async with dashboard() as (app, pilot):
            with theirs:
                coming = asyncio.create_task(come(app, Link(ours, run=RUN)))
                await pilot.pause()
                await app.open(other)
                theirs.sendall(b"".join(map(frame, SYNCED)))
                await coming
            await until(pilot, lambda: app.screen is app.run_screen)
            assert app.seat and app.seat.run == other

    asyncio.run(main())
