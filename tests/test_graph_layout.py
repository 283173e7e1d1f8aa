"""The graph of a plan in cells: what needs what can be read from the lines, and from nothing else."""

from collections import deque
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.screen_graph import plan
from tui.graph_layout import DOWN, LEFT, RIGHT, UP, Drawing, draw

ROOT = "hub"
NAME = 4
"""Cells of a label in these tests."""

SIDES = {LEFT: (-1, 0, RIGHT), RIGHT: (1, 0, LEFT), UP: (0, -1, DOWN), DOWN: (0, 1, UP)}


def drawn(needs: Mapping[str, Sequence[str]]) -> Drawing:
    return draw(ROOT, needs, dict.fromkeys([ROOT, *needs], NAME))


def text(drawing: Drawing) -> list[str]:
    """The drawing as a person sees it."""
    rows = [[" "] * drawing.width for _ in drawing.rows]
    for y, cells in enumerate(drawing.rows):
        for cell in cells:
            rows[y][cell.x] = "   ─ ┘└┴ ┐┌┬│┤├┼"[cell.sides]
    for id, place in drawing.places.items():
        rows[place.y][place.x : place.x + NAME] = f"{id:<{NAME}}"
    return ["".join(row).rstrip() for row in rows]


def test_lines_fork_join_and_cross() -> None:
    needs = {"a": (), "b": (), "c": (), "d": ("a", "b"), "e": ("c",), "f": ("a", "e"), "g": ("b",)}
    assert text(drawn(needs)) == [
        "hub ─┬─a   ─┬────────┐",
        "     │      │        │",
        "     ├─b   ─│─┐      │",
        "     │      └─┼─d    ├─f",
        "     └─c   ─┐ │      │",
        "            │ └─g    │",
        "            │        │",
        "            └───e   ─┘",
    ]


def test_those_who_are_needed_by_the_same_share_a_line() -> None:
    needs = {"a": (), "b": (), "c": ("a", "b"), "d": ("a", "b")}
    assert text(drawn(needs)) == [
        "hub ─┬─a   ─┐",
        "     │      ├─c",
        "     └─b   ─┤",
        "            └─d",
    ]


def test_the_first_column_is_in_the_plans_order() -> None:
    drawing = drawn({f"s{number}": () for number in range(300)})
    rows = [drawing.places[f"s{number}"].y for number in range(300)]
    assert rows == list(range(300))


@pytest.mark.parametrize("needs", [{"a": ("b",), "b": ("a",)}, {"a": ("gone",), "b": ("a", "a", "b")}, {}])
def test_a_plan_that_cannot_be_is_drawn_all_the_same(needs: dict[str, tuple[str, ...]]) -> None:
    assert drawn(needs).places.keys() == {ROOT, *needs}


def test_steps_go_along_lines_and_within_columns() -> None:
    drawing = drawn({"a": (), "b": (), "c": ("b",), "d": ("c",)})
    walk = [
        (1, 0, "a"),
        (0, 1, "b"),
        (0, 1, "b"),
        (1, 0, "c"),
        (0, -1, "c"),
        (1, 0, "d"),
        (1, 0, "d"),
        (-1, 0, "c"),
    ]
    at = ROOT
    for across, down, expected in walk:
        at = drawing.beside(at, across, down)
        assert at == expected
    assert drawing.beside(drawing.beside("c", -1, 0), -1, 0) == ROOT


@st.composite
def plans(draw_: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Up to twenty subtasks, each of which needs up to four of those before it."""
    size = draw_(st.integers(1, 20))
    return {
        f"s{n}": tuple(f"s{m}" for m in draw_(st.sets(st.integers(0, n - 1), max_size=4))) if n else ()
        for n in range(size)
    }


def reached(drawing: Drawing, id: str) -> set[str]:
    """The nodes that the lines out of a node lead to, where one follows every junction but goes left never."""
    cells = {(cell.x, y): cell.sides for y, row in enumerate(drawing.rows) for cell in row}
    labels = {(place.x, place.y): other for other, place in drawing.places.items()}
    place = drawing.places[id]
    start = (place.x + NAME, place.y)
    seen, queue, found = {start}, deque([start]), set[str]()
    while queue:
        x, y = queue.popleft()
        for side, (dx, dy, back) in SIDES.items():
            there = (x + dx, y + dy)
            if not cells.get((x, y), 0) & side or side == LEFT:
                continue
            if there in labels:
                found.add(labels[there])
            # A line that is crossed goes on behind the one that crosses it.
            while side == RIGHT and there in cells and not cells[there] & back:
                there = (there[0] + 1, y)
            if there in cells and there not in seen:
                seen.add(there)
                queue.append(there)
    return found


@given(plans())
def test_every_need_can_be_followed_and_no_label_is_drawn_over(needs: dict[str, tuple[str, ...]]) -> None:
    drawing = drawn(needs)
    spots = {(place.x + cell, place.y) for place in drawing.places.values() for cell in range(NAME)}
    assert len(spots) == NAME * len(drawing.places)
    assert not spots & {(cell.x, y) for y, row in enumerate(drawing.rows) for cell in row}
    for source, target in drawing.links:
        assert drawing.places[source].column < drawing.places[target].column
        assert target in reached(drawing, source), "\n".join(text(drawing))


@given(plans())
def test_a_cell_has_only_sides_that_its_neighbours_meet(needs: dict[str, tuple[str, ...]]) -> None:
    drawing = drawn(needs)
    cells = {(cell.x, y): cell.sides for y, row in enumerate(drawing.rows) for cell in row}
    crossing = UP | DOWN
    for (x, y), sides in cells.items():
        for side, (dx, dy, back) in SIDES.items():
            there = (x + dx, y + dy)
            if sides & side and there in cells:
                assert cells[there] & back or cells[there] == crossing


def test_twenty_that_need_each_other_fit_a_screen_of_forty_rows() -> None:
    subtasks = plan().subtasks
    drawing = drawn({subtask.id: subtask.depends_on for subtask in subtasks})
    assert len(drawing.rows) <= 30
    assert max(place.column for place in drawing.places.values()) == 4
