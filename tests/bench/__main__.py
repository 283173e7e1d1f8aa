"""`python -m tests.bench [NAME …]`: measures, and prints one table of ratios; without a name, all there is."""

import argparse
import importlib
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from tests.bench.table import Row, show

NAMES = ("start", "keys", "engine", "attach", "sessions", "verify", "conflicts")
"""The benchmarks, a module each with `rows()`; imported when they run, since what one brings slows another."""


def _rows(names: Iterable[str]) -> Iterator[Row]:
    for name in names:
        measure = cast("Callable[[], Iterable[Row]]", importlib.import_module(f"tests.bench.{name}").rows)
        yield from measure()


def main() -> None:
    """Runs the benchmarks that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"of {', '.join(NAMES)} (default: all)")
    names = parser.parse_args().name or NAMES
    if unknown := [name for name in names if name not in NAMES]:
        parser.error(f"there is no benchmark {unknown[0]!r}; there are {', '.join(NAMES)}")
    show(_rows(names))


if __name__ == "__main__":
    main()
