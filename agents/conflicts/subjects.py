"""The words that say what is measured, as stems."""

import re
from functools import lru_cache

from agents.conflicts.qualifiers import unqualified
from agents.stemming import stem

STOP = frozenset(
    """a about above across after all almost along also although am among amount an and any are as at back be
    because been before being below between both but by came can come comes could did do does doing during
    each either even every few fewer for from further gave get gives give had has have having he her here his
    how however i if in into is it it's its just last least less made make makes many may more most much must
    near nearly no not now of off on once one only or other others our out over own per put puts rather same
    she should since so some still such than that the their them then there these they this those through thus
    to together too total toward towards under until up upon very was we were what when where whether which
    while who whom whose why will with within without would yet you your

    according account accounted ahead already amount amounted amounts annual answer answered approximately around
    asked association average averaged averages base based calculated case common compared count counted counting
    counts currently data day days decline declined decrease decreased document documents down drop dropped
    estimate estimated estimates fall fallen falling falls fell figure figured figures finding findings found
    grew grow grown grows higher hit include included including increase increased increases latest level
    lower main mean median month months new number numbers organisation organization overall part participants
    people percent percentage person persons point points proportion ratio reach reached reaches recent record
    recorded remain remained remains report reported reporting reports respondent respondents result results
    rise risen rises rising rose roughly said sample say says share shares show showed shows source sources
    stand stands statistic statistics stood studied studies study sum survey surveyed surveys throughout today
    totalled totals value week weeks year years

    announce announced announces given gives stated states speak speaks hundred thousand million billion trillion
    dozen two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty
    go goes going went gone alone aside came added adds done caused causes occurred occurs happened happens
    me him tell tells told s whereas hereby moreover furthermore therefore""".split()
)
"""Words that say nothing of a subject: function words, and what every report of a figure holds."""

_SAME = {
    stem(word): stem(group.split()[0])
    for group in (
        "use used using usage adoption adopt adopted utilise utilize deploy rely user users tried trialled "
        "experimented",
        "seek sought",
        "find found",
        "catch caught",
        "bring brought",
        "eat ate eaten",
        "drink drank",
        "fly flew flown",
        "drive drove driven",
        "ride rode ridden",
        "run ran running",
        "steal stole stolen",
        "take took taken",
        "draw drew drawn",
        "lead led",
        "feed fed",
        "meet met",
        "keep kept",
        "leave left",
        "send sent",
        "lend lent loan loans borrow borrowed",
        "break broke broken",
        "freeze froze frozen",
        "fight fought",
        "wear wore worn",
        "shrink shrank shrunk",
        "buy bought",
        "sell sold sale sales",
        "lose lost loss losses",
        "write wrote written",
        "spend spent",
        "build built",
        "win won",
        "teach taught",
        "choose chose chosen",
        "revenue turnover",
        "pay paid wage wages salary salaries earnings earn income",
        "worker workers employee employees staff workforce workplace",
        "company companies firm firms business businesses enterprise enterprises",
        "artist artists creator creators",
        "fear worry worried afraid concerned concern",
        "ai genai",
        "price prices cost costs",
        "high height tall",
        "long length",
        "member membership",
        "sleep slept",
        "last lasts lasted duration",
        "deep depth",
        "wide width",
        "weigh weighed weight heavy",
        "old age",
        "hold held capacity accommodate",
        "die died dies death deaths killed fatalities",
        "bear born birth births",
        "grow growth",
        "produce produced production output",
        "consume consumed consumption",
        "emit emits emitted emission emissions",
        "invest invested investment investments",
        "arrive arrival arrivals",
        "enrol enroll enrolled enrolment enrollment",
        "efficient efficiency",
        "accurate accuracy",
        "fast speed",
        "poor poverty",
        "vote voted votes",
        "reduce reduced reduction",
        "recover recovered recovery",
        "survive survived survival",
        "fail failed failure failures",
        "recycle recycled recycling",
        "attend attended attendance",
        "respond response",
        "complete completed completion",
        "contain contains contained comprise comprises",
        "film films movie movies",
        "vacant vacancy empty",
        "see saw seen",
        "think thought",
        "speak spoke spoken speech",
        "know knew known knowledge",
        "rain rainfall rained",
        "car cars automobile automobiles",
        "doctor doctors physician physicians",
        "crash crashes accident accidents collision collisions",
        "bicycle bicycles bike bikes cycle cycles",
        "waste rubbish garbage refuse",
        "house houses home homes dwelling dwellings housing",
        "jobless unemployed unemployment",
        "shop shops store stores",
    )
    for word in group.split()
}
"""Stems of one meaning."""

