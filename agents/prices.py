"""What a reply costs: the prices of the shipped file, with a person's own put over them."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agents.models import ALIASES
from sessions.errors import BadInputError
from sessions.events import Usage
from sessions.paths import reason

OURS = Path(__file__).with_name("prices.toml")

_MILLION = 1_000_000
_DATED = re.compile(r"-\d{8}$")

Rate = Annotated[float, Field(ge=0, allow_inf_nan=False)]
"""USD per million tokens."""


class BadPricesError(BadInputError):
    """A file of prices that cannot be used; the message says which, why and what to do."""


class _Strict(BaseModel):
    """A misspelt name is an error: it would leave a price at what it was."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Rates(_Strict):
    """The price of each kind of token; cached ones without a price of their own cost what input does."""

    input: Rate
    output: Rate
    cache_read: Rate | None = None
    cache_write: Rate | None = None

    def charge(self, usage: Usage) -> float:
        """These tokens in USD."""
        read = self.input if self.cache_read is None else self.cache_read
        write = self.input if self.cache_write is None else self.cache_write
        return (
            usage.input_tokens * self.input
            + usage.output_tokens * self.output
            + usage.cache_read_tokens * read
            + usage.cache_write_tokens * write
        ) / _MILLION


class LongRates(Rates):
    """The rates of a reply whose prompt has more than `above` tokens."""

    above: Annotated[int, Field(ge=0)]


class Price(Rates):
    """What one model costs."""

    long: LongRates | None = None

    def usd(self, usage: Usage) -> float:
        """One reply in USD. Its own prompt's size decides which rates hold, so a sum of replies has no price."""
        prompt = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens
        rates = self.long if self.long is not None and prompt > self.long.above else self
        return rates.charge(usage)


class Prices(_Strict):
    """The prices of all models that are known."""

    read: date
    """When they were looked up."""
    models: dict[str, Price] = Field(default_factory=dict[str, Price])

    def of(self, model: str) -> Price | None:
        """The price of a model by its id, which may end in a date; None where it is not known."""
        return self.models.get(model) or self.models.get(_DATED.sub("", model))

    def priced(self, model: str, usage: Usage) -> Usage:
        """The usage of one reply with what it cost; of a model without a price, no turn is priced."""
        price = self.of(model)
        if price is None:
            return usage.model_copy(update={"usd": 0.0, "priced_turns": 0})
        return usage.model_copy(update={"usd": price.usd(usage), "priced_turns": usage.turns})


class _Own(_Strict):
    """A person's own file: the day may be left out, and models go by their short names too."""

    read: date | None = None
    models: dict[str, Price] = Field(default_factory=dict[str, Price])


def load_prices(override: Path | None = None) -> Prices:
    """The shipped prices, under those of a person's own file, model by model. Raises BadPricesError.

    A file that is not there changes nothing.
    """
    shipped = Prices.model_validate(tomllib.loads(OURS.read_text(encoding="utf-8")))
    own = _own(override) if override is not None else _Own()
    named = {ALIASES.get(name, name): price for name, price in own.models.items()}
    return Prices(read=own.read or shipped.read, models={**shipped.models, **named})


def _own(path: Path) -> _Own:
    try:
        return _Own.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return _Own()
    except OSError as error:
        problem = reason(error)
    except ValidationError as error:
        found = error.errors()[0]
        problem = f"{'.'.join(map(str, found['loc']))}: {found['msg'][:1].lower()}{found['msg'][1:]}"
    except ValueError as error:
        problem = " ".join(str(error).split())
    raise BadPricesError(f"The prices in {path} cannot be used ({problem}); mend or remove the file.")
