"""A run in this process: the way in for the command line, and for a program of one's own."""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from anthropic import AsyncAnthropic
from pydantic import SecretStr

from agents.budget import Budget
from agents.calls.limiter import Limiter
from agents.calls.live_text import LiveText
from agents.desk import Desk
from agents.documents.tools import Documents
from agents.hub import Approver, CheckpointWaitsError, Hub, RunStoppedError
from agents.neighbours import Neighbours
from agents.prices import Prices, load_prices
from agents.providers import EMBEDDED, Provider, build_client, provider
from agents.role_files import roles_here, spoke_roles
from agents.run_settings import Settings as Settings
from agents.saving import Saving
from agents.spokes import Spokes, StaleCommandError, check_brief
from agents.teams import TEAMS
from sessions import paths
from sessions.errors import BadInputError
from sessions.events import AnyEvent, EngineStarted, Limits, Noticed, RunCreated, RunEnded, SpokeRetried
from sessions.from_elsewhere import folder_is_named, needs_folder
from sessions.ids import new_run_id
from sessions.journal import Journal
from sessions.load import fold_all, load, opening_notices
from sessions.plan import MOST_SPOKES, Plan, Subtask, plan_problems
from sessions.recorder import Recorder
from sessions.redact import remember_secret
from sessions.snapshot import Imported, read_snapshot
from sessions.state import RunState
from sessions.store import Store

SAMPLES = Path(__file__).parent / "samples"
"""The library that is used when no folder is named."""

Retries = Mapping[str, Subtask | None]
"""Spokes to attempt again, each with its edited subtask, or None for the brief as it is."""

Listener = Callable[[AnyEvent | LiveText], None]


class BadQuestionError(BadInputError):
    """There is nothing to ask."""


class BadPlanError(BadInputError):
    """A plan that cannot be run; the message says why."""


class FolderNeededError(BadInputError):
    """A session from elsewhere names a folder to read; which one is read is for whoever resumes it to say."""

    def __init__(self, session: str | Path, docs: str) -> None:
        super().__init__(f"{session} was made over {docs!r}; say with --docs which folder its run may read here.")


class PlanLostError(BadInputError):
    """A saved run of which too little is left to go on."""


async def approve_as_it_is(plan: Plan, missing: tuple[str, ...]) -> Plan:
    """The approver that a run without a person uses when it was told to go on."""
    return plan


def ask(
    question: str, settings: Settings = Settings(), *, approve: Approver = approve_as_it_is, attended: bool = False
) -> "Run":
    """A new run of a question; `attended` says that somebody is there to make room on a full disk.

    Raises BadQuestionError, BadProviderError and sessions.paths.UnwritableError.
    """
    asked = question.strip()
    if not asked:
        raise BadQuestionError("The question is empty; put it in quotes after `hubspoke ask`.")
    chosen = provider(settings.provider or "auto")
    store = Store(paths.home())
    run = new_run_id(datetime.now(UTC), random.SystemRandom())
    created = RunCreated(
        run=run,
        question=asked,
        docs=str((settings.docs or SAMPLES).resolve()),
        provider=chosen.name,
        model=settings.model or "",
        limits=settings.limits(Limits()),
        version=version("hubspoke"),
    )
    return Run(store, run, created, settings, chosen, approve, attended=attended)


def resume(
    session: str | Path,
    settings: Settings = Settings(),
    *,
    approve: Approver = approve_as_it_is,
    retry: Retries | None = None,
    key: SecretStr | None = None,
    attended: bool = False,
) -> "Run":
    """A saved run taken up again: by its id, the start of it, `last`, or an exported session file.

    All spokes that failed are attempted again, or only those in `retry`; `key` is an API key to use in place of
    the credentials that are found, and is kept nowhere. Raises UnknownSessionError,
    BadSessionFileError, SessionDamagedError, PlanLostError, FolderNeededError, BadProviderError,
    BadBriefError.
    """
    store = Store(paths.home())
    run = _imported(store, session, settings) if isinstance(session, Path) else store.find(session).name
    state = load(store.find(run))
    created = state.created
    if created is None:
        raise PlanLostError(f"Of the run {run} the question is lost; it can be shown but not resumed.")
    check_folder(store.find(run), created, settings)
    for spoke, subtask in (retry or {}).items():
        if subtask is not None and state.plan is not None:
            check_brief(state.plan, spoke_roles(roles_here()[0]), subtask, spoke)
    name = settings.provider or created.provider
    chosen = provider(name, key)
    return Run(
        store,
        run,
        in_force(created, settings, chosen),
        settings,
        chosen,
        approve,
        saved=state,
        retry=retry,
        key=key,
        attended=attended,
    )


def in_force(created: RunCreated, settings: Settings, chosen: Provider) -> RunCreated:
    """How a run was to be worked on, with what is said now put over it."""
    return created.model_copy(
        update={
            "docs": str(settings.docs.resolve()) if settings.docs else created.docs,
            "provider": chosen.name,
            "model": created.model if settings.model is None else settings.model,
            "limits": settings.limits(created.limits),
        }
    )


