"""Golden sets: how a report is scored by what is expected of it, and how a file that does not fit is told."""

from pathlib import Path

import pytest

from agents.evaluation.golden import Question, score
from agents.evaluation.golden_file import read_set
from agents.evaluation.statements import says, statements
from agents.reporting.draft import Draft
from sessions.errors import BadInputError
from sessions.events import ReportFinished
from sessions.findings import Citation, Claim, Finding
from sessions.spoke_state import SpokeState
from sessions.state import RunState

REPORT = """\
# Do 99 % of painters sleep?

Made by the embedded engine.

## Music and songs

- In 2024, **45%** of musicians used `ai_tools` [1][2].

| who | share |
| --- | --- |
| dancers | 8 % [3] |

```
hubspoke --fast
```

## Law

Nobody has gone to court.

## Gaps

### What is open

- Which law applies to paintings that were sold in 2019? The documents do not answer it.

## Sources

- [1] 77 % of all sources: “No information on who uses tools.”
"""


def _citation(number: int, source: str, spoke: str = "songs") -> Citation:
    return Citation(
        n=number, claim=f"c{number}", quote="q", source=source, source_sha256="0", start=0, end=1, spoke=spoke
    )


def _state(markdown: str = REPORT, *cited: str) -> RunState:
    citations = tuple(_citation(number, source) for number, source in enumerate(cited, start=1))
    state = RunState(report=ReportFinished(step="report/1", markdown=markdown, citations=citations))
    state.spokes = {"songs": SpokeState("songs", "Who composes"), "films": SpokeState("films", "Who films")}
    state.claims = {
        cited.claim: Claim(id=cited.claim, spokes=("songs",), finding=Finding(claim="x")) for cited in citations
    }
    return state


def _failed(question: Question, state: RunState) -> list[str]:
    return [f"{check.kind} {check.expected}" for check in score(question, state) if not check.passed]


def test_what_a_report_says_is_neither_its_title_nor_its_lists() -> None:
    said = statements(Draft(REPORT))
    assert "- In 2024, 45% of musicians used ai_tools ." in said
    assert "hubspoke --fast" in said
    assert not any(word in " ".join(said) for word in ("99 %", "77 %", "2019", "[1]", "What is open"))
    assert any("Law" in text for text in said)


@pytest.mark.parametrize(
    ("statement", "fact"),
    [
        ("In 2024, 45% of musicians used them.", "45 percent of musicians"),
        ("Forty-five per cent of musicians", "45 % of MUSICIANS"),
        ("They paid 3.6 million euro to artists.", "€3,600,000"),
        ("One in five dancers", "20 %"),
        ("It weighs 1,500 kg.", "1.5 tonnes"),
        ("About 45 % did.", "45 %"),
        ("6,240 freelancers were asked", "6240"),
        ("over the past 3 years, prices rose", "3 years"),
        ("Use *pg_isready* “twice”.", "pg_isready twice"),
        ("The tools,\nhowever, differ.", "/tools, however/"),
        ("The TOOLS differ.", "/tools? differ/"),
    ],
)
def test_a_fact_is_found(statement: str, fact: str) -> None:
    assert says(statement, fact)


@pytest.mark.parametrize(
    ("statement", "fact"),
    [
        ("145 % of musicians", "45 % of musicians"),
        ("45 % of dancers", "45 % of musicians"),
        ("of musicians 45 %", "45 % of musicians"),
        ("It costs $5 million.", "$5"),
        ("More than 40 % did.", "40 %"),
        ("It is 45 percentage points higher.", "45 %"),
        ("It costs €45.", "45 %"),
        ("musicianship", "musician"),
        ("The tools differ.", "/^tools/"),
    ],
)
def test_another_fact_is_not_taken_for_it(statement: str, fact: str) -> None:
    assert not says(statement, fact)


def test_each_expectation_holds_or_is_told() -> None:
    state = _state(REPORT, "a.md", "b/c.md")
    good = Question(
        question="Who uses tools?",
        sources=("a.md", "./b/c.md"),
        must_say=("45 percent of musicians", "/court/"),
        must_not_say=("46 %", "77 %"),
        must_cover=("songs and music", "composing", "/^music/"),
    )
    assert _failed(good, state) == []
    assert len(score(good, state)) == 10
    bad = Question(
        question="Who uses tools?",
        sources=("other.md",),
        must_say=("46 %",),
        must_not_say=("dancers 8 percent",),
        must_cover=("law", "films", "gaps"),
    )
    # Law is a heading that nothing is cited under, and nothing of the spoke on films is cited.
    assert _failed(bad, state) == [
        "source other.md",
        "must_say 46 %",
        "must_not_say dancers 8 percent",
        "must_cover law",
        "must_cover films",
        "must_cover gaps",
    ]
    told = {check.kind: check.why for check in score(bad, state)}
    assert "| dancers | 8 % " in told["must_not_say"]
    assert told["must_cover"] == "The report covers Who composes, Music and songs."


