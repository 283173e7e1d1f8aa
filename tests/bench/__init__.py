"""Benchmarks, run on demand: `python -m tests.bench NAME`. Each prints ratios against a floor of the same run."""
