"""Run the benchmark suite: the real program in a real terminal, each figure beside a floor of the same run.

    python tests/benchmarks/run.py [--quick] [--check] [--only ROWS] [--json FILE] [--readme] [--folder DIR]

Prints a table of medians and spreads, ratios to the floors, and budgets. A row that can't be measured says so, and the
others go on. `--check` exits with 1 where a budget is missed, for people and for nightly runs; no test asks for it.
"""

from __future__ import annotations

import argparse
import compileall
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.bench import SIZES, SIZES_QUICK, Bench
from benchmarks.growth import draw
from benchmarks.report import into_readme, machine, markdown, read_json, table, write_json
from benchmarks.row import Row
from benchmarks.rows_commands import command_rows, tail_rows
from benchmarks.rows_feed import busy_rows, catch_up_rows, far_rows
from benchmarks.rows_live import day_rows, idle_rows, live_rows
from benchmarks.rows_screen import screen_rows
from benchmarks.rows_store import store_rows
from benchmarks.rows_text import text_rows

Group: TypeAlias = Callable[[Bench], Iterator[Row]]
GROUPS: Final[Mapping[str, Group]] = {
    "screen": screen_rows,
    "text": text_rows,
    "busy": busy_rows,
    "catch-up": catch_up_rows,
    "far": far_rows,
    "day": day_rows,
    "store": store_rows,
    "idle": idle_rows,
    "live": live_rows,
    "commands": command_rows,
    "tail": tail_rows,
}
ROOT: Final = Path(__file__).parents[2]
README: Final = ROOT / "README.md"
GROWTH: Final = ROOT / "screenshots" / "growth.svg"
SIZE_MIN: Final = 5_000
"""A shorter log has less than the pages that are paged through."""


def measure(bench: Bench, names: list[str]) -> list[Row]:
    """Measure these groups of rows; one that fails is a row that says why."""
    rows: list[Row] = []
    for name in names:
        bench.say(name)
        try:
            rows.extend(GROUPS[name](bench))
        except Exception as error:  # noqa: BLE001 - the others go on
            told = (str(error).splitlines() or [""])[0]
            print(error, file=sys.stderr, flush=True)
            rows.append(Row(name, name, failed=f"{type(error).__name__}: {told}"[:120]))
    return rows


def _measured(chosen: argparse.Namespace) -> tuple[list[Row], dict[str, Any]]:
    if chosen.show:
        return read_json(chosen.show)
    started = time.perf_counter()
    compileall.compile_dir(str(ROOT / "rex_tui"), quiet=1)  # as an installation does
    sys.setswitchinterval(0.0005)  # the thread that stamps the output comes before the one that looks at it
    sizes = sorted({int(size) for size in chosen.sizes.split(",")}) if chosen.sizes else None
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as temporary:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        with Bench(folder, chosen.quick, sizes or (SIZES_QUICK if chosen.quick else SIZES)) as bench:
            rows = measure(bench, [name for name in GROUPS if not chosen.only or name in chosen.only])
    return rows, machine(quick=chosen.quick) | {"took_s": round(time.perf_counter() - started)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the benchmark suite.")
    parser.add_argument("--quick", action="store_true", help="three minutes in place of twenty")
    parser.add_argument("--check", action="store_true", help="exit with 1 where a budget is missed")
    parser.add_argument("--only", action="append", choices=list(GROUPS), help="only these rows; can be repeated")
    parser.add_argument("--sizes", help="numbers of events, with commas between")
    parser.add_argument("--folder", type=Path, help="keep the stores here, and use those that are here")
    parser.add_argument("--json", type=Path, help="write figures and samples to this file")
    parser.add_argument("--show", type=Path, help="measure nothing, and show what --json wrote")
    parser.add_argument("--svg", type=Path, help="draw the growth curves into this file")
    parser.add_argument("--readme", action="store_true", help="write table and growth curves for the README")
    chosen = parser.parse_args()
    if chosen.sizes and min(int(size) for size in chosen.sizes.split(",")) < SIZE_MIN:
        parser.error(f"a log of less than {SIZE_MIN:,} events has too few pages")
    return chosen


def main() -> None:
    """Read the command line, measure, print, write."""
    chosen = _arguments()
    rows, told = _measured(chosen)
    print(table(rows))
    print(f"{told['cores']} cores, {told['took_s']:,} s")
    if chosen.json:
        write_json(chosen.json, rows, told)
    if chosen.svg:
        draw(rows, chosen.svg)
    if chosen.readme:
        into_readme(README, markdown(rows, told))
        draw(rows, GROWTH)
    if chosen.check and any(row.holds is False for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
