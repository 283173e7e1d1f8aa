"""Reading a golden set from a YAML file: what does not fit is told by its line."""

from collections.abc import Sequence
from pathlib import Path

import yaml
from pydantic import JsonValue, ValidationError

from agents.evaluation.golden import GoldenSet, Question
from sessions.errors import BadInputError
from sessions.paths import reason


class BadSetError(BadInputError):
    """A golden set that cannot be used; the message says which line, and what to do."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path}, line {line}: {what}")


def read_set(path: Path) -> tuple[GoldenSet, Path]:
    """The set in a file, and the folder it asks, with every source it expects there. Raises BadSetError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"{path} cannot be read: {reason(error)}; name a YAML file with questions.") from None
    except UnicodeDecodeError:
        raise BadInputError(f"{path} is no text in UTF-8; name a YAML file with questions.") from None
    root, data = _parsed(path, text)
    try:
        golden = GoldenSet.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadSetError(
            path, _line(root, first["loc"]), _told(first["type"], first["loc"], first["msg"])
        ) from None
    folder = path.parent / Path(golden.docs).expanduser()
    if not folder.is_dir():
        what = f"there is no folder {folder}; `docs` is the folder of documents, seen from this file."
        raise BadSetError(path, _line(root, ("docs",)), what)
    for number, question in enumerate(golden.questions):
        for place, source in enumerate(question.sources):
            if not (folder / source).is_file():
                what = f"{golden.docs} has no document {source}; name it by its path in that folder."
                raise BadSetError(path, _line(root, ("questions", number, "sources", place)), what)
    return golden, folder.resolve()


def _parsed(path: Path, text: str) -> tuple[yaml.Node, JsonValue]:
    """The nodes of a YAML text, which know their lines, and what they hold."""
    try:
        root = yaml.BaseLoader(text).get_single_node()
        if root is None:
            raise BadSetError(path, 1, "the file is empty; it takes `docs` and `questions`.")
        return root, _held(path, root, {})
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"this is not YAML ({error.problem or error.context}); put text with : or # in quotes."
        raise BadSetError(path, mark.line + 1 if mark else 1, what) from None
    except (yaml.YAMLError, RecursionError):
        raise BadSetError(path, 1, "the file cannot be read as YAML; write it as plain text.") from None


def _held(path: Path, node: yaml.Node, known: dict[int, JsonValue]) -> JsonValue:
    """What a node holds, every scalar as it is written: a fact such as 4.50 or 12:30 stays what it is.

    Refuses a key that stands twice: the first of the two would be lost unseen.
    """
    if id(node) in known:  # an alias
        return known[id(node)]
    held: JsonValue
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, JsonValue] = {}
        for key, value in _entries(node):
            name = str(key.value)
            if name in fields:
                what = f"`{name}` stands here a second time; put all of it under one."
                raise BadSetError(path, key.start_mark.line + 1, what)
            fields[name] = _held(path, value, known)
        held = fields
    elif isinstance(node, yaml.SequenceNode):
        held = [_held(path, item, known) for item in _items(node)]
    else:
        held = str(node.value)
    known[id(node)] = held
    return held


def _entries(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    return list(node.value) if isinstance(node, yaml.MappingNode) else []


def _items(node: yaml.SequenceNode) -> list[yaml.Node]:
    return list(node.value)


def _line(root: yaml.Node, place: Sequence[int | str]) -> int:
    """The line, from 1, of what stands at a place, or of the nearest thing around it that is there."""
    node, mark = root, root.start_mark
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = _items(node)[step]
            mark = node.start_mark
            continue
        found = next(((key, value) for key, value in _entries(node) if key.value == step), None)
        if found is None:
            break
        mark, node = found[0].start_mark, found[1]
    return mark.line + 1


def _told(kind: str, place: Sequence[int | str], message: str) -> str:
    """What pydantic found wrong at a place, in a sentence of ours."""
    name = next((step for step in reversed(place) if isinstance(step, str)), "")
    known = ", ".join(Question.model_fields if "questions" in place[:-1] else GoldenSet.model_fields)
    match kind:
        case "missing":
            return f"`{name}` is missing; add it."
        case "extra_forbidden":
            return f"`{name}` is not known here; use {known}."
        case "tuple_type":
            return f"`{name}` takes a list; put each item on a line of its own, after a dash."
        case "model_type" | "model_attributes_type":
            return f"a set of names with values is expected here; use {known}."
        case "string_type":
            return f"`{name}` takes text here; put it in quotes."
        case "too_short":
            return "`questions` has none; add one."
        case _:
            return f"`{name}`: {message.removeprefix('Value error, ')}; mend it."
