"""The command palette: every action that has a key on this screen, by its description."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.screen import Screen


def commands(app: App[int], screen: Screen[object]) -> Iterable[SystemCommand]:
    """The live keymap as commands, each once."""
    seen: set[str] = set()
    for active in screen.active_bindings.values():
        binding = active.binding
        # Those without an id are the library's: arrows and the like.
        if not active.enabled or not binding.id or binding.description in seen:
            continue
        seen.add(binding.description)
        run = partial(app.run_action, binding.action, active.node)
        yield SystemCommand(binding.description, f"key {app.get_key_display(binding)}", run)
