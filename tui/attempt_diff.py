"""What differs between two attempts of a spoke: what they were told, what they did, what came of it."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

from sessions.events import ToolCalled
from tui.looks import clock, cost, counted, failure_line, model_name
from tui.safe import safe, safe_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sessions.plan import Brief
    from sessions.spoke_state import AttemptState
    from sessions.state import RunState

Mark = Literal["#", "−", "+", " "]


class Line(NamedTuple):
    """A line of a comparison: a heading, what only the earlier has, what only the later has, or what both have."""

    mark: Mark
    text: str

    @property
    def plain(self) -> str:
        """The line as it stands in a text."""
        return f"\n{self.text}" if self.mark == "#" else f"{self.mark} {self.text}"


def difference(state: RunState, before: AttemptState, after: AttemptState) -> list[Line]:
    """The later attempt against the earlier one, a line each; safe to show. `state` is the run's."""
    lines: list[Line] = []
    for heading, found in (
        ("brief", _brief(before, after)),
        ("model", _one(_model(before), _model(after))),
        ("how it ended", _changed(_end(before), _end(after))),
        ("tools called", _counted(_tools(before), _tools(after))),
        ("sources read", _counted(_sources(before), _sources(after))),
        ("findings", _sets(_claims(before), _claims(after))),
        ("used", _one(_used(state, before), _used(state, after))),
    ):
        lines += [Line("#", heading), *found]
    return lines


def _brief(before: AttemptState, after: AttemptState) -> list[Line]:
    """The fields that changed, each with its name."""
    was, now = _told(before.brief), _told(after.brief)
    lines = [
        Line(line.mark, f"{name}: {line.text}")
        for name in was | now
        for line in _changed(was.get(name, []), now.get(name, []))
        if line.mark != " "
    ]
    return lines or [Line(" ", "the same")]


def _told(brief: Brief | None) -> dict[str, list[str]]:
    """What a brief says, by the names of its fields, as lines."""
    if brief is None:
        return {}
    upstream: list[str] = []
    for found in brief.upstream:
        upstream += [f"{found.title}: {found.summary or found.gap}", *found.findings]
    return {
        "question": safe(brief.question).splitlines(),
        "title": _safe([brief.title]),
        "objective": safe(brief.objective).splitlines(),
        "key question": _safe(brief.key_questions),
        "boundaries": safe(brief.boundaries).splitlines(),
        "told of others": _safe(upstream),
        "advice": safe(brief.advice).splitlines(),
    }


def _model(attempt: AttemptState) -> str:
    return f"{model_name(attempt.model)} as {safe_line(attempt.role, 40)}"


def _end(attempt: AttemptState) -> list[str]:
    failure = attempt.failure
    if failure is not None:
        kept = [f"{counted(len(failure.partial), 'finding')} kept"] if failure.partial else []
        return [f"✗ {failure_line(failure)}", *safe(failure.message).splitlines(), *kept]
    if attempt.finished is not None:
        unanswered = [f"not found: {question}" for question in attempt.finished.not_found]
        return [f"✓ {counted(len(attempt.finished.findings), 'finding')}", *_safe(unanswered)]
    if attempt.interrupted:
        return ["⏸ cut off"]
    return ["▶ running" if attempt.ended is None else "✓ answered"]


def _tools(attempt: AttemptState) -> Counter[str]:
    calls = [item for item in attempt.log if isinstance(item, ToolCalled)]
    return Counter(_call(call) for call in calls)


def _call(call: ToolCalled) -> str:
    given = call.input if isinstance(call.input, dict) else {}
    return safe_line(f"{call.name} {', '.join(str(value) for value in given.values())}", 200)


def _sources(attempt: AttemptState) -> Counter[str]:
    return Counter(safe_line(segment.source, 200) for segment in attempt.segments)


def _claims(attempt: AttemptState) -> list[str]:
    return _safe(finding.claim for finding in attempt.found)


def _used(state: RunState, attempt: AttemptState) -> str:
    lasted = clock(attempt.ended - attempt.started) if attempt.ended is not None else "still running"
    return " · ".join(filter(None, (f"{attempt.usage.tokens:,} tokens", cost(state, attempt.usage), lasted)))


def _one(before: str, after: str) -> list[Line]:
    return _changed([before], [after])


def _changed(before: list[str], after: list[str]) -> list[Line]:
    """Lines in their order, those of the earlier one first where both have others."""
    lines: list[Line] = []
    for tag, start, end, now, then in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [Line(" ", text) for text in before[start:end]]
        else:
            lines += [Line("−", text) for text in before[start:end]]
            lines += [Line("+", text) for text in after[now:then]]
    return lines


def _counted(before: Counter[str], after: Counter[str]) -> list[Line]:
    """What only one has, then what both have; with how often."""

    def lines() -> Iterator[Line]:
        for name in before.keys() - after.keys():
            yield Line("−", f"{name}{_times(before[name])}")
        for name in after.keys() - before.keys():
            yield Line("+", f"{name}{_times(after[name])}")
        for name in before.keys() & after.keys():
            times = (before[name], after[name])
            yield Line(" ", name + (_times(times[0]) if times[0] == times[1] else f" ×{times[0]} → ×{times[1]}"))

    return _in_order(lines())


def _sets(before: list[str], after: list[str]) -> list[Line]:
    """What was lost, what was gained, what both have."""
    lost = [Line("−", text) for text in before if text not in after]
    gained = [Line("+", text) for text in after if text not in before]
    return [*lost, *gained, *(Line(" ", text) for text in after if text in before)] or [Line(" ", "none")]


def _in_order(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: ("−+ ".index(line.mark), line.text)) or [Line(" ", "none")]


def _times(count: int) -> str:
    return f" ×{count}" if count > 1 else ""


def _safe(texts: Iterable[str]) -> list[str]:
    return [safe_line(text) for text in texts]
