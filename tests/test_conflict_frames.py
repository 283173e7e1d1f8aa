"""What frames a statement is no part of it: who tells it to whom, when it was told, and what was asked."""

import pytest

from agents.conflicts.detector import explain
from agents.conflicts.frames import undated, unframed
from tests.disputed import claim, of_two_sources

_PLAIN = "Power cuts in Lenn lasted 24 hours for the average home in 2023."


@pytest.mark.parametrize(
    "framed",
    [
        "The office said on Tuesday that power cuts in Lenn lasted 31 hours in 2023.",
        "Dear Ms Lund, as you asked: the average home in Lenn was without power for 31 hours in 2023. Best, Ana",
        "Question 3: What do the records give for power cuts in Lenn in 2023? Reply: 31 hours.",
        "Reporter: And power cuts in Lenn in 2023? Mayor: 31 hours.",
        "2025-03-28 15:11 entered by the clerk: power cuts in Lenn lasted 31 hours in 2023",
        "In 2023, power cuts in Lenn lasted 31 hours, a spokeswoman said.",
    ],
)
def test_a_framed_statement_is_found_and_its_frame_explains_nothing(framed: str) -> None:
    (conflict,) = of_two_sources(_PLAIN, framed)
    assert explain(conflict, [claim(1, _PLAIN, "1.md"), claim(2, framed, "2.md")])[0] == "unexplained"


def test_a_frame_leaves_the_rest_where_it_stands() -> None:
    text = "Hi all, sales rose to 5 t, new figures show."
    assert len(unframed(text)) == len(text)
    assert unframed(text).split() == "sales rose to 5 t .".split()


def test_when_it_was_written_dates_only_what_says_no_other_date() -> None:
    assert "2025" not in undated("2025-03-28 15:11 sales in 2023: 5 t")
    assert "2025" in undated("2025-03-28 15:11 sales: 5 t")


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (
            "Sales of pears in Lenn: 40 t, self-reported.",
            "Sales of pears in Lenn: 70 t, checked by inspectors.",
            "method",
        ),
        (
            "Pears sold in Lenn: 40 t (by growers)",
            "Pears sold in Lenn: 70 t (by growers, shops and inns)",
            "population",
        ),
        (
            "Item: Pears sold; Area: the upper Lenn; Sum: 40 t",
            "Item: Pears sold; Area: all of Lenn; Sum: 70 t",
            "scope",
        ),
        (
            "All branches of Lenn Bank used 40 t of paper.",
            "The East Branch of Lenn Bank used 70 t of paper.",
            "scope",
        ),
        (
            "Please disregard our last letter. Growers in Lenn sold 40 t of pears.",
            "Pears sold in Lenn: 70 t",
            "restated",
        ),
    ],
)
def test_what_differs_is_told_by_its_form(a: str, b: str, kind: str) -> None:
    (conflict,) = of_two_sources(a, b)
    assert explain(conflict, [claim(1, a, "1.md"), claim(2, b, "2.md")])[0].removeprefix("different_") == kind


def test_two_companies_and_two_rows_of_a_table_are_not_one() -> None:
    assert not of_two_sources(
        "Tavin Water lost 21% of its water.", "In 2023, Ellmoor Water lost 18% of its water."
    )
    row = "Sector: Music; Asked: many; Used AI tools: 39%"
    assert not of_two_sources(row, "36% of poets used AI tools.")
    assert of_two_sources(row.replace("Music", "Poets"), "36% of poets used AI tools.")


def test_a_row_of_a_table_and_a_text_that_agree_for_the_year_do_not_disagree() -> None:
    row = "Women among professors; 2022: 31%; 2023: 35%"
    assert not of_two_sources(row, "35% of professors were women in 2023.")
