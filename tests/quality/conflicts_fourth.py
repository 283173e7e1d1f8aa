"""The fourth part of the generated pairs that the detector may be tuned on: a seed and domains of its own.

It was held out once; its results are known. Statements say their time and place, so that a reader of both can tell
whether they are of one thing.
"""

import json
from random import Random

from tests.quality.generator import Half, Metric, Said, Wordings, generate, sentence
from tests.quality.pairs import Pair, Statement

SEED = 73_529


def _report(said: Said, random: Random) -> Statement:
    aside = f", {said.aside}" if said.aside else ""
    forms = ("{s} {w}{a}", "{w}, {s}{a}", "The yearbook records that {s} {w}{a}")
    return Statement(sentence(random.choice(forms).format(s=said.sentence, w=said.when, a=aside)), said.value)


def _wire(said: Said, random: Random) -> Statement:
    told = _capital(said) + (f" ({said.aside})" if said.aside else "")
    return Statement(f"CORDEN, {random.randint(2, 28)} June (NPA) – {told}, it was announced.", said.value)


def _interview(said: Said, random: Random) -> Statement:
    told = _capital(said) + (f" – {said.aside}" if said.aside else "")
    speaker = random.choice(("said Ida Krogh, who compiles the statistics", "the head of the office told us"))
    return Statement(f"“{told},” {speaker}.", said.value)


def _minister(said: Said, random: Random) -> Statement:
    asked = f"Written question {random.randint(102, 380)} (Ms Adeyemi). Answer by the minister:"
    aside = f"; {said.aside}" if said.aside else ""
    return Statement(sentence(f"{asked} {said.when}, {said.sentence}{aside}"), said.value)


def _post(said: Said, random: Random) -> Statement:
    opening = random.choice(("Did you know?", "Number of the day:", "New data out now."))
    aside = f" ({said.aside})" if said.aside else ""
    return Statement(f"{opening} {sentence(f'{said.sentence} {said.when}{aside}')} #OpenFigures", said.value)


def _abstract(said: Said, random: Random) -> Statement:
    aside = f" [{said.aside}]" if said.aside else ""
    told = sentence(f"{said.when}, {said.sentence}{aside}")
    return Statement(f"Results: {told} Conclusion: further study is advised.", said.value)


def _key_finding(said: Said, random: Random) -> Statement:
    basis = f" Basis: {said.aside}." if said.aside else ""
    return Statement(f"Key finding {random.randint(2, 9)}: {_capital(said)}.{basis}", said.value)


def _caption(said: Said, random: Random) -> Statement:
    title = f"Figure {random.randint(2, 9)}. {said.metric.label}{said.place}, {_period(said)}: {said.value}."
    lines = (title, f"Note: {said.aside}.") if said.aside else (title,)
    return Statement(" ".join(lines), said.value, lines)


def _titled_table(said: Said, random: Random) -> Statement:
    title = f"Table {random.randint(2, 9)}. {said.metric.label}{said.place}"
    note = (f"Note: {said.aside}",) if said.aside else ()
    lines = (title, "| Period | Result |", f"| {_period(said)} | {said.value} |", *note)
    text = "; ".join((title, f"Period: {_period(said)}", f"Result: {said.value}", *note))
    return Statement(text, said.value, lines)


def _record(said: Said, random: Random) -> Statement:
    area = said.place.strip().partition(" ")[2]
    fields = {"series": said.metric.label, "area": area, "period": _period(said), "value": said.value}
    if said.aside:
        fields["comment"] = said.aside
    text = "; ".join(f"{name}: {cell}" for name, cell in fields.items())
    return Statement(text, said.value, (json.dumps(fields, ensure_ascii=False),))


def _slide(said: Said, random: Random) -> Statement:
    title = f"{said.metric.label}{said.place}"
    points = (f"{_period(said)}: {said.value}", *((said.aside,) if said.aside else ()))
    lines = (f"## {title}", *(f"• {point}" for point in points))
    return Statement(f"{title} – {'; '.join(points)}", said.value, lines)


def _capital(said: Said) -> str:
    return sentence(f"{said.sentence} {said.when}").removesuffix(".")


def _period(said: Said) -> str:
    return said.when.removeprefix("in ")


