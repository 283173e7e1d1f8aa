"""Text that would steer a terminal, in every place where text of others comes from, on every screen there is."""

import asyncio
import json
import re
from pathlib import Path

import pytest

from sessions.store import Store
from tests import hostile
from tests.claude_server import ThreadedClaudeServer
from tests.engine_brain import engine_brain
from tests.engines import engines as engines
from tests.running import hubspoke
from tests.terminal import Terminal
from tests.windows import Windows, is_clean
from tests.windows import windows as windows

WIDE, NARROW = (120, 40), (80, 24)
ENTER, ESCAPE, CTRL_Q = "\r", "\x1b", "\x11"
DOCTORED = "20200101-0000-zzzz"

_CONTROL = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)(?P<final>[ -/]*[@-~])"
    r"|\x1b(?P<string>[\]PX^_][^;\x07\x1b]*)[^\x07\x1b]*(?:\x07|\x1b\\)|(?P<other>\x1b.?|[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f])"
    r"|(?P<hidden>[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff])"
)


def forms(written: bytes) -> set[str]:
    """The forms of all that a terminal obeys in what was written: colours and moves alike, modes one by one."""
    found: set[str] = set()
    for match in _CONTROL.finditer(written.decode()):
        if final := match["final"]:
            found.add(f"CSI {'' if final in 'mH' else match['parameters']}{final}")
        else:
            found.add(ascii(match["string"] or match["other"] or match["hidden"]))
    return found


class Tour:
    """Two windows of different sizes on one run, led through every screen by the same keys."""

    def __init__(self, windows: Windows, docs: Path, question: str) -> None:
        self._windows = windows
        self.plain = windows.ask(docs, "--plain", "--yes", question=question, size=(500, 24))
        self.wide = windows.ask(docs, question=question)
        self.narrow = self.wide

    @property
    def both(self) -> list[Terminal]:
        """The windows."""
        return [self.wide, self.narrow]

    async def see(self, *words: str, but: str = "\0") -> None:
        """Waits until all of the words stand on both screens, and another does not."""
        for terminal in self.both:
            await self._windows.until(
                lambda screen=terminal: all(word in screen.screen for word in words) and but not in screen.screen
            )

    async def press(self, keys: str, *words: str, but: str = "\0") -> None:
        """Types into both windows and waits for what that brings."""
        for terminal in self.both:
            terminal.press(keys)
        await self.see(*words, but=but)

    def click(self, word: str) -> int:
        """Clicks wherever the word stands on a screen; answers how often."""
        clicks = 0
        for terminal in self.both:
            for row, line in enumerate(terminal.screen.splitlines(), start=1):
                for found in re.finditer(re.escape(word), line):
                    terminal.press("".join(f"\x1b[<0;{found.start() + 2};{row}{end}" for end in "Mm"))
                    clicks += 1
        return clicks

    async def review(self) -> str:
        """The plan and its forms; approves it. Answers the run's id."""
        await self.see("approve")
        run = await self._windows.begun()
        self.narrow = self._windows.open("attach", run, size=NARROW)
        await self.see("approve")
        self.click("press")
        await self.press("e", "F2")
        await self.press(ESCAPE, "approve", but="F2")
        await self.press("?", "escape: back")
        await self.press(ESCAPE, "approve", but="escape: back")
        self.wide.press("a")
        await self.see("report", "✗")
        return run

    async def run(self) -> None:
        """The panes, the zoom and its parts, the palette, the help."""
        await self.press("v", "view: ")
        await self.press("v")
        # Where tiles do not fit side by side there is no view of a single one.
        for terminal, view in ((self.wide, "view: table"), (self.narrow, "view: graph")):
            await self._windows.until(lambda screen=terminal, words=view: words in screen.screen)
        await self.press(ESCAPE, "Summed up")
        self.click("press")
        # By then the clicks have had their effect, which another pane is not to be taken from.
        await self.press("?", "escape: back")
        await self.press(ESCAPE, "Summed up", but="escape: back")
        await self.press("2", "HTTP 400")
        await self.press(ENTER, "retries, e edits", "Refused")
        await self.press("p", "Boundaries")
        await self.press("A", "invalid_request")
        await self.press("j", "3 Cedar")
        await self.press("T", "search_documents")
        await self.press("S", ".md")
        self.click("press")
        await self.press(ESCAPE, "zoom", but="S sources")
        await self.press("H", "coordinator")
        await self.press(":", "Search")
        await self.press(ESCAPE, "zoom", but="Search")

    async def report(self) -> None:
        """The report, and what a citation stands on."""
        await self.press("o", "c weak claim")
        await self.press("]" + ENTER, "verdict")
        await self.press(ESCAPE, "c weak claim", but="verdict")
        await self.press("d", "c weak claim")
        self.click("press")
        self.click("evil")

    async def sessions(self) -> None:
        """The saved runs; the doctored one and its report."""
        await self.press("s", "Sessions · ", "Doctored")
        await self.press("/", "title, question, tag")
        await self.press("Doctored" + ENTER, "Sessions · 1 of")
        await self.press(ENTER, "Doctored", "report", but="Sessions · ")
        await self.press("o", "Doctored report")
        assert self.click("PRESSME") >= 2

    async def ask(self) -> None:
        """The first screen, with recent runs; a paste; and out."""
        await self.press(ESCAPE, "zoom")
        await self.press("A", "Recent runs")
        await self.press(f"\x1b[200~Pasted {hostile.HOSTILE}\x1b[201~", "Pasted")
        for terminal in self.both:
            terminal.press(CTRL_Q)
            await self._windows.left(terminal)
            assert is_clean(terminal.seen)


