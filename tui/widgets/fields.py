"""Fields of a form, in which keys take effect in the order they were pressed, and a paste is only text.

The library inserts letters at once and runs what other keys are bound to some messages later. Keys that come in
one burst, over a slow line or from a macro, would so change places: `a b backspace c` would read `ab`. Here a
field's own keys are run where they arrive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import getters
from textual.widgets import Input, TextArea

from tui.safe import safe
from tui.typed_app import app_type

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingsMap


class Line(Input):
    """A line of text."""

    app = getters.app(app_type)

    def on_paste(self, event: events.Paste) -> None:
        """Nothing that a terminal would obey gets in, and no line of it is lost."""
        event.text = " ".join(safe(event.text).replace("\t", " ").splitlines())

    async def _on_key(self, event: events.Key) -> None:
        if action := _bound(self._bindings, event):
            await self.app.run_action(action, self)


class Area(TextArea):
    """Lines of text."""

    app = getters.app(app_type)

    def on_paste(self, event: events.Paste) -> None:
        """Nothing that a terminal would obey gets in."""
        event.text = safe(event.text)

    async def _on_key(self, event: events.Key) -> None:
        if action := _bound(self._bindings, event):
            await self.app.run_action(action, self)


def _bound(bindings: BindingsMap, event: events.Key) -> str:
    """What a key is bound to in its field, which nobody else then hears of; empty for a key that is not bound."""
    for binding in bindings.key_to_bindings.get(event.key, ()):
        event.stop()
        event.prevent_default()
        return binding.action
    return ""
