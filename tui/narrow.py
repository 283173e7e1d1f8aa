"""Painting what is dirty, and no more.

The library draws a rectangle around all that is dirty, and goes through every line of every widget within it. A
key that moves the selection dirties a row of the rail and two panes far from it: nearly the whole screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

_GAP = 3
"""So many lines between two regions are rather gone through for nothing, for every place has a cost of its own."""


class NarrowCompositor(Compositor):
    """Goes through each dirty place by itself, and through no line above or below it."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What paints the dirty places; None where nothing is dirty."""
        updates: list[ChopsUpdate] = []
        dirty, self._dirty_regions = self._dirty_regions, set[Region]()
        for place in places(dirty):
            self._dirty_regions |= set(place)
            if update := super().render_partial_update():
                updates.append(update)
        return _Updates(updates) if updates else None

    def _get_renders(self, crop: Region | None = None) -> Iterable[tuple[Region, Region, list[Strip]]]:
        crop = crop or self.size.region
        lines = Region(0, crop.y, self.size.width, crop.height)
        for widget, (region, clip) in self.visible_widgets.items():
            shown = region.intersection(clip)
            if shown.overlaps(crop):
                part = shown.intersection(lines)
                yield region, part, widget.render_lines(part.translate(-region.offset))


class _Updates(ChopsUpdate):
    """Several updates, one after the other."""

    def __init__(self, updates: Sequence[ChopsUpdate]) -> None:
        super().__init__([], [], [])
        self._updates = updates

    def render_segments(self, console: Console) -> str:
        """All of them as the terminal is told."""
        return "".join(update.render_segments(console) for update in self._updates)


def places(regions: Iterable[Region]) -> list[list[Region]]:
    """The regions, those together that overlap, or stand close below each other, as rows of a list do."""
    found: list[tuple[Region, list[Region]]] = []
    # Rows of one list after each other, and so each beside the place that those before it have become.
    for region in sorted(regions, key=lambda region: (region.column_span, region.y)):
        around, inside, apart = region, [region], list[tuple[Region, list[Region]]]()
        for other, members in found:
            if other.overlaps(around) or _close(other, around):
                around = around.union(other)
                inside += members
            else:
                apart.append((other, members))
        found = [*apart, (around, inside)]
    return [members for _, members in found]


def _close(one: Region, other: Region) -> bool:
    between = max(one.y, other.y) - min(one.bottom, other.bottom)
    return one.column_span == other.column_span and between <= _GAP
