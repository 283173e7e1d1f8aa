"""Untrusted text, made harmless: nothing is left that a terminal would obey, that hides, or that reorders."""

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

_UNSAFE = re.compile(f"{_CONTROLS.pattern}|{_HIDDEN.pattern}")


def safe(text: str) -> str:
    """The text with nothing in it that a terminal would obey: escape sequences, control and bidi characters go."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _HIDDEN.sub("", _CONTROLS.sub("", _SEQUENCES.sub("", text)))


def safe_line(text: str, width: int = 0) -> str:
    """The text on one line, cut to a width (characters) with an ellipsis if one is given."""
    line = " ".join(safe(text).split())
    return line if not width or len(line) <= width else f"{line[: width - 1]}…"


def safe_json(data: bytes) -> bytes:
    """The same JSON with those characters written as escapes: a program reads them, a terminal does not obey."""
    return _UNSAFE.sub(_escaped, data.decode()).encode()


def _escaped(match: re.Match[str]) -> str:
    """A character of a JSON string as JSON escapes it, in two halves where it lies beyond the first plane."""
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
