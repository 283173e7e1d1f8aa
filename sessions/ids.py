"""The names of runs and of durable steps."""

import hashlib
from datetime import UTC, datetime
from random import Random

import orjson

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
"""Base 32 without i, l, o and u, which are misread (https://www.crockford.com/base32.html), in lower case."""

RUN_ID = rf"^[0-9]{{8}}-[0-9]{{4}}-[{CROCKFORD}]{{4}}$"
"""The pattern of a run's id."""


def new_run_id(now: datetime, random: Random) -> str:
    """A run's id, such as `20261121-0512-k7m2`: date and time in UTC, then four random characters.

    Ids sort by the minute they were made in.
    """
    return f"{now.astimezone(UTC):%Y%m%d-%H%M}-{''.join(random.choices(CROCKFORD, k=4))}"


def step_id(name: str, ordinal: int, inputs: object) -> str:
    """A durable step's id: `name/ordinal-` and ten hex digits of the hash of its inputs.

    `inputs` is anything that JSON can hold; the order of an object's keys does not matter. Raises TypeError
    for what JSON cannot hold.
    """
    canonical = orjson.dumps(inputs, option=orjson.OPT_SORT_KEYS)
    return f"{name}/{ordinal}-{hashlib.sha256(canonical).hexdigest()[:10]}"
