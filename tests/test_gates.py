"""Each gate: what a draft must hold before it is final."""

import pytest

from agents.reporting.gates import gate
from agents.reporting.ground import Ground
from sessions.findings import Claim, Conflict, ConflictValue, Finding, Gap, Quote, Span, Verdict
from sessions.plan import LeftOut


def claim(
    number: int, text: str, spoke: str = "music", verdict: Verdict = Verdict.SUPPORTED, *, stands: bool = True
) -> Claim:
    span = Span(source=f"{number}.md", source_sha256=f"sha{number}", start=0, end=len(text)) if stands else None
    quotes = (Quote(text=text, source=f"{number}.md", span=span),)
    return Claim(id=f"c{number}", spokes=(spoke,), finding=Finding(claim=text, quotes=quotes), verdict=verdict)


ANY_USE = claim(1, "45 % of musicians used AI tools at any time.")
DAILY = claim(2, "12 % of musicians use AI tools daily.", "film")
REFUTED = claim(3, "80 % of musicians are robots.", verdict=Verdict.CONTRADICTED)
UNFOUND = claim(4, "Nine of ten songs are stolen.", stands=False)
TITLES = {"music": "Music and sound", "film": "Film"}
CONFLICT = Conflict(
    id="k1",
    subject="musicians use AI tools",
    values=(
        ConflictValue(claim="c1", value="45 %", unit="%", quote=ANY_USE.finding.claim, source="1.md"),
        ConflictValue(claim="c2", value="12 %", unit="%", quote=DAILY.finding.claim, source="2.md"),
    ),
)
GROUND = Ground(claims=(ANY_USE, DAILY, REFUTED, UNFOUND), titles=TITLES)
GOOD = "Of the musicians, 45 % used AI at any time [c1], but 12 % daily [c2].\n"


def test_a_draft_that_holds_everything_is_final() -> None:
    assert gate(GOOD, GROUND) == ()


@pytest.mark.parametrize("cited", ["[c1][c2]", "[c1, c2]", "[c1; c2]", "[c1] [c2]", "[c1,c2]", "[C1][c2]"])
def test_forms_of_citations(cited: str) -> None:
    assert gate(f"Use differs: 45 % and 12 % {cited}.", GROUND) == ()


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("[99]", "no citation"),
        ("[1]", "no citation"),
        ("[^1]", "no citation"),
        ("\\[7\\]", "no citation"),
        ("[1, 2]", "no citation"),
        ("[c1, 99]", "no citation"),
        ("【3】", "no citation"),
        ("[ \u200b9 ]", "no citation"),
        ("[c9]", "not in the ledger"),
        ("[c3]", "was refuted"),
        ("[c4]", "no quote that stands"),
        ("[c1](https://example.org)", "text of a link"),
        ("![c1](picture.png)", "text of a link"),
        ("[[c1]](https://example.org)", "text of a link"),
    ],
)
def test_what_is_no_sound_citation_is_told(mark: str, told: str) -> None:
    (problem,) = gate(f"{GOOD}\nMore is said {mark}.", GROUND)
    assert told in problem


@pytest.mark.parametrize(
    "harmless",
    [
        "```\nx = [99] + 45\n```",
        "    indented [99] code 45 %",
        "Write `items[99]` and ``a[1] = `45 %` ``.",
        "A [link](https://example.org/[99]?share=45%25).",
        "See https://example.org/45/percent and <https://example.org/a[1]>.",
        "## 45 % of musicians",
        "A heading of 12 %\n---",
        "In 2024 the law changed, and on 3 May it came into use.",
        "1. First\n2. Second",
        "Brackets [such as these] are words.",
    ],
)
def test_code_headings_links_and_dates_confuse_nothing(harmless: str) -> None:
    assert gate(f"{GOOD}\n{harmless}\n", GROUND) == ()


