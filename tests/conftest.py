"""What every test stands on: no key, no network, a data directory of its own."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.at_rest import at_rest
from tests.forked import parent


@pytest.fixture(scope="session", autouse=True)
def nothing_forked_stays() -> Iterator[None]:
    """The process that programs are forked from ends with the tests."""
    yield
    if parent.cache_info().currsize:
        parent().end()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh HUBSPOKE_HOME, an empty working directory, and no credentials of the person who runs the tests."""
    for name in list(os.environ):
        if name.startswith(("ANTHROPIC_", "HUBSPOKE_")):
            monkeypatch.delenv(name)
    # The programs that a test starts compile what is imported once, and not each time.
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    home = tmp_path / "home"
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setenv("HUBSPOKE_HOME", str(home))
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path / "no-anthropic-config"))
    monkeypatch.chdir(work)
    return home


@pytest.fixture(autouse=True)
def no_idle_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key pressed under a pilot is waited for until it has had its effect, and no longer."""
    for module in ("app", "pilot"):
        monkeypatch.setattr(f"textual.{module}.wait_for_idle", at_rest)
