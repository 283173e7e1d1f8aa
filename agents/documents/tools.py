"""A person's folder of documents as a run sees it, and the tools that read it."""

import asyncio
import difflib
import fnmatch
import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import TypeVar

from agents.documents.folder import Skipped
from agents.documents.index import Index
from agents.documents.literal import find_places
from agents.documents.refresh import fresh_index
from agents.documents.search import Entry, best, query_terms
from agents.tool_answers import ToolAnswer, ToolUseError
from sessions.errors import BadInputError
from sessions.evidence import Segment
from sessions.paths import UnwritableError, private_directory, reason
from sessions.sqlite_file import is_damage

MAX_LISTED = 200
MAX_PASSAGES = 20
MAX_PLACES = 20
"""Places where a text was found that are shown, and of one document:"""
MAX_PLACES_EACH = 4
MAX_READ = 20_000
MAX_ASKED = 1_000
"""Characters of a query, of a glob, of a text to find."""

Answer = TypeVar("Answer")


class BadFolderError(BadInputError):
    """The documents cannot be read; the message is one sentence."""


class Documents:
    """The documents in a folder as they stood when it was opened, redacted.

    The four tools are coroutines for a model; their docstrings are what it reads of them. Each raises ToolUseError
    with one sentence if it cannot do what it is asked.
    """

    def __init__(self, index: Index, skipped: Iterable[Skipped]) -> None:
        self.skipped = tuple(sorted(skipped, key=lambda item: item.path))
        """What could not be read, and why."""
        self._index = index
        self._entries = index.entries()
        self._by_id = {entry.id: entry for entry in self._entries}
        self._by_path = {entry.path: entry for entry in self._entries}
        self._by_hash = {entry.sha256: entry for entry in self._entries}

    @classmethod
    async def open(cls, root: Path, cache: Path) -> "Documents":
        """The documents in a folder. Their index is kept in the cache directory, and brought up to date.

        Raises BadFolderError if there is no such folder, or no document in it that can be read, and
        sessions.paths.UnwritableError if the cache directory cannot be written.
        """
        try:
            resolved = await asyncio.to_thread(_resolved, root)
            directory = await asyncio.to_thread(private_directory, cache / "documents")
            name = hashlib.sha256(str(resolved).encode("utf-8", "surrogateescape")).hexdigest()[:32]
            index, skipped = await fresh_index(resolved, directory / f"{name}.sqlite")
        except UnwritableError:
            raise
        except OSError as error:
            raise BadFolderError(f"The folder {root} cannot be read: {reason(error)}.") from error
        except sqlite3.Error as error:
            raise BadFolderError(f"The index of the documents in {cache} cannot be used: {error}.") from error
        documents = cls(index, skipped)
        if not documents.count:
            documents.close()
            raise BadFolderError(_no_documents(root, documents.skipped))
        return documents

    def close(self) -> None:
        """Closes the index. Tools that are called later fail."""
        self._index.close()

    @property
    def count(self) -> int:
        """How many documents could be read."""
        return len(self._entries)

    @property
    def digest(self) -> str:
        """A hash over all paths and texts: it changes exactly when a tool could answer differently."""
        lines = (f"{entry.path}\0{entry.sha256}\n" for entry in self._entries)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def text(self, source_sha256: str) -> str | None:
        """The whole stored text with that hash, or None if no document has it. Raises sqlite3.Error."""
        entry = self._by_hash.get(source_sha256)
        return None if entry is None else self._index.text(entry)

    async def list_documents(self, glob: str = "*") -> ToolAnswer:
        """List the documents: path, title and length of each.

        Use it to see what there is before you search. It says how many there are, and names up to 200.

        Args:
            glob: which paths, such as "*", "guide/*" or "**/*.md"; "*" also matches "/". Capitals do not matter.
        """
        entries = self._matching(glob)
        if not entries:
            return ToolAnswer(text=f"No document matches {_shown(glob)}; there are {self.count} documents.")
        lines = [f"{entry.path} — {entry.title} ({entry.length} characters)" for entry in entries[:MAX_LISTED]]
        more = len(entries) - len(lines)
        if more:
            lines.append(f"And {more} more: {_folders(entries)}. Narrow the glob to see them.")
        return ToolAnswer(text="\n".join([f"{len(entries)} of {self.count} documents:", *lines]))

    async def search_documents(self, query: str, limit: int = 6) -> ToolAnswer:
        """Search all documents for passages about something; the best come first.

        This is the way to find out what the documents say. Passages that hold any of the words match, in any
        inflection; those that hold more and rarer ones, or whose title says what is asked, come first.

        Args:
            query: two to five telling words, or a question.
            limit: how many passages, 1 to 20.
        """
        _check("query", query)
        terms = query_terms(query)
        if not terms:
            raise ToolUseError("The query holds no word to search for; give two to five telling words.")
        hits = await self._read(lambda: self._index.search(terms, self._by_id))
        shown = best(hits, terms, max(1, min(limit, MAX_PASSAGES)))
        if not shown:
            return ToolAnswer(text=f"No passage matches {_shown(query)}.")
        return ToolAnswer(tuple(_segment(hit.document, hit.start, hit.text) for hit in shown))

    async def find_text(self, text: str, glob: str = "*") -> ToolAnswer:
        """Find the very words in the documents: a name, a number, a phrase, an identifier.

        It finds them inside other words too, in capitals or not, across line ends, and shows what stands around.
        Nothing in the text is a pattern or a regular expression.

        Args:
            text: the words as they stand in a document.
            glob: in which documents, such as "*" or "guide/*".
        """
        _check("text", text)
        if not text.strip():
            raise ToolUseError("The text to find is empty; give the words as they stand in a document.")
        entries = self._matching(glob)
        return await self._read(lambda: self._find(text, entries))

    def _find(self, text: str, entries: list[Entry]) -> ToolAnswer:
        total, holding = 0, 0
        segments: list[Segment] = []
        for entry in entries:
            stored = self._index.text(entry)
            count, places = find_places(stored, text, MAX_PLACES_EACH)
            total, holding = total + count, holding + (count > 0)
            for start, end in places[: MAX_PLACES - len(segments)]:
                segments.append(_segment(entry, start, stored[start:end]))
        if not segments:
            return ToolAnswer(text=f"{_shown(text)} stands in none of {len(entries)} documents.")
        times = "once" if total == 1 else f"{total} times"
        return ToolAnswer(tuple(segments), f"Found {times} in {holding} of {len(entries)} documents.")

    async def read_document(self, path: str, start: int = 0, length: int = 6000) -> ToolAnswer:
        """Read a document, or a stretch of it. It says how long the document is, and where to read on.

        Use it to read around a passage before you rely on it.

        Args:
            path: the path as the other tools name it.
            start: the character to begin at; 0 is the beginning.
            length: how many characters, up to 20000.
        """
        entry = self._by_path.get(path.removeprefix("./"))
        if entry is None:
            raise ToolUseError(f"There is no document {_shown(path)}{self._similar(path)}.")
        if not 0 <= start < entry.length:
            raise ToolUseError(f"{entry.path} has {entry.length} characters; start at 0 to {entry.length - 1}.")
        if length < 1:
            raise ToolUseError(f"The length must be 1 to {MAX_READ} characters.")
        text = await self._read(lambda: self._index.text(entry))
        part = text[start : start + min(length, MAX_READ)]
        end = start + len(part)
        rest = f"Read on with start={end}." if end < entry.length else "That is its end."
        told = f"Characters {start} to {end} of {entry.length}. {rest}"
        return ToolAnswer((_segment(entry, start, part),), told)

    async def _read(self, reading: Callable[[], Answer]) -> Answer:
        """Reads the index in a thread."""
        try:
            return await asyncio.to_thread(reading)
        except sqlite3.Error as error:
            if isinstance(error, sqlite3.DatabaseError) and is_damage(error):
                self._index.condemn()
            raise ToolUseError(f"The index of the documents cannot be read: {error}.") from error

    def _matching(self, glob: str) -> list[Entry]:
        """The documents that a glob means: its paths, or all below the folder that it names."""
        _check("glob", glob)
        wanted = glob.strip().removeprefix("./").replace("**/", "*").casefold() or "*"
        patterns = [re.compile(fnmatch.translate(each)) for each in (wanted, f"{wanted.rstrip('/')}/*")]
        return [entry for entry in self._entries if any(each.match(entry.path.casefold()) for each in patterns)]

    def _similar(self, path: str) -> str:
        """What could have been meant by a path that there is not."""
        name = PurePosixPath(path[:MAX_ASKED]).name.casefold()
        meant = [known for known in self._by_path if PurePosixPath(known).name.casefold() == name][:3]
        meant = meant or difflib.get_close_matches(path[:MAX_ASKED], self._by_path, 3)
        return f"; did you mean {' or '.join(meant)}" if meant else "; list_documents shows them"


