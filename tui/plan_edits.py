"""What a person may do to a plan before it runs: functions on a draft of it, and on one subtask as it is typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import ValidationError

from sessions.errors import BadInputError
from sessions.plan import LeftOut, Plan, Subtask
from tui.safe import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

LEFT_OUT = "You left it out of the plan."

_LONGEST_ID = 40


@dataclass(frozen=True)
class Draft:
    """A plan under review. A skipped subtask stays in it, with who waits for it, so that it can come back."""

    plan: Plan
    skipped: frozenset[str] = frozenset()

    @property
    def kept(self) -> tuple[Subtask, ...]:
        """The subtasks that would run."""
        return tuple(subtask for subtask in self.plan.subtasks if subtask.id not in self.skipped)

    def waits_for(self, subtask: Subtask) -> tuple[str, ...]:
        """The ids that a subtask would wait for."""
        return tuple(needed for needed in subtask.depends_on if needed not in self.skipped)

    def dependants(self, spoke: str) -> tuple[str, ...]:
        """The ids of those that would run and name this subtask as what they wait for."""
        return tuple(subtask.id for subtask in self.kept if spoke in subtask.depends_on)

    def approved(self) -> Plan:
        """The plan that would run: nobody waits for what is skipped, and it is listed as left out."""
        kept = tuple(s.model_copy(update={"depends_on": self.waits_for(s)}) for s in self.kept)
        skipped = (s for s in self.plan.subtasks if s.id in self.skipped)
        left_out = (*self.plan.left_out, *(LeftOut(title=s.title, why=LEFT_OUT) for s in skipped))
        return self.plan.model_copy(update={"subtasks": kept, "left_out": left_out})


def toggled(draft: Draft, spoke: str) -> Draft:
    """The draft with that subtask skipped, or in again."""
    return replace(draft, skipped=draft.skipped ^ {spoke})


def deleted(draft: Draft, spoke: str) -> Draft:
    """The draft without that subtask; nobody waits for it any more."""
    kept = (
        s.model_copy(update={"depends_on": tuple(needed for needed in s.depends_on if needed != spoke)})
        for s in draft.plan.subtasks
        if s.id != spoke
    )
    return Draft(_with_subtasks(draft.plan, kept), draft.skipped - {spoke})


def moved(draft: Draft, index: int, to: int) -> Draft:
    """The draft with the subtask at one place moved to another."""
    subtasks = list(draft.plan.subtasks)
    subtasks.insert(to, subtasks.pop(index))
    return replace(draft, plan=_with_subtasks(draft.plan, subtasks))


def added(draft: Draft, subtask: Subtask) -> Draft:
    """The draft with another subtask at its end."""
    return replace(draft, plan=_with_subtasks(draft.plan, (*draft.plan.subtasks, subtask)))


def changed(draft: Draft, subtask: Subtask) -> Draft:
    """The draft with that subtask in place of the one with its id."""
    return replace(draft, plan=draft.plan.with_subtask(subtask))


def _with_subtasks(plan: Plan, subtasks: Iterable[Subtask]) -> Plan:
    return plan.model_copy(update={"subtasks": tuple(subtasks)})


def new_id(title: str, taken: Collection[str]) -> str:
    """A spoke's id made of a title: lower-case letters, digits and dashes, and none of those taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_ID].strip("-") or "subtask"
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug[: _LONGEST_ID - len(f'-{number}')]}-{number}"
    return name


@dataclass(frozen=True)
class Typed:
    """A subtask as it stands in a form: every field a text that is safe to show."""

    title: str
    objective: str
    key_questions: str
    role: str
    boundaries: str
    depends_on: str

    @classmethod
    def of(cls, subtask: Subtask) -> Typed:
        """A subtask's fields: key questions one a line, what it waits for as ids with commas."""
        return cls(
            title=safe_line(subtask.title),
            objective=safe(subtask.objective),
            key_questions="\n".join(safe_line(question) for question in subtask.key_questions),
            role=subtask.role,
            boundaries=safe(subtask.boundaries),
            depends_on=", ".join(subtask.depends_on),
        )


class FieldError(BadInputError):
    """What was typed in one field cannot be used."""

    def __init__(self, field: str, sentence: str) -> None:
        """`field` is the name of a field of `Typed`."""
        super().__init__(sentence)
        self.field = field


def revised(subtask: Subtask, typed: Typed, roles: Collection[str], others: Sequence[Subtask] | None) -> Subtask:
    """The subtask as it was typed. Raises FieldError.

    `others` are the plan's subtasks in its order, by whose numbers or ids one says what it waits for; None leaves
    that as it is.
    """
    fields: dict[str, str | tuple[str, ...]] = {
        "title": safe_line(typed.title),
        "objective": safe(typed.objective).strip(),
        "key_questions": tuple(filter(None, map(safe_line, typed.key_questions.split("\n")))),
        "role": typed.role,
        "boundaries": safe(typed.boundaries).strip(),
    }
    for name in ("title", "objective"):
        if not fields[name]:
            raise FieldError(name, f"The {name} is empty; type one.")
    if typed.role not in roles:
        known = ", ".join(safe_line(role) for role in sorted(roles))
        raise FieldError("role", f"There is no role {safe_line(typed.role, 40)!r}; choose one of {known}.")
    if others is not None:
        fields["depends_on"] = _needed(typed.depends_on, others, subtask.id)
    try:
        return Subtask.model_validate({**subtask.model_dump(), **fields})
    except ValidationError as error:
        problem = error.errors()[0]
        name, most = str(problem["loc"][0]), problem.get("ctx", {}).get("max_length")
        raise FieldError(name, f"The {name} has {len(fields[name])} characters; {most} are allowed.") from None


def _needed(text: str, others: Sequence[Subtask], own: str) -> tuple[str, ...]:
    """The ids in a list of ids and numbers, each once."""
    ids = [subtask.id for subtask in others]
    # An id may be a number too; then it is the id that is meant.
    known = {str(number): spoke for number, spoke in enumerate(ids, start=1)} | dict(zip(ids, ids, strict=True))
    needed: dict[str, None] = {}
    for name in filter(None, re.split(r"[,\s]+", safe(text))):
        spoke = known.get(name)
        if spoke == own:
            raise FieldError("depends_on", "A subtask cannot wait for itself.")
        if spoke is None:
            usable = f"ids or numbers from 1 to {len(ids)}, with commas" if ids else "nothing: there is no other"
            raise FieldError("depends_on", f"There is no subtask {name[:40]!r} to wait for; type {usable}.")
        needed[spoke] = None
    return tuple(needed)
