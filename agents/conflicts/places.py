"""Places in text: where a value holds."""

import re
from dataclasses import dataclass
from functools import lru_cache

_COUNTRIES = (
    "UK|US|USA|U\\.S\\.|EU|UAE|OECD|G7|G20|Africa|Asia|Europe|North America|South America|Latin America|America|"
    "Oceania|Scandinavia|Afghanistan|Albania|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|"
    "Bangladesh|Belarus|Belgium|Bolivia|Bosnia|Botswana|Brazil|Britain|Bulgaria|Cambodia|Cameroon|Canada|Chile|"
    "China|Colombia|Costa Rica|Croatia|Cuba|Cyprus|Czechia|Denmark|Ecuador|Egypt|England|Estonia|Ethiopia|Finland|"
    "France|Germany|Ghana|Greece|Guatemala|Honduras|Hong Kong|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|"
    "Israel|Italy|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kosovo|Kuwait|Laos|Latvia|Lebanon|Libya|Lithuania|"
    "Luxembourg|Madagascar|Malawi|Malaysia|Mali|Malta|Mexico|Moldova|Mongolia|Morocco|Mozambique|Myanmar|Namibia|"
    "Nepal|Netherlands|New Zealand|Nicaragua|Nigeria|North Macedonia|Northern Ireland|Norway|Oman|Pakistan|Panama|"
    "Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Scotland|Senegal|Serbia|"
    "Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|Spain|Sri Lanka|Sudan|Sweden|Switzerland|Syria|"
    "Taiwan|Tanzania|Thailand|Tunisia|Turkey|Türkiye|Uganda|Ukraine|United Kingdom|United States|Uruguay|"
    "Uzbekistan|Venezuela|Vietnam|Wales|Yemen|Zambia|Zimbabwe"
)
_OF_PLACES = (
    "African|American|Asian|European|Argentine|Argentinian|Australian|Austrian|Bangladeshi|Belgian|Brazilian|"
    "British|Bulgarian|Canadian|Chilean|Chinese|Colombian|Croatian|Czech|Danish|Dutch|Egyptian|English|Estonian|"
    "Ethiopian|Finnish|French|German|Ghanaian|Greek|Hungarian|Icelandic|Indian|Indonesian|Iranian|Iraqi|Irish|"
    "Israeli|Italian|Japanese|Kenyan|Korean|Latvian|Lithuanian|Malaysian|Mexican|Moroccan|Nepalese"
    "|Nigerian|Nordic|"
    "Norwegian|Pakistani|Peruvian|Polish|Portuguese|Romanian|Russian|Scandinavian|Scottish|Serbian|Slovak|"
    "Slovenian|Spanish|Swedish|Swiss|Taiwanese|Tanzanian|Thai|Tunisian|Turkish|Ugandan|Ukrainian|Vietnamese|Welsh"
)
_NAME = r"[A-ZÀ-Ý][a-zß-ɏ]+(?:[ -][A-ZÀ-Ý][a-zß-ɏ]+)*"
_PART = r"(?:rural|urban|central|inner|outer|greater|northern|southern|eastern|western|downtown|upper|lower)"
_SITE = (
    r"(?:metro(?:politan)? area|(?:wine )?region|province|district|county|prefecture|canton|state|city|"
    r"plant|site|campus|branch|store|factory|warehouse|mine|port|harbour|airport|office|valley|basin"
    r"|clinic|hospital)"
)
_LANDS = (
    r"capital|cities|big cities|towns|villages|countryside|suburbs|inner cities|rural areas|urban areas"
    r"|cit(?:y|ies) cent(?:re|er)s?|mountains|lowlands|highlands|mainland|islands?|coast|interior"
    r"|(?:north|south|east|west|north-?east|north-?west|south-?east|south-?west)(?:ern [a-z]+)?"
    r"|(?:north|south|east|west|northern|southern|eastern|western|atlantic|pacific) (?:coast|shore|half|part|bank)"
)
_PLACE = re.compile(
    rf"\b(?:[Ii]n|[Aa]cross|[Tt]hroughout|[Ww]ithin|[Oo]utside)\s+(?:the\s+)?(?P<named>(?:{_PART}\s+)?{_NAME})"
    rf"|\b(?:[Aa]t|[Oo]n|[Ff]or|[Ii]n)\s+(?:the|its|their)\s+(?P<site>{_NAME}\s+{_SITE})\b"
    rf"|\b(?P<area>{_NAME}\s(?:metro(?:politan)? area|region|province|county|prefecture|canton))\b"
    rf"|\b(?:[Ii]n|[Oo]n|[Aa]cross|[Tt]hroughout)\s+(?:the\s+)?(?P<land>(?i:{_LANDS}))\b(?!-)"
    rf"|\b(?P<known>(?:{_COUNTRIES}|{_OF_PLACES}))\b(?:['’]s?\b)?"
    rf"|\b(?:city|town|state|province|county|region|village|island|district|municipality|port"
    rf"|canton) of (?P<of>{_NAME})"
    rf"|\b(?P<water>(?:{_NAME}\s)?(?:Sea|Ocean|Gulf|Bay|Basin|Alps|Valley|Coast|Peninsula|Delta|Islands?)"
    rf"|Baltic|Atlantic"
    r"|Pacific|Mediterranean|Arctic|Antarctic)\b"
    r"|\b(?P<wide>(?i:(?:eu|europe|africa|asia|uk)-wide|world-?wide|globally|global|nationwide"
    r"|national(?:ly)?|regional(?:ly)?|international(?:ly)?"
    r"|state-?wide|city-?wide|county-?wide|country-?wide|continent-?wide|local(?:ly)?|domestic(?:ally)?"
    r"|(?:in|across) all (?:regions|countries|areas|states|cities|provinces)|abroad|overseas|in the world"
    r"|around the world))\b"
)
_DATES = frozenset(
    """January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday""".split()
)


