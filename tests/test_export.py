"""`hubspoke export`: the forms of a run, and the report with all that it stands on."""

import json
import stat
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sessions.events import AnyEvent, ReportFinished
from sessions.export.formats import export_run, format_of
from sessions.export.markdown import NothingToExportError
from sessions.findings import Gap
from sessions.safe import safe
from tests.hostile import HOSTILE
from tests.running import hubspoke
from tests.screen_reports import TEXTS, finished
from tests.screen_runs import RUN, in_the_middle, keep


def report(home: Path, events: tuple[AnyEvent, ...] = ()) -> str:
    """The run with these events, else the finished one, as Markdown."""
    keep(home, RUN, events or finished(), *TEXTS)
    return export_run(home / "sessions" / RUN, "md").decode()


def reported(**fields: object) -> tuple[AnyEvent, ...]:
    """The finished run with its report changed."""
    return tuple(
        event.model_copy(update=fields) if isinstance(event, ReportFinished) else event for event in finished()
    )


def test_the_report_stands_with_the_exact_words_of_every_citation(own_home: Path) -> None:
    text = report(own_home)
    assert text.startswith("# How is AI changing the creative industries, and who earns and who loses by it?\n")
    source = (
        "**[4]** Correction of the report on visual effects, film-survey-2025.md, 2025-06-03\n\n"
        "> “gave 31%, which was a typing error”\n\n"
        "! insufficient: the passage does not say who made the error · found by Film and television, Games · "
        "characters 270–304\n"
    )
    assert source in text
    assert [line[:7] for line in text.splitlines() if line.startswith("**[")] == [
        f"**[{n}]**" for n in (1, 2, 3, 4)
    ]


def test_disagreements_stand_value_by_value(own_home: Path) -> None:
    text = report(own_home)
    for line in (
        "### share of musicians",
        "| value | date | definition | source | quote |",
        "| 45% | 2024 | any use | music-survey-2025.md | “45% of musicians in Northmark used AI tools” |",
        "| 12% | 2024 | daily use | music-survey-2025.md | “12% of musicians used AI tools every day” |",
        "One counts any use in the year, the other daily use. (different definition)",
    ):
        assert f"\n{line}\n" in text, line


def test_what_is_missing_stands_once(own_home: Path) -> None:
    text = report(own_home)
    assert "## Gaps\n\n- **What it does to income** (Music): The documents do not answer it.\n" in text
    assert "## Left out\n\n- **Advertising**: no document speaks of it\n" in text
    written = (
        "# Q\n\nA [1].\n\n## Gaps\n\n- none of note\n\n## Sources\n\n- [1] x\n  ## Sources\n\n## After\n\nB.\n"
    )
    again = report(own_home / "other", reported(markdown=written))
    assert again.count("## Gaps") == 1 and "none of note" in again and "does to income" not in again
    assert again.count("## Sources") == 1 and "- [1] x" not in again and "## After\n\nB." in again


def test_it_says_who_made_it_when_and_for_what(own_home: Path) -> None:
    last = report(own_home).splitlines()[-1]
    assert last == f"Run {RUN} · 2026-11-21 05:46 UTC · claude · 41,300 tokens · $0.28 · 3:19. Made with hubspoke."


def test_hostile_words_are_only_words(own_home: Path) -> None:
    attack = f"*a* `b` <b>c</b> [1] | d _e_ # f {HOSTILE}"
    cited = tuple(
        it.model_copy(update={"quote": f"- {attack}", "title": f"# {attack}", "source": attack})
        for it in next(event for event in finished() if isinstance(event, ReportFinished)).citations
    )
    text = report(own_home, reported(citations=cited, gaps=(Gap(spoke="", what=attack, why=attack),)))
    assert text == safe(text)
    added = text[text.index("## Sources") :]
    tokens = [token for block in MarkdownIt("commonmark").parse(added) for token in block.children or ()]
    assert {token.type for token in tokens} <= {"text", "strong_open", "strong_close", "softbreak", "text_special"}
    assert any("*a* `b` <b>c</b> [1] | d _e_ # f" in token.content for token in tokens)


def test_a_run_without_a_report_has_every_form_but_that_one(own_home: Path) -> None:
    with pytest.raises(NothingToExportError, match=f"`hubspoke resume {RUN}`.*--format html"):
        report(own_home, tuple(in_the_middle().events))
    for form in ("html", "json", "jsonl"):
        assert export_run(own_home / "sessions" / RUN, form).endswith(b"\n")


def test_the_form_follows_the_name_of_the_file() -> None:
    named = {"a.md": "md", "a.HTML": "html", "a.htm": "html", "a.json": "json", "b/a.jsonl": "jsonl", "a": "md"}
    assert {name: format_of(Path(name)) for name in named} == named
    assert format_of(None) == "md"


def test_an_ending_that_no_form_has_is_refused(own_home: Path) -> None:
    keep(own_home, RUN, finished(), *TEXTS)
    done = hubspoke("export", "last", "-o", "x.pdf")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "hubspoke: x.pdf has no ending that is known: .md, .html, .json or .jsonl.\n"
    assert not Path("x.pdf").exists()
    assert hubspoke("export", "last", "--format", "md", "-o", "x.txt").returncode == 0


def test_the_command_writes_what_is_asked_for_where_it_is_asked_for(own_home: Path) -> None:
    keep(own_home, RUN, finished(), *TEXTS)
    for form in ("md", "html", "json", "jsonl"):
        wanted = export_run(own_home / "sessions" / RUN, form).decode()
        assert hubspoke("export", "last", "-o", f"run.{form}").stdout == ""
        path = Path(f"run.{form}")
        assert path.read_text(encoding="utf-8") == wanted
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert hubspoke("export", "last", "--format", form).stdout == wanted
        assert hubspoke("export", "last", "--format", form, "-o", "-").stdout == wanted
    assert hubspoke("export", "last", "--format", "json", "-o", "run.html").returncode == 0
    assert json.loads(Path("run.html").read_text())["run"] == RUN


def test_a_form_that_there_is_not_gets_one_sentence() -> None:
    done = hubspoke("export", "last", "--format", "docx")
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
