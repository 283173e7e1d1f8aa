"""The checkpoint on a terminal: shows the plan, asks, and lets a person edit it."""

import asyncio
import os
import shlex
import sys
import tempfile
from pathlib import Path

import yaml
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from sessions.estimate import Estimate
from sessions.plan import Plan, plan_problems
from tui.money import estimate_line
from tui.safe import safe, safe_line

_HEADER = """\
# The plan. Edit, add, drop or reorder subtasks; save and leave the editor to go on.
"""


class TerminalCheckpoint:
    """Asks the person at the terminal whether the plan stands."""

    def __init__(self, console: Console, roles: dict[str, str], max_spokes: int) -> None:
        self._console = console
        self._roles = roles
        self._max_spokes = max_spokes

    async def __call__(
        self,
        plan: Plan,
        missing: tuple[str, ...],
        *,
        estimate: Estimate | None = None,
        max_usd: float | None = None,
    ) -> Plan | None:
        """The plan as it was approved, or None when it was left to wait.

        `estimate` is what the plan is going to take, None where nobody knows; `max_usd` the run's cap on money.
        """
        while True:
            ids = [subtask.id for subtask in plan.subtasks]
            taken = estimate_line(estimate.of(ids), max_usd) if estimate is not None else ""
            self._show(plan, missing, taken)
            self._console.print(Text("Run this plan? y yes · n not now · e edit: "), end="")
            match (await read_line()).strip().lower():
                case "y" | "yes":
                    return plan
                case "n" | "no" | "":
                    return None
                case "e" | "edit":
                    plan = await self._edit(plan)
                case other:
                    self._console.print(Text(f"{safe_line(other, 20)!r} is none of y, n and e."))

    def _show(self, plan: Plan, missing: tuple[str, ...], taken: str) -> None:
        assumed = f"assumes: {safe_line(plan.assumptions, 200)}" if plan.assumptions else ""
        head = filter(None, ("Plan", f"{len(plan.subtasks)} spokes", taken, assumed))
        self._console.print(Text(f"\n{' · '.join(head)}", style="bold"))
        for number, subtask in enumerate(plan.subtasks, start=1):
            after = f"  after {', '.join(subtask.depends_on)}" if subtask.depends_on else ""
            self._console.print(Text(f" {number:>2} {safe_line(subtask.title, 60)}{after}", style="cyan"))
            self._console.print(Text(f"    {safe_line(subtask.objective, 300)}"))
        for title in missing:
            self._console.print(Text(f"  ! missing, no room: {safe_line(title, 200)}", style="yellow"))
        for item in plan.left_out:
            self._console.print(Text(f"  - left out: {safe_line(item.title, 100)} ({safe_line(item.why, 200)})"))

    async def _edit(self, plan: Plan) -> Plan:
        """The plan after the person's editor; the old one, and a sentence, if what came back cannot be used."""
        with tempfile.TemporaryDirectory(prefix="hubspoke-") as directory:
            path = Path(directory) / "plan.yaml"
            text = yaml.safe_dump(plan.model_dump(mode="json"), sort_keys=False, allow_unicode=True, width=100)
            path.write_text(_HEADER + text, encoding="utf-8")
            editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
            try:
                process = await asyncio.create_subprocess_exec(*editor, str(path))
                await process.wait()
                edited = Plan.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
                problems = plan_problems(edited, self._roles, self._max_spokes)
            except OSError as error:
                problems = [f"The editor {editor[0]!r} could not be run ({error.strerror}); set EDITOR."]
                edited = plan
            except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
                problems = [f"The edited plan cannot be read: {' '.join(str(error).split())[:300]}"]
                edited = plan
        if not problems:
            return edited
        self._console.print(Text(f"The plan stays as it was. {safe(' '.join(problems))}", style="yellow"))
        return plan


async def read_line() -> str:
    """A line of standard input, without a thread that could not be stopped; empty at its end."""
    loop = asyncio.get_running_loop()
    line: asyncio.Future[str] = loop.create_future()
    stdin = sys.stdin.fileno()
    loop.add_reader(stdin, lambda: line.done() or line.set_result(sys.stdin.readline()))
    try:
        return await line
    finally:
        loop.remove_reader(stdin)
