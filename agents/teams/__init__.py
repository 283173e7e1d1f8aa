"""Ways of working together: each a plain async function over the coordinator's primitives."""

from collections.abc import Awaitable, Callable

from agents.hub import Hub
from agents.teams.research import research

TEAMS: dict[str, Callable[[Hub], Awaitable[None]]] = {"research": research}
