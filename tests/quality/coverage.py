"""Which of the known sub-domains of ten topics the embedded engine plans by itself, and finds something of."""

from sessions.plan import Plan
from tests.corpora import SubDomain, Topic
from tests.quality.runs import Finished


def planned(plan: Plan | None, domain: SubDomain) -> bool:
    """Whether a subtask of the plan is about the sub-domain."""
    subtasks = plan.subtasks if plan else ()
    return any(domain.named_in(" ".join((s.title, s.objective, *s.key_questions))) for s in subtasks)


def reported(ran: Finished, domain: SubDomain) -> bool:
    """Whether the report cites a document of the sub-domain."""
    paths = {document.path for document in domain.documents}
    return any(citation.source in paths for citation in ran.citations)


def missing(topic: Topic, ran: Finished) -> list[str]:
    """The sub-domains that are not planned or of which nothing is cited."""
    return [
        f"{topic.name}: {domain.name}"
        for domain in topic.sub_domains
        if not (planned(ran.state.plan, domain) and reported(ran, domain))
    ]
