"""The port's version, apart from its messages: it is told before anything heavy is imported."""

PORT = 2
"""A window of another version than its engine's may watch, where it can read it, and no more."""
