"""Writing the store: rows and cursor in one transaction, so that a crash at any moment loses and doubles nothing."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rex_tui.event import GAP_TYPE, Event, Grown, Page, Quarantined
from rex_tui.keep import Keep
from rex_tui.names import Remembered
from rex_tui.store import blocks
from rex_tui.store.compact_event import coded, having, put_ids
from rex_tui.store.digest import digest_of
from rex_tui.store.gap import OpenGap
from rex_tui.store.mentions import EntityIndex
from rex_tui.store.names import put_names
from rex_tui.store.pages import put_pages
from rex_tui.store.rereading import Rereading
from rex_tui.store.retention import forget_slice, slice_due
from rex_tui.store.times import seconds_of_coded
from rex_tui.store.type_codes import pack_codes
from rex_tui.store.upkeep import StoreUpkeep, make_blocks, make_counts

OTHER_CONTENT: Final = "an event with this id came before, with other content"
TYPES_MAX: Final = 10_000
"""Types that the log takes in, some of which are ours; Rex has about thirty, and a code has room for 65,535."""
TOO_MANY_TYPES: Final = "there are more types already than a CRM can have"
OUR_OWN: Final = f"its type is {GAP_TYPE}, which only rex-tui itself writes"

KNOWN: Final = "SELECT e.id, t.name, e.occurred_at, e.data FROM events AS e JOIN types t ON t.code = e.type WHERE "


class StoreWriter:
    """The one writable connection to a store. Any thread may call it; one call waits for another."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Take a writable connection to a store of the newest version, whose lock this process holds."""
        self._connection = connection
        self._one_at_a_time = threading.RLock()
        self._codes: dict[str, int] = dict(connection.execute("SELECT name, code FROM types"))
        self._last = blocks.last_seq(connection)
        self._index = EntityIndex(connection)
        self._forgets = connection.execute("SELECT EXISTS (SELECT 1 FROM forgotten)").fetchone()[0] == 1
        self._rereading = Rereading(connection)
        self._repair_blocks()

    def close(self) -> None:
        """Close the connection."""
        with self._one_at_a_time:
            self._connection.close()

    def set_meta(self, facts: Mapping[str, str]) -> None:
        """Write facts about the store itself (`base_url`, `writer`)."""
        with self._transaction():
            self._put_meta(facts)

    def prune(self, keep: Keep, now: float, up_to: int, named: Collection[str]) -> int:
        """Forget a slice of what is not to be kept, nothing behind the sequence `up_to`; give up to which sequence.

        It is 0 where nothing is due. Of events whose ids are among `named`, id, place and time stay. `now` is in
        seconds since the epoch, UTC.
        """
        with self._transaction():
            last = slice_due(self._connection, keep, now, up_to)
            if last:
                self._index.drop(forget_slice(self._connection, last, keep.text, named))
                self._forgets = True
        return last

    def forget_cursor(self, gap: OpenGap | None, *, rereads: bool) -> None:
        """Let the next poll begin at the start of the log, across `gap` if there is something before it.

        `rereads` says that it is read again: then what was forgotten is passed over.
        """
        with self._transaction():
            if rereads:
                self._rereading.begin()
            self._connection.execute("DELETE FROM meta WHERE key = 'cursor'")
            if gap is not None:
                self._put_meta({"gap": gap.to_json()})

    def knows(self, page: Page) -> bool:
        """Tell whether anything of a page is in this log, or was set aside or forgotten there."""
        ids = {event.id for event in page.events}
        with self._one_at_a_time:
            return bool(self.known(ids) or self._forgotten(ids)) or any(
                self._connection.execute("SELECT 1 FROM quarantine WHERE digest = ?", (_digest(item),)).fetchone()
                for item in page.quarantined
            )

    def remember(self, names: Sequence[Remembered]) -> None:
        """Keep what is known of these names, in place of what was before."""
        with self._transaction():
            put_names(self._connection, names)

    def upkeep(self, path: Path) -> StoreUpkeep:
        """Give the tools for deleting and compacting; what they change is not known to this object any more."""
        return StoreUpkeep(self._connection, path)

    def append(self, pages: Sequence[Page], settled: Sequence[bytes] = ()) -> Grown:
        """Write the pages' events and the last cursor among them in one transaction; give what was new.

        `settled` are the digests of what was set aside and is an event among these now.
        """
        with self._transaction():
            fresh, set_aside = self._sort(pages)
            self._connection.executemany("DELETE FROM quarantine WHERE digest = ?", [(digest,) for digest in settled])
            new_types = self._add_types(fresh)
            codes = [self._codes[event.type] for event in fresh]
            times = [coded(event.occurred_at) for event in fresh]
            first = self._last + 1
            self._connection.executemany(
                "INSERT INTO events (seq, id, type, happened, received_at, data, extra) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (seq, event.id, code, happened, event.received_at, event.data, _extra(event))
                    for seq, (event, code, happened) in enumerate(zip(fresh, codes, times, strict=True), first)
                ),
            )
            put_ids(self._connection, ((event.id, seq) for seq, event in enumerate(fresh, first)))
            self._connection.executemany(
                "UPDATE types SET count = count + ? WHERE code = ?",
                [(count, code) for code, count in Counter(codes).items()],
            )
            blocks.put(self._connection, blocks.TYPES, first, pack_codes(codes))
            seconds = array("I", map(seconds_of_coded, times))
            blocks.put(self._connection, blocks.TIMES, first, blocks.pack(blocks.TIMES, seconds))
            self._index.add(
                (seq, event.type, code, event.data, _extra(event))
                for seq, (event, code) in enumerate(zip(fresh, codes, strict=True), first)
            )
            put_pages(self._connection, pages, fresh, first)
            quarantined = self._put_quarantine(set_aside)
            cursors = [page.next_cursor for page in pages if page.next_cursor is not None]
            if cursors:
                self._put_meta({"cursor": cursors[-1]})
        self._last += len(fresh)
        return Grown(first, self._last, tuple(codes), tuple(new_types), quarantined)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Commit what the block writes, or take all of it back, also from memory."""
        with self._one_at_a_time:
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
                    self._index = EntityIndex(self._connection)

    def _sort(self, pages: Sequence[Page]) -> tuple[list[Event], list[tuple[Quarantined, float]]]:
        """Part what came into events that are new and things to set aside; what is known already is neither."""
        came = [event for page in pages for event in page.events]
        received_at = came[-1].received_at if came else 0.0
        set_aside = [(item, received_at) for page in pages for item in page.quarantined]
        ids = {event.id for event in came}
        known = self.known(ids)
        forgotten = self._forgotten(ids) | self._rereading.passed_over(pages, known.keys())
        fresh: dict[str, Event] = {}
        new_types: set[str] = set()
        for event in came:
            earlier = known.get(event.id) or (content_of(fresh[event.id]) if event.id in fresh else None)
            if earlier is None and event.id not in forgotten:
                if event.type not in self._codes:
                    new_types.add(event.type)
                refused = self._refusal(event.type, len(new_types))
                if refused:
                    set_aside.append((Quarantined(_verbatim(event), refused), event.received_at))
                else:
                    fresh[event.id] = event
            elif earlier is not None and earlier != content_of(event):
                set_aside.append((Quarantined(_verbatim(event), OTHER_CONTENT), event.received_at))
        return self._across_gap(list(fresh.values()), overlap=bool(known or forgotten)), set_aside

    def _refusal(self, event_type: str, new_types: int) -> str:
        """Give why events of a type are not taken into the log, "" where they are; `new_types` came with this one."""
        if event_type == GAP_TYPE:
            return OUR_OWN
        if event_type not in self._codes and len(self._codes) + new_types > TYPES_MAX:
            return TOO_MANY_TYPES
        return ""

    def _across_gap(self, fresh: list[Event], *, overlap: bool) -> list[Event]:
        """Give the new events, after an open gap with the row that tells of it.

        A log that still has one of our events has all that followed it, so that nothing is missing then.
        """
        found = self._connection.execute("SELECT value FROM meta WHERE key = 'gap'").fetchone()
        if found is None or not (fresh or overlap):
            return fresh
        self._connection.execute("DELETE FROM meta WHERE key = 'gap'")
        return fresh if overlap else [OpenGap.from_json(found[0]).closed_by(fresh[0], self._last + 1), *fresh]

    def known(self, ids: set[str]) -> dict[str, tuple[str, str, str]]:
        """Give type, time and data of those of these ids that the log has."""
        condition, parameters = having(ids)
        with self._one_at_a_time:
            rows = self._connection.execute(KNOWN + condition, parameters).fetchall()
        return {id_: (name, occurred_at, data) for id_, name, occurred_at, data in rows}

    def _forgotten(self, ids: set[str]) -> set[str]:
        if not self._forgets:
            return set()
        digests = {digest_of(id_): id_ for id_ in ids}
        return {
            id_
            for digest, id_ in digests.items()
            if self._connection.execute("SELECT 1 FROM forgotten WHERE digest = ?", (digest,)).fetchone()
        }

    def _add_types(self, events: Sequence[Event]) -> list[str]:
        new_types = list(dict.fromkeys(event.type for event in events if event.type not in self._codes))
        for name in new_types:
            self._codes[name] = len(self._codes) + 1
            self._connection.execute(
                "INSERT INTO types (code, name, count) VALUES (?, ?, 0)", (self._codes[name], name)
            )
        return new_types

    def _put_quarantine(self, items: Sequence[tuple[Quarantined, float]]) -> int:
        before = self._connection.total_changes
        self._connection.executemany(
            "INSERT OR IGNORE INTO quarantine (digest, raw, reason, received_at) VALUES (?, ?, ?, ?)",
            [(_digest(item), item.raw, item.reason, at) for item, at in items],
        )
        return self._connection.total_changes - before

    def _put_meta(self, facts: Mapping[str, str]) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", facts.items())

    def mend_types(self) -> None:
        """Make the compact forms and the counts by type anew from the rows."""
        with self._transaction():
            make_counts(self._connection)
            make_blocks(self._connection)

    def _repair_blocks(self) -> None:
        """Make the compact forms anew where their length shows that they are not those of the rows."""
        if not all(blocks.is_as_long_as(self._connection, form, self._last) for form in (blocks.TYPES, blocks.TIMES)):
            with self._transaction():
                make_blocks(self._connection)


def _digest(item: Quarantined) -> bytes:
    return hashlib.sha256(item.raw).digest()


def content_of(event: Event) -> tuple[str, str, str]:
    """Give what makes two events with one id the same: type, time and data."""
    return event.type, event.occurred_at, event.data


def _extra(event: Event) -> str | None:
    return json.dumps(dict(event.extra)) if event.extra else None


def _verbatim(event: Event) -> bytes:
    head = json.dumps({"id": event.id, "type": event.type, "occurred_at": event.occurred_at})
    members = [head[1:-1], f'"data":{event.data}', *(f"{json.dumps(k)}:{v}" for k, v in event.extra.items())]
    return f"{{{','.join(members)}}}".encode()
