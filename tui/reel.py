"""A run as it was at a moment: what panes are shown in a replay, in place of a seat."""

from collections import Counter

from agents.calls.live_text import LiveText
from agents.calls.open_blocks import OpenBlocks
from sessions.events import AttemptEvent
from sessions.film import Film
from sessions.state import fold


class Reel:
    """A film up to a moment. It only runs forward: for an earlier moment one takes a new one."""

    past = True
    lost = ""
    late = False
    read_only = ""

    def __init__(self, film: Film, n: int, t: float) -> None:
        """After the first `n` events, at `t` on the run's clock."""
        self.state = film.at(n)
        self.blocks = OpenBlocks()
        self.versions: Counter[str] = Counter()
        self.heard = film.heard(n)
        self.n = n
        self.clock = t
        self._film = film
        self._shown: dict[tuple[str, int, int, int], int] = {}
        """How many characters are shown of the blocks that stream."""
        self._stream()

    @property
    def live(self) -> bool:
        """Whether an engine worked on it then."""
        return self.state.exit is None

    def reaches(self, n: int, t: float) -> bool:
        """Whether it can run forward to that moment."""
        return n >= self.n and t >= self.clock

    def forward(self, n: int, t: float) -> None:
        """Runs on to a later moment."""
        for event in self._film.events[self.n : n]:
            fold(self.state, event)
            self.blocks.fold(event)
            if isinstance(event, AttemptEvent):
                self.versions[event.spoke] += 1
                self.heard[event.spoke] = event.t
        self.n, self.clock = n, t
        self._stream()

    def _stream(self) -> None:
        """Blocks grow as they did when they streamed."""
        shown = {}
        for block, count in self._film.streaming(self.n, self.clock):
            key = (block.spoke, block.attempt, block.turn, block.block)
            shown[key] = count
            if count != self._shown.get(key):
                self.blocks.grow(LiveText(*key, block.type, 0, block.text[:count]), self.clock)
                self.versions[block.spoke] += 1
                self.heard[block.spoke] = self.clock
        self._shown = shown
