"""What takes too long for the suite: `python -m tests.soak kills|crashes|points|stream` prints figures."""

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


def crashes(count: int) -> int:
    """Kills a real run so many times at random, and a told one at every call; answers pytest's exit code."""
    os.environ |= {"HUBSPOKE_SOAK_CRASHES": str(count), "HUBSPOKE_SOAK_EVERY": "1"}
    return pytest.main(["-q", "--capture=no", "tests/test_crashes.py"], plugins=[_Figures()])


def points() -> int:
    """Cuts a run off after every event there is, and goes on with it; answers pytest's exit code."""
    os.environ["HUBSPOKE_SOAK_POINTS"] = "1"
    return pytest.main(["-q", "--capture=no", "tests/test_resume_points.py"], plugins=[_Figures()])


def stream(minutes: float) -> int:
    """Has twenty spokes stream at once for so many minutes, under the keys; answers pytest's exit code."""
    os.environ["HUBSPOKE_SOAK_STREAM"] = str(minutes)
    return pytest.main(["-q", "--capture=no", "tests/test_streaming_twenty.py"], plugins=[_Figures()])


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    commands = parser.add_subparsers(dest="command", required=True)
    killing = commands.add_parser("kills", help="kill -9 of windows at random moments")
    killing.add_argument("count", metavar="N", type=int, nargs="?", default=10, help="how many (default: 10)")
    crashing = commands.add_parser("crashes", help="kill -9 of runs at every write, and at random moments")
    crashing.add_argument("count", metavar="N", type=int, nargs="?", default=100, help="how many (default: 100)")
    commands.add_parser("points", help="a resume after every event of a run")
    streaming = commands.add_parser("stream", help="twenty spokes stream at once, under the keys")
    streaming.add_argument("minutes", metavar="MINUTES", type=float, nargs="?", default=10.0, help="(default: 10)")
    chosen = parser.parse_args()
    if chosen.command == "points":
        return points()
    if chosen.command == "stream":
        return stream(chosen.minutes)
    return {"kills": kills, "crashes": crashes}[chosen.command](chosen.count)


if __name__ == "__main__":
    raise SystemExit(main())
