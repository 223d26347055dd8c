"""Measure how fast the bar finds: the first results, the complete answer, and keys while a search runs.

    python tests/benchmarks/find.py [--size 1000000] [--runs 5] [--folder DIR]

First the search alone, in this process, for words of different frequency; then the whole program in a
pseudo-terminal, where the word is typed into the bar; that nothing is found so far is no result. Times are medians in
milliseconds, keys also their worst. Nothing fails because of a figure: the table says them.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.idle_rex import KEY, idle_rex
from benchmarks.make_store import adopt_store, make_store
from benchmarks.terminal import Terminal

from rex_tui.query.filter import EVERYTHING
from rex_tui.query.found import FoundView
from rex_tui.query.language import Facts, parse
from rex_tui.query.scan import Scan
from rex_tui.store import EventStore

WORDS: Final = ("won", "acme", "newest of them", "zqxqz")
WAIT_MAX_S: Final = 60.0
HEADS: Final = ("matches", "first", "all", "bar first", "bar all", "key", "worst key")
WIDTHS: Final = (10, 8, 8, 11, 9, 7, 11)
KEY_GAP_S: Final = 0.07


def search_alone(store: Path, word: str) -> tuple[float, float, int]:
    """Give the seconds to the first result and to the whole answer, and the number of matches."""
    with EventStore(store, None) as opened:
        index = opened.type_index()
        query = parse(f'"{word}"', datetime.now(UTC))
        view = FoundView(index, EVERYTHING, query)
        first = 0.0
        begun = time.perf_counter()
        scan = Scan(index, EVERYTHING, query.sql(Facts()), 1, view.last)
        came = threading.Event()
        threads = [threading.Thread(target=scan.work, args=(opened.scanner, came.set)) for _ in range(scan.threads)]
        for thread in threads:
            thread.start()
        while not view.complete:
            came.wait()
            came.clear()
            while (part := scan.take()) is not None:
                view.found_before(*part)
            first = first or (len(view) and time.perf_counter() - begun)
        took = time.perf_counter() - begun
        for thread in threads:
            thread.join()
        return first, took, view.events


def in_the_bar(store: Path, url: str, size: int, word: str) -> tuple[float, float, list[float]]:
    """Give the seconds to the first result and to the whole answer on screen, and those of keys during searches."""
    command = [sys.executable, "-m", "rex_tui", "--fresh", "--store", str(store), "--interval", "300"]
    whole, title = f"{size:,}", "with .?" + re.escape(word.partition(" ")[0])
    with Terminal(command, {"REX_URL": url, "REX_API_KEY": KEY}) as terminal:
        terminal.wait_for(re.escape(f"{whole} of {whole}"), WAIT_MAX_S)
        terminal.rest()
        terminal.send("/")
        terminal.wait_for("Enter keeps", WAIT_MAX_S)
        terminal.rest()
        sent = terminal.send(word)
        first = terminal.wait_for(rf"{title}.* [1-9][\d,]* of {whole}", WAIT_MAX_S) - sent
        complete = terminal.wait_for(rf"{title}.* of {whole} [^·]*$", WAIT_MAX_S) - sent
        keys = []
        typed = f"/ {word}"
        for key in "abcdefghijkl":
            time.sleep(KEY_GAP_S)
            typed += key
            sent = terminal.send(key)
            keys.append(terminal.wait_for(re.escape(typed), WAIT_MAX_S) - sent)
        terminal.send("\x1b")
        terminal.rest()
        terminal.send("\x1b")
        terminal.rest()
    return first, complete, keys


def main() -> None:
    """Read the command line, measure, print the table."""
    parser = argparse.ArgumentParser(description="Measure how fast the bar finds.")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="keep the store here, and use the one that is here")
    chosen = parser.parse_args()
    sys.setswitchinterval(0.0005)
    with tempfile.TemporaryDirectory(prefix="rex-tui-bench-") as temporary, idle_rex() as url:
        folder = chosen.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"events-{chosen.size}.db"
        if not path.exists() or adopt_store(path, url) != chosen.size:
            path.unlink(missing_ok=True)
            make_store(path, chosen.size, url)
        heads = "".join(f"{head:>{width}}" for head, width in zip(HEADS, WIDTHS, strict=True))
        print(f"{'ms, median':20}{heads}")
        for word in WORDS:
            alone = [search_alone(path, word) for _ in range(chosen.runs)]
            shown = [in_the_bar(path, url, chosen.size, word) for _ in range(chosen.runs)]
            keys = [key for _, _, some in shown for key in some]
            figures = [
                statistics.median(first for first, _, _ in alone),
                statistics.median(took for _, took, _ in alone),
                statistics.median(first for first, _, _ in shown),
                statistics.median(took for _, took, _ in shown),
                statistics.median(keys),
                max(keys),
            ]
            cells = "".join(f"{figure * 1e3:>{width}.0f}" for figure, width in zip(figures, WIDTHS[1:], strict=True))
            print(f"{word:20}{alone[0][2]:>{WIDTHS[0]},}{cells}", flush=True)


if __name__ == "__main__":
    main()
