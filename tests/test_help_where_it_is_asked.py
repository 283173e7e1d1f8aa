"""Help lists the keys that do something in the text that is shown, and comes over a citation too."""

import asyncio
from pathlib import Path

from textual.widgets import Static

from tests.dashboards import until
from tests.screen_reports import at_the_report
from tui.screens.citation import CitationScreen
from tui.screens.help import HelpScreen
from tui.screens.zoom import ZoomScreen
from tui.widgets.markdown_view import MarkdownView


def test_help_comes_over_a_citation(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            await pilot.press("1", "enter")
            await until(pilot, lambda: isinstance(app.screen, CitationScreen))
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            assert "t  trace" in str(app.screen.query_one(Static).content)
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, CitationScreen))

    asyncio.run(main())


def test_help_of_plain_text_names_no_keys_for_citations_and_headings(own_home: Path) -> None:
    async def main() -> None:
        async with at_the_report(own_home) as (app, pilot):
            listed = {active.binding.id for active in app.screen.active_bindings.values()}
            assert listed >= {"report.next_citation", "report.choose_citation", "report.next_heading"}
            await pilot.press("escape", "z")
            await until(pilot, lambda: isinstance(app.screen, ZoomScreen))
            view = app.screen.query_one(MarkdownView)
            view.show("Words alone.")
            await pilot.pause()
            listed = {active.binding.id for active in app.screen.active_bindings.values()}
            assert not {id for id in listed if id and id.endswith(("_citation", "_heading"))}

    asyncio.run(main())
