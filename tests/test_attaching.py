"""Coming to a live run: as its engine leaves, where it takes no more windows, and after the connection went."""

import asyncio
import socket
from pathlib import Path

import pytest

from agents.port.frames import frame
from agents.port.link import Link, attach
from agents.port.messages import Bye, Hello
from sessions.run_lock import is_held
from sessions.store import Store
from tests.dashboards import dashboard, until
from tests.engines import engines as engines
from tests.example_runs import RUN, finished_run
from tests.running import hubspoke
from tests.test_pipeline import docs as docs
from tests.test_store import save
from tests.test_window_leaving import held_server
from tests.windows import QUESTION, Windows
from tests.windows import windows as windows
from tui.attaching import CAUGHT_UP
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
