"""Playing a film: where one is in it, how fast it goes, what is skipped."""

from sessions.film import Film

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)

IDLE_S = 2.0
"""One waits no longer than this, in real seconds, where nothing happens."""


class Player:
    """A place in a film, and the way on from there. It has no clock of its own: `play` is told how long it was."""

    def __init__(self, film: Film, n: int = 0) -> None:
        """Stands still after the first `n` events."""
        self.film = film
        self.n = 0
        """How many events have happened."""
        self.t = 0.0
        """The run's clock."""
        self.playing = False
        self.open = False
        """Whether the film may still grow: then one waits at its end."""
        self.skipped = 0.0
        """How many idle seconds of the run were left out just now."""
        self._speed = SPEEDS.index(1.0)
        self._idle_until = 0.0
        self.go(n)

    @property
    def speed(self) -> float:
        """Seconds of the run in a second."""
        return SPEEDS[self._speed]

    @property
    def at_end(self) -> bool:
        """Whether all has happened that the film holds."""
        return self.n >= len(self.film) and self.t >= self.film.seconds

    def faster(self, steps: int) -> bool:
        """So many steps faster, or slower; False where there is no such step."""
        before, self._speed = self._speed, max(0, min(self._speed + steps, len(SPEEDS) - 1))
        return before != self._speed

    def go(self, n: int) -> None:
        """To the moment of the `n`-th event; 0 is the beginning."""
        self.n = max(0, min(n, len(self.film)))
        self.t = self.film.time(self.n - 1) if self.n else 0.0
        self.skipped = 0.0

    def seek(self, t: float) -> None:
        """To a time of the run."""
        self.t = max(0.0, min(t, self.film.seconds))
        self.n = self.film.count(self.t)
        self.skipped = 0.0

    def play(self, seconds: float) -> None:
        """On by so many real seconds, if it plays; it stops at the film's end."""
        if not self.playing:
            return
        if self.t >= self._idle_until:
            self.skipped = 0.0
        quiet, longest = self.film.quiet_until(self.n, self.t), IDLE_S * self.speed
        if (idle := quiet - self.t - longest) > 0:
            self.t, self.skipped, self._idle_until = self.t + idle, idle, quiet
        self.t = min(self.t + seconds * self.speed, self.film.seconds)
        self.n = max(self.n, self.film.count(self.t))
        self.playing = self.open or not self.at_end
