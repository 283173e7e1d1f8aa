"""Where a plan's graph goes: a column for each step of dependency, and lines between them in character cells.

Lines run from left to right: out of a node, along a channel between two columns, into the nodes that need it.
Nodes that are needed by the very same others share a channel; channels that would overlap stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import NamedTuple

LEFT, RIGHT, UP, DOWN = 1, 2, 4, 8
"""The sides of a cell that a line leaves by."""

_ROOMY = 12
"""Up to so many nodes in a column there is an empty row between two of them."""

Link = tuple[str, str]
"""A dependency: the id of who is needed, and of who needs it."""

_Point = tuple[int, str]
"""A column and an id: the node's own, or that of a node whose line passes through the column."""

_Nets = Mapping[_Point, Mapping[_Point, set[Link]]]
"""For each point those of the next column that its line goes to, with the dependencies they serve."""

_Bus = frozenset[_Point]
"""What lines that share a channel lead to."""


@dataclass
class _Stroke:
    """What one channel's lines do in a cell."""

    sides: int = 0
    links: set[Link] = field(default_factory=set[Link])


_Lines = dict[tuple[int, int], dict[_Bus, _Stroke]]


class Place(NamedTuple):
    """Where a node's label begins, and in which column it stands."""

    x: int
    y: int
    column: int


class Cell(NamedTuple):
    """A cell of a line: the sides that it leaves by, and the dependencies that it is part of."""

    x: int
    sides: int
    links: frozenset[Link]


@dataclass(frozen=True)
class Drawing:
    """A graph in cells. The cells of a row are in order; labels are as wide as their column."""

    places: Mapping[str, Place]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]
    links: frozenset[Link]
    width: int

    def beside(self, id: str, across: int, down: int) -> str:
        """The node that a step leads to, the one itself at an edge: across along a line, down within a column."""
        here = self.places[id]
        if across:
            ends = [link[across > 0] for link in self.links if link[across < 0] == id]
        else:
            ends = [
                other
                for other, place in self.places.items()
                if place.column == here.column and (place.y - here.y) * down > 0
            ]
        return min(ends, key=lambda other: (abs(self.places[other].y - here.y), self.places[other]), default=id)


def draw(root: str, needs: Mapping[str, Sequence[str]], widths: Mapping[str, int]) -> Drawing:
    """The graph of what needs what, in the plan's order; whatever needs nothing hangs on the root.

    `widths` are those of the labels, the root's among them. Needs that are unknown or circular are left out.
    """
    links = _links(root, needs)
    columns = _columns(root, needs, links)
    deepest = max(columns.values())
    nets = _nets(links, columns)
    rows = _rows(columns, nets)
    wide = [max(widths[id] for id, at in columns.items() if at == column) for column in range(deepest + 1)]
    lines: _Lines = defaultdict(lambda: defaultdict(_Stroke))
    xs, x = [0], wide[0]
    for column in range(deepest):
        here = {point: net for point, net in nets.items() if point[0] == column}
        channels = _channels(here, rows)
        end = x + 3 + 2 * max(channels.values())
        for point, net in here.items():
            bus = frozenset(net)
            start = x if columns[point[1]] == column else xs[column]
            for child, served in net.items():
                path = _path(start, x + 1 + 2 * channels[bus], end, rows[point], rows[child])
                _trace(lines, bus, path, served)
        xs.append(end)
        x = end + wide[column + 1]
    cells: list[list[Cell]] = [[] for _ in range(max(rows.values()) + 1)]
    for (at, row), strokes in sorted(lines.items()):
        cells[row].append(_cell(at, list(strokes.values())))
    places = {id: Place(xs[column], rows[column, id], column) for id, column in columns.items()}
    return Drawing(places, wide, cells, frozenset(links), x)


def _links(root: str, needs: Mapping[str, Sequence[str]]) -> list[Link]:
    known = {id: tuple(other for other in dict.fromkeys(others) if other in needs) for id, others in needs.items()}
    try:
        TopologicalSorter(known).prepare()
    except CycleError:
        known = dict.fromkeys(needs, ())
    return [(other, id) for id, others in known.items() for other in others or (root,)]


def _columns(root: str, needs: Mapping[str, Sequence[str]], links: Sequence[Link]) -> dict[str, int]:
    """The column of each node, in the plan's order: one further than the furthest that it needs."""
    needed: dict[str, list[str]] = defaultdict(list)
    for source, target in links:
        needed[target].append(source)
    found = {root: 0}
    for id in TopologicalSorter(needed).static_order():
        found[id] = 1 + max((found[other] for other in needed[id]), default=-1)
    return {id: found[id] for id in (root, *needs)}


