"""What a phrase beside a value says of it, told by how the phrase begins."""

import re
from collections.abc import Iterator

from agents.conflicts.gist import DATE, EVERY, PARTS, phrases
from agents.conflicts.places import where
from agents.conflicts.qualifiers import periods
from sessions.findings import ConflictKind

_METHOD = (
    r"as (?:[a-z]+ )?[a-z]+ed\b|as (?:[a-z]+ )?\w+s (?:[a-z]+ )?\w+d\b|according to|based on"
    r"|on the (?:basis|strength) of"
    r"|estimat|extrapolat|model|simulat|project|measured (?:by|with|on|from)"
    r"|(?:derived|calculated|taken|drawn|read) from"
    r"|us(?:ing|ed)\b|via\b|judging|counted (?:in full|by|with)|by (?:an?|the|its) |reported by|obtained"
    r"|from (?:an?|the) \w+"
    r"|on site|in full"
)
_DEFINITION = (
    r"count|includ|exclud|without|with\b|where\b|if\b|when only|before|after|net\b|gross\b|measured as|weighed"
    r"|defin|taking"
    r"|meaning|not |only (?=[a-z])|leaving|plus|minus|ignor|whether|under an?|under the"
    r"|in (?:the )?(?:\w+ )?(?:sense|terms)"
)
_PEOPLE = r"among|for\b|by\b|from\b|of\b|to\b|who\b|asked|in (?!all\b|the\b|its\b)[a-z]+s\b"
_PLACE = r"in\b(?! all\W*$)|at\b|on\b|within|across|along|throughout|outside|inside|nationwide|around|near\b"
_OPENINGS: tuple[tuple[ConflictKind, str], ...] = (
    ("different_definition", r"measured as|counted (?!in full|by|with)|before|after"),
    ("different_method", _METHOD),
    ("different_definition", _DEFINITION),
    ("different_population", _PEOPLE),
    ("different_scope", _PLACE),
)
_SHAPES: list[tuple[ConflictKind, re.Pattern[str]]] = [
    (kind, re.compile(rf"\W*(?:{opening})", re.IGNORECASE)) for kind, opening in _OPENINGS
]


def qualifying(text: str, other: str) -> Iterator[tuple[str, ConflictKind]]:
    """The phrases of a text that say what the other does not, each with what it tells apart.

    Read are the parts that punctuation sets off and, of the rest, the phrases that say where or of whom.
    """
    said = _words(other)
    text = DATE.sub(" ", text)
    for part in PARTS.split(text):
        if _words(part) - said and (shape := _shape(part)):
            yield part.strip(), shape
            continue
        for phrase in phrases(part):
            shape = _shape(phrase)
            if shape in ("different_scope", "different_population") and _tells(phrase, said, other):
                yield phrase.strip(), shape


def _tells(phrase: str, said: frozenset[str], other: str) -> bool:
    """Whether a phrase names a place that the other text does not, or a part or the whole of what it is about."""
    names, others = where(phrase).names, where(other).names
    if not _words(phrase) - said:
        return False
    # "In the province of Oslo" says more than "in Oslo" does.
    before = phrase[: min((phrase.find(name) for name in names), default=0)]
    return bool(names - others or _words(before) - said or EVERY.search(phrase) or EVERY.search(other))


def _shape(phrase: str) -> ConflictKind | None:
    """What a phrase tells by how it begins; a date is nothing of these."""
    if periods(phrase) or re.search(r"\b(?:years?|months?|today|now|quarter|season)\b", phrase):
        return None
    for kind, opening in _SHAPES:
        if opening.match(phrase):
            return "different_scope" if kind == "different_population" and where(phrase).names else kind
    return None


def _words(text: str) -> frozenset[str]:
    """The words of a text that may tell it from another."""
    return frozenset(word for word in re.findall(r"[^\W\d_]{2,}", text.lower()) if word not in ("the", "of", "in"))
