"""The third part of the generated pairs that the detector may be tuned on: a seed and domains of its own.

It was held out once; its results are known. Statements say their time and place, so that a reader of both can tell
whether they are of one thing.
"""

from random import Random

from tests.quality.generator import Half, Metric, Said, Wordings, generate, sentence
from tests.quality.pairs import Pair, Statement

SEED = 48_113


def _release(said: Said, random: Random) -> Statement:
    aside = random.choice((" ({a})", ", {a}")).format(a=said.aside) if said.aside else ""
    forms = (
        "The authority said on Tuesday that {s} {w}{a}",
        "{s} {w}{a}, new figures show",
        "{w}, {s}{a}, a spokeswoman said",
    )
    return Statement(sentence(random.choice(forms).format(s=said.sentence, w=said.when, a=aside)), said.value)


def _log(said: Said, random: Random) -> Statement:
    day = f"2025-0{random.randint(1, 6)}-{random.randint(10, 28)}"
    time = f"{random.randint(8, 17):02}:{random.randint(10, 59)}"
    note = f"; note: {said.aside}" if said.aside else ""
    return Statement(f"{day} {time} entered by the archive: {said.sentence} {said.when}{note}", said.value)


def _csv(said: Said, random: Random) -> Statement:
    place = said.place.strip().partition(" ")[2]
    fields = (
        ("indicator", said.metric.label),
        ("region", place),
        ("period", said.when.removeprefix("in ")),
        ("value", said.value),
        ("basis", said.aside),
    )
    kept = [(name, cell) for name, cell in fields if cell]
    header = ",".join(name for name, _ in kept)
    row = ",".join(f'"{cell}"' if "," in cell else cell for _, cell in kept)
    return Statement("; ".join(f"{name}: {cell}" for name, cell in kept), said.value, (header, row))


def _definition(said: Said, random: Random) -> Statement:
    term, told = f"{said.metric.label}{said.place}", f"{said.value} {said.when}"
    if said.aside:
        told += f"; {said.aside}"
    return Statement(f"{term}: {told}", said.value, (term, f":   {told}"))


def _footnoted(said: Said, random: Random) -> Statement:
    mark = random.choice(("*", "[^3]"))
    note = sentence(said.aside or "see the annex for the tables")
    text = sentence(f"{said.sentence} {said.when}")
    aside = f" ({said.aside})" if said.aside else ""
    opened = f"{mark}:" if mark.startswith("[") else mark
    return Statement(text.removesuffix(".") + f"{aside}.", said.value, (f"{text}{mark}", f"{opened} {note}"))


def _email(said: Said, random: Random) -> Statement:
    greeting = random.choice(("Hi all, one for the slides:", "Dear Ms Lund, as you asked:", "> Quick answer:"))
    aside = f" – {said.aside}" if said.aside else ""
    return Statement(f"{greeting} {said.sentence} {said.when}{aside}. Best, Ana", said.value)


def _reply(said: Said, random: Random) -> Statement:
    asked = f"Question 12: What do the records give for {_label(said)}{said.place} {said.when}?"
    reply = f"Reply: {said.value}{f', {said.aside}' if said.aside else ''}."
    return Statement(f"{asked} {reply}", said.value, (asked, reply))


def _heading(said: Said, random: Random) -> Statement:
    heading = f"{said.metric.label}{said.place}, {said.when.removeprefix('in ')}"
    aside = f" ({said.aside})" if said.aside else ""
    lines = (f"### {heading}", f"**{said.value}**{aside}")
    return Statement(f"{heading}: {said.value}{aside}", said.value, lines)


def _box(said: Said, random: Random) -> Statement:
    rows = (
        ("What", said.metric.label),
        ("Where", said.place.strip()),
        ("When", said.when.removeprefix("in ")),
        ("Figure", said.value),
        ("Remark", said.aside),
    )
    lines = tuple(f"{name}: {cell}" for name, cell in rows if cell)
    return Statement("; ".join(lines), said.value, lines)


def _label(said: Said) -> str:
    return said.metric.label[0].lower() + said.metric.label[1:]


