"""What a phrase beside a value says of it, told by how the phrase begins and where it stands."""

import re
from collections.abc import Iterator

from agents.conflicts.parts import ALONE, DATE, EVERY, asides, phrases, split
from agents.conflicts.places import where
from agents.conflicts.qualifiers import cues, says_when
from agents.conflicts.roots import root
from agents.stemming import stem
from sessions.findings import ConflictKind

_METHOD = (
    r"as (?:[a-z]+ )?[a-z]+ed\b|as (?:[a-z]+ )?\w+s (?:[a-z]+ )?\w+d\b|according to|based on"
    r"|on the (?:basis|strength) of"
    r"|estimat|extrapolat|model|simulat|project|measured (?:by|with|on|from)"
    r"|(?:derived|calculated|taken|drawn|read) from"
    r"|us(?:ing|ed)\b(?! by)|via\b|judging|counted (?:in full|by|with)|reported by|obtained"
    r"|from (?:an?|the) \w+"
    r"|on site|in full|as (?:the|an?|its|their) [^,]*\b(?:reports?|counts?|puts?|sees|estimates?)\b"
)
_DEFINITION = (
    r"count(?!r|y)|includ|exclud|without|with\b|where\b|if\b|when only|before|after|net\b|gross\b|measured as"
    r"|weighed|defin|taking\b"
    r"|meaning|not |at (?:least|most)\b|only (?=[a-z])|leaving|plus|minus|ignor|whether|under an?|under the"
    r"|in (?:the )?(?:\w+ )?(?:sense|terms)"
)
_QUESTIONED = r"(?:we|they|it|researchers|the [a-z]+) (?:asked|surveyed|polled|interviewed|questioned)\b"
_PEOPLE = (
    r"(?:asked )?among|for\b|by\b|from\b|of\b|to\b|who\b"
    rf"|{_QUESTIONED}"
    r"|(?:in|at|on) (?!all\b|the\b|its\b|both\b)(?:[a-z][\w-]* ){0,3}?[a-z]+s\b"
)
_PLACE = (
    r"over\b|in\b(?! all\W*$)|at\b|on\b|within|across|along|throughout|outside|inside|nationwide|around|near\b"
)
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
# How a sentence opens says who told it; what follows a comma says how it was found.
_SOURCE = re.compile(r"\bAccording to [^,.]+,")
# "In the decade to 2010", "at weekends" say when; "at least one day a week" does not.
_TIME = re.compile(
    r"\W*(?:(?:in|on|at|during|over|for|by|since|until|from|as|this|last|next|past|previous|the|latest)\b[^,]*?"
    r"(?<!\ba )(?<!per )(?<!each )(?<!every ))?\b(?:years?|months?|weeks?|today|now|quarter|seasons?|decades?"
    r"|century|(?:week)?days?|weekends?|nights?|mornings?|evenings?|holidays|winter|spring|summer|autumn|latest)\b"
    r"(?!\s(?:a|per|each|every)\b)",
    re.IGNORECASE,
)
_IDIOM = re.compile(
    r"\W*(?:on average|in (?:total|all|full|general)|at all|by far|for (?:example|instance))\W*$", re.I
)
# A part of a place: what is "from" or "of" it is not people.
_SITE = re.compile(
    r"\b(?:terminal|branch|wing|floor|quarter|zone|sector|block|depot|quay|harbour|port|airport|campus|site|valley"
    r"|slope|area|river|forest|island|village|town|cit(?:y|ies)|suburb|borough|parish|municipalit|district|region"
    r"|province|count(?:y|ies)|countr|state|coast|square|street|highland|mainland|territor|continent)",
    re.IGNORECASE,
)
_OF_NAME = re.compile(
    r"\W*(?:the\s)?[A-ZÀ-Ý][\w-]*(?:\s[A-ZÀ-Ý][\w-]*)*(?:['’]s\s[a-z]|\sand\s(?:its|the)\s|,?\sas\sa\swhole)"
)
_ASKED = re.compile(rf"\W*{_QUESTIONED}", re.IGNORECASE)
# "All campuses used …" against "the North Campus used …".
_WHOLE_OF = re.compile(
    r"\W*(?:all|every|both|the (?:whole|entire))\s(?:(?:of|the|its|our)\s)*(?P<noun>[a-z]+)\b", re.IGNORECASE
)
_LINKING = frozenset(
    "the a an of in at on to by from for as over around near across along through is was were are be been has have"
    " had its their and".split()
)
# What a note may hold anywhere, and not only begin with.
_FOUND = re.compile(
    r"\b(?:estimat|simulat|extrapolat|projection|measurement|readings?\b|inferred|modell|survey|poll|census"
    r"|regist(?:er(?!ed)|r)"
    r"|records|head count|guess|audit|forecast|statistic|interview|questionnaire|invoice|images?\b|instrument"
    r"|sensor|observ|sampl|tally|self-|check(?:ed|s)?\b|verif|inspect|calculat|comput|formula|procedure"
    r"|(?:old|new|former|previous|current|usual)\s(?:way|method|rules?|approach))",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\b(?:count(?!y|ies|r)|includ|exclud|left (?:out|aside)|ignor|merged|weigh|measured|without|not\b|adjust)",
    re.IGNORECASE,
)
# "One visit is enough", "moves count as leaving": a rule.
_RULE = re.compile(r"\b(?:is|are|being|counts?|means?|must|suffices?|qualify|qualifies)\b", re.IGNORECASE)
_BY = re.compile(r"\bby\s(?!\w+ing\b)", re.IGNORECASE)
# "The upper Vallon", "all lines of Eddersby", "Tarnholm's old quarter": a place that no preposition leads to.
_PLACE_NAME = re.compile(
    r"\W*(?:the|all|every|each|both|whole|entire)\s(?:[a-z][\w’'-]*\s){0,5}?"
    r"[A-ZÀ-Ý][\w-]+(?:\s[A-ZÀ-Ý][\w-]+)*(?:['’]s)?(?:\s[a-z][\w-]+){0,2}\W*"
)
# "By satellite", "by hand": a means; "by women", "by staff" are not.
_MEANS = re.compile(r"\W*by\s(?!women|men|people|children|staff)[a-z]+[^s\W](?:\son\ssite)?\W*", re.IGNORECASE)
_ONLY = re.compile(r"\b(?:only|alone)\b", re.IGNORECASE)
# "Night shifts disregarded", "tips taken into account", "a tie is a win": what counts, and as what.
_RULED = re.compile(
    r"(?!.*\bby\b).*\s(?:\w+ed(?:\s(?:in|out))?|taken into account)\W*|\W*an?\s\w+\s\w+s\s.*", re.IGNORECASE
)
# "That is …", "here, we consider …": what leads to a note is not the note.
_LEADING = re.compile(
    r"^\W*(?:[a-z]+\s){1,4}?(?:is|are|means?|consider(?:s|ed)?|refers? to|covers?|concerns?|looks? at)\s"
    r"(?:that\s)?",
    re.IGNORECASE,
)
_MANY = re.compile(r"(?:[\w-]+\s){0,3}?(?:[\w-]*[^s\W]s|people|women|men|children|staff)\b", re.IGNORECASE)


