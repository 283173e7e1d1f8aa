"""The forms in which values disagree, from units and labels to currencies, and what the record of each says."""

import pytest

from agents.conflicts.detector import explain, find_conflicts
from sessions.findings import ConflictKind
from tests.disputed import claim, of_two_sources, values


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The plant makes 12 tonnes of cheese.", "The plant makes 9,000 kg of cheese."),
        ("The tunnel is 57 km long.", "The tunnel is 53,900 metres long."),
        ("The trip takes 2 hours.", "The trip takes 90 minutes."),
        ("Turnover: €1,250 thousand", "Turnover: €1.4m"),
        ("The deficit is 3 % of output.", "The deficit is 4 per cent of output."),
        ("The field covers 2 square kilometres.", "The field covers 150 hectares."),
        ("The fee is $20 per month.", "The fee is $300 a year."),
        ("Speed: 300 km/h", "Speed: 70 metres per second"),
        ("The mortality rate is 24 per 100,000.", "The mortality rate is 0.05 %."),
        ("A dozen mines closed.", "Thirty mines closed."),
        ("Every third household is in debt.", "19 % of households are in debt."),
        ("The village was first mentioned in 1184.", "The village was first mentioned in 1216."),
        ("Loans must be repaid within 18 months.", "Loans must be repaid within 3 years."),
        ("The range is 10 to 20 km.", "The range is 34 km."),
        ("At least 70 % of the wetland has dried up.", "Just 45 % of the wetland has dried up."),
    ],
)
def test_one_thing_in_other_units_scales_and_words(a: str, b: str) -> None:
    (conflict,) = of_two_sources(a, b)
    assert len(conflict.values) == 2


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The plant makes 12 tonnes of cheese.", "The plant makes 12,000 kg of cheese."),
        ("The course lasts 90 minutes.", "The course lasts an hour and a half."),
        ("The fee is $20 per month.", "The fee is $240 a year."),
        ("The rate is 5 ‰.", "The rate is 0.5 %."),
        ("The mortality rate is 24 per 100,000.", "The mortality rate is 0.024 %."),
        ("Turnover: 1,250 thousand euros", "Turnover: €1.25m"),
        ("About half of the herd was infected.", "48.7 % of the herd was infected."),
        ("Nearly 45 % of pupils walk.", "44.6 % of pupils walk."),
        ("Two thirds of members voted yes.", "66.4 % of members voted yes."),
        ("A dozen mines closed.", "12 mines closed."),
        ("Unemployment fell by 3 percentage points.", "Unemployment fell by 9 %."),
        ("At most 400 guests are allowed.", "380 guests are allowed."),
    ],
)
def test_one_value_written_differently_and_what_is_never_compared(a: str, b: str) -> None:
    assert not of_two_sources(a, b)


@pytest.mark.parametrize(
    ("header", "cell", "said", "disagrees"),
    [
        ("Revenue (€m)", "310", "Revenue was €310 million.", False),
        ("Revenue (€m)", "310", "Revenue was €480 million.", True),
        ("Royalties (in thousands)", "860", "Royalties amounted to 860,000.", False),
        ("Royalties (in thousands)", "860", "Royalties amounted to 910,000.", True),
        ("Dropout rate (%)", "11", "The dropout rate is 11 %.", False),
        ("Dropout rate (%)", "11", "The dropout rate is 16 %.", True),
    ],
)
def test_a_header_gives_its_cells_unit_and_scale(header: str, cell: str, said: str, disagrees: bool) -> None:
    assert bool(of_two_sources(f"| {header} |\n|---|\n| {cell} |", said)) is disagrees
    label, _, _ = header.partition(" (")
    unit = header.removeprefix(label)
    assert bool(of_two_sources(f"{label}{unit}: {cell}", said)) is disagrees


def explained(a: str, b: str) -> tuple[ConflictKind, str]:
    (conflict,) = of_two_sources(a, b)
    return explain(conflict, [claim(1, a, "1.md"), claim(2, b, "2.md")])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The state budget is 4.2 million kroner.", "The state budget is 4.2 billion kroner."),
        ("Freight volume: 3,900 tonnes", "Freight volume: 3.9 million tonnes"),
        ("The alcohol limit is 0.5 %.", "The alcohol limit is 0.5 ‰."),
        ("The island emits 840,000 tonnes of CO2.", "The island emits 7.1 tonnes of CO2 per capita."),
    ],
)
def test_a_value_of_another_scale_is_rescaled(a: str, b: str) -> None:
    assert explained(a, b)[0] == "rescaled"
    assert explained(b, a)[0] == "rescaled"