_METRICS = (
    Metric(
        "percent", "Apprentices who finished their training",
        "{v} of apprentices{p} finished their training",
        "the share of apprentices{p} who finished their training was {v}",
        "{v} of apprentices{p} lived with their parents",
        " in Skelby", ("in the old dockyard of Skelby", "in the dockyard and all other yards of Skelby"),
        ("women only", "women and men"),
        ("passing at the first attempt", "passing at any attempt"),
    ),
    Metric(
        "count", "Patents granted",
        "{v} patents were granted{p}",
        "inventors{p} were granted {v} patents",
        "inventors{p} visited {v} trade fairs",
        " in Ravelin", ("in the city of Ravelin", "in Ravelin and the three counties around it"),
        ("to universities", "to universities, firms and private persons"),
        ("renewed patents among them", "new patents, not renewals"),
    ),
    Metric(
        "tonnes", "Honey produced",
        "beekeepers{p} produced {v} of honey",
        "the honey produced by beekeepers{p} came to {v}",
        "beekeepers{p} fed {v} of sugar to their hives",
        " in Osterlen", ("on the heath of Osterlen", "on the heath and everywhere else in Osterlen"),
        ("hobby beekeepers", "hobby and professional beekeepers"),
        ("sold in jars", "sold in jars and used by the beekeepers themselves"),
    ),
    Metric(
        "euro", "Tax debts",
        "taxpayers{p} owed the tax office {v}",
        "tax debts{p} amounted to {v}",
        "the tax office{p} bought computers for {v}",
        " in Morvane", ("in the canton of Morvane North", "in Morvane's five cantons taken together"),
        ("owed by firms", "owed by firms and private persons"),
        ("late-payment interest added", "late-payment interest not added"),
    ),
    Metric(
        "hours", "Time lost in traffic jams",
        "the average driver{p} lost {v} in traffic jams",
        "traffic jams{p} cost the average driver {v}",
        "the average driver{p} listened to the radio for {v}",
        " in Castelane", ("on Castelane's ring road", "on every road in Castelane"),
        ("lorry drivers", "drivers of lorries and cars"),
        ("roadworks not counted as jams", "roadworks counted as jams"),
    ),
    Metric(
        "percent", "Teenagers who smoke",
        "{v} of teenagers{p} smoked",
        "the share of teenagers{p} who smoked was {v}",
        "{v} of teenagers{p} played a team sport",
        " in Iverness County", ("in Iverness County's mill town", "in Iverness County from end to end"),
        ("boys only", "boys and girls"),
        ("e-cigarettes count as smoking", "e-cigarettes do not count as smoking"),
    ),
    Metric(
        "dollar", "Box office of documentary films",
        "documentary films{p} took {v} at the box office",
        "the box office of documentary films{p} was {v}",
        "documentary films{p} were insured for {v}",
        " in Lakonia", ("in Lakonia's capital", "in the capital and the provinces of Lakonia"),
        ("spent by students", "spent by all cinema-goers"),
        ("concert films included", "concert films not included"),
    ),
    Metric(
        "km", "Roads resurfaced",
        "{v} of road were resurfaced{p}",
        "a new surface was laid on {v} of road{p}",
        "{v} of kerb were painted{p}",
        " in Dunharrow", ("in the parish of Dunharrow Cross", "in all nine parishes of Dunharrow"),
        ("by the council's own crews", "by the council's crews and contractors"),
        ("each lane measured separately", "all lanes measured as one"),
    ),
    Metric(
        "index", "Consumer confidence",
        "the consumer confidence index{p} stood at {v}",
        "consumer confidence{p} was measured at {v} on the index",
        "the index of hotel prices{p} stood at {v}",
        " in Belmora", ("in Belmora's southern province", "in Belmora as a nation"),
        ("of households with children", "of households with and without children"),
        ("plans for large purchases left out of the index", "plans for large purchases part of the index"),
    ),
    Metric(
        "count", "Road accidents with injuries",
        "police{p} recorded {v} road accidents with injuries",
        "{v} road accidents{p} left people injured",
        "police{p} issued {v} parking tickets",
        " in Gransund", ("on the motorway through Gransund", "on the motorway and all other roads of Gransund"),
        ("involving cyclists", "involving cyclists, drivers or walkers"),
        ("slight injuries disregarded", "slight injuries taken into account"),
    ),
    Metric(
        "percent", "Trains cancelled",
        "{v} of trains{p} were cancelled",
        "cancellations affected {v} of trains{p}",
        "{v} of trains{p} had a dining car",
        " on the Marrin line", ("on the mountain section of the Marrin line", "on the Marrin line's full length"),
        ("regional trains", "regional and long-distance trains"),
        ("trains that turned back halfway count", "only trains that never departed count"),
    ),
    Metric(
        "tonnes", "Food given away by supermarkets",
        "supermarkets{p} gave away {v} of food",
        "{v} of food were given away by supermarkets{p}",
        "supermarkets{p} recycled {v} of cardboard",
        " in Pellworm", ("in Pellworm's station quarter", "in each and every quarter of Pellworm"),
        ("supermarkets of the two big chains", "supermarkets of any chain"),
        ("weight with packaging", "weight without packaging"),
    ),
    Metric(
        "euro", "Ransom paid to hackers",
        "firms{p} paid hackers {v} in ransom",
        "the ransom that firms{p} paid to hackers added up to {v}",
        "firms{p} spent {v} on office furniture",
        " in Tersa", ("in Tersa's free port", "in Tersa, free port and mainland"),
        ("firms with fewer than 50 employees", "firms of whatever size"),
        ("what insurers paid is included", "what insurers paid is not included"),
    ),
    Metric(
        "percent", "Wells that failed the nitrate test",
        "{v} of wells{p} failed the nitrate test",
        "the nitrate test was failed by {v} of wells{p}",
        "{v} of wells{p} had a wooden lid",
        " in Hoyland", ("in the marshes of Hoyland", "in the marshes and uplands of Hoyland"),
        ("private wells", "private and public wells"),
        ("a well fails above 25 mg per litre", "a well fails above 50 mg per litre"),
    ),
    Metric(
        "count", "Meals a day in school canteens",
        "school canteens{p} served {v} meals a day",
        "{v} meals a day were served in school canteens{p}",
        "school canteens{p} washed {v} towels a day",
        " in Quenby", ("in Quenby's harbour district", "in all Quenby districts"),
        ("to primary pupils", "to primary and secondary pupils"),
        ("hot meals", "hot and cold meals"),
    ),
    Metric(
        "percent", "Refugees in work",
        "{v} of refugees{p} had a job",
        "the share of refugees{p} who had a job was {v}",
        "{v} of refugees{p} had a driving licence",
        " in Nymark", ("in Nymark's largest city", "in Nymark, towns and countryside alike"),
        ("refugees aged 25 to 54", "refugees of working age, 15 to 64"),
        ("any paid work counts", "only full-time work counts"),
    ),
)  # fmt: skip

