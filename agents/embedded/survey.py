"""What the documents hold on a question, seen in two rounds of short searches, by planner and reviewer alike."""

import re
from dataclasses import dataclass

from agents.embedded.conversation import Ask, Call, Conversation
from agents.embedded.facets import Facet, find_facets
from agents.embedded.overviews import overview_of
from agents.embedded.question import Question
from agents.embedded.seen import SeenDocument
from agents.embedded.text import LIGHT, STOP_WORDS, distinct, share, stem, terms, words

_TERMS = 5
"""Words of the question that are searched for one by one: which of them stand nowhere tells a foreign question."""

_SEARCHES = 6
_UNREAD, _A_FEW = 16, 3
"""Documents that no search showed are searched for by their titles: so many, for so many passages each."""

_SMALL = 80
"""A folder of no more documents is about one thing; when that is the question's, all of them bear on it."""

_PERVASIVE = 0.4
"""Where so many documents hold a word of the question, it is not foreign to them, whatever else it asks."""

_HALF = 0.5
_HOLDS = 0.34
"""A document that holds so much of the question speaks of it."""

_TYPICAL = 4
"""Typical words of a facet of which a document that answers the question must name one."""

_FITS = 0.75
"""A document that holds this much of what the best one holds of the question is one of those that answer it."""

_FEW = 4
"""A question that fewer documents fit is narrow, whatever its form."""

_PASSAGES = 20
"""Asked of each search: as many documents as can be are to be seen."""

_LISTED = re.compile(r"^(?P<path>.+?) — (?P<title>.*) \(\d+ characters\)$", re.MULTILINE)
_COUNTED = re.compile(r"^(\d+) of \d+ documents:")


@dataclass(frozen=True)
class Survey:
    """The documents that bear on a question, its facets among them, and whether it is narrow."""

    documents: tuple[SeenDocument, ...]
    facets: tuple[Facet, ...]
    narrow: bool
    held: float
    """How much of the question the document holds that holds most of it: 0 to 1."""


def look(talk: Conversation, question: Question) -> Ask | Survey:
    """The next searches, or what they showed."""
    content = [word for word in distinct(words(question.about)) if word.lower() not in STOP_WORDS]
    telling = [word for word in content if stem(word) not in LIGHT] or content
    if not talk.turns:
        queries = distinct([" ".join(telling), *telling[:_TERMS]])
        calls = talk.offered([Call("list_documents"), *_searches(queries)])
        if calls:
            return Ask(f"Seeing which documents there are, and which speak of {', '.join(telling)}.", calls)
    survey = _survey(talk, question)
    if len(talk.turns) == 1 and not survey.narrow:
        labels = [facet.label for facet in survey.facets[:_SEARCHES]]
        queries = [facet.query for facet in survey.facets[:_SEARCHES]]
        unread = [document.title for document in survey.documents if not document.texts]
        calls = talk.offered([*_searches(queries), *_searches(distinct(unread)[:_UNREAD], _A_FEW)])
        if calls:
            about = ", ".join(labels) or "what else there is"
            return Ask(f"Looking closer at what they seem to fall into: {about}.", calls)
    return survey


def _searches(queries: list[str], limit: int = _PASSAGES) -> list[Call]:
    return [Call("search_documents", {"query": query, "limit": limit}) for query in queries if query]


def _survey(talk: Conversation, question: Question) -> Survey:
    listed = {document.source: document for document in _listing(talk)}
    seen = dict(listed)
    for exchange in talk.exchanges("search_documents"):
        for segment in exchange.segments:
            document = seen.setdefault(segment.source, SeenDocument(segment.source))
            document.title = segment.title or document.title
            document.opening = document.opening or ("" if segment.start else segment.text)
            if segment.text not in document.texts:
                document.texts.append(segment.text)
    documents = sorted(seen.values(), key=lambda document: document.source)
    words_of = {d.source: set(terms(" ".join([d.title, d.source, *d.texts]))) for d in documents}
    held = {source: share(question.strong, there) for source, there in words_of.items()}
    best = max(held.values(), default=0.0)
    fitting = [d for d in documents if held[d.source] and held[d.source] >= _FITS * best]
    touched = sum(part > 0 for part in held.values())
    small = max(_total(talk), len(documents)) <= _SMALL
    everything = set[str]().union(*words_of.values())
    absent = sum(term not in everything for term in question.subject)
    foreign = absent > _HALF * len(question.subject) and touched < _PERVASIVE * len(documents)
    if not small or foreign or (best < _HOLDS and touched < 2):
        narrow = question.narrow or len(fitting) < _FEW
        return Survey(tuple(fitting), () if narrow else tuple(find_facets(question, fitting)), narrow, best)
    # In a small folder the parts of the whole need not repeat its name: an overview names them.
    overview = overview_of(documents, held)
    told = [document for document in fitting if document is not overview] if best > _HALF else []
    named = {term for document in (overview, *told) if document for term in words_of[document.source]}
    facets = [] if question.narrow else find_facets(question, documents, overview)
    linked = [f for f in facets if _linked(f, named) or any(held[source] for source in f.documents)]
    # Where somebody sorted the documents, what lies beside the parts of the whole is most likely one, too.
    sorted_by = [facet for facet in facets if facet.authored]
    known = sum(facet in linked for facet in sorted_by) > _HALF * len(sorted_by)
    kept = [facet for facet in facets if facet in linked or (known and facet.authored)]
    # Without such a document there is nothing to go by but that the folder is small and the question not foreign.
    return Survey(tuple(documents), tuple(kept if named else facets), question.narrow, best)


def _linked(facet: Facet, named: set[str]) -> bool:
    return any(term in named for word in (facet.label, *facet.typical[:_TYPICAL]) for term in terms(word))


def _listing(talk: Conversation) -> list[SeenDocument]:
    remarks = [exchange.remark for exchange in talk.exchanges("list_documents")]
    return [SeenDocument(m["path"], m["title"]) for remark in remarks for m in _LISTED.finditer(remark)]


def _total(talk: Conversation) -> int:
    """How many documents the folder has, as the listing says; 0 if it was not asked."""
    counts = [_COUNTED.match(exchange.remark) for exchange in talk.exchanges("list_documents")]
    return max((int(count[1]) for count in counts if count), default=0)
