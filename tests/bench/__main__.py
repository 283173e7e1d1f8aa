"""`python -m tests.bench NAME`."""

import sys

from tests.bench import conflicts, sessions, start, verify

BENCHES = {"conflicts": conflicts.main, "sessions": sessions.main, "start": start.main, "verify": verify.main}


def main() -> None:
    """Runs the benchmark that is named."""
    if len(sys.argv) != 2 or sys.argv[1] not in BENCHES:
        sys.exit(f"python -m tests.bench {'|'.join(BENCHES)}")
    BENCHES[sys.argv[1]]()


if __name__ == "__main__":
    main()