def _resolved(root: Path) -> Path:
    """The folder, links in its own path followed. Raises BadFolderError."""
    try:
        resolved = root.expanduser().resolve(strict=True)
    except (FileNotFoundError, NotADirectoryError):
        raise BadFolderError(f"There is no folder {root}.") from None
    except (RuntimeError, ValueError) as error:
        raise BadFolderError(f"{root} is no folder: {error}.") from None
    if not resolved.is_dir():
        raise BadFolderError(f"{root} is not a folder.")
    return resolved


def _no_documents(root: Path, skipped: tuple[Skipped, ...]) -> str:
    told = f"There is no document that can be read in {root} (Markdown, text, reStructuredText, HTML or PDF)"
    if skipped:
        told += f"; skipped {skipped[0].path}: {skipped[0].why}"
        told += f", and {len(skipped) - 1} more" if len(skipped) > 1 else ""
    return f"{told}."


def _check(what: str, asked: str) -> None:
    if len(asked) > MAX_ASKED:
        raise ToolUseError(f"The {what} is longer than {MAX_ASKED} characters; shorten it.")


def _shown(asked: str) -> str:
    """What was asked, in quotes, in one line."""
    words = " ".join(asked.split())
    return f"“{words[:100]}…”" if len(words) > 100 else f"“{words}”"


def _folders(entries: Iterable[Entry]) -> str:
    """The folders that hold documents, and how many each."""
    counts: dict[str, int] = {}
    for entry in entries:
        head, _, rest = entry.path.partition("/")
        folder = f"{head}/" if rest else "at the top"
        counts[folder] = counts.get(folder, 0) + 1
    largest = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:20]
    return ", ".join(f"{folder} {count}" for folder, count in largest)


def _segment(entry: Entry, start: int, text: str) -> Segment:
    return Segment(
        source=entry.path,
        source_sha256=entry.sha256,
        start=start,
        text=text,
        title=entry.title,
        date=entry.date,
    )
