"""What makes a plan unusable."""

from sessions.plan import Plan, Subtask, plan_problems


def _subtask(spoke: str, *needs: str, role: str = "researcher") -> Subtask:
    return Subtask(id=spoke, title=spoke, objective="find out", role=role, depends_on=needs)


def _problems(*subtasks: Subtask, most: int = 7) -> str:
    return " ".join(plan_problems(Plan(subtasks=subtasks), {"researcher"}, most))


def test_a_sound_plan_has_no_problems() -> None:
    assert _problems(_subtask("a"), _subtask("b", "a"), _subtask("c", "a", "b")) == ""


def test_each_defect_is_named() -> None:
    assert "no subtasks" in _problems()
    assert "'a' is used twice" in _problems(_subtask("a"), _subtask("a"))
    assert "unknown role 'wizard'" in _problems(_subtask("a", role="wizard"))
    assert "depends on 'z'" in _problems(_subtask("a", "z"))
    assert "at most 2" in _problems(_subtask("a"), _subtask("b"), _subtask("c"), most=2)
    circle = _problems(_subtask("a", "b"), _subtask("b", "a"))
    assert "in a circle" in circle
    assert "a" in circle
