"""Faults of a stream that began: cut off, garbled, out of order, silent, or ended for a reason that is none."""

from dataclasses import replace

from agents.spec import AttemptLimits
from sessions.failures import FailureKind as Kind

from . import wire
from .fault import IMPATIENT, Fault, lasting, passing
from .server import Answer, Do
from .wire import ANSWER, BROKEN_OFF, CALLING, DONE, END, PARTIAL, SECRET, STREAM, begin, delta, http, sse

BEGUN = STREAM + begin()
CUT_INPUT = delta("input_json_delta", partial_json='{"query": "mus')
PAGE = b"<html><p>Please log in.</p></html>"
WHOLE_MESSAGE = b'{"type": "message", "content": [{"type": "text", "text": "{}"}], "stop_reason": "end_turn"}'
SAID = BEGUN + wire.block("text", text="")


def _failed(kind: str) -> Answer:
    told = f'{{"type": "error", "error": {{"type": "{kind}", "message": "No more (key {SECRET})."}}}}'
    return (PARTIAL + sse("error", told) + END,)


def _saved(fault: Fault) -> Fault:
    """The fault as one before which a finding had streamed."""
    return replace(fault, partial=True)


def _protocol(name: str, *answer: bytes | Do) -> Fault:
    return passing(name, Kind.PROTOCOL, 3, answer)


def _watched(fault: Fault) -> Fault:
    """The fault as one that only the watchdog ends."""
    return replace(fault, limits=IMPATIENT)


CUTS = (
    passing("dropped after the head", Kind.STREAM_DROPPED, 3, (STREAM,)),
    _saved(passing("dropped in the answer", Kind.STREAM_DROPPED, 3, (PARTIAL,))),
    _saved(passing("reset in the answer", Kind.STREAM_DROPPED, 3, (PARTIAL, Do.RESET))),
    passing("dropped in the input of a tool", Kind.STREAM_DROPPED, 3, (CALLING + CUT_INPUT,)),
    _saved(passing("half a chunk", Kind.STREAM_DROPPED, 3, (PARTIAL + b"400\r\nevent: content_bl",))),
    passing("less than content-length", Kind.STREAM_DROPPED, 3, http(200, b": hm\n\n", content_length="99")),
    _saved(passing("clean end", Kind.TRUNCATED, 3, (PARTIAL + END,))),
    passing("clean end in the input of a tool", Kind.TRUNCATED, 3, (CALLING + CUT_INPUT + END,)),
    passing(
        "clean end after the stop reason of a tool",
        Kind.TRUNCATED,
        3,
        (BEGUN + wire.tool('{"query": "a"}') + wire.reason("tool_use") + END,),
    ),
    _saved(passing("no stop reason", Kind.TRUNCATED, 3, (SAID + delta("text_delta", text=ANSWER) + DONE,))),
    _watched(_saved(passing("silence", Kind.TIMEOUT, 3, (PARTIAL, Do.HOLD)))),
    _watched(_saved(passing("pings only", Kind.TIMEOUT, 3, (PARTIAL, Do.PING)))),
    _watched(passing("silence after the head", Kind.TIMEOUT, 3, (STREAM, Do.HOLD))),
)

ERRORS = (
    replace(_saved(passing("overloaded", Kind.OVERLOADED, 4, _failed("overloaded_error"))), status=200),
    replace(_saved(passing("rate limited", Kind.RATE_LIMITED, 4, _failed("rate_limit_error"))), status=200),
    replace(_saved(passing("api error", Kind.API_ERROR, 4, _failed("api_error"))), status=200),
    replace(
        _saved(passing("an error that is no JSON", Kind.API_ERROR, 4, (PARTIAL + sse("error", "oops") + END,))),
        status=200,
    ),
)

