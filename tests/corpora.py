"""Ten topics with known sub-domains, each a folder of short documents such as people keep.

The texts lie in `data/coverage/<topic>/` and are invented, names and figures alike. In four topics the sub-domains
are directories; in the others the files lie side by side, and the sub-domain shows in file names, titles, headings
or only in the words used. They were written from the topics alone, as held-out material: nothing that reads them
may be fitted to them, and they may not be fitted to what reads them.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "coverage"


@dataclass(frozen=True)
class Document:
    """A document of a topic: its path relative to the topic's folder, with slashes, and its text."""

    path: str
    text: str


@dataclass(frozen=True)
class SubDomain:
    """A part of a topic: the lower-case words or stems that name it, any of which counts, and its documents."""

    name: str
    terms: tuple[str, ...]
    documents: tuple[Document, ...]

    def named_in(self, text: str) -> bool:
        """Whether a word or phrase of the text, in any case, begins with one of the terms."""
        return any(re.search(rf"(?<![a-z]){re.escape(term)}", text.lower()) for term in self.terms)


@dataclass(frozen=True)
class Topic:
    """A broad question over a folder whose sub-domains are known.

    `seed` is the one sub-domain that an incomplete plan offers. `others` are the documents of no sub-domain: first
    an overview that names them all, then some that have nothing to do with the question.
    """

    name: str
    question: str
    seed: SubDomain
    sub_domains: tuple[SubDomain, ...]
    others: tuple[Document, ...]


def write(topic: Topic, folder: Path) -> None:
    """Write the topic's documents under `folder`, which is made if it is not there."""
    shutil.copytree(_DATA / topic.name, folder, dirs_exist_ok=True)


_Part = tuple[str, tuple[str, ...], tuple[str, ...]]
"""A sub-domain's name, terms, and documents as patterns of paths."""


