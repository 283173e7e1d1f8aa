"""PDF files made by hand, one that takes long to read, and the processes that read them."""

import asyncio
import os
import subprocess
import zlib
from functools import cache


def pdf(*pages: str, title: str = "") -> bytes:
    """A PDF with one line of Helvetica a line of text."""
    return _file([_drawn(page) for page in pages], title)


@cache
def slow_pdf() -> bytes:
    """A small file whose pages draw so much that reading it takes far longer than any test waits."""
    return _file([b"BT /F1 12 Tf " + b"(a) Tj 1 0 0 1 9 9 Tm " * 150_000 + b"ET"] * 200, "")


@cache
def _packed(content: bytes) -> bytes:
    return zlib.compress(content)


def _drawn(page: str) -> bytes:
    lines = [line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in page.splitlines()]
    drawn = " T* ".join(f"({line}) Tj" for line in lines)
    return f"BT /F1 12 Tf 14 TL 72 720 Td {drawn} ET".encode("latin-1")


def _file(contents: list[bytes], title: str) -> bytes:
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(contents):
        packed = _packed(content)
        page = f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {5 + 2 * number} 0 R"
        objects.append(f"{page} /Resources << /Font << /F1 3 0 R >> >> >>".encode())
        head = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode()
        objects.append(head + packed + b"\nendstream")
    objects.append(f"<< /Title ({title}) >>".encode("latin-1"))
    file = bytearray(b"%PDF-1.4\n")
    offsets: list[int] = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return bytes(file + b"startxref\n%d\n%%%%EOF\n" % start)


def readers(parent: int) -> set[int]:
    """The processes that read a PDF for another one."""
    listed = subprocess.run(
        ["ps", "-ww", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    return {int(pid) for pid, ppid, *args in rows if int(ppid) == parent and "extract_pdf" in "".join(args)}


async def reader_of(task: "asyncio.Task[object]") -> int:
    """The process that reads the PDF, as soon as there is one."""
    while not task.done():
        if found := await asyncio.to_thread(readers, os.getpid()):
            return found.pop()
    raise AssertionError("the reading ended at once")


def has_worked(process: int) -> bool:
    """Whether it has used a second of CPU: it has read its input by then."""
    time = subprocess.run(["ps", "-o", "time=", "-p", str(process)], capture_output=True, text=True, check=False)
    return any(digit in "123456789" for digit in time.stdout.partition(".")[0])


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False
