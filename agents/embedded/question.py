"""What a question asks: the words that carry it, whether it is narrow, whether it wants figures."""

import re
from dataclasses import dataclass

from agents.embedded.text import COMMON, LIGHT, distinct, stem, terms

_NARROW = re.compile(
    r"(?:how\s+(?:do|does|can|could|should|would|may|must)\s+(?:i|one)\b"
    r"|how\s+(?:to|many|much|long|often|old|big|large|far|fast|high|deep|heavy|tall|wide)\b"
    r"|(?:when|who|whose|(?:(?:in|on|at|by|from|until|since)\s+)?(?:what|which)\s+(?:year|month|day|date|time))\b"
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
_SHARE_OF = re.compile(r"\b(?:what|which)\s+(?:share|number|percentage|proportion|fraction)\s+of\b", re.IGNORECASE)
"""How a question asks for a figure with a word that says nothing of what it is about."""

_COUNTS = re.compile(
    rf"{_SHARE_OF.pattern}"
    r"|how\s+(?:many|much|often|long|old|big|large|far|fast|high|deep|heavy|tall|wide)\b"
    r"|what\s+(?:do|does|did|will|would)\s.*(?<!\bthe)(?<!\bof)(?<!\bon)(?<!\bfor)(?<!\babout)(?<!\band)"
    r"\s(?:cost|earn|weigh)\b"
    r"|what\s+(?:is|was|are|were)\s+(?:the|an?|its|their)\s+(?:[\w-]+\s+){0,3}?"
    r"(?:age|average|budget|capacity|cost|depth|distance|fare|fee|height|income|length|median|number|percentage|price|"
    r"rate|rent|salary|share|size|speed|temperature|total|wage|weight|width)s?\b",
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
    def about(self) -> str:
        """Its text without the words that only ask for a figure."""
        return _about(self.text)

    @property
    def narrow(self) -> bool:
        """Whether it is plainly narrow by its form: a how-to, a who, when or how many, a single named thing."""
        match = _NARROW.match(self.text)
        kind = ((match and match["kind"]) or "").lower()
        # "Which command …" asks for one thing; "what effect …" and "which sectors …" do not.
        open_ended = kind in _VERBS or kind.endswith("s") or (stem(kind) in LIGHT and not kind.endswith("ing"))
        return bool(self.names) or self.counts or (match is not None and not (kind and open_ended))

    @property
    def counts(self) -> bool:
        """Whether only a number answers it."""
        return bool(_COUNTS.match(self.text))

    @property
    def wants_figures(self) -> bool:
        """Whether an answer is likely to be a number."""
        return self.counts or bool(_FIGURES.search(self.text))

    @property
    def names(self) -> tuple[str, ...]:
        """What it spells out as code does: options, files, identifiers."""
        return tuple(distinct(match.strip("`") for match in _NAME.findall(self.text)))


def read_question(text: str) -> Question:
    """The question of a text."""
    found = distinct(terms(_about(text)))
    strong = [term for term in found if term not in LIGHT] or found
    subject = [term for term in strong if term not in COMMON] or strong
    return Question(" ".join(text.split()), tuple(found), tuple(strong), tuple(subject))


def _about(text: str) -> str:
    return _SHARE_OF.sub("how many", text)
