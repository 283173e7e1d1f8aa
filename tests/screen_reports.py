"""A run that is over, told by hand: its report, with the texts that its citations stand in."""

from sessions.events import AnyEvent, ConflictReconciled, LedgerBuilt, ReportFinished, RunEnded
from sessions.evidence import text_sha256
from sessions.findings import Citation, Claim, Conflict, ConflictValue, Finding, Gap, Verdict
from tests.screen_runs import Told, answered, in_the_middle, plan, started

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

## Not found

- Publishing and translation: rate_limited, twice; one finding was kept.
"""

_CLAIMS = (
    # spoke, text, quote, verdict, claim, note
    (
        "music",
        MUSIC,
        "45% of musicians in Northmark used AI tools",
        Verdict.SUPPORTED,
        "45% of musicians used AI tools in 2024.",
        "",
    ),
    (
        "music",
        MUSIC,
        "12% of musicians used AI tools every day",
        Verdict.SUPPORTED,
        "12% used AI tools daily.",
        "",
    ),
    ("film", FILM, "by 13% of working hours in 2023", Verdict.SUPPORTED, "Effects take 13% fewer hours.", ""),
    (
        "film",
        FILM,
        "gave 31%, which was a typing error",
        Verdict.INSUFFICIENT,
        "The council's first edition gave 31%, by mistake.",
        "the passage does not say who made the error",
    ),
)


def finished() -> tuple[AnyEvent, ...]:
    """The run in the middle, brought to its end: claims, a disagreement, the report with a gap."""
    told = Told(in_the_middle().events)
    claims = tuple(
        Claim(id=f"c{n}", spokes=(spoke,), finding=Finding(claim=claim), verdict=verdict, note=note)
        for n, (spoke, _, _, verdict, claim, note) in enumerate(_CLAIMS, start=1)
    )
    values = tuple(
        ConflictValue(
            claim=claim, value=value, unit="%", quote=f"{value}%", source="music-survey-2025.md", date="2024"
        )
        for claim, value in (("c1", "45"), ("c2", "12"))
    )
    conflict = Conflict(id="k1", subject="share of musicians", values=values, kind="different_definition")
    report = ReportFinished(
        step="report/1-0000000000",
        markdown=MARKDOWN,
        citations=tuple(_citation(n) for n in range(1, len(_CLAIMS) + 1)),
        gaps=(Gap(spoke="publishing", what="Publishing and translation", why="rate_limited"),),
        left_out=plan().left_out,
    )
    for spoke in ("film", "games"):
        told(171.0, answered(spoke))
    told(172.0, started("law"), answered("law"))
    told(172.0, LedgerBuilt(step="ledger/1-0000000000", claims=claims, conflicts=(conflict,)))
    told(180.0, ConflictReconciled(step="reconcile/1-0000000000", conflict=conflict))
    told(199.0, report, RunEnded(status="gaps", exit=3))
    return tuple(told.events)


def _citation(n: int) -> Citation:
    spoke, text, quote, verdict, _, _ = _CLAIMS[n - 1]
    start = text.index(quote)
    return Citation(
        n=n,
        claim=f"c{n}",
        quote=quote,
        source=f"{spoke}-survey-2025.md",
        source_sha256=text_sha256(text),
        start=start,
        end=start + len(quote),
        title="Musicians and AI tools 2024" if spoke == "music" else "Correction of the report on visual effects",
        date="2025-06-03",
        spoke=spoke,
        verdict=verdict,
    )
