"""Comparison: the engine finds disagreements as the ledger does, so that it has none to add."""

from agents.embedded.conversation import Conversation
from agents.replies import DisagreementsReply


def compare(talk: Conversation) -> DisagreementsReply:
    """Nothing: what `agents.conflicts` finds is in the prompt as known, and the engine reads no better."""
    return DisagreementsReply(disagreements=[])
