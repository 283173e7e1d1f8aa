"""The default team: plan, review, approve, investigate in parallel, verify, write."""

from agents.dispatch import dispatch
from agents.hub import Hub
from agents.planning import agreed_plan
from agents.reporting.writing import write_report
from agents.verification import verify


async def research(hub: Hub) -> None:
    """From the question to the final report. Every step's result is kept, so that a resume goes on from there."""
    plan = await agreed_plan(hub)
    results = list((await dispatch(hub, plan)).values())
    ledger = await verify(hub, results)
    await write_report(hub, plan, results, ledger)
