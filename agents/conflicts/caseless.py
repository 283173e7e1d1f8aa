"""Texts in lower case, place by place: what patterns of small letters are matched against.

Such a pattern finds what it would find in the text itself if case made no difference to it, several times as fast.
"""

# Beside A to Z, letters that stand for one of a to z where case makes no difference; the last is the kelvin sign.
_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZİıſ\u212a", "abcdefghijklmnopqrstuvwxyziisk")


def lowered(text: str) -> str:
    """The text with small letters for those of A to Z; as long as before."""
    return text.lower() if text.isascii() else text.translate(_LOWER)
