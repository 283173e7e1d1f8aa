"""Pastes without escape characters: the library takes those in the middle of one for keys that were pressed.

A terminal puts marks around what is pasted. Most take escape characters out of it, but not all do; with one in it,
letters would be typed, a line's end would be enter, and two in a row would be escape: the form is sent, or left.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.message import Message

ESCAPE, BEGIN, END = "\x1b", "\x1b[200~", "\x1b[201~"


class Pastes:
    """What a terminal sends, piece by piece, with the escape characters of every paste taken out."""

    def __init__(self) -> None:
        self._within = False
        self._before = ""
        """The last characters outside of a paste, which may be the beginning of its mark."""
        self._held = ""
        """What may be the beginning of the mark at its end."""

    def clean(self, data: str) -> str:
        """The next piece, as far as it is known what it means."""
        cleaned = ""
        while data:
            if self._within:
                text, end, data = (self._held + data).partition(END)
                self._held = "" if end else _begun(text)
                cleaned += text.removesuffix(self._held).replace(ESCAPE, "") + end
                self._within = not end
            else:
                at = (self._before + data).find(BEGIN)
                taken = len(data) if at < 0 else at + len(BEGIN) - len(self._before)
                cleaned, self._before, data = (
                    cleaned + data[:taken],
                    "" if at >= 0 else (self._before + data)[1 - len(BEGIN) :],
                    data[taken:],
                )
                self._within = at >= 0
        return cleaned


def _begun(text: str) -> str:
    """The longest end of a text with which the mark at a paste's end may begin."""
    return next((END[:size] for size in range(len(END) - 1, 0, -1) if text.endswith(END[:size])), "")


class PasteParser(XTermParser):
    """Reads keys and pastes."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pastes = Pastes()

    def feed(self, data: str) -> Iterable[Message]:
        """What was pressed or pasted; without data, that the terminal is gone."""
        cleaned = self._pastes.clean(data)
        return super().feed(cleaned) if cleaned or not data else ()


def guard() -> None:
    """Has the terminal read so from now on. The library has no place to say it: its driver finds it by name."""
    if sys.platform != "win32":
        from textual.drivers import linux_driver  # where there is no termios, it cannot be imported

        setattr(linux_driver, XTermParser.__name__, PasteParser)
