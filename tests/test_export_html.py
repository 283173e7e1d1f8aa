"""The page that a run is exported as: it stands alone, and nothing of the run is markup in it."""

import re
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path

from pydantic import JsonValue
from typing_extensions import override

from sessions.events import EVENT, AnyEvent, ReportFinished
from sessions.export.formats import export_run
from sessions.safe import safe
from tests.hostile import HOSTILE
from tests.screen_reports import TEXTS, finished
from tests.screen_runs import RUN, in_the_middle, keep

VOID = {"meta", "br", "hr"}
TAGS = VOID | set(
    """
    html head title style body a header p b h1 h2 h3 h4 h5 h6 dl dt dd div nav ul ol li main section article span
    strong em s code pre blockquote mark table thead tbody tr th td i details summary footer
    """.split()
)
ATTRIBUTES = set(
    """
    lang charset http-equiv content name class id href rel style tabindex role colspan scope open start
    aria-label aria-labelledby aria-describedby aria-hidden
    """.split()
)
WORDS = set(
    """
    question docs message title objective key_questions boundaries why note assumptions role model text name input
    source claim summary not_found alternatives subject value unit quote date scope definition population period
    explanation what markdown problems advice query request_id stop_reason missing no_room cut_short label
    """.split()
)
"""Fields that hold words: of a model, a document or a person."""

ATTACK = (
    f"""{HOSTILE} "><img src=x onerror=alert(1)></style></title></pre><script>alert(2)</script>' onfocus='alert(3)
    {{{{ 7 * 7 }}}}{{% include "style.css" %}} [a](javascript:alert(4)) [b](JaVaScRiPt:x) [c](data:text/html,x)
    ![d](http://evil.example/p.png) <b onclick=x>e</b> [f]: javascript:alert(5) &#x202e;&lt;script&gt;
    """
    '[1] [2](//evil) [g](http://good.example/?a="onload=x) --to:9;background:url(http://evil.example)'
)