def _kept(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()))


@lru_cache(maxsize=4_096)
def places(text: str) -> tuple[str, ...]:
    """The places that a text names, as it names them."""
    found = (_kept(match) for match in _PLACE.finditer(text))
    return tuple(place for place in found if place not in _DATES)


def unplaced(text: str) -> str:
    """The text without the places it names."""
    return _PLACE.sub(" ", text)


_TOKEN = r"[A-ZÀ-Ý][\w’'-]*[a-zß-ɏ]"
_LOCATED = re.compile(
    r"\b(?:[Ii]n|[Aa]t|[Oo]n|[Nn]ear|[Aa]cross|[Ww]ithin|[Tt]hroughout|[Oo]utside|[Aa]round|[Ff]rom|[Aa]long"
    r"|(?<=[a-z]\s)(?:of|for))\s(?P<phrase>(?:(?!(?:of|and)\b)[a-z][\w-]*\s){0,4}?(?:of\s(?:the\s)?)?(?P<names>"
    rf"{_TOKEN}(?:[ -](?:(?:of|and|the)\s)?{_TOKEN})*)(?:\sas\sa\swhole|\sand\s(?:its|the)\s\w+)?)"
)
_WHOLE = re.compile(
    r"\b(?:all|whole|entire|every|republic|country|countries|nation|kingdom|continent|overall|and its)\b"
    r"|\b(?:nation|country|world|state)-?wide\b|\bglobal|\b[Ww]orld\b",
    re.IGNORECASE,
)
# "Of the Christmas market": a name before a noun says which, not where.
_ATTRIBUTE = re.compile(r"\s(?!(?:in|at|on|of|for|from|by|to|and|or|is|was|are|were|has|have|had|as)\b)[a-z]+")
_OF_THE = ("of the ", "for the ")
_WIDE = re.compile(
    r"\b(?:EU|OECD|G7|G20|Africa|Asia|Europe|(?:North |South |Latin )?America|Oceania|Scandinavia|African|Asian"
    r"|European|Nordic|[A-Za-z]+-wide|[Nn]ationwide|[Ww]orldwide|[Nn]ational(?:ly)?|[Gg]lobal(?:ly)?"
    r"|[Ii]nternational(?:ly)?|[Dd]omestic(?:ally)?)\b"
)
_COUNTRY = re.compile(rf"(?:{_COUNTRIES}|{_OF_PLACES})")


@dataclass(frozen=True)
class Where:
    """The words of the places' names in a text; whether they are all of countries; whether a whole is meant."""

    names: frozenset[str] = frozenset()
    countries: bool = False
    wide: bool = False

    def apart(self, other: "Where") -> bool:
        """Whether two texts name places of which neither can lie in the other."""
        if not self.names or not other.names or self.names & other.names or self.wide or other.wide:
            return False
        return self.countries == other.countries


@lru_cache(maxsize=8_192)
def where(text: str) -> Where:
    """The places that a text names."""
    found = {place for place in places(text) if place[0].isupper() and not _WIDE.fullmatch(place)}
    wide = bool(_WIDE.search(text))
    for match in _LOCATED.finditer(text):
        wide = wide or bool(_WHOLE.search(match["phrase"]))
        if not (_ATTRIBUTE.match(text, match.end()) and text.endswith(_OF_THE, 0, match.start("names"))):
            found.add(match["names"])
    found = {place for place in found if place.split()[0] not in _DATES}
    names = frozenset(word for place in found for word in re.findall(r"[A-ZÀ-Ý](?:(?![’']s\b)[\w’'-])*", place))
    return Where(names, bool(found) and all(_COUNTRY.fullmatch(place) for place in found), wide)
