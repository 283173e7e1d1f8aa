"""What is said in passing: one notice at a time, over the key line, where it hides nothing; and kept."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.safe import safe_line

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

KEPT = 200
"""So many notices can be read again."""

_LOST = 8
"""Columns of a row that are the strip's own, or may be lost where it wraps."""

STYLES: dict[SeverityLevel, str] = {"information": "", "warning": "$warning", "error": "$error"}
"""A notice's colour, by how grave it is."""

ROWS = 2
"""So many rows the longest notice takes, cut where it is longer: no form has a field so low."""

CSS = f"""
ToastRack {{ margin-bottom: 0; overflow-y: hidden; }}
ToastHolder {{ display: none; }}
ToastHolder:last-child {{ display: block; }}
Toast {{
    width: 100%; max-width: 100%; max-height: {ROWS}; margin: 0; padding: 0 1; background: $panel-lighten-1;
}}
PromptScreen ToastRack {{ margin-bottom: 2; }}
RunScreen ToastRack {{ margin-bottom: 1; }}
RunScreen Toast {{ height: 1; text-wrap: nowrap; text-overflow: ellipsis; }}
"""
"""The library's toasts as one strip at the bottom: over the keys, which `?` tells as well.

It stands above what is typed into a prompt, and of a run over its event line.
"""


@dataclass(frozen=True)
class Notice:
    """A sentence that was said, how grave it is, and when by the wall clock."""

    text: str
    severity: SeverityLevel
    at: float = field(default_factory=time.time)


class Notices:
    """What was said in this window, the oldest first."""

    def __init__(self) -> None:
        self.said: deque[Notice] = deque(maxlen=KEPT)

    def keep(self, text: str, severity: SeverityLevel = "information") -> None:
        """Keeps a notice; what is said again at once is the same one."""
        if not self.said or (self.said[-1].text, self.said[-1].severity) != (text, severity):
            self.said.append(Notice(text, severity))


def cut(text: str, width: int) -> str:
    """As much of a notice as has room on a screen of so many columns."""
    return safe_line(text, ROWS * max(_LOST + 1, width - _LOST))


def reading_s(text: str) -> float:
    """For how many seconds a notice has to stand to be read."""
    return 3.0 + len(text) / 25
