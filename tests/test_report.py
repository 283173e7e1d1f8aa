"""The coordinator completes any draft to a report that passes its gates, and numbers its citations."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agents.reporting.draft import Draft, plain
from agents.reporting.gates import gate
from agents.reporting.ground import Ground
from agents.reporting.report import complete, finalize
from sessions.findings import Claim, Conflict, ConflictValue, Finding, Gap, Quote, Span, Verdict
from sessions.plan import LeftOut


def quote(text: str, number: int, start: int = 0) -> Quote:
    span = Span(source=f"docs/{number}.md", source_sha256=f"sha{number}", start=start, end=start + len(text))
    return Quote(text=text, source=f"docs/{number}.md", span=span)


def claim(
    number: int,
    text: str,
    *spokes: str,
    verdict: Verdict = Verdict.SUPPORTED,
    quotes: tuple[Quote, ...] = (),
    note: str = "",
    partial: bool = False,
) -> Claim:
    finding = Finding(claim=text, quotes=quotes or (quote(text, number),), date="2024")
    return Claim(id=f"c{number}", spokes=spokes, finding=finding, verdict=verdict, note=note, partial=partial)


ANY_USE = claim(1, "45 % of musicians used AI tools at any time.", "music")
DAILY = claim(2, "12 % of musicians use AI tools daily.", "film")
REFUTED = claim(3, "80 % of musicians are robots.", "music", verdict=Verdict.CONTRADICTED)
LIE = claim(4, "Nine of ten songs are stolen.", "music", quotes=(Quote(text="stolen songs", source="4.md"),))
CONFLICT = Conflict(
    id="k1",
    subject="musicians use AI tools",
    values=(
        ConflictValue(claim="c1", value="45 %", unit="%", quote=ANY_USE.finding.claim, source="docs/1.md"),
        ConflictValue(claim="c2", value="12 %", unit="%", quote=DAILY.finding.claim, source="docs/2.md"),
        ConflictValue(claim="c3", value="80 %", unit="%", quote=REFUTED.finding.claim, source="docs/3.md"),
    ),
)
GROUND = Ground(
    claims=(ANY_USE, DAILY, REFUTED, LIE),
    conflicts=(CONFLICT,),
    gaps=(
        Gap(spoke="dance", what="Dance", why="It failed (timeout): no answer within 120 s."),
        Gap(spoke="", what="1 of 4 claims", why="They were not checked, which does not refute them."),
    ),
    left_out=(LeftOut(title="Video games", why="The question asks for arts."),),
    titles={"music": "Music", "film": "Film", "dance": "Dance"},
    sources={"sha1": ("The union's survey", "2025-02-18"), "sha2": ("The diary panel", "")},
)
DRAFT = """Musicians use AI, but few do daily [c1][c2].

## Disagreements

Of the musicians, 45 % [c1] or 12 % [c2] use AI: any use against daily use. Refuted: 80 % (no source).

## Gaps

- Dance: It failed (timeout): no answer within 120 s.
- 1 of 4 claims were not checked.

## Left out

