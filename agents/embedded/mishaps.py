"""Things that go wrong on purpose, so that a newcomer meets them where nothing is at stake.

Whom they befall is read off the wire alone, as the replies are: by the title of the structured reply, the sections
of the prompt, and whether a tool has answered yet. The same requests in the same order meet the same mishaps.
"""

import asyncio
from typing import Literal, Never

import httpx2

from agents.embedded.conversation import sections
from agents.embedded.wire import MessagesRequest, TextBlock

Mishap = Literal["", "silence", "rate limit"]

SILENT = 2
LIMITED = 3
"""Which of the briefs they befall, by the order in which they come."""

SILENT_FROM = 36
"""Pieces of a stream that come before it falls silent: more than a search has, and half an answer."""

SILENCE_S = 0.6
"""How long the silence lasts until the client's patience is over: short, for policy meets it nine times."""

RETRY_AFTER_S = 6

_ANSWERING = 5
"""Messages of a conversation that comes to its answer: by then the other spokes have something to show."""


class Mishaps:
    """What befalls the requests of one run: one brief is told to wait, one gets half an answer until a person
    has it retried.
    """

    def __init__(self) -> None:
        self._briefs: list[str] = []
        self._limited = False
        self._narrowed = False
        self._over = False

    def befalls(self, asked: MessagesRequest) -> Mishap:
        """What befalls a request; to be asked once for each, as they come."""
        if asked.asks_for != "findings":
            return ""
        told = sections("\n\n".join(b.text for b in asked.messages[0].blocks if isinstance(b, TextBlock)))
        title = told.get("subtask", "")
        if title not in self._briefs:
            self._briefs.append(title)
        number = self._briefs.index(title) + 1
        if number == SILENT and self._falls_silent(advised="advice" in told):
            return "silence"
        if number == LIMITED and len(asked.messages) >= _ANSWERING and not self._limited:
            self._limited = True
            return "rate limit"
        return ""

    def _falls_silent(self, *, advised: bool) -> bool:
        """Until policy has no more: its attempts carry advice, so one without, after that, is a person's."""
        self._over |= self._narrowed and not advised
        self._narrowed |= advised
        return not self._over


async def silence() -> Never:
    """Nothing comes, until a client that waits for the next bytes gives up. Raises httpx2.ReadTimeout."""
    await asyncio.sleep(SILENCE_S)
    raise httpx2.ReadTimeout("Nothing more came of the reply.")
