"""What qualifies a value, in the words around it: how it was counted, of whom, where and when."""

import re
from collections.abc import Iterator, Mapping

Cues = Mapping[str, frozenset[str]]
"""The words that qualify a value, as they are to be shown, by dimension ("how often", "population", "scope" …)."""

_PERIOD = re.compile(
    r"\b(?:(?P<quarter>q[1-4]|(?:first|second|third|fourth) quarter(?: of)?|(?:first|second) half(?: of)?)\s+"
    r"|(?P<month>january|february|march|april|may|june|july|august|september|october|november|december)\s+"
    r"(?:of\s+)?)?"
    r"(?P<year>(?:19|20)\d\d)(?:\s?[-–]\s?(?P<until>(?:19|20)?\d\d))?(?![\w%]|[.,]\d|\s?%)",
    re.IGNORECASE,
)
_PLACES = (
    "UK|US|USA|EU|UAE|Africa|Asia|Europe|North America|South America|Latin America|America|Australia|Austria|"
    "Belgium|Brazil|Britain|Canada|China|Denmark|England|Finland|France|Germany|Greece|Iceland|India|Ireland|"
    "Italy|Japan|Mexico|Netherlands|Norway|Poland|Portugal|Scotland|South Korea|Spain|Sweden|Switzerland|"
    "Turkey|Ukraine|United Kingdom|United States|Wales|African|American|Asian|Australian|Austrian|Belgian|"
    "Brazilian|British|Canadian|Chinese|Danish|Dutch|English|European|Finnish|French|German|Greek|Indian|"
    "Irish|Italian|Japanese|Mexican|Nordic|Norwegian|Polish|Portuguese|Scottish|Spanish|Swedish|Swiss|Turkish|"
    "Welsh"
)
_PLACE = re.compile(
    r"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Ww]ithin)\s+(?:the\s+)?"
    r"(?P<named>[A-ZÀ-Ý][a-zß-ɏ]+(?:[ -][A-ZÀ-Ý][a-zß-ɏ]+)*)"
    rf"|\b(?P<known>{_PLACES})\b"
    r"|\b(?P<wide>(?i:worldwide|globally|global|nationwide|national(?:ly)?|regional|international(?:ly)?))\b"
)
_DATES = frozenset(
    """January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday""".split()
)
_CUES = {
    "how often": (
        "at any time|any use|any time|at all|ever|at least (?:once|occasionally)|even once|once or more|daily"
        "|weekly|monthly|yearly|(?:every|each|per) (?:working )?(?:day|week|month)|every year|regular(?:ly)?"
        "|frequent(?:ly)?|often|routinely|occasional(?:ly)?|sometimes|rarely|constantly|always"
    ),
    "gross or net": "gross|net",
    "nominal or real": (
        "nominal(?:ly)?|(?:in )?real terms|inflation-adjusted|adjusted for inflation|constant prices"
        "|current prices|real(?= (?:wages?|income|earnings|growth|revenue|prices?|value|spending))"
    ),
    "median or mean": "median|mean|average|typical",
    "tax": "(?:before|after|including|excluding) (?:tax(?:es)?|vat)|pre-tax|post-tax|after-tax",
    "what is counted": (
        r"(?:including|excluding|not counting|without counting) [\w-]+(?: [\w-]+)?|adopt(?:ion|ed|ing)?"
        "|trial(?:led|s)?|pilot(?:ed|s)?|experiment(?:ed|ing|s)?|tried|tested|free versions?"
        "|paid (?:plans?|subscriptions?|versions?|use)|at work|at home|for work|privately|headcount"
        "|full-time equivalents?|fte|active|cumulative|main(?:ly)?|primar(?:y|ily)|fully|partly|partially|in part"
        "|entirely|exclusively|direct(?:ly)?|indirect(?:ly)?"
    ),
    "population": (
        "professionals?|amateurs?|hobby(?:ists)?|students?|pupils|(?:non-)?members?|freelanc(?:e|ers?|ing)"
        "|self-employed|employed|independents?|unsigned|signed|emerging|established|early-career|mid-career|juniors?"
        "|seniors?|young(?:er)?|older|women|men|female|male|adults?|teenagers?|children|urban|rural|small(?:er)?"
        "|large(?:r)?|leading|biggest|self-published|traditionally published|full-time|part-time"
        "|public(?:ly funded)?|private(?:ly funded)?|state-funded|commercial|non-profit|beginners?|experienced"
        r"|(?:aged|ages|under|over|older than|younger than) \d\d(?: ?(?:to|and|[-–]) ?\d\d)?(?! ?%)"
        "|retired|registered|unioni[sz]ed|working"
    ),
    "method": (
        "survey(?:ed|s)?|polls?|polled|questionnaires?|interview(?:s|ed)?|self-report(?:ed|s)?|asked"
        "|estimat(?:e|es|ed)|modell?ed|modell?ing|simulat(?:ion|ed)|projections?|projected|forecasts?"
        "|(?:a|the|one|its) model (?=puts?|estimat|suggest|predict|finds?|shows?)|registers?|registry|registries"
        "|census(?:es)?|administrative (?:data|records)|official statistics"
        "|(?:tax|payroll|membership|sales) records|log(?:s| data| count| files)?|measure(?:d|ments?)|telemetry"
        "|audit(?:ed|s)?|diar(?:y|ies)|panel|count"
    ),
    "restated": (
        "revis(?:ed|ion|es)|correct(?:ed|ion|s)|restate(?:d|ment|s)|updated|update|erratum|corrigendum"
        "|supersed(?:es|ed)|replac(?:es|ed) the (?:earlier|previous|old)|preliminary|provisional|final figure"
    ),
}
_PATTERNS = {name: re.compile(rf"\b(?:{words})(?!\w)", re.IGNORECASE) for name, words in _CUES.items()}
# Words of "what is counted" say what is measured, too.
_QUALIFYING = (_PERIOD, _PLACE, *(found for name, found in _PATTERNS.items() if name != "what is counted"))
_NEGATED = re.compile(
    r"\b(?:not|never|no|none|nothing|neither|nor|without|\w+n['’]t|refus\w+|reject\w+)\b", re.IGNORECASE
)
_INTENDED = re.compile(
    r"\b(?:plan(?:s|ned|ning)? to|intend\w*|want\w*|would|hop(?:e|es|ed|ing) to|consider\w*|willing|interested in"
    r"|aim\w*|target|goal|expect\w* to|will|should)\b",
    re.IGNORECASE,
)


