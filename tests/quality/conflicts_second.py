"""The second part of the generated pairs that the detector may be tuned on: a seed and domains of its own.

It was held out once. Since its results were looked at while the detector changed, it tells nothing of new data.
"""

from random import Random

from tests.quality.generator import Half, Metric, Said, Wordings, generate, sentence
from tests.quality.pairs import Pair, Statement

SEED = 20_771


def _notice(said: Said, random: Random) -> Statement:
    time = f", {said.when}," if said.when else ","
    forms = ("According to the bulletin{t} {s}", "The office makes known{t} that {s}", "{s}{t} the office reports")
    text = random.choice(forms).format(s=said.sentence, t=time)
    if said.aside:
        text += random.choice((f" – {said.aside}", f"; note: {said.aside}"))
    return Statement(sentence(text), said.value)


def _minutes(said: Said, random: Random) -> Statement:
    text = f"Item {random.randint(2, 9)}. The board noted that {said.sentence} {said.when}".rstrip()
    return Statement(sentence(text + (f" [{said.aside}]" if said.aside else "")), said.value)


def _bullet(said: Said, random: Random) -> Statement:
    told = "".join(f", {part}" for part in (said.when, said.aside) if part)
    text = f"{said.metric.label}{said.place} — {said.value}{told}"
    return Statement(text, said.value, (f"**{said.metric.label}{said.place}** — {said.value}{told}",))


def _answer(said: Said, random: Random) -> Statement:
    asked = f"{said.metric.label}{said.place}{f' {said.when}' if said.when else ''}?"
    return Statement(f"{asked} {sentence(said.value + (f', {said.aside}' if said.aside else ''))}", said.value)


def _columns(said: Said, random: Random) -> Statement:
    when = said.when.removeprefix("in ") or "latest"
    place = said.place.strip().partition(" ")[2]
    cells = [("Measure", said.metric.label), ("Area", place), ("Basis", said.aside), (when, said.value)]
    kept = [(name, cell) for name, cell in cells if cell]
    header, row = (" ; ".join(pair[at] for pair in kept) for at in (0, 1))
    return Statement("; ".join(f"{name}: {cell}" for name, cell in kept), said.value, (header, row))


def _sheet(said: Said, random: Random) -> Statement:
    note = ", ".join(part for part in (said.when, said.aside) if part)
    return Statement(
        f"{said.metric.label}{said.place} = {said.value}" + (f" # {note}" if note else ""), said.value
    )


