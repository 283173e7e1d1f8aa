"""The providers: they differ only in how the client is built."""

import os
from dataclasses import dataclass
from typing import Literal

import httpx2
from anthropic import AnthropicError, AsyncAnthropic, DefaultAioHttpClient
from pydantic import SecretStr

from agents.embedded.mishaps import Mishaps
from agents.embedded.transport import EmbeddedTransport
from sessions.errors import BadInputError

ProviderName = Literal["claude", "embedded"]

EMBEDDED_MODEL = "embedded"
EMBEDDED_NOTE = "Made by the embedded engine: extracted from your documents, nothing invented."

_CONNECT_S = 15.0
_READ_S = 90.0
"""Longer than the attempt's own watchdog, which knows pings from progress."""


class BadProviderError(BadInputError):
    """No client can be built; the message says what is missing."""


@dataclass(frozen=True)
class Provider:
    """Who answers: its name, what reports say of it, and the one model it has, if it has only one."""

    name: ProviderName
    note: str = ""
    only_model: str = ""


CLAUDE = Provider("claude")
EMBEDDED = Provider("embedded", EMBEDDED_NOTE, EMBEDDED_MODEL)


def provider(name: str, key: SecretStr | None = None) -> Provider:
    """The provider of that name; `auto` is Claude where credentials are found. Raises BadProviderError."""
    match name:
        case "embedded":
            return EMBEDDED
        case "claude":
            if key is None and not _found_credentials():
                raise BadProviderError(
                    "No credentials for Claude were found; set ANTHROPIC_API_KEY, or use --provider embedded."
                )
            return CLAUDE
        case "auto":
            return CLAUDE if _found_credentials() else EMBEDDED
        case _:
            raise BadProviderError(f"There is no provider {name!r}; use auto, claude or embedded.")


def _found_credentials() -> bool:
    """Whether the SDK would find credentials (key, token or profile), or an endpoint that may need none."""
    if os.environ.get("ANTHROPIC_BASE_URL"):
        return True
    try:
        client = AsyncAnthropic()
    except AnthropicError:
        return False
    return bool(client.api_key or client.auth_token or client.credentials)


def build_client(
    chosen: Provider, pace: float = 0.0, key: SecretStr | None = None, *, demo: bool = False
) -> AsyncAnthropic:
    """A client for the provider; retries, deadlines and gates are ours.

    `pace` slows the embedded engine, and in a `demo` it meets mishaps; `key` stands in for whatever credentials
    the SDK would find.
    """
    if chosen.name == "embedded":
        transport = EmbeddedTransport(pace=pace, mishaps=Mishaps() if demo else None)
        return AsyncAnthropic(
            api_key="embedded",
            base_url="http://embedded.invalid",
            http_client=httpx2.AsyncClient(transport=transport),
            max_retries=0,
        )
    http = DefaultAioHttpClient(timeout=httpx2.Timeout(_READ_S, connect=_CONNECT_S))
    if key is not None:
        return AsyncAnthropic(api_key=key.get_secret_value(), http_client=http, max_retries=0)
    client = AsyncAnthropic(http_client=http, max_retries=0)
    if not (client.api_key or client.auth_token or client.credentials):
        # An endpoint of one's own may want no key, but the SDK sends no request without one.
        return client.with_options(api_key="none")
    return client
