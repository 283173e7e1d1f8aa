"""A run that is over, told by hand: its report, with the texts that its citations stand in."""

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot

from agents.port.link import in_thread
from sessions.events import AnyEvent, ConflictReconciled, LedgerBuilt, ReportFinished, RunEnded, ToolReturned
from sessions.evidence import SegmentRef, text_sha256
from sessions.findings import Citation, Claim, Conflict, ConflictValue, Finding, Gap, Quote, Span, Verdict
from tests.dashboards import until
from tests.screen_runs import RUN, Told, answered, in_the_middle, keep, plan, started
from tui.app import Dashboard
from tui.screens.report import ReportScreen
from tui.start import Start

MUSIC = """# Musicians and AI tools 2024

The guild asked 1,310 musicians in Northmark between January and March 2025.

In 2024, 45% of musicians in Northmark used AI tools in their musical work, counting any use during the year. Daily
use was much rarer: 12% of musicians used AI tools every day.

The guild warns against comparing the two numbers, because they count different things.
"""
FILM = """Correction of the report on visual effects

The council compared the time sheets of fourteen feature films of 2023 with those of sixteen films of 2019.
AI tools reduced visual effects work on feature films in Northmark by 13% of working hours in 2023.
The first edition gave 31%, which was a typing error.
"""
TEXTS = (MUSIC, FILM)

MARKDOWN = """# How is AI changing the creative industries, and who earns and who loses by it?

Nearly half of the musicians use AI tools, few of them daily [1][2]. In film, visual effects take **13% fewer
hours** than in 2019 [3]; what happened to the fees of translators could not be found out.

## Music

- 45% of musicians in Northmark used AI tools in 2024, counting any use [1].
- 12% used them daily [2].

## Film and television

| work | before | with AI tools |
|---|---|---|
| visual effects, working hours | 100% | 87% [3] |

> The first edition gave 31%, which was a typing error [4].

## Disagreements

**Share of musicians who use AI tools**

- **45%** [1] (2024; any use)
- **12%** [2] (2024; daily use)

The values are counted by different definitions.

**Fewer working hours for visual effects**

- **13%** [3] (2023)
- **31%** (2023; contradicted)

The council put its own figure right in 2025.

## Not found

- Publishing and translation: rate_limited, twice; one finding was kept.
"""

_SOURCES = {"music": MUSIC, "film": FILM}
_TITLES = {"music": "Musicians and AI tools 2024", "film": "Correction of the report on visual effects"}

_CITED = (
    # spoke, quote, verdict, claim, note
    (
        "music",
        "45% of musicians in Northmark used AI tools",
        "supported",
        "45% of musicians used AI tools in 2024.",
        "",
    ),
    ("music", "12% of musicians used AI tools every day", "supported", "12% used AI tools daily.", ""),
    ("film", "by 13% of working hours in 2023", "supported", "Effects take 13% fewer hours.", ""),
    (
        "film",
        "gave 31%, which was a typing error",
        "insufficient",
        "The council's first edition gave 31%, by mistake.",
        "the passage does not say who made the error",
    ),
)
_UNCITED = (
    "film",
    "The first edition gave 31%",
    "contradicted",
    "Effects take 31% fewer hours.",
    "corrected since",
)


def finished() -> tuple[AnyEvent, ...]:
    """The run in the middle, brought to its end: claims, two disagreements, the report with its gaps."""
    told = Told(map(_with_evidence, in_the_middle().events))
    report = ReportFinished(
        step="report/1-0000000000",
        markdown=MARKDOWN,
        citations=tuple(_citation(n) for n in range(1, len(_CITED) + 1)),
        gaps=(
            Gap(spoke="music", what="What it does to income", why="The documents do not answer it."),
            Gap(
                spoke="publishing",
                what="Publishing and translation",
                why="It failed (rate_limited): Number of request tokens has exceeded your per-minute rate limit. "
                "1 partial findings were kept.",
            ),
            Gap(spoke="", what="1 of 6 claims", why="They were not checked, which does not refute them."),
        ),
        left_out=plan().left_out,
    )
    for spoke in ("film", "games"):
        told(171.0, answered(spoke))
    told(172.0, started("law"), answered("law"))
    told(172.0, LedgerBuilt(step="ledger/1-0000000000", claims=_claims(), conflicts=_conflicts()))
    told(180.0, *(ConflictReconciled(step=f"reconcile/{it.id}", conflict=it) for it in _conflicts()))
    told(199.0, report, RunEnded(status="gaps", exit=3))
    return tuple(told.events)


