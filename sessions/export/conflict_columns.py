"""What the values of a disagreement are told apart by."""

from sessions.findings import Conflict

_QUALIFIERS = ("date", "period", "scope", "definition", "population")


def columns(conflict: Conflict) -> tuple[str, ...]:
    """The names of the qualifiers (fields of `ConflictValue`) that at least one value has something for.

    A date that only repeats the period is none.
    """
    told = {name: any(getattr(value, name) for value in conflict.values) for name in _QUALIFIERS}
    told["date"] = any(value.date and value.date != value.period for value in conflict.values)
    return tuple(name for name in _QUALIFIERS if told[name])
