"""The two forms in which quotes are compared: one exact enough to tell them apart, one quick enough to search by.

The words of a text are what is left when these are normalised: compatibility forms and accents (NFKC), soft
hyphens and other characters without a shape, the kinds of quote mark and of dash, white space, a hyphen at the end
of a line, and Markdown: emphasis, links (only their text is read), table bars and the row under a table's header.
Case stays. A text's key is coarser, and made in one pass, each code point for itself: so offsets come out of it.
"""

import codecs
import re
import unicodedata
from functools import lru_cache

_SHAPELESS = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff"
_ACCENTS = (
    "\u00a8\u00af\u00b8\u02d8-\u02dd\u037a\u0384\u0385"
    "\u1fbd-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf\u1fed\u1fee\u1ffe\u2017\u203e"
)
"""Accents that stand alone: in their compatibility forms each is a space with an accent."""

_CONTROLS = "\0\x01\x03-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"

_MARKS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
    | {"|": " "}
)
_DROPPED = re.compile(f"[{_SHAPELESS}{_CONTROLS}{_ACCENTS}]")

# A figure and what is set above, below or beside it are two: 10² is not 102, and 3½ is not 31/2.
_RAISED = re.compile(r"(?<=\d)(?=[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u215f\u2189])")

# White space tells only words apart, and "1, 5" from "1,5".
_LOOSE = re.compile(r" (?!\w)|(?<![\w.,:]) |(?<=[.,:]) (?!\d)")

_LINK = re.compile(r"\[([^\[\]]{0,2000}+)\]\((?:[^()\n]|\([^()\n]*+\))*+\)")
_RULE = re.compile(r"\n[ \t]*+[|:-][ \t|:-]*+(?=\r?\n|\Z)")
_EMPHASIS = re.compile(
    r"(?<![\w*`~])(?:[*_`]|~~)+(?=\S)|(?<=\S)(?:[*_`]|~~)+(?![\w*`~])|(?<=[^\W\d_])\*+(?=[^\W\d_])"
)
_LINE_END = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010\u2011][ \t]*+\r?\n\s*+(?=[^\W\d_])")

_MAYBE_HYPHEN = "\x02"
"""Stands for a hyphen at a line's end, which may belong to the word or only break it."""

MOST_TABLES = 2_000
"""Tables of a text whose lines are known as such: more come of hostile texts alone."""

_UNKEYED = f"-*_`~|{_MAYBE_HYPHEN}"
"""What normalising leaves out in some places, beside what has no shape."""

_FRACTION = "\u2044"
"""The stroke of ½ in its compatibility form."""

_HYPHENS = re.compile(f"[-{_MAYBE_HYPHEN}]+")


def visible(text: str) -> str:
    """The text with NUL for what Markdown does not show of links and tables; as long as the text."""
    if "](" in text:
        text = _LINK.sub(lambda link: f"\0{link[1]}".ljust(len(link[0]), "\0"), text)
    if "|" in text:
        text = _RULE.sub(_nothing, text, MOST_TABLES)
    return text


def plain(text: str) -> str:
    """A visible text with NUL for its emphasis and for the breaks in its words; as long as the text."""
    text = _EMPHASIS.sub(lambda found: "\0" * len(found[0]), text.replace(_MAYBE_HYPHEN, "\0"))
    return _LINE_END.sub(lambda found: _MAYBE_HYPHEN.ljust(len(found[0]), "\0"), text)


def _nothing(found: re.Match[str]) -> str:
    """Only the line break of a row that draws a line."""
    return "\n".ljust(len(found[0]), "\0") if "|" in found[0] and "-" in found[0] else found[0]


