"""The tiles of a run in their slots: a page of them is on the screen, and what is done may fold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container

from tui.layout import folds
from tui.widgets.tile import HUB, Tile

if TYPE_CHECKING:
    from tui.watched import Watched

_KEPT = 40
"""Tiles that stay ready once they were shown. One that was let go of is filled anew when it comes again."""


class TileGrid(Container):
    """Every spoke's tile and the coordinator's, in the plan's order; only those that were shown are mounted."""

    DEFAULT_CSS = "TileGrid { layout: grid; height: 1fr; grid-gutter: 0; }"

    def __init__(self) -> None:
        super().__init__(id="tiles")
        self.tiles: dict[str, Tile] = {HUB: Tile(HUB, 0)}
        """By spoke, the coordinator's first."""
        self._shown: list[Tile] = []

    def compose(self) -> ComposeResult:
        """The coordinator's tile: there is nobody else yet."""
        yield self.tiles[HUB]

    def on_mount(self) -> None:
        """The coordinator is looked at first."""
        self._shown = [self.tiles[HUB]]

    def make(self, spokes: Sequence[str]) -> bool:
        """Tiles for these spokes, in this order; those that stay keep what they show. False if they were these."""
        before = dict(self.tiles)
        if list(before) == [HUB, *spokes]:
            return False
        self.tiles.clear()
        for number, id in enumerate((HUB, *spokes)):
            self.tiles[id] = before.get(id) or Tile(id, number)
            self.tiles[id].number = number
        for id in before.keys() - self.tiles.keys():
            if before[id].is_attached:
                before[id].remove()
        self._sort()
        return True

    def show(self, ids: Sequence[str], columns: int, rows: int, over: Sequence[bool]) -> None:
        """A page of so many columns and rows; `over` says of each tile on it whether it may fold."""
        folded = folds(over, columns)
        self.styles.grid_size_columns, self.styles.grid_size_rows = columns, rows
        self.styles.grid_rows = " ".join(
            "1" if row < len(folded) and folded[row] else "1fr" for row in range(rows)
        )
        self._shown = [self.tiles[id] for id in ids]
        self._mount(ids)
        for tile in self.tiles.values():
            if tile.is_attached:
                tile.display = tile in self._shown
        for place, tile in enumerate(self._shown):
            tile.fold(folded[place // columns])

    def _mount(self, ids: Sequence[str]) -> None:
        new = [tile for tile in self._shown if not tile.is_attached]
        if not new:
            return
        kept = [id for id, tile in self.tiles.items() if tile.is_attached and id not in ids]
        for id in kept[: max(0, len(kept) + len(ids) - _KEPT)]:
            old = self.tiles[id]
            self.tiles[id] = Tile(id, old.number)
            old.remove()
        self.mount_all(new)
        self._sort()

    def _sort(self) -> None:
        self.sort_children(key=lambda child: child.number if isinstance(child, Tile) else 0)

    def look(self, seat: Watched, group: int, groups: int) -> None:
        """Has a group of the tiles that are shown look at the run: they do so in turn, and each turn is short."""
        for tile in self._group(group, groups):
            tile.look(seat)

    def head(self, seat: Watched, group: int, groups: int) -> None:
        """Has a group of the tiles that are shown say how they stand."""
        for tile in self._group(group, groups):
            tile.head(seat)

    def _group(self, group: int, groups: int) -> Iterator[Tile]:
        return iter(self._shown[group::groups])