def test_citations_in_code_or_comments_cite_nothing() -> None:
    for hidden in ("`45 % [c1]` and `12 % [c2]`", "```\n45 % [c1], 12 % [c2]\n```"):
        problems = gate(hidden, GROUND)
        assert [problem for problem in problems if "Nothing of “Music and sound” is cited" in problem]
    assert gate(f"{GOOD}\n<!-- 45 % [c1] -->", GROUND) == ("The draft holds raw HTML; write Markdown only.",)


@pytest.mark.parametrize(
    "block",
    [
        "Sales grew by 12 %.",
        "- Sales of 1,200 records",
        "1. Half of $4 million was lost.",
        "> 45 % of all of them",
        "| Item | Share |\n|---|---|\n| Sales | 30 % |",
        "Line one.\n\nLine two has 30 %.\nIt goes on.",
        "- cited [c1]\n- 30 % is not",
    ],
)
def test_a_figure_needs_a_citation_beside_it(block: str) -> None:
    (problem,) = gate(f"{GOOD}\n{block}\n", GROUND)
    assert "has a figure and no citation" in problem


def test_a_figure_is_one_that_its_citation_gives() -> None:
    ground = Ground(claims=GROUND.claims, titles=TITLES)
    for good in ("45 percent", "45%", "45.0 %"):
        assert gate(f"{GOOD}\nUsed by {good} [c1].", ground) == ()
    for bad in ("46 %", "45 million", "45 % of 9,000"):
        (problem,) = gate(f"{GOOD}\nUsed by {bad} [c1].", ground)
        assert "which nothing that it cites says" in problem
    # Saying that it has no source gives it none.
    (problem,) = gate(f"{GOOD}\nSales grew by 12 % (no source).", ground)
    assert "no citation" in problem


def test_every_value_of_a_conflict_is_shown_with_its_claim() -> None:
    ground = Ground(claims=GROUND.claims, conflicts=(CONFLICT,), titles=TITLES)
    assert gate(GOOD, ground) == ()
    assert gate("AI is used by 45 percent [c1], or 12 per cent [c2].", ground) == ()
    (problem,) = gate("AI is used by 45 % [c1][c2].", ground)
    assert "does not show “12 %”" in problem
    assert "[c2]" in problem
    (problem,) = gate("AI is used by 45 % of them [c1].\n\nDaily use is rare [c2]. `12 %`", ground)
    assert "12 %" in problem
    problems = gate("AI is used by 45 % [c1], or by 112 % [c2].", ground)
    assert any("does not show “12 %”" in problem for problem in problems)


def test_a_value_beside_another_s_citation_is_not_shown() -> None:
    ground = Ground(claims=GROUND.claims, conflicts=(CONFLICT,), titles=TITLES)
    problems = gate("AI is used by 45 % or 12 % [c1].\n\nDaily use is rare [c2].", ground)
    assert any("does not show “12 %” citing [c2]" in problem for problem in problems)


def in_words(one: str, two: str) -> Ground:
    """Two claims that contradict each other in words."""
    claims = (claim(1, f"Music of this kind {one}."), claim(2, f"Music of this kind {two}.", "film"))
    values = tuple(
        ConflictValue(claim=c.id, value=said, unit="", quote=c.finding.claim, source=c.finding.quotes[0].source)
        for c, said in zip(claims, (one, two), strict=True)
    )
    conflict = Conflict(id="k1", subject="music of this kind", values=values)
    return Ground(claims=claims, conflicts=(conflict,), titles=TITLES)


def test_a_value_of_words_is_shown_by_these_words() -> None:
    ground = in_words("is banned on two stages", "is permitted")
    assert gate("It **is banned** on two\nstages [c1], or _is permitted_ [c2].", ground) == ()
    # Two stages are not what it says of them.
    (problem,) = gate("It is seen on two stages [c1], or is permitted [c2].", ground)
    assert "does not show “is banned on two stages” citing [c1]" in problem