def noted(text: str, value: str, other: str, other_value: str) -> dict[str, ConflictKind | None]:
    """The asides of a text that the other does not make, each with what it tells apart, None if its form does not.

    "Organic farms" says nothing that "organic and conventional farms" does not, and yet it tells them apart.
    """
    said = _words(other)
    against = [_words(part) for part in asides(other, other_value) if _words(part) - _words(text)]
    found: dict[str, ConflictKind | None] = {}
    for part in asides(text, value):
        words = _words(part)
        if not _dates(part) and (words - said or any(words & counter for counter in against)):
            found[part] = _noted(part)
    return found


def _noted(part: str) -> ConflictKind | None:
    """What an aside tells apart by its words."""
    shape = _shape(part)
    if shape is None:
        part = _LEADING.sub("", part)
        shape = _shape(part)
    if (
        shape == "different_scope"
        or where(part).names
        or ALONE.fullmatch(part)
        or _PLACE_NAME.fullmatch(part)
        or _OF_NAME.match(part)
    ):
        return "different_scope"
    if shape == "different_method" or _MEANS.fullmatch(part) or (_FOUND.search(part) and not _COUNTED.match(part)):
        return "different_method"
    if _COUNTED.search(part):
        return "different_definition"
    if shape is None and _ONLY.search(part) and "population" in cues(part):
        return "different_population"
    if shape is None and (
        _RULED.fullmatch(part) or _ONLY.search(part) or (_RULE.search(part) and not _BY.search(part))
    ):
        return "different_definition"
    return shape or ("different_population" if _MANY.match(part) else None)


def qualifying(text: str, other: str) -> Iterator[tuple[str, ConflictKind]]:
    """The phrases of a text that say what the other does not, each with what it tells apart.

    Read are the parts that punctuation sets off and, of the rest, the phrases that say where or of whom.
    """
    said = _words(other)
    text = DATE.sub(" ", _SOURCE.sub(" ", text))
    for part in split(text):
        if f"{part}:" in text and not where(part).names and not _ASKED.match(part):
            continue
        shape = _shape(part) or ("different_scope" if _PLACE_NAME.fullmatch(part) else None)
        if shape and _words(part) - said:
            yield part.strip(), shape
            continue
        if (whole := _WHOLE_OF.match(part)) and root(stem(whole["noun"])) in said:
            yield whole.group(), "different_scope" if _SITE.match(whole["noun"]) else "different_population"
        for phrase in phrases(part, of_name=True):
            shape = _shape(phrase)
            if shape in ("different_scope", "different_population") and _tells(phrase, said, other):
                yield phrase.strip(), shape


def _tells(phrase: str, said: frozenset[str], other: str) -> bool:
    """Whether a phrase names a place that the other text does not, or a part or the whole of what it is about."""
    names, others = where(phrase).names, where(other).names
    if _IDIOM.match(phrase) or not (new := _words(phrase) - said):
        return False
    # "In the province of Oslo" says more than "in Oslo" does.
    return bool(names - others or (names and new) or EVERY.search(phrase) or EVERY.search(other))


def _shape(phrase: str) -> ConflictKind | None:
    """What a phrase tells by how it begins; a date is nothing of these."""
    if _dates(phrase) or _IDIOM.match(phrase):
        return None
    for kind, opening in _SHAPES:
        if opening.match(phrase):
            if kind != "different_population":
                return kind
            found = "different_method" if _FOUND.search(phrase) else kind
            return "different_scope" if where(phrase).names or _SITE.search(phrase) else found
    return None


def _dates(phrase: str) -> bool:
    """Whether a phrase only says when."""
    return bool(DATE.search(phrase) or _TIME.match(phrase) or says_when(phrase))


def _words(text: str) -> frozenset[str]:
    """The roots of the words of a text that may tell it from another."""
    words = re.findall(r"[^\W\d_]{2,}", text.lower())
    return frozenset(root(stem(word)) for word in words if word not in _LINKING)
