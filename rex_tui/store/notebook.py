"""What the user adds to a log: marks, checkpoints, saved filters, consumers and more. A small file beside the store.

It is a file of its own so that every rex-tui on a store can write it, not only the one that holds the store's lock, and
so that it outlives a store that is moved aside and read again: events are named by their ids, not by their sequences.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from msgspec import Struct

from rex_tui.checkpoint import Checkpoint
from rex_tui.store.checkpoints import CHECKPOINTS_SCRIPT, read_checkpoints, write_checkpoint
from rex_tui.store.consumers import CONSUMERS_SCRIPT, Consumer, read_consumers, write_consumer
from rex_tui.store.errors import StoreError, StoreForeign, translated
from rex_tui.store.schema import close_to_others, create_file

SUFFIX: Final = ".notes"
APPLICATION_ID: Final = 0x5265784E  # "RexN"
BUSY_TIMEOUT_S: Final = 2.0
HISTORY_MAX: Final = 200
SCREEN_FACT: Final = "screen"
"""Under which name it is kept how the screen was left; its text may hold ids of events."""
TABLES: Final = f"""
    BEGIN IMMEDIATE;
    CREATE TABLE IF NOT EXISTS marks (event_id TEXT PRIMARY KEY, note TEXT NOT NULL, marked_at REAL NOT NULL);
    CREATE TABLE IF NOT EXISTS filters (name TEXT PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS history (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS columns (filter TEXT PRIMARY KEY, columns TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, fact TEXT NOT NULL);
    {CHECKPOINTS_SCRIPT}
    {CONSUMERS_SCRIPT}
    PRAGMA application_id = {APPLICATION_ID};
    COMMIT;
"""


class Mark(Struct, frozen=True):
    """A marked event: its id, the user's note ("" for none), and when it was marked, in seconds since the epoch."""

    event_id: str
    note: str
    marked_at: float


class Notebook:
    """Reads and writes the user's own things about one store; every write is on disk when the call returns.

    Any thread may call it. Where the file can't be written they are kept in memory, and `kept` is False with `why` in
    words.
    """

    def __init__(self, store: Path) -> None:
        """Open the notebook of the store at this path, or begin it."""
        self.path = notebook_path(store)
        self.why = ""
        self._one_at_a_time = threading.Lock()
        try:
            self._connection = self._open()
        except (StoreError, OSError) as error:
            self.why = str(error) if isinstance(error, StoreError) else f"{self.path}: {error.strerror or error}."
            self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
            self._connection.executescript(TABLES)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    @property
    def kept(self) -> bool:
        """Tell whether what is written outlives the program."""
        return not self.why

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    # ---- marks

    def marks(self) -> dict[str, Mark]:
        """Give every mark by its event's id, oldest first."""
        with translated(self.path):
            found = self._connection.execute(
                "SELECT event_id, note, marked_at FROM marks ORDER BY marked_at"
            ).fetchall()
        return {str(id_): Mark(str(id_), str(note), float(at)) for id_, note, at in found}

    def mark(self, event_id: str, note: str, now: float) -> None:
        """Mark an event, or change its note; raises `StoreError`."""
        with self._writing():
            self._connection.execute(
                "INSERT INTO marks VALUES (?, ?, ?) ON CONFLICT (event_id) DO UPDATE SET note = excluded.note",
                (event_id, note, now),
            )

    def unmark(self, event_id: str) -> None:
        """Take an event's mark and note away; raises `StoreError`."""
        with self._writing():
            self._connection.execute("DELETE FROM marks WHERE event_id = ?", (event_id,))

    # ---- checkpoints

    def checkpoints(self) -> dict[str, Checkpoint]:
        """Give every checkpoint by its name, the latest first."""
        with translated(self.path):
            return read_checkpoints(self._connection)

    def keep_checkpoint(self, kept: Checkpoint) -> None:
        """Keep a checkpoint, in place of the one that had its name; raises `StoreError`."""
        with self._writing():
            write_checkpoint(self._connection, kept)

    def drop_checkpoint(self, name: str) -> None:
        """Forget a checkpoint; raises `StoreError`."""
        with self._writing():
            self._connection.execute("DELETE FROM checkpoints WHERE name = ?", (name,))

    # ---- consumers

    def consumers(self) -> dict[str, Consumer]:
        """Give every consumer by its name, in the order of the names."""
        with translated(self.path):
            return read_consumers(self._connection)

    def keep_consumer(self, kept: Consumer) -> None:
        """Keep a consumer, in place of the one that had its name; raises `StoreError`."""
        with self._writing():
            write_consumer(self._connection, kept)

    def drop_consumer(self, name: str) -> None:
        """Forget a consumer; raises `StoreError`."""
        with self._writing():
            self._connection.execute("DELETE FROM consumers WHERE name = ?", (name,))

    # ---- saved filters and what was asked

    def filters(self) -> Mapping[str, str]:
        """Give the text of every saved filter by its name, in the order of the names."""
        with translated(self.path):
            found = self._connection.execute("SELECT name, text FROM filters ORDER BY name").fetchall()
        return {str(name): str(text) for name, text in found}

    def save_filter(self, name: str, text: str) -> None:
        """Keep a filter's text under a name, in place of what had that name; raises `StoreError`."""
        with self._writing():
            self._connection.execute("INSERT OR REPLACE INTO filters VALUES (?, ?)", (name, text))

    def drop_filter(self, name: str) -> None:
        """Forget a saved filter; raises `StoreError`."""
        with self._writing():
            self._connection.execute("DELETE FROM filters WHERE name = ?", (name,))

    def history(self) -> list[str]:
        """Give what was asked in the bar, the latest last."""
        with translated(self.path):
            found = self._connection.execute("SELECT text FROM history ORDER BY number").fetchall()
        return [str(text) for (text,) in found]

    def remember(self, text: str) -> None:
        """Note what was asked as the latest; of `HISTORY_MAX` the oldest are forgotten. Raises `StoreError`."""
        with self._writing():
            self._connection.execute("DELETE FROM history WHERE text = ?", (text,))
            self._connection.execute("INSERT INTO history (text) VALUES (?)", (text,))
            self._connection.execute(
                "DELETE FROM history WHERE number <= (SELECT max(number) FROM history) - ?", (HISTORY_MAX,)
            )

    # ---- columns

    def columns(self, filter_text: str) -> list[str]:
        """Give the columns chosen for a filter, each as the user's own text for it; [] where none were."""
        with translated(self.path):
            row = self._connection.execute("SELECT columns FROM columns WHERE filter = ?", (filter_text,)).fetchone()
        return _texts(row[0]) if row else []

    def all_columns(self) -> dict[str, list[str]]:
        """Give the columns chosen for every filter for which some were, by the filter's text."""
        with translated(self.path):
            found = self._connection.execute("SELECT filter, columns FROM columns").fetchall()
        return {str(filter_text): texts for filter_text, columns in found if (texts := _texts(columns))}

    def choose_columns(self, filter_text: str, columns: Sequence[str]) -> None:
        """Keep the columns chosen for a filter; none means the usual ones. Raises `StoreError`."""
        with self._writing():
            self._connection.execute("DELETE FROM columns WHERE filter = ?", (filter_text,))
            if columns:
                self._connection.execute("INSERT INTO columns VALUES (?, ?)", (filter_text, json.dumps(list(columns))))

    # ---- single facts

    def fact(self, name: str) -> str:
        """Give what is kept under a name, "" for nothing."""
        with translated(self.path):
            row = self._connection.execute("SELECT fact FROM facts WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def keep_fact(self, name: str, fact: str) -> None:
        """Keep a text under a name, in place of what was there; raises `StoreError`."""
        with self._writing():
            self._connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, fact))

    def first_fact(self, name: str, fact: str) -> str:
        """Give what is kept under a name; where nothing is, keep this text and give it. Raises `StoreError`."""
        if found := self.fact(name):
            return found
        with self._writing():
            self._connection.execute("INSERT OR IGNORE INTO facts VALUES (?, ?)", (name, fact))
        return self.fact(name)

    def _open(self) -> sqlite3.Connection:
        create_file(self.path)
        close_to_others(self.path)
        connection = sqlite3.connect(
            self.path, isolation_level=None, timeout=BUSY_TIMEOUT_S, check_same_thread=False, cached_statements=32
        )
        try:
            with translated(self.path):
                tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                if tables and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                    raise StoreForeign(f"{self.path} is a database of another program; marks are not kept.")
                connection.executescript(f"PRAGMA secure_delete = ON; {TABLES}")
        except StoreError:
            connection.close()
            raise
        return connection

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._one_at_a_time, translated(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")


def _texts(columns: object) -> list[str]:
    """Read a list of texts as it was written; another program's may be anything."""
    try:
        chosen = json.loads(str(columns))
    except (ValueError, RecursionError):
        return []
    return [text for text in chosen if isinstance(text, str)] if isinstance(chosen, list) else []


def notebook_path(store: Path) -> Path:
    """Give where the notebook of a store is: beside it, under its name and `.notes`."""
    return store.with_name(store.name + SUFFIX)


def forget_marks(store: Path, event_ids: Sequence[str]) -> int:
    """Delete the marks of these events from a store's notebook, if it has one; give how many. Raises `StoreError`.

    Checkpoints behind these events stay as moments. A screen that was left at one of them begins as usual.
    """
    if not notebook_path(store).exists():
        return 0
    with closing(Notebook(store)) as notebook, translated(notebook.path):
        if not notebook.kept:
            raise StoreError(f"The notes beside the store can't be changed: {notebook.why}")
        left = notebook.fact(SCREEN_FACT)
        if any(map(left.__contains__, event_ids)):
            notebook.keep_fact(SCREEN_FACT, "")
        with notebook._writing():  # noqa: SLF001 - the same room
            gone = notebook._connection.executemany(  # noqa: SLF001 - the same
                "DELETE FROM marks WHERE event_id = ?", [(id_,) for id_ in event_ids]
            )
            notebook._connection.executemany(  # noqa: SLF001 - the same
                "UPDATE checkpoints SET event_id = '' WHERE event_id = ?", [(id_,) for id_ in event_ids]
            )
        return max(0, gone.rowcount)
