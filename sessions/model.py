"""The base of every record that is saved."""

from pydantic import BaseModel, ConfigDict

SCHEMA = 1
"""The version of everything that this code writes; a reader of a newer one opens it read-only."""


class Record(BaseModel):
    """A frozen piece of a run; fields this version does not know are kept, so that saving loses nothing."""

    model_config = ConfigDict(frozen=True, extra="allow")
