"""What of a comparer's answer holds, and how claims are read in parts."""

from collections.abc import Mapping

import pytest

from agents.comparison import READING, disagreements, readings
from agents.replies import DisagreementsReply
from sessions.events import ConflictReconciled, DisagreementsFound, LedgerBuilt
from sessions.findings import Claim, Conflict, ConflictValue, Finding, Quote, Span
from sessions.load import fold_all
from tests.test_comparer import ALLOWED, BANNED, DAILY, EVER, FEW, Values

_MADE = "Copper Wooden Silver Paper Glass Marble Velvet".split()
_THINGS = "bridges trumpets kettles lanterns buttons statues ladders mirrors anchors hinges".split()
_SAID = (
    ("are banned", "may be sold"),
    ("sink", "stay afloat"),
    ("were invented there", "came from abroad"),
    ("taste sweet", "have no taste"),
    ("frighten horses", "calm every animal"),
)


def claim(number: int, text: str, quote: str = "") -> Claim:
    said = quote or text
    span = Span(source=f"{number}.md", source_sha256=f"sha{number}", start=0, end=len(said))
    quoted = (Quote(text=said, source=f"{number}.md", span=span),)
    return Claim(id=f"c{number}", spokes=("s",), finding=Finding(claim=text, quotes=quoted, date="2024"))


CLAIMS = [claim(number, text) for number, text in enumerate((BANNED, ALLOWED, EVER, DAILY, FEW), start=1)]
KNOWN = Conflict(
    id="k1",
    subject="use",
    values=tuple(
        ConflictValue(claim=f"c{n}", value=value, unit="%", quote=CLAIMS[n - 1].finding.claim, source=f"{n}.md")
        for n, value in ((3, "45%"), (4, "12%"))
    ),
)


def found(
    values: Values | list[tuple[str, str]], subject: str = "music", reading: int = 1
) -> tuple[Conflict, ...]:
    """What holds of a disagreement with these values."""
    pairs = values.items() if isinstance(values, Mapping) else values
    told = {"subject": subject, "values": [{"claim": name, "value": value} for name, value in pairs]}
    reply = DisagreementsReply.model_validate({"disagreements": [told]})
    return disagreements(reply, CLAIMS, [KNOWN], reading)


@pytest.mark.parametrize(
    ("values", "subject"),
    [
        ({"c1": "is banned", "c2": "is forbidden"}, "music"),
        ({"c1": "is banned", "c9": "is permitted"}, "music"),
        ({"c1": "is banned", "c3": "is permitted"}, "music"),
        ({"c1": "ban", "c2": "is permitted"}, "music"),
        ({"c1": "is banned"}, "music"),
        ({"c1": "…", "c2": "is permitted"}, "music"),
        ({"c1": "generated music", "c2": "Generated  Music"}, "music"),
        ([("c1", "is banned"), ("c1", "main stage")], "music"),
        ({"c1": "is banned", "c2": "is permitted"}, ""),
        ({"c1": "is banned", "c2": "is permitted"}, "music on 31 stages"),
        ({"c3": "45%", "c4": "12%"}, "use"),
        ({"c3": "45% of musicians", "c4": "In 2024, 12%"}, "use"),
    ],
    ids=str,
)
def test_what_does_not_hold_is_not_believed(values: Values | list[tuple[str, str]], subject: str) -> None:
    assert found(values, subject) == ()


def test_a_value_is_the_quote_s_own_words_with_what_its_finding_says() -> None:
    (conflict,) = found({"c1": "is **banned**", "c2": "is\npermitted", "c9": "never"})
    assert [(value.claim, value.value, value.unit, value.date) for value in conflict.values] == [
        ("c1", "is banned", "", "2024"),
        ("c2", "is permitted", "", "2024"),
    ]


def test_the_same_figure_in_other_writing_is_no_disagreement() -> None:
    told = {"subject": "use", "values": [{"claim": "c1", "value": "45%"}, {"claim": "c2", "value": "45 percent"}]}
    reply = DisagreementsReply.model_validate({"disagreements": [told]})
    two = [claim(1, "AI is used by 45%."), claim(2, "AI is used by 45 percent.")]
    assert disagreements(reply, two, [], 1) == ()


def test_numbers_go_on_after_the_known_ones_and_no_two_readings_give_the_same() -> None:
    pair = {"c1": "is banned", "c2": "is permitted"}
    (first,), (second,) = found(pair), found(pair, reading=2)
    assert first.id == "k2" and second.id not in ("k1", "k2")


def test_many_claims_are_read_in_parts_with_what_is_alike_together() -> None:
    kinds = [f"{made} {thing}" for made in _MADE for thing in _THINGS]
    said = [f"{kind} {_SAID[n % len(_SAID)][side]}." for side in (0, 1) for n, kind in enumerate(kinds)]
    claims = [claim(n, text) for n, text in enumerate(said)]
    parts = readings(claims)
    assert len(claims) > READING and [len(part) for part in parts] == [70, 70]
    assert sorted(one.id for part in parts for one in part) == sorted(one.id for one in claims)
    home = {one.id: number for number, part in enumerate(parts) for one in part}
    apart = [kind for n, kind in enumerate(kinds) if home[f"c{n}"] != home[f"c{n + len(kinds)}"]]
    assert len(apart) <= len(_THINGS), "at most the material on the border is torn apart"


def test_what_explains_a_conflict_takes_away_no_value_that_was_found_since() -> None:
    (grown,) = found({"c4": "12%", "c5": "hardly any"})
    built = LedgerBuilt(step="ledger", claims=tuple(CLAIMS), conflicts=(KNOWN,))
    more = DisagreementsFound(step="compare", conflicts=(grown,))
    told = ConflictReconciled(step="reconcile", conflict=KNOWN.model_copy(update={"explanation": "Another year."}))
    for events in ([built, more, told], [built, told, more, more]):
        (conflict,) = fold_all(events).conflicts.values()
        assert [value.value for value in conflict.values] == ["45%", "12%", "hardly any"]
        assert conflict.explanation == "Another year."