GARBLED = (
    passing("empty 200", Kind.PROTOCOL, 2, http(200)),
    passing("empty stream", Kind.PROTOCOL, 2, (STREAM + END,)),
    passing("html 200", Kind.PROTOCOL, 2, http(200, PAGE, content_type="text/html")),
    passing("JSON 200", Kind.PROTOCOL, 2, http(200, WHOLE_MESSAGE)),
    _protocol("broken gzip", *http(200, b"\x1f\x8b\x08nonsense", content_encoding="gzip")),
    _saved(_protocol("bad JSON", PARTIAL + sse("content_block_delta", "{oops"))),
    _saved(_protocol("JSON that is no object", PARTIAL + sse("content_block_delta", "[5]"))),
    _saved(_protocol("bad UTF-8", PARTIAL + wire.chunk(b"event: content_block_delta\ndata: \xff\xfe\n\n"))),
    _saved(_protocol("bad index", PARTIAL + delta("text_delta", 7, text="a"))),
    _saved(_protocol("an index that is none", PARTIAL + wire.event("content_block_stop", index="x"))),
    _protocol("a delta before the start", STREAM + delta("text_delta", text="a") + DONE),
    _saved(_protocol("begun twice", PARTIAL + begin() + wire.text(ANSWER) + wire.reason("end_turn") + DONE)),
    _saved(_protocol("a block twice", PARTIAL + wire.text(ANSWER) + wire.reason("end_turn") + DONE)),
    _protocol("a start without a message", STREAM + wire.event("message_start") + DONE),
    _protocol("a delta of nothing", SAID + wire.event("content_block_delta", index=0) + DONE),
    _protocol("bad tool JSON", CALLING + delta("input_json_delta", partial_json='{"query": nope}')),
    _protocol("half a tool JSON", BEGUN + wire.tool('{"query": "mus') + wire.reason("tool_use") + DONE),
    _protocol("tool JSON that is no object", BEGUN + wire.tool('["a"]') + wire.reason("tool_use") + DONE),
    _protocol("tool_use without a tool", BEGUN + wire.text("Hm.") + wire.reason("tool_use") + DONE),
    _saved(lasting("unknown event", Kind.UNKNOWN, (PARTIAL + wire.event("message_echo", deep=1) + DONE,))),
    lasting("unknown block", Kind.UNKNOWN, (BEGUN + wire.block("hologram", depth=3) + wire.stop() + DONE,)),
    _saved(lasting("unknown delta", Kind.UNKNOWN, (PARTIAL + delta("smell_delta", smell="sour") + DONE,))),
)


def _stopped(why: str, *parts: bytes) -> Answer:
    return (BEGUN + b"".join(parts) + wire.reason(why) + DONE,)


REASONS = (
    passing(
        "max_tokens in the input of a tool", Kind.TRUNCATED, 2, _stopped("max_tokens", wire.tool('{"query": "mu'))
    ),
    _saved(passing("max_tokens in the answer", Kind.TRUNCATED, 2, _stopped("max_tokens", wire.text(BROKEN_OFF)))),
    lasting("refusal", Kind.REFUSED, _stopped("refusal")),
    lasting("refusal with prose", Kind.REFUSED, _stopped("refusal", wire.text("I cannot help with that."))),
    _saved(
        lasting("context", Kind.CONTEXT_OVERFLOW, _stopped("model_context_window_exceeded", wire.text(BROKEN_OFF)))
    ),
    replace(passing("no content", Kind.NO_RESULTS, 2, _stopped("end_turn")), retryable=False),
    passing(
        "an answer that does not fit", Kind.INVALID_OUTPUT, 2, _stopped("end_turn", wire.text('{"findings": 4}'))
    ),
    passing("prose for JSON", Kind.INVALID_OUTPUT, 2, _stopped("end_turn", wire.text("There were 12 in 2024"))),
    passing("paused for ever", Kind.PROTOCOL, 6, _stopped("pause_turn", wire.text("Well."))),
    _saved(lasting("unknown stop reason", Kind.UNKNOWN, _stopped(f"bored {SECRET}", wire.text(ANSWER)))),
    replace(
        passing("tools for ever", Kind.MAX_TURNS, 3, _stopped("tool_use", wire.tool('{"query": "musicians"}'))),
        tools=3,
        request_id=None,
        limits=AttemptLimits(max_turns=3, stall_s=20, deadline_s=60),
    ),
    Fault(
        name="a turn that used up all tokens",
        kind=Kind.BUDGET_EXCEEDED,
        tries=1,
        retryable=False,
        answer=(
            STREAM + begin(input_tokens=9_000_000) + wire.tool('{"query": "a"}') + wire.reason("tool_use") + DONE,
        ),
        tools=1,
        request_id=None,
    ),
)
