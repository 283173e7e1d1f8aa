"""An app that is seen before it can be used: the first frame comes first."""

from __future__ import annotations

from textual import events

from tui.noticing import NoticingApp


class OpeningApp(NoticingApp):
    """What is pressed or pasted before the first screen can take it waits, and is not lost."""

    def __init__(self) -> None:
        super().__init__()
        self._early: list[events.Event] | None = []
        """What waits; None once nothing has to."""

    async def on_event(self, event: events.Event) -> None:
        """Input goes on when there is something that it can be meant for."""
        comes = isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded
        if comes and self._early is not None:
            self._early.append(event)
        else:
            await super().on_event(event)

    def opened(self) -> None:
        """The first screen is whole."""
        # By a message, as a field gets the focus, and after it.
        self.call_later(self._take_early)

    async def _take_early(self) -> None:
        early, self._early = self._early or [], None
        for event in early:
            await super().on_event(event)
