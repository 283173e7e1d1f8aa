"""Frames: a message's length in four bytes, then the message as JSON."""

import asyncio
import json

from agents.port.messages import Message

_LENGTH = 4


class BrokenPortError(Exception):
    """The other side sent what is no message."""


def frame(message: Message) -> bytes:
    """A message as it goes over the port."""
    try:
        data = message.model_dump_json(by_alias=True).encode()
    except ValueError:  # half a surrogate pair, which a stream may be cut at
        plain = message.model_dump(mode="json", by_alias=True)
        data = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
    return len(data).to_bytes(_LENGTH, "big") + data


async def read_frame(reader: asyncio.StreamReader, limit: int) -> bytes | None:
    """The next message's bytes, or None at the end. Raises BrokenPortError for one of more than `limit` bytes."""
    try:
        length = int.from_bytes(await reader.readexactly(_LENGTH), "big")
        if length > limit:
            raise BrokenPortError(f"A message of {length:,} bytes is longer than the port's {limit:,}.")
        return await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
