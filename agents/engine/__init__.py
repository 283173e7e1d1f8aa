"""The engine: one run in a process of its own, with a port that windows come to and leave."""