def _with_evidence(event: AnyEvent) -> AnyEvent:
    """The event; what a tool returned to music and film begins with the text that their citations stand in."""
    if not isinstance(event, ToolReturned) or event.spoke not in _SOURCES:
        return event
    text = _SOURCES[event.spoke]
    ref = SegmentRef(
        source=f"{event.spoke}-survey-2025.md",
        source_sha256=text_sha256(text),
        start=0,
        length=len(text),
        title=_TITLES[event.spoke],
        date="2025-06-03",
    )
    return event.model_copy(update={"segments": (ref, *event.segments[1:])})


def _claims() -> tuple[Claim, ...]:
    """Those cited; one that is contradicted; one that came of a failed attempt and was not checked."""
    checked = tuple(
        Claim(
            id=f"c{n}",
            spokes=(spoke, "games") if n == len(_CITED) else (spoke,),
            finding=Finding(claim=claim, quotes=(_quote(spoke, quote),), date="2024", scope="Northmark"),
            verdict=Verdict(verdict),
            confidence="high",
            note=note,
        )
        for n, (spoke, quote, verdict, claim, note) in enumerate((*_CITED, _UNCITED), start=1)
    )
    left = Finding(claim="Fees per page fell by 18% in two years.")
    return (*checked, Claim(id="c6", spokes=("publishing",), finding=left, partial=True))


def _conflicts() -> tuple[Conflict, ...]:
    """One that definitions explain; one in which a source put itself right, and whose other value is refuted."""
    music, film = "music-survey-2025.md", "film-survey-2025.md"
    share = (
        ConflictValue(
            claim="c1", value="45%", unit="%", quote=_CITED[0][1], source=music, date="2024", definition="any use"
        ),
        ConflictValue(
            claim="c2",
            value="12%",
            unit="%",
            quote=_CITED[1][1],
            source=music,
            date="2024",
            definition="daily use",
        ),
    )
    hours = (
        ConflictValue(claim="c3", value="13%", unit="%", quote=_CITED[2][1], source=film, date="2025-06-03"),
        ConflictValue(claim="c5", value="31%", unit="%", quote=_UNCITED[1], source=film, scope="first edition"),
    )
    told = "One counts any use in the year, the other daily use."
    mended = "The council put its own figure right in 2025."
    return (
        Conflict(
            id="k1", subject="share of musicians", values=share, explanation=told, kind="different_definition"
        ),
        Conflict(
            id="k2", subject="fewer hours for visual effects", values=hours, explanation=mended, kind="restated"
        ),
    )


def _quote(spoke: str, words: str) -> Quote:
    text, source = _SOURCES[spoke], f"{spoke}-survey-2025.md"
    start = text.index(words)
    span = Span(source=source, source_sha256=text_sha256(text), start=start, end=start + len(words))
    return Quote(text=words, source=source, span=span)


def _citation(n: int) -> Citation:
    spoke, words, verdict, _, _ = _CITED[n - 1]
    span = _quote(spoke, words).span
    assert span is not None
    return Citation(
        n=n,
        claim=f"c{n}",
        quote=words,
        **span.model_dump(),
        title=_TITLES[spoke],
        date="2025-06-03",
        spoke=spoke,
        verdict=Verdict(verdict),
    )


@asynccontextmanager
async def at_the_report(
    home: Path, size: tuple[int, int] = (80, 24), events: Iterable[AnyEvent] = ()
) -> AsyncGenerator[tuple[Dashboard, Pilot[int]]]:
    """The dashboard at the report of the finished run, or of another with these events; notices are shown."""
    keep(home, RUN, events or finished(), *TEXTS)
    app = Dashboard(Start(), in_thread())
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.loaded)
        await app.open(RUN)
        await pilot.press("o")
        await until(pilot, lambda: isinstance(app.screen, ReportScreen))
        yield app, pilot
