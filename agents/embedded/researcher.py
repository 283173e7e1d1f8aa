"""Findings for one brief: short searches, a look around the best passages, then quoted statements."""

import re
from collections.abc import Iterable, Sequence

from agents.embedded.asked import Part, asked_parts, unanswered
from agents.embedded.conversation import Ask, Call, Conversation
from agents.embedded.counterparts import counterparts
from agents.embedded.extraction import Passages, Picked, Wanted
from agents.embedded.question import read_question
from agents.embedded.text import (
    COMMON,
    GENERIC,
    LIGHT,
    STOP_WORDS,
    counted,
    distinct,
    share,
    spellings,
    stem,
    terms,
    words,
)
from agents.replies import FindingsReply, FoundClaim, QuotedText

_AROUND = 700
"""Characters read before a good passage."""

_READ = 2_400
_MOST_QUERIES = 4
_PASSAGES = 10
"""Asked of each search."""

_ANSWERED = 0.45
"""How much of a key question the findings must speak of for it to be answered."""

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DEFINED = re.compile(
    r"\b(?:counting|counted as|counts as|defined as|means|meaning|measured as|measured by|not counting|excluding|"
    r"including only)\b[^.;]{4,160}",
)
_POPULATION = re.compile(
    r"(?:%|\bper ?cent)\s+(?:of|among)\s+((?:the |all )?[a-z][a-z'’-]+"
    r"(?: (?!(?:in|from|at|and|or|who|with|used?|said?|are|were|was|is|ha[ds]|have)\b)[a-z][a-z'’-]+)?"
    r"(?: (?:in|from|at) (?:the )?[A-Z][\w-]+(?: [A-Z][\w-]+)*)?)"
)


def research(talk: Conversation) -> Ask | FindingsReply:
    """The next tool calls, or the findings once there is nothing more to look for."""
    brief = _Brief(talk)
    if not talk.turns:
        calls = talk.offered(brief.searches())
        if calls:
            asked = "; ".join(str(call.input.get("query") or call.input.get("text")) for call in calls)
            return Ask(f"Looking for what the documents say on {brief.title or 'the question'}: {asked}.", calls)
    searches = [exchange.segments for exchange in talk.exchanges("search_documents")]
    others = [s for tool in ("find_text", "read_document") for e in talk.exchanges(tool) for s in e.segments]
    passages = Passages(searches, others)
    picked = brief.pick(passages)
    if len(talk.turns) == 1 and not brief.hurried:
        calls = talk.offered(_look_around(picked))
        if calls:
            return Ask("Reading around the best passages before relying on them.", calls)
    return brief.answer(passages, picked)


