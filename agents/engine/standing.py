"""How a run stands, as a list of runs shows it."""

from agents.port.messages import Standing
from sessions.state import RunState


def standing(id: int, state: RunState) -> Standing:
    """The answer to who peeks, under the id of the question."""
    spokes = [spoke.status for spoke in state.spokes.values()]
    return Standing(
        id=id,
        status=state.status,
        seconds=state.seconds,
        updated=state.updated_at,
        spokes_done=spokes.count("done"),
        spokes_failed=spokes.count("failed"),
        spokes_cancelled=spokes.count("cancelled"),
        spokes_total=len(spokes),
        tokens=state.usage.tokens,
        usd=state.usage.cost,
    )
