"""The app as screens know it: `app = getters.app(app_type)` tells the type checker what it answers with."""

from textual.app import App


def app_type() -> type[App[int]]:
    """The dashboard's type, without the dashboard."""
    return App
