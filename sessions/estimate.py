"""What a run is going to take, as far as one can know before it begins."""

from collections.abc import Collection

from sessions.model import Record


class Take(Record):
    """Tokens and USD, from low to high; `usd` is None where a price is not known."""

    tokens: tuple[int, int]
    usd: tuple[float, float] | None

    def __add__(self, other: "Take") -> "Take":
        known = self.usd is not None and other.usd is not None
        return Take(
            tokens=(self.tokens[0] + other.tokens[0], self.tokens[1] + other.tokens[1]),
            usd=(self.usd[0] + other.usd[0], self.usd[1] + other.usd[1])
            if known and self.usd and other.usd
            else None,
        )


class Estimate(Record):
    """What each spoke of a plan takes, by its id, and what checking and writing take after them."""

    spokes: dict[str, Take]
    rest: Take

    def of(self, spokes: Collection[str]) -> Take:
        """What a plan with these spokes takes; one that was not estimated takes what the dearest does."""
        dearest = max(self.spokes.values(), key=lambda take: take.tokens, default=Take(tokens=(0, 0), usd=(0, 0)))
        total = self.rest
        for spoke in spokes:
            total += self.spokes.get(spoke, dearest)
        return total