_WORDINGS = Wordings(
    periods=(
        ("in 2024", "from January to August 2024"),
        ("in 2015", "in 2022"),
        ("in 2023", "in the last three months of 2023"),
        ("in the 2021/22 reporting year", "in the 2022/23 reporting year"),
        ("in February 2024", "in October 2024"),
        ("in July 2022", "in the summer of 2022"),
    ),
    methods=(
        ("figures from a phone poll", "figures from the official records"),
        ("collected through an app", "collected by inspectors on site"),
        ("worked out with a statistical model", "established by direct observation"),
        ("an expert's estimate", "a complete tally"),
        ("as stated by those asked", "as documented in the files"),
    ),
    corrections=(
        "Errata, page 14: {s}",
        "In our last bulletin we printed a wrong figure. It should have read: {s}",
        "{s}. The number in the first edition was mistaken",
        "Final result, replacing the preliminary one: {s}",
        "The figure we gave earlier has been withdrawn. {s}",
        "Note of 3 June: this entry has been corrected. {s}",
    ),
    now=("in 2024", "in 2022", "in the autumn of 2023", "in the first half of 2022"),
    changes=(
        "{label}{p}: {b} in {y}, compared with {a} in {x}",
        "{label}{p} moved from {a} ({x}) to {b} ({y})",
        "in {x}, the figure for {label}{p} had been {a}; in {y} it was {b}",
    ),
    measures=(
        "the talk on {label}{p} used {n} slides",
        "the working group on {label}{p} has {n} members",
        "the questionnaire about {label}{p} has {n} questions",
    ),
    points=(
        "{label}{p}: down {n} percentage points on the year",
        "a rise of {n} percentage points was seen ({label}{p})",
    ),
    targets=(
        "the government wants to see {label}{p} at {v} by 2036",
        "target for 2033, {label}{p}: {v}",
        "{v} is what the action plan aims at for {label}{p} by 2031",
    ),
    elsewhere=(" in Brackwater", " in Nordhamn", " in Villa Serena"),
)

_SHORT = (_caption, _titled_table, _record, _slide)
_STYLES = (_report, _wire, _interview, _minister, _post, _abstract, _key_finding, *_SHORT)

HALF = Half(_METRICS, _WORDINGS, _STYLES, _report)


def pairs() -> list[Pair]:
    """The fourth tuned part."""
    return generate(HALF, SEED)
