"""Writing what is on the screen to a file, and saying where it went."""

from pathlib import Path

from tui.safe import safe


def write_text(name: str, text: str) -> str:
    """Writes a new file in the working directory, never over another; answers a sentence on what became of it."""
    from tui.output import LostOutputError, put_file

    stem, dot, suffix = name.rpartition(".")
    path, number = Path(name), 1
    while path.exists():
        number += 1
        path = Path(f"{stem}-{number}{dot}{suffix}")
    try:
        put_file(path, f"{safe(text)}\n".encode())
    except LostOutputError as error:
        return str(error)
    return f"written to {path.resolve()}"
