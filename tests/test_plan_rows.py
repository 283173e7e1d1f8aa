"""How a plan under review is shown: rows that fit, nothing hostile, many subtasks."""

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from sessions.estimate import Estimate, Take
from sessions.plan import LeftOut, Plan, Subtask
from tests.test_plan_review import HOSTILE, SIZES, Reviewing, review, subtask
from tui.plan_edits import Draft, toggled
from tui.plan_rows import rows
from tui.screens.subtask_form import SubtaskForm


@pytest.mark.parametrize("width", [60, 76, 118, 196])
def test_rows_fit_and_end_in_one_line(width: int) -> None:
    wide = Subtask(
        id="w" * 40, title="漢" * 99, objective="o", role="漢" * 20, depends_on=("b", "c", "d", "e", "f")
    )
    draft = toggled(Draft(Plan(subtasks=(wide, *(subtask(spoke) for spoke in "bcdef")))), "c")
    shown = [line.plain for line in rows(draft, width)]
    assert all(cell_len(line) <= width and "\n" not in line for line in shown)
    assert "after 2, 4, 5…" in shown[0] or "after 2, 4, 5" in shown[0]
    assert shown[2].startswith(" [ ]  3 c ") and shown[2].endswith("(skipped)")


def test_nothing_hostile_gets_through() -> None:
    evil = Subtask(
        id="h", title=HOSTILE, objective=HOSTILE, key_questions=(HOSTILE,), role=HOSTILE, boundaries=HOSTILE
    )
    plan = Plan(subtasks=(evil,), assumptions=HOSTILE, left_out=(LeftOut(title=HOSTILE, why=HOSTILE),))

    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        await pilot.press("a")
        assert "unknown role '[/red]" in app.notices()
        shown = "".join([app.text("about"), app.text("details"), app.notices()])
        assert shown.count("[@click=app.quit]quit[/]") == 12
        for size in (*SIZES, (30, 10)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            shown += "".join(app.lines())
        assert not any(sign in shown for sign in "\x1b\x07\u202e")
        await pilot.press("e", "f2")
        assert isinstance(app.screen, SubtaskForm)
        await pilot.press("escape", "space", "u", "q")

    assert review(body, plan, (HOSTILE,)) == [None]


def test_twenty_subtasks_scroll_and_keep_their_place() -> None:
    plan = Plan(subtasks=tuple(subtask(f"s{n}", title="Long title " * 15) for n in range(1, 21)))

    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        height = app.plan_list.size.height
        assert 5 <= height < 20 and app.lines()[0].startswith(">[x]  1 s1 ")
        await pilot.press("end")
        await pilot.pause()
        assert app.lines()[-1].startswith(">[x] 20 s20")
        await pilot.press("up", "up", "space")
        await pilot.pause()
        assert app.lines()[-3].startswith(">[ ] 18 s18") and app.lines()[-3].endswith("(skipped)")
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert app.lines()[0].startswith(" [x]  1 s1 ") and app.lines()[17].endswith("(skipped)")
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert any(line.startswith(">[ ] 18") for line in app.lines())
        await pilot.press("tab", "down")
        await pilot.pause()
        assert app.review.query_one("#details").scroll_y == 1

    review(body, plan, max_spokes=20)


@pytest.mark.parametrize("size", SIZES)
def test_what_it_takes_follows_every_edit(size: tuple[int, int]) -> None:
    one = Take(tokens=(10_000, 80_000), usd=(0.1, 0.4))
    dear = Take(tokens=(20_000, 90_000), usd=(0.2, 0.9))
    estimate = Estimate(spokes={"chemistry": one, "policy": dear, "market": one}, rest=one)

    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        whole = "3 of 3 spokes · embedded [/x] · est $0.50–2.10 · cap $1.50 · 50k–330k tokens · assumes: "
        assert whole in app.text("about")
        for keys, line in (
            (("down", "space"), "2 of 3 spokes · embedded [/x] · est $0.30–1.20 · 30k–240k tokens · "),
            (("space",), whole),
            (("d",), "2 of 2 spokes · embedded [/x] · est $0.30–1.20 · 30k–240k tokens · "),
            (("u",), whole),
            (
                # Of one that a person added nobody knows more than that it is like the dearest.
                ("plus", "N", "tab", "o", "f2"),
                "4 of 4 spokes · embedded [/x] · est $0.70–3.00 · cap $1.50 · 70k–420k tokens · ",
            ),
        ):
            await pilot.press(*keys)
            await pilot.pause()
            assert line in app.text("about")
        await pilot.press("d", "d", "d", "d")
        assert "0 of 0 spokes · embedded [/x] · assumes" in app.text("about")

    assert review(body, size=size, estimate=estimate) == []


def test_the_highlighted_subtask_is_seen_without_colour() -> None:
    async def body(app: Reviewing, pilot: Pilot[int]) -> None:
        def marked() -> list[str]:
            return [line.split()[1] for line in app.lines() if line.startswith(">")]

        await pilot.pause()
        assert marked() == ["1"]
        await pilot.press("j")
        await pilot.pause()
        assert marked() == ["2"]
        await pilot.press("J")
        await pilot.pause()
        assert marked() == ["3"]

    assert review(body) == []
