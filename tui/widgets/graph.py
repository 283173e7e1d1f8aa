"""The graph of the run: who waits for whom, how each stands, and where work moved just now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.safe import safe_line
from tui.widgets.rows import same, strip
from tui.widgets.tile import HUB

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sessions.spoke_state import SpokeState
    from tui.graph_layout import Cell, Drawing, Link
    from tui.watched import Watched

LIT_S = 2.0
"""What moved is bright for so many seconds of the run."""

_LABEL = 26
"""Cells of a label, at most."""

_BRIEF = 9
"""Cells of a label's end, which says how it stands."""

_LIGHT = "   ─ ┘└┴ ┐┌┬│┤├┼"
_HEAVY = "   ━ ┛┗┻ ┓┏┳┃┫┣╋"
"""A line's character by the sides that it leaves its cell by; it leaves by two at least."""


class Graph(ScrollView, can_focus=False):
    """Coordinator on the left, spokes in columns by what they need; the selected one is kept in view.

    The lines of the selected node are heavy. It is laid out when the plan changes, and paints rows that changed.
    """

    DEFAULT_CSS = """
    Graph {
        height: 1fr; border: round $foreground 30%; border-title-color: $text; border-subtitle-color: $text;
        background: $background; scrollbar-size: 1 1; text-wrap: nowrap; text-overflow: clip;
    }
    """

    class Picked(Message):
        """A node was clicked."""

        def __init__(self, spoke: str) -> None:
            super().__init__()
            self.spoke = spoke

    def __init__(self) -> None:
        super().__init__()
        self._drawing: Drawing | None = None
        self._plan: object = None
        """What it was laid out for."""
        self._run: Watched | None = None
        self._selected = HUB
        self._stood: Mapping[str, tuple[str, int]] = {}
        """How each spoke stood when it looked last: status and number of attempts."""
        self._lit: dict[Link | str, float] = {}
        """When a line or a node moved, on the run's clock."""
        self._rows: dict[int, Content] = {}
        """The rows in view, as they are painted."""

    def on_mount(self) -> None:
        """Names itself."""
        self.border_title = Content("graph")

    def on_resize(self) -> None:
        """What is selected stays in view."""
        self._reveal()
        self._paint()

    def look(self, seat: Watched, selected: str) -> None:
        """Shows the run as it stands now."""
        drawing = self._drawn(seat)
        self._note_moves(seat, drawing)
        moved, self._selected = selected != self._selected, selected if selected in drawing.places else HUB
        if moved:
            self._reveal()
        self.border_subtitle = Content(_needs(seat, drawing, self._selected))
        self._paint()

    def beside(self, selected: str, across: int, down: int) -> str:
        """The node that a step leads to: across along a line, down within a column."""
        if self._drawing is None or selected not in self._drawing.places:
            return HUB
        return self._drawing.beside(selected, across, down)

    def _drawn(self, seat: Watched) -> Drawing:
        """The graph of this plan, laid out anew only where the plan is another."""
        from tui.graph_layout import draw

        spokes, plan = seat.state.spokes, seat.state.plan
        needs: dict[str, Sequence[str]] = dict.fromkeys(spokes, ())
        needs |= {task.id: task.depends_on for task in plan.subtasks if task.id in spokes} if plan else {}
        titles = tuple(spoke.title for spoke in spokes.values())
        if self._drawing is None or (needs, titles) != self._plan:
            self._plan = needs, titles
            lead = self._lead(len(spokes)) + _BRIEF + 1
            widths = {id: min(_LABEL, lead + len(safe_line(spoke.title))) for id, spoke in spokes.items()}
            self._drawing = draw(HUB, needs, {HUB: lead + len("coordinator"), **widths})
            self.virtual_size = Size(self._drawing.width, len(self._drawing.rows))
            self.refresh()
            self.call_after_refresh(self._reveal)
        return self._drawing

    @staticmethod
    def _lead(spokes: int) -> int:
        """Cells of a label before its title: mark and glyph, and the number."""
        return 4 + max(2, len(str(spokes)))

    def _note_moves(self, seat: Watched, drawing: Drawing) -> None:
        """What began lights the lines into it, what ended those out of it."""
        stands = {id: (spoke.status, len(spoke.attempts)) for id, spoke in seat.state.spokes.items()}
        if seat is self._run:
            for id, now in stands.items():
                if id in self._stood and now != self._stood[id]:
                    into = now[0] in ("running", "queued")
                    self._lit[id] = seat.clock
                    self._lit |= {link: seat.clock for link in drawing.links if link[into] == id}
        else:
            self._lit.clear()
        self._run, self._stood = seat, stands
        # The clock of a run that is over stands still, and nothing moves in it any more.
        goes = seat.live or seat.past
        self._lit = {what: at for what, at in self._lit.items() if goes and 0 <= seat.clock - at < LIT_S}

    def _reveal(self) -> None:
        """The selected node whole, and some of what stands around it."""
        if self._drawing is None or not self.size:
            return
        place = self._drawing.places.get(self._selected)
        if place is not None:
            region = Region(place.x, place.y, self._drawing.widths[place.column], 1).grow((2, 4, 2, 4))
            self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Other rows come into view."""
        super().watch_scroll_y(old_value, new_value)
        self._paint()

    def _paint(self) -> None:
        """Paints the rows in view that are not as they were."""
        drawing, seat = self._drawing, self._run
        if drawing is None or seat is None:
            return
        top, size = self.scroll_offset.y, self.scrollable_content_region.size
        before = self._rows
        nodes: dict[int, list[tuple[int, Content]]] = {}
        for number, (id, place) in enumerate(drawing.places.items()):
            if top <= place.y < top + size.height:
                nodes.setdefault(place.y, []).append((place.x, self._label(seat, drawing, id, number)))
        near = frozenset(link for link in drawing.links if self._selected in link)
        self._rows = {
            y: self._row(drawing.rows[y], nodes.get(y, []), near)
            for y in range(top, min(top + size.height, len(drawing.rows)))
        }
        for y, row in self._rows.items():
            if y not in before or not same(before[y], row):
                self.refresh(Region(0, y - top, size.width, 1))

    def _row(self, cells: Sequence[Cell], labels: list[tuple[int, Content]], near: frozenset[Link]) -> Content:
        """A row: labels, and between them lines, of which those in `near` are heavy."""
        pieces = labels
        for cell in cells:
            lit = not cell.links.isdisjoint(self._lit)
            heavy = lit or not cell.links.isdisjoint(near)
            style = "bold $primary" if lit else "$accent" if heavy else "$text-muted"
            pieces.append((cell.x, Content.styled((_HEAVY if heavy else _LIGHT)[cell.sides], style)))
        parts: list[Content | str] = []
        at = 0
        for x, piece in sorted(pieces, key=lambda piece: piece[0]):
            parts += [" " * (x - at), piece]
            at = x + piece.cell_length
        return Content.assemble(*parts)

    def _label(self, seat: Watched, drawing: Drawing, id: str, number: int) -> Content:
        """Glyph, number, title and how it stands, of the width of its column."""
        from tui.looks import clock, run_look
        from tui.widgets.rail import hub_brief, spoke_brief

        spoke: SpokeState | None = seat.state.spokes.get(id)
        digits = self._lead(len(seat.state.spokes)) - 4
        if spoke is None:
            look, brief, title, shown = run_look(seat), hub_brief(seat, clock(seat.clock)), "coordinator", "H"
        else:
            look, brief = spoke_brief(seat, spoke)
            title, shown = safe_line(spoke.title), str(number)
        width = drawing.widths[drawing.places[id].column]
        lead = f"{'>' if id == self._selected else ' '}{look.glyph} {shown:>{digits}} "
        name = Content(title).truncate(max(1, width - len(lead) - len(brief) - 2), ellipsis=True)
        gap = " " * max(1, width - len(lead) - name.cell_length - len(brief) - 1)
        label = Content.assemble((lead, look.style), name, gap, (brief, look.style), " ")
        if id in self._lit:
            label = label.stylize("bold")
        return label.stylize("reverse") if id == self._selected else label

    def render_line(self, y: int) -> Strip:
        """A row of the view."""
        width = self.scrollable_content_region.width
        row = self._rows.get(y + self.scroll_offset.y)
        if row is None or self._drawing is None:
            return Strip.blank(width, self.rich_style)
        x = self.scroll_offset.x
        whole = strip(self, row, max(self._drawing.width, x + width))
        return whole.crop_extend(x, x + width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """To the node that was clicked."""
        if self._drawing is None:
            return
        x = event.x - self.gutter.left + self.scroll_offset.x
        y = event.y - self.gutter.top + self.scroll_offset.y
        for id, place in self._drawing.places.items():
            if place.y == y and place.x <= x < place.x + self._drawing.widths[place.column]:
                self.post_message(self.Picked(id))


def _needs(seat: Watched, drawing: Drawing, id: str) -> str:
    """Who is selected, whom it waits for and who waits for it."""
    numbers = {other: number for number, other in enumerate(drawing.places)}
    if id == HUB:
        return f"{len(seat.state.spokes)} spokes"
    needs = sorted(numbers[link[0]] for link in drawing.links if link[1] == id and link[0] != HUB)
    needed = sorted(numbers[link[1]] for link in drawing.links if link[0] == id)
    told = [f"{numbers[id]} {safe_line(seat.state.spokes[id].title, 40)}"]
    told += [f"needs {_listed(needs)}"] if needs else []
    told += [f"needed by {_listed(needed)}"] if needed else []
    return " · ".join(told)


def _listed(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - 8} more" if len(numbers) > 8 else ""
    return ", ".join(map(str, numbers[:8])) + more
