"""The parts of a text that gives a value, told by where they stand: what states it, and what stands beside."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from agents.conflicts.frames import unframed
from agents.conflicts.places import where
from agents.conflicts.roots import roots

VALUE = "\0"
"""Stands on both sides of the value of a masked text, which keeps the noun that is counted between them."""
_EDGE = re.compile(r"[,;:|()\[\]{}?!\n\t=\"*/#+~·•¹²³†‡→⇒›»▸]|[=-]>|\s[–—-]+\s|[–—]|\.(?=\s|$)|\.{2,}")
_PREPOSITION = re.compile(
    r"\b(?:in|at|on|across|along|within|throughout|outside|inside|among(?:st)?|for|by|from|to|with|without|under"
    r"|over|between|around|near|through|of)\b",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"[,;:|()]|\b(?:is|was|are|were|be|been|has|have|had|do|did|does|that|which|who|where|while)\b|\0",
    re.IGNORECASE,
)
_ALL = (
    "all|whole|entire|every|everyone|any|both|together|overall|only|alone|nation-?wide|country-?wide|world-?wide"
    "|as a whole|at large"
)
WHOLE = re.compile(rf"\b(?:{_ALL})\b", re.IGNORECASE)
EVERY = re.compile(rf"\b(?:{_ALL}|including|excluding|without)\b", re.IGNORECASE)
# A date, however it is told: its words measure nothing.
_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_TIMES = (
    "months?|quarters?|half|years?|winter|spring|summer|autumn|seasons?|weeks?|decades?|century|weekdays?|weekends?"
    f"|{_MONTHS}"
)
_SPAN = (
    "first|second|third|fourth|early|late|mid|whole|full|twelve|six|three|financial|fiscal|calendar|end|start|beginning"
    f"|{_TIMES}"
)
# "11 hours a month in 2021": the month is no part of the date.
DATE = re.compile(
    rf"(?<!\ba )(?<!per )(?<!each )\b(?:(?:in|at|on|by|for|since|until|during|over|as of|to|from|through(?:out)?"
    rf"|between|of|and|the|{_SPAN})\s+)*"
    r"(?:1[5-9]|20)\d\d(?:[-–/]\d\d(?:\d\d)?|\s?[-–/]\s?(?:1[5-9]|20)\d\d)?\b(?:\s(?:season|year))?"
    rf"|\b(?:in|at|on|by|during|over|for|as of)\s(?:(?:the|of|{_SPAN}|last|past|previous|this)\s)*(?:{_TIMES})\b",
    re.IGNORECASE,
)
ALONE = re.compile(r"\W*(?:the\s)?[A-ZÀ-Ý][a-zß-ɏ’']+(?:[\s-][A-ZÀ-Ý][a-zß-ɏ’']+){0,2}\W*")
"""A part that is nothing but a name."""
PLACED = re.compile(
    r"\b(?:region|area|district|country|province|state|city|county|nation|coast|place)\w*", re.IGNORECASE
)
# "The board noted that …": who says it is not what is said; "patients that were seen" says who.
_SAID = re.compile(
    r"^[^\0]*?\b(?:\w+ed|sa(?:ys?|id)|f(?:ind|ound)|known|wrote|told(?:\s\w+){0,2}?|means?|(?:\w+\s)?out"
    r"|(?:says|shows|finds|confirms|reports|writes|notes|records|states|claims|holds|estimates|observes|concludes)"
    # "Readers may like to learn that …", "we know that …"
    r"|(?:to|may|might|can|must|would|i|we|you)\s[a-z]+)"
    r"\s+that\s(?!(?:is|are|was|were|ha[sd]|have|do|did|can|will)\b)",
    re.IGNORECASE,
)
_TELLER = re.compile(
    r"^\s*(?:the|an?|its|our)\s.*\b(?:reports?|says?|said|writes?|wrote|notes?|announce[sd]|states?)\W*$"
)
# "Of the artists who use it, 5 % pay": who they are is not what they do.
_RESTRICTED = re.compile(
    r"((?:^|[.:;,]\s)(?:of|among)\s[^,\0]*?)(?:\s(?:who|that|which|with)\s[^,\0]*)?,"
    r"|(\0\s(?:of|in|among)\s(?:the\s|all\s)?(?!those\b)[\w-]+(?:\s(?!who|that)[\w-]+)?)"
    r"\s(?:who|that|which)\s[^,.;\0]*",
    re.IGNORECASE,
)
# What a phrase with a name says ends with the name, or with what is the name's: "in Oslo's old harbour".
_TO_NAME = re.compile(
    r"\w+\s(?:[a-z][\w-]*\s){0,4}?[A-ZÀ-Ý][\w-]*(?:\s[A-ZÀ-Ý][\w-]*)*"
    r"(?:['’]s(?:\s[a-z][\w-]*){1,2}|\s(?:region|area|district|overall|as a whole)"
    r"|\s(?:and|including)(?:\s[a-z][\w-]*){1,2})?"
)
_OF_NAME = re.compile(r"of\s(?:the\s)?[A-ZÀ-Ý]")
_FIELD = re.compile(r"(?:^|[;|\n])[^;:|\n]+:")
_FIRST_FIELD = re.compile(
    r"\s*(?!(?:note|basis|remark|comment|source|definition|region|area|where|place|city|country|town|period|when|time|year)\b)"
    r"[^\W\d][\w ]{0,20}:\s(?P<named>[^;:|\n]{2,40});.*:",
    re.IGNORECASE | re.DOTALL,
)
_CELLS = re.compile(r"\s[·•|/]\s|\t")
_LAST = re.compile(r"\S\sand\s\S")
_NAME = re.compile(r"[^\W\d_](?:(?!['’]s\b)[\w’'-])*")
_FEWEST = 2
"""Roots that a part must hold to state what a value is of."""
_KEY_WORDS = 3
"""The most words of a key of a field."""


def masked(text: str, start: int, end: int, noun: str = "") -> str:
    """The text without its dates, its value at [start, end) masked, and who a share is of without what they do."""
    text = unframed(text)
    text = f"{text[:start]} {VALUE}{noun}{VALUE} {text[end:]}"
    text = DATE.sub(lambda match: " " * len(match.group()), text)
    return _RESTRICTED.sub(lambda match: f"{match[1] or match[2]} ", text)


def stated(text: str) -> tuple[str, list[str]]:
    """What of a masked text states its value, and its other parts.

    That is the part that holds the value and, where it says too little, the key that it stands by or else the
    first part that is no key of another field and does not begin as a qualifier does.
    """
    edges = [(0, 0), *(match.span() for match in _EDGE.finditer(text)), (len(text), len(text))]
    parts = [text[a[1] : b[0]] for a, b in pairwise(edges)]
    marks = [text[a:b].strip() for a, b in edges[1:]]
    here = next((n for n, part in enumerate(parts) if VALUE in part), 0)
    many = marks.count(":") > 1 or marks.count("=") > 1

    def rank(n: int) -> tuple[bool, bool, bool, bool, int]:
        # "…? Mayor: 5 %": who answers is no key.
        beside = n == here - 1 and marks[n] in (":", "=") and (n == 0 or marks[n - 1] != "?")
        key = many and marks[n] in (":", "=") and n != here - 1 and len(parts[n].split()) <= _KEY_WORDS
        return key, bool(_PREPOSITION.match(parts[n].strip())), not beside, _only_place(parts[n]), n

    chosen = [here]
    said = _SAID.sub("", parts[here])
    enough = len(roots(plain(said))) >= _FEWEST
    for n in () if enough else sorted((n for n in range(len(parts)) if n != here), key=rank):
        if len(roots(plain(said))) >= _FEWEST:
            break
        if roots(plain(parts[n])):
            chosen.append(n)
            said = ", ".join(_SAID.sub("", parts[k]) for k in sorted(chosen))
    return said, [part for n, part in enumerate(parts) if n not in chosen]


def row_of(text: str) -> str:
    """What the first field of a line of fields names its row by, "" if it says when, where or how."""
    match = _FIRST_FIELD.match(text)
    named = match["named"] if match else ""
    return "" if VALUE in named or _PREPOSITION.match(named) or PLACED.search(named) else named


def asides(text: str, value: str) -> list[str]:
    """The parts of a text that follow its value, or stand in fields or brackets, and do not say what it is of."""
    start = text.find(value)
    if start < 0:
        return []
    text = masked(text, start, start + len(value))
    _, beside = stated(text)
    fields = len(_FIELD.findall(text)) > 1 or _CELLS.search(text)
    beside = _listed(text, beside)
    late = text if fields else text[text.index(VALUE) :]
    return [
        part.strip()
        for part in beside
        if part.strip()
        and (part in late or f"({part})" in text)
        and f"{part}:" not in text
        and not _TELLER.search(part)
    ]


def _listed(text: str, parts: Sequence[str]) -> list[str]:
    """The parts, those of one enumeration made one: "by the police, firemen and guards"."""
    found: list[str] = []
    for part in parts:
        if found and _LAST.search(part) and not _PREPOSITION.match(part.strip()) and f"{found[-1]},{part}" in text:
            found[-1] = f"{found[-1]},{part}"
        else:
            found.append(part)
    return found


def split(text: str) -> list[str]:
    """The parts that punctuation sets off."""
    return _EDGE.split(text)


@lru_cache(maxsize=4_096)
def plain(text: str) -> str:
    """The text without the names of its places, which say where, not what."""
    if not (names := where(text).names):
        return text
    return _NAME.sub(lambda word: "" if word.group() in names else word.group(), text)


def phrases(text: str, *, of_name: bool = False) -> Iterator[str]:
    """The phrases that begin with a preposition, other than those that say what a noun is of.

    With `of_name`, "in the city of Oslo" is one phrase.
    """
    turns = {match.start() for match in _TURN.finditer(text)}
    opens = {m.start() for m in _PREPOSITION.finditer(text) if not (of_name and _OF_NAME.match(text, m.start()))}
    for start, end in pairwise([*sorted(turns | opens), len(text)]):
        head = _PREPOSITION.match(text, start)
        if head and (head.group().lower() != "of" or EVERY.search(text, start, end)):
            named = _TO_NAME.match(text, start, end)
            yield named.group() if named else text[start:end]


def _only_place(part: str) -> bool:
    """Whether a part names a place, or a part of one, and nothing else."""
    return bool(ALONE.fullmatch(part) or (PLACED.search(part) and EVERY.search(part)))