def check_folder(directory: Path, created: RunCreated, settings: Settings) -> None:
    """Raises FolderNeededError for a session from elsewhere of which no person has said what it may read here."""
    if settings.docs is None and needs_folder(directory):
        raise FolderNeededError(directory.name, created.docs)


def _imported(store: Store, session: Path, settings: Settings) -> str:
    """The id of a run out of a file. The file does not decide which folder is read here."""
    if settings.docs is None:
        named = [event.docs for event in read_snapshot(session).events if isinstance(event, RunCreated)]
        raise FolderNeededError(session, named[0] if named else "")
    return store.import_file(session)


class Run:
    """One run, worked on in this process. Made by `ask`, `resume` and `agents.forking.fork`.

    It begins with `work` or `events`.
    """

    def __init__(
        self,
        store: Store,
        run: str,
        created: RunCreated,
        settings: Settings,
        chosen: Provider,
        approve: Approver,
        *,
        saved: RunState | None = None,
        seed: Imported | None = None,
        retry: Retries | None = None,
        key: SecretStr | None = None,
        attended: bool = False,
    ) -> None:
        """`saved` is what is known of one that is resumed, `seed` what a new one takes over from another."""
        self.id = run
        self.saved = saved if seed is None else fold_all(seed.events)
        """What was known of it before it was taken up; None for one that begins from nothing."""
        self.resumed = saved is not None
        self._seed = seed
        self.state = RunState(created=created)
        """What is known of it so far; it goes on changing while the run is worked on."""
        self.recorder: Recorder | None = None
        """Its record, while it is worked on."""
        self.neighbours: Neighbours | None = None
        """The other live runs, while it is worked on."""
        self._retry = retry
        self._key = key
        self._attended = attended
        if key is not None:
            remember_secret(key.get_secret_value())
        self._spokes: Spokes | None = None
        self._saving: Saving | None = None
        self._roles: dict[str, str] = {}
        self._store = store
        self._created = created
        self._settings = settings
        self._provider = chosen
        self._approve = approve
        self._stopped_by = ""

    def stopped_by(self, who: str) -> None:
        """Says who is about to stop it: whoever cancels its work."""
        self._stopped_by = who

    async def work(self, listen: Listener = lambda item: None) -> RunState:
        """Works on the run to its end and answers its state; `listen` is told of every event and of live text.

        Raises BadFolderError when the documents cannot be read, BadPricesError when a person's own prices cannot,
        BadLimitError when a limit in the environment is none, SessionBusyError when another engine has the run,
        and asyncio.CancelledError when it was stopped: it is saved then, and resumes.
        """
        prices = load_prices(paths.config_dir() / "prices.toml")
        documents = await Documents.open(Path(self._created.docs), paths.cache())
        try:
            client = build_client(self._provider, self._settings.pace, self._key, demo=self._settings.demo)
            async with client:
                neighbours = self.neighbours = Neighbours(None if self._provider is EMBEDDED else client)
                with contextlib.closing(neighbours):
                    recorder = self._open(listen)
                    try:
                        await self._engine(recorder, documents, client, prices, neighbours, listen)
                    finally:
                        await recorder.close()
        finally:
            documents.close()
        return self.state

    def retry(self, spoke: str, attempt: int, subtask: Subtask | None = None, by: str = "") -> None:
        """Another attempt on a spoke that failed or was cancelled, perhaps on an edited brief.

        `attempt` is the number of the attempt it is an answer to, 0 for none; `by` is who asks. Raises
        StaleCommandError.
        """
        self._steered().retry(spoke, attempt, subtask, by)

    def try_now(self) -> None:
        """Has whatever waits for its next try go on at once. Raises StaleCommandError."""
        self._steered().try_now()

    def cancel(self, spoke: str, attempt: int, by: str = "") -> None:
        """Gives a spoke up, as `by` wants; what it found is kept. Raises StaleCommandError."""
        self._steered().cancel(spoke, attempt, by)

    async def save_again(self) -> str:
        """Tries to save what the disk did not take; empty, or why it still does not.

        Raises StaleCommandError, SavedError.
        """
        return await self._kept().mend()

    def go_on_unsaved(self, by: str = "") -> None:
        """Lets a run that is not saved go on in memory, as `by` wants. Raises StaleCommandError, SavedError."""
        self._kept().go_on(by)

    def attended(self, watched: bool) -> None:
        """Told whenever somebody comes who could make room on a full disk, or the last one leaves."""
        self._attended = watched
        if self._saving is not None:
            self._saving.attended(watched)

    def check(self, plan: Plan) -> None:
        """Raises BadPlanError for a plan that cannot be approved."""
        if problems := plan_problems(plan, self._roles, MOST_SPOKES):
            raise BadPlanError(" ".join(problems))

    def _steered(self) -> Spokes:
        if self._spokes is None:
            raise StaleCommandError("The run is not being worked on.")
        return self._spokes

    def _kept(self) -> Saving:
        if self._saving is None:
            raise StaleCommandError("The run is not being worked on.")
        return self._saving

    async def events(self) -> AsyncGenerator[AnyEvent | LiveText]:
        """Works on the run and yields every event, and live text, as it comes. Leaving the loop stops the run."""
        queue: asyncio.Queue[AnyEvent | LiveText | None] = asyncio.Queue()
        work = asyncio.create_task(self.work(queue.put_nowait))
        work.add_done_callback(lambda _: queue.put_nowait(None))
        try:
            while (item := await queue.get()) is not None:
                yield item
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work

    def _open(self, listen: Listener) -> Recorder:
        if self._seed is not None:
            self.id = self._store.add(self.id, self._seed)
        if self.saved is not None:
            directory = self._store.find(self.id)
            journal, replay = Journal.open(directory)
            recorder = Recorder(directory, journal, replay.events, listen)
            opening = [Noticed(message=notice) for notice in opening_notices(replay)]
        else:
            directory = self._store.create(self.id)
            recorder = Recorder(directory, Journal.create(directory), listen=listen)
            opening = [self._created]
        # Whoever listens may look at it from the first event on.
        self.state, self.recorder = recorder.state, recorder
        for event in opening:
            recorder.record(event)
        return recorder

    async def _engine(
        self,
        recorder: Recorder,
        documents: Documents,
        client: AsyncAnthropic,
        prices: Prices,
        neighbours: Neighbours,
        listen: Listener,
    ) -> None:
        """Runs the team, and says how it ended: always, and on disk."""
        roles, problems = roles_here()
        self._roles = spoke_roles(roles)
        recorder.record(
            EngineStarted(
                pid=os.getpid(),
                version=version("hubspoke"),
                docs=self._created.docs,
                provider=self._created.provider,
                model=self._created.model,
                limits=self._created.limits,
                resumed=self.resumed,
            )
        )
        await recorder.flush()
        if self._settings.docs is not None and not recorder.fault:
            folder_is_named(recorder.directory)
        skipped = [f"Skipped {item.path}: {item.why}." for item in documents.skipped]
        for notice in (*problems, *skipped):
            recorder.record(Noticed(message=notice))
        neighbours.begin(recorder.record)
        saving = self._saving = Saving(recorder, attended=self._attended)
        hub = Hub(
            recorder=recorder,
            saving=saving,
            desk=Desk(
                client=client,
                documents=documents,
                evidence=recorder.evidence,
                budget=Budget(
                    self._created.limits,
                    recorder.state.usage,
                    lambda: recorder.journal.t - recorder.state.waited,
                ),
                record=recorder.record,
                show=listen,
                prices=prices,
                limiter=Limiter(self._settings.backoff_s, neighbours.gate),
                backoff_s=self._settings.backoff_s,
            ),
            roles=roles,
            provider=self._provider,
            approve=self._approve,
            attempt_limits=self._settings.attempt,
        )
        for notice in hub.unpriced():
            recorder.record(Noticed(message=notice))
        hub.spokes = self._spokes = Spokes(hub, self._asked_again(recorder))
        end: RunEnded | None = None
        try:
            await neighbours.turn(recorder.record)
            await hub.work(TEAMS[self._created.team])
            report = recorder.state.report
            gaps = len(report.gaps) if report else 0
            end = RunEnded(status="gaps" if gaps else "done", exit=3 if gaps else 0)
        except CheckpointWaitsError:
            end = RunEnded(status="waiting", exit=3, message="The plan waits for your approval.")
        except RunStoppedError as error:
            end = RunEnded(status="failed", exit=1, message=str(error), failure=error.failure)
        finally:
            self._spokes = None
            await hub.spokes.close()
            recorder.record(end or _broken_off(recorder.state, self._stopped_by))
            try:
                if end is not None:
                    await saving.settle()
            finally:
                self._saving = None
                await saving.close()

    def _asked_again(self, recorder: Recorder) -> frozenset[str]:
        """The spokes whose failures do not stand in this engine."""
        if self._retry is None:
            return frozenset(recorder.state.spokes)
        known = {spoke: changed for spoke, changed in self._retry.items() if spoke in recorder.state.spokes}
        for spoke, subtask in known.items():
            recorder.record(SpokeRetried(spoke=spoke, subtask=subtask))
        return frozenset(known)


def _broken_off(state: RunState, by: str) -> RunEnded:
    """How a run that is stopped ends: as it had ended before, where nothing was begun since."""
    match state.status:
        case "done" | "gaps":
            return RunEnded(status=state.status, exit=state.exit or 0, message=state.message)
        case _:
            return RunEnded(status="interrupted", exit=130, message="The run was stopped.", by=by)
