"""Secrets are blotted out, character by character, before anything reads, keeps or shows a text.

The length stays the same in code points, so that an offset means the same place before and after. Every pattern
takes linear time: no repeat can be entered in two ways, and a run of token characters is tried but from its start.
"""

import os
import re

BLOT = "█"
"""Stands for one character of a secret."""

MIN_VALUE = 12
"""A shorter value of an environment variable is too likely to be an ordinary word."""

_ASSIGNED = r"[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\"']?(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
_BEGIN = r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
_BASE64 = "[A-Za-z0-9+/=]"
_NO_RULE = r"(?:[^-]++|-(?!----))*+"

# A look-behind stands after its literal: `re` searches far faster for a pattern that begins with a literal.
_SECRETS = tuple(
    re.compile(pattern)
    for pattern in (
        # Anthropic, OpenAI, OpenRouter, Stripe; then any key that is `sk-` and one unbroken run.
        r"sk-(?<![A-Za-z0-9]sk-)(?:ant|proj|svcacct|admin|or|live|test)-[A-Za-z0-9_-]{16,}+",
        r"sk-(?<![A-Za-z0-9]sk-)[A-Za-z0-9]{32,}+",
        r"sk_(?<![A-Za-z0-9]sk_)(?:live|test)_[A-Za-z0-9]{16,}+",
        # Amazon: the id of a key, and the key itself where it is named as such.
        r"AKIA(?<![A-Za-z0-9]AKIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        r"ASIA(?<![A-Za-z0-9]ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])",
        r"ecret[_-]?[Aa]ccess[_-]?[Kk]ey" + _ASSIGNED,
        r"ECRET_ACCESS_KEY" + _ASSIGNED,
        # GitHub, Google, Slack.
        r"gh[pousr]_[A-Za-z0-9]{36,}+",
        r"github_pat_[A-Za-z0-9_]{22,}+",
        r"AIza[A-Za-z0-9_-]{35}",
        r"xox[abeoprs]-[A-Za-z0-9-]{10,}+",
        r"xapp-[A-Za-z0-9-]{10,}+",
        # JSON Web Tokens.
        r"eyJ(?<![A-Za-z0-9_-]eyJ)[A-Za-z0-9_-]{8,}+\.eyJ[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]*+",
        # PEM: what stands between the two rules, if it holds a key and not just words about one; then the lines
        # of a key whose end was cut off.
        rf"{_BEGIN}(?P<secret>(?:[^A-Za-z0-9+/=-]|-(?!----)|{_BASE64}{{1,31}}+(?!{_BASE64}))*+"
        rf"{_BASE64}{{32,}}+{_NO_RULE})-----END ",
        rf"{_BEGIN}(?P<secret>(?:(?:\s|\\[nr])*+{_BASE64}{{32,}}+)++)",
    )
)

_SECRET_NAME = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD)\Z", re.IGNORECASE)
_NOT_NEWLINE = re.compile(r"[^\n]")


_TOLD: set[str] = set()


def remember_secret(value: str) -> None:
    """From now on this value is a secret, too: one that a person typed and that is in no environment."""
    if len(value) >= MIN_VALUE:
        _TOLD.add(value)


def environment_secrets() -> list[str]:
    """The values of the environment's own secrets and those told, longest first: one may be part of another."""
    values = {value.strip() for name, value in os.environ.items() if _SECRET_NAME.search(name)} | _TOLD
    return sorted((value for value in values if len(value) >= MIN_VALUE), key=lambda value: (-len(value), value))


def redact(text: str) -> str:
    """The text with each character of a secret blotted out; newlines, and so lines and offsets, stay.

    Known are the keys of model providers, Amazon, GitHub, Google and Slack, JSON Web Tokens, PEM private keys, and
    the literal values of environment variables whose names end in KEY, TOKEN, SECRET or PASSWORD.
    """
    for value in environment_secrets():
        text = text.replace(value, _blotted(value))
    for pattern in _SECRETS:
        text = pattern.sub(_blot, text)
    return text


def _blotted(secret: str) -> str:
    return _NOT_NEWLINE.sub(BLOT, secret)


def _blot(match: re.Match[str]) -> str:
    whole = match.group()
    if "secret" not in match.re.groupindex:
        return _blotted(whole)
    start, end = (offset - match.start() for offset in match.span("secret"))
    return whole[:start] + _blotted(whole[start:end]) + whole[end:]
