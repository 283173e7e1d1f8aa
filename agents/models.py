"""The models a role may name, and the family that shares a rate limit."""

ALIASES = {
    "fable": "claude-fable-5-1",
    "opus": "claude-opus-5-5",
    "sonnet": "claude-sonnet-5-5",
    "haiku": "claude-haiku-5-5",
}
"""Short names to model ids, as of 2026-11-20."""

DEFAULT = ALIASES["sonnet"]


def model_id(name: str, override: str = "") -> str:
    """The id for a role's `model`: an alias, an id, or nothing (`inherit`); an override wins over all."""
    chosen = override or name
    return DEFAULT if chosen in ("", "inherit") else ALIASES.get(chosen, chosen)


def family(model: str) -> str:
    """The part of a model id that shares a rate limit, such as `sonnet`."""
    return next((alias for alias in ALIASES if alias in model), model)
