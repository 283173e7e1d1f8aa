"""Many saved runs, quickly made: each has a question and a report of its own, the rest of it is the same."""

import itertools
import random
from pathlib import Path

from sessions.events import AnyEvent, ReportFinished
from sessions.journal_lines import encode_event
from sessions.journal_reader import JOURNAL
from sessions.load import fold_all
from sessions.meta import META, read_saved_meta, write_meta
from sessions.store import Store
from tests.example_runs import created, finished_run

_AT = 1_790_000_000.0
_APART_S = 600.0
_SYLLABLES = "ba ce di fo gu ha ke li mo nu pa re si to vu wa ze ly cha tri sto gen mar tel".split()


class Words:
    """Words as a language has them: a few stand everywhere, most stand hardly anywhere."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = ["".join(parts) for parts in itertools.product(_SYLLABLES, repeat=3)]
        random.Random(0).shuffle(self._words)

    def some(self, least: int, most: int) -> str:
        """So many words."""
        ranks = (int(self._random.paretovariate(0.6)) for _ in range(self._random.randint(least, most)))
        return " ".join(self._words[min(rank, len(self._words) - 1)] for rank in ranks)


def run_id(number: int) -> str:
    """The id of one of the runs; the first one was used last."""
    return f"2026{1 + number // 1_000:02d}{1 + number // 50 % 20:02d}-{number % 24:02d}{number % 50:02d}-aaaa"


def fill(home: Path, count: int, *, words: tuple[int, int] = (150, 900)) -> None:
    """Saves so many runs, with reports of so many words (by default 1 to 6 kB)."""
    store, speech = Store(home), Words(1)
    state = fold_all(finished_run())
    same = [_line(event, seq) for seq, event in enumerate(finished_run(), 1)]
    row = None
    for number in range(count):
        run, at = run_id(number), _AT - _APART_S * number
        directory = store.path(run)
        directory.mkdir(parents=True, mode=0o700)
        question = f"{speech.some(6, 14).capitalize()}?"
        lines = [_line(created(run, question), 1, at), *same[1:]]
        for place, event in enumerate(finished_run()):
            if isinstance(event, ReportFinished):
                report = event.model_copy(update={"markdown": f"# Report\n\n{speech.some(*words)}\n"})
                lines[place] = _line(report, place + 1, at)
        lines[-1] = _line(finished_run()[-1], len(lines), at)
        (directory / JOURNAL).write_bytes(b"".join(lines))
        (directory / "lock").touch()
        size = sum(map(len, lines))
        if row is None:
            write_meta(directory, state, size)
            row = read_saved_meta(directory)
        meta = row.model_copy(update={"run": run, "question": question, "updated": at, "journal_bytes": size})
        (directory / META).write_text(meta.model_dump_json(exclude={"live", "title", "tags"}), encoding="utf-8")


def _line(event: AnyEvent, seq: int, at: float = _AT) -> bytes:
    return encode_event(event.model_copy(update={"seq": seq, "at": at}))[1]
