"""The demo's guide: two lines above the key line that say what is to be seen and which key comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from tui.demo import guide, is_demo

if TYPE_CHECKING:
    from sessions.state import RunState


class Guide(Static):
    """What a newcomer is told just now; it takes no key, and no room in a run that is not the demo's."""

    # As high whatever it says: the panes above it stay where they are.
    DEFAULT_CSS = """
    Guide { display: none; height: 2; padding: 0 1; background: $boost; color: $text; }
    Guide.-demo { display: block; }
    """

    def __init__(self, state: RunState | None = None) -> None:
        """`state` is the run's, where it will not change while one looks."""
        super().__init__()
        self._state = state
        self._said = ""

    def on_mount(self) -> None:
        """Says at once what is known already."""
        if self._state is not None:
            self.look(self._state, self._state.seconds)

    def look(self, state: RunState, clock: float) -> None:
        """Shows what is to be said of the run as it stands when its clock says so."""
        self.set_class(is_demo(state), "-demo")
        said = guide(state, clock) if self.has_class("-demo") else ""
        if said != self._said:
            self._said = said
            self.update(Content.assemble(("demo  ", "bold $accent"), said), layout=False)
