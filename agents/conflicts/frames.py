"""What frames a statement and is no part of it: who tells it to whom, when it was told, what was asked."""

import re
from functools import lru_cache

from agents.values.quantities import LABEL

_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_STAMP = r"\d{4}-\d\d-\d\d(?:[T ]\d\d?:\d\d(?::\d\d)?Z?)?"
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
# "2025-03-28 15:11 …", "published on 3 May 2024": when it was written down.
_WRITTEN = re.compile(
    rf"^\W*{_STAMP}"
    r"|\b(?:published|posted|entered|retrieved|accessed|uploaded|printed|last (?:updated|modified))"
    r"(?:\s(?:on|in|at))?\s(?:\d{4}-\d\d-\d\d|(?:\d\d?\s)?(?:[A-Z][a-z]+\s)?(?:\d\d?,\s)?(?:19|20)\d\d)",
)
_TELLS = (
    r"sa(?:ys?|id)|shows?|showed|reports?|reported|writes?|wrote|notes?|noted|announce[sd]?|states?|stated|adds|added"
    r"|told\s\w+|confirm(?:s|ed)?|suggests?|indicates?|explain(?:s|ed)|reveal(?:s|ed)?|according"
)
_FRAMES = (
    # "OSLO, 3 May (NTB) – …"
    re.compile(
        r"^\W*[A-ZÀ-Þ]{3,}(?:[ -][A-ZÀ-Þ]+)*(?:,\s[^–—:;.!?\n()-]{1,20}?(?:\s\([^()]{2,20}\))?|\s\([^()]{2,20}\))"
        r"\s[–—-]+\s"
    ),
    # "Table 7. …", "Key finding 3: …", "Exhibit C-5 – …": what numbers a statement.
    re.compile(
        rf"^\W*(?:(?i:{LABEL})(?:[A-Z]-?)?\d{{1,3}}|[A-Z]-?\d{{1,3}})(?:\s\([^()\d]*\))?"
        r"(?:[.:)]\s|\s[–—-]\s)(?=.*\d)",
        re.DOTALL,
    ),
    *(
        re.compile(frame, re.IGNORECASE)
        for frame in (
            # "Dear Ms Lund,", "Hi all,", "Best, Ana"
            r"^\W*(?:dear|honou?rable|ladies|madam|mr|friends|hi|hello|hey|good\s(?:morning|afternoon|evening))\b"
            r"[^,:.!\n]{0,40}[,:!]",
            r"(?<=[.!?])\s+(?:(?:best|kind|warm|many|with)\s)*"
            r"(?:best|regards|wishes|greetings|thanks|cheers|yours|sincerely)\b[^.!?:\d]{0,40}[.!]?\s*$",
            # "#statistics @office"
            r"(?<!\S)[#@][^\W\d]\w+",
            # "As you asked:"
            r"\bas\s(?:you|we|they)\s(?:asked|requested|know|wanted|discussed|agreed)(?:\sfor)?\s?[:,]",
            # "What do the records give for …?", "Question 12:", "Q:", "A:"
            r"\b(?:question|answer|reply|response)(?:\s?\d{1,4})?(?:\s\([^()]{1,30}\)|\s(?:by|from)\s[^.:?!;\d]{1,30})?"
            r"[.:]\s|^\W*[qa]\s?\d{0,3}[.:]\s",
            r"\bwhat\s(?:do|does|did)\s(?:[\w’'-]+\s){1,4}?(?:give|say|show|state|report)\s(?:for|of|about|on)\b",
            # "…, a spokeswoman said", "…, new figures show"
            rf",\s(?:[\w’'-]+\s){{1,5}}?(?:{_TELLS})(?:\s(?:on|last)\s(?:{_DAYS}))?(?=\W*$|[.!?]\s)",
            # "As the report says, …"
            rf"^\W*as\s(?:[\w’'-]+\s){{1,4}}?(?:{_TELLS}),",
            # "The authority said on Tuesday that …"
            rf"\b(?:on|last|this)\s(?:{_DAYS})\b",
            # "… See annex.", "…, right? Guest: Exactly."
            r"(?<=[.!?])\s+(?:see|cf\.?|compare)\b[^.!?\d]*\.?\s*$",
            r"(?<=\?)\s+(?:[a-z]+:\s)?[a-z]+[.!]\s*$",
            # "“…,” said Ida Moe", "…, it was announced"
            r"(?<=[,.!?][”\"])\s[^”\"“\d]{1,80}$",
            r",\s(?:it|he|she|they|we|i)\s(?:(?:was|were|is|has|have|had|been)\s){0,2}[a-z]+(?:ed|d|t|s)\W*$",
        )
    ),
)


@lru_cache(maxsize=4_096)
def unframed(text: str) -> str:
    """The text with spaces for what frames its statement; as long as before."""
    for frame in _FRAMES:
        text = frame.sub(_blank, text)
    return undated(text)


def undated(text: str) -> str:
    """The text with spaces for when it was written down, where it says another date of what it tells."""
    blanked = _WRITTEN.sub(_blank, text)
    return blanked if _YEAR.search(blanked) else text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())
