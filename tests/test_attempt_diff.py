"""What differs between two attempts: as lines, and on the screen."""

import asyncio

from textual.app import App

from sessions.events import AttemptFailed
from sessions.load import fold_all
from sessions.spoke_state import AttemptState
from sessions.state import RunState
from tests.dashboards import dashboard, screen_text, until
from tests.screen_failures import with_waits
from tests.screen_runs import Told, answered, found, in_the_middle, looked, rate_limited, started, turn
from tests.scripted_port import Scene, ScriptedPort
from tui.app import Dashboard
from tui.attempt_diff import Line, difference
from tui.screens.attempt_diff import ONE_ATTEMPT, AttemptDiffScreen, show_diff
from tui.screens.run import RunScreen
from tui.screens.zoom import ZoomScreen
from tui.start import Start

HOSTILE = "[/red] \x1b]52;c;x\x07 \u202e crowns"


def two(*, hostile: bool = False) -> RunState:
    """A first attempt that failed, and a second one on another brief and model that found something else."""
    told = Told(in_the_middle().events[:12])
    first = started("publishing")
    assert first.brief is not None
    failure = rate_limited("publishing", 1)
    told(20.0, first)
    told(21.0, *looked("publishing", "search_documents", {"query": "fees"}, 2))
    told(22.0, *looked("publishing", "search_documents", {"query": "fees"}, 0))
    told(23.0, *looked("publishing", "list_documents", {}, 0))
    told(60.0, AttemptFailed(spoke="publishing", attempt=1, failure=failure))
    title = HOSTILE if hostile else "Fees of translators"
    brief = first.brief.model_copy(
        update={"title": title, "key_questions": (*first.brief.key_questions, HOSTILE), "advice": "Narrower."}
    )
    update = {"attempt": 2, "brief": brief, "model": "claude-haiku-5", "retry": 1}
    told(70.0, first.model_copy(update=update))
    told(71.0, *looked("publishing", "find_text", {"text": "per page"}, 3))
    told(72.0, turn("publishing", 9_800, 700))
    again = found("publishing", "Fees per page fell by 18% in two years.", "fees per page fell by 18%")
    new = found("publishing", "Literary fees held.", "literary fees held")
    end = answered("publishing").model_copy(update={"attempt": 2, "findings": (again, new)})
    told(100.0, end)
    return fold_all(told.events)


def lines(state: RunState) -> dict[str, list[Line]]:
    """The comparison, by its headings."""
    before, after = state.spokes["publishing"].attempts
    found: dict[str, list[Line]] = {}
    heading = ""
    for line in difference(state, before, after):
        if line.mark == "#":
            heading = line.text
            found[heading] = []
        else:
            found[heading].append(line)
    return found


def test_every_part_says_what_only_one_of_them_has() -> None:
    told = lines(two())
    assert Line("−", "title: Publishing and translation") in told["brief"]
    assert Line("+", "title: Fees of translators") in told["brief"]
    assert Line("+", "advice: Narrower.") in told["brief"]
    assert [line.mark for line in told["brief"] if "key question" in line.text] == ["+"]
    assert not any("objective" in line.text for line in told["brief"])
    assert told["model"] == [Line("−", "opus-4-8 as researcher"), Line("+", "haiku-5 as researcher")]
    assert told["how it ended"][0] == Line("−", "✗ rate_limited · HTTP 429 · req_011CSHoEeqs5C35K2UUqR7Fy")
    assert Line("+", "✓ 2 findings") in told["how it ended"]
    assert told["tools called"] == [
        Line("−", "list_documents"),
        Line("−", "search_documents fees ×2"),
        Line("+", "find_text per page"),
    ]
    assert told["sources read"] == [
        Line(" ", "publishing-report-2024.md"),
        Line(" ", "publishing-survey-2025.md ×1 → ×2"),
    ]
    assert told["findings"] == [
        Line("+", "Literary fees held."),
        Line(" ", "Fees per page fell by 18% in two years."),
    ]
    assert told["used"] == [Line("−", "0 tokens · 0:40"), Line("+", "10,500 tokens · $0.07 · 0:30")]


def test_nothing_that_a_terminal_obeys_gets_through() -> None:
    text = "".join(line.plain for found in lines(two(hostile=True)).values() for line in found)
    assert "[/red]" in text
    assert not {"\x1b", "\x07", "\u202e"} & set(text)


def test_the_same_twice_differs_in_nothing() -> None:
    state = two()
    (attempt, _) = state.spokes["publishing"].attempts
    assert {line.mark for line in difference(state, attempt, attempt)} == {"#", " "}
    hub = state.hub["hub.plan"].attempts[0]
    assert Line(" ", "the same") in difference(state, hub, hub)


class Noting(App[int]):
    """Keeps what it is told to notify."""

    @property
    def noted(self) -> list[str]:
        return [notice.message for notice in self._notifications]


def show(scene: Scene, *keys: str, says: str = "") -> tuple[str, str, str]:
    """What stands on the screen after these keys, once it says that; what was copied, and the screen's name."""
    port = ScriptedPort(scene)

    async def main() -> tuple[str, str, str]:
        async with dashboard(Start(attach=scene.run), size=(80, 24), link=port.link) as (app, pilot):
            await until(pilot, lambda: ready(app))
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
            await until(pilot, lambda: says in screen_text(app))
            return screen_text(app), app.clipboard, type(app.screen).__name__

    try:
        return asyncio.run(main())
    finally:
        port.die()


def ready(app: Dashboard) -> bool:
    return app.seat is not None and len(app.run_screen.tiles) == 7 and bool(app.seat.state.plan)


def test_the_run_shows_the_last_two_attempts_of_the_selected_spoke() -> None:
    shown, copied, screen = show(in_the_middle(), "4", "D", "y")
    assert screen == AttemptDiffScreen.__name__
    assert "Publishing and translation: attempt 1 → 2" in shown
    assert "+ advice: Narrower: the fees of literary translators only." in copied
    assert "− search_documents translation fees" in copied
    _, _, back = show(in_the_middle(), "4", "D", "escape")
    assert back == RunScreen.__name__


def test_the_zoom_shows_the_attempt_it_is_at() -> None:
    shown, _, screen = show(in_the_middle(), "4", "enter", "D")
    assert screen == AttemptDiffScreen.__name__
    assert "attempt 1 → 2" in shown
    # Of the first one there is none before it: then what came after.
    shown, _, screen = show(in_the_middle(), "4", "enter", "left", "D")
    assert "attempt 1 → 2" in shown
    assert show(in_the_middle(), "4", "enter", "D", "escape")[2] == ZoomScreen.__name__


def test_one_attempt_alone_is_told_in_a_sentence() -> None:
    assert show(with_waits(), "2", "D", says="only one attempt")[2] == RunScreen.__name__
    assert show(with_waits(), "2", "enter", "D")[2] == ZoomScreen.__name__
    state = fold_all(with_waits().events)
    spoke = state.spokes["film"]
    assert spoke.last is not None
    app = Noting()

    async def main(attempt: AttemptState) -> None:
        async with app.run_test() as pilot:
            show_diff(app, state, spoke, attempt)
            await pilot.pause()

    asyncio.run(main(spoke.last))
    assert app.noted == [ONE_ATTEMPT]
