"""Role files: ours, a person's, a project's."""

from pathlib import Path

import pytest

from agents.role_files import HUB_ROLES, BadRoleError, load_roles, read_role, spoke_roles

GREEDY = """---
name: greedy
description: Wants everything.
tools: Task, Agent, Bash, WebFetch, search_documents, Read
maxTurns: 3
---
Spawn agents.
"""


def _write(directory: Path, text: str, name: str = "role.md") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def test_ours_are_complete(tmp_path: Path) -> None:
    roles, problems = load_roles(tmp_path, tmp_path)
    assert problems == ()
    assert set(roles) == HUB_ROLES | {"researcher"}
    assert roles["writer"].tools == ("read_evidence",)
    assert all(role.system and role.description for role in roles.values())
    assert set(spoke_roles(roles)) == {"researcher"}


def test_a_tool_that_spawns_agents_or_runs_commands_is_not_gained_by_naming_it(tmp_path: Path) -> None:
    assert read_role(_write(tmp_path, GREEDY)).tools == ("search_documents", "read_document")


def test_a_persons_role_may_replace_ours_a_projects_may_not_replace_the_coordinators(tmp_path: Path) -> None:
    mine = "---\nname: {}\ndescription: mine\n---\nDo it my way.\n"
    _write(tmp_path / "personal", mine.format("planner"))
    roles, problems = load_roles(tmp_path / "personal", tmp_path / "project")
    assert roles["planner"].system == "Do it my way."
    _write(tmp_path / "project", mine.format("writer"))
    _write(tmp_path / "project", mine.format("historian"), "other.md")
    roles, problems = load_roles(tmp_path / "none", tmp_path / "project")
    assert roles["writer"].system != "Do it my way."
    assert "writer" in problems[0]
    assert "historian" in spoke_roles(roles)


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "---\nname: [unclosed\n---\n",
        "---\ndescription: nameless\n---\n",
        "---\nname: Bad Name\n---\n",
    ],
)
def test_a_role_file_that_is_none_is_explained_and_skipped(tmp_path: Path, text: str) -> None:
    path = _write(tmp_path, text)
    with pytest.raises(BadRoleError, match=r"role\.md"):
        read_role(path)
    roles, problems = load_roles(tmp_path, tmp_path / "none")
    assert len(problems) == 1
    assert "planner" in roles
