"""The dashboard: which screen is shown, which run one sits at, and how one comes and goes."""

from __future__ import annotations

import asyncio
import gc
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from agents.port.link import Link, attach, launch
from sessions.errors import BadInputError
from tui import loading
from tui.cli import INTERRUPTED
from tui.garbage import QUIET_S
from tui.leaving import Beginning
from tui.notices import CSS as NOTICES
from tui.opening import OpeningApp
from tui.parting import parting
from tui.safe import safe_line
from tui.start import LIVE_PACE_S
from tui.terminal import LOOK_S, leave_if_gone
from tui.theme import THEMES, without_colours
from tui.wish import Wish

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sessions.events import AnyEvent
    from tui.screens.ask import AskScreen
    from tui.screens.run import RunScreen
    from tui.screens.session_actions import SessionActions
    from tui.screens.sessions import SessionChoice
    from tui.seat import Seat
    from tui.start import Start
    from tui.steering import Steering


class Dashboard(OpeningApp):
    """Mission control. It knows a run by its seat alone."""

    TITLE = "hubspoke"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    CSS = "CommandPalette SearchIcon { display: none; }" + NOTICES

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "help", id="app.help"),
        Binding("colon", "command_palette", "commands", show=False, id="app.commands"),
        Binding("ctrl+z", "suspend_process", "suspend", show=False, id="app.suspend"),
        Binding("ctrl+q", "leave", "leave", show=False, priority=True, id="app.leave"),
    ]

    def __init__(self, start: Start, link: Link | None) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(without_colours(theme) if self.no_color else theme)
        self.theme = THEMES[0].name
        self.start = start
        self.seat: Seat | None = None
        self.parting = ""
        """What is said on the terminal when the dashboard has gone."""
        self.approved_run = ""
        """The run whose plan was approved unseen on the command line."""
        self.refusal = ""
        """Why the run that it was opened for did not begin."""
        self.wanted = ""
        """The run that was chosen last, at which one may not sit yet."""
        self.beginning: Beginning | None = None
        """The run that an engine was asked to begin, until it answers."""
        self._link = link
        """An engine that has no run yet."""
        self._run_screen: RunScreen | None = None
        self._loaded = asyncio.Event()

    @cached_property
    def steering(self) -> Steering:
        """What a person wants of the run."""
        from tui.steering import Steering  # not before the first frame

        return Steering(self)

    @property
    def loaded(self) -> bool:
        """Whether all that comes after the first frame is loaded."""
        return self._loaded.is_set()

    @property
    def run_screen(self) -> RunScreen:
        """The one screen that shows a run."""
        from tui.screens.run import RunScreen  # the first frame may be another's

        if self._run_screen is None:
            self._run_screen = RunScreen()
        return self._run_screen

    def get_default_screen(self) -> Screen[None]:
        """The first screen: the run that it was opened for, or a place to ask."""
        start = self.start
        if start.question or start.resume or start.fork or start.attach or start.replay:
            return self.run_screen
        from tui.screens.ask import AskScreen

        return AskScreen(opening=True)

    def on_mount(self) -> None:
        """All that is slow comes after the first frame."""
        self.call_after_refresh(self.run_worker, self._load(), exit_on_error=True)
        if not self.is_headless:
            self.set_interval(LOOK_S, leave_if_gone)

    async def _load(self) -> None:
        await self._furnish()
        await loading.needed()
        self._loaded.set()
        if self.start.attach:
            from tui.attaching import come

            await come(self, self._take_link())
        elif self.start.question or self.start.resume or self.start.fork:
            await self.begin(Beginning(self.start.begin()))
        elif self.start.replay:
            await self.open(self.start.replay)
        else:
            self._follow_runs()
        if self.start.replay:
            self.replay(self.start.replay)
        await loading.the_rest()

    async def _furnish(self) -> None:
        """Makes the first screen whole."""
        from tui.screens.ask import AskScreen

        if isinstance(self.screen, AskScreen):
            await self.screen.furnish()
        self.opened()

    def _follow_runs(self) -> None:
        """Has the first screen list the runs, when what that takes is loaded."""
        from tui.screens.ask import AskScreen

        if isinstance(self.screen, AskScreen):
            self.screen.follow()

    # A run, and this window's seat at it

    async def begin(self, beginning: Beginning) -> bool:
        """Has an engine begin a run and sits down at it; says why where it does not begin."""
        from tui.forks import foretold, say

        self.beginning, begin = beginning, beginning.begin
        await self._loaded.wait()
        if said := await foretold(begin):
            self.run_screen.tell(said)
        seat = beginning.seat = await self.connected(self._take_link())
        answer = await seat.do(begin)
        if beginning.given_up:
            return False
        self.beginning = None
        self.clear_notifications()  # they are of the time before
        if answer.ok:
            self.approved_run = answer.run if begin.approved else self.approved_run
            self.sit(seat)
            say(self, begin, said)
            if beginning.leaves:
                self.part()
            return True
        seat.leave()
        if self.seat is None and self.screen_stack[0] is self._run_screen:
            # It was to begin with this and nothing else: the command line says why it could not.
            self.refusal = answer.message
            self.exit(2)
        else:
            self.notify(safe_line(answer.message), severity="error", markup=False, timeout=10)
        return False

    async def attach(self, run: str) -> None:
        """Sits down at a live run."""
        from tui.attaching import come

        try:
            link = attach(run)
        except BadInputError as error:
            self.notify(safe_line(str(error)), severity="warning", markup=False)
            return
        if await come(self, link):
            self.show_run()

    async def open(self, run: str) -> None:
        """Shows a saved run as it is on disk."""
        from sessions import paths
        from sessions.store import Store
        from tui.seat import Seat

        seat, self.wanted = Seat(), run
        try:
            await asyncio.to_thread(lambda: seat.show(Store(paths.home()).find(run)))
        except BadInputError as error:
            self.notify(safe_line(str(error)), severity="warning", markup=False)
            return
        if self.wanted != run:
            return
        self.sit(seat)
        self.show_run()

    def replay(self, run: str, wish: Wish | None = None) -> None:
        """Opens the replay of a run, from its beginning or at the moment that a wish means."""
        from tui.replaying import open_replay

        self.run_worker(open_replay(self, run, wish))

    def fork(self, run: str) -> None:
        """Asks what a fork of a saved or live run is to answer, and begins it."""
        from tui.forks import fork

        self.run_worker(fork(self, run))

    async def connected(self, link: Link) -> Seat:
        """A seat at whatever the engine there works on, told all of it."""
        from tui.seat import Seat

        seat = Seat(lambda events: self._happened(seat, events))
        await seat.connect(link)
        self.run_worker(self._follow(seat), exit_on_error=True)
        gc.disable()
        try:
            await seat.watch()
        finally:
            self.set_timer(QUIET_S, gc.enable)
        return seat

    async def _follow(self, seat: Seat) -> None:
        await seat.follow()
        if seat is self.seat:
            await self._left(seat)

    async def _left(self, seat: Seat) -> None:
        """The connection to the engine is gone."""
        if seat.cut:
            from tui.attaching import come_back

            await come_back(self, seat)
        else:
            self.steering.engine_left(seat)

    def sit(self, seat: Seat) -> None:
        """Takes a seat, and leaves the one before: its run goes on."""
        self._leave_seat()
        if self.seat is not None:
            self.set_timer(QUIET_S, gc.collect)
        self.seat = seat
        self.run_screen.sit(seat)
        self.steering.look()
        if seat.gone.is_set():  # as fast as one came
            self.run_worker(self._left(seat))

    def _leave_seat(self) -> None:
        if self.seat is not None and self.seat.live:
            self.seat.leave()

    def _take_link(self) -> Link:
        link, self._link = self._link, None
        return link or launch()

    def _happened(self, seat: Seat, events: list[AnyEvent]) -> None:
        """Events of a run that one sits at."""
        if seat is not self.seat:
            return
        for event in events:
            self.run_screen.happened(event)
        self.steering.look()

    def show_run(self) -> None:
        """Brings the run's screen to the front."""
        while self.screen is not self.run_screen and len(self.screen_stack) > 1:
            if self.run_screen not in self.screen_stack:
                break
            self.pop_screen()
        if self.screen is not self.run_screen:
            self.push_screen(self.run_screen)

    # Screens

    def action_sessions(self) -> None:
        """The saved runs."""
        from tui.screens.sessions import SessionsScreen

        self.push_screen(SessionsScreen(), self._chosen)

    def _chosen(self, choice: SessionChoice | None) -> None:
        if choice is None:
            return
        match choice.action:
            case "attach":
                self.run_worker(self.attach(choice.run))
            case "open":
                self.run_worker(self.open(choice.run))
            case _:
                self.steering.resume(choice.run)

    def action_ask(self) -> None:
        """Another question; a live run goes on."""
        from tui.screens.ask import AskScreen

        if not isinstance(self.screen, AskScreen):
            self.push_screen(AskScreen())

    async def action_quit(self) -> None:
        """As `q` on a run: asks first while one is live."""
        self.steering.leave()

    def action_help_quit(self) -> None:
        """Says to who pressed ctrl+c, which copies, how one leaves."""
        self.notify("ctrl+q leaves; ctrl+c only copies.", markup=False)

    def action_help(self) -> None:
        """Every key that works here."""
        from tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(self.screen.active_bindings))

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """What the command palette offers: every action that has a key here."""
        from tui.palette import commands

        yield from commands(self, screen)

    # Keys that steer

    def on_wish(self, wish: Wish) -> None:
        """A key that concerns a spoke, or the run."""
        from tui.wishes import grant

        grant(self, wish)

    def action_leave(self) -> None:
        """Leaves; asks first while a run is live."""
        self.steering.leave()

    async def on_unmount(self) -> None:
        """However it ends, the engines hear of it, and garbage is looked for again."""
        gc.enable()
        self._leave_seat()
        if self.beginning is not None:
            self.beginning.give_up()
        if self.seat is not None:
            await self.seat.closed()
        if self._link is not None:
            self._link.close()

    def part(self) -> None:
        """Goes, and says on the terminal where the run is."""
        code, seat = 0, self.seat
        if self.beginning is not None:
            code, self.parting = INTERRUPTED, self.beginning.give_up()
        if seat is not None and seat.run:
            code = seat.state.exit or 0
            self.parting = parting(seat, left=seat.live)
            if seat.live:
                seat.leave()
        self.exit(code)

    def on_ask_screen_asked(self, event: AskScreen.Asked) -> None:
        """A question was asked."""
        from agents.port.messages import Begin
        from agents.run_settings import Settings

        settings = Settings(docs=event.docs, provider=event.provider, pace=LIVE_PACE_S)
        self.steering.begin(Begin(id=0, question=event.question, settings=settings))

    def on_ask_screen_opened(self, event: AskScreen.Opened) -> None:
        """A run was chosen."""
        self.run_worker(self.attach(event.run) if event.live else self.open(event.run))

    def on_session_actions_wanted(self, event: SessionActions.Wanted) -> None:
        """A saved run is wanted otherwise than to be opened; the list stays where it is."""
        if event.what == "replay":
            self.replay(event.run)
        else:
            self.fork(event.run)

    def on_ask_screen_sessions_wanted(self) -> None:
        """The saved runs."""
        self.action_sessions()
