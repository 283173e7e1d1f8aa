"""The engine: the coordinator and its subagents, their tools, and the one path to a model."""
