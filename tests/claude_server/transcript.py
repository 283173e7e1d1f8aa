"""What stands before a block of a conversation, as a digest, and the signatures of thinking that rest on it.

As the API has it (its page on prefix checks): a thinking block is bound to its model and to its prefix, which is
the system prompt, the tools and every block before it. Cache breakpoints are no part of that, nor is where one
message ends and another of the same role begins.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import orjson

from .fields import AnyBlock, MessagesRequest, ThinkingBlock


@dataclass(frozen=True)
class Placed:
    """A block, and where in the request it stands."""

    message: int
    position: int
    role: Literal["user", "assistant"]
    block: AnyBlock

    @property
    def path(self) -> str:
        """As the API's errors name it."""
        return f"messages.{self.message}.content.{self.position}"


def placed_blocks(request: MessagesRequest) -> Iterator[Placed]:
    """Every block of the conversation, in order."""
    for number, message in enumerate(request.messages):
        for position, block in enumerate(message.content):
            yield Placed(number, position, message.role, block)


class Prefix:
    """All that stands before a block, growing block by block."""

    def __init__(self, request: MessagesRequest) -> None:
        self._hash = hashlib.sha256()
        self._feed([block.model_dump(mode="json") for block in request.system])
        self._feed([tool.model_dump(mode="json") for tool in request.tools])

    @property
    def digest(self) -> str:
        """Hex, 64 characters."""
        return self._hash.hexdigest()

    def add(self, role: str, block: AnyBlock) -> None:
        """Puts one more block at the end."""
        self._feed([role, block.model_dump(mode="json")])

    def _feed(self, value: object) -> None:
        self._hash.update(orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE))


def whole(request: MessagesRequest) -> Prefix:
    """What stands before a reply to this request."""
    prefix = Prefix(request)
    for placed in placed_blocks(request):
        prefix.add(placed.role, placed.block)
    return prefix


class Signer:
    """Signs thinking and checks it when it is sent back. The secret is fixed, so that a conversation outlives a
    server and a test's bytes are the same each time."""

    def __init__(self, secret: bytes = b"not a secret: tests only") -> None:
        self._secret = secret

    def sign(self, model: str, thinking: str, prefix: str) -> str:
        """An opaque text that holds for this thinking of this model after this prefix."""
        return base64.b64encode(self._seal(model, thinking, prefix) + prefix.encode()).decode()

    def problem(self, model: str, block: ThinkingBlock, prefix: str) -> str | None:
        """What is wrong with a block that was sent back, as the API words it; None if nothing is."""
        try:
            signature = base64.b64decode(block.signature, validate=True)
        except binascii.Error:
            return "Invalid `signature` in `thinking` block"
        seal, signed_prefix = signature[:32], signature[32:].decode("ascii", "replace")
        if not hmac.compare_digest(seal, self._seal(model, block.thinking, signed_prefix)):
            return "Invalid `signature` in `thinking` block"
        if signed_prefix != prefix:
            return (
                "Invalid `signature` in `thinking` block. The block is bound to a different conversation. Remove "
                'the block, or set `thinking.block_binding.prefix_mismatch_behavior` to "drop_block".'
            )
        return None

    def _seal(self, model: str, thinking: str, prefix: str) -> bytes:
        return hmac.digest(self._secret, orjson.dumps([model, thinking, prefix]), "sha256")
