"""`hubspoke sessions`, `show`, `export` and `import`: what is saved, read and carried."""

import argparse
import contextlib
import io
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from sessions import paths
from sessions.document import document
from sessions.export.formats import export_run, format_of
from sessions.journal_reader import SessionDamagedError
from sessions.library import Library, Sort
from sessions.load import load_standing, read_run
from sessions.state import RunState
from sessions.stats import Stats, stats, summary
from sessions.store import SessionMeta, Store
from tui.looks import BROKEN_OFF, RUNS, counted, cut_off
from tui.output import put, put_document, put_file
from tui.safe import safe_line
from tui.session_rows import paid
from tui.stats_text import stats_text, summary_text

_NO_RUNS = 'No runs are saved yet. Begin with: hubspoke ask "your question" --docs FOLDER'
_WIDE = 120
"""From so many columns on a list of runs has room for spokes and cost beside the question."""

_PIPED = 200
"""Columns where there is no terminal: what is read by another program is cut as little as may be."""

_METAS = TypeAdapter(list[SessionMeta])


def saved(options: argparse.Namespace) -> int:
    """Runs one of these commands; answers its exit code. Raises BadInputError."""
    store = Store(paths.home())
    match options.command:
        case "sessions":
            _list(" ".join(options.words), options.sort, as_json=options.json)
        case "show" if options.all:
            _show_all(store, as_json=options.json)
        case "show" if options.stats:
            _show_stats(_stats(store.find(options.session)), as_json=options.json)
        case "show":
            _show(load_standing(store.find(options.session)), as_json=options.json)
        case "import":
            _import(store, options.file)
        case _:
            _export(store, options)
    return 0


def _list(words: str, sort: Sort, *, as_json: bool) -> None:
    with contextlib.closing(Library(paths.home())) as library:
        count = library.read()
        while words and library.read_texts():
            pass
        metas = library.look(words, sort).metas
    if as_json:
        put_document(_METAS.dump_json(metas, indent=2).decode())
        return
    if not metas:
        put(f"None of the {counted(count, 'saved run')} has these words." if count else _NO_RUNS)
        return
    width = shutil.get_terminal_size((_PIPED, 24)).columns
    wide = width >= _WIDE
    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False)
    for name in ("run", "state", "when", *(("spokes", "cost") if wide else ()), "question"):
        table.add_column(name, no_wrap=name != "question", overflow="ellipsis")
    for meta in metas:
        when = datetime.fromtimestamp(meta.updated, UTC).astimezone().strftime("%Y-%m-%d %H:%M")
        readable = meta.status != "unreadable"
        spokes = f"{meta.spokes_done}✓ {meta.spokes_failed}✗ of {meta.spokes_total}"
        tags = "".join(f" #{safe_line(tag)}" for tag in meta.tags)
        table.add_row(
            Text(meta.run),
            Text(f"{RUNS[meta.status].glyph} {meta.status}"),
            Text(when if readable else ""),
            *((Text(spokes if readable else ""), Text(paid(meta, " tok") if readable else "")) if wide else ()),
            # The column alone gives up room; of what it has, a run takes one line.
            Text(f"{safe_line(meta.name or meta.error, 100)}{tags}", no_wrap=True, overflow="ellipsis"),
        )
    drawn = io.StringIO()
    Console(file=drawn, width=width, highlight=False, markup=False).print(table)
    put(drawn.getvalue().rstrip("\n"))


def _show(state: RunState, *, as_json: bool) -> None:
    if as_json:
        put_document(document(state).model_dump_json(by_alias=True, indent=2))
    elif state.report is not None:
        put(state.report.markdown)
    else:
        put(_progress(state))


def _show_stats(one: Stats, *, as_json: bool) -> None:
    if as_json:
        put_document(one.model_dump_json(indent=2))
    else:
        put(stats_text(one))


def _show_all(store: Store, *, as_json: bool) -> None:
    """The numbers over all saved runs; those that cannot be read are counted, and keep the others from nothing."""
    metas = store.list()
    if not metas and not as_json:
        put(_NO_RUNS)
        return
    many: list[Stats] = []
    for meta in metas:
        with contextlib.suppress(SessionDamagedError):
            many.append(_stats(store.find(meta.run)))
    told = summary(many, unread=len(metas) - len(many))
    if as_json:
        put_document(told.model_dump_json(indent=2))
    else:
        put(summary_text(told))


def _stats(directory: Path) -> Stats:
    """The numbers of a saved run. Raises SessionDamagedError when too little is left of it."""
    return stats(read_run(directory).events)


def _progress(state: RunState) -> str:
    """How far a run without a report came."""
    lines = [f"# {state.question}", "", f"{state.status}: no report yet. {state.message}".rstrip(), ""]
    for spoke in state.spokes.values():
        last = spoke.last
        told = f"{len(last.finished.findings)} findings" if last and last.finished else ""
        if last and last.failure and spoke.status == "failed":
            told = f"{last.failure.kind}: {last.failure.message}"
        status = BROKEN_OFF.word if cut_off(spoke) else spoke.status
        lines.append(f"- {spoke.title}: {status}{f', {told}' if told else ''}")
    lines += [f"- {notice}" for notice in state.notices]
    return "\n".join(lines)


def _export(store: Store, options: argparse.Namespace) -> None:
    output: Path | None = options.output
    data = export_run(store.find(options.session), options.format or format_of(output))
    if output is None or str(output) == "-":
        put_document(data.decode().removesuffix("\n"))
    else:
        put_file(output, data)


def _import(store: Store, file: Path) -> None:
    brought = store.bring(file)
    run = brought.run
    if brought.notice:
        print(safe_line(brought.notice), file=sys.stderr)  # noqa: T201
    put(f"{run}\nRead it with: hubspoke show {run}\nGo on with it: hubspoke resume {run} --docs DIR")
