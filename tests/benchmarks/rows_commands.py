"""Commands without a screen: what they take to start, and how fast a long log is printed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer
from typing import Final

from benchmarks.bench import Bench, timed
from benchmarks.row import Row
from benchmarks.terminal import child_environment

SIZE: Final = 1_000_000
COMMAND_MAX_S: Final = 300.0
LINES_SQL: Final = (
    'SELECT \'{"id": "\' || id || \'", "type": "\' || type || \'", "occurred_at": "\' || occurred_at || \'", '
    "\"data\": ' || data || '}' FROM log ORDER BY seq"
)
"""What `tail` writes, by SQLite alone."""
SQLITE_ANYWHERE: Final = (
    "import sqlite3, sys\nfor (line,) in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]): print(line)"
)


def command_rows(bench: Bench) -> Iterator[Row]:
    """Measure commands that need neither a store nor a screen."""
    runs = bench.pick(8, 20)
    bench.say(f"{runs} starts of each command")
    commands = {"version": ["--version"], "tail-help": ["tail", "--help"]}
    floors: list[float] = []
    figures: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        floors.append(_ms(bench, ["-c", "pass"]))
        for name, arguments in commands.items():
            figures[name].append(_ms(bench, ["-m", "rex_tui", *arguments]))
    for name, arguments in commands.items():
        yield Row(name, f"rex-tui {' '.join(arguments)}", "ms", figures[name], floors, "python -c pass")


def tail_rows(bench: Bench) -> Iterator[Row]:
    """Measure the whole log as lines of JSON into a pipe."""
    size, path = bench.store_near(SIZE)
    ours = [sys.executable, "-m", "rex_tui", "tail", "--once", "--store", str(path)]
    floors, figures = [], []
    for _ in bench.repeat("tail --once", 2):
        bytes_: list[int] = []
        floors.append(1e3 * timed(lambda: bytes_.append(_read(bench, _sqlite(path)))))  # noqa: B023 - called at once
        figures.append(1e3 * timed(lambda: bytes_.append(_read(bench, ours))))  # noqa: B023 - called at once
        if bytes_[0] != bytes_[1]:
            bench.say(f"sqlite3 wrote {bytes_[0]:,} bytes, tail {bytes_[1]:,}")
    yield Row("tail-once", "tail --once, all of a log", "ms", figures, floors, "sqlite3 printing the same lines", size)


def _sqlite(path: Path) -> Sequence[str]:
    """Give the command that prints the lines: SQLite's own where there is one."""
    try:
        subprocess.run(["sqlite3", "-version"], capture_output=True, check=True)
    except OSError:
        return [sys.executable, "-c", SQLITE_ANYWHERE, str(path), LINES_SQL]
    return ["sqlite3", "-readonly", str(path), LINES_SQL]


def _ms(bench: Bench, arguments: Sequence[str]) -> float:
    return 1e3 * timed(lambda: _read(bench, [sys.executable, *arguments]))


def _read(bench: Bench, command: Sequence[str]) -> int:
    """Run a command and read what it prints through a pipe; give how many bytes."""
    environment = child_environment() | bench.environment()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as program:
        assert program.stdout is not None
        too_long = Timer(COMMAND_MAX_S, program.kill)
        too_long.start()
        count = 0
        while piece := program.stdout.read(1 << 16):
            count += len(piece)
        too_long.cancel()
    if program.returncode:
        raise ValueError(f"{' '.join(command)[:80]} ended with {program.returncode}")
    return count
