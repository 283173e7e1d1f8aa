"""The half of the generated pairs that the detector may be tuned on: seed 1, prose, labels, tables, fields."""

from random import Random

from tests.quality.generator import Half, Metric, Said, Wordings, generate, sentence
from tests.quality.pairs import Pair, Statement

SEED = 1


def _prose(said: Said, random: Random) -> Statement:
    forms = ["{s} {w}", "{w}, {s}"] if said.when else ["{s}"]
    text = random.choice(forms).format(s=said.sentence, w=said.when)
    if said.aside:
        text += random.choice((f", {said.aside}", f" ({said.aside})"))
    return Statement(sentence(text), said.value)


def _label(said: Said, random: Random) -> Statement:
    told = "; ".join(part for part in (said.when, said.aside) if part)
    return Statement(f"{said.metric.label}{said.place}: {said.value}" + (f" ({told})" if told else ""), said.value)


def _table(said: Said, random: Random) -> Statement:
    named = (("Time", said.when), ("Indicator", said.metric.label + said.place), ("Value", said.value))
    columns = [(name, cell) for name, cell in (*named, ("Note", said.aside)) if cell]
    header = "| " + " | ".join(name for name, _ in columns) + " |"
    row = "| " + " | ".join(cell for _, cell in columns) + " |"
    return Statement("; ".join(f"{name}: {cell}" for name, cell in columns), said.value, (header, row))


def _fields(said: Said, random: Random) -> Statement:
    if not said.field:
        return _prose(said, random)
    text = sentence(f"{said.sentence} {said.when}")
    if said.field == "definition":
        return Statement(text, said.value, definition=said.aside)
    return Statement(text, said.value, scope=said.aside)


_METRICS = (
    Metric(
        "percent", "Share of patients seen within four hours",
        "{v} of patients{p} were seen within four hours",
        "the share of patients{p} who were seen within four hours was {v}",
        "{v} of patients{p} left without an appointment letter",
        " in Tarrow", ("in the Tarrow district", "in the whole country"),
        ("among children under 16", "among patients of all ages"),
        ("counted from arrival", "counted from the first call"),
    ),
    Metric(
        "tonnes", "Apples harvested",
        "growers{p} harvested {v} of apples",
        "the apple harvest{p} came to {v}",
        "growers{p} bought {v} of fertiliser",
        " in Lenn", ("in the Lenn valley", "in all of Veldria"),
        ("from members of the co-operative", "from all growers, members or not"),
        ("counting dessert apples only", "counting dessert and cider apples"),
    ),
    Metric(
        "euro", "Ticket revenue of the football league",
        "the football league{p} took {v} in ticket revenue",
        "ticket revenue of the football league{p} was {v}",
        "the football league{p} paid {v} for floodlights",
        " in Osk", ("in the northern division", "across all four divisions"),
        ("from season-ticket holders", "from all spectators"),
        ("net of tax", "including tax"),
    ),
    Metric(
        "count", "Bicycle trips a day",
        "{v} bicycle trips a day were made{p}",
        "people{p} made {v} trips by bicycle each day",
        "{v} parcels a day were delivered{p}",
        " in Brinmouth", ("in the old town of Brinmouth", "in Brinmouth and its suburbs"),
        ("by residents only", "by residents and visitors"),
        ("counting trips of more than 500 m", "counting every trip, however short"),
    ),
    Metric(
        "percent", "Households that heat with a heat pump",
        "{v} of households{p} heat with a heat pump",
        "heat pumps heat {v} of households{p}",
        "{v} of households{p} own a dishwasher",
        " in Ostrel", ("in the city of Ostrel", "in the province of Ostrel"),
        ("among owners who live in their house", "among owners and tenants"),
        ("counting hybrid systems too", "without hybrid systems"),
    ),
    Metric(
        "hours", "Average wait for a civil hearing",
        "the average wait for a hearing at the civil court{p} was {v}",
        "parties{p} waited {v} on average for a civil hearing",
        "the average trial of a theft{p} lasted {v}",
        " in Keld", ("in the first chamber", "in all chambers of the court"),
        ("for parties with a lawyer", "for all parties"),
        ("counted in office hours", "counted around the clock"),
    ),
    Metric(
        "index", "Retail price index",
        "the retail price index{p} stood at {v}",
        "the index of retail prices{p} reached {v}",
        "the index of wholesale stocks{p} reached {v}",
        " in Northmark", ("in the capital", "nationwide"),
        ("for pensioner households", "for all households"),
        ("excluding energy", "including energy"),
    ),
    Metric(
        "km", "Length of the tram network",
        "the tram network{p} is {v} long",
        "trams{p} run on a network of {v}",
        "the water mains{p} are {v} long",
        " in Halden", ("within the ring road", "within the whole city region"),
        ("of the public operator", "of all operators together"),
        ("measured as single track", "measured as line length"),
    ),
    Metric(
        "percent", "Pupils who read below the expected level",
        "{v} of pupils{p} read below the expected level",
        "reading below the expected level was found in {v} of pupils{p}",
        "{v} of pupils{p} take a bus to school",
        " in Ferrow", ("at Ferrow Bridge school", "at all schools of Ferrow"),
        ("among girls", "among girls and boys"),
        ("where the level is that of the old curriculum", "where the level is that of the new curriculum"),
    ),
    Metric(
        "dollar", "Grants for small theatres",
        "small theatres{p} received {v} in grants",
        "grants to small theatres{p} totalled {v}",
        "small theatres{p} owed {v} to their landlords",
        " in Calder", ("in Calder County", "in the entire state"),
        ("to companies with their own stage", "to all companies"),
        ("before the administration fee", "after the administration fee"),
    ),
    Metric(
        "count", "Homes without running water",
        "{v} homes{p} have no running water",
        "running water is missing in {v} homes{p}",
        "{v} homes{p} have a basement",
        " in Mora", ("in the coastal strip of Mora", "in the republic of Mora"),
        ("among registered homes", "among registered and informal homes"),
        ("where a shared tap counts as running water", "where only a tap indoors counts"),
    ),
    Metric(
        "percent", "Hotel rooms occupied",
        "hotels{p} had {v} of their rooms occupied",
        "{v} of hotel rooms{p} were occupied",
        "{v} of hotel staff{p} work part time",
        " in Sarn", ("on the island of Sarn", "on the whole archipelago"),
        ("in hotels with 50 rooms or more", "in hotels of any size"),
        ("counting rooms that were on sale", "counting all rooms, closed ones too"),
    ),
    Metric(
        "tonnes", "Plastic collected from the river",
        "volunteers{p} collected {v} of plastic from the river",
        "{v} of plastic was taken out of the river by volunteers{p}",
        "volunteers{p} spread {v} of gravel on the paths",
        " in Drava", ("in the lower reach", "along the whole river"),
        ("by registered groups", "by groups and single helpers"),
        ("weighed wet", "weighed after drying"),
    ),
    Metric(
        "euro", "Cost of the hospital's repairs",
        "repairs of the hospital{p} cost {v}",
        "the cost of repairing the hospital{p} was {v}",
        "visitors{p} donated {v} to the hospital",
        " in Wexen", ("in the east wing", "in the entire building"),
        ("for private patients' wards", "for all wards"),
        ("without fees of architects", "including fees of architects"),
    ),
    Metric(
        "percent", "Music lessons given online",
        "music schools{p} gave {v} of their lessons online",
        "{v} of music lessons{p} were given online",
        "{v} of music teachers{p} are over sixty",
        " in Aldhaven", ("in the Aldhaven borough of Quay", "in Aldhaven as a whole"),
        ("at public schools", "at public and private schools"),
        ("counting lessons held wholly online", "counting lessons with any online part"),
    ),
)  # fmt: skip