def doctor(home: Path, run: str, text: str) -> None:
    """Puts a changed copy of a run beside it: its question and its report say something else."""
    exported = home / "doctored.json"
    assert hubspoke("export", run, "--format", "json", "-o", str(exported)).returncode == 0
    session = json.loads(exported.read_text().replace(run, DOCTORED))
    links = "[PRESSME](javascript:alert(1)) [PRESSME](file:///etc/passwd) [PRESSME](http://evil.example) [1]"
    for event in session["events"]:
        match event["kind"]:
            case "run_created":
                event["question"] = f"Doctored {text}"
            case "report_finished":
                event["markdown"] = (
                    f"# Doctored report\n\n{links}\n\n{text}\n\n![{text}](x)\n\n```{text}\n{text}\n```"
                )
            case "noticed":
                event["message"] += text
            case _:
                pass
    exported.write_text(json.dumps(session))
    assert Store(home).import_file(exported) == DOCTORED


def test_nothing_that_others_wrote_steers_the_terminal(
    tmp_path: Path, windows: Windows, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, browser = tmp_path / "opened", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$@" >> {opened}\n')
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    roles = Path.cwd() / ".claude" / "agents"
    roles.mkdir(parents=True)

    async def main(text: str, docs: Path) -> tuple[set[str], set[str]]:
        tour = Tour(windows, docs, f"What do brushes cost? {text}".replace("\0", ""))
        run = await tour.review()
        await windows.until(lambda: not windows.engines.processes())
        doctor(own_home, run, text)
        await tour.run()
        await tour.report()
        await tour.sessions()
        await tour.ask()
        await windows.left(tour.plain)
        for command in (("show", run), ("show", DOCTORED), ("sessions",), ("export", run)):
            said = hubspoke(*command)
            assert (said.returncode, forms(said.stdout.encode())) == (0, set())
        Store(own_home).delete(DOCTORED)
        return forms(tour.wide.seen) | forms(tour.narrow.seen), forms(tour.plain.seen)

    told: list[tuple[set[str], set[str]]] = []
    for text, name in ((hostile.HARMLESS, ""), (hostile.HOSTILE, hostile.NAME)):
        docs = tmp_path / f"docs{len(told)}"
        hostile.documents(docs, text, name)
        (roles / f"bad{name}.md").write_text(f"---\nname: [{text}\n---\n", encoding="utf-8")
        with ThreadedClaudeServer(engine_brain(hostile.doubles(text, name)), hostile.manners(text)) as server:
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            told.append(asyncio.run(main(text, docs)))
    (harmless, harmless_plain), (bad, bad_plain) = told
    assert "CSI m" in harmless and "CSI m" in harmless_plain
    assert bad <= harmless
    assert bad_plain <= harmless_plain
    assert not opened.exists()
