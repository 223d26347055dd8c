"""Measure how long complete answers take: ten queries, each over every event of a store, in one thread.

    python tests/benchmarks/ask.py [--events 1000000] [--store FILE] [--runs 3]

Without FILE, a store like that of `make_store.py` is made in a temporary folder. Each query is asked as the program
asks it, `SELECT e.seq FROM events AS e WHERE (condition)`, and the quickest of the runs is printed.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.make_store import DEFAULT_URL, END, make_store

from rex_tui.query.language import Facts, parse

EVENTS: Final = 1_000_000
RUNS: Final = 3
QUERIES: Final = (
    "acme",
    "-migration",
    "Böttcher",
    "お見積り",
    "type:deal.* acme",
    "type:deal.won value>50000.00",
    "value>50000.00",
    'value>="40000.00 EUR"',
    "stage_id:stg_*",
    "email:*@example.org",
    "company.domain:fjordline*",
    "since:30d",
    "before:2025-02-01",
    "at:2025-06-01",
    "is:new",
    "re:/discount|rabatt/",
    "re:/migration.*EUR/",
)


def ask(connection: sqlite3.Connection, text: str, now: datetime) -> tuple[float, int]:
    """Give the seconds that a query takes over the whole store, and the number of events that match."""
    started = time.perf_counter()
    condition = parse(text, now).sql(Facts(new_after=EVENTS - 1_000))
    for name, function in condition.functions.items():
        connection.create_function(name, -1, cast("Any", function), deterministic=True)
    sql = f"SELECT e.seq FROM events AS e WHERE {condition.sql}"
    found = len(connection.execute(sql, condition.parameters).fetchall())
    return time.perf_counter() - started, found


def main() -> None:
    """Read the command line, make a store if none is named, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how long complete answers take.")
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--runs", type=int, default=RUNS)
    chosen = parser.parse_args()
    now = END.astimezone(ZoneInfo("Europe/Berlin"))
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as folder:
        path = chosen.store or Path(folder) / "ask.db"
        if chosen.store is None:
            make_store(path, chosen.events, DEFAULT_URL)
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            events: int = connection.execute("SELECT count(*) FROM events").fetchone()[0]
            print(f"{events:,} events")
            for text in QUERIES:
                answers = [ask(connection, text, now) for _ in range(chosen.runs)]
                print(f"{min(answers)[0]:8.2f} s  {answers[0][1]:9,} found  {text}")


if __name__ == "__main__":
    main()
