"""Untrusted text on its way to a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.safe import safe, safe_line

HOSTILE = [
    "\x1b[2J\x1b[1;1Hwiped",
    "\x1b]52;c;aGVsbG8=\x07copied",
    "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x9b31mred",
    "\x9d0;title\x9c",
    "\x1bP+q544e\x1b\\dcs",
    "\x1b]0;never closed",
    "safe\u202egnp.exe",
    "zero\u200bwidth\ufeff",
    "\x00\x07\x08\x7f\x85",
    "\x1b",
    "\x1b[",
    "a\rb",
]


def _obeyed(text: str) -> list[str]:
    """Characters that a terminal obeys instead of showing."""
    return [
        c for c in text if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c in "\u202e\u200b\ufeff"
    ]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert _obeyed(safe(text)) == []


def test_words_stay_and_sequences_go_whole() -> None:
    assert safe("\x1b[31mred\x1b[0m plain\tkept\n") == "red plain\tkept\n"
    assert safe("\x1b]52;c;aGVsbG8=\x07copied") == "copied"
    assert safe("[/red] [@click=app.quit]") == "[/red] [@click=app.quit]"
    assert safe("naïve – “quoted” 漢字 é") == "naïve – “quoted” 漢字 é"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_becomes_harmless_and_stays_so(text: str) -> None:
    once = safe(text)
    assert _obeyed(once) == []
    assert safe(once) == once


def test_a_line_is_one_line_and_as_wide_as_asked() -> None:
    assert safe_line("a\n\n b\tc") == "a b c"
    assert safe_line("abcdef", 4) == "abc…"
