"""The key line: what can be done now, drawn as one line.

The library's footer is a widget a key, all made anew whenever one of them comes or goes: on the way to the first
frame, and whenever a spoke's state changes. This one is drawn; what does not fit is left out whole, from the end.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from textual import events, getters
from textual.content import Content
from textual.widget import Widget

from tui.typed_app import app_type

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.signal import Signal

LAST = ("leave", "help", "back", "not now", "cancel")
"""What is never left out."""


class KeyLine(Widget):
    """The screen's bindings that are shown and can be used, each with its description; a click presses the key."""

    DEFAULT_CSS = "KeyLine { height: 1; dock: bottom; background: $footer-background; color: $footer-foreground; }"

    app = getters.app(app_type)

    def __init__(self) -> None:
        super().__init__()
        self._places: list[tuple[int, int, str]] = []
        """First and last column of each key on the line."""

    def on_mount(self) -> None:
        """Follows the screen's bindings."""
        # The library leaves the type of the signal's screen open.
        changed: Signal[Screen[object]] = attrgetter("bindings_updated_signal")(self.screen)
        changed.subscribe(self, self._changed)

    def _changed(self, screen: Screen[object]) -> None:
        self.refresh()

    def render(self) -> Content:
        """The line."""
        keys = self._keys()
        room = self.size.width - 1
        while sum(len(shown) + len(said) + 3 for _, shown, said in keys) > room:
            loose = [key for key in keys if key[2] not in LAST]
            if not loose:
                break
            keys.remove(loose[-1])
        self._places.clear()
        parts: list[Content | str | tuple[str, str]] = [" "]
        column = 1
        for key, shown, said in keys:
            parts += [(shown, "bold $footer-key-foreground"), f" {said}  "]
            end = column + len(shown) + 1 + len(said)
            self._places.append((column, end, key))
            column = end + 2
        return Content.assemble(*parts)

    def _keys(self) -> list[tuple[str, str, str]]:
        """Key, key as it is shown, description: each action once."""
        seen: dict[str, tuple[str, str, str]] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.description:
                shown = self.app.get_key_display(binding)
                seen.setdefault(binding.action, (binding.key, shown, binding.description))
        return list(seen.values())

    def on_click(self, event: events.Click) -> None:
        """Presses the key that was clicked."""
        for start, end, key in self._places:
            if start <= event.x < end:
                self.app.simulate_key(key)