_METRICS = (
    Metric(
        "percent", "Children vaccinated against measles",
        "{v} of children{p} were vaccinated against measles",
        "measles vaccination{p} reached {v} of children",
        "{v} of children{p} walked to school",
        " in Ostmark", ("in the town of Brask", "in the whole county around Brask"),
        ("looking at two-year-olds", "looking at all children under ten"),
        ("with one dose being enough", "with both doses being needed"),
    ),
    Metric(
        "count", "Overnight stays at campsites",
        "campsites{p} booked {v} overnight stays",
        "{v} overnight stays at campsites were recorded{p}",
        "campsites{p} sold {v} bags of charcoal",
        " in Sellmere", ("on Sellmere's north shore", "on all the shores of Lake Sellmere"),
        ("by guests from abroad", "by guests from home and abroad"),
        ("long-term pitches left out", "long-term pitches included"),
    ),
    Metric(
        "tonnes", "Cheese exported",
        "dairies{p} exported {v} of cheese",
        "cheese exports by the dairies{p} totalled {v}",
        "dairies{p} bought {v} of packaging",
        " in Vallon", ("in the upper Vallon", "in the upper and the lower Vallon"),
        ("of farm dairies", "of farm dairies and factories"),
        ("hard cheese only", "hard and soft cheese"),
    ),
    Metric(
        "euro", "Flood damage",
        "floods{p} caused damage of {v}",
        "the damage done by floods{p} added up to {v}",
        "dykes{p} were raised for {v}",
        " in Wendel", ("in the village of Wendel Bridge", "in all villages along the Wendel"),
        ("to homes", "to homes, firms and roads"),
        ("insured losses", "insured and uninsured losses"),
    ),
    Metric(
        "hours", "Power cuts per household",
        "the average household{p} was without power for {v}",
        "power cuts{p} lasted {v} for the average household",
        "the average household{p} ran its washing machine for {v}",
        " in Tarnholm", ("in Tarnholm's old quarter", "in every quarter of Tarnholm"),
        ("of customers of the municipal grid", "of customers of any grid"),
        ("planned cuts left out", "planned cuts included"),
    ),
    Metric(
        "percent", "Flats standing empty",
        "{v} of flats{p} stood empty",
        "the vacancy rate of flats{p} was {v}",
        "{v} of flats{p} had a balcony",
        " in Lodenburg", ("in Lodenburg's centre", "in Lodenburg including its suburbs"),
        ("among flats of housing associations", "among flats of all owners"),
        ("empty for six months or more", "empty on the day of the count, for however long"),
    ),
    Metric(
        "dollar", "Insurance payouts for lost crops",
        "insurers paid out {v} for lost crops{p}",
        "payouts by insurers for lost crops{p} came to {v}",
        "insurers spent {v} on advertising{p}",
        " in Pike County", ("in Pike County's eastern townships", "in the entire Pike County"),
        ("to wheat growers", "to growers of every crop"),
        ("after the deductible", "before the deductible"),
    ),
    Metric(
        "km", "Hiking trails kept open",
        "{v} of hiking trails{p} were kept open",
        "hiking trails{p} were open over a length of {v}",
        "{v} of fences{p} were taken down",
        " in the Arran hills", ("in the Arran nature reserve", "in the Arran hills, reserve and all"),
        ("trails run by the state", "trails run by the state and by clubs"),
        ("loops measured once", "loops measured in both directions"),
    ),
    Metric(
        "index", "Business climate",
        "the business climate index{p} came in at {v}",
        "the index of the business climate{p} read {v}",
        "the index of building permits{p} read {v}",
        " in Hadria", ("in the port of Hadria", "in the port and the hinterland of Hadria"),
        ("for small firms", "for firms of any size"),
        ("expectations left out", "expectations included"),
    ),
    Metric(
        "count", "Emergency calls answered",
        "dispatchers{p} answered {v} emergency calls",
        "{v} emergency calls were answered{p}",
        "dispatchers{p} drank {v} cups of coffee",
        " in Norbury", ("in Norbury's southern precinct", "in all precincts of Norbury"),
        ("by the fire service", "by the fire service, the police and the ambulances"),
        ("hoax calls not counted", "hoax calls counted too"),
    ),
    Metric(
        "percent", "Electricity generated by wind",
        "wind turbines supplied {v} of the electricity{p}",
        "{v} of the electricity{p} came from wind",
        "{v} of the electricity meters{p} were replaced",
        " in Fennland", ("in Fennland's coastal province", "in Fennland, all provinces together"),
        ("used by households", "used by households and industry"),
        ("share of gross consumption", "share of net generation"),
    ),
    Metric(
        "tonnes", "Waste sent to landfill",
        "{v} of waste{p} went to landfill",
        "landfills took in {v} of waste{p}",
        "gritters spread {v} of salt{p}",
        " in Marrick", ("in Marrick's harbour ward", "in all of Marrick's wards"),
        ("from households", "from households and building sites"),
        ("ash not included", "ash included"),
    ),
    Metric(
        "percent", "Nurses who quit",
        "{v} of nurses{p} quit their job",
        "the share of nurses{p} who quit was {v}",
        "{v} of nurses{p} spoke a second language",
        " in Calloway", ("at Calloway General", "at all hospitals in Calloway"),
        ("of nurses in their first year", "of nurses with any length of service"),
        ("moves to another ward count as quitting", "moves to another ward do not count as quitting"),
    ),
    Metric(
        "euro", "Fare income of the buses",
        "buses{p} earned {v} from fares",
        "the fare income of buses{p} was {v}",
        "the bus depot{p} was rebuilt for {v}",
        " in Eddersby", ("on the night lines of Eddersby", "on all lines of Eddersby"),
        ("paid by adults", "paid by adults and children"),
        ("free-travel refunds by the state left out", "free-travel refunds by the state added"),
    ),
    Metric(
        "count", "Street trees planted",
        "{v} street trees were planted{p}",
        "gardeners planted {v} trees along the streets{p}",
        "gardeners emptied {v} bins{p}",
        " in Orlow", ("in the district of Orlow West", "in every district of Orlow"),
        ("by the city", "by the city and by residents"),
        ("replacements of felled trees not counted", "replacements of felled trees counted"),
    ),
    Metric(
        "percent", "Adults who had a dental check-up",
        "{v} of adults{p} had a dental check-up",
        "a dental check-up was attended by {v} of adults{p}",
        "{v} of adults{p} wore glasses",
        " in Teviot", ("in the city of Teviot", "in the whole Teviot health region"),
        ("among adults over 65", "among adults of every age"),
        ("one visit a year is enough", "two visits a year are required"),
    ),
)  # fmt: skip

