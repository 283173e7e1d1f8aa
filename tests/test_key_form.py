"""A run that the server turned away asks for another key or model, and goes on with it in place."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path

import pytest
from textual import events
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input, Label, Static

from agents.embedded.wire import MessagesRequest
from agents.port.messages import Begin
from agents.replies import PlanReply
from sessions.failures import Failure, FailureKind
from tests.claude_server import Cue, HttpFault, Manners, RecordedRequest, ThreadedClaudeServer
from tests.dashboards import dashboard, screen_text, typed, until
from tests.engine_brain import engine_brain
from tests.running import planned, subtask
from tests.test_dashboard_life import nothing_left as nothing_left
from tests.test_pipeline import DOUBLES
from tests.test_pipeline import docs as docs
from tui.app import Dashboard
from tui.screens.key_form import Another, KeyForm
from tui.screens.plan_review import PlanReview
from tui.screens.run import RunScreen
from tui.start import Start

OLD, NEW = "sk-ant-test-0123456789abcdefghij", "sk-ant-test-other-9876543210"
WORSE = "sk-ant-test-worse-9876543210"
AUTH = Failure(kind=FailureKind.AUTH, message="invalid x-api-key [/red] \x1b]0;x\x07", http_status=401)
UNKNOWN = Failure(kind=FailureKind.NOT_FOUND, message="model: claude-nope", http_status=404)

Body = Callable[["Asking", Pilot[int]], Coroutine[None, None, None]]


class Asking(App[int]):
    """Shows the form over an empty screen, and keeps what it answers."""

    def __init__(self, failure: Failure) -> None:
        super().__init__()
        self.form = KeyForm(failure, model="claude-nope")
        self.answers: list[Another | None] = []

    def on_mount(self) -> None:
        self.push_screen(self.form, self.answers.append)

    def problem(self) -> str:
        line = self.form.query_one("#problem", Static)
        return str(line.content) if line.display else ""


def ask(failure: Failure, body: Body) -> list[Another | None]:
    app = Asking(failure)

    async def main() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            await body(app, pilot)
            await pilot.pause()

    asyncio.run(main())
    return app.answers


def test_a_key_is_answered_and_shown_nowhere() -> None:
    async def body(app: Asking, pilot: Pilot[int]) -> None:
        await pilot.press("enter")
        assert "Type a key; escape leaves it as it is." in app.problem()
        for wrong in ("two words, which together are long", "sk-ant-0123"):
            await pilot.press("ctrl+u")
            await typed(pilot, wrong)
            await pilot.press("enter")
            assert app.problem() == "No API key looks like that: it has 20 characters or more, and no blanks."
        await pilot.press("ctrl+u")
        await typed(pilot, NEW)
        assert app.problem() == ""
        assert NEW not in app.export_screenshot()
        # Neither of these takes it along.
        await pilot.press("shift+home", "ctrl+c", "ctrl+x")
        assert app.clipboard == ""
        await typed(pilot, NEW)
        await pilot.press("enter")

    (answer,) = ask(AUTH, body)
    assert answer is not None and answer.key is not None
    assert answer.key.get_secret_value() == NEW
    assert answer.model is None
    begin = Begin(id=0, resume="a", key=answer.key)
    assert NEW not in f"{answer!r} {begin!r} {begin} {begin.model_dump()}"


def test_a_model_may_do_where_the_model_was_the_matter() -> None:
    async def body(app: Asking, pilot: Pilot[int]) -> None:
        await pilot.press("enter")
        assert "Type a model's id or a key; escape leaves it as it is." in app.problem()
        # What is asked for first comes first, and is what was refused.
        assert [field.id for field in app.form.query(Input)] == ["model", "key"]
        said = str(app.form.query_one("#said", Static).content)
        assert "refused: claude-nope" in said
        assert "replaces every role's" in str(app.form.query(Label).first().content)
        await typed(pilot, "claude-")
        await pilot.press("tab")
        await typed(pilot, "sk-ant-0123")
        await pilot.press("enter")
        assert "No API key looks like that" in app.problem()
        await pilot.press("ctrl+u", "shift+tab", "ctrl+u")
        await typed(pilot, "claude-haiku-5-5")
        await pilot.press("enter")

    assert ask(UNKNOWN, body) == [Another(None, "claude-haiku-5-5")]


def test_it_is_left_without_an_answer() -> None:
    async def body(app: Asking, pilot: Pilot[int]) -> None:
        await pilot.press(*"abc", "escape")

    assert ask(AUTH, body) == [None]


def test_what_a_terminal_would_obey_is_not_pasted() -> None:
    async def body(app: Asking, pilot: Pilot[int]) -> None:
        field = app.form.query_one("#model", Input)
        field.post_message(events.Paste("claude-\x1b]0;x\x07haiku-5-5\n"))
        await pilot.pause()
        assert not {"\x1b", "\x07"} & set(field.value)
        assert field.value.startswith("claude-")

    ask(UNKNOWN, body)


def test_what_is_untrusted_does_nothing() -> None:
    async def body(app: Asking, pilot: Pilot[int]) -> None:
        said = str(app.form.query_one("#said", Static).content)
        assert "invalid x-api-key [/red]" in said
        assert not {"\x1b", "\x07"} & set(said)
        assert len(app.form.query(Input)) == 1

    ask(AUTH, body)


@pytest.mark.parametrize(
    ("kind", "fields", "said"),
    [
        (FailureKind.AUTH, ["key"], "c uses the same key"),
        (FailureKind.BILLING, ["key"], "top up, then c"),
        (FailureKind.PERMISSION, ["key", "model"], "c goes on as it was"),
        (FailureKind.NOT_FOUND, ["model", "key"], "c uses the same model"),
    ],
)
def test_what_is_asked_for_is_what_mends_that_kind(kind: FailureKind, fields: list[str], said: str) -> None:
    async def body(app: Asking, pilot: Pilot[int]) -> None:
        assert [field.id for field in app.form.query(Input)] == fields
        assert app.focused is not None and app.focused.id == fields[0]
        assert said in str(app.form.query_one("#keys", Static).content)
        refused = str(app.form.query_one("#said", Static).content)
        assert ("claude-nope" in refused) == ("model" in fields)
        await pilot.press("escape")

    ask(Failure(kind=kind, message="no", http_status=400), body)


def _two(request: MessagesRequest) -> PlanReply:
    return planned(*(subtask(spoke, f"Find the {spoke} price.") for spoke in ("alder", "birch")))


def key_of(request: RecordedRequest) -> str:
    """The key that a request was made with."""
    return request.headers.get("authorization", "").removeprefix("Bearer ")


def asks_for_a(app: Dashboard, field: str) -> bool:
    """Whether the form is there and takes keys."""
    return isinstance(app.screen, KeyForm) and app.focused is not None and app.focused.id == field


def serve(
    monkeypatch: pytest.MonkeyPatch, docs: Path, cue: Cue, body: Callable[..., Coroutine[None, None, None]]
) -> ThreadedClaudeServer:
    """Runs a body at a dashboard over a server with that cue; answers the server."""
    with ThreadedClaudeServer(engine_brain({**DOUBLES, "plan": _two}), Manners(cues=(cue,))) as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", OLD)

        async def main() -> None:
            start = Start(question="What do brushes cost?", settings={"docs": str(docs)})
            async with dashboard(start) as (app, pilot):
                await body(app, pilot, server)

        asyncio.run(main())
    return server


def test_a_run_stopped_for_its_key_goes_on_in_place_with_another(
    docs: Path,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    nothing_left: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    refused = Cue(
        HttpFault(401, message="invalid x-api-key"),
        lambda request: key_of(request) in (OLD, WORSE) and request.title == "findings",
        None,
    )

    async def body(app: Dashboard, pilot: Pilot[int], server: ThreadedClaudeServer) -> None:
        await until(pilot, lambda: isinstance(app.screen, PlanReview))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, KeyForm))
        assert "auth · HTTP 401 · req_" in screen_text(app)
        assert app.seat is not None
        run = app.seat.run
        # It asks once; K asks again.
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
        await until(pilot, lambda: "needs a key: K" in screen_text(app))
        app.steering.look()
        await pilot.pause()
        assert isinstance(app.screen, RunScreen)
        # Another one that is refused is said to be.
        await pilot.press("K")
        await until(pilot, lambda: asks_for_a(app, "key"))
        assert "refused too" not in screen_text(app)
        await typed(pilot, WORSE)
        await pilot.press("enter")
        await until(pilot, lambda: asks_for_a(app, "key") and "That key was refused too." in screen_text(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, RunScreen))
        before = len(server.requests)
        await pilot.press("K")
        await until(pilot, lambda: asks_for_a(app, "key"))
        await typed(pilot, NEW)
        assert NEW not in screen_text(app)
        await pilot.press("enter")
        await until(pilot, lambda: app.seat and app.seat.state.exit == 0)
        assert app.seat.run == run
        told = server.requests[before:]
        assert {key_of(request) for request in told} == {NEW}
        # What was done is not done again.
        assert "plan" not in {request.title for request in told}
        assert NEW not in repr(app.seat.state)

    serve(monkeypatch, docs, refused, body)
    kept = [path for path in own_home.rglob("*") if path.is_file() and NEW.encode() in path.read_bytes()]
    assert kept == []
    assert NEW not in "".join(capfd.readouterr())


def test_a_run_stopped_before_its_plan_still_asks_about_the_plan(
    docs: Path, monkeypatch: pytest.MonkeyPatch, nothing_left: None
) -> None:
    unknown = Cue(
        HttpFault(404, message="no such model"), lambda request: request.model != "claude-haiku-5-5", None
    )

    async def body(app: Dashboard, pilot: Pilot[int], server: ThreadedClaudeServer) -> None:
        await until(pilot, lambda: asks_for_a(app, "model"))
        await pilot.press("escape")
        await until(
            pilot, lambda: "needs a model: K" in screen_text(app) and "K another model" in screen_text(app)
        )
        await pilot.press("K")
        await until(pilot, lambda: asks_for_a(app, "model"))
        before = len(server.requests)
        await typed(pilot, "claude-haiku-5-5")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PlanReview))
        await pilot.press("a")
        await until(pilot, lambda: app.seat and app.seat.state.exit == 0)
        assert {request.model for request in server.requests[before:]} == {"claude-haiku-5-5"}
        assert {key_of(request) for request in server.requests} == {OLD}

    serve(monkeypatch, docs, unknown, body)
