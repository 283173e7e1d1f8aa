"""The house's two themes, and what they are where there are no colours."""

from dataclasses import replace

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


def without_colours(theme: Theme) -> Theme:
    """A theme for greys alone (NO_COLOR): red is so dark a grey that a failure would be what one sees least."""
    plain = theme.foreground
    return replace(theme, primary=plain or theme.primary, accent=plain, warning=plain, error=plain, success=plain)
