"""Sentences of running text: where they begin and end, as places of the whole text."""

import pytest

from agents.prose import sentence_spans, trimmed


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Rents rose. Wages did not!  Did they? ", ["Rents rose.", "Wages did not!", "Did they?"]),
        (
            "Dr. Voss counted approx. 45 % of firms. Others fewer.",
            ["Dr. Voss counted approx. 45 % of firms.", "Others fewer."],
        ),
        ("  Rents rose\n  by 4.5 %\nin May.\n", ["Rents rose\n  by 4.5 %\nin May."]),
        (" \n ", []),
        ("", []),
    ],
)
def test_sentences_stand_where_they_are_said_to(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == sentences


def test_places_are_those_of_the_whole_text() -> None:
    text = "Left out. Rents rose. Wages fell. Left out too."
    spans = list(sentence_spans(text, 9, 33))
    assert spans == [(10, 21), (22, 33)]
    assert [text[start:end] for start, end in spans] == ["Rents rose.", "Wages fell."]


def test_white_space_is_no_part_of_what_it_stands_around() -> None:
    assert trimmed("ab \tc d\n e", 2, 9) == (4, 7)
