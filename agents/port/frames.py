"""Frames: a message's length in four bytes, then the message as JSON."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.port.messages import Message

_LENGTH = 4


class BrokenPortError(Exception):
    """The other side sent what is no message; says so in one sentence."""


def frame(message: Message) -> bytes:
    """A message as it goes over the port."""
    try:
        data = message.model_dump_json(by_alias=True).encode()
    except ValueError:  # half a surrogate pair, which a stream may be cut at
        plain = message.model_dump(mode="json", by_alias=True)
        data = json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace")
    return framed(data)


def framed(data: bytes) -> bytes:
    """A message's bytes with their length before them."""
    return len(data).to_bytes(_LENGTH, "big") + data


async def read_frame(reader: asyncio.StreamReader, limit: int) -> bytes | None:
    """The next message's bytes, or None at the end. Raises BrokenPortError for one of more than `limit` bytes."""
    try:
        return await _message(reader, await reader.readexactly(_LENGTH), limit)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


async def read_strictly(reader: asyncio.StreamReader, limit: int, patience_s: float) -> bytes | None:
    """As `read_frame`, from somebody who need not mean well.

    Raises BrokenPortError also for a message that is cut off, or whose end does not come in so many seconds.
    """
    try:
        if not (first := await reader.read(1)):
            return None
        async with asyncio.timeout(patience_s):
            return await _message(reader, first + await reader.readexactly(_LENGTH - 1), limit)
    except TimeoutError:
        raise BrokenPortError(f"The end of a message did not come within {patience_s:g} s.") from None
    except asyncio.IncompleteReadError:
        raise BrokenPortError("The message was cut off.") from None
    except ConnectionError:
        return None


async def _message(reader: asyncio.StreamReader, length: bytes, limit: int) -> bytes:
    size = int.from_bytes(length, "big")
    if size > limit:
        raise BrokenPortError(f"A message of {size:,} bytes is longer than the port's {limit:,}.")
    return await reader.readexactly(size)