def test_what_is_denied_does_not_show_what_is_said() -> None:
    ground = in_words("permitted", "not permitted")
    assert gate("It is permitted [c1], or it is not permitted [c2].", ground) == ()
    (problem,) = gate("It is not permitted [c1][c2].", ground)
    assert "does not show “permitted” citing [c1]" in problem
    (problem,) = gate("It is permitted [c1][c2].", ground)
    assert "does not show “not permitted” citing [c2]" in problem


def test_gaps_are_named_where_the_draft_speaks_of_what_is_missing() -> None:
    gaps = (
        Gap(spoke="dance", what="Dance", why="It timed out."),
        Gap(spoke="music", what="How many musicians stopped working?", why="The documents do not answer it."),
    )
    ground = Ground(claims=GROUND.claims, gaps=gaps, titles={**TITLES, "dance": "Dance"})
    told = gate(f"{GOOD}\n## Dance\n\nPeople dance.\n", ground)
    assert told == ("The gap “Dance” is not named.", "The gap “How many musicians stopped working?” is not named.")
    named = "## Gaps\n\n- Dance: the search timed out.\n- It is not known how many musicians stopped working.\n"
    assert gate(f"{GOOD}\n{named}", ground) == ()


def test_a_gap_s_own_figures_need_no_citation() -> None:
    gap = Gap(spoke="", what="3 of 85 claims", why="They were not checked within 120 s.")
    ground = Ground(claims=GROUND.claims, gaps=(gap,), titles=TITLES)
    assert gate(f"{GOOD}\n## Gaps\n\n- 3 of 85 claims: They were not checked within 120 s.", ground) == ()
    assert gate(f"{GOOD}\n## Gaps\n\n- 3 of 85 claims: 99 % of them are false.", ground)


def test_what_was_left_out_is_named() -> None:
    ground = Ground(
        claims=GROUND.claims, left_out=(LeftOut(title="Video games", why="Not asked."),), titles=TITLES
    )
    assert gate(GOOD, ground) == ("“Video games”, which the plan left out, is not named.",)
    assert gate(f"{GOOD}\n## Left out\n\n- **Video games**: not asked.", ground) == ()


def test_every_spoke_with_verified_findings_is_cited() -> None:
    (problem,) = gate("Of the musicians, 45 % used AI [c1].", GROUND)
    assert "Nothing of “Film” is cited; it has c2." in problem
    unchecked = claim(2, "12 % use AI daily.", "film", Verdict.NOT_CHECKED)
    assert gate("Of the musicians, 45 % used AI [c1].", Ground(claims=(ANY_USE, unchecked), titles=TITLES)) == ()
    shared = ANY_USE.model_copy(update={"spokes": ("music", "film")})
    assert gate("Of the musicians, 45 % used AI [c1].", Ground(claims=(shared, DAILY), titles=TITLES)) == ()


def test_without_a_claim_to_cite_the_draft_says_that_nothing_was_found() -> None:
    ground = Ground(claims=(REFUTED, UNFOUND), titles=TITLES)
    (problem,) = gate("Everything went well.", ground)
    assert "does not say that nothing was found" in problem
    assert gate("The documents do not answer the question.", ground) == ()


def test_what_would_swallow_the_sources_is_told() -> None:
    assert gate(f"{GOOD}\n```\nx", GROUND) == ("A code block is not closed.",)
    assert gate(f"{GOOD}\n[a]: https://example.org", GROUND)[0].startswith("The draft defines links")


def test_a_list_of_sources_is_the_coordinator_s() -> None:
    (problem,) = gate(f"{GOOD}\n## Sources\n\n- Nature, 1969\n\n## More\n\nWords.", GROUND)
    assert "lists sources" in problem


def test_a_mark_that_never_ends_comes_to_an_end() -> None:
    for part in ("1", "c1", "1 ", "1,", "1and", "*", " "):
        problems = gate(f"{GOOD}\nSee [{part * 2_000} here.", GROUND)
        assert all("no citation" in problem for problem in problems)