_METRICS = (
    Metric(
        "tonnes", "Herring landed",
        "boats{p} landed {v} of herring",
        "landings of herring{p} amounted to {v}",
        "boats{p} burned {v} of diesel",
        " at Skarvik", ("at the north quay", "at every quay of the coast"),
        ("by boats under twelve metres", "by the whole fleet"),
        ("gutted weight", "live weight"),
    ),
    Metric(
        "count", "Books lent by the city library",
        "the city library{p} lent {v} books",
        "{v} books were borrowed from the city library{p}",
        "the city library{p} threw away {v} magazines",
        " of Ravensmoor", ("of the Eastgate branch", "of Eastgate and the nine other branches"),
        ("to readers under eighteen", "to readers of every age"),
        ("renewals not counted", "renewals counted as loans"),
    ),
    Metric(
        "percent", "Flights that left on time",
        "{v} of flights{p} left on time",
        "departures{p} were punctual in {v} of cases: the flights left on time",
        "{v} of flights{p} carried freight",
        " from Corvo airport", ("from terminal 2", "from all terminals"),
        ("of low-cost airlines", "of all airlines"),
        ("where fifteen minutes late is still on time", "where on time means to the minute"),
    ),
    Metric(
        "euro", "Deposits of the savings bank",
        "customers of the savings bank{p} hold deposits of {v}",
        "deposits at the savings bank{p} stand at {v}",
        "the savings bank{p} lent {v} to farmers",
        " in Zellau", ("in Zellau's market branch", "in the entire Zellau region"),
        ("from private customers", "from private and business customers"),
        ("with overnight money", "without overnight money"),
    ),
    Metric(
        "count", "Visitors to the mining museum",
        "{v} visitors came to the mining museum{p}",
        "the mining museum{p} was visited {v} times",
        "the mining museum{p} shows {v} lamps",
        " in Graventhal", ("in the pithead hall", "on the entire site"),
        ("with a paid ticket", "paying or not"),
        ("each person counted once", "every entry counted"),
    ),
    Metric(
        "percent", "Spruces damaged by bark beetles",
        "bark beetles have damaged {v} of the spruces{p}",
        "{v} of spruces{p} show damage by bark beetles",
        "{v} of the oaks{p} carry acorns",
        " in the Hainberg forest", ("on the Hainberg's southern slope", "on the Hainberg overall"),
        ("trees older than sixty years", "trees of any age"),
        ("dead trees only", "dead and weakened trees"),
    ),
    Metric(
        "hours", "Playing time of the average gamer",
        "the average gamer{p} plays {v} a month",
        "gamers{p} spend {v} a month on playing, on average",
        "a streamer{p} sleeps {v} a week on average",
        " in Palmeria", ("in Palmeria's capital district", "in Palmeria including the islands"),
        ("of subscribers", "of subscribers and free players"),
        ("with time in menus", "without time in menus"),
    ),
    Metric(
        "percent", "Turnout at the council election",
        "turnout at the council election{p} was {v}",
        "{v} of voters{p} took part in the council election",
        "{v} of polling stations{p} had a ramp",
        " in Ashgrove", ("in Ashgrove's ward 4", "in all the wards together"),
        ("of first-time voters", "of the whole electorate"),
        ("spoilt ballots left out", "spoilt ballots counted in"),
    ),
    Metric(
        "dollar", "Donations to the food bank",
        "the food bank{p} was given {v} in donations",
        "donors supported the food bank{p} with {v}",
        "the food bank{p} paid {v} in wages",
        " of Millhaven", ("of Millhaven's harbour quarter", "of Millhaven and its county"),
        ("given by companies", "given by companies and people"),
        ("cash alone", "cash and goods at their market price"),
    ),
    Metric(
        "km", "Fibre laid",
        "engineers{p} have laid {v} of fibre",
        "fibre{p} now runs for {v}",
        "postmen{p} walk {v} each week",
        " around Dunmere", ("around Dunmere's eastern valley", "around the greater Dunmere area"),
        ("for homes alone", "for homes and firms"),
        ("trench length", "cable length"),
    ),
    Metric(
        "percent", "Code covered by tests",
        "tests cover {v} of the code{p}",
        "test coverage of the code{p} is {v}",
        "{v} of the pages{p} have been translated",
        " in the Larkspur project", ("in Larkspur's parser", "in every Larkspur package"),
        ("modules owned by volunteers", "modules of any owner"),
        ("by branches", "by lines"),
    ),
    Metric(
        "index", "Air quality score",
        "the air quality score{p} was {v}",
        "air{p} was given a quality score of {v}",
        "the noise score{p} was {v}",
        " over Kestrel Bay", ("over the container port", "over the entire bay area"),
        ("for sensitive persons", "for the general public"),
        ("soot ignored", "soot weighed in"),
    ),
    Metric(
        "tonnes", "Copper ore mined",
        "the pit{p} yielded {v} of copper ore",
        "miners{p} brought up {v} of copper ore",
        "the pit{p} used {v} of cement",
        " at Roan Hill", ("at shaft 3 of Roan Hill", "at all shafts of Roan Hill"),
        ("by the company's own crew", "by crew and contractors"),
        ("dry weight", "weight with moisture"),
    ),
    Metric(
        "euro", "Takings of the Christmas market",
        "stalls of the Christmas market{p} took {v}",
        "takings at the Christmas market{p} reached {v}",
        "the town paid {v} for the Christmas lights{p}",
        " in Bellingen", ("on Bellingen's church square", "on all five squares of Bellingen"),
        ("stalls of local traders", "stalls of all traders"),
        ("less the rent of the stalls", "with the rent of the stalls still in it"),
    ),
    Metric(
        "percent", "Letters delivered the next day",
        "the post delivered {v} of letters{p} the next day",
        "{v} of letters{p} arrive on the next day",
        "{v} of postboxes{p} were repainted",
        " in Vorland", ("in Vorland's cities", "in Vorland at large"),
        ("letters of business senders", "letters of all senders"),
        ("Saturdays left aside", "Saturdays counted as working days"),
    ),
)  # fmt: skip

_WORDINGS = Wordings(
    periods=(
        ("in 2021", "between January and April 2021"),
        ("in 2017", "in 2021"),
        ("in the fourth quarter of 2020", "in all of 2020"),
        ("in the 2019/20 season", "in the 2020/21 season"),
        ("in a single week of May 2021", "in the year 2021"),
        ("during the spring of 2020", "during the autumn of 2020"),
    ),
    methods=(
        ("judging by diaries that people kept", "judging by sensors"),
        ("the result of a simulation", "the result of a head count"),
        ("extrapolated from spot checks", "taken from complete records"),
        ("an estimate by staff", "a reading of the instruments"),
        ("from an online poll", "from administrative data"),
    ),
    corrections=(
        "Erratum: {s}",
        "We have restated this number: {s}",
        "A recount has changed the result. {s}",
        "{s}. This replaces the provisional value we gave before",
        "We regret the mistake in our last issue: {s}",
        "Updated: {s}",
    ),
    now=("in 2020", "in 2021", "in 2018", ""),
    changes=(
        "{label}{p}: {a} in {x}, {b} in {y}",
        "{label}{p}, once {a} ({x}), now came to {b} ({y})",
        "between {x} and {y} {label}{p} turned from {a} into {b}",
    ),
    measures=(
        "the chart of {label}{p} is {n} centimetres wide",
        "a leaflet on {label}{p} was printed {n} days late",
        "the debate on {label}{p} lasted {n} minutes",
    ),
    points=("{label}{p} fell {n} percentage points", "a change of {n} points in {label}{p} was noted"),
    targets=("for 2030 the goal for {label}{p} is {v}", "the council wants {v} by 2032 ({label}{p})"),
    elsewhere=(" in Tolmere", " in San Rufo", " in Eskdal"),
)

HALF = Half(_METRICS, _WORDINGS, (_notice, _minutes, _bullet, _answer, _columns, _sheet), _notice)


def pairs() -> list[Pair]:
    """The second tuned part."""
    return generate(HALF, SEED)
