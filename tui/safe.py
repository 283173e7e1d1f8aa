"""The one gate before every place where untrusted text reaches a terminal."""

import re

_SEQUENCES = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?|[ -/]*[0-~])?"
    r"|\x9b[0-?]*[ -/]*[@-~]"
    r"|[\x90\x98\x9d\x9e\x9f][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
)
"""Escape sequences whole (CSI, OSC and the other strings, two-character ones), 7-bit and 8-bit."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""C0 but for tab and newline, DEL, and C1."""

_HIDDEN = re.compile("[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")
"""What reorders or hides text: bidi controls, zero-width characters, tags."""


def safe(text: str) -> str:
    """The text with nothing in it that a terminal would obey: escape sequences, control and bidi characters go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN.sub("", _CONTROLS.sub("", _SEQUENCES.sub("", text)))


def safe_line(text: str, width: int = 0) -> str:
    """The text on one line, cut to a width (characters) with an ellipsis if one is given."""
    line = " ".join(safe(text).split())
    return line if not width or len(line) <= width else f"{line[: width - 1]}…"
