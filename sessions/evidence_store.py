"""The texts that a run's evidence stands in, kept whole under their hashes."""

import re
from collections.abc import Iterable
from pathlib import Path

from sessions.atomic_file import write_atomic
from sessions.evidence import text_sha256
from sessions.paths import UnwritableError, private_directory, reason
from sessions.regular_file import read_regular

_SHA256 = re.compile(r"[0-9a-f]{64}")


class EvidenceStore:
    """The stored texts of one run: `evidence/<sha256>` in its directory.

    A text that the disk refuses is kept in memory, so that the run goes on; `fault` then says why, in one
    sentence. May be used from several threads.
    """

    def __init__(self, directory: Path) -> None:
        """For the run in this directory; nothing is made before the first text comes."""
        self.fault = ""
        self._directory = directory / "evidence"
        self._saved: set[str] = set()
        self._unsaved: dict[str, str] = {}

    def put(self, text: str) -> str:
        """Keeps a text, durably if the disk lets it, and returns its hash. A known one costs nothing."""
        sha256 = text_sha256(text)
        if sha256 in self._saved:
            return sha256
        try:
            if self._read(sha256) is None:
                write_atomic(private_directory(self._directory) / sha256, _encode(text))
        except UnwritableError as error:
            self._unsaved[sha256] = text
            self.fault = self.fault or f"Evidence is no longer saved: {reason(error)}."
        else:
            self._saved.add(sha256)
            self._unsaved.pop(sha256, None)
        return sha256

    def mend(self) -> str:
        """Saves what the disk had refused; empty, or why it refuses it still."""
        self.fault = ""
        for text in tuple(self._unsaved.values()):
            self.put(text)
        return self.fault

    def get(self, sha256: str) -> str | None:
        """The text with that hash, or None if there is none, or the file no longer holds it."""
        if not _SHA256.fullmatch(sha256):
            return None
        kept = self._unsaved.get(sha256)
        return kept if kept is not None else self._read(sha256)

    def texts(self, hashes: Iterable[str]) -> dict[str, str]:
        """The texts there are, by hash."""
        return {sha256: text for sha256 in hashes if (text := self.get(sha256)) is not None}

    def _read(self, sha256: str) -> str | None:
        try:
            text = read_regular(self._directory / sha256).decode("utf-8", "surrogatepass")
        except (OSError, UnicodeDecodeError):
            return None
        return text if text_sha256(text) == sha256 else None


def _encode(text: str) -> bytes:
    # As it is hashed (`sessions.evidence.text_sha256`), half a surrogate pair included.
    return text.encode("utf-8", "surrogatepass")