def _nets(links: Sequence[Link], columns: Mapping[str, int]) -> _Nets:
    nets: dict[_Point, dict[_Point, set[Link]]] = defaultdict(lambda: defaultdict(set))
    for source, target in links:
        points = [(column, source) for column in range(columns[source], columns[target])]
        points.append((columns[target], target))
        for point, following in pairwise(points):
            nets[point][following].add((source, target))
    return nets


def _rows(columns: Mapping[str, int], nets: _Nets) -> dict[_Point, int]:
    """The row of each point: near what it hangs on, in the plan's order where that is the same."""
    parents: dict[_Point, list[_Point]] = defaultdict(list)
    for point, net in nets.items():
        for child in net:
            parents[child].append(point)
    order = {id: number for number, id in enumerate(columns)}
    rows: dict[_Point, int] = {(0, next(iter(columns))): 0}
    for column in range(1, max(columns.values()) + 1):
        points = [point for point in parents if point[0] == column]
        mean = {point: sum(rows[above] for above in parents[point]) / len(parents[point]) for point in points}
        step = 2 if len(points) <= _ROOMY else 1
        sources = {rows[point]: point for point in nets if point[0] == column - 1}
        following = 0
        for point in sorted(points, key=lambda point: (mean[point], order[point[1]])):
            row = max(following, int(mean[point]))
            while not _clear(point, sources.get(row), parents[point], nets):
                row += 1
            rows[point], following = row, row + step
    return rows


def _clear(point: _Point, straight: _Point | None, parents: Sequence[_Point], nets: _Nets) -> bool:
    """Whether a point may stand right of where another's line begins: only where that misleads nobody."""
    if straight is None:
        return True
    bus = set(nets[straight])
    return bus == {point} or (straight in parents and all(set(nets[other]) == bus for other in parents))


def _channels(nets: _Nets, rows: Mapping[_Point, int]) -> dict[_Bus, int]:
    """The channels between two columns, so that no two overlap."""
    ends: dict[_Bus, set[int]] = defaultdict(set)
    for point, net in nets.items():
        ends[frozenset(net)] |= {rows[point], *(rows[child] for child in net)}
    taken: list[list[range]] = []
    channels: dict[_Bus, int] = {}
    for bus, touched in sorted(ends.items(), key=lambda item: min(item[1])):
        span = range(min(touched), max(touched) + 1)
        free = (n for n, spans in enumerate(taken) if all(_apart(span, other) for other in spans))
        channels[bus] = channel = next(free, len(taken))
        if channel == len(taken):
            taken.append([])
        taken[channel].append(span)
    return channels


def _apart(one: range, other: range) -> bool:
    return one[-1] < other[0] or other[-1] < one[0]


def _path(start: int, channel: int, end: int, row: int, to: int) -> list[tuple[int, int]]:
    """The cells from a label's end along the row, the channel and the other row to the next label."""
    turns = range(row, to, 1 if to > row else -1)
    return [
        *((x, row) for x in range(start, channel)),
        *((channel, y) for y in turns),
        *((x, to) for x in range(channel, end)),
    ]


def _trace(lines: _Lines, bus: _Bus, path: Sequence[tuple[int, int]], served: set[Link]) -> None:
    """Puts a path down; it comes in at the left and goes out at the right."""
    (x, y), (end_x, end_y) = path[0], path[-1]
    whole = [(x - 1, y), *path, (end_x + 1, end_y)]
    for before, at, after in zip(whole[:-2], path, whole[2:], strict=True):
        stroke = lines[at][bus]
        stroke.sides |= _side(at, before) | _side(at, after)
        stroke.links |= served


def _side(at: tuple[int, int], other: tuple[int, int]) -> int:
    if other[1] == at[1]:
        return LEFT if other[0] < at[0] else RIGHT
    return UP if other[1] < at[1] else DOWN


def _cell(x: int, strokes: Sequence[_Stroke]) -> Cell:
    """Lines that meet are joined; where one crosses others straight, the upright one lies above."""
    upright = [stroke for stroke in strokes if stroke.sides == UP | DOWN]
    level = [stroke for stroke in strokes if stroke.sides == LEFT | RIGHT]
    over = upright if upright and len(upright) + len(level) == len(strokes) else strokes
    sides = 0
    for stroke in over:
        sides |= stroke.sides
    return Cell(x, sides, frozenset[Link]().union(*(stroke.links for stroke in over)))
