"""The report: drafted, held to its grounds, gated, finished."""
