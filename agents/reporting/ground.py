"""What a report must be true to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sessions.findings import Claim, Conflict, Gap
from sessions.plan import LeftOut

NOTHING_FOUND = "Nothing in the passages that were read answers the question."
NOT_ANSWERED = "Nothing in the passages that were read answers it."
NOT_QUOTED = "Nothing that was found can be cited: none of its quotes could be found."


@dataclass(frozen=True)
class Ground:
    """What the report must be true to: the checked ledger, what is missing, and how spokes and sources are called.

    `unread` are files that lie in the folder and could not be read, each with why. `titles` gives the title of
    each spoke by its id, in the plan's order; `sources` title and date of each source by the hash of its text;
    `nothing` says why, where there is no claim.
    """

    claims: tuple[Claim, ...]
    conflicts: tuple[Conflict, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    unread: tuple[LeftOut, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict[str, str])
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    nothing: str = NOTHING_FOUND

    @cached_property
    def citable(self) -> dict[str, Claim]:
        """The claims that the report may cite, by id."""
        return {claim.id: claim for claim in self.claims if claim.citable}
