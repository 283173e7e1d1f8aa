"""The base of every record that is saved."""

import math
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

SCHEMA = 1
"""The version of everything that this code writes; a reader of a newer one opens it read-only."""


class Record(BaseModel):
    """A frozen piece of a run; fields this version does not know are kept, so that saving loses nothing."""

    model_config = ConfigDict(frozen=True, extra="allow")


_YEAR_3000 = 32_503_680_000.0
LONGEST_S = 1e9
"""A time beyond this (thirty years) was made up."""


def _at_most(most: float) -> AfterValidator:
    def within(told: float) -> float:
        # Not refused: a journal is read whatever its clock said. What is no number cannot be saved anyway.
        return min(max(told, 0.0), most) if math.isfinite(told) else told

    return AfterValidator(within)


Moment = Annotated[float, _at_most(_YEAR_3000)]
"""Wall clock, in seconds since 1970; what no calendar shows becomes one that it does."""

Elapsed = Annotated[float, _at_most(LONGEST_S)]
"""Seconds since something began; never before it."""