def _documents(topic: str, patterns: tuple[str, ...]) -> tuple[Document, ...]:
    folder = _DATA / topic
    paths: list[Path] = []
    for pattern in patterns:
        found = sorted(folder.glob(pattern))
        if not found:
            raise FileNotFoundError(f"No document of the topic {topic} is called {pattern}.")
        paths += found
    return tuple(Document(path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def _topic(name: str, question: str, seed: str, parts: tuple[_Part, ...], others: tuple[str, ...]) -> Topic:
    sub_domains = tuple(SubDomain(part, terms, _documents(name, patterns)) for part, terms, patterns in parts)
    offered = next(sub_domain for sub_domain in sub_domains if sub_domain.name == seed)
    return Topic(name, question, offered, sub_domains, _documents(name, others))


TOPICS: tuple[Topic, ...] = (
    _topic(
        "creative_ai",
        "How is AI changing work in the creative industries?",
        "visual arts",
        (
            ("visual arts", ("visual art", "visual-art", "illustrat"), ("visual-arts/*.md",)),
            ("music", ("music",), ("music/*.md",)),
            ("writing", ("writing", "writer"), ("writing/*.md",)),
            ("film", ("film", "cinema"), ("film/*.md",)),
            (
                "performing arts",
                ("performing art", "performing-art", "theatre", "dance", "choreograph"),
                ("performing-arts/*.md",),
            ),
        ),
        ("overview.md", "travel-expenses.md", "kettle-repair.md", "bee-hotel.md"),
    ),
    _topic(
        "renewable_energy",
        "What is holding back the growth of renewable energy?",
        "wind",
        (
            ("wind", ("wind",), ("*[Ww]ind *.md",)),
            ("solar", ("solar", "photovoltaic"), ("*[Ss]olar*.md",)),
            ("hydropower", ("hydro",), ("*[Hh]ydropower*.md",)),
            ("biomass", ("biomass", "biogas"), ("Biomass*.md", "Biogas*.md")),
            ("geothermal", ("geothermal",), ("*[Gg]eothermal*.md",)),
        ),
        ("Where things stand.md", "Choir rehearsal plan.md", "Old bicycle for sale.md"),
    ),
    _topic(
        "urban_transport",
        "How are mid-sized cities changing the way people get around?",
        "trams",
        (
            ("trams", ("tram",), ("*tram*.md",)),
            (
                "cycling",
                ("cycl", "bicycle", "bike"),
                ("cycling*.md", "cargo-bikes*.md", "stolen*.md"),
            ),
            ("buses", ("bus", "minibus"), ("bus-*.md", "*minibus*.md")),
            ("walking", ("walk", "pedestrian"), ("walking*.md", "pedestrian*.md")),
            ("parking", ("parking",), ("*parking*.md",)),
            (
                "car clubs",
                ("car club", "car shar", "car-shar", "sharing a car"),
                ("car-clubs*.md", "sharing-a-car*.md"),
            ),
        ),
        ("what-we-saw.md", "sourdough-notes.md", "telescope-evening.md"),
    ),
    _topic(
        "food_preservation",
        "Which ways of preserving food at small scale work well, and what goes wrong with them?",
        "freezing",
        (
            ("canning", ("canning", "canned"), ("canning/*.md",)),
            ("drying", ("drying", "dried", "dehydrat"), ("drying/*.md",)),
            ("fermentation", ("ferment",), ("fermentation/*.md",)),
            ("freezing", ("freez", "frozen"), ("freezing/*.md",)),
            ("smoking", ("smok",), ("smoking/*.md",)),
        ),
        ("index.md", "bus-timetable-changes.md", "chess-club.md"),
    ),
    _topic(
        "sleep_medicine",
        "What helps people whose nights have been bad for months or years?",
        "insomnia",
        (
            ("insomnia", ("insomnia",), ("insomnia_*.md",)),
            ("sleep apnoea", ("apnoea", "apnea"), ("apnoea_*.md",)),
            ("restless legs", ("restless leg", "restless-leg"), ("restless_legs_*.md",)),
            ("narcolepsy", ("narcolep",), ("narcolepsy_*.md",)),
            ("circadian rhythm", ("circadian", "shift work", "shift-work"), ("circadian_*.md", "shift_work_*.md")),
        ),
        ("00_read_me_first.md", "staff_party.md", "parking_permit_form.md", "garden_pond.md"),
    ),
    _topic(
        "coffee_supply_chain",
        "Where along the coffee supply chain is money made and lost?",
        "roasting",
        (
            ("growing", ("growing", "grower", "farm"), ("1-growing/*.md",)),
            ("processing", ("processing", "washing station"), ("2-processing/*.md",)),
            ("shipping", ("shipping", "export", "container"), ("3-shipping/*.md",)),
            ("roasting", ("roast",), ("4-roasting/*.md",)),
            ("cafés", ("café", "cafe"), ("5-cafes/*.md",)),
        ),
        ("README.md", "bird-count-january.md", "laptop-battery.md"),
    ),
    _topic(
        "ocean_plastics",
        "What is being done about plastic in the sea, and does it work?",
        "beaches",
        (
            ("beaches", ("beach",), ("n01.md", "n02.md", "n03.md")),
            ("rivers", ("river",), ("n04.md", "n05.md")),
            ("fishing gear", ("fishing", "ghost gear", "ghost net"), ("n06.md", "n07.md")),
            ("deposit schemes", ("deposit",), ("n08.md", "n09.md")),
            ("microplastics", ("microplastic", "micro-plastic"), ("n10.md", "n11.md")),
            ("wildlife", ("wildlife", "seabird", "turtle"), ("n12.md", "n13.md")),
        ),
        ("n00.md", "n14.md", "n15.md"),
    ),
    _topic(
        "old_houses",
        "How can an old house be kept warm for less money?",
        "windows",
        (
            ("lofts", ("loft", "attic"), ("*-loft*.md",)),
            ("windows", ("window", "glazing"), ("*-glazing.md", "*-windows.md")),
            ("floors", ("floor",), ("*-floor*.md",)),
            ("walls", ("wall",), ("*-walls*.md",)),
            ("heat pumps", ("heat pump", "heat-pump"), ("*-heat-pump*.md",)),
        ),
        ("2021-01-why-this-folder.md", "2022-08-damson-jam.md", "2023-06-cat-sitting.md"),
    ),
    _topic(
        "open_source_governance",
        "How do open-source projects run themselves?",
        "licences",
        (
            ("licences", ("licen",), ("licences/*.md",)),
            ("funding", ("funding", "sponsor"), ("funding/*.md",)),
            ("security", ("security", "vulnerab"), ("security/*.md",)),
            ("conduct", ("conduct", "moderat"), ("conduct/*.md",)),
            ("decisions", ("decision", "vote", "voting", "steering"), ("decisions/*.md",)),
        ),
        ("SUMMARY.md", "marathon-training.md", "houseplants.md"),
    ),
    _topic(
        "school_assessment",
        "How should schools find out what their pupils have learnt?",
        "standardised tests",
        (
            (
                "standardised tests",
                ("standardised", "standardized"),
                ("spring-2024-results.md", "teaching-to-the-paper.md"),
            ),
            ("portfolios", ("portfolio",), ("a-folder-for-the-year.md", "digital-portfolios.md")),
            ("feedback", ("feedback",), ("*feedback*.md", "comments-without-marks.md")),
            ("spoken assessment", ("spoken", "viva"), ("ten-minute-vivas.md", "spoken-language-tests.md")),
        ),
        ("project-outline.md", "canteen-menu.md", "lost-property.md", "skiing-trip.md"),
    ),
)
