"""A run whose every text, of a model, a file or a person, is hostile to a terminal; or harmless, in its shape."""

import os
from collections.abc import Mapping
from pathlib import Path

from agents.embedded.wire import MessagesRequest
from agents.replies import FindingsReply, FoundClaim, LeftOutTopic, PlanReply, QuotedText
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, Reply, ToolUse
from tests.engine_brain import Double
from tests.running import planned, subtask

SPOKES = ("alder", "birch", "cedar")
REFUSED = "birch"

HARMLESS = "a plain word, \u201cquoted\u201d, and (in brackets) another one; so it goes on for a while here."

HOSTILE = (
    "\x1b[2J\x1b[1;1H\x1b[31mred\x1b]52;c;aGVsbG8=\x07\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\\x1b]0;t\x07\x1bPq\x1b\\"
    "\x9b2J\x9d52;c;aGVsbG8=\x9c\x85\x90q\x9c\x07\x08\x7f\x1bc\x1b(0"
    "\u202egnp\u2066x\u2069\u200f\u200b[/red][@click=app.quit]press[/][b]"
    "[link](javascript:alert(1))[file](file:///etc/passwd)<script>alert(1)</script><http://evil.example>"
)
"""CSI, OSC 52, 8 and 0, DCS, C1, C0, a reset, a character set; bidi; Textual markup; Markdown and HTML links."""

NAME = "[b][@click=app.quit]`x`(javascript:alert)"
"""For the name of a file that is read; one with a control character in its name is not."""

UNREAD = "\x1b[31mred\u202e\x9b2J\x9d52;c;aGVsbG8=\x9c"


def documents(folder: Path, text: str, name: str) -> None:
    """A document a spoke, with the text inside and the name in the file's name; one whose name is no UTF-8."""
    folder.mkdir()
    for spoke in SPOKES:
        (folder / f"{spoke}{name}.md").write_text(_document(spoke, text), encoding="utf-8")
    if name:
        raw = os.fsencode(folder) + b"/raw\x9b31m\xff.md"
        for path in (Path(os.fsdecode(raw)), folder / f"unread{UNREAD}.md", folder / f"unread{UNREAD}.pdf"):
            path.write_text(_document("unread", text), encoding="utf-8")


def _document(spoke: str, text: str) -> str:
    return f"# The {spoke} file {text}\n\n{_sentence(spoke)} {text}\n"


def _sentence(spoke: str) -> str:
    return f"The {spoke} studio reported that brushes cost 12 crowns in 2024."


def doubles(text: str, name: str) -> Mapping[str, Double]:
    """Replies that carry the text wherever a reply has words."""

    def plan(request: MessagesRequest) -> PlanReply:
        subtasks = [
            subtask(spoke, f"Find the {spoke} price. {text}").model_copy(
                update={
                    "title": f"{spoke.capitalize()} {text}"[:200],
                    "boundaries": text,
                    "key_questions": [f"How much? {text}"],
                }
            )
            for spoke in SPOKES
        ]
        left_out = [LeftOutTopic(title=f"Left {text}", why=f"Why {text}")]
        return planned(*subtasks).model_copy(update={"assumptions": f"Assumed {text}", "left_out": left_out})

    def findings(request: MessagesRequest) -> FindingsReply | Reply:
        said = request.messages[0].blocks[0].model_dump_json()
        spoke = next(spoke for spoke in SPOKES if f"Find the {spoke} price" in said)
        if len(request.messages) == 1:
            return Reply((ToolUse("search_documents", {"query": f"{spoke} {text}"}),))
        quote = QuotedText(source=f"{spoke}{name}.md", text=_sentence(spoke))
        return FindingsReply(
            findings=[
                FoundClaim(
                    claim=f"{_sentence(spoke)} {text}", quotes=[quote], scope=text, definition=text, date=text
                ),
                FoundClaim(claim=f"Found nowhere: {text}", quotes=[QuotedText(source=f"x{text}", text=text)]),
            ],
            summary=f"Summed up: {text}",
            not_found=[f"Not found: {text}"],
            alternatives=[f"Try: {text}"],
        )

    return {
        "plan": plan,
        "coverage": lambda _: '{"missing": []}',
        "findings": findings,
    }


def manners(text: str) -> Manners:
    """One spoke's requests are refused, with the text in the error's message."""

    def refused(request: RecordedRequest) -> bool:
        return request.title == "findings" and f"Find the {REFUSED} price" in request.said

    return Manners(cues=(Cue(HttpFault(400, message=f"Refused: {text}"), refused, times=None),))
