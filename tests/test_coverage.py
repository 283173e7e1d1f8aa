"""A plan that offers one sub-domain of many is extended by the review before anybody is sent out."""

from pathlib import Path

import pytest

from agents.embedded.wire import MessagesRequest
from agents.replies import LeftOutTopic, PlanReply
from sessions.plan import Plan
from tests.corpora import TOPICS, SubDomain, Topic, write
from tests.engine_brain import engine_brain
from tests.running import Ran, planned, run_over_server, subtask


def _names(plan: Plan, domain: SubDomain) -> bool:
    """Whether a subtask of the plan is about the sub-domain."""
    return any(domain.named_in(" ".join((s.title, s.objective, *s.key_questions))) for s in plan.subtasks)


def _reviewed(monkeypatch: pytest.MonkeyPatch, topic: Topic, docs: Path, *left_out: SubDomain) -> tuple[Plan, Ran]:
    """The plan as it stands at the checkpoint, when the planner offers the topic's seed only."""
    shown: list[Plan] = []
    seed = topic.seed

    def only_the_seed(request: MessagesRequest) -> PlanReply:
        offered = planned(subtask(seed.name.replace(" ", "-"), f"Find out what is known of {seed.name}."))
        dropped = [LeftOutTopic(title=domain.name, why="not asked for") for domain in left_out]
        return offered.model_copy(update={"left_out": dropped})

    async def look(plan: Plan, missing: tuple[str, ...]) -> Plan | None:
        shown.append(plan)
        return None if not left_out else plan

    write(topic, docs)
    brain = engine_brain({"plan": only_the_seed})
    ran = run_over_server(monkeypatch, brain, docs, question=topic.question, approve=look)
    return shown[0], ran


@pytest.mark.parametrize("topic", TOPICS, ids=[topic.name for topic in TOPICS])
def test_the_review_names_what_the_plan_lacks(
    topic: Topic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, ran = _reviewed(monkeypatch, topic, tmp_path / "docs")
    assert ran.asked("findings") == [], "a spoke was sent out before the plan was approved"
    assert (ran.state.status, ran.state.exit) == ("waiting", 3)
    missing = [domain.name for domain in topic.sub_domains if not _names(plan, domain)]
    assert missing == [], [s.title for s in plan.subtasks]


def test_a_sub_domain_left_out_on_purpose_is_not_added_and_stands_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = TOPICS[0]
    dropped = next(domain for domain in topic.sub_domains if domain != topic.seed)
    plan, ran = _reviewed(monkeypatch, topic, tmp_path / "docs", dropped)
    assert not any(dropped.name.lower() in subtask.title.lower() for subtask in plan.subtasks)
    assert dropped.name in ran.report.partition("## Left out")[2]
