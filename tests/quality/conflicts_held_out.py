"""The part of the generated pairs that is held out: a seed, domains, wordings and document styles of its own.

Nobody who works on the detector reads this file, or any pair out of it. Statements say their time and place, so
that a reader of both can tell whether they are of one thing.
"""

from random import Random

from tests.quality.generator import Half, Metric, Said, Wordings, generate, sentence
from tests.quality.pairs import Pair, Statement

SEED = 90_247


def _article(said: Said, random: Random) -> Statement:
    aside = random.choice((", {a}", " ({a})")).format(a=said.aside) if said.aside else ""
    forms = ("{s} {w}{a}", "{w}, {s}{a}", "As this newspaper has learned, {s} {w}{a}")
    return Statement(sentence(random.choice(forms).format(s=said.sentence, w=said.when, a=aside)), said.value)


def _transcript(said: Said, random: Random) -> Statement:
    time = f"[{random.randint(10, 48)}:{random.randint(10, 59)}]"
    speaker = random.choice(("DR OKAFOR", "MODERATOR", "MS TRAN"))
    aside = f" … {said.aside}" if said.aside else ""
    return Statement(f"{time} {speaker}: Well, {said.sentence} {said.when}{aside}.", said.value)


def _letter(said: Said, random: Random) -> Statement:
    signed = random.choice(("P. Morrow, Elm Street", "Name and address supplied"))
    aside = f" ({said.aside})" if said.aside else ""
    told = f"Sir, – Your readers may care to know that {said.sentence} {said.when}{aside}."
    return Statement(f"{told} {signed}", said.value)


def _audit(said: Said, random: Random) -> Statement:
    aside = f" Basis of the figure: {said.aside}." if said.aside else ""
    number = f"{random.randint(2, 7)}.{random.randint(2, 9)}"
    return Statement(f"{number} The auditors found that {said.sentence} {said.when}.{aside}", said.value)


def _wiki(said: Said, random: Random) -> Statement:
    aside = f" ({said.aside})" if said.aside else ""
    text = sentence(f"{said.when}, {said.sentence}{aside}")
    lines = (f"== {said.metric.label} ==", f"{text}[{random.randint(2, 40)}]")
    return Statement(text, said.value, lines)


def _blog(said: Said, random: Random) -> Statement:
    opening = random.choice(("I keep being asked, so here it is:", "I looked it up, and look at this:"))
    aside = f" – {said.aside}" if said.aside else ""
    return Statement(f"{opening} {said.sentence} {said.when}{aside}. More next week!", said.value)


def _wide_table(said: Said, random: Random) -> Statement:
    series = f"{said.metric.label}{said.place}"
    note = (f"Note: {said.aside}",) if said.aside else ()
    lines = (f"| Series | {_period(said)} |", "| --- | --- |", f"| {series} | {said.value} |", *note)
    return Statement("; ".join((f"{series}, {_period(said)}: {said.value}", *note)), said.value, lines)


def _markup(said: Said, random: Random) -> Statement:
    cells = [f"{said.metric.label}{said.place}", _period(said), said.value]
    cells += [said.aside] if said.aside else []
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    return Statement(" | ".join(cells), said.value, (f"<tr>{row}</tr>",))


def _outline(said: Said, random: Random) -> Statement:
    area = said.place.strip().partition(" ")[2]
    told = f"{area}, {_period(said)}: {said.value}"
    note = (f"      ({said.aside})",) if said.aside else ()
    lines = (f"{random.randint(2, 9)}. {said.metric.label}", f"   a) {told}", *note)
    text = f"{said.metric.label} – {told}" + (f" ({said.aside})" if said.aside else "")
    return Statement(text, said.value, lines)


def _dashboard(said: Said, random: Random) -> Statement:
    name = f"{said.metric.label}{said.place}"
    foot = " · ".join(part for part in (_period(said), said.aside) if part)
    return Statement(f"{said.value}: {name}, {foot}", said.value, (said.value, name, foot))


def _period(said: Said) -> str:
    return said.when.removeprefix("in ")


