"""Quotes: found by their words at the offsets of the original, and never where they do not stand."""

import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sessions.evidence import QuoteResolver, Segment, text_sha256
from sessions.findings import Quote
from sessions.quote_forms import Words, key_of, plain, visible
from sessions.quote_matching import MOST_LEFT_OUT, QuoteFinder

FOUND = [
    # the text, a quote of it, and the words of the text that it stands for
    ("growth of indus-\n  try grew", "industry grew", "indus-\n  try grew"),
    ("a well-\r\nknown town", "well-known town", "well-\r\nknown town"),
    ("a well-known town", "well-\nknown town", "well-known town"),
    ("in\u00addus\u00adtry", "industry", "in\u00addus\u00adtry"),
    ("in\u00ad\ndustry", "industry", "in\u00ad\ndustry"),
    ("45\u00a0% of\tall\n\n people", "45 % of all people", "45\u00a0% of\tall\n\n people"),
    ("45\u202f% of all", "45% of all", "45\u202f% of all"),
    ("the ofﬁce", "office", "ofﬁce"),
    ("took ½ of ＡＬＬ", "1/2 of ALL", "½ of ＡＬＬ"),
    ("3½ kg", "3 1/2 kg", "3½ kg"),
    ("CO₂ rose", "CO2 rose", "CO₂ rose"),
    ("the cafe\u0301 shut", "the café", "the cafe\u0301"),
    ("the café shut", "cafe\u0301 shut", "café shut"),
    ("“so” he said: ’tis «true»", '"so" he said: \'tis "true"', "“so” he said: ’tis «true»"),
    ("2019–2020 — a “year”", '2019-2020 - a "year"', "2019–2020 — a “year”"),
    ("at −5 °C now", "-5 °C", "−5 °C"),
    ("so **45 %** of musicians", "45 % of musicians", "45 %** of musicians"),
    ("so **45 %** of _all_ `musicians`", "so 45 % of all musicians", "so **45 %** of _all_ `musicians"),
    ("un**believ**able and ~~gone~~ now", "unbelievable and gone now", "un**believ**able and ~~gone~~ now"),
    ("45 % of musicians", "**45 %** of musicians", "45 % of musicians"),
    (
        "see [the study](http://a.b/c_(d) 'e') of 2024",
        "see the study of",
        "see [the study](http://a.b/c_(d) 'e') of",
    ),
    ("see [the study](http://a.b) of 2024", "study of 2024", "study](http://a.b) of 2024"),
    ("| Organic | 3.80 euro |", "Organic 3.80 euro", "Organic | 3.80 euro"),
    ("| A | B |\n|:--|--:|\n| c | d |", "A B c d", "A | B |\n|:--|--:|\n| c | d"),
    ("Привет,  мир ё!", "Привет, мир е\u0308!", "Привет,  мир ё!"),
    ("x — [sic]\nword", "— [sic] word", "— [sic]\nword"),
    ("one,\ntwo words and more", "… two words and …", "two words and"),
    ("one,\ntwo words and more", "[...] two words and", "two words and"),
    ("he said ... so", "said … so", "said ... so"),
]

NOWHERE = [
    ("the 45 % share", "5 % share"),
    ("it was 1.5 million", "it was 1"),
    ("it was 1,200 kg", "200 kg"),
    ("area of 10² m", "102 m"),
    ("3½ kg", "31/2 kg"),
    ("a, 1, 5 b", "1,5 b"),
    ("we were not able", "notable"),
    ("they resign now", "re-sign now"),
    ("they re-sign now", "resign now"),
    ("by snake_case", "snakecase"),
    ("by 2 * 3", "2 3"),
    ("the café", "the cafe"),
    ("the cafe\u0301", "the cafe"),
    ("the cafe", "the café"),
    ("Most Did", "most did"),
    ("see [the study](http://a.b) of", "study http of"),
    ("words", ""),
    ("words", " \n"),
    ("words", "…"),
    ("a b", "*"),
    ("one two", "one … two"),
]


def at(text: str, quote: str) -> str | None:
    place = QuoteFinder(text).find(quote)
    return None if place is None else text[slice(*place)]


@pytest.mark.parametrize(("text", "quote", "words"), FOUND)
def test_the_same_words_are_found_at_the_offsets_of_the_original(text: str, quote: str, words: str) -> None:
    assert at(text, quote) == words
    assert at(f"{'Ünd “so” – ½ 字 ' * 300}\n{text}", quote) == words


@pytest.mark.parametrize(("text", "quote"), NOWHERE)
def test_what_does_not_stand_there_is_not_found(text: str, quote: str) -> None:
    assert QuoteFinder(text).find(quote) is None


def test_an_exact_match_wins() -> None:
    assert QuoteFinder("a ‘b’ c, a 'b' c").find("a 'b' c") == (9, 16)
    segments = [segment("x.md", "a ‘b’ c"), segment("x.md", "say a 'b' c")]
    assert QuoteResolver(segments).resolve(Quote(text="a 'b' c", source="x.md")).text == "a 'b' c"
    assert QuoteFinder("45 % or 5 %").find("5 %") == (8, 11), "the first that is no part of a figure"


def test_an_ellipsis_stands_for_some_words_and_the_span_shows_them() -> None:
    text = "The musicians of Quillmere, who are not many, do use the tools every day."
    quote = "The musicians of Quillmere […] use the tools every day."
    assert at(text, quote) == text
    assert at(text, quote.replace("[…]", "...")) == text
    assert at(text, "use the tools every ... The musicians of Quillmere") is None, "another order"
    near, far = ("x" * (MOST_LEFT_OUT - 2 + more) for more in (0, 1))
    apart = "The first part of it {} the last part of it".format
    assert at(apart(near), apart("…")) == apart(near)
    assert at(apart(far), apart("…")) is None
    assert at(apart(far) + apart(near), apart("…")) == apart(near), "a later beginning fits"