class _Brief:
    """The brief of a prompt, as terms and searches."""

    def __init__(self, talk: Conversation) -> None:
        self.question = read_question(talk.section("question") or talk.section("objective"))
        self.title = talk.section("subtask")
        self.key_questions = [
            line.removeprefix("- ") for line in talk.section("key_questions").splitlines() if line
        ]
        self.advice = talk.section("advice")
        self.hurried = self.advice.startswith("Narrower")
        objective = talk.section("objective")
        own = self._own(objective)
        if own and not self.key_questions:
            # It alone says what is asked, whatever the subtask was called before.
            self.question, self.title, own = read_question(objective), "", False
        known = {*self.question.terms, *LIGHT}
        told = (self.title, " ".join(read_question(question).about for question in self.key_questions))
        focuses = (tuple(distinct(t for t in terms(text) if t not in known)) for text in told)
        self.focus = next((focus for focus in focuses if focus), ())[:6]
        if own and not self.focus:
            self.key_questions.append(objective)
        self.parts: list[Part] = asked_parts(self.key_questions or [self.question.text])
        known |= {*self.focus}
        aside = [word for word in words(objective) if _tells(word) and stem(word) not in known]
        self.hints = distinct(aside)[:6] if self.focus else []
        self.wanted = Wanted(self.question, self.focus, tuple(map(stem, self.hints)))

    def _own(self, objective: str) -> bool:
        """Whether the objective names what neither the question nor the rest of the brief does."""
        told = {*terms(" ".join([self.question.text, self.title, *self.key_questions]))}
        return any(term not in told | LIGHT | COMMON | GENERIC for term in terms(objective))

    def pick(self, passages: Passages) -> list[Picked]:
        """The statements that bear on it; where it asks several things at once, on each of them."""
        if self.focus or len(self.parts) < 2:
            return passages.pick(self.wanted)
        found: list[Picked] = []
        for part in self.parts:
            sources = {one.segment.source for one in found}
            picked = passages.pick(Wanted(part.question))
            found += [one for one in picked if not part.leans or one.segment.source in sources]
        return list({(one.segment.source, one.segment.start + one.statement.start): one for one in found}.values())

    def searches(self) -> Iterable[Call]:
        """What to search for, most telling first."""
        asked = _content(self.question.about)
        label = [word for word in _content(self.title) if stem(word) in self.focus]
        queries = [asked, *_phrases(self.question.about)]
        if label:
            queries = [[*label, *asked], [*label, *self.hints], label, asked]
        each = [_content(read_question(question).about)[:6] for question in self.key_questions]
        queries = [queries[0], *each, *queries[1:]] if len(self.parts) > 1 else queries + each
        if self.advice:
            other = self.advice.rpartition(":")[2]
            queries = [_content(part) for part in other.split(",")] + queries
        spelt = [distinct(form for word in query for form in spellings(word)) for query in queries]
        calls = [
            Call("search_documents", {"query": " ".join(query), "limit": _PASSAGES}) for query in spelt if query
        ]
        names = [Call("find_text", {"text": name}) for name in self.question.names]
        return [*calls[: 1 if self.hurried else _MOST_QUERIES], *names[:2]]

    def answer(self, passages: Passages, picked: Sequence[Picked]) -> FindingsReply:
        """The findings, and what they leave open."""
        told = [*picked, *counterparts(picked, passages, self.wanted)]
        found = [_finding(one) for one in told]
        open_questions = self._open(passages, picked)
        sources = {one.segment.source for one in told}
        summary = (
            f"{counted(len(found), 'statement')} from {counted(len(sources), 'document')}.".capitalize()
            if found
            else "Nothing in the passages that were read answers this."
        )
        return FindingsReply(
            findings=found,
            summary=summary,
            not_found=[question[:300] for question in open_questions[:20]],
            alternatives=[] if found else self._alternatives(),
        )

    def _open(self, passages: Passages, picked: Sequence[Picked]) -> list[str]:
        """The key questions that the findings do not answer; in a subtask of a broad question, do not speak of."""
        if not self.focus:
            return unanswered(self.parts, picked, passages)
        said = {term for one in picked for term in terms(f"{one.statement.text} {one.statement.heading}")}
        said |= {term for one in picked for term in passages.document(one.segment.source)}
        asked = self.key_questions or [self.question.text]
        return [question for question in asked if not picked or share(terms(question), said) < _ANSWERED]

    def _alternatives(self) -> list[str]:
        """Searches that were not tried: the telling words one by one."""
        telling = [word for word in words(f"{self.title} {self.question.text}") if _tells(word)]
        return distinct(word.lower() for word in telling)[:8]


def _tells(word: str) -> bool:
    return word.lower() not in STOP_WORDS and stem(word) not in LIGHT


def _content(text: str) -> list[str]:
    """The words of a text that a search can use, light ones last."""
    found = [word for word in distinct(words(text)) if word.lower() not in STOP_WORDS]
    return sorted(found, key=lambda word: stem(word) in LIGHT)


def _phrases(text: str) -> list[list[str]]:
    """The runs of two and more words that no stop word breaks, the longest first."""
    runs: list[list[str]] = [[]]
    for word in words(text):
        if word.lower() in STOP_WORDS:
            runs.append([])
        else:
            runs[-1].append(word)
    return sorted((run[:4] for run in runs if len(run) > 1), key=len, reverse=True)


def _look_around(picked: Sequence[Picked]) -> list[Call]:
    best = {one.segment.source: one.segment for one in reversed(picked)}
    ordered = distinct(one.segment.source for one in picked)[:2]
    return [
        Call("read_document", {"path": source, "start": max(0, best[source].start - _AROUND), "length": _READ})
        for source in ordered
    ]


def _finding(one: Picked) -> FoundClaim:
    sentence = one.statement.text
    years = distinct(_YEAR.findall(sentence))
    population = _POPULATION.search(sentence)
    definition = _DEFINED.search(sentence)
    return FoundClaim(
        claim=sentence[:4_000],
        quotes=[QuotedText(source=one.segment.source, text=quote[:3_000]) for quote in one.quotes],
        date=years[0] if len(years) == 1 else one.segment.date[:300],
        scope=population[1][:300] if population else "",
        definition=definition[0][:300] if definition else "",
        confidence="high" if one.score >= 0.8 else "medium" if one.score >= 0.5 else "low",
    )