_WORDINGS = Wordings(
    periods=(
        ("in 2024", "in the first half of 2024"),
        ("in 2022", "in 2024"),
        ("in the first quarter of 2023", "in the whole of 2023"),
        ("in the financial year 2023/24", "in the calendar year 2023"),
        ("in March 2024", "over the twelve months to March 2024"),
        ("in the winter of 2022", "in the summer of 2022"),
    ),
    methods=(
        ("according to a telephone survey", "according to the register"),
        ("as modelled", "as measured on site"),
        ("as people reported it themselves", "as loggers recorded it"),
        ("estimated from a sample", "counted in full"),
        ("on the basis of interviews", "on the basis of the files"),
    ),
    corrections=(
        "Correction: {s}",
        "The figure published earlier was wrong: {s}",
        "After a revision, {s}",
        "{s}, according to the revised figures, which replace those published in spring",
        "{s} (corrected; an earlier version of this report gave another figure)",
    ),
    now=("in 2023", "in 2024", "last year", ""),
    changes=(
        "{label}{p} went from {a} in {x} to {b} in {y}",
        "from {x} to {y}, {label}{p} changed from {a} to {b}",
    ),
    measures=(
        "the inquiry into {label}{p} took {n} weeks",
        "the files on {label}{p} fill {n} metres of shelf",
        "it took {n} days to work out {label}{p}",
    ),
    points=("{label}{p}: up by {n} percentage points", "{label}{p} moved by {n} percentage points"),
    targets=("{label}{p} is to reach {v} by 2035", "the plan for 2040 aims at {v} ({label}{p})"),
    elsewhere=(" in Gessin", " in Upper Thale", " in Port Amery"),
)

HALF = Half(_METRICS, _WORDINGS, (_prose, _prose, _label, _table, _fields), _prose)


def pairs() -> list[Pair]:
    """The tuned half."""
    return generate(HALF, SEED)
