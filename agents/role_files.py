"""Roles: Markdown files with YAML front matter, in the format of Claude Code's subagents."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from agents.tool_names import ALIASES, DOCUMENT_TOOLS, READ_EVIDENCE
from sessions import paths
from sessions.errors import BadInputError

OURS = Path(__file__).parent / "roles"
HUB_ROLES = frozenset({"planner", "reviewer", "verifier", "comparer", "reconciler", "writer"})
"""The coordinator's own helpers: no plan may give work to them, and no project's files may replace them."""


class BadRoleError(BadInputError):
    """A role file that cannot be used; the message says which, why and what to do."""


def _names(value: object) -> object:
    """`tools` may be a list or, as in Claude Code's files, one string with commas."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


class Role(BaseModel):
    """A kind of subagent: what it is for, how it works, what it may use."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
    description: str = ""
    tools: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    model: str = "inherit"
    max_turns: Annotated[int, Field(alias="maxTurns", ge=1, le=100)] = 12
    system: str = ""


def read_role(path: Path) -> Role:
    """The role in a file. Raises BadRoleError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadRoleError(f"The role file {path} cannot be read ({error}); mend or remove it.") from None
    _, marker, rest = text.partition("---\n")
    front, closing, body = rest.partition("\n---")
    if not marker or not closing:
        raise BadRoleError(f"The role file {path} has no front matter; it starts with a block between two '---'.")
    try:
        fields = yaml.safe_load(front)
        role = Role.model_validate(fields)
    except (yaml.YAMLError, ValidationError) as error:
        problem = " ".join(str(error).split())[:300]
        raise BadRoleError(f"The role file {path} is not valid: {problem}") from None
    # A tool that is not ours (a shell, another agent) is not gained by naming it.
    tools = tuple(dict.fromkeys(ALIASES.get(tool, tool) for tool in role.tools))
    offered = DOCUMENT_TOOLS if "tools" not in role.model_fields_set else tools
    known = tuple(tool for tool in offered if tool in (*DOCUMENT_TOOLS, READ_EVIDENCE))
    return role.model_copy(update={"system": body.strip(), "tools": known})


def load_roles(personal: Path, project: Path) -> tuple[dict[str, Role], tuple[str, ...]]:
    """All roles by name, and one sentence for each file that could not be used.

    `personal` is a directory of the person's own files, which may replace any of ours; `project` one that came
    with a project (`.claude/agents`), which may not replace the coordinator's.
    """
    roles = {role.name: role for role in map(read_role, sorted(OURS.glob("*.md")))}
    problems: list[str] = []
    for directory, protected in ((project, HUB_ROLES), (personal, frozenset[str]())):
        for path in sorted(directory.glob("*.md")) if directory.is_dir() else ():
            try:
                role = read_role(path)
            except BadRoleError as error:
                problems.append(str(error))
                continue
            if role.name in protected:
                problems.append(f"The role file {path} would replace {role.name!r} and is not used.")
            else:
                roles[role.name] = role
    return roles, tuple(problems)


def roles_here() -> tuple[dict[str, Role], tuple[str, ...]]:
    """The roles of this person and of the working directory, as `load_roles` answers them."""
    return load_roles(paths.config_dir() / "roles", Path.cwd() / ".claude" / "agents")


def spoke_roles(roles: Mapping[str, Role]) -> dict[str, str]:
    """The roles a plan may give work to, with their descriptions."""
    return {name: role.description for name, role in roles.items() if name not in HUB_ROLES}
