"""A person's notes on earlier plans: what they want in the plan, and which of its parts they want out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.embedded.text import LIGHT, STOP_WORDS, stem, terms, words

_CLAUSE = re.compile(r"[.;!?:]+(?:\s|$)|\s+but\s+", re.IGNORECASE)
_OUT = re.compile(
    r"\b(?:drop|without|no|not|never|skip|leave|left|exclude|excluding|except|omit|ignore|remove|minus)\b|n['’]t\b",
    re.IGNORECASE,
)
_AND = re.compile(r",|\b(?:and|or)\b", re.IGNORECASE)
_ASKING = frozenset(
    map(
        stem,
        """add also ask broader cover examine explore fewer focus include investigate longer mention narrower part
        plan question research section separate shorter spoke subject subtask topic treat want""".split(),
    )
)
"""Words that ask for something and do not say what."""

_LONGEST = 100


@dataclass(frozen=True)
class Notes:
    """What the notes ask for: subjects to look into, parts to leave out, and clauses that name neither."""

    wanted: tuple[str, ...]
    out: tuple[str, ...]
    unread: tuple[str, ...]


def read_notes(section: str, labels: Sequence[str]) -> Notes:
    """The notes of a prompt, one a line, oldest first: a later one overrules. `labels` name the plan's parts."""
    wanted: list[str] = []
    out: list[str] = []
    unread: list[str] = []
    for clause in (part for line in section.splitlines() for part in _CLAUSE.split(line.removeprefix("- "))):
        said_out = _OUT.search(clause)
        wish, rest = (clause[: said_out.start()], clause[said_out.end() :]) if said_out else (clause, "")
        if said_out and not _subject(rest):
            wish, rest = "", wish  # "labels can be left out"
        named = [label for label in dict.fromkeys((*labels, *wanted)) if _names(rest, label)]
        wanted = [label for label in wanted if label not in named]
        out += [label for label in named if label not in out]
        if subject := _subject(wish):
            out = [label for label in out if not _names(wish, label)]
            wanted.append(subject)
        if not named and not subject and clause.strip():
            unread.append(clause.strip())
    return Notes(tuple(dict.fromkeys(wanted)), tuple(out), tuple(unread))


def _telling(word: str) -> bool:
    return word.lower().replace("’", "'") not in STOP_WORDS and stem(word) not in LIGHT | _ASKING


def _subject(text: str) -> str:
    """The words of a clause from the first to the last that says something of a subject; empty if none does."""
    found = words(text)
    telling = [place for place, word in enumerate(found) if _telling(word)]
    return " ".join(found[telling[0] : telling[-1] + 1])[:_LONGEST] if telling else ""


def _names(text: str, label: str) -> bool:
    """Whether a clause names a part: by all of its name, or with an item of a list that holds nothing else."""
    name = set(terms(label))
    items = [set(terms(_subject(item))) for item in (text, *_AND.split(text))]
    return bool(name) and any(said and (name <= said or said <= name) for said in items)
