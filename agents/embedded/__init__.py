"""The embedded engine: deterministic, extractive, offline, behind the Messages wire format."""
