"""`python -m tests.quality [--kinds] [--faults]`: the table; exit 1 below a floor, 2 for bad use."""

import argparse
import logging
import sys

from tests.quality.floors import compared, kinds_table, table
from tests.quality.measure import measure


def main(arguments: list[str]) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.quality", description="Measures what a report is worth."
    )
    parser.add_argument("--kinds", action="store_true", help="the generated pairs by kind as well")
    parser.add_argument("--faults", action="store_true", help="what keeps each metric from being perfect")
    chosen = parser.parse_args(arguments)
    # The SDK warns that the key of the scripted server hides other credentials; there are none.
    logging.getLogger("anthropic").setLevel(logging.ERROR)
    measurements = measure()
    lines = compared(measurements.metrics)
    print(table(lines))
    if chosen.kinds:
        print(f"\n{kinds_table(measurements.kinds)}")
    if chosen.faults:
        for line in lines:
            for fault in line.measured.faults:
                print(f"\n{line.measured.name}: {fault}")
    print(f"\n{measurements.seconds:.0f} s")
    return 0 if all(line.ok for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
