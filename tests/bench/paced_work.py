"""The work of the engine's benchmark: so many spokes, of each a document to read and findings to answer with."""

from pathlib import Path

from agents.replies import FindingsReply, FoundClaim, QuotedText
from sessions.plan import Brief, Plan, Subtask

QUESTION = "What did the workshops sell?"

_CHARACTERS = 1_600
"""Of an answer, at least: four for each of its 400 tokens."""

_NAMES = "Alder Birch Cedar Daisy Elder Fern Gorse Hazel Iris Juniper".split()
_GOODS = "rugs lamps bowls chairs kites drums flutes masks boats tents".split()


def plan(first: int, spokes: int) -> Plan:
    """So many spokes, numbered from `first` on."""
    return Plan(subtasks=tuple(_subtask(number) for number in range(first, first + spokes)))


def briefs(spokes: int) -> list[Brief]:
    """What a run tells each of so many spokes."""
    return [
        Brief(
            question=QUESTION,
            title=subtask.title,
            objective=subtask.objective,
            key_questions=subtask.key_questions,
        )
        for subtask in plan(0, spokes).subtasks
    ]


def write_documents(folder: Path, spokes: int) -> None:
    """Writes the document of each spoke."""
    folder.mkdir()
    for number in range(spokes):
        text = "\n\n".join(_sentence(number, goods) for goods in _GOODS)
        (folder / document(number)).write_text(f"# Workshop {number}\n\n{text}\n", encoding="utf-8")


def document(number: int) -> str:
    """The path of a spoke's document."""
    return f"workshop-{number:03}.md"


def findings(number: int) -> str:
    """A spoke's answer: as many findings as the tokens come to, each in the very words of its document."""
    found: list[FoundClaim] = []
    while len(text := FindingsReply(findings=found).model_dump_json(exclude_defaults=True)) < _CHARACTERS:
        sentence = _sentence(number, _GOODS[len(found)])
        found.append(FoundClaim(claim=sentence, quotes=[QuotedText(source=document(number), text=sentence)]))
    return text


def _subtask(number: int) -> Subtask:
    objective = f"Find what workshop {number:03} sold."
    return Subtask(
        id=f"workshop-{number:03}", title=f"Workshop {number}", objective=objective, key_questions=(objective,)
    )


def _sentence(number: int, goods: str) -> str:
    """A claim without a figure, so that no two are compared."""
    name = f"{_NAMES[number // 10]}-{_NAMES[number % 10]}"
    return (
        f"While the bridge to the market was closed, the keepers of the {name} workshop gave their {goods} away "
        f"to the people of the valley, most of whom paid for the {goods} afterwards, with wool or with some grain."
    )
