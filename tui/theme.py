"""The house's two themes."""

from textual.theme import Theme

THEMES = (
    Theme(
        name="hubspoke-dark",
        primary="#5fb3d4",
        secondary="#8a9bb5",
        accent="#f2c14e",
        warning="#e8a33d",
        error="#e5534b",
        success="#6cbf73",
        foreground="#d8dee6",
        background="#0f1419",
        surface="#151c23",
        panel="#1d2630",
        dark=True,
        variables={"text-muted": "#8f99a5", "text-disabled": "#5a6470"},
    ),
    Theme(
        name="hubspoke-light",
        primary="#00698c",
        secondary="#51617a",
        accent="#9a5b00",
        warning="#9a6700",
        error="#b3261e",
        success="#1f7a33",
        foreground="#1b2430",
        background="#fbfbf9",
        surface="#f1f2ef",
        panel="#e3e6e4",
        dark=False,
        variables={"text-muted": "#5c6670", "text-disabled": "#9aa2a9"},
    ),
)
