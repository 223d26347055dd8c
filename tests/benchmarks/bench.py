"""What every row needs: stores of each length, a Rex without news, the program in a terminal, and how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from benchmarks.idle_rex import KEY, idle_rex
from benchmarks.make_store import NEWEST_NAME, adopt_store, make_store
from benchmarks.terminal import Terminal

T = TypeVar("T")
HERE: Final = Path(__file__).parent
SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
SIZES_QUICK: Final = (10_000, 100_000)
START_MAX_S: Final = 60.0
COUNTING: Final = r"reading times…|counting…"
"""What stands in the place of the bars of the log's times until they are counted."""


@dataclass
class Bench:
    """One run of the suite. `quick` is for a short one: shorter logs, fewer repetitions, seconds for minutes."""

    folder: Path
    quick: bool
    sizes: Sequence[int]
    started: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        self._stores: dict[int, Path] = {}
        self._open = ExitStack()
        self.url = ""

    def __enter__(self) -> Self:
        self.url = self._open.enter_context(idle_rex())
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._open.close()

    def say(self, what: str) -> None:
        """Say on standard error how far it is, and how long it has taken."""
        print(f"[{time.perf_counter() - self.started:5.0f} s] {what}", file=sys.stderr, flush=True)

    def pick(self, quick: T, full: T) -> T:
        """Give what a short run takes, or what a whole one takes."""
        return quick if self.quick else full

    def store(self, size: int) -> Path:
        """Give a store of so many events of the Rex without news, made where there is none yet."""
        if size not in self._stores:
            path = self.folder / f"events-{size}.db"
            if not path.exists() or not _is_ours(path, self.url, size):
                for old in self.folder.glob(f"{path.name}*"):
                    old.unlink()
                self.say(f"making a store of {size:,} events")
                make_store(path, size, self.url)
            self._stores[size] = path
        return self._stores[size]

    def store_near(self, size: int) -> tuple[int, Path]:
        """Give the store of so many events, or the longest there is in a shorter run, and its length."""
        size = max((one for one in self.sizes if one <= size), default=min(self.sizes))
        return size, self.store(size)

    def program(self, store: Path, url: str = "", *options: str, **environment: str) -> Terminal:
        """Start the program over a store, in a terminal, with a screen as a new user has it."""
        command = [sys.executable, "-m", "rex_tui", "--fresh", "--store", str(store), *options]
        return Terminal(command, self.environment(url) | environment)

    def environment(self, url: str = "") -> dict[str, str]:
        """Give what tells the program where Rex is, and nothing of the settings of whoever runs this."""
        return {"REX_URL": url or self.url, "REX_API_KEY": KEY, "REX_TUI_CONFIG": str(self._settings_file())}

    def started_over(self, size: int) -> Terminal:
        """Start the program over a store of so many events, and wait until the newest is on the screen."""
        terminal = self.program(self.store(size), "", "--interval", "300")
        try:
            terminal.wait_for(NEWEST_NAME, START_MAX_S)
            wait_until_whole(terminal, size)
        except BaseException:
            terminal.close()
            raise
        return terminal

    def repeat(self, what: str, times: int) -> Iterator[int]:
        """Count repetitions, and say each."""
        for number in range(1, times + 1):
            self.say(f"{what}, {number} of {times}")
            yield number

    def _settings_file(self) -> Path:
        path = self.folder / "settings.toml"
        path.touch(mode=0o600)
        return path


def wait_until_whole(terminal: Terminal, size: int) -> None:
    """Wait until the program knows all of its log, and has painted what it counts."""
    terminal.wait_for(f"all events · {size:,} of {size:,}", START_MAX_S)
    terminal.rest()
    give_up = time.perf_counter() + START_MAX_S
    while terminal.shows(COUNTING) and time.perf_counter() < give_up:  # it changes by itself, whatever key is pressed
        terminal.rest()


def timed(work: Callable[[], object]) -> float:
    """Give the seconds that something takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _is_ours(path: Path, url: str, size: int) -> bool:
    try:
        return adopt_store(path, url) == size
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it, another one is made
        print(f"{path} can't be used: {error}", file=sys.stderr)
        return False
