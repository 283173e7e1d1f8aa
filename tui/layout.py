"""Where things go on a screen of a given size."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

TILE_WIDTH, TILE_HEIGHT = 36, 8
"""The smallest tile that says something."""

NARROW, LOW = 100, 30
"""Below these a screen shows one pane at a time, beside the rail."""

WIDE = 160
"""From here on there is room for the rail beside the tiles."""

TALL = 50
"""From here on there is room for the timeline above them."""

ROOMY = 12
"""Lines of a tile from which on nobody needs the room of those that are done."""

RAIL, RAIL_SMALL = 34, 24
_FRAME = 3
"""Lines of header, event line and footer."""
COORDINATOR = 5


@dataclass(frozen=True)
class Layout:
    """What a run's screen shows: how wide the rail is (0: none), how many columns and rows of tiles a page has."""

    rail: int
    timeline: int
    columns: int
    rows: int
    crowded: bool = False
    """Whether the tiles are so low that rows of done ones give their room to the others."""

    @property
    def page(self) -> int:
        """Tiles on a page."""
        return self.columns * self.rows


def layout(width: int, height: int, tiles: int, *, focus: bool) -> Layout:
    """The layout for so many tiles on a screen of that size; `focus` asks for one pane at a time."""
    small = width < NARROW or height < LOW
    if small or focus:
        return Layout(rail=RAIL if width >= WIDE else RAIL_SMALL, timeline=0, columns=1, rows=1)
    rail = RAIL if width >= WIDE else 0
    timeline = tiles + 2 if tiles and height >= TALL and tiles <= height - TALL + 2 else 0
    most_columns = max(1, (width - rail) // TILE_WIDTH)
    room = height - _FRAME - COORDINATOR - timeline
    columns, rows = _grid(max(tiles, 1), most_columns, max(1, room // TILE_HEIGHT))
    return Layout(rail, timeline, columns, rows, crowded=room // rows < ROOMY)


def folds(over: Sequence[bool], columns: int) -> list[bool]:
    """Which rows of a page fold: those of which all is over, while others need their room.

    Only whole rows, so that every tile stays in its column and none changes places with another.
    """
    rows = [all(over[first : first + columns]) for first in range(0, len(over), columns)]
    return [row and not all(rows) for row in rows]


def _grid(tiles: int, most_columns: int, most_rows: int) -> tuple[int, int]:
    """The fewest rows that hold all tiles, then the fewest columns: wide tiles read best."""
    rows = min(most_rows, ceil(tiles / most_columns))
    # A second row is better than tiles that are very tall and narrow.
    if rows == 1 and tiles > 2 and most_rows > 1:
        rows = 2
    return min(most_columns, ceil(tiles / rows)), rows
