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

    def part(self, share: float) -> "Take":
        """A share of it (0 to 1)."""
        low, high = (round(share * tokens) for tokens in self.tokens)
        return Take(tokens=(low, high), usd=(share * self.usd[0], share * self.usd[1]) if self.usd else None)


class Estimate(Record):
    """What each spoke of a plan takes, by its id, and what checking and writing take after them."""

    spokes: dict[str, Take]
    rest: Take
    writing: Take | None = None
    """What of the rest the report takes; None where only all of it is known."""

    @property
    def checking(self) -> Take:
        """What of the rest is not the report's; all of it where the two are not known apart."""
        if self.writing is None:
            return self.rest
        tokens = (self.rest.tokens[0] - self.writing.tokens[0], self.rest.tokens[1] - self.writing.tokens[1])
        if self.rest.usd is None or self.writing.usd is None:
            return Take(tokens=tokens, usd=None)
        usd = (self.rest.usd[0] - self.writing.usd[0], self.rest.usd[1] - self.writing.usd[1])
        return Take(tokens=tokens, usd=usd)

    def of(self, spokes: Collection[str]) -> Take:
        """What a plan with these spokes takes."""
        total = self.rest
        for spoke in spokes:
            total += self.of_one(spoke)
        return total

    def of_one(self, spoke: str) -> Take:
        """What a spoke takes; one that was not estimated takes what the dearest does."""
        dearest = max(self.spokes.values(), key=lambda take: take.tokens, default=Take(tokens=(0, 0), usd=(0, 0)))
        return self.spokes.get(spoke, dearest)
