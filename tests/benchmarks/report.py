"""The rows as people and programs read them: a table, Markdown between the README's markers, JSON."""

from __future__ import annotations

import json
import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.row import Row, spread

HEADS: Final = ("what", "events", "figure", "spread", "floor", "its spread", "ratio", "budget", "")
BEGIN: Final = "<!-- figures -->"
END: Final = "<!-- -->"
PLAIN_FROM: Final = 100
"""Numbers from which on decimals say nothing."""


def table(rows: Sequence[Row]) -> str:
    """Give the rows as a table for a terminal."""
    cells = [HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place in (0, len(HEADS) - 2) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )


def markdown(rows: Sequence[Row], told: dict[str, Any]) -> str:
    """Give the rows as Markdown, under a line that says where and when they were measured."""
    where = (
        f"{told['cores']} cores of {told['machine']}, Python {told['python']}, SQLite {told['sqlite']}, "
        f"textual {told['textual']}, {told['date']}{', --quick' if told['quick'] else ''}:"
    )
    lines = [
        where,
        "",
        f"| {' | '.join(HEADS)} |",
        f"|{'---|' * len(HEADS)}",
        *(f"| {' | '.join(cell.replace('|', '/') for cell in _cells(row))} |" for row in rows),
    ]
    return "\n".join(lines)


def into_readme(readme: Path, text: str) -> None:
    """Put a text between the markers of a README; raises `ValueError` where it has none."""
    before = readme.read_text("utf-8")
    pattern = f"({re.escape(BEGIN)}\n).*?({re.escape(END)})"
    after, count = re.subn(pattern, lambda found: f"{found[1]}{text}\n{found[2]}", before, count=1, flags=re.DOTALL)
    if not count:
        raise ValueError(f"{readme} has no {BEGIN}")
    readme.write_text(after, "utf-8")


def machine(*, quick: bool) -> dict[str, Any]:
    """Give where and when this is measured."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "cores": len(os.sched_getaffinity(0)),
        "machine": _processor(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "textual": version("textual"),
        "quick": quick,
    }


def write_json(path: Path, rows: Sequence[Row], told: dict[str, Any]) -> None:
    """Write the rows with all samples, and what they come to, to a file."""
    found = [
        asdict(row)
        | {"figure": row.figure, "floor_figure": row.floor_figure, "ratio": row.ratio, "budget": row.budget_words}
        | {"holds": row.holds}
        for row in rows
    ]
    path.write_text(json.dumps(told | {"rows": found}, indent=1, ensure_ascii=False) + "\n", "utf-8")


def read_json(path: Path) -> tuple[list[Row], dict[str, Any]]:
    """Read what `write_json` wrote."""
    told = json.loads(path.read_text("utf-8"))
    names = [one.name for one in fields(Row)]
    rows = [Row(**{name: row[name] for name in names}) for row in told.pop("rows")]
    return rows, told


def _cells(row: Row) -> tuple[str, ...]:
    what = row.what if row.statistic == "p50" else f"{row.what}, p99"
    events = f"{row.events:,}" if row.events else ""
    if row.failed:
        return (what, events, "failed", "", "", "", "", row.budget_words, row.failed)
    return (
        what,
        events,
        f"{_number(row.figure)} {row.unit}",
        _span(spread(row.figures)),
        f"{_number(row.floor_figure)} {row.unit}" if row.floors else "",
        _span(spread(row.floors)),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        row.budget_words,
        {True: "holds", False: "MISSED", None: ""}[row.holds],
    )


def _span(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else f"{_number(ends[0])} to {_number(ends[1])}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= PLAIN_FROM else f"{value:.3g}"


def _processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()