def test_currencies_are_set_side_by_side_and_never_equal() -> None:
    kind, why = explained("The exhibition cost €2.1 million.", "The exhibition cost $2.1 million.")
    assert kind == "unexplained"
    assert "different currencies ($, €), not converted" in why


def test_a_rate_of_another_thing_is_not_compared() -> None:
    assert not of_two_sources("The clinic charges $80 per session.", "The clinic charges $45.")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Version 3 needs 8 GB of memory to run.", "Version 4 needs 16 GB of memory to run."),
        ("The first chapter of the book has 31 pages.", "The last chapter of the book has 12 pages."),
        ("The flight from Oslo to Rome takes 3 hours.", "The flight from Oslo to Paris takes 2 hours."),
        ("Plant 17 of the group made 4,100 tonnes.", "Plant 18 of the group made 4,300 tonnes."),
    ],
)
def test_what_bears_another_name_or_number_is_another_thing(a: str, b: str) -> None:
    assert not of_two_sources(a, b)


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Based on phone data, 1.3 million people came.",
            "Based on photographs, 720,000 people came.",
            "different_method",
        ),
        ("When it opened, the clinic had 40 beds.", "The clinic now has 95 beds.", "different_period"),
        ("Without leased land, the farm has 210 hectares.", "The farm has 355 hectares.", "different_definition"),
        ("Literacy (self-declared): 91 %", "Literacy (tested): 74 %", "different_definition"),
        ("Downtown, 19 % of offices are empty.", "In the suburbs, 11 % of offices are empty.", "different_scope"),
        ("Ex-smokers cough for 9 days.", "Current smokers cough for 17 days.", "different_population"),
    ],
)
def test_how_a_sentence_opens_and_what_it_notes_qualify_its_value(a: str, b: str, kind: ConflictKind) -> None:
    assert explained(a, b)[0] == kind


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Pears sold in Lenn — 40 t, gross weight",
            "Pears sold in Lenn? 70 t, dried weight.",
            "different_definition",
        ),
        (
            "Pears sold in Lenn — 40 t, stalls on the road",
            "Pears sold in Lenn = 70 t # shops",
            "different_population",
        ),
        (
            "Pears sold in Lenn in May 2024? 40 t.",
            "Pears sold in Lenn = 70 t # in 2024",
            "different_period",
        ),
        (
            "According to the bulletin, growers in Lenn sold 40 t of pears.",
            "Pears sold in Lenn: 70 t",
            "unexplained",
        ),
        (
            "Pears sold in Lenn · in 2024 · new growers → 40 t",
            "Growers in Lenn sold 70 t of pears in 2024. Here, we consider new and old growers.",
            "different_population",
        ),
        (
            "Pears sold in Lenn (dried pears only): 40 t",
            "Growers in Lenn sold 70 t of pears, dried and fresh pears.",
            "different_definition",
        ),
        (
            "In the decade to 2010, growers in Lenn sold 40 t of pears.",
            "Growers in Lenn sold 70 t of pears in 2010.",
            "different_period",
        ),
        (
            "Growers in Lenn sold 40 t of pears on average.",
            "Our data show that growers in Lenn sold 70 t of pears.",
            "unexplained",
        ),
        (
            "Pears sold in Lenn: 40 t",
            "Growers in Lenn sold 70 t of pears; this replaces the number given before.",
            "restated",
        ),
        ("Pears sold in Lenn: 40 t", "A recount changed this. Growers in Lenn sold 70 t of pears.", "restated"),
    ],
)
def test_what_stands_beside_a_statement_explains(a: str, b: str, kind: ConflictKind) -> None:
    assert explained(a, b)[0] == kind


def test_a_row_whose_fields_commas_part_is_read() -> None:
    row = claim(1, "Pears sold in Lenn: 1,070 t (in 2024)", "1.csv", quote='Pears sold,Lenn,2024,"1,070 t"')
    other = claim(2, "Growers in Lenn sold 1,640 t of pears in 2024.", "2.md")
    assert len(find_conflicts([row, other])) == 1


def test_a_word_that_says_what_is_counted_explains_nothing() -> None:
    assert explained("The union has 84,000 members.", "Membership of the union: 71,000")[0] == "unexplained"


