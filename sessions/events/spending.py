"""What a run may spend, and what it has spent."""

from collections.abc import Iterable

from pydantic import Field

from sessions.model import Record


class Limits(Record):
    """The hard caps of a run."""

    max_parallel: int = Field(default=5, ge=1, le=20)
    max_spokes: int = Field(default=7, ge=1, le=20)
    max_turns: int = Field(default=400, ge=1, le=100_000)
    max_tokens: int = Field(default=4_000_000, ge=1, le=10**9)
    max_usd: float = Field(default=5.0, gt=0, le=100_000)
    """Binds only as far as the models' prices are known."""
    max_minutes: float = Field(default=60.0, gt=0, le=100_000)
    """Of work: the time in which the plan waits for a person, or all of the run for the disk, does not count."""


class Usage(Record):
    """Tokens of one or more replies, as the provider counted them, and what they cost."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    turns: int = 0
    usd: float = 0.0
    """What the priced turns cost."""
    priced_turns: int = 0
    """Turns of a model whose price was known."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cache_read_tokens=self.cache_read_tokens + other.cache_read_tokens,
            cache_write_tokens=self.cache_write_tokens + other.cache_write_tokens,
            turns=self.turns + other.turns,
            usd=self.usd + other.usd,
            priced_turns=self.priced_turns + other.priced_turns,
        )

    @classmethod
    def total(cls, usages: Iterable["Usage"]) -> "Usage":
        """All of them together: for many, a model at every step is dear; for two, going through the fields is."""
        every = tuple(usages)
        return cls(**{name: sum(getattr(usage, name) for usage in every) for name in cls.model_fields})

    @property
    def tokens(self) -> int:
        """All tokens that count against a budget."""
        return self.input_tokens + self.output_tokens + self.cache_read_tokens + self.cache_write_tokens

    @property
    def cost(self) -> float | None:
        """USD, or None where a turn's price was not known: then it is never taken for nothing."""
        return self.usd if self.priced_turns == self.turns else None