_METRICS = (
    Metric(
        "percent", "Commuters who drive alone",
        "{v} of commuters{p} drove to work alone",
        "the share of commuters{p} who drove to work alone was {v}",
        "{v} of commuters{p} read a book on the way to work",
        " in Hartwick", ("in the north end of Hartwick", "in the north end and all other parts of Hartwick"),
        ("commuters under 30", "commuters of all ages"),
        ("driving alone once a week or more often", "driving alone on every working day"),
    ),
    Metric(
        "count", "Passports issued",
        "{v} passports were issued{p}",
        "the passport offices{p} issued {v} passports",
        "the passport offices{p} took {v} telephone calls",
        " in Sorrel Bay", ("in the old port of Sorrel Bay", "in Sorrel Bay, old port and new town together"),
        ("to children", "to children and adults"),
        ("replacements for lost passports included", "replacements for lost passports excluded"),
    ),
    Metric(
        "tonnes", "Potatoes put into storage",
        "farmers{p} put {v} of potatoes into storage",
        "the potatoes that farmers{p} put into storage weighed {v}",
        "farmers{p} spread {v} of lime on their fields",
        " in Grenholt", ("on the marsh farms of Grenholt", "on all the farms of Grenholt"),
        ("organic growers", "organic and conventional growers"),
        ("weighed before washing", "weighed after washing"),
    ),
    Metric(
        "euro", "Legal aid",
        "the courts{p} paid out {v} in legal aid",
        "legal aid paid out by the courts{p} came to {v}",
        "the courts{p} paid {v} for heating",
        " in Valmere",
        ("in the lake district of Valmere", "in the lake district and all other districts of Valmere"),
        ("for defendants", "for defendants and plaintiffs"),
        ("sums paid back later deducted", "sums paid back later not deducted"),
    ),
    Metric(
        "hours", "Overtime per police officer",
        "the average police officer{p} worked {v} of overtime",
        "overtime{p} came to {v} for the average police officer",
        "the average police officer{p} spent {v} in training",
        " in Strand County", ("in Strand County's largest town", "in all the towns and villages of Strand County"),
        ("patrol officers", "patrol officers, detectives and desk staff"),
        ("standby counted as work", "standby not counted as work"),
    ),
    Metric(
        "percent", "Pensioners at risk of poverty",
        "{v} of pensioners{p} were at risk of poverty",
        "the risk of poverty affected {v} of pensioners{p}",
        "{v} of pensioners{p} sang in a choir",
        " in Ambria", ("in the hill villages of Ambria", "in every town and village of Ambria"),
        ("pensioners living alone", "pensioners living alone or with others"),
        ("income before housing costs", "income after housing costs"),
    ),
    Metric(
        "dollar", "Art sold at auction",
        "auction houses{p} sold art for {v}",
        "the art that auction houses{p} sold brought in {v}",
        "auction houses{p} spent {v} on catalogues",
        " in Port Lucan", ("in Port Lucan's gallery quarter", "in the gallery quarter and the rest of Port Lucan"),
        ("works by living artists", "works by living and dead artists"),
        ("with the buyer's premium", "without the buyer's premium"),
    ),
    Metric(
        "km", "Hedges planted",
        "landowners{p} planted {v} of hedge",
        "the hedges planted by landowners{p} ran to {v}",
        "landowners{p} dug {v} of ditch",
        " in Wychdale", ("in the upper part of Wychdale", "in the upper and the lower part of Wychdale"),
        ("private landowners", "private and public landowners"),
        ("double rows counted once", "double rows counted twice"),
    ),
    Metric(
        "index", "Rent index",
        "the rent index{p} stood at {v}",
        "rents{p} were put at {v} on the rent index",
        "the index of farm wages{p} stood at {v}",
        " in Carrow", ("in the south of Carrow", "in the north and the south of Carrow"),
        ("new tenants", "new and long-standing tenants"),
        ("heating costs counted as rent", "heating costs not counted as rent"),
    ),
    Metric(
        "count", "Intake of stray dogs",
        "animal shelters{p} took in {v} stray dogs",
        "{v} stray dogs were taken in by animal shelters{p}",
        "animal shelters{p} sold {v} calendars",
        " in Tarnmoor", ("in the seaside towns of Tarnmoor", "in the seaside and inland towns of Tarnmoor"),
        ("puppies", "puppies and grown dogs"),
        ("dogs fetched within a day left uncounted", "dogs fetched within a day counted as well"),
    ),
    Metric(
        "percent", "Doctors' appointments missed",
        "patients missed {v} of doctors' appointments{p}",
        "{v} of doctors' appointments{p} were missed by the patient",
        "{v} of doctors' appointments{p} were made by telephone",
        " in Merrow", ("in Merrow's biggest village", "in each of the villages that make up Merrow"),
        ("male patients", "male and female patients"),
        ("late cancellations treated as missed", "late cancellations not treated as missed"),
    ),
    Metric(
        "tonnes", "Scrap metal recycled",
        "{v} of scrap metal were recycled{p}",
        "recycling firms{p} recycled {v} of scrap metal",
        "recycling firms{p} shredded {v} of paper",
        " in Ironcliff", ("in Ironcliff's dock area", "in Ironcliff's dock area and all its other areas"),
        ("from old cars", "from old cars and household appliances"),
        ("dirt and moisture taken off the weight", "dirt and moisture left in the weight"),
    ),
    Metric(
        "euro", "Subsidies for ski lifts",
        "ski lifts{p} received subsidies of {v}",
        "subsidies of {v} went to ski lifts{p}",
        "ski lifts{p} ran up electricity bills of {v}",
        " in Hochtal", ("in the eastern valley of Hochtal", "in Hochtal's eastern and western valleys"),
        ("lifts owned by villages", "lifts owned by villages and by companies"),
        ("cheap loans regarded as subsidies", "cheap loans not regarded as subsidies"),
    ),
    Metric(
        "percent", "Students with a job beside their studies",
        "{v} of students{p} had a job beside their studies",
        "the share of students{p} with a job beside their studies was {v}",
        "{v} of students{p} belonged to a sports club",
        " in Leyburgh", ("at Leyburgh's technical college", "at all the colleges and universities in Leyburgh"),
        ("first-year students", "students in any year"),
        ("jobs during term", "jobs during term or in the holidays"),
    ),
    Metric(
        "count", "Asylum applications",
        "{v} asylum applications were filed{p}",
        "the authorities{p} received {v} asylum applications",
        "the authorities{p} received {v} letters of complaint",
        " in Vestmark", ("at Vestmark's main airport", "at Vestmark's airports, ports and land borders"),
        ("applicants under 18", "applicants of any age"),
        ("repeat applications included", "repeat applications left out"),
    ),
    Metric(
        "percent", "Bridges in poor condition",
        "{v} of bridges{p} were in poor condition",
        "poor condition was found at {v} of bridges{p}",
        "{v} of bridges{p} were built of stone",
        " in Medlar County", ("in the western parishes of Medlar County", "in all the parishes of Medlar County"),
        ("railway bridges", "railway and road bridges"),
        ("one serious defect makes a bridge poor", "only several serious defects make a bridge poor"),
    ),
)  # fmt: skip

