"""Blocks that stream, made harmless: only what is new of one is looked through, for it is long and grows often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.safe import safe
from tui.widgets.wrapping import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.calls.open_blocks import OpenBlock


class Streams:
    """The blocks of a pane as entries."""

    def __init__(self) -> None:
        self._harmless: dict[tuple[str, int, int, int], str] = {}
        """The text of each block so far, where nothing had to be taken out of it."""

    def keep(self, blocks: Iterable[OpenBlock]) -> None:
        """Forgets all blocks but these."""
        still = {_key(block) for block in blocks}
        self._harmless = {key: text for key, text in self._harmless.items() if key in still}

    def entry(self, block: OpenBlock) -> Entry:
        """A block as an entry."""
        text, key = block.text, _key(block)
        before = self._harmless.get(key, "")
        known = before if text.startswith(before) else ""
        said = known + safe(text[len(known) :])
        # What was taken out may be the beginning of what ends only later: then all of it is looked through again.
        self._harmless[key] = said if said == text else ""
        return Entry(said.lstrip("\n"), block.type)


def _key(block: OpenBlock) -> tuple[str, int, int, int]:
    return block.spoke, block.attempt, block.turn, block.block
