"""What mends a run that the server turned away: another key, more credit, another model; in words, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sessions.failures import Failure

Field = Literal["key", "model"]


class Mend(NamedTuple):
    """What is asked of a person, and how it is said."""

    needs: str
    """What the run needs, as the bar says it."""
    another: str
    """What `K` asks for."""
    fields: tuple[Field, ...]
    """What may be typed; what is likeliest to help comes first."""
    leaving: str
    """What becomes of the run when nothing is typed."""


_KEY = Mend("a key", "another key", ("key",), "c uses the same key")

_MENDS = {
    "auth": _KEY,
    "billing": Mend("credit", "another key", ("key",), "top up, then c"),
    "permission": Mend("a key or model", "another key or model", ("key", "model"), "c goes on as it was"),
    "not_found": Mend("a model", "another model", ("model", "key"), "c uses the same model"),
}

ASKED_FOR = tuple(dict.fromkeys(mend.another for mend in _MENDS.values()))
"""All that `K` may ask for."""


def mend(failure: Failure) -> Mend:
    """What mends the failure that stopped a run."""
    return _MENDS.get(failure.kind, _KEY)
