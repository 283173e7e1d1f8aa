"""An app that keeps what it said in passing, so that it can be read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.content import Content

from tui import notices
from tui.safe import safe_line

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel


class NoticingApp(App[int]):
    """Shows notices as `tui.notices` lays them out, one at a time, and keeps them all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f4", "notices", "what was said", show=False, id="app.notices"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.notices = notices.Notices()
        """What was said in passing."""

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Says something in passing, for as long as it takes to read, and keeps it."""
        said = safe_line(Content.from_markup(message).plain if markup else message)
        self.notices.keep(said, severity)
        lasts = notices.reading_s(said) if timeout is None else timeout
        shown = notices.cut(said, self.size.width)
        super().notify(shown, title=title, severity=severity, timeout=lasts, markup=False)

    def action_notices(self) -> None:
        """What was said in passing, to be read again."""
        from tui.screens.notices import NoticesScreen

        self.push_screen(NoticesScreen(self.notices.said))
