"""The embedded engine's brain: one request in, one reply out, nothing remembered in between.

What is asked is read off the wire alone: the title of the structured reply, and the tools on offer. Each
request carries its whole conversation, so an engine that has already searched goes on from its results there.
"""

import hashlib
from collections.abc import Callable

from pydantic import JsonValue

from agents.embedded.comparer import compare
from agents.embedded.conversation import Ask, Conversation, read_conversation
from agents.embedded.planner import plan
from agents.embedded.reconciler import reconcile
from agents.embedded.researcher import research
from agents.embedded.reviewer import review
from agents.embedded.verifier import verify
from agents.embedded.wire import (
    BadRequestError,
    EngineReply,
    MessagesRequest,
    ReplyBlock,
    TextBlock,
    ThinkingBlock,
    ToolUseBlock,
)
from agents.embedded.writer import write
from agents.replies import Reply

SIGNATURE = "ZW1iZWRkZWQ="
"""What stands where a model signs its thinking."""

_BRAINS: dict[str, Callable[[Conversation], Ask | Reply | str]] = {
    "plan": plan,
    "coverage": review,
    "findings": research,
    "disagreements": compare,
    "verdicts": verify,
    "reconciliation": reconcile,
    "": write,
}


def reply(request: MessagesRequest) -> EngineReply:
    """The reply to a request: tool calls to make first, or the answer. Raises BadRequestError."""
    brain = _BRAINS.get(request.asks_for)
    if brain is None:
        known = ", ".join(sorted(filter(None, _BRAINS)))
        raise BadRequestError(
            f"The embedded engine knows no reply titled {request.asks_for!r}; it knows {known}, and prose."
        )
    answer = brain(read_conversation(request))
    if isinstance(answer, Ask):
        return EngineReply(_tool_turn(answer, request), "tool_use")
    text = answer.model_dump_json() if isinstance(answer, Reply) else answer
    return EngineReply((TextBlock(text=text),), "end_turn")


def _tool_turn(ask: Ask, request: MessagesRequest) -> tuple[ReplyBlock, ...]:
    digest = hashlib.sha256(request.model_dump_json().encode("utf-8", "surrogatepass")).hexdigest()
    calls: list[ReplyBlock] = []
    for number, call in enumerate(ask.calls):
        given: dict[str, JsonValue] = dict(call.input)
        calls.append(ToolUseBlock(id=f"toolu_{digest[:20]}{number:02d}", name=call.name, input=given))
    return (ThinkingBlock(thinking=ask.why, signature=SIGNATURE), *calls)
