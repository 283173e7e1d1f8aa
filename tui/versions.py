"""A window and an engine of different versions: what is said of it, and what a window then passes over."""

from importlib.metadata import version
from typing import get_args

from pydantic import ValidationError

from agents.port.messages import Hello, Message, ToViewer
from agents.port.version import PORT

_KINDS = frozenset(model.model_fields["kind"].default for model in get_args(get_args(ToViewer)[0]))


class _Kind(Message):
    kind: str


def other_version(hello: Hello) -> str:
    """Why a window may only watch an engine; short, for a header of 80 cells says it too."""
    engine, window = hello.version or "of another version", version("hubspoke")
    if engine == window:
        engine, window = f"{engine} (port {hello.port})", f"port {PORT}"
    return f"read-only: engine is hubspoke {engine}, window {window}"


def unreadable(release: str) -> str:
    """What is said of an engine whose messages cannot be read; `release` is its version, where it is known."""
    which = f"hubspoke {release}" if release else "another version of hubspoke"
    return f"The engine is {which}, which this window cannot read; the run is shown as it is saved."


def passes_over(data: bytes) -> bool:
    """Whether a message is of a kind that this version does not know, so that nothing known is missed with it."""
    try:
        return _Kind.model_validate_json(data).kind not in _KINDS
    except ValidationError:
        return False
