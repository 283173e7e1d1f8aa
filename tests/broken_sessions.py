"""Saved sessions, broken by a seed in one of a dozen ways."""

import json
import os
import random
import zlib
from collections.abc import Callable
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from sessions.journal_lines import encode_event
from sessions.journal_reader import JOURNAL
from sessions.meta import META
from sessions.snapshot import SNAPSHOT
from tests.example_runs import finished_run
from tests.hostile import HOSTILE

Fields = dict[str, JsonValue]

_FIELDS: TypeAdapter[Fields] = TypeAdapter(Fields)
_ODD: tuple[JsonValue, ...] = (None, True, -1, 10**400, 0.5, "", [], {}, [[]], {"kind": "run_created"}, *HOSTILE)


def events() -> list[Fields]:
    """A whole run's events, as they are saved."""
    return [
        _FIELDS.validate_json(encode_event(event.model_copy(update={"seq": number}))[1][20:-2])
        for number, event in enumerate(finished_run(), start=1)
    ]


def line(fields: Fields) -> bytes:
    """An event as a whole line, its checksum right: only what it says is wrong."""
    data = json.dumps(fields).encode()
    return b'{"c":"%08x","e":%s}\n' % (zlib.crc32(data), data)


def _truncated(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flipped(data: bytes, rng: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(rng.randint(1, 20)):
        flipped[rng.randrange(len(flipped))] ^= 1 << rng.randrange(8)
    return bytes(flipped)


def _junk(data: bytes, rng: random.Random) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 100, 70_000)))


def _odd(fields: Fields, rng: random.Random) -> Fields:
    """One of its values, somewhere within, replaced by another of any type."""
    name = rng.choice(list(fields))
    inside = fields[name]
    if isinstance(inside, dict) and inside and rng.random() < 0.7:
        return {**fields, name: _odd(inside, rng)}
    return {**fields, name: rng.choice(_ODD)}


def _deep(fields: Fields, rng: random.Random) -> Fields:
    nested: JsonValue = "core"
    for _ in range(rng.choice((50, 120, 400))):
        nested = {"in": nested} if rng.random() < 0.5 else [nested]
    return {**fields, rng.choice(["more", "input", *fields]): nested}


def _hostile(fields: Fields, rng: random.Random) -> Fields:
    def told(value: JsonValue) -> JsonValue:
        match value:
            case str():
                return f"{value}{rng.choice(HOSTILE)}"
            case list():
                return [told(item) for item in value]
            case dict():
                return {name: item if name in ("kind", "type") else told(item) for name, item in value.items()}
            case _:
                return value

    return {name: value if name in ("kind", "run", "status") else told(value) for name, value in fields.items()}


def _future(fields: Fields, rng: random.Random) -> Fields:
    later: Fields = {**fields, "schema": rng.choice((2, 99, 10**30))}
    return {**later, "kind": "teleported"} if rng.random() < 0.5 else later


_OF_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (_truncated, _flipped, _junk)
_OF_EVENTS: tuple[Callable[[Fields, random.Random], Fields], ...] = (_odd, _deep, _hostile, _future)


def _some(change: Callable[[Fields, random.Random], Fields], rng: random.Random) -> list[Fields]:
    share = rng.choice((0.1, 0.5, 1.0))
    return [change(fields, rng) if rng.random() < share else fields for fields in events()]


def break_one(directory: Path, rng: random.Random) -> str:
    """Breaks a saved session; answers how."""
    journal = directory / JOURNAL
    match rng.randrange(8):
        case 0 | 1:
            change = rng.choice(_OF_BYTES)
            journal.write_bytes(change(journal.read_bytes(), rng))
            return f"journal {change.__name__}"
        case 2 | 3 | 4:
            of_event = rng.choice(_OF_EVENTS)
            journal.write_bytes(b"".join(map(line, _some(of_event, rng))))
            return f"events {of_event.__name__}"
        case 5:
            lines = journal.read_bytes().splitlines(keepends=True)
            journal.write_bytes(b"".join(rng.choices(lines, k=len(lines))))
            return "lines lost, doubled and shuffled"
        case 6:
            change = rng.choice(_OF_BYTES)
            for name in (META, SNAPSHOT):
                (directory / name).write_bytes(change((directory / name).read_bytes(), rng))
            return f"meta and snapshot {change.__name__}"
        case _:
            journal.unlink()
            match rng.randrange(4):
                case 0:
                    journal.mkdir()
                case 1:
                    journal.symlink_to("/dev/zero")
                case 2:
                    os.mkfifo(journal)
                case _:
                    pass
            return "no journal"


def broken_file(rng: random.Random, exported: bytes) -> bytes:
    """An exported session file, broken."""
    if rng.random() < 0.5:
        return rng.choice(_OF_BYTES)(exported, rng)
    document = _FIELDS.validate_json(exported)
    if rng.random() < 0.5:
        return json.dumps(rng.choice(_OF_EVENTS)(document, rng)).encode()
    return json.dumps({**document, "events": _some(rng.choice(_OF_EVENTS), rng)}).encode()
