"""The event store on a real file."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from rex_tui.event import Event, Page, Quarantined
from rex_tui.store import EventStore, OtherTenant, StoreDamaged, StoreTooNew, StoreUnwritable, TypeIndex
from rex_tui.store.schema import MIGRATIONS, migrate
from rex_tui.store.writer import TYPES_MAX

URL = "https://acme.rexgtm.com"


def event(number: int, type_: str = "deal.won", data: str = '{"value": 1}') -> Event:
    return Event(f"evt_{number:04}", type_, f"2026-03-16T12:00:{number % 60:02}Z", data, 1000.0 + number)


def page(*events: Event, cursor: str | None = "c1", more: bool = False, aside: tuple[Quarantined, ...] = ()) -> Page:
    return Page(events, aside, more, cursor)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "private" / "rex.db"


def test_what_was_appended_is_there_with_its_cursor_after_a_restart(path: Path) -> None:
    payload = '{ "big": 1180591620717411303424,\n "text": "caf\\u00e9 \\ud83d\\ude00" }'
    odd = Event("evt_x", "odd", "", payload, 5.5, extra={"actor": '{"id": 7}'})
    with EventStore(path, URL) as store:
        grown = store.append([page(event(1), odd, cursor="a"), page(event(2), cursor="b")])
        assert (grown.first, grown.last, grown.codes, grown.new_types) == (1, 3, (1, 2, 1), ("deal.won", "odd"))
    with EventStore(path, URL) as store:
        assert store.cursor == "b"
        kept = list(store.events(0, 10))
        assert [e.id for e in kept] == ["evt_0001", "evt_x", "evt_0002"]
        assert kept[1].data == payload
        assert dict(kept[1].extra) == {"actor": '{"id": 7}'}
        assert store.type_index().counts == {"deal.won": 2, "odd": 1}


def test_an_event_that_comes_twice_is_kept_once(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1), event(1), event(2))])
        grown = store.append([page(event(2), event(3), cursor="c2")])
        assert (grown.first, grown.last, len(grown)) == (3, 3, 1)
        assert [e.id for e in store.events(0, 10)] == ["evt_0001", "evt_0002", "evt_0003"]
        assert store.quarantined() == 0


def test_an_id_with_a_nul_is_known_when_it_comes_again(path: Path) -> None:
    odd = [Event(id_, "deal.won", "", "1", 0.0) for id_ in ("\0", "evt_1\0", "evt_1\0a", "evt_1")]
    with EventStore(path, URL) as store:
        assert len(store.append([page(*odd)])) == 4
        assert len(store.append([page(*odd)])) == 0
        assert store.quarantined() == 0


def test_the_same_id_with_other_content_is_set_aside_once_and_the_first_stays(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1, data='{"a":1}'))])
        assert store.append([page(event(1, data='{"a":2}'))]).quarantined == 1
        assert store.append([page(event(1, data='{"a":2}'))]).quarantined == 0
        assert [e.data for e in store.events(0, 10)] == ['{"a":1}']
        assert store.quarantined() == 1


def test_a_null_cursor_never_overwrites_a_real_one(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1), cursor="a"), page(event(2), cursor=None)])
        store.append([page(cursor=None)])
        assert store.cursor == "a"
        store.forget_cursor("gone", "read again", 0.0)
        assert store.cursor is None


def test_what_was_set_aside_is_kept_verbatim_and_once(path: Path) -> None:
    with EventStore(path, URL) as store:
        for _ in range(3):
            store.append([page(aside=(Quarantined(b'{"id":\xff}', "no text"),))])
        assert store.quarantined() == 1
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT raw, reason FROM quarantine").fetchall() == [(b'{"id":\xff}', "no text")]
    raw.close()


def test_a_failed_append_leaves_rows_cursor_types_and_memory_as_they_were(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1), cursor="a")])
        bad = Event("evt_bad", "new.type", "", "\ud800", 0.0)
        with pytest.raises(UnicodeEncodeError):
            store.append([page(event(2), bad, cursor="b")])
        assert (store.cursor, store.last_seq()) == ("a", 1)
        grown = store.append([page(event(3, "other.type"), cursor="c")])
        assert (grown.first, grown.codes, grown.new_types) == (2, (2,), ("other.type",))


def sequences(index: TypeIndex, shows: Callable[[str], bool]) -> list[int]:
    return list(index.sequences([False, *map(shows, index.names)], 1, len(index)))


def test_the_compact_type_index_agrees_with_the_rows_across_block_borders(path: Path) -> None:
    with EventStore(path, URL) as store:
        types = [f"kind{n % 300}.made" for n in range(10_000)]
        for start in range(0, 10_000, 1_700):
            part = [event(n, types[n]) for n in range(start, min(start + 1_700, 10_000))]
            store.append([page(*part)])
        index = store.type_index()
        assert len(index) == index.total == 10_000
        wanted = {"kind0.made", "kind299.made", "kind256.made"}
        expected = [n + 1 for n, name in enumerate(types) if name in wanted]
        assert sequences(index, wanted.__contains__) == expected


def test_an_index_that_grew_equals_one_that_was_loaded(path: Path) -> None:
    with EventStore(path, URL) as store:
        grown_index = store.type_index()
        for start in range(0, 900, 90):
            grown = store.append([page(*(event(n, f"r{n % 290}.x") for n in range(start, start + 90)))])
            grown_index.grow(grown)
            grown_index.grow(grown)  # a second time changes nothing
        loaded = store.type_index()
        assert grown_index.names == loaded.names
        assert grown_index.counts == loaded.counts
        for name in ("r0.x", "r255.x", "r289.x"):
            assert sequences(grown_index, name.__eq__) == sequences(loaded, name.__eq__)


def test_type_blocks_that_were_lost_are_made_anew(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(*(event(n, f"t.{n % 3}") for n in range(50)))])
        before = store.type_index().counts
    raw = sqlite3.connect(path)
    raw.execute("DELETE FROM type_blocks")
    raw.commit()
    raw.close()
    with EventStore(path, URL) as store:
        assert store.type_index().counts == before


def test_a_second_opener_follows_read_only_and_takes_over(path: Path) -> None:
    first = EventStore(path, URL)
    with EventStore(path, URL) as second:
        second.type_index()
        assert (first.writable, second.writable) == (True, False)
        assert second.writer_pid == str(os.getpid())
        with pytest.raises(StoreUnwritable, match="only follows"):
            second.append([page(event(1))])
        grown = first.append([page(event(1), event(2, "a.b"))])
        assert second.refresh() == grown
        assert len(second.refresh()) == 0
        assert not second.become_writer()
        first.close()
        assert second.become_writer()
        assert second.append([page(event(3))]).first == 3


def test_rows_leave_out_payloads_too_large_for_a_line(path: Path) -> None:
    large = '"' + "x" * 100_000 + '"'
    with EventStore(path, URL) as store:
        store.append([page(event(1), event(2, data=large))])
        small_row, large_row = store.rows([2, 1])
        assert (small_row.seq, small_row.data) == (1, '{"value": 1}')
        assert (large_row.data, large_row.size) == (None, 100_002)
        whole = store.event(2)
        assert whole is not None
        assert whole.data == large
        assert store.event(3) is None


def test_the_file_is_for_its_owner_only(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1))])
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        assert {"rex.db", "rex.db-wal", "rex.db.lock"} <= modes.keys()
        assert set(modes.values()) == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    EventStore(path, URL).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_tenants_store_is_refused_untouched(path: Path) -> None:
    EventStore(path, URL).close()
    before = path.read_bytes()
    with pytest.raises(OtherTenant, match="other"):
        EventStore(path, "https://other.rexgtm.com")
    assert path.read_bytes() == before
    EventStore(path, URL).close()


def test_a_newer_store_is_refused(path: Path) -> None:
    EventStore(path, URL).close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    raw.close()
    with pytest.raises(StoreTooNew, match="newer rex-tui"):
        EventStore(path, URL)


def test_a_foreign_file_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"these are my tax returns, not a store" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged):
        EventStore(path, URL)
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_untouched(path: Path) -> None:
    path.parent.mkdir()
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE mine (x)")
    raw.close()
    path.chmod(0o644)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="another program"):
        EventStore(path, URL)
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnwritable, match="can't be opened"):
        EventStore(tmp_path / "file" / "rex.db", URL)


def test_an_older_store_is_migrated_with_its_rows(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1))])
    raw = sqlite3.connect(path, isolation_level=None)
    migrate(raw, path, [*MIGRATIONS, "ALTER TABLE events ADD COLUMN note TEXT"])
    assert raw.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert raw.execute("SELECT id, note FROM events").fetchall() == [("evt_0001", None)]
    raw.close()


def test_a_migration_that_fails_leaves_the_version_before(path: Path) -> None:
    EventStore(path, URL).close()
    raw = sqlite3.connect(path, isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrate(raw, path, [*MIGRATIONS, "CREATE TABLE half (x); CREATE TABLE half (x)"])
    raw.close()
    EventStore(path, URL).close()


def test_a_full_disk_is_told_and_nothing_of_the_page_is_kept(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(event(1), cursor="a")])
        assert store._writer is not None
        pages = store._writer._connection.execute("PRAGMA page_count").fetchone()[0]
        store._writer._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnwritable, match="full"):
            store.append([page(event(2, data=f'"{"x" * 1_000_000}"'), cursor="b")])
        assert (store.cursor, store.last_seq()) == ("a", 1)


def test_holes_in_the_sequence_are_known_to_a_follower(path: Path, make_hole: Callable[[Path, int], None]) -> None:
    with EventStore(path, URL) as store:
        store.append([page(*(event(n) for n in range(1, 6)))])
        make_hole(path, 3)
        grown = store.refresh()
        assert (grown.first, grown.last, grown.codes) == (1, 5, (1, 1, 0, 1, 1))


@pytest.fixture
def make_hole() -> Callable[[Path, int], None]:
    def delete(path: Path, seq: int) -> None:
        raw = sqlite3.connect(path)
        raw.execute("DELETE FROM events WHERE seq = ?", (seq,))
        raw.commit()
        raw.close()

    return delete


def test_an_empty_index_shows_nothing() -> None:
    index = TypeIndex()
    assert (len(index), index.total, index.counts, sequences(index, lambda _: True)) == (0, 0, {}, [])


def test_types_without_an_end_are_set_aside_and_stop_nothing(path: Path) -> None:
    with EventStore(path, URL) as store:
        store.append([page(*(event(n, f"kind.{n}") for n in range(TYPES_MAX + 7)))])
        assert (store.last_seq(), store.quarantined()) == (TYPES_MAX, 7)
        assert store.append([page(event(20_000, "kind.5"), event(20_001, "kind.new"))]).quarantined == 1
        assert store.last_seq() == TYPES_MAX + 1
        assert store.type_index().counts["kind.5"] == 2
        assert store.problems() == []
