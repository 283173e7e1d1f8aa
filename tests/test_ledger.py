"""Findings become numbered claims; duplicates are merged, and nothing is lost."""

from agents.ledger import LedgerParts, SpokeFindings, build_ledger
from sessions.findings import Confidence, Finding, Quote, Span


def quote(text: str, source: str = "a.md", start: int | None = 0) -> Quote:
    span = None
    if start is not None:
        span = Span(source=source, source_sha256=f"sha-{source}", start=start, end=start + len(text))
    return Quote(text=text, source=source, span=span)


def finding(
    claim: str, *quotes: Quote, date: str = "", scope: str = "", confidence: Confidence = "medium"
) -> Finding:
    return Finding(claim=claim, quotes=quotes, date=date, scope=scope, confidence=confidence)


def ledger(**found: tuple[Finding, ...]) -> LedgerParts:
    return build_ledger(SpokeFindings(spoke, spoke.title(), findings) for spoke, findings in found.items())


SENTENCE = "In 2024, 45% of musicians in Northmark used AI tools in their work."


def test_claims_are_numbered_in_the_order_of_the_plan() -> None:
    parts = ledger(
        music=(
            finding("Bands tour less.", quote("Bands tour less.")),
            finding("Songs are short.", quote("Songs are")),
        ),
        film=(finding("Films are long.", quote("Films are long.", "b.md")),),
    )
    assert [(claim.id, claim.spokes, claim.finding.claim) for claim in parts.claims] == [
        ("c1", ("music",), "Bands tour less."),
        ("c2", ("music",), "Songs are short."),
        ("c3", ("film",), "Films are long."),
    ]


def test_the_same_words_of_two_spokes_are_one_claim_with_all_quotes() -> None:
    (claim,) = ledger(
        music=(finding("45% of musicians use AI.", quote("45% of musicians use AI"), confidence="low"),),
        film=(finding("45% of musicians use AI", quote("45% use AI.", "b.md"), date="2024", confidence="high"),),
    ).claims
    assert claim.spokes == ("music", "film")
    assert [one.source for one in claim.finding.quotes] == ["a.md", "b.md"]
    assert (claim.finding.date, claim.finding.confidence) == ("2024", "high")


def test_the_same_words_of_other_scope_are_two_claims() -> None:
    parts = ledger(
        music=(finding("Adoption: 45 %", quote("Adoption: 45 %"), scope="Norway"),),
        film=(finding("Adoption: 45 %", quote("Adoption: 45 %", "b.md"), scope="Sweden"),),
    )
    assert len(parts.claims) == 2


def test_one_stretch_with_the_same_figures_is_one_claim_however_it_is_worded() -> None:
    (claim,) = ledger(
        music=(finding("45% of musicians used AI tools in 2024.", quote(SENTENCE)),),
        film=(
            finding("AI was at work with 45% of them.", quote(SENTENCE)),
            finding("Use of AI among musicians stood at 45%.", quote(SENTENCE[9:], start=9)),
        ),
    ).claims
    assert claim.spokes == ("music", "film")
    assert [(q.span.start, q.span.end) for q in claim.finding.quotes if q.span] == [(0, 67), (9, 67)]


def test_one_stretch_with_other_figures_dates_or_words_stays_apart() -> None:
    text = "45% of musicians and 30% of writers use AI; 45% of dancers do not. Bands tour less, and studios close."
    quoted = quote(text)
    parts = ledger(
        music=(
            finding("45% of musicians use AI.", quoted),
            finding("30% of writers use AI.", quoted),
            finding("45% of dancers use no AI.", quoted),
            finding("Bands tour less.", quoted),
            finding("Studios close.", quoted),
        )
    )
    assert len(parts.claims) == 5
    years = "Adoption was 10 % in 2022 and 10 % in 2023."
    assert (
        len(ledger(m=(finding("10 % in 2022", quote(years)), finding("10 % in 2023", quote(years)))).claims) == 2
    )


def test_a_quote_that_stands_nowhere_is_kept_without_a_span() -> None:
    parts = ledger(music=(finding("12 % of musicians are robots.", quote("12 % are robots", start=None)),))
    (claim,) = parts.claims
    assert not claim.citable
    assert claim.finding.quotes[0].text == "12 % are robots"
    assert not claim.finding.resolved


def test_words_that_stand_in_evidence_replace_the_same_words_that_did_not() -> None:
    (claim,) = ledger(
        music=(finding("Bands tour less.", quote("Bands tour less.", start=None)),),
        film=(finding("Bands tour less.", quote("Bands tour less.")),),
    ).claims
    assert [one.span is not None for one in claim.finding.quotes] == [True]
    assert claim.citable


def test_a_claim_is_partial_only_when_all_who_found_it_failed() -> None:
    one = (finding("Bands tour less.", quote("Bands tour less.")),)
    both = [SpokeFindings("a", "A", one, partial=True), SpokeFindings("b", "B", one, partial=True)]
    assert build_ledger(both).claims[0].partial
    assert not build_ledger([both[0], SpokeFindings("b", "B", one)]).claims[0].partial


def test_values_that_disagree_are_conflicts_of_the_ledger() -> None:
    parts = ledger(
        music=(finding(SENTENCE, quote(SENTENCE)),),
        film=(finding("12% use AI daily.", quote(SENTENCE.replace("45%", "12%"), "b.md")),),
    )
    (conflict,) = parts.conflicts
    assert [(value.claim, value.value) for value in conflict.values] == [("c1", "45%"), ("c2", "12%")]


def test_the_same_findings_give_the_same_ledger() -> None:
    found = [
        SpokeFindings("a", "A", (finding(SENTENCE, quote(SENTENCE)), finding("x 3 %", quote("x 3 %", "b.md")))),
        SpokeFindings("b", "B", (finding(SENTENCE, quote(SENTENCE)), finding("x 4 %", quote("x 4 %", "c.md")))),
    ]
    assert build_ledger(found) == build_ledger(iter(found))
    assert build_ledger([]) == LedgerParts((), ())