_WORDINGS = Wordings(
    periods=(
        ("in 2023", "in the first nine months of 2023"),
        ("in 2016", "in 2023"),
        ("in the third quarter of 2022", "in 2022"),
        ("in the 2021/22 budget year", "in the 2022/23 budget year"),
        ("in June 2023", "in December 2023"),
        ("in the week of 5 June 2023", "in the whole month of June 2023"),
    ),
    methods=(
        ("based on a questionnaire", "based on official registers"),
        ("projected by a model", "counted on the ground"),
        ("self-reported", "checked by inspectors"),
        ("taken from a sample of cases", "taken from all cases on file"),
        ("by the old way of calculating it", "by the new way of calculating it"),
    ),
    corrections=(
        "Corrigendum – {s}",
        "Our first release contained an error; the right figure is this: {s}",
        "{s}. This number supersedes the one in our first release",
        "Amended after publication: {s}",
        "An audit has led to a corrected figure. {s}",
        "Please disregard the figure in our last newsletter. {s}",
    ),
    now=("in 2022", "in 2023", "in the second quarter of 2023", "in May 2022"),
    changes=(
        "{label}{p} stood at {a} in {x} and at {b} in {y}",
        "{label}{p} – {x}: {a}; {y}: {b}",
        "after {a} in {x}, {label}{p} came to {b} in {y}",
    ),
    measures=(
        "the report on {label}{p} has {n} pages",
        "the exhibition about {label}{p} filled {n} square metres",
        "the brochure on {label}{p} shows {n} photographs",
    ),
    points=("{label}{p} gained {n} percentage points", "a drop of {n} percentage points was seen for {label}{p}"),
    targets=(
        "by 2030, {label}{p} should stand at {v}",
        "the strategy sets a target of {v} for {label}{p}, to be met by 2034",
    ),
    elsewhere=(" in Quillmouth", " in Harrowdene", " in Vasterby"),
)

_STYLES = (_release, _log, _csv, _definition, _footnoted, _email, _reply, _heading, _box)

HALF = Half(_METRICS, _WORDINGS, _STYLES, _release)


def pairs() -> list[Pair]:
    """The third tuned part."""
    return generate(HALF, SEED)
