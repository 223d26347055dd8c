"""A text in the bar: its first results and all of them, against one scan by SQLite alone."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from benchmarks.bench import Bench, timed
from benchmarks.row import Row

WORD: Final = "acme"
WAIT_MAX_S: Final = 120.0
SIZES: Final = (1_000_000, 10_000_000)


def text_rows(bench: Bench) -> Iterator[Row]:
    """Measure a word of which there are some in each screenful of a thousand."""
    sizes = [size for size in bench.sizes if size in SIZES] or [max(bench.sizes)]
    for size in sizes:
        path = bench.store(size)
        floors, first, complete = [], [], []
        for _ in bench.repeat(f"a text in {size:,} events", 2 if bench.quick or size > SIZES[0] else 4):
            floors.append(1e3 * timed(lambda path=path: _scan(path)))  # type: ignore[misc]
            one, other = _in_the_bar(bench, size)
            first.append(1e3 * one)
            complete.append(1e3 * other)
        floor = "one scan by SQLite alone"
        yield Row("text-first", f"text filter “{WORD}”, first results", "ms", first, floors, floor, size)
        yield Row("text", f"text filter “{WORD}”, complete", "ms", complete, floors, floor, size)


def _scan(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.execute("SELECT count(*) FROM events WHERE data LIKE ?", (f"%{WORD}%",)).fetchone()


def _in_the_bar(bench: Bench, size: int) -> tuple[float, float]:
    """Give the seconds from the word, sent at once, to the first result on the screen, and to all of them."""
    whole, title = f"{size:,}", "with .?" + re.escape(WORD)
    with bench.started_over(size) as terminal:
        terminal.send("/")
        terminal.wait_for("Enter keeps", WAIT_MAX_S)
        terminal.rest()
        sent = terminal.send(WORD)
        first = terminal.wait_for(rf"{title}.* [1-9][\d,]* of {whole}", WAIT_MAX_S) - sent
        complete = terminal.wait_for(rf"{title}.* of {whole} [^·]*$", WAIT_MAX_S) - sent
        terminal.send("\x1b")
        terminal.rest()
        terminal.send("\x1b")
        terminal.rest()
    return first, complete
