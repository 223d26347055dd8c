"""Measure how many bytes an event takes in the store, table by table, against the bytes of the payload text itself.

    python tests/benchmarks/size.py [STORE] [--events 200000]

Without a store one is made of the demo's events, as `make_store.py` does. It needs an SQLite with the table `dbstat`.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.make_store import DEFAULT_URL, make_store

EVENTS: Final = 200_000
RATIO_MAX: Final = 1.5


def measure(path: Path) -> float:
    """Print the tables of a store and what an event takes in each; give the bytes for a byte of payload text."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        events, text = connection.execute(
            "SELECT count(*), coalesce(sum(length(CAST(data AS BLOB))), 0) FROM log"
        ).fetchone()
        tables = connection.execute(
            "SELECT name, sum(pgsize), sum(unused) FROM dbstat GROUP BY name ORDER BY 2 DESC"
        ).fetchall()
    for name, size, unused in tables:
        print(f"{name:32} {size / events:8.2f} bytes an event, {unused / events:6.2f} of them empty")
    ratio = sum(size for _, size, _ in tables) / text
    print(f"payload text {text / events:.2f} bytes an event, the store takes {ratio:.3f} x", end="  ")
    print("within" if ratio <= RATIO_MAX else "MISSED")
    return float(ratio)


def main() -> None:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description="Measure how many bytes an event takes in the store.")
    parser.add_argument("store", type=Path, nargs="?")
    parser.add_argument("--events", type=int, default=EVENTS)
    chosen = parser.parse_args()
    if chosen.store is not None:
        measure(chosen.store)
        return
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as folder:
        path = Path(folder) / "rex.db"
        make_store(path, chosen.events, DEFAULT_URL)
        measure(path)


if __name__ == "__main__":
    main()