WORD = re.compile(r"[A-Za-zÀ-ɏ][\w’'-]*")
PLURAL = re.compile(r".*[^s]s|people|women|men|children|staff", re.IGNORECASE)
# "Motion A" and "Model 3" are not motion B and Model 4.
_NUMBERED = re.compile(r"(?<=[a-z] )(?!I [a-z])[A-Z](?![\w’'.-])|\b[A-Z][A-Za-z]*[ -]\d{1,3}\b(?![,.]\d|\s?%)")
_NAMED = re.compile(r"(?<=[a-z,%] )[A-Z][\w'-]+")
# One of a pair or a row: what is said of it is not said of the other.
OPPOSED = re.compile(
    r"\b(?:first|second|third|fourth|fifth|sixth|last|next|maximum|minimum|max|min|highest|lowest|largest"
    r"|smallest|oldest"
    r"|youngest|longest|shortest|upper|lower|inner|outer|front|rear|left|right|northern|southern|eastern"
    r"|western|north"
    r"|south|east|west|imports?|exports?|arrivals?|departures?|supply|demand|income|expenditure|births?"
    r"|deaths?|upload"
    r"|download|inbound|outbound|opened|closed|won|lost|bought|sold|hired|fired|admitted|applicants?|summer|winter"
    r"|one-way|return|online|offline)\b",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"\b(?:came|comes?|ranked|ranks|placed)\s(?:first|second|third|fourth|fifth|last)\b", re.IGNORECASE
)
NAME = re.compile(r"[A-ZÀ-Ý][\w’'-]+(?:\s+(?:of\s+|for\s+|and\s+)?[A-ZÀ-Ý][\w’'-]*)+")
_SAYS = r"(?:found|finds?|shows?|showed|reports?|reported|says?|said|estimates?|estimated|suggests?|states?)"
_ATTRIBUTION = re.compile(
    r"^[^,;]{0,120}?\b(?:survey|study|poll|report|research|census|panel|analysis|register|yearbook|barometer"
    r"|statistics|researchers|office|institute|agency)\b[^,;]{0,60}?"
    rf"\b(?:{_SAYS}|puts?|indicates?|concluded?|concludes|recorded|counted)\b(?:\s+that\b)?"
    rf"|^(?:[^,;]{{0,60}},\s)?[^,;]{{0,80}}?\b{_SAYS}\s+that\b"
    r"|^(?:by|in|from|on)\s[^,;]{0,60}\b(?:data|logs?|surveys?|questionnaires?|records|estimates?"
    r"|registers?|census"
    r"|figures|accounts|count),|\b(?:according to|as reported by|as measured by|based on)\s[^,;:]+(?:,|$)"
    r"|\b(?:said|say|says|reported|report|claimed|claim|admitted|admit|stated|state)(?:\sthat)?\sthey\b"
    rf"|,\s(?:the|a|its)\s[^,;]{{0,60}}\b{_SAYS}\b[^,;]*$",
    re.IGNORECASE,
)


def subject(text: str) -> dict[str, float]:
    """The stems of the words that say what is measured; the words of a name share the part of one word."""
    text = _told(text)
    parts = dict.fromkeys(stems(NAME.sub(" ", text)), 1.0)
    for name in NAME.findall(text):
        words = stems(name)
        parts = {word: 1 / len(words) for word in words} | parts
    return parts


@lru_cache(maxsize=4_096)
def _told(text: str) -> str:
    """What a text says, without who says it and what qualifies it."""
    return unqualified(_RANKED.sub(" ", _ATTRIBUTION.sub(" ", text)))


def identifiers(text: str) -> frozenset[str]:
    """What names one of several like things: names in a sentence, numbered things, words such as "first"."""
    text = _told(text)
    text = text.replace("’", "'")
    # At the start of a sentence a capital names only where another follows: "Tavin Water lost …".
    first = NAME.match(text.lstrip(" -*•"))
    named = [*_NAMED.findall(text), *(WORD.findall(first.group()) if first else [])]
    names = {stem(word.removesuffix("'s")) for word in named if word.lower() not in STOP}
    return frozenset({*names, *_NUMBERED.findall(text), *(word.lower() for word in OPPOSED.findall(text))})


def spoken(text: str, wanted: frozenset[str]) -> str:
    """The words of a text that have these stems, each once, in order."""
    words: dict[str, str] = {}
    for match in WORD.finditer(text):
        for word in stems(match.group())[:1]:
            words.setdefault(word, match.group())
    return " ".join(word for stemmed, word in words.items() if stemmed in wanted) or " ".join(sorted(wanted))


@lru_cache(maxsize=8_192)
def stems(text: str) -> tuple[str, ...]:
    """The stems of the words that tell, those of one meaning made one, and the names with a number."""
    words = (word.lower().replace("’", "'").removesuffix("'s").strip("'-") for word in WORD.findall(text))
    return (*(one_meaning(stem(word)) for word in words if word not in STOP), *_NUMBERED.findall(text))


def one_meaning(word: str) -> str:
    """The stem that stands for all stems of its meaning."""
    return _SAME.get(word, word)
