"""What the embedded engine makes of claims: verdicts, reconciliation, the report."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from anthropic.lib.tools import beta_async_tool

from agents.embedded.verifier import judge
from agents.prompts import reconcile_prompt, verify_prompt, write_prompt
from agents.replies import ReconciliationReply, VerdictsReply
from agents.reporting.gates import gate
from agents.reporting.ground import NOTHING_FOUND, Ground
from agents.tool_answers import ToolAnswer
from sessions.findings import Claim, Conflict, ConflictValue, Finding, Gap, Quote, Span, Verdict
from sessions.plan import LeftOut
from tests.embedded_desk import QUESTION, Desk, desk


def claim(id: str, text: str, quote: str = "", spoke: str = "frost", date: str = "") -> Claim:
    said = quote or text
    span = Span(source="a.md", source_sha256="0" * 64, start=0, end=len(said))
    finding = Finding(claim=text, quotes=(Quote(text=said, source="a.md", span=span),), date=date)
    return Claim(id=id, spokes=(spoke,), finding=finding, verdict=Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("said", "quotes", "verdict"),
    [
        ("Sales rose by 12% in 2023.", ["**Sales** rose by\n12% in 2023."], Verdict.SUPPORTED),
        ("In 2023 sales rose by 12%.", ["Sales rose by 12% in 2023, the council said."], Verdict.SUPPORTED),
        ("Sales rose by 21% in 2023.", ["Sales rose by 12% in 2023."], Verdict.INSUFFICIENT),
        ("Guitar makers export to Norway.", ["Sales rose by 12% in 2023."], Verdict.INSUFFICIENT),
        ("Sales rose.", [], Verdict.INSUFFICIENT),
        ("The nets protect the fruit.", ["The nets do not protect the fruit."], Verdict.CONTRADICTED),
        ("The nets do not protect the fruit.", ["The nets protect the fruit in summer."], Verdict.CONTRADICTED),
        (
            "The nets protect the fruit.",
            ["The nets not only protect the fruit, they shade it."],
            Verdict.SUPPORTED,
        ),
        ("Nets halve the damage.", ["Nets may halve the damage."], Verdict.QUALIFIED),
        ("Nets may halve the damage.", ["Nets may halve the damage, growers say."], Verdict.SUPPORTED),
    ],
)
def test_a_verdict_rests_on_the_quotes_alone(said: str, quotes: list[str], verdict: Verdict) -> None:
    given, note = judge(said, quotes)
    assert given is verdict
    assert bool(note) == (verdict is not Verdict.SUPPORTED)


def test_every_claim_gets_one_verdict(tmp_path: Path) -> None:
    claims = [claim("c1", "Frost took 9%."), claim("c2", "Frost took 8%.", "Frost took 9%.")]

    async def run() -> VerdictsReply:
        async with desk(tmp_path) as at:
            return await at.ask(verify_prompt(QUESTION, claims), VerdictsReply, ("search_documents",))

    verdicts = {checked.claim: checked.verdict for checked in asyncio.run(run()).verdicts}
    assert verdicts == {"c1": Verdict.SUPPORTED, "c2": Verdict.INSUFFICIENT}


CLAIMS = (
    claim("c1", "In 2024, 45% of growers used nets, counting any use.", date="2024"),
    claim("c2", "In 2024, 12% of growers used nets, counting daily use only.", spoke="insects", date="2024"),
    claim("c3", "See [7] and <b>this</b>: nets *tear*.", spoke="insects"),
)
VALUES = tuple(
    ConflictValue(claim=one.id, value=value, unit="%", quote=one.finding.claim, source="a.md")
    for one, value in zip(CLAIMS, ("45%", "12%"), strict=False)
)
CONFLICT = Conflict(id="k1", subject="growers used nets", values=VALUES)


def test_reconciliation_keeps_every_value_and_says_why_they_differ(tmp_path: Path) -> None:
    async def run() -> ReconciliationReply:
        async with desk(tmp_path) as at:
            return await at.ask(reconcile_prompt(QUESTION, CONFLICT, CLAIMS[:2]), ReconciliationReply)

    reply = asyncio.run(run())
    assert [(value.claim, value.value) for value in reply.values] == [("c1", "45%"), ("c2", "12%")]
    assert reply.kind == "different_definition" and "daily" in reply.explanation


def test_the_report_reads_evidence_once_and_passes_the_gates(tmp_path: Path) -> None:
    gaps = (Gap(spoke="labels", what="Labels since 2019", why="It failed (timeout): 30 s passed."),)
    left_out = (LeftOut(title="Cider", why="Room for 3 subtasks."),)
    ground = Ground(
        claims=CLAIMS,
        conflicts=(CONFLICT,),
        gaps=gaps,
        left_out=left_out,
        titles={"frost": "Frost", "insects": "Insects: nets", "labels": "Labels since 2019"},
    )
    narrative = "- frost: Frost: 1 findings from a.md\n- insects: Insects: nets: 2 findings from a.md"
    read: list[list[str]] = []

    async def read_evidence(claims: list[str]) -> ToolAnswer:
        """Read the passages that claims rest on."""
        read.append(claims)
        return ToolAnswer(text="Nothing more.")

    async def write(at: Desk, claims: Sequence[Claim], conflicts: Sequence[Conflict]) -> str:
        prompt = write_prompt(
            QUESTION,
            narrative if claims else f"{NOTHING_FOUND}\n- frost: Frost: no findings; failed",
            claims,
            conflicts,
            [gap.model_dump() for gap in gaps],
            [item.model_dump() for item in left_out],
        )
        runner = at.client.beta.messages.tool_runner(
            thread=False,
            model="embedded",
            max_tokens=16_000,
            messages=[{"role": "user", "content": prompt}],
            tools=[beta_async_tool(read_evidence)],
        )
        message = await runner.until_done()
        return "".join(block.text for block in message.content if block.type == "text")

    async def run() -> tuple[str, str]:
        async with desk(tmp_path) as at:
            return await write(at, CLAIMS, [CONFLICT]), await write(at, (), ())

    report, empty = asyncio.run(run())
    assert gate(report, ground) == ()
    assert read == [["c1", "c2", "c3"]]
    assert "## Insects: nets" in report and "45%" in report.partition("## Disagreements")[2]
    assert gate(empty, Ground(claims=(), gaps=gaps, left_out=left_out)) == ()
    assert NOTHING_FOUND in empty and "“" not in empty
