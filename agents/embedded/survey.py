"""What the documents hold on a question, seen in two rounds of short searches, by planner and reviewer alike."""

import re
from dataclasses import dataclass

from agents.embedded.conversation import Ask, Call, Conversation
from agents.embedded.facets import Facet, SeenDocument, find_facets
from agents.embedded.question import Question
from agents.embedded.text import LIGHT, STOP_WORDS, distinct, share, stem, terms, words

_SEARCHES = 6
_SMALL, _ON_TOPIC = 80, 0.34
"""A folder of no more documents, in so many of which the question's words stand, is about the question as a whole."""

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


def look(talk: Conversation, question: Question) -> Ask | Survey:
    """The next searches, or what they showed."""
    content = [word for word in distinct(words(question.text)) if word.lower() not in STOP_WORDS]
    telling = [word for word in content if stem(word) not in LIGHT] or content
    if not talk.turns:
        queries = distinct([" ".join(telling), *telling[:3]])
        calls = talk.offered([Call("list_documents"), *_searches(queries)])
        if calls:
            return Ask(f"Seeing which documents there are, and which speak of {', '.join(telling)}.", calls)
    survey = _survey(talk, question)
    if len(talk.turns) == 1 and not survey.narrow:
        labels = [facet.label for facet in survey.facets[:_SEARCHES]]
        unread = [document.title for document in survey.documents if not document.texts]
        calls = talk.offered(_searches(distinct([*labels, *unread[:_SEARCHES]])))
        if calls:
            about = ", ".join(labels) or "what else there is"
            return Ask(f"Looking closer at what they seem to fall into: {about}.", calls)
    return survey


def _searches(queries: list[str]) -> list[Call]:
    return [Call("search_documents", {"query": query, "limit": _PASSAGES}) for query in queries if query]


def _survey(talk: Conversation, question: Question) -> Survey:
    listed = {document.source: document for document in _listing(talk)}
    seen = dict(listed)
    for exchange in talk.exchanges("search_documents"):
        for segment in exchange.segments:
            document = seen.setdefault(segment.source, SeenDocument(segment.source))
            document.title = segment.title or document.title
            if segment.text not in document.texts:
                document.texts.append(segment.text)
    documents = sorted(seen.values(), key=lambda document: document.source)
    held = [share(question.strong, set(terms(" ".join([d.title, d.source, *d.texts])))) for d in documents]
    best = max(held, default=0.0)
    touching = [d for d, part in zip(documents, held, strict=True) if part]
    fitting = [d for d, part in zip(documents, held, strict=True) if part and part >= _FITS * best]
    if max(_total(talk), len(documents)) <= _SMALL and len(touching) >= max(_FEW, _ON_TOPIC * len(documents)):
        bearing, narrow = documents, question.narrow
    else:
        bearing, narrow = fitting, question.narrow or len(fitting) < _FEW
    return Survey(tuple(bearing), () if narrow else tuple(find_facets(question, bearing)), narrow)


def _listing(talk: Conversation) -> list[SeenDocument]:
    remarks = [exchange.remark for exchange in talk.exchanges("list_documents")]
    return [SeenDocument(m["path"], m["title"]) for remark in remarks for m in _LISTED.finditer(remark)]


def _total(talk: Conversation) -> int:
    """How many documents the folder has, as the listing says; 0 if it was not asked."""
    counts = [_COUNTED.match(exchange.remark) for exchange in talk.exchanges("list_documents")]
    return max((int(count[1]) for count in counts if count), default=0)
