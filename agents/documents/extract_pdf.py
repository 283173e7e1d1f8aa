"""A process of its own that reads one PDF: `python -m agents.documents.extract_pdf [SECONDS] < FILE`.

It writes one JSON object to standard output: `{"text", "title"}`, or `{"error"}` with a few words on the fault.
A PDF can be made to cost any amount of time and memory, so both are limited here (where the system can), and its
parent may kill it at any moment. Nothing of the project is imported: it starts quickly, and from anywhere.
"""

import io
import json
import os
import sys
import threading
import time
from contextlib import suppress

MAX_MEMORY = 1_500_000_000
"""Bytes of address space."""

MAX_PAGES = 3_000
MAX_TEXT = 20_000_000
"""Characters, of all pages together."""

DEFAULT_SECONDS = 30


def read_pdf(data: bytes) -> dict[str, str]:
    """The text of all pages, an empty line between two, and the title in the metadata."""
    from pypdf import PdfReader  # after the limits are set

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        return {"error": "it is encrypted"}
    pages: list[str] = []
    left = MAX_TEXT
    for page in reader.pages[:MAX_PAGES]:
        text = page.extract_text()[:left]
        left -= len(text)
        pages.append(text.strip())
    title = reader.metadata.title if reader.metadata else None
    return {"text": "\n\n".join(page for page in pages if page), "title": title or ""}


def _limit(seconds: int) -> None:
    """Limits what this process may use. Where the system knows no such limits, its parent's clock is left."""
    with suppress(ImportError):
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, MAX_MEMORY),
            (resource.RLIMIT_CPU, seconds + 1),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, 0),
        ):
            with suppress(ValueError, OSError):
                resource.setrlimit(limit, (value, value))


def _end_with(parent: int) -> None:
    """Ends this process when its parent is gone, killed without a chance to tell."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def main() -> None:
    """Reads the PDF on standard input."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    _limit(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_SECONDS)
    sys.setrecursionlimit(3_000)
    try:
        answer = read_pdf(sys.stdin.buffer.read())
    except MemoryError:
        answer = {"error": "it takes too much memory"}
    except Exception as error:  # whatever a broken file makes of the reader
        answer = {"error": " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # without waiting for the thread, or for a heap to be taken apart


if __name__ == "__main__":
    main()
