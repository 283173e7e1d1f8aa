"""How a run begins: with a question that is asked, or out of what was saved."""

import random
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import SecretStr

from agents.hub import Approver
from agents.providers import Provider, provider
from agents.role_files import roles_here, spoke_roles
from agents.run.work import Retries, Run
from agents.run_settings import Settings
from agents.spokes import check_brief
from sessions import paths
from sessions.errors import BadInputError
from sessions.events import Limits, RunCreated
from sessions.from_elsewhere import needs_folder
from sessions.ids import new_run_id
from sessions.load import load
from sessions.plan import Plan
from sessions.snapshot import read_snapshot
from sessions.store import Store

SAMPLES = Path(__file__).parents[1] / "samples"
"""The library that is used when no folder is named: short documents on AI in the creative industries of Northmark.

Northmark is an invented country. Every document, organisation, person and figure there is made up for
demonstration, as each document says at its end. Disagreements are built in on purpose.
"""


class BadQuestionError(BadInputError):
    """There is nothing to ask."""


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
) -> Run:
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
) -> Run:
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
