"""What every event carries, and what some kinds have in common."""

from pydantic import Field

from sessions.model import SCHEMA, Elapsed, Moment, Record


class Event(Record):
    """What every event carries; the journal numbers it (`seq`) and stamps it when it is appended.

    `at` is the wall clock in seconds since 1970, for display; `t` the run's own active seconds, from the
    monotonic clock, which go on from where they stood when a run is resumed.
    """

    schema_: int = Field(default=SCHEMA, alias="schema")
    seq: int = 0
    at: Moment = 0.0
    t: Elapsed = 0.0


class StepEvent(Event):
    """The finished result of a durable step: on resume it answers in place of the work."""

    step: str


class AttemptEvent(Event):
    """Something within one attempt; causality is promised only here."""

    spoke: str
    attempt: int


class SteeredEvent(Event):
    """Something that a person may have wanted."""

    by: str = Field(default="", exclude_if=lambda who: not who)
    """Who did it: `window 2`, `command line`, a signal; empty, and not written, where nobody said."""
