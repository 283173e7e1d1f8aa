"""The screens of many spokes at three sizes: the graph, folded tiles, the timeline, hundreds in the table."""

import pytest

from tests.screen_graph import with_needs
from tests.screen_many import with_hundreds
from tests.test_screens import SIZES, Size, Window, show
from tests.test_screens import still as still

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


def test_spokes_that_need_each_other(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("run-folded", "g", "1", "0")
        await window.shoot("run-open", "Z")
        await window.shoot("graph", "Z", "G")
        await window.shoot("graph-far", "right", "right")
        await window.shoot("timeline", "T")

    show(body, size, with_needs())


def test_hundreds_of_spokes(size: Size) -> None:
    async def body(window: Window) -> None:
        await window.shoot("many")
        await window.press(*"vv" if size[0] > 100 else "v", "g", "2", "1", "7")
        await window.shoot("many-table")
        await window.shoot("many-filtered", "slash", *"lake 3", "enter")
        await window.shoot("many-graph", "G")

    show(body, size, with_hundreds())