def test_an_answer_is_there_or_it_is_not() -> None:
    cited = _state(REPORT, "a.md")
    assert _failed(Question(question="Who uses tools?"), cited) == []
    assert _failed(Question(question="Who uses tools?"), _state()) == ["answer there"]
    assert _failed(Question(question="Who uses tools?", not_there=True), _state()) == []
    assert _failed(Question(question="Who uses tools?", not_there=True), cited) == ["answer not there"]
    # A report on other things says so where it names what is missing.
    asked = Question(question="Which law applied to the paintings sold in 2019?", not_there=True)
    assert _failed(asked, cited) == []
    listed = REPORT.replace("The documents do not answer it.", "Time was up.")
    assert _failed(asked, _state(listed, "a.md")) == []
    prose = REPORT.replace("Nobody has", "No information was found on painters that sleep. Nobody has")
    assert _failed(Question(question="Do 99 % of painters sleep?", not_there=True), _state(prose, "a.md")) == []


def test_nothing_holds_of_a_run_without_a_report() -> None:
    state = RunState(message="The key was refused.")
    question = Question(question="Who?", must_not_say=("x",), not_there=True)
    checks = score(question, state)
    assert [check.passed for check in checks] == [False, False]
    assert "The key was refused." in checks[0].why


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one document, beside the sets."""
    (tmp_path / "docs" / "deep").mkdir(parents=True)
    (tmp_path / "docs" / "deep" / "a.md").write_text("# A\n\nText.\n")
    return tmp_path


def _set(folder: Path, text: str) -> Path:
    path = folder / "set.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_file_holds_stays_as_it_is_written(folder: Path) -> None:
    text = """\
docs: docs
max_usd: 0.50
max_spokes: 3
questions:
  - question: Who?
    sources: [./deep/a.md]
    must_say: &facts [4.50, 12:30, yes, 2024-01-01]
  - question: When?
    must_say: *facts
    not_there: true
"""
    golden, docs = read_set(_set(folder, f"\ufeff{text}"))
    assert docs == (folder / "docs").resolve()
    assert (golden.max_usd, golden.max_spokes) == (0.5, 3)
    assert golden.questions[0].sources == ("deep/a.md",)
    assert golden.questions[0].must_say == ("4.50", "12:30", "yes", "2024-01-01")
    assert golden.questions[1].must_say == golden.questions[0].must_say
    assert golden.questions[1].not_there


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "empty"),
        ("docs: docs\nquestions: [\n", 3, "YAML"),
        ("docs: docs\nquestions:\n  - question: a: b\n", 3, "quotes"),
        ("docs: docs\n", 1, "`questions` is missing"),
        ("docs: docs\nquestions: []\n", 2, "add one"),
        ("docs: docs\nquestions:\n  - sources: [a]\n", 3, "`question` is missing"),
        ("docs: docs\nquestions:\n  - question: Who?\n    mustsay: [a]\n", 4, "must_say"),
        ("docs: docs\nwhat: 1\nquestions:\n  - question: Who?\n", 2, "max_usd"),
        ("docs: docs\nquestions:\n  - question: Who?\n    must_say: text\n", 4, "a list"),
        ("docs: docs\nquestions:\n  - question: Who?\n    must_say:\n    - a\n    - {b: c}\n", 6, "in quotes"),
        ("docs: docs\nquestions:\n  - question: Who?\n    must_say: ['/(/']\n", 4, "regular expression"),
        ("docs: docs\nquestions:\n  - question: Who?\n    must_say: ['→']\n", 4, "no word"),
        ("docs: docs\nmax_usd: many\nquestions:\n  - question: Who?\n", 2, "max_usd"),
        ("docs: docs\nmax_spokes: 21\nquestions:\n  - question: Who?\n", 2, "20"),
        ("docs: docs\nprovider: oracle\nquestions:\n  - question: Who?\n", 2, "embedded"),
        ("docs: nowhere\nquestions:\n  - question: Who?\n", 1, "no folder"),
        ("docs: docs\nquestions:\n  - question: Who?\n    sources:\n    - deep/b.md\n", 5, "deep/b.md"),
        ("docs: docs\ndocs: docs\nquestions:\n  - question: Who?\n", 2, "second time"),
        ("questions: &a [*a]\n", 1, "YAML"),
        ("[" * 5_000, 1, "YAML"),
        ("docs: docs\x00", 1, "YAML"),
        ("- a\n", 1, "questions"),
        ("docs: docs\nquestions:\n  - Who?\n", 3, "must_say"),
    ],
)
def test_a_file_that_does_not_fit_is_told_by_its_line(text: str, line: int, said: str, folder: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_set(_set(folder, text))
    message = str(caught.value)
    assert f"set.yaml, line {line}: " in message
    assert said in message
    assert "\n" not in message


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "set.yaml").write_bytes(b"\xff\xfe\x00")
    for path in (folder / "set.yaml", folder / "docs", folder / "none.yaml"):
        with pytest.raises(BadInputError, match="name a YAML file"):
            read_set(path)
