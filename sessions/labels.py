"""A person's own words on a run: a title and tags, in a file of their own, so that a live run takes them too."""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sessions.atomic_file import write_atomic
from sessions.errors import BadInputError
from sessions.regular_file import read_regular
from sessions.safe import safe_line

LABELS = "labels.json"
TITLE = 120
TAGS, TAG = 12, 30
"""Characters of a title; how many tags, and characters of each, at most."""

_MAX_BYTES = 8_192


class BadLabelError(BadInputError):
    """A title or a tag does not fit; the message is one sentence that says how much does."""


class Labels(BaseModel):
    """What a person calls a run."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(default="", max_length=TITLE)
    tags: tuple[Annotated[str, Field(min_length=1, max_length=TAG)], ...] = Field(default=(), max_length=TAGS)


def read_labels(directory: Path) -> Labels:
    """The run's labels; none where nothing is written that can be read. Never raises."""
    try:
        return Labels.model_validate_json(read_regular(directory / LABELS, _MAX_BYTES))
    except (OSError, ValidationError):
        return Labels()


def write_labels(directory: Path, labels: Labels) -> None:
    """Replaces the run's labels at once. Raises UnwritableError."""
    write_atomic(directory / LABELS, labels.model_dump_json().encode())


def title_of(typed: str) -> str:
    """What was typed, as a title. Raises BadLabelError."""
    title = safe_line(typed)
    if len(title) > TITLE:
        raise BadLabelError(f"The title has {len(title)} characters; at most {TITLE} are kept.")
    return title


def tags_of(typed: str) -> tuple[str, ...]:
    """The words that were typed, with spaces or commas between them, as tags, each once. Raises BadLabelError."""
    tags = tuple(dict.fromkeys(word.lstrip("#") for word in safe_line(typed).replace(",", " ").split()))
    tags = tuple(filter(None, tags))
    if len(tags) > TAGS:
        raise BadLabelError(f"There are {len(tags)} tags; a run takes at most {TAGS}.")
    long = next((tag for tag in tags if len(tag) > TAG), None)
    if long is not None:
        raise BadLabelError(f"The tag {long[:TAG]}… has {len(long)} characters; at most {TAG} are kept.")
    return tags
