"""Writing the store: rows and cursor in one transaction, so that a crash at any moment loses and doubles nothing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

from rex_tui.event import Event, Grown, Page, Quarantined
from rex_tui.store.schema import CODES_A_BLOCK
from rex_tui.store.type_index import HOLE, pack_codes

OTHER_CONTENT: Final = "an event with this id came before, with other content"


class StoreWriter:
    """The one writable connection to a store. `append` may run in any thread, one call at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take a writable connection to a store of the newest version, whose lock this process holds."""
        self._connection = connection
        self._codes: dict[str, int] = dict(connection.execute("SELECT name, code FROM types"))
        self._last: int = connection.execute("SELECT coalesce(max(seq), 0) FROM events").fetchone()[0]
        self._repair_type_blocks()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def set_meta(self, facts: Mapping[str, str]) -> None:
        """Write facts about the store itself (`base_url`, `writer`)."""
        with self._transaction():
            self._put_meta(facts)

    def forget_cursor(self) -> None:
        """Let the next poll read the log again from its start; events that are known are then told by their ids."""
        with self._transaction():
            self._connection.execute("DELETE FROM meta WHERE key = 'cursor'")

    def append(self, pages: Sequence[Page]) -> Grown:
        """Write the pages' events and the last cursor among them in one transaction; give what was new."""
        with self._transaction():
            fresh, set_aside = self._sort(pages)
            new_types = self._add_types(fresh)
            codes = [self._codes[event.type] for event in fresh]
            first = self._last + 1
            self._connection.executemany(
                "INSERT INTO events (seq, id, type, occurred_at, received_at, data, extra)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (seq, event.id, code, event.occurred_at, event.received_at, event.data, _extra(event))
                    for seq, (event, code) in enumerate(zip(fresh, codes, strict=True), first)
                ),
            )
            self._connection.executemany(
                "UPDATE types SET count = count + ? WHERE code = ?",
                [(count, code) for code, count in Counter(codes).items()],
            )
            self._put_blocks(first, codes)
            quarantined = self._put_quarantine(set_aside)
            cursors = [page.next_cursor for page in pages if page.next_cursor is not None]
            if cursors:
                self._put_meta({"cursor": cursors[-1]})
        self._last += len(fresh)
        return Grown(first, self._last, tuple(codes), tuple(new_types), quarantined)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit what the block writes, or take all of it back, also from memory."""
        known_types = dict(self._codes)
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
            known_types = self._codes
        finally:
            self._codes = known_types
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _sort(self, pages: Sequence[Page]) -> tuple[list[Event], list[tuple[Quarantined, float]]]:
        """Part what came into events that are new and things to set aside; what is known already is neither."""
        came = [event for page in pages for event in page.events]
        received_at = came[-1].received_at if came else 0.0
        set_aside = [(item, received_at) for page in pages for item in page.quarantined]
        known = self._known({event.id for event in came})
        fresh: dict[str, Event] = {}
        for event in came:
            earlier = known.get(event.id) or (_content(fresh[event.id]) if event.id in fresh else None)
            if earlier is None:
                fresh[event.id] = event
            elif earlier != _content(event):
                set_aside.append((Quarantined(_verbatim(event), OTHER_CONTENT), event.received_at))
        return list(fresh.values()), set_aside

    def _known(self, ids: set[str]) -> dict[str, tuple[str, str, str]]:
        with_nul = {id_ for id_ in ids if "\0" in id_}  # SQLite's JSON cuts texts off there
        rows = self._connection.execute(
            "SELECT e.id, t.name, e.occurred_at, e.data FROM events e JOIN types t ON t.code = e.type"
            " WHERE e.id IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids - with_nul)),),
        ).fetchall()
        for id_ in with_nul:
            rows += self._connection.execute(
                "SELECT e.id, t.name, e.occurred_at, e.data FROM events e JOIN types t ON t.code = e.type"
                " WHERE e.id = ?",
                (id_,),
            )
        return {id_: (name, occurred_at, data) for id_, name, occurred_at, data in rows}

    def _add_types(self, events: Sequence[Event]) -> list[str]:
        new_types = list(dict.fromkeys(event.type for event in events if event.type not in self._codes))
        for name in new_types:
            self._codes[name] = len(self._codes) + 1
            self._connection.execute(
                "INSERT INTO types (code, name, count) VALUES (?, ?, 0)", (self._codes[name], name)
            )
        return new_types

    def _put_blocks(self, first: int, codes: Sequence[int]) -> None:
        packed = pack_codes(codes)
        while packed:
            block, offset = divmod(first - 1, CODES_A_BLOCK)
            part = packed[: 2 * (CODES_A_BLOCK - offset)]
            self._connection.execute(
                "INSERT INTO type_blocks (block, codes) VALUES (?1, ?2)"
                " ON CONFLICT (block) DO UPDATE SET codes = CAST(codes || excluded.codes AS BLOB)",
                (block, part),
            )
            packed = packed[len(part) :]
            first += len(part) // 2

    def _put_quarantine(self, items: Sequence[tuple[Quarantined, float]]) -> int:
        before = self._connection.total_changes
        self._connection.executemany(
            "INSERT OR IGNORE INTO quarantine (digest, raw, reason, received_at) VALUES (?, ?, ?, ?)",
            [(hashlib.sha256(item.raw).digest(), item.raw, item.reason, at) for item, at in items],
        )
        return self._connection.total_changes - before

    def _put_meta(self, facts: Mapping[str, str]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", facts.items())

    def _repair_type_blocks(self) -> None:
        """Make the compact form of the types anew where its length shows that it is not that of the rows."""
        held = self._connection.execute("SELECT coalesce(sum(length(codes)), 0) FROM type_blocks").fetchone()[0]
        if held == 2 * self._last:
            return
        with self._transaction():
            codes = [HOLE] * self._last
            for seq, code in self._connection.execute("SELECT seq, type FROM events"):
                codes[seq - 1] = code
            self._connection.execute("DELETE FROM type_blocks")
            self._put_blocks(1, codes)


def _content(event: Event) -> tuple[str, str, str]:
    return event.type, event.occurred_at, event.data


def _extra(event: Event) -> str | None:
    return json.dumps(dict(event.extra)) if event.extra else None


def _verbatim(event: Event) -> bytes:
    head = json.dumps({"id": event.id, "type": event.type, "occurred_at": event.occurred_at})
    members = [head[1:-1], f'"data":{event.data}', *(f"{json.dumps(k)}:{v}" for k, v in event.extra.items())]
    return f"{{{','.join(members)}}}".encode()
