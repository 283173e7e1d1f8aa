"""The checkpoint on a terminal: what it shows, and what it shows after an edit."""

import asyncio
import io
import os
import sys
from pathlib import Path

import pytest
from rich.console import Console

from sessions.estimate import Estimate, Take
from sessions.plan import Plan, Subtask
from tui.checkpoint import TerminalCheckpoint

ROLES = {"researcher": "Reads."}
ONE = Take(tokens=(10_000, 80_000), usd=(0.1, 0.4))


def plan(*ids: str) -> Plan:
    return Plan(
        subtasks=tuple(Subtask(id=id, title=id.title(), objective=f"Find {id}.") for id in ids),
        assumptions="since 2020",
    )


def said(
    asked: Plan, answers: list[str], monkeypatch: pytest.MonkeyPatch, estimate: Estimate | None = None
) -> str:
    """What is printed, with a cap of a dollar, while these answers are typed, each when it is asked for."""
    out = io.StringIO()
    reads, writes = os.pipe()
    checkpoint = TerminalCheckpoint(Console(file=out, width=200), ROLES, 7)

    async def main() -> None:
        asking = asyncio.create_task(checkpoint(asked, (), estimate=estimate, max_usd=1.0))
        for number, answer in enumerate(answers, start=1):
            while out.getvalue().count("Run this plan?") < number:
                await asyncio.sleep(0.005)
            os.write(writes, f"{answer}\n".encode())
        await asking

    with os.fdopen(reads) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        asyncio.run(asyncio.wait_for(main(), 30))
    os.close(writes)
    return out.getvalue()


def test_it_says_what_the_plan_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    estimate = Estimate(spokes={"music": ONE, "film": ONE}, rest=ONE)
    shown = said(plan("music", "film"), ["n"], monkeypatch, estimate)
    head = "Plan · 2 spokes · est $0.30–1.20 · cap $1.00 · 30k–240k tokens · assumes: since 2020"
    assert head in shown.splitlines()


def test_without_an_estimate_it_says_nothing_of_money(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Plan · 1 spokes · assumes: since 2020" in said(plan("music"), ["n"], monkeypatch).splitlines()


def test_it_says_what_the_edited_plan_takes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    editor = tmp_path / "editor.py"
    smaller = plan("film").model_dump_json()
    editor.write_text(f"import pathlib, sys; pathlib.Path(sys.argv[1]).write_text({smaller!r})")
    monkeypatch.setenv("VISUAL", f"{sys.executable} {editor}")
    estimate = Estimate(spokes={"music": ONE, "film": ONE}, rest=ONE)
    shown = said(plan("music", "film"), ["e", "n"], monkeypatch, estimate)
    assert "Plan · 1 spokes · est $0.20–0.80 · 20k–160k tokens · assumes: since 2020" in shown.splitlines()
