"""What comes after the first frame: the modules that it could wait for, and those that no key is to wait for."""

import asyncio
import contextlib
import importlib
from collections.abc import Iterable

from sessions import paths
from sessions.errors import BadInputError
from tui.garbage import settle

_NEEDED = ("tui.seat", "tui.transcript", "tui.coordinator", "tui.looks")
"""They bring the models of events."""

_AT_LEISURE = (
    "tui.steering",
    "tui.wishes",
    "tui.screens.zoom",
    "tui.screens.help",
    "tui.screens.prompt",
    "tui.screens.plan_review",
    "tui.screens.subtask_form",
    "tui.screens.report",
    "tui.screens.disagreements",
    "tui.screens.gaps",
    "tui.replaying",
)
"""Imported when nothing is waited for any more, so that no key waits for what it opens."""

_KEPT_DELETED_S = 30 * 24 * 3600.0
"""A deleted run can be brought back for so long."""


async def needed() -> None:
    """Loads what a run is shown with."""
    await _load(_NEEDED)
    settle()


async def the_rest() -> None:
    """Loads what keys open, and drops for good what was deleted long ago."""
    await _load(_AT_LEISURE)
    from sessions.store import Store

    with contextlib.suppress(BadInputError):
        await asyncio.to_thread(Store(paths.home()).purge, _KEPT_DELETED_S)


async def _load(modules: Iterable[str]) -> None:
    for module in modules:
        await asyncio.to_thread(importlib.import_module, module)