def test_each_value_keeps_what_qualifies_it() -> None:
    one = "In 2021, 45 % of professional musicians in Norway ever used the tool."
    two = "In 2024, 12 % of amateur musicians in Scandinavia used the tool daily."
    first, second = of_two_sources(one, two)[0].values
    assert (first.period, first.population, first.scope, first.definition) == (
        "2021",
        "professional",
        "Norway",
        "ever",
    )
    assert (second.period, second.population, second.scope, second.definition) == (
        "2024",
        "amateur",
        "Scandinavia",
        "daily",
    )
    assert (second.value, second.unit, second.quote, second.source, second.date) == (
        "12 %",
        "%",
        two,
        "2.md",
        "2024",
    )


def test_what_a_finding_says_of_its_value_goes_before_the_words_around_it() -> None:
    pair = [claim(1, "45 % of musicians ever used it.", "a"), claim(2, "12 % of musicians used it daily.", "b")]
    update = {"definition": "any use", "scope": "the Nordic union", "date": "2023-05"}
    finding = pair[0].finding.model_copy(update=update)
    (conflict,) = find_conflicts([pair[0].model_copy(update={"finding": finding}), pair[1]])
    value = conflict.values[0]
    assert (value.definition, value.scope, value.date, value.period) == (
        "any use",
        "the Nordic union",
        "2023-05",
        "",
    )


def test_values_of_one_kind_are_found_among_a_thousand_others() -> None:
    others = [claim(n, f"Plant {n} of the group made {1_000 + 7 * n} tonnes.", f"{n}.md") for n in range(1_000)]
    pair = [claim(2_001, "Turnover: $5m", "a.md"), claim(2_002, "Turnover was $7.5 million.", "b.md")]
    (conflict,) = find_conflicts([pair[0], *others, pair[1]])
    assert values(conflict) == ["$5m", "$7.5 million"]


@pytest.mark.parametrize(
    ("a", "b", "disagrees"),
    [
        ("Growers in Lenn sold 40 t of pears.", "The pears sold in Lenn came to 70 t, weighed wet.", True),
        ("Pears sold in Lenn: 40 t", "Pears sold in Gessin: 70 t", False),
        ("Pears sold in Lenn: 40 t", "Pears sold in all of Veldria: 70 t", True),
        ("Growers in Lenn sold 40 t of pears in 2024.", "Pears sold in Lenn are to reach 70 t by 2035.", False),
        (
            "Growers in Lenn sold 40 t of pears in 2024.",
            "Pears sold in Lenn rose from 20 t in 2018 to 40 t in 2024.",
            False,
        ),
        ("The price index stood at 139.4 in 2023.", "Price index: 139.4 (in 2023)", False),
        ("Pears sold in Lenn: 40 t", "Crop: Pears sold; Town: Lenn; Note: wet; 2024: 70 t", True),
        ("The board noted that growers in Lenn sold 40 t of pears.", "Sales of pears in Lenn reached 70 t.", True),
        ("Coal supplies 22 % of the power in Lenn.", "Gas supplies 35 % of the power in Lenn.", False),
        ("Growers in Lenn sold 40 t of pears.", "Growers in Lenn burned 70 t of diesel.", False),
        ("34 % of theatres use robots.", "Of the theatres that use robots, 72 % rent them.", False),
        ("Lenn's museum was visited 3,400 times.", "Visitors to the museum of Lenn: 5,100", True),
        ("Nurses in Lenn read 12 hours a month.", "Reading by nurses in Lenn: 20 hours", True),
    ],
)
def test_one_value_each_of_one_thing_in_other_words(a: str, b: str, disagrees: bool) -> None:
    assert bool(of_two_sources(a, b)) is disagrees


@pytest.mark.parametrize(
    "framed",
    [
        "Table 7. Pears harvested in Lenn; Period: 2023; Result: 70 t",
        "Key finding 4: Growers in Lenn harvested 70 t of pears in 2023.",
        "Exhibit C-4 – Pears harvested in Lenn – 2023 – 70 t",
        "CORDEN, 4 June (NPA) – Growers in Lenn harvested 70 t of pears in 2023, it was announced.",
        "“Growers in Lenn harvested 70 t of pears in 2023,” the head of the office told us.",
        "Readers may like to learn that growers in Lenn harvested 70 t of pears in 2023. See annex.",
    ],
)
def test_numbers_datelines_and_speakers_are_no_part_of_what_is_stated(framed: str) -> None:
    plain = "In 2023, the pear harvest of growers in Lenn came to 40 t."
    (conflict,) = of_two_sources(plain, framed)
    assert explain(conflict, [claim(1, plain, "1.md"), claim(2, framed, "2.md")])[0] == "unexplained"


def test_one_subject_that_does_two_things_is_not_one_thing() -> None:
    assert not of_two_sources("21% of bus drivers were on sick leave.", "41% of bus drivers belong to a union.")
