"""The replay under its keys: the run as it was, the trace beside it."""

import json
from pathlib import Path

from sessions.events import AttemptFailed, ToolReturned, TryFailed
from sessions.sieve import COORDINATOR
from tests.replays import Clock, Replay, replay
from tests.replays import clock as clock
from tests.screen_replay import BEGAN, EVIDENCE, HALF, SAID, kept
from tui.screens.event import EventScreen
from tui.screens.replay import FPS
from tui.screens.run import RunScreen
from tui.widgets.scrubber import Scrubber


def test_it_begins_at_the_beginning_and_goes_on_event_by_event(own_home: Path) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        player, film = at.screen.player, at.screen.film
        assert player.n == 0
        await at.until(lambda: "Nothing of it has happened yet" in at.event)
        await at.press("right")
        assert player.n == 1 and "How is AI changing" in at.event
        await at.press("down", "j")
        assert player.n == 3
        await at.press("left")
        assert player.n == 2
        await at.press("shift+right", "pagedown")
        assert player.n == 22
        await at.press("end")
        assert player.n == len(film) == len(at.app.seat.events if at.app.seat else ())
        await at.press("up", "home", "k")
        assert player.n == 0
        await at.press("escape")
        await at.at(RunScreen)

    replay(body)


def test_the_panes_show_the_run_as_it_was(own_home: Path) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        await at.press("right_curly_bracket", "right_curly_bracket")
        await at.until(lambda: "4 Publishing and translation ✗ failed 1:21" in at.text)
        await at.until(lambda: "✓ done 1:12" in at.text and "⏸ 1:41" in at.text)
        await at.until(lambda: "rate_limited" in at.pane("publishing"))
        assert "attempt 2" not in at.pane("publishing")
        await at.until(lambda: "req_011CSHoEeqs5C35K2UUqR7Fy" in at.event)
        await at.press("left_curly_bracket")
        assert isinstance(at.screen.event, TryFailed)
        await at.until(lambda: "again in 8s" in at.text)
        assert "retries" not in at.pane("publishing") and "✓ done 1:12" not in at.text
        await at.press("end", "4")
        await at.until(lambda: "attempt 2" in at.pane("publishing"))

    replay(body)


def test_it_plays_and_text_streams_as_it_came(own_home: Path, clock: Clock) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        screen, half = at.screen, SAID[: SAID.index("The second")].strip()
        (place,) = (n for n, event in enumerate(screen.film.events) if getattr(event, "text", "") == SAID)
        screen.go(place)
        assert screen.player.t == 150.5 and "⏸" in at.text.splitlines()[1]
        await at.press("2", "space")
        await at.until(lambda: "idle skipped 0:07" in at.text)
        assert screen.player.t == BEGAN - 2.0 and "▶" in at.text.splitlines()[1]
        clock.now += HALF - screen.player.t
        await at.until(lambda: screen.player.t == HALF)
        await at.until(lambda: at.pane("film").rstrip().endswith(half))
        assert screen.player.n == place
        await at.press("plus", "plus")
        clock.now += 1.0
        await at.until(lambda: screen.player.t == HALF + 4.0)
        await at.until(lambda: "4×" in at.text)
        assert "The second" in at.pane("film") and SAID[-12:] not in at.pane("film")
        await at.press("space")
        clock.now += 9.0
        for _ in range(4):
            await at.pilot.pause(1 / FPS)
        assert screen.player.t == HALF + 4.0
        screen.post_message(Scrubber.Sought(BEGAN + 1.0))
        await at.until(lambda: screen.player.t == BEGAN + 1.0)
        await at.until(lambda: half[-12:] not in at.pane("film"))
        assert at.pane("film").endswith(half[:10])
        await at.press("end", "2")
        await at.until(lambda: SAID in at.pane("film"))

    replay(body)


def test_it_stops_at_the_end_and_begins_anew(own_home: Path, clock: Clock) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        await at.press("end", "left", "space")
        for _ in range(3):
            clock.now += 9.0
            await at.pilot.pause(0.12)
        await at.until(lambda: not at.screen.player.playing)
        assert at.screen.player.at_end and "⏸" in at.text.splitlines()[1]
        await at.press("space")
        assert at.screen.player.playing and at.screen.player.t == 0.0

    replay(body)


def test_the_list_is_filtered_by_spoke_and_by_kind(own_home: Path) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        screen = at.screen
        await at.press("tab", "tab", "tab")
        assert screen.sieve.owner == "film"
        await at.until(lambda: at.text.splitlines()[1].endswith("1×  filter: all of 2"))
        assert {getattr(screen.film.events[place], "spoke", "") for place in screen.places} == {"film"}
        await at.press("m", "m")
        assert screen.sieve.kind == "tools" and len(screen.places) == 6
        await at.press("end")
        assert isinstance(screen.event, ToolReturned) and screen.cursor == 5
        await at.press("left_curly_bracket")
        assert "No failure before this." in at.notices
        await at.press("shift+tab", "shift+tab", "shift+tab", "left_curly_bracket")
        assert isinstance(screen.event, AttemptFailed), "which no tool is"
        assert screen.sieve == ("", "all")
        await at.press("M")
        assert screen.sieve.kind == "failures" and len(screen.places) == 3

    replay(body)


def test_an_event_is_told_whole_and_taken_along(own_home: Path) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        screen = at.screen
        (place,) = (
            n for n, it in enumerate(screen.film.events) if isinstance(it, ToolReturned) and it.call == "t9"
        )
        screen.go(place + 1)
        for part in (
            '"query": "shares"',
            "returned after 400 ms",
            "film.md · A survey · characters 8–39",
            EVIDENCE[8:39],
        ):
            assert part in at.event
        assert EVIDENCE[40:] not in at.event
        await at.press("y", "w", "enter")
        await at.until(lambda: [*Path().glob("hubspoke-*-event-*.json")])
        (written,) = Path().glob("hubspoke-*-event-*.json")
        assert json.loads(at.app.clipboard) == json.loads(written.read_text())
        assert json.loads(at.app.clipboard)["call"] == "t9"
        await at.press("enter")
        await at.at(EventScreen)
        assert EVIDENCE[8:39] in at.text
        await at.press("escape")
        await at.press("home", "slash")
        await at.press(*"narrower: the fees", "enter")
        await at.until(lambda: screen.player.n)
        assert "advice: Narrower: the fees of literary translators only." in at.event
        assert "from Music" in at.event and "boundaries: Nothing before 2020" in at.event

    replay(body)


def test_a_small_screen_has_the_event_or_the_pane_beneath_the_list(own_home: Path) -> None:
    kept(own_home)

    async def body(at: Replay) -> None:
        await at.press("right_curly_bracket", "right_curly_bracket")
        assert '"http_status": 429' in at.text and "r retry" not in at.text
        await at.press("v")
        await at.until(lambda: "4 Publishing and translation ✗ failed" in at.text)
        assert '"http_status": 429' not in at.text
        await at.press("0")
        await at.until(lambda: "coordinator ▶ running" in at.text)
        assert at.screen.selected == COORDINATOR
        await at.press("v")
        await at.until(lambda: '"http_status": 429' in at.text)

    replay(body, (80, 24))
