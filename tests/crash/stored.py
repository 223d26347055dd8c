"""Look into a store's file from outside, after its writer was killed, and compare it with the log it mirrors.

Everything is read with plain SQL, so that no code of the store has a say in whether the store is right.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rex_tui.demo import DemoEvent
from rex_tui.store.compact_event import find_id_problems
from rex_tui.store.times import seconds_of

FIRST_TABLES: Final = frozenset({"meta", "types", "events", "type_blocks", "quarantine", "forgotten"})
INDEX_TABLES: Final = frozenset({"entities", "mentions", "unlisted", "shapes", "drifts"})
TABLES_OF: Final[dict[int, frozenset[str]]] = {
    2: FIRST_TABLES,
    3: FIRST_TABLES | INDEX_TABLES,
    4: FIRST_TABLES | INDEX_TABLES | {"pages"},
    5: FIRST_TABLES | INDEX_TABLES | {"pages", "names"},
    6: FIRST_TABLES | INDEX_TABLES | {"pages", "names", "time_blocks"},
    7: FIRST_TABLES | INDEX_TABLES | {"pages", "names", "time_blocks", "ids", "odd_ids", "moving"},
}
"""The tables of the versions that a new store goes through."""
TABLES: Final = TABLES_OF[7] - {"moving"}
ULID_LENGTH: Final = 26
PREFIXES: Final = ("cont_", "comp_", "deal_", "pipe_", "stg_", "act_", "task_", "usr_", "imp_", "prod_", "evt_")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look into a store found: its events, those missing of what it says it has, those it has twice.

    `wrong` holds a sentence for everything that is not as it should be; it is empty for a sound store.
    """

    stored: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: tuple[str, ...] = ()


def look(path: Path, log: Sequence[DemoEvent], known_before: int = 0) -> Finding:
    """Compare the store at `path` with `log`, of which it held the first `known_before` events at the last look."""
    if not path.exists() or not path.stat().st_size:
        return Finding(lost=known_before, wrong=("the file is gone",) if known_before else ())
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
        if verdict != "ok":
            return Finding(wrong=(f"SQLite finds the file corrupt: {verdict}",))
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not tables:
            return Finding(lost=known_before, wrong=("the tables are gone",) if known_before else ())
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if (
            version in TABLES_OF
            and tables == TABLES_OF[version]
            and not connection.execute("SELECT count(*) FROM events").fetchone()[0]
        ):
            return Finding(lost=known_before, wrong=("the events are gone",) if known_before else ())
        if tables != TABLES:
            return Finding(wrong=(f"the tables were made halfway: {sorted(tables)}",))
        return _compare(connection, log, known_before)


def _compare(connection: sqlite3.Connection, log: Sequence[DemoEvent], known_before: int) -> Finding:
    rows = connection.execute(
        "SELECT events.seq, events.id, types.name, events.occurred_at, events.data, events.type"
        " FROM events LEFT JOIN types ON types.code = events.type ORDER BY events.seq"
    ).fetchall()
    ids = {row[1] for row in rows}
    position = {event.id: number for number, event in enumerate(log, 1)}
    promised = _promised(connection, position)
    wrong = []
    expected = [(seq, event.id, event.type, event.occurred_at, event.data) for seq, event in enumerate(log, 1)]
    if [row[:5] for row in rows] != expected[: len(rows)]:
        wrong.append("the events are no verbatim prefix of the log")
    if promised is None:
        wrong.append("the cursor is none that the log gave out")
    elif promised > len(rows):
        wrong.append(f"the cursor stands after event {promised}, but only {len(rows)} are stored")
    if dict(connection.execute("SELECT name, count FROM types")) != Counter(row[2] for row in rows):
        wrong.append("the counts by type are not those of the events")
    blocks = b"".join(codes for (codes,) in connection.execute("SELECT codes FROM type_blocks ORDER BY block"))
    if _codes(blocks) != [row[5] for row in rows]:
        wrong.append("the compact form of the types is not that of the events")
    times = b"".join(packed for (packed,) in connection.execute("SELECT times FROM time_blocks ORDER BY block"))
    if times != b"".join(seconds_of(row[3]).to_bytes(4, "little") for row in rows):
        wrong.append("the compact form of the times is not that of the events")
    mentions = set(connection.execute("SELECT id, seq FROM mentions JOIN entities ON code = entity"))
    if mentions != {(id_, seq) for seq, row in enumerate(rows, 1) for id_ in _ids(row[4])}:
        wrong.append("the index of ids is not that of the events")
    if connection.execute("SELECT count(*) FROM quarantine").fetchone()[0]:
        wrong.append("sound events were set aside")
    must_have = max(known_before, promised or 0)
    wrong += find_id_problems(connection)
    lost = sum(event.id not in ids for event in log[:must_have])
    return Finding(len(rows), lost, len(rows) - len(ids), tuple(wrong))


def _promised(connection: sqlite3.Connection, position: dict[str, int]) -> int | None:
    """Give how many events the cursor says are stored; None where it is no cursor of the log."""
    found = connection.execute("SELECT value FROM meta WHERE key = 'cursor'").fetchone()
    if found is None:
        return 0
    try:
        told = json.loads(base64.urlsafe_b64decode(found[0] + "=" * (-len(found[0]) % 4)))
        return position[told["id"]]
    except (ValueError, KeyError, TypeError):
        return None


@lru_cache(100_000)
def _ids(data: str) -> frozenset[str]:
    """Give the ids in a payload, found by walking all of it."""
    found: set[str] = set()
    waiting: list[object] = [json.loads(data)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict | list):
            waiting.extend(value.values() if isinstance(value, dict) else value)
        elif isinstance(value, str) and value.startswith(PREFIXES) and len(value.partition("_")[2]) == ULID_LENGTH:
            found.add(value)
    return frozenset(found)


def _codes(blocks: bytes) -> list[int]:
    """Read type codes as the file format has them: two bytes each, little-endian."""
    return [int.from_bytes(bytes(pair), "little") for pair in zip(blocks[::2], blocks[1::2], strict=True)]
