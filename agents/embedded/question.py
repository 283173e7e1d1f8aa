"""What a question asks: the words that carry it, whether it is narrow, whether it wants figures."""

import re
from dataclasses import dataclass

from agents.embedded.text import COMMON, LIGHT, distinct, stem, terms

_NARROW = re.compile(
    r"(?:how\s+(?:do|does|can|could|should|would|may|must)\s+(?:i|one)\b"
    r"|how\s+(?:to|many|much|long|often|old|big|large|far|fast)\b"
    r"|(?:when|who|whose)\b"
    r"|(?:in|at|with|by|from|on)?\s*(?:which|what)\s+(?P<kind>[\w-]+)\s"
    r"|where\s+(?:is|are|does|do|can)\s+(?:the|a|an|my|i|you|we)\b)",
    re.IGNORECASE,
)
_VERBS = frozenset("is are was were do does did has have can could should would will happens".split())
_FIGURES = re.compile(
    r"\bhow\s+(?:many|much|often|long|large|big|fast|far|old)\b|\b(?:percent\w*|per\s+cent|share|rate|number|cost|costs|"
    r"price|prices|income|figure|figures|average|median|total|statistics)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"`[^`]+`|(?<!\w)--?[a-z][\w-]+|\b\w*[a-z0-9]_\w+\b|\b\w+\.(?!\s)[a-z]\w*\b|\b[A-Z]{2,}\d+\b|\b\w+\(\)"
)


@dataclass(frozen=True)
class Question:
    """A question as the engine reads it; all terms are stems, by first appearance."""

    text: str
    terms: tuple[str, ...]
    strong: tuple[str, ...]
    """The terms that are not light, or all where only light ones stand."""

    subject: tuple[str, ...]
    """The terms that carry its subject: those that are not words of every day, or the strong ones."""

    @property
    def narrow(self) -> bool:
        """Whether it is plainly narrow by its form: a how-to, a who, when or how many, a single named thing."""
        match = _NARROW.match(self.text)
        kind = ((match and match["kind"]) or "").lower()
        # "Which command …" asks for one thing; "what effect …" and "which sectors …" do not.
        open_ended = kind in _VERBS or kind.endswith("s") or (stem(kind) in LIGHT and not kind.endswith("ing"))
        return bool(self.names) or (match is not None and not (kind and open_ended))

    @property
    def wants_figures(self) -> bool:
        """Whether an answer is likely to be a number."""
        return bool(_FIGURES.search(self.text))

    @property
    def names(self) -> tuple[str, ...]:
        """What it spells out as code does: options, files, identifiers."""
        return tuple(distinct(match.strip("`") for match in _NAME.findall(self.text)))


def read_question(text: str) -> Question:
    """The question of a text."""
    found = distinct(terms(text))
    strong = [term for term in found if term not in LIGHT] or found
    subject = [term for term in strong if term not in COMMON] or strong
    return Question(" ".join(text.split()), tuple(found), tuple(strong), tuple(subject))
