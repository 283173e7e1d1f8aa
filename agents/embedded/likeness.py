"""How alike documents are, and how much a word belongs to some of them, by the words seen in them."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import combinations

from agents.embedded.phrases import Pair, form_of, pairs
from agents.embedded.seen import SeenDocument
from agents.embedded.text import GENERIC, LIGHT, STOP_WORDS, stem, words


def _with(term: str, found: Counter[Pair], without: Collection[str]) -> Counter[Pair]:
    """The pairs of which one word is the term's, and the other none of those."""
    return Counter(
        {pair: count for pair, count in found.items() if term in pair and not set(pair) - {term} & set(without)}
    )


class Likeness:
    """The words that were seen of each document; built once for a set of documents."""

    def __init__(self, documents: Sequence[SeenDocument]) -> None:
        self._texts = {document.source: f"{document.title}\n{document.text}" for document in documents}
        self._pairs = {source: pairs(text) for source, text in self._texts.items()}
        self._counts: dict[str, Counter[str]] = {}
        self._forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for document in documents:
            found = [w.lower() for w in words(" ".join([document.title, *document.texts]))]
            telling = [(stem(word), word) for word in found if word not in STOP_WORDS]
            self._counts[document.source] = Counter(term for term, _ in telling)
            for term, word in telling:
                self._forms[term][word] += 1
        holding = Counter(term for counts in self._counts.values() for term in counts)
        self._rarity = {term: math.log(len(documents) / held) for term, held in holding.items()}
        self._vectors = {source: self._vector(counts) for source, counts in self._counts.items()}
        self._usual = self._mean(list(self._vectors))

    def _vector(self, counts: Counter[str]) -> dict[str, float]:
        raw = {t: (1 + math.log(n)) * self._rarity[t] for t, n in counts.items() if self._rarity[t] > 0}
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {term: value / length for term, value in raw.items()}

    def _alike(self, one: str, other: str) -> float:
        left, right = self._vectors[one], self._vectors[other]
        if len(left) > len(right):
            left, right = right, left
        return sum(value * right.get(term, 0.0) for term, value in left.items())

    def cohesion(self, group: Sequence[str]) -> float:
        """How much more alike a group's documents are than documents usually are: about 0.3 to 3."""
        if len(group) < 2:
            return 1.0
        return min(max(self._mean(group) / (self._usual or 1.0), 0.3), 3.0)

    def _mean(self, group: Sequence[str]) -> float:
        pairs = list(combinations(group, 2))
        return sum(self._alike(one, other) for one, other in pairs) / len(pairs) if pairs else 0.0

    def count(self, document: str, term: str) -> int:
        """How often a term stands in what was seen of a document."""
        return self._counts[document][term]

    def concentration(self, key: tuple[str, ...], group: Collection[str]) -> float:
        """How much of a label's occurrences stands in its own documents: 0 to 1."""
        shares: list[float] = []
        for term in key:
            total = sum(counts[term] for counts in self._counts.values())
            within = sum(self._counts[source][term] for source in group)
            shares.append((within + 1) / (total + 1))
        return sum(shares) / len(shares)

    def presence(self, key: tuple[str, ...], group: Collection[str]) -> float:
        """How much a label stands in a group, by its rarest word, where it is hardly anywhere else."""
        within = min(sum(self._counts[source][term] for source in group) for term in key)
        return within * self.concentration(key, group) ** 2

    def phrase(self, term: str, group: Collection[str], without: Collection[str]) -> str:
        """The two words, one of them the term's, that a group mostly says for it, such as `heat pump`; else empty.

        Terms in `without` make no such pair.
        """
        found = {source: _with(term, self._pairs[source], {*without, *GENERIC}) for source in group}
        counts = sum(found.values(), Counter[Pair]())
        best = max(counts, key=lambda pair: (counts[pair], pair), default=None)
        said = sum(self._counts[source][term] for source in group)
        if (
            best is None
            or counts[best] * 2 < said
            or sum(best in held for held in found.values()) * 2 <= len(group)
        ):
            return ""
        return next(form for source in sorted(group) if (form := form_of(best, self._texts[source])))

    def phrase_of(self, term: str, text: str, group: Collection[str], without: Collection[str]) -> str:
        """The two words, one of them the term's, by which a text calls what a group says, too; else empty."""
        said = _with(term, pairs(text), without)
        shared = [pair for pair in said if any(pair in self._pairs[source] for source in group)]
        return form_of(max(shared, key=lambda pair: (said[pair], pair)), text) if shared else ""

    def typical(self, group: Collection[str], most: int = 12) -> tuple[str, ...]:
        """The words that stand in a group's documents more than anywhere else, the most telling first."""
        within: Counter[str] = Counter()
        total: Counter[str] = Counter()
        for source, counts in self._counts.items():
            total += counts
            if source in group:
                within += counts
        score = {
            term: count * (count / total[term]) ** 2
            for term, count in within.items()
            if count > 1 and term.isalpha() and term not in LIGHT and term not in GENERIC and len(term) > 2
        }
        best = sorted(score, key=lambda term: (-score[term], term))[:most]
        return tuple(
            min(forms, key=lambda form: (-forms[form], form)) for forms in map(self._forms.__getitem__, best)
        )
