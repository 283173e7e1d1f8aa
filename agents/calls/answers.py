"""What a finished reply says: the answer, or what it is sent back with; each shortcoming is mended once."""

from collections.abc import Sequence
from functools import cache

from anthropic import Omit, omit, transform_schema
from anthropic.types.beta import BetaMessage, BetaMessageParam, BetaOutputConfigParam
from pydantic import JsonValue, ValidationError

from agents.calls.call_errors import CallError
from agents.quotes import joined, quotes_nowhere, quotes_sent_back
from agents.replies import REPLIES
from agents.spec import AttemptSpec
from sessions.evidence import Segment
from sessions.failures import FailureKind

MOST_OUTPUT_TOKENS = 128_000


class AnswerReader:
    """Reads the replies of one attempt that call no tool, and remembers what it has already tried to mend."""

    def __init__(self, spec: AttemptSpec, segments: Sequence[Segment]) -> None:
        """`segments` are what tools returned so far: they become more as the talk goes on."""
        self._reply = spec.reply
        self._segments = segments
        self._mended: set[str] = set()
        self.max_output = spec.limits.max_output_tokens
        self.standing: tuple[str, JsonValue] | None = None
        """An answer that fits, sent back for its quotes: it counts if no other comes."""

    @property
    def mended(self) -> int:
        """How many replies were sent back: turns that an attempt may have beyond its own."""
        return len(self._mended)

    def read(self, message: BetaMessage) -> tuple[str, JsonValue] | list[BetaMessageParam]:
        """The answer, its text and the structured reply; or what is added to the transcript, and the talk goes on.

        Raises CallError.
        """
        match message.stop_reason:
            case "end_turn" | "stop_sequence":
                return self._answer(message)
            case "max_tokens":
                if self._mend("max_tokens"):
                    self.max_output = min(2 * self.max_output, MOST_OUTPUT_TOKENS)
                    return []
                raise CallError(FailureKind.TRUNCATED, f"The reply was cut off at {self.max_output} tokens.")
            case "refusal":
                category = message.stop_details.category if message.stop_details else None
                reason = f"The model refused ({category or 'no category given'})."
                raise CallError(FailureKind.REFUSED, reason)
            case "model_context_window_exceeded":
                raise CallError(
                    FailureKind.CONTEXT_OVERFLOW, "The conversation outgrew the model's context window."
                )
            case "tool_use" | "pause_turn":
                raise CallError(FailureKind.PROTOCOL, f"The reply stopped with {message.stop_reason} and no end.")
            case _:
                reason = f"The reply stopped for a reason not known here: {message.stop_reason!r}."
                raise CallError(FailureKind.UNKNOWN, reason)

    def _answer(self, message: BetaMessage) -> tuple[str, JsonValue] | list[BetaMessageParam]:
        texts = [block.text for block in message.content if block.type == "text" and block.text.strip()]
        if not texts:
            if not self._mend("empty"):
                raise CallError(FailureKind.NO_RESULTS, "The model answered nothing, twice.")
            return [{"role": "user", "content": "You answered nothing. Answer now."}]
        if not self._reply:
            return "".join(texts), None
        try:
            # Prose may stand before the structured part.
            reply = REPLIES[self._reply].model_validate_json(texts[-1])
        except ValidationError as error:
            problem = "; ".join(
                f"{'.'.join(map(str, found['loc'])) or 'reply'}: {found['msg']}" for found in error.errors()[:5]
            )
            if not self._mend("invalid_output"):
                raise CallError(FailureKind.INVALID_OUTPUT, f"The answer does not fit: {problem}") from None
            mending = f"Your answer does not fit: {problem}. Mend it."
            return [message.to_param(), {"role": "user", "content": mending}]
        answer = texts[-1], reply.model_dump(mode="json")
        return answer if self._reply != "findings" else self._quoted(message, answer)

    def _quoted(
        self, message: BetaMessage, answer: tuple[str, JsonValue]
    ) -> tuple[str, JsonValue] | list[BetaMessageParam]:
        """Sends findings back whose quotes stand nowhere, once; those that then still do are marked later."""
        text, reply = answer
        if self.standing is not None:
            return text, joined(self.standing[1], reply, self._segments)
        nowhere = quotes_nowhere(reply, self._segments)
        if not nowhere or not self._mend("quotes"):
            return answer
        self.standing = answer
        return [message.to_param(), {"role": "user", "content": quotes_sent_back(nowhere)}]

    def _mend(self, what: str) -> bool:
        """Whether this may be mended: once an attempt."""
        if what in self._mended:
            return False
        self._mended.add(what)
        return True


def answer_format(reply: str) -> BetaOutputConfigParam | Omit:
    """Asks for a structured reply by its schema. Validating is ours: the SDK would raise on a refusal's prose."""
    if not reply:
        return omit
    return {"format": {"type": "json_schema", "schema": _schema(reply)}}


@cache
def _schema(reply: str) -> dict[str, object]:
    """Made once: it takes longer than all else that is done for a request."""
    return transform_schema(REPLIES[reply])