def cues(text: str) -> dict[str, frozenset[str]]:
    """What the words of a text say of how a value was counted, of whom, where and by whom."""
    found = {
        name: frozenset(" ".join(match.group().lower().split()) for match in pattern.finditer(text))
        for name, pattern in _PATTERNS.items()
    }
    found["scope"] = frozenset(_places(text))
    return {name: words for name, words in found.items() if words}


def _places(text: str) -> Iterator[str]:
    for match in _PLACE.finditer(text):
        place = match["named"] or match["known"] or match["wide"]
        if place not in _DATES:
            yield place


def periods(text: str) -> frozenset[str]:
    """The years, quarters and months that a text is dated with, such as "2024", "2024 q1", "2019–21"."""
    found: set[str] = set()
    for match in _PERIOD.finditer(text):
        part = (match["quarter"] or match["month"] or "").lower().removesuffix(" of")
        until = f"–{match['until'][-2:]}" if match["until"] else ""
        found.add(f"{match['year']}{until} {part}".strip())
    return frozenset(found)


def unqualified(text: str) -> str:
    """The text without what qualifies its values."""
    for pattern in (
        _PERIOD,
        _PLACE,
        *(pattern for name, pattern in _PATTERNS.items() if name != "what is counted"),
    ):
        text = pattern.sub(" ", text)
    return text


def sense(text: str) -> tuple[bool, bool]:
    """Whether a text says that something is not so, and whether that it is only meant to be so."""
    return bool(_NEGATED.search(text)), bool(_INTENDED.search(text))
