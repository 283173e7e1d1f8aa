"""Lines as they were painted: scrolling moves most lines of a view and changes none of them."""

from textual.strip import Strip

_SCREENFULS = 3
"""How many screenfuls are kept: a strip takes more memory than its text."""


class Painted:
    """The strips of the lines that were on the screen last, by their numbers."""

    def __init__(self) -> None:
        self._strips: dict[int, Strip] = {}

    def get(self, y: int) -> Strip | None:
        """The line as it was painted, if it is known."""
        return self._strips.get(y)

    def keep(self, y: int, strip: Strip, height: int) -> None:
        """Keeps a line of a view of that height; of too many lines the oldest go."""
        while len(self._strips) >= _SCREENFULS * max(1, height):
            del self._strips[next(iter(self._strips))]
        self._strips[y] = strip

    def drop(self, first: int = 0) -> None:
        """Forgets the lines from the first one on."""
        self._strips = {y: strip for y, strip in self._strips.items() if y < first}
