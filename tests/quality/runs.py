"""Whole runs with the embedded engine, in a home of their own, and a report read by its lines."""

import asyncio
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from agents.run import Settings, ask
from sessions import paths
from sessions.events import LedgerBuilt
from sessions.evidence_store import EvidenceStore
from sessions.findings import Citation, Conflict
from sessions.state import RunState
from sessions.store import Store

MARK = re.compile(r"(?<!\\)\[(\d+)\]")
"""A citation in a finished report."""

_ABOUT_THE_RUN = ("Sources", "Gaps", "Left out", "Not read")
"""Sections that say what the run did and lacks; they state no facts of the world."""


@dataclass(frozen=True)
class Finished:
    """A run that came to its end."""

    id: str
    state: RunState

    @property
    def report(self) -> str:
        """Its report."""
        return self.state.report.markdown if self.state.report else ""

    @property
    def citations(self) -> tuple[Citation, ...]:
        """What the marks of its report open."""
        return self.state.report.citations if self.state.report else ()

    @property
    def detected(self) -> tuple[Conflict, ...]:
        """The conflicts as the ledger had them, before anybody reconciled them."""
        built = [event for event in self.state.results.values() if isinstance(event, LedgerBuilt)]
        return tuple({conflict.id: conflict for event in built for conflict in event.conflicts}.values())

    def section(self, heading: str) -> str:
        """The words below a heading of the second level, "" if there is none."""
        return self.report.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]

    def statements(self) -> list[str]:
        """The report's lines that state something: bullets and paragraphs, without headings and run facts."""
        lines: list[str] = []
        heading = ""
        for line in self.report.splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            elif line.strip() and heading not in _ABOUT_THE_RUN:
                lines.append(line.strip())
        return lines

    def evidence(self) -> EvidenceStore:
        """The texts that the run's tools returned. Only while its home is there."""
        return EvidenceStore(Store(paths.home()).find(self.id))


def run(question: str, docs: Path | None = None) -> Finished:
    """Asks the embedded engine; without `docs` over the sample library."""

    async def main() -> Finished:
        asked = ask(question, Settings(docs=docs, provider="embedded"))
        return Finished(asked.id, await asked.work())

    return asyncio.run(main())


@contextmanager
def home() -> Generator[tuple[pytest.MonkeyPatch, Path]]:
    """A home, a working directory and an environment of its own, with no credentials; all gone afterwards."""
    with TemporaryDirectory(prefix="hubspoke-quality-") as directory, pytest.MonkeyPatch.context() as patch:
        folder = Path(directory)
        for name in [name for name in os.environ if name.startswith(("ANTHROPIC_", "HUBSPOKE_"))]:
            patch.delenv(name)
        patch.setenv("HUBSPOKE_HOME", str(folder / "home"))
        patch.setenv("ANTHROPIC_CONFIG_DIR", str(folder / "no-config"))
        (folder / "work").mkdir()
        patch.chdir(folder / "work")
        yield patch, folder