_WORDINGS = Wordings(
    periods=(
        ("in 2022", "from April to June 2022"),
        ("in 2014", "in 2021"),
        ("in the first six months of 2021", "in all twelve months of 2021"),
        ("in the year to June 2021", "in the year to June 2023"),
        ("in January 2023", "in September 2023"),
        ("in October 2021", "in the last quarter of 2021"),
    ),
    methods=(
        ("taken from a postal survey", "taken from the national register"),
        ("calculated with a model", "recorded case by case"),
        ("extrapolated from a few places", "counted in every place"),
        ("on the word of those concerned", "verified by independent examiners"),
        ("a rough calculation by experts", "the sum of all individual reports"),
    ),
    corrections=(
        "An earlier version of this article gave the wrong number. {s}",
        "{s}. We apologise for the wrong figure in yesterday's edition",
        "Following a review, the number has been changed: {s}",
        "The editors wish to put right a figure printed last week: {s}",
        "Revised on 12 May: {s}",
        "{s} (this corrects the number published in April)",
    ),
    now=("in 2023", "in 2021", "in the spring of 2022", "in November 2021"),
    changes=(
        "over the years from {x} to {y}, the figure for {label}{p} shifted from {a} to {b}",
        "{y} brought {b} for {label}{p}; {x} had brought {a}",
        "{label}{p} in {x} and {y}: {a} and {b}, respectively",
    ),
    measures=(
        "the study of {label}{p} ran for {n} months",
        "the hearing on {label}{p} drew {n} listeners",
        "the spreadsheet on {label}{p} takes up {n} megabytes",
    ),
    points=(
        "{label}{p} went up {n} percentage points within a year",
        "{label}{p} compared with the year before: minus {n} percentage points",
    ),
    targets=(
        "by the end of 2032, {label}{p} ought to be at {v}",
        "the coalition has promised {v} for {label}{p} by 2035",
        "{label}{p}: the aim is {v} in 2030",
    ),
    elsewhere=(" in Kingsmouth", " in Sankt Alban", " in Dunmere"),
)

_SHORT = (_wide_table, _markup, _outline, _dashboard)
_STYLES = (_article, _transcript, _letter, _audit, _wiki, _blog, *_SHORT)

HALF = Half(_METRICS, _WORDINGS, _STYLES, _article)


def pairs() -> list[Pair]:
    """The held-out part."""
    return generate(HALF, SEED)