class Words:
    """What a plain text says, for comparing."""

    def __init__(self, text: str) -> None:
        """`text` is `plain(visible(...))`, or a part of that."""
        text = _DROPPED.sub("", _RAISED.sub(" ", text).translate(_MARKS))
        text = " ".join(unicodedata.normalize("NFKC", text).replace(_FRACTION, "/").split())
        text = _LOOSE.sub("", text)
        parts: list[str] = []
        self._hyphens: set[int] = set()
        """Where hyphens stand, in `_text`."""
        self._maybe: set[int] = set()
        """Where hyphens may stand or not."""
        end = length = 0
        for found in _HYPHENS.finditer(text):
            parts.append(text[end : found.start()])
            end, length = found.end(), length + len(parts[-1])
            (self._hyphens if "-" in found[0] else self._maybe).add(length)
        self._text = "".join([*parts, text[end:]])

    @property
    def first(self) -> str:
        """What they begin with: `-` for any hyphen, dash or minus."""
        return "-" if 0 in self._hyphens else self._text[:1]

    @property
    def last(self) -> str:
        """What they end with."""
        return "-" if len(self._text) in self._hyphens else self._text[-1:]

    def same(self, other: "Words") -> bool:
        """Whether both say the same."""
        if self._text != other._text:
            return False
        return self._hyphens <= other._hyphens | other._maybe and other._hyphens <= self._hyphens | self._maybe


def is_mark(character: str, mark: str) -> bool:
    """Whether it is that mark; `-` is any hyphen, dash or minus."""
    return character.translate(_MARKS) == mark


def is_unkeyed(character: str) -> bool:
    """Whether a text's key passes over it."""
    return not key_of(character)


# The key of a text is bytes, because no other way to look at every code point is quick enough. Most texts are made
# of ASCII, Latin-1 and some typography, which have a byte each; others are spelt in hexadecimal digits of a kind
# that stands for nothing else.
_TYPOGRAPHY = "‘’“”„–—…′″−‑•œ\u2009\u202f"
_NO_CHARACTER = "\ufffe"
_COMMON = "".join(map(chr, range(0x80))) + _TYPOGRAPHY + 16 * _NO_CHARACTER + "".join(map(chr, range(0xA0, 0x100)))
_BYTES = {character: bytes([code]) for code, character in enumerate(_COMMON) if character != _NO_CHARACTER}
_DIGITS = bytes(code for code, character in enumerate(_COMMON) if character == _NO_CHARACTER)


@lru_cache(maxsize=8192)
def _bytes_of(character: str) -> bytes:
    """The key of one code point: nothing for what normalising may leave out or add."""
    kept: list[bytes] = []
    parts = unicodedata.normalize("NFKD", _DROPPED.sub("", character.translate(_MARKS))).replace(_FRACTION, "/")
    for part in parts:
        if unicodedata.combining(part) or part.isspace() or part in _UNKEYED or _DROPPED.match(part):
            continue
        digits = bytes(_DIGITS[int(digit, 16)] for digit in f"{ord(part):x}")
        kept.append(_BYTES.get(part, digits))
    return b"".join(kept)


def _rare(error: UnicodeError) -> tuple[bytes, int]:
    """Encodes the code points that have no byte (an error handler of `codecs`)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"".join(map(_bytes_of, error.object[error.start : error.end])), error.end


codecs.register_error("hubspoke.rare", _rare)
_CODEC = codecs.charmap_build(_COMMON)
_KEYS = {code: _bytes_of(character) for character, (code,) in _BYTES.items()}
_LEFT_OUT = bytes(code for code, key in _KEYS.items() if not key)
_LONG = [(bytes([code]), key) for code, key in _KEYS.items() if len(key) > 1]
_TABLE = bytes(_KEYS[code][0] if len(_KEYS.get(code, b"")) == 1 else code for code in range(256))


def key_of(text: str) -> bytes:
    """The key of a visible text: the same for texts with the same words, and the keys of its parts in a row."""
    if text.isascii():
        return text.encode().translate(_TABLE, _LEFT_OUT)
    key, _ = codecs.charmap_encode(text, "hubspoke.rare", _CODEC)
    for code, long in _LONG:
        key = key.replace(code, long)
    return key.translate(_TABLE, _LEFT_OUT)
