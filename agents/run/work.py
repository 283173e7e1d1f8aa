"""A run in this process: its work, from the first event to the last."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Mapping
from importlib.metadata import version
from pathlib import Path

from pydantic import SecretStr

from agents.budget import Budget
from agents.calls.limiter import Limiter
from agents.calls.live_text import LiveText
from agents.desk import Desk
from agents.documents.tools import Documents
from agents.hub import Approver, CheckpointWaitsError, Hub, RunStoppedError
from agents.neighbours import Neighbours
from agents.prices import load_prices
from agents.providers import EMBEDDED, Provider, build_client
from agents.role_files import roles_here, spoke_roles
from agents.run.steering import Steered
from agents.run_settings import Settings
from agents.saving import Saving
from agents.spokes import Spokes
from agents.teams import TEAMS
from sessions import paths
from sessions.events import AnyEvent, EngineStarted, Noticed, RunCreated, RunEnded, SpokeRetried
from sessions.from_elsewhere import folder_is_named
from sessions.journal import Journal
from sessions.load import fold_all, opening_notices
from sessions.plan import Subtask
from sessions.recorder import Recorder
from sessions.redact import remember_secret
from sessions.snapshot import Imported
from sessions.state import RunState
from sessions.store import Store

Retries = Mapping[str, Subtask | None]
"""Spokes to attempt again, each with its edited subtask, or None for the brief as it is."""

Listener = Callable[[AnyEvent | LiveText], None]


class Run(Steered):
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
        super().__init__(attended=attended)
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
        if key is not None:
            remember_secret(key.get_secret_value())
        self._store = store
        self._created = created
        self._settings = settings
        self._provider = chosen
        self._approve = approve

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
                neighbours = self.neighbours = Neighbours(None if self._provider is EMBEDDED else client, self.id)
                with contextlib.closing(neighbours):
                    recorder = self._open(listen)
                    try:
                        desk = Desk(
                            client=client,
                            documents=documents,
                            evidence=recorder.evidence,
                            budget=self._budget(recorder),
                            record=recorder.record,
                            show=listen,
                            prices=prices,
                            limiter=Limiter(self._settings.backoff_s, neighbours.gate),
                            backoff_s=self._settings.backoff_s,
                        )
                        await self._engine(recorder, desk, neighbours)
                    finally:
                        await recorder.close()
        finally:
            documents.close()
        return self.state

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

    def _budget(self, recorder: Recorder) -> Budget:
        """What is left of the caps; waiting for a person, a turn or the disk uses up none of the time."""
        return Budget(
            self._created.limits, recorder.state.usage, lambda: recorder.journal.t - recorder.state.waited
        )

    async def _engine(self, recorder: Recorder, desk: Desk, neighbours: Neighbours) -> None:
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
        skipped = [f"Skipped {item.path}: {item.why}." for item in desk.documents.skipped]
        for notice in (*problems, *skipped):
            recorder.record(Noticed(message=notice))
        neighbours.begin(recorder.record)
        saving = self._saving = Saving(recorder, attended=self._attended)
        hub = Hub(
            recorder=recorder,
            saving=saving,
            desk=desk,
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
            await recorder.flush()
            if self._settings.docs is not None and not recorder.fault:
                folder_is_named(recorder.directory)
            await neighbours.turn(recorder.record)
            await hub.work(TEAMS[self._created.team])
            report = recorder.state.report
            gaps = len(report.gaps) if report else 0
            end = RunEnded(status="gaps" if gaps else "done", exit=3 if gaps else 0)
        except CheckpointWaitsError:
            end = RunEnded(status="waiting", exit=3, message="The plan waits for your approval.")
        except RunStoppedError as error:
            end = RunEnded(status="failed", exit=1, message=str(error), failure=error.failure)
        except Exception as error:
            end = RunEnded(status="failed", exit=1, message=f"The engine failed ({type(error).__name__}).")
            raise
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