class Page(HTMLParser):
    """A page as a browser reads it: its elements with their attributes, well nested, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        if tag in ("br", "td", "th"):
            self.text += " "

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, name: str) -> list[str]:
        """Every value of an attribute."""
        return [attributes[name] for _, attributes in self.elements if name in attributes]


def page(home: Path, events: Iterable[AnyEvent] = ()) -> Page:
    """The page of a run with these events, else of the finished one."""
    keep(home, RUN, events or finished(), *TEXTS)
    return Page(export_run(home / "sessions" / RUN, "html").decode())


def attacked(value: JsonValue, field: str = "") -> JsonValue:
    """The same with hostile words wherever there are words."""
    match value:
        case str() if field in WORDS:
            return f"{value}{ATTACK}"[: 200 if field == "title" else None]
        case list():
            return [attacked(item, field) for item in value]
        case dict():
            return {name: attacked(item, name) for name, item in value.items()}
        case _:
            return value


def hostile_events() -> list[AnyEvent]:
    """The finished run with hostile words everywhere."""
    return [EVENT.validate_python(attacked(event.model_dump(mode="json", by_alias=True))) for event in finished()]


def inert(shown: Page) -> None:
    """Fails if anything in the page is live, or comes from elsewhere."""
    assert {tag for tag, _ in shown.elements} <= TAGS
    assert {name for _, attributes in shown.elements for name in attributes} <= ATTRIBUTES
    ids = set(shown.all("id"))
    for tag, attributes in shown.elements:
        href = attributes.get("href")
        if href is None:
            continue
        assert tag == "a"
        if href.startswith("#"):
            assert href[1:] in ids, href
        else:
            assert re.match("https?://|mailto:", href) and attributes["rel"] == "noopener noreferrer"
    assert all(re.fullmatch(r"--from:[\d.]+(;--to:[\d.]+)?", style) for style in shown.all("style"))


def test_nothing_that_others_wrote_is_markup(own_home: Path) -> None:
    shown = page(own_home, hostile_events())
    inert(shown)
    assert shown.text == safe(shown.text)
    # What was meant as markup stands there as words, and nothing of it was taken for a template.
    for words in (
        "<script>alert(2)</script>",
        "{{ 7 * 7 }}",
        '{% include "style.css" %}',
        "[a](javascript:alert(4))",
    ):
        assert words in shown.text, words
    assert {href for href in shown.all("href") if not href.startswith("#")} == {
        "http://good.example/?a=%22onload=x",
        "http://evil.example",
        "http://evil.example/p.png",
    }


def test_it_stands_alone_and_without_a_script(own_home: Path) -> None:
    shown = page(own_home)
    inert(shown)
    (policy,) = (it["content"] for _, it in shown.elements if it.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    assert "url(" not in shown.text and "@import" not in shown.text
    assert not [href for href in shown.all("href") if not href.startswith("#")]


def test_a_citation_opens_its_words_by_mouse_and_by_keyboard(own_home: Path) -> None:
    shown = page(own_home)
    links = [it for tag, it in shown.elements if tag == "a" and it.get("id", "").startswith("cite-")]
    # Each mention of a citation in the report is one, those in its table and its quotations too.
    assert [link["id"] for link in links] == [
        "cite-1-1", "cite-2-1", "cite-3-1", "cite-1-2", "cite-2-2", "cite-3-2", "cite-4-1",
        "cite-1-3", "cite-2-3", "cite-3-3",
    ]  # fmt: skip
    assert links[0] | {"href": "#source-1", "aria-describedby": "quote-1"} == links[0]
    assert ".cite:hover > .window, .cite:focus-within > .window { display: block; }" in shown.text
    assert "“by 13% of working hours in 2023”Correction of the report on visual effects · 2025-06-03" in shown.text


def test_a_source_says_all_that_is_known_of_its_words(own_home: Path) -> None:
    told = " ".join(page(own_home).text.split())
    for words in (
        # The words in their place, and what stands around them.
        "the time sheets of fourteen feature films of 2023 with those of sixteen films of 2019. AI tools reduced",
        "The first edition gave 31%, which was a typing error.",
        "Claim: The council's first edition gave 31%, by mistake.",
        "! insufficient the passage does not say who made the error",
        "found by Film and television, Games",
        "film-survey-2025.md, characters 270–304",
    ):
        assert words in told, words


def test_words_that_are_not_in_the_source_stand_without_a_place(own_home: Path) -> None:
    def moved(event: AnyEvent) -> AnyEvent:
        if not isinstance(event, ReportFinished):
            return event
        cited = tuple(it.model_copy(update={"start": -9, "end": 10**12}) for it in event.citations)
        return event.model_copy(update={"citations": cited})

    told = page(own_home, map(moved, finished())).text
    assert "sixteen films of 2019" not in told
    assert "by 13% of working hours in 2023" in told


def test_it_tells_disagreements_gaps_failures_and_times(own_home: Path) -> None:
    shown = page(own_home)
    told = " ".join(shown.text.split())
    for words in (
        "45% 2024 any use music-survey-2025.md [1] ✓ supported",
        "31% – first edition film-survey-2025.md ✗ contradicted",
        "Different definition. One counts any use in the year, the other daily use.",
        "What it does to income (Music) The documents do not answer it.",
        "Advertising no document speaks of it",
        "✗ rate_limited · HTTP 429 Publishing and translation, attempt 1",
        "✗ failed rate_limited · HTTP 429, 1 finding, 0:20 to 1:41",
        "⊘ cancelled 0:20 to 0:33",
    ):
        assert words in told, words
    bars = [it for tag, it in shown.elements if tag == "i"]
    # The coordinator's two, then one for each attempt; those that failed look so.
    assert len(bars) == 9 and [bar["class"] for bar in bars].count("bad") == 2
    # From 0:20 to 1:41, of 3:19 in all.
    (start, width), *_ = (re.findall(r"[\d.]+", bar["style"]) for bar in bars if bar["class"] == "bad")
    assert abs(float(start) - 100 * 20 / 199) < 0.5 and abs(float(width) - 100 * 81 / 199) < 0.5


def test_the_trace_tells_what_happened_in_its_order(own_home: Path) -> None:
    told = " ".join(page(own_home).text.split())
    order = (
        "The run 12 events",
        "Coordinator 2 conversations",
        "Music 1 attempt",
        "brief",
        "→ tool",
        "← result",
        "reply",
        "✓ answer",
    )
    at = told.index("Trace Everything")
    for words in order:
        at = told.index(words, at)


def test_a_run_without_a_report_has_a_page_too(own_home: Path) -> None:
    shown = page(own_home, in_the_middle().events)
    inert(shown)
    told = " ".join(shown.text.split())
    assert "No report yet" in told and "Its engine is gone." in told
    assert "Music" in told and "#report" not in shown.all("href")
