"""Values in text: what counts as one, what it is worth, and where it stands."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.values.quantities import Quantity, agree, quantities, same_value


def only(text: str) -> Quantity:
    found = quantities(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "low", "unit"),
    [
        ("45 %", "45", "%"),
        ("Hedges line 45 km of road.", "45000", "metre"),
        ("Figure\t45", "45", ""),
        ("45%", "45", "%"),
        ("45\u00a0%", "45", "%"),
        ("12 per cent", "12", "%"),
        ("forty-five percent", "45", "%"),
        ("45-percent", "45", "%"),
        ("3.5 percentage points", "3.5", "pp"),
        ("40 basis points", "0.4", "pp"),
        ("$1.2 million", "1200000", "$"),
        ("US$5bn", "5000000000", "$"),
        ("1.9 million euro", "1900000", "€"),
        ("€1,234.56", "1234.56", "€"),
        ("£45k", "45000", "£"),
        ("€20 per month", "20", "€/month"),
        ("1,200 songs", "1200", "song"),
        ("12 000 tracks", "12000", "track"),
        ("1.234.567 songs", "1234567", "song"),
        ("4,500 registered members", "4500", "member"),
        ("5m users", "5000000", "user"),
        ("two hundred thousand songs", "200000", "song"),
        ("1,5 %", "1.5", "%"),
        ("0,125 kg", "125", "gram"),
        ("1.5 hours", "5400", "second"),
        ("1.5 GWh", "1500000000", "watthour"),
        ("one in five", "20", "%"),
        ("3 out of 10", "30", "%"),
        ("half of all editors", "50", "%"),
        ("3x", "3", "×"),
        ("Score: 7.4", "7.4", ""),
        ("-5 °C", "-5", "°C"),
        ("5 ‰", "0.5", "%"),
        ("24 per 100,000", "0.024", "%"),
        ("every fifth household", "20", "%"),
        ("half a million songs", "500000", "song"),
        ("two and a half hours", "9000", "second"),
        ("an hour and a half", "5400", "second"),
        ("a dozen eggs", "12", "egg"),
        ("$2 trillion", "2000000000000", "$"),
        ("CHF 3 million", "3000000", "CHF"),
        ("0.25 km²", "250000", "square metre"),
        ("5 mg per day", "0.005", "gram/day"),
        ("€5,300 per head", "5300", "€/person"),
    ],
)
def test_a_value_is_read_with_scale_and_unit(text: str, low: str, unit: str) -> None:
    value = only(text)
    assert (value.low, value.high, value.unit) == (Decimal(low), Decimal(low), unit)


@pytest.mark.parametrize(
    "text",
    [
        "In 2024 the law changed.",
        "From 2019 to 2023, and 2020–2021.",
        "On 3 May 2024 and May 3, and 2024-05-01, and 12/05/2024, at 12:30.",
        "GPT-4, COVID-19, v2.1, 1.4.2 and the 20th century, the 1990s.",
        "Section 3, Table 2, p. 14 and Chapter 7.",
        "Figure 45 and line 1,200 of the file.",
        "As others say [12], [c3] and [1, 2].",
        "See https://example.org/2/45 for more.",
        "Over the past 3 years, within five years, 12 months ago.",
        "24-hour access and a 30-year study.",
        "Musicians over 60 and under 30.",
    ],
)
def test_what_only_dates_refers_or_names_is_no_value(text: str) -> None:
    assert quantities(text) == ()


def test_a_year_is_a_value_when_it_is_the_fact() -> None:
    assert (only("The label was founded in 1998.").low, only("It was launched in March 2021.").kind) == (
        1998,
        "year",
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("10–20 %", 10, 20),
        ("between 10 and 20 %", 10, 20),
        ("10 to 20 %", 10, 20),
        ("$5–7 million", 5_000_000, 7_000_000),
        ("up to 40 %", 0, 40),
    ],
)
def test_ranges_and_bounds(text: str, low: int, high: int) -> None:
    value = only(text)
    assert (value.low, value.high) == (low, high)


def test_kinds_tell_levels_changes_baselines_and_samples_apart() -> None:
    text = "Revenue rose from $1 million to $3 million; costs fell by 12 %, and 1,200 musicians were surveyed."
    assert [(q.text, q.kind, q.low < 0) for q in quantities(text)] == [
        ("$1 million", "baseline", False),
        ("$3 million", "level", False),
        ("12 %", "change", True),
        ("1,200 musicians", "sample", False),
    ]
    assert [q.kind for q in quantities("Up from 10 % in 2022; a 5 % decline; 3 percentage points.")] == [
        "baseline",
        "change",
        "change",
    ]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("45 %", "45.2 per cent", True),
        ("45 %", "46 %", False),
        ("about 5 million songs", "4.9 million songs", True),
        ("1,200,000 dollars", "$1.2 million", True),
        ("more than 40 %", "48 %", True),
        ("more than 40 %", "85 %", False),
        ("up to 40 %", "12 %", True),
        ("10–20 %", "15 %", True),
        ("10–20 %", "30 %", False),
        ("one in four", "25 %", True),
        ("90 minutes", "1.5 hours", True),
        ("1,200 songs", "1,500 songs", False),
    ],
)
def test_rounding_and_bounds_do_not_make_two_values(a: str, b: str, same: bool) -> None:
    assert agree(only(a), only(b)) is same
    assert agree(only(b), only(a)) is same


def test_the_same_value_however_it_is_written() -> None:
    assert same_value(only("45 %"), only("45 percent"))
    assert same_value(only("$1.2 million"), only("1,200,000 dollars"))
    assert not same_value(only("45 %"), only("45 songs"))


@given(st.text(alphabet=st.sampled_from("0123456789 .,%$€-–/kmb()\nof to and half one twenty in |"), max_size=60))
def test_any_text_is_read_and_every_value_stands_where_it_says(text: str) -> None:
    for value in quantities(text):
        assert text[value.start : value.end] == value.text
        assert value.low <= value.high
        assert agree(value, value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A check-up was attended by 46 % of adults.", "level"),
        ("5,310 emergency calls were answered.", "level"),
        ("Payouts for lost crops came to from 4.2 to 5.9 million dollars.", "level"),
        ("As you asked: 7,690 street trees were planted.", "level"),
        ("1,200 people answered.", "sample"),
        ("Sales were up by 4 %.", "change"),
    ],
)
def test_a_word_makes_a_change_or_a_sample_only_where_it_means_one(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_what_adds_up_to_a_value_is_no_bound() -> None:
    value = only("The damage added up to 5 tonnes.")
    assert value.low == value.high


def test_a_number_that_labels_a_statement_and_a_year_before_a_dash_are_no_values() -> None:
    assert [q.text for q in quantities("Key finding 5: Firms sold 40 boats.")] == ["40 boats"]
    assert len(quantities("We sold 40 boats. Firms sold 120: half of the 240 boats.")) > 1
    assert [q.text for q in quantities("Dogs registered – 2021 – 34,260")] == ["34,260"]


def test_hours_lost_are_a_level_and_a_share_lost_is_a_change() -> None:
    assert quantities("Drivers lost 34 hours in jams.")[0].kind == "level"
    assert quantities("The bank lost 5 % of its value.")[0].kind == "change"
