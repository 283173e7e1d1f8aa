"""Ways of working together: each a plain async function over the coordinator's primitives."""

from agents.hub import Team
from agents.teams.research import research

TEAMS: dict[str, Team] = {"research": research}
