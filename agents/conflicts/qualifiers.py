"""What qualifies a value, in the words around it: how it was counted, of whom, where and when."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from agents.conflicts.caseless import lowered
from agents.conflicts.places import places, unplaced

Cues = Mapping[str, frozenset[str]]
"""The words that qualify a value, as they are to be shown, by dimension ("how often", "population", "scope" …)."""

# All patterns but that of a note are of small letters, for texts in lower case.
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_PERIOD = re.compile(
    r"\b(?:(?P<quarter>[qh][1-4]|(?:first|second|third|fourth) quarter(?: of)?|(?:first|second) half(?: of)?"
    r"|early|mid|late|winter|spring|summer|autumn)[\s-]+"
    r"|(?P<fiscal>fy ?|fiscal (?:year )?)"
    rf"|(?:\d\d?(?:st|nd|rd|th)? )?(?P<month>{_MONTH})\s+(?:of\s+)?)?"
    r"(?P<year>(?:1[5-9]|20)\d\d)(?P<decade>s)?(?:\s?[-–/]\s?(?P<until>(?:19|20)?\d\d))?(?![\w%]|[.,]\d|\s?%)"
)
# A time that is no date: it tells two values apart, and does not say whether they are of one year.
_WHEN = re.compile(
    r"\b(?:(?P<ago>(?:\d+|an?|one|two|three|four|five|six|ten|twenty) (?:years?|months?|decades?) (?:ago|earlier))"
    r"|(?P<last>(?:last|this|previous) (?:year|month|week|quarter|season|decade|century)|the year before)"
    r"|(?:in|at|during|for|since|by) (?:the )?(?P<season>(?:(?:dry|rainy|wet|peak|off-|low|high|growing|harvest|"
    rf"breeding) ?season)|winter|summer|spring|autumn|(?:{_MONTH})(?! \d)|(?:early|mid|late) \d\ds"
    r"|(?:first|second|third|fourth) (?:quarter|half)|q[1-4])"
    r"|(?P<side>(?:before|after|prior to|since|during|pre-|post-) ?(?:the )?(?:[\w-]+ )?(?:pandemic|war"
    r"|crisis|reform"
    r"|merger|launch|strike|lockdowns?|election|recession|opening|closure|harvest|surgery|treatment|ban|upgrade"
    r"|expansion|renovation|privati[sz]ation|covid(?:-19)?))"
    r"|(?P<later>(?:\d+|an?|one|two|three|four|five|six|ten|twenty) (?:years?|months?|weeks?"
    r"|days?) after(?: the)? [\w-]+)"
    r"|(?:in|throughout|during) the (?P<nineties>(?:early |late )?(?:twen|thir|for|fif|six|seven|eigh|nine)ties)"
    r"|(?P<now>today|nowadays|now|currently|at present|these days|formerly|back then)"
    r"|(?P<event>when (?:it|they|he|she|the [\w-]+) (?:was |were )?\w+)"
    r"|at (?:the )?(?P<stage>(?:end|start|beginning|outset|peak|height) of (?:the )?[\w-]+|launch"
    r"|baseline|follow-up"
    r"|admission|discharge|birth|retirement))\b"
)
_REPORTS = (
    r"(?:show(?:s|ed)?|found|finds?|give[ns]?|gives|gave|puts?|detect(?:s|ed)?|suggest(?:s|ed)?|indicate[sd]?"
    r"|record(?:s|ed)?|measure[sd]?|reveal(?:s|ed)?|imply|implies|makes?|yield(?:s|ed)?|estimate[sd]?|point)"
)
_MEANS = (
    r"(?:figures|data|records|statistics|measurements?|photographs?|images?|imagery|sampl(?:es|ing)"
    r"|assays?|methods?"
    r"|techniques?|audits?|towers|tests?|scans?|traps?|readings?|observations?|accounts|stud(?:y|ies)|experiments?"
    r"|trials?|reviews?|calculations?|inspections?|inventor(?:y|ies)|books|meters?|gauges?|detectors?|buoys"
    r"|returns|filings|receipts|invoices|cameras?|counters?|trackers?|watches|samples|reports)"
)
# How a sentence opens, up to its first comma, says what its value is qualified by.
_OPENING = {
    "method": (
        "based on|using|by(?! (?:\\d|the (?:end|start|time|beginning)|then|now|late|early|mid|next|last))"
        "|measured|interviewed|questioned|surveyed|asked|judging|going by|extrapolat\\w+|as (?:measured"
        "|counted) by"
        "|calculated|assessed|in (?:a|the|its|an) (?:[\\w-]+ )?(?:survey|poll|test|trial|audit|experiment"
        "|interviews?|simulation)"
    ),
    "when": (
        "when|before|after|since|during|throughout|until|prior to|as of|at (?:the (?:end|start|beginning"
        "|outset|peak|time)|first)"
        "|today|now|currently|these days|back then|formerly|at present|by the end|in (?:the|his|her|its|their) "
        "(?:early |late |first |second |last |final )?(?:[\\w-]+ )?(?:years?|months?|season|decades?"
        "|weeks?|days?|\\w+ies)"
    ),
    "counted as": (
        "counting|leaving|excluding|including|not counting|without|under (?:the|an?|its) |disregarding"
        "|ignoring|if |strictly"
        "|broadly|narrowly|loosely|taking|adding|once|with \\w+ (?:included|excluded)"
        "|in (?:the )?(?:\\w+ )?(?:sense|terms)"
        "|defined|by (?:the )?(?:\\w+ )?(?:definition|standard)|at full \\w+|on average|adjusted"
        "|measured (?:as|in|by)"
    ),
}
_OPENED = {
    name: re.compile(rf"^\W*(?P<opening>(?:{words})(?!\w)[^,;:|]{{0,90}}?),\s") for name, words in _OPENING.items()
}
_CUES = {
    "how often": (
        "at any time|any use|any time|at all|ever|at least (?:once|occasionally)|even once|once or more|once|daily"
        "|weekly|monthly|yearly|(?:every|each|per) (?:working )?(?:day|week|month)|every year|regular(?:ly)?"
        "|frequent(?:ly)?|often|routinely|habitual(?:ly)?|occasional(?:ly)?|sometimes|rarely|constantly|always"
    ),
    "gross or net": r"gross|net(?: of [\w-]+)?",
    "nominal or real": (
        "(?:in )?nominal(?:ly)?(?: terms)?|(?:in )?real terms|inflation-adjusted|adjusted for inflation"
        "|(?:at |in )?constant prices|(?:at |in )?current prices"
        "|real(?= (?:wages?|incomes?|earnings|growth|revenue|prices?|value|spending|house|rents?|gdp|pay|terms))"
    ),
    "median or mean": "median|mean|average|typical",
    "tax": (
        "(?:before|after|including|excluding|incl\\.?|excl\\.?|plus|without|net of) "
        "(?:(?:interest|deductions|subsid(?:y|ies)|depreciation|costs)(?: and )?)?(?:tax(?:es)?|vat|interest"
        "|deductions|subsid(?:y|ies)|fees|depreciation)|pre-tax|post-tax|after-tax"
    ),
    "counted as": (
        r"(?:including|excluding|not including|not counting|without counting|counting|leaving out|disregarding)"
        r"(?: only| also)? (?:[\w-]+ ){0,3}?[\w-]+(?: only)?(?=[.,;:)]|$| (?:the|is|are|was|were|has|have"
        r"|at|to|of)\b)"
        r"|(?:[\w-]+ )?[\w-]+ (?:included|excluded)(?=[.,;:)]|$)|if [\w -]+ (?:is|are) (?:included"
        r"|excluded|counted)"
        r"|, meaning [^,;.]+|(?:[\w-]+ )?[\w-]+ only(?=[.,;:)]|$)|at some (?:point|time)|at full capacity"
        r"|^\s*without [\w -]+(?=,)"
        r"|(?:broadly|narrowly|strictly|loosely|widely)(?: defined)?|(?:defined|measured|counted"
        r"|understood) as [^,;.]+"
        r"|in the (?:broad|narrow|strict|wide|wider|legal|technical|statistical)(?:er|est)? sense"
        r"|(?:by|under|on|using|according to) (?:the|a|an|its) (?:[\w-]+ ){1,3}(?:definition|basis"
        r"|criteria|criterion)"
        r"|(?:broad|narrow|strict|wide|legal|official)(?:er|est)? definition|(?:un)?adjusted|seasonally"
        r"|like-for-like|in headcount terms|(?:by|in) headcount|headcount|in full-time equivalents?"
        r"|full-time equivalents?|ftes?|unique(?: \w+(?= only))?|(?:un)?weighted"
    ),
    "what is counted": (
        "adopt(?:ion|ed|ing)?"
        "|trial(?:led|s)?|pilot(?:ed|s)?|experiment(?:ed|ing|s)?|tried|tested|free versions?"
        "|paid (?:plans?|subscriptions?|versions?|use)|at work|at home|for work|privately"
        "|active|cumulative|main(?:ly)?|primar(?:y|ily)|fully|partly|partially|in part"
        "|entirely|exclusively|direct(?:ly)?|indirect(?:ly)?|registered"
    ),
    "population": (
        "professionals?|amateurs?|hobby(?:ists)?|students?|pupils|(?:non-)?members?|freelanc(?:e|ers?|ing)"
        "|self-employed|employed|independents?(?! (?:audit|stud|review|test|inquir|panel|expert|anal"
        "|inspect))|unsigned|signed|emerging|established|early-career|mid-career|juniors?"
        "|seniors?|young(?:er)?|older|elderly|women|men|female|male|girls|boys|mothers|fathers|parents|childless"
        "|adults?|teenagers?|adolescents|children|toddlers|infants|newborns|pensioners|retirees|urban"
        "|rural|small(?:er)?"
        "|medium-sized|large(?:r)?|leading|biggest|self-published|traditionally published|full[- ]time"
        "|part[- ]time"
        "|public(?:ly funded)?|private(?:ly funded)?|state-funded|commercial|non-profit|beginners?|experienced"
        "|inexperienced|(?:high|low|middle)-income|low-paid|high-paid|(?:better|less)-educated|skilled|unskilled"
        "|(?:day|night|early|late)-shift|first-time|first-generation|returning|repeat|native|foreign-born"
        "|native-born"
        "|second-language|immigrants?|migrants?|refugees?|natives|graduates|non-graduates|drop-?outs"
        "|undergraduates"
        "|postgraduates|home-?owners|tenants|renters|landlords|smokers|drinkers|veterans|married|single|divorced"
        "|widowed|insured|vaccinated|diabetics?|healthy|disabled|white-collar|blue-collar|managers"
        "|executives|interns"
        "|apprentices|permanent|temporary|seasonal|casual|start-?ups|family businesses|multinationals|smes"
        "|small and medium-sized|subscribers|customers|non-customers|heavy users|light users"
        r"|(?:non|ex)-\w+s|current(?= [a-z]+s\b)|former|un\w{3,}ed(?=\s[a-z]+(?:s|men|women|people"
        r"|children|cattle|staff)\b)|[\w-]+-year-olds"
        r"|(?:under|over)-\d\ds?|in their (?:early |mid |late )?(?:\w+ties|\d\ds|teens)"
        r"|(?:aged|ages?(?: group)?|under|over|older than|younger than|below|above) \d\d(?: ?(?:to|and"
        r"|[-–]) ?\d\d)?"
        r"(?: and (?:over|older|under|above))?(?! ?%)(?! ?[a-z]+s\b)"
        "|(?<=[a-z]s )(?<!was )(?<!is )(?<!has )(?:with|without) (?:an? |any |no )?[\\w-]+(?= [a-z]+)"
        "|(?:who|that) (?:received|took|got|were given|had|used) "
        "(?:the |an? )?[\\w-]+|(?:primary|secondary|elementary|nursery|high)(?= school)|placebo"
        "|controls?(?= group)"
        "|civil servants|private-sector(?: workers| employees)?|public-sector(?: workers| employees)?"
        "|majority|minority"
        "|retired|unioni[sz]ed|working"
    ),
    "method": (
        "(?:victim |household |telephone |online |field |exit |opinion )?(?:survey(?:ed|s)?|polls?|polled)"
        "|questionnaires?|interview(?:s|ed)?|self-report(?:ed|s)?|asked"
        "|estimat(?:e|es|ed)|modell?ed|modell?ing|simulat(?:ion|ed)|projections?|projected|forecasts?"
        "|(?:a|the|one|its) model (?=puts?|estimat|suggest|predict|finds?|shows?)|registers?|registry|registries"
        "|census(?:es)?|(?:insurers' )?administrative (?:data|records)|official (?:statistics|counts?"
        "|records|data)"
        "|(?:tax|payroll|membership|sales|police|court|medical|hospital|school|church) (?:records|files|data)"
        "|log(?:s| data| count| files)?|logged|measure(?:d|ments?)|telemetry|sensors?|meter(?:ed"
        "|s)?(?= (?:data|show))"
        "|audit(?:ed|s)?|diar(?:y|ies)|panel|count|counted|counts|(?:aerial|ground|manual|automatic|head"
        "|field|satellite)"
        "[ -](?:based )?(?:counts?|surveys?|data|images?|imagery|analysis|inspections?|measurements?|tests?)"
        r"|(?<!\w )(?:[\w-]+ )?[\w-]+(?= (?:(?:gives?|gave|yields?) (?:an?|the) [\w -]{3,40}? of"
        r"|puts? [\w -]{3,60}? at)\b)"
        "|satellite|radar|(?:radio)?carbon dating|tree rings|dna|accelerometers?|pedometers?|(?:in-car )?cameras"
        rf"|(?:(?!(?:the|an?|of)\b)[\w’'-]+ ){{0,3}}{_MEANS}(?= (?:clearly |also |only )?{_REPORTS}\b)"
        "|inspections?|bottom-up|top-down|(?:in|under) (?:the )?(?:laboratory|lab|field|bench|road|wind-tunnel)"
        "(?: tests?| conditions| trials?)?|(?:laboratory|lab|field|road|bench) (?:tests?|trials?)|randomi[sz]ed"
        "|observational|meta-analysis|cohort stud(?:y|ies)|extrapolat(?:ed|ion)|self-assess(?:ed|ments?)"
        "|expert (?:judg\\w+|opinion|estimates?)|mystery shopp\\w+|web scraping|face-to-face|by (?:phone"
        "|telephone|post)"
    ),
    "restated": (
        "revis(?:ed|ion|es)|correct(?:ed|ion|s|ing)(?: its)?|restate(?:d|ment|s)|updated|update|errat(?:um|a)"
        "|corrigend(?:um|a)|supersed(?:es|ed)|replac(?:es|ed|ing) (?:the|all|our|an|any) (?:earlier|previous|old"
        "|former|first|figures?|numbers?|values?|one)|(?:got|had) (?:it|this|that) wrong|should (?:have )?read"
        "|(?:please|kindly) (?:disregard|ignore|discard)|contain(?:s|ed) (?:an|some) errors?"
        "|(?:right|true|actual|proper) (?=figure|number|value)|put right|preliminary|provisional(?:ly)?"
        r"|(?<!semi-)final(?= (?:figure|growth|number|count|tally|result|estimate|reading|data|total)s?)"
        r"|(?:flash|advance|first|early|initial) (?:estimate|figure|count|release|reading)s?|(?<=\()final(?=\))"
        "|(?:first|second|final) release|definitive|after (?:a |the )?(?:revision|correction)"
        "|initial(?:ly)?|original(?:ly)?|first (?=report|announc|stat|publish|gave|put)|amend(?:ed|ment)"
        "|withdr[ae]w(?:n)?"
        r"|retract(?:ed|ion|s)|misstated|has since|have since|later (?=revis|correct|amend|raised|lowered|cut)"
        r"|recount\w*|(?:typing|printing) error|misprint\w*"
        "|rectif\\w+|incorrect(?:ly)?|wrongly|erroneous(?:ly)?|mistake(?:n|nly|s)?|in error|was wrong"
        "|recalculat\\w+|miscalculat\\w+"
        "|previously|(?:earlier|previous|old|new) (?:figure|statement|number|estimate)|speaks? of"
    ),
}
_WHERE = re.compile(
    r"\b(?:in|across|within|outside)$|\b(?:region|area|district|countr(?:y|ie)|province|cit(?:y|ie)|coast)s?\b"
)
_NOTE = re.compile(r"\(([^()\d]{3,40})\)")
_PATTERNS = {name: re.compile(rf"(?<![\w-])(?:{words})(?!\w)") for name, words in _CUES.items()}
# Words of "what is counted" say what is measured, too.
# The longer phrases go first, so that no part of one is taken for another.
_FIRST = ("restated", "counted as", "method")
_QUALIFYING = (
    *(_PATTERNS[name] for name in _FIRST),
    _PERIOD,
    _WHEN,
    *(found for name, found in _PATTERNS.items() if name not in (*_FIRST, "what is counted")),
)
_NEGATED = re.compile(r"\b(?:not|never|no|none|nothing|neither|nor|\w+n['’]t|refus\w+|reject\w+)\b")
_INTENDED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?(?=\s(?:to|for|is)\b)|intend\w*|want\w*|would|hop(?:e|es|ed|ing) (?:to|for)"
    r"|consider\w*"
    r"|willing"
    r"|interested in|aim\w*|targets?|targeted|goals?|ambitions?|objectives?|pledg\w+|promis\w+|commit(?:s|ted)"
    r"|aspir\w+"
    r"|propos\w+|envisag\w+|expect\w* to|will|shall|should(?! (?:have )?(?:read|been|said))|set to"
    r"|(?:is|are|ought|due) to(?= [a-z]+\b(?! (?:blame|date))))\b"
    r"|\b(?:by|until|before) (?:the (?:year|end of) )?20[3-9]\d\b"
)
DEFINITION = (
    "how often",
    "gross or net",
    "nominal or real",
    "median or mean",
    "tax",
    "counted as",
    "what is counted",
)
"""The dimensions that say by which definition a value was counted."""


@lru_cache(maxsize=4_096)
def cues(text: str) -> Cues:
    """What the words of a text say of how a value was counted, of whom, where and by whom."""
    low = lowered(text)
    found = {name: _found(pattern, text, low) for name, pattern in _PATTERNS.items()}
    found["scope"] = frozenset(places(text))
    # "Counting galleries in the Corrin Coast region only" says where, not what.
    found["counted as"] = frozenset(words for words in found["counted as"] if not _WHERE.search(words))
    found["when"] = frozenset(_said(text, match, match.lastindex or 0) for match in _WHEN.finditer(low))
    found["note"] = frozenset(match.group(1).lower() for match in _NOTE.finditer(text))
    for name, pattern in _OPENED.items():
        told = {other for other, words in found.items() if words}
        if told <= {name} and (match := pattern.match(low)):
            found[name] = found.get(name, frozenset[str]()) | {_said(text, match, "opening")}
    return {name: words for name, words in found.items() if words}


def says_when(text: str) -> bool:
    """Whether the cues of a text say when, which is told without the others."""
    low = lowered(text)
    return bool(_WHEN.search(low) or (_OPENED["when"].match(low) and "when" in cues(text)))


def _found(pattern: re.Pattern[str], text: str, low: str) -> frozenset[str]:
    """What the pattern matches of a text, with one space between words."""
    told = (_said(text, match).split() for match in pattern.finditer(low))
    return frozenset(" ".join(words) for words in told if words)


def _said(text: str, match: re.Match[str], group: int | str = 0) -> str:
    """The words of the text at a match in its lower case."""
    start, end = match.span(group)
    return text[start:end].lower()


@lru_cache(maxsize=4_096)
def periods(text: str) -> frozenset[str]:
    """The years, quarters and months that a text is dated with, such as "2024", "2024 q1", "2019–21", "1980s"."""
    found: set[str] = set()
    for match in _PERIOD.finditer(lowered(text)):
        named = "quarter" if match["quarter"] else "month"
        part = _said(text, match, named).removesuffix(" of") if match[named] else ""
        until = f"–{match['until'][-2:]}" if match["until"] else ""
        found.add(f"{match['year']}{match['decade'] or ''}{until} {part}".strip())
    return frozenset(found)


@lru_cache(maxsize=4_096)
def unqualified(text: str) -> str:
    """The text without what qualifies its values."""
    text = unplaced(_NOTE.sub(" ", text))
    low = lowered(text)
    for pattern in (*_OPENED.values(), *_QUALIFYING):
        if spans := [match.span() for match in pattern.finditer(low)]:
            text, low = _spaced(text, spans), _spaced(low, spans)
    return text


def _spaced(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with a space for each span."""
    edges = [0, *(edge for span in spans for edge in span), len(text)]
    return " ".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def sense(text: str) -> tuple[bool, bool]:
    """Whether a text says that something is not so, and whether that it is only meant to be so."""
    plain = _PATTERNS["counted as"].sub(" ", lowered(text))
    return bool(_NEGATED.search(plain)), bool(_INTENDED.search(plain))