def segment(source: str, text: str, start: int = 0) -> Segment:
    return Segment(source=source, source_sha256=text_sha256(text), start=start, text=text)


def test_a_quote_never_crosses_segments_and_its_source_is_put_right() -> None:
    segments = [segment("a.md", "The first half", 100), segment("a.md", "and the second half", 114)]
    resolver = QuoteResolver(segments)
    assert resolver.resolve(Quote(text="first half and the second", source="a.md")).span is None
    found = resolver.resolve(Quote(text="the  second", source="b.md"))
    assert (found.text, found.source) == ("the second", "a.md")
    assert found.span is not None and (found.span.start, found.span.end) == (118, 128)
    marked = resolver.resolve(Quote(text="nowhere", source="b.md"))
    assert (marked.text, marked.source, marked.span) == ("nowhere", "b.md", None)


ALPHABET = "ab字ßéеı 1½²²ﬁﾞ \n\u00a0-–\u00ad“”\"'’.,:…()[]%|*_`~\u0301\u0308\u200b\t\r🎵\ud800\x02\0"
TEXTS = st.text(st.sampled_from(ALPHABET), max_size=40) | st.text(st.characters(), max_size=40)


@given(TEXTS, TEXTS)
@settings(max_examples=400, deadline=None)
def test_a_key_is_that_of_its_parts_and_does_not_tell_the_same_words_apart(one: str, two: str) -> None:
    assert key_of(one + two) == key_of(one) + key_of(two)
    for form in ("NFC", "NFD", "NFKC"):
        changed = unicodedata.normalize(form, one)
        if Words(plain(visible(one))).same(Words(plain(visible(changed)))):
            assert key_of(visible(one)) == key_of(visible(changed))


def _cut(text: str, at: int) -> bool:
    """Whether a figure, or an accent and its letter, are cut in two there."""
    before, after = text[:at], text[at:]
    if after and unicodedata.combining(after[0]):
        return True
    if before[-1:] in (".", ","):
        return before[-2:-1].isdecimal() and after[:1].isdecimal()
    return before[-1:].isdecimal() and after[1 if after[:1] in (".", ",") else 0 :][:1].isdecimal()


CHANGES: dict[str, Callable[[str], str]] = {
    "NFC": lambda text: unicodedata.normalize("NFC", text),
    "NFD": lambda text: unicodedata.normalize("NFD", text),
    "space": lambda text: text.replace(" ", " \n\u00a0"),
    "quotes": lambda text: text.translate(str.maketrans("“”’«»", '""\'""')),
    "dashes": lambda text: text.translate(str.maketrans("–—−", "---")),
    "soft hyphens": lambda text: text.replace("a", "a\u00ad"),
    "none": lambda text: text,
}
PROSE = "aab bc dé e\u0301ó  \n–—-“”’.,;%ßЖя字\u00a0 "


@given(st.data())
@settings(max_examples=600, deadline=None)
def test_any_slice_is_found_however_it_is_written(data: st.DataObject) -> None:
    text = data.draw(st.text(st.sampled_from(PROSE), min_size=1, max_size=60) | st.text(max_size=60))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    slice_ = text[start:end].strip()
    start = text.find(slice_, start)
    assume(key_of(slice_) and not _cut(text, start) and not _cut(text, start + len(slice_)))
    quote = slice_
    for name in data.draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3)):
        quote = CHANGES[name](quote)
    wanted = Words(plain(visible(quote)))
    shown = plain(visible(text))[start : start + len(slice_)]
    assume(Words(shown).same(wanted))
    place = QuoteFinder(text).find(quote)
    assert place is not None
    assert text[slice(*place)] == quote or Words(plain(visible(text))[slice(*place)]).same(wanted)


@given(
    st.text(st.sampled_from('ab12 .,-%é\u0301\n“"'), max_size=9),
    st.text(st.sampled_from('ab12 .-%é"'), max_size=5),
)
@settings(max_examples=600, deadline=None)
def test_a_quote_is_found_just_when_some_part_of_the_text_says_it(text: str, quote: str) -> None:
    assume(key_of(quote) and "..." not in quote)
    wanted = Words(plain(visible(quote)))
    stands = any(
        Words(plain(text)[start:end]).same(wanted) and not _cut(text, start) and not _cut(text, end)
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
    )
    assert (QuoteFinder(text).find(quote) is not None) == stands


LONG = 5_000_000
HOSTILE = [
    "words that stand nowhere in it",
    "a" * 3_000,
    "a a " * 750,
    "a-" * 1_500,
    "ab… " * 600,
    f"{'a' * 20} … {'a' * 20}b … {'[' * 900}",
    "[...] " * 500,
    "**_" * 900,
    "[a](" * 700,
    "| - " * 700,
    "\u0301" * 3_000,
    "5 %",
]


@pytest.mark.parametrize(
    "text",
    [
        ("The quick brown fox jumps over 45 % of it.\n" * 120_000)[:LONG],
        ("L’été « où » l'œuvre – finie – coûtait 45 %.\n" * 120_000)[:LONG],
        "a" * LONG,
        "a " * (LONG // 2),
    ],
    ids=["ascii", "latin", "aaa", "a a"],
)
def test_a_hostile_quote_of_a_long_text_takes_no_time(text: str) -> None:
    took: dict[str, float] = {}
    for quote in HOSTILE:
        began = time.process_time()
        QuoteFinder(text).find(quote)
        took[quote[:20]] = time.process_time() - began
    # 50 ms of an idle machine, with room for a busy one: what is not linear takes minutes.
    assert max(took.values()) < 0.25, took
    assert sorted(took.values())[len(took) // 2] < 0.15, took