- Video games
"""


def test_a_draft_that_passes_comes_back_as_it_is() -> None:
    assert gate(DRAFT, GROUND) == ()
    assert complete(DRAFT, GROUND) == DRAFT


def test_an_empty_draft_becomes_the_ledger_s_own_report() -> None:
    report = complete("", GROUND)
    assert gate(report, GROUND) == ()
    assert "## Music\n\n- “45 % of musicians used AI tools at any time.” [c1]" in report
    assert "## Film\n\n- “12 % of musicians use AI tools daily.” [c2]" in report
    assert "## Disagreements" in report
    assert "  - 45 % [c1], docs/1.md: “45 % of musicians used AI tools at any time.”" in report
    assert "  - 80 % (no source)" in report
    assert "“at any time”" in report, "the explanation"
    assert "## Gaps\n\n- **Dance**: It failed (timeout): no answer within 120 s." in report
    assert "## Left out\n\n- **Video games**: The question asks for arts." in report
    assert "stolen" not in report


def test_a_claim_of_two_spokes_is_told_once() -> None:
    both = claim(1, "45 % of musicians used AI tools at any time.", "music", "film")
    report = complete("", Ground(claims=(both,), titles=GROUND.titles))
    assert report.count("[c1]") == 1
    assert "## Film" not in report


def test_with_nothing_at_all_the_report_says_so() -> None:
    assert complete("", Ground(claims=())) == "Nothing in the passages that were read answers the question.\n\n"
    report, citations = finalize(complete("", Ground(claims=())), Ground(claims=()), question="Who?")
    assert report == "# Who?\n\nNothing in the passages that were read answers the question.\n"
    assert citations == ()


def test_what_a_lying_draft_says_is_taken_back() -> None:
    draft = (
        "Everything is proven [99]. As shown [c1, 7], 45 % agree. Robots make 80 % [c3]. In [2024] 5 % lie [c9].\n"
    )
    report = complete(draft, GROUND)
    assert gate(report, GROUND) == ()
    assert report.splitlines()[0] == "Everything is proven. As shown [c1], 45 % agree. Robots make 80 %."
    assert "lie" not in report
    assert "Robots make" not in complete("Robots make 80 % [c3].", GROUND)


def test_only_what_is_missing_is_added_to_the_sections_that_are_there() -> None:
    draft = DRAFT.replace("- Dance: It failed (timeout): no answer within 120 s.\n", "").replace(
        " or 12 % [c2]", ""
    )
    report = complete(draft, GROUND)
    assert gate(report, GROUND) == ()
    assert report.count("## Gaps") == report.count("## Disagreements") == report.count("## Left out") == 1
    assert "- 1 of 4 claims were not checked.\n- **Dance**: It failed" in report
    assert report.index("12 % [c2]") < report.index("## Gaps")
    assert "## Film" not in report


def test_a_list_of_sources_that_the_draft_made_up_goes() -> None:
    report = complete(f"{DRAFT}\n## References\n\n- Nature, 1969\n\n## More\n\nWords.\n", GROUND)
    assert gate(report, GROUND) == ()
    assert "Nature" not in report
    assert "## More\n\nWords." in report


def test_what_would_hide_the_rest_is_opened() -> None:
    for hostile in ("```\ncode", "~~~~\ncode", "<!-- hidden 45 % [c1]", "<details>", "[c1]: https://evil.example"):
        report = complete(f"{DRAFT}\n{hostile}", GROUND)
        assert gate(report, GROUND) == ()
        assert report.startswith("Musicians use AI, but few do daily [c1][c2].")
        final, _ = finalize(report, GROUND, question="Q")
        assert "## Sources" in Draft(final).prose
        assert not Draft(final).html


def test_a_citation_is_numbered_by_its_span_at_first_appearance() -> None:
    two = claim(
        1, "Bands tour less.", "music", quotes=(quote("Bands tour less.", 1), quote("Fewer tours.", 2, 50))
    )
    same = claim(2, "Fewer tours.", "film", quotes=(quote("Fewer tours.", 2, 50),))
    ground = Ground(claims=(two, same), titles={"music": "Music", "film": "Film"}, sources=GROUND.sources)
    text, citations = finalize(
        "Tours are fewer [c2]. Bands stay home [c1, c2], they say [c1] [c2].", ground, question="Q"
    )
    assert "Tours are fewer [1]. Bands stay home [2][1], they say [2][1]." in text
    assert [(c.n, c.claim, c.source_sha256, c.start, c.end, c.quote) for c in citations] == [
        (1, "c2", "sha2", 50, 62, "Fewer tours."),
        (2, "c1", "sha1", 0, 16, "Bands tour less."),
    ]
    assert [(c.title, c.date, c.spoke, c.verdict) for c in citations] == [
        ("The diary panel", "2024", "film", Verdict.SUPPORTED),
        ("The union's survey", "2025-02-18", "music", Verdict.SUPPORTED),
    ]


@pytest.mark.parametrize("form", ["[c1][c2]", "[c1, c2]", "[c1; c2]", "[c1 c2]", "[C1] [c2]", "[c1 and c2]"])
def test_every_form_of_a_citation_is_numbered(form: str) -> None:
    text, citations = finalize(f"So it is {form}.", GROUND, question="Q")
    assert "So it is [1][2]." in text
    assert [citation.claim for citation in citations] == ["c1", "c2"]


def test_the_final_report_has_title_note_and_sources() -> None:
    qualified = DAILY.model_copy(update={"verdict": Verdict.QUALIFIED, "note": "In 2024."})
    ground = Ground(claims=(ANY_USE, qualified), titles=GROUND.titles, sources=GROUND.sources)
    text, _ = finalize(
        "Few [c1][c2].\n", ground, question="Who uses  *AI*?", engine_note="Made by the embedded engine."
    )
    assert text == (
        "# Who uses \\*AI\\*?\n\nMade by the embedded engine.\n\nFew [1][2].\n\n## Sources\n\n"
        "- [1] The union's survey, docs/1.md, 2025-02-18: “45 % of musicians used AI tools at any time.”\n"
        "- [2] The diary panel, docs/2.md, 2024: “12 % of musicians use AI tools daily.” (qualified: In 2024.)\n"
    )


@pytest.mark.parametrize("title", ["# AI in music\n", "AI in music\n===\n", "\n\n# AI in music\n"])
def test_a_draft_s_own_title_stays(title: str) -> None:
    text, _ = finalize(f"{title}\nFew [c1].", GROUND, question="Q", engine_note="Made by it.")
    assert "# Q" not in text
    assert text.index("AI in music") < text.index("Made by it.") < text.index("Few [1].")
    assert finalize(f"{title}\nFew [c1].", GROUND, question="Q")[0].startswith(title.strip())


def test_code_keeps_what_looks_like_a_citation() -> None:
    text, citations = finalize("Use `x[c1]` [c2].\n\n```\ny = [c1]\n```\n", GROUND, question="Q")
    assert "Use `x[c1]` [1]." in text
    assert "y = [c1]" in text
    assert [citation.claim for citation in citations] == ["c2"]


def test_a_quote_cannot_cite_or_break_the_report() -> None:
    words = "As [3] says: <b>`x`</b> [c2] *and* [a link](https://example.org) | # 45 %"
    ground = Ground(claims=(claim(1, words, "music"),), titles={"music": "Music"})
    text, citations = finalize(complete("", ground), ground, question="Q")
    assert [citation.quote for citation in citations] == [words]
    assert Draft(text).cited() == {"1"}
    assert not Draft(text).html


@pytest.mark.parametrize(
    "text", ["# no heading", "- no item", "1. no item", "~~~ no fence", "> no quote", "``` x", "| a |"]
)
def test_plain_text_stays_plain_wherever_it_begins(text: str) -> None:
    (block,) = Draft(f"- {plain(text)}").blocks
    assert block.kind == "text"
    assert not Draft(f"- {plain(text)}").open_code


PARTS = (
    "[c1]|[c2]|[99]|[1]|[^1]|[c1, c2]|[c9]|\\[1\\]|【3】|```\n|~~~\n|`|``|45 % of musicians| 12%|$5 million|\n\n"
    "|\n|- |> |# |## Gaps\n|## Disagreements\n|<!-- |-->|<div>|[c1]: http://x.y\n|[c1](http://evil)|[[c2]](u)"
    "|![c1](x)|[c1|1|]|[|(no source)|    |\t|1. |text |\\|&#91;1&#93;|\r\n|\0|---\n|===\n|[99]: <x>\n"
    "|https://a.b/[c1] |2024 |[2024]|*|_|Left out|nothing found|\u200b|&lbrack;1]|Dance|Music|## Sources\n"
).split("|")
TABLE = "| a | 45 % |\n|---|---|\n| b | 3 songs |\n"
hostile = st.lists(st.one_of(st.sampled_from([*PARTS, TABLE]), st.text(max_size=8)), max_size=24).map("".join)
spoken = st.lists(st.one_of(st.sampled_from(PARTS), st.text(max_size=8)), max_size=6).map("".join)


@st.composite
def grounds(draw: st.DrawFn) -> Ground:
    claims = tuple(
        claim(
            n,
            draw(spoken),
            draw(st.sampled_from(["music", "film"])),
            verdict=draw(st.sampled_from(list(Verdict))),
            quotes=tuple(quote(draw(spoken), n, at) for at in range(draw(st.integers(1, 2)))),
            note=draw(spoken),
        )
        for n in range(1, draw(st.integers(1, 5)))
    )
    values = st.builds(
        ConflictValue,
        claim=st.sampled_from(["c1", "c2", "c7"]),
        value=spoken,
        unit=st.just(""),
        quote=spoken,
        source=spoken,
    )
    return Ground(
        claims=claims,
        conflicts=(
            Conflict(id="k1", subject=draw(spoken), values=(draw(values), draw(values)), explanation=draw(spoken)),
        ),
        gaps=(Gap(spoke="film", what=draw(spoken), why=draw(spoken)),),
        left_out=(LeftOut(title=draw(spoken), why=draw(spoken)),),
        titles={"music": draw(spoken), "film": "Film"},
        sources={"sha1": (draw(spoken), draw(spoken))},
    )


def check(draft: str, ground: Ground) -> None:
    report = complete(draft, ground)
    assert gate(report, ground) == ()
    assert complete(report, ground) == report
    text, citations = finalize(report, ground, question=draft[:40], engine_note="Made by it.")
    assert Draft(text).cited() <= {str(citation.n) for citation in citations}
    assert [citation.n for citation in citations] == list(range(1, len(citations) + 1))
    spans = {(c.source_sha256, c.start, c.end) for c in citations}
    assert len(spans) == len(citations)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile)
def test_any_draft_becomes_a_report_that_passes(draft: str) -> None:
    check(draft, GROUND)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hostile, grounds())
def test_any_draft_on_any_ground_becomes_a_report_that_passes(draft: str, ground: Ground) -> None:
    check(draft, ground)


def test_a_value_is_shown_though_its_quote_reads_otherwise_beside_an_address() -> None:
    value = ConflictValue(claim="c1", value="[c2]", unit="", quote="[c1](http://evil)0$5 million", source="")
    other = value.model_copy(update={"value": ""})
    check(
        "",
        Ground(claims=(), conflicts=(Conflict(id="k1", subject="", values=(other, value), explanation="[c1]"),)),
    )


@given(
    st.sampled_from(["", "Prose [c1] stands.\n\n", "- an item [c2]\n"]),
    st.text(alphabet="ab .,%[]c()\n-#", max_size=80),
)
def test_harmless_words_of_a_draft_survive(first: str, rest: str) -> None:
    report = complete(f"{first}{rest}", GROUND)
    assert report.startswith(first.strip())
