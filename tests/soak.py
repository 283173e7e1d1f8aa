"""What takes too long for the suite: `python -m tests.soak kills [N]` prints figures and fails as a test does."""

import argparse
import os

import pytest

_TESTS = "tests/test_window_kills.py"


class _Figures:
    """Prints what each test measured, when it is over."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """One line a test."""
        if report.when == "call":
            told = " · ".join(f"{name} {value}" for name, value in report.user_properties)
            print(f"\n{report.nodeid.rpartition('::')[2]}: {report.outcome} in {report.duration:.1f} s · {told}")


def kills(count: int) -> int:
    """Kills a window at so many seeded moments of a streaming run, then the engine; answers pytest's exit code."""
    os.environ["HUBSPOKE_SOAK_KILLS"] = str(count)
    return pytest.main(
        ["-q", "--capture=no", _TESTS, "-k", "killed_window or killed_engine"], plugins=[_Figures()]
    )


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    commands = parser.add_subparsers(dest="command", required=True)
    killing = commands.add_parser("kills", help="kill -9 of windows at random moments")
    killing.add_argument("count", metavar="N", type=int, nargs="?", default=10, help="how many (default: 10)")
    return kills(parser.parse_args().count)


if __name__ == "__main__":
    raise SystemExit(main())
