"""A store whose file is harmed, region by region: never a crash, never an overwrite, and all of it comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from rex_tui.event import Event, Page, Quarantined
from rex_tui.store import EventStore, StoreDamaged, StoreError, StoreForeign, StoreGone, TypeIndex

URL = "https://acme.rexgtm.com"
REGION = 1024
PAGES = [
    Page(
        tuple(
            Event(f"evt_{n:05}", f"deal.kind{n % 7}", "2026-03-16T12:00:00Z", f'{{"n":{n},"t":"{"x" * 60}"}}', 1.0)
            for n in range(start, start + 50)
        ),
        (Quarantined(b"{%d" % start, "broken"),),
        has_more=True,
        next_cursor=f"c{start}",
    )
    for start in range(0, 400, 50)
]


def make(path: Path) -> bytes:
    """Make a sound store with all pages, closed, and give its bytes."""
    with EventStore(path, URL) as store:
        store.append(PAGES)
    return path.read_bytes()


def use(store: EventStore) -> list[str]:
    """Read all there is in every way, and append all pages again, as the program would; give the ids."""
    index = store.type_index()
    seqs = list(index.sequences([False, *(True for _ in index.names)], 1, len(index)))
    for start in range(0, len(seqs), 40):
        store.rows(seqs[start : start + 40])
    for seq in seqs:
        store.event(seq)
    store.set_aside(100)
    store.problems()
    store.append(PAGES)
    return sorted(event.id for event in store.events(0, 10_000))


ALL_IDS = sorted(event.id for page in PAGES for event in page.events)
SIZE = 24
"""Tests that share the regions of the file between them."""


@pytest.mark.parametrize("part", range(SIZE))
@pytest.mark.parametrize("how", ["zeros", "noise", "flips"])
def test_harm_in_any_region_is_survived(tmp_path: Path, part: int, how: str) -> None:
    path, random = tmp_path / "rex.db", Random(part)
    sound = make(path)
    for start in range(part * REGION, len(sound), SIZE * REGION):
        end = min(start + REGION, len(sound))
        harmed = bytearray(sound)
        for at in range(start, end):
            if how == "zeros":
                harmed[at] = 0
            elif how == "noise":
                harmed[at] = random.randrange(256)
        if how == "flips":
            for _ in range(3):
                harmed[random.randrange(start, end)] ^= 1 << random.randrange(8)
        for side in tmp_path.iterdir():
            if side.name != "rex.db.lock":
                side.unlink()
        path.write_bytes(harmed)

        _survives(path, bytes(harmed))


def _survives(path: Path, harmed: bytes) -> None:
    try:
        store = EventStore(path, URL)
    except StoreError:  # refused with a sentence: then it must be untouched
        assert path.read_bytes() == harmed
        return
    with store:
        for _ in range(3):
            try:
                ids = use(store)
                break
            except StoreDamaged:
                store.start_over()
        else:
            pytest.fail("a store that was begun anew is damaged again")
        if store.moved_aside is not None:
            assert ids == ALL_IDS
            assert store.problems() == []
            assert store.moved_aside.stat().st_size == len(harmed)


@pytest.mark.parametrize("cut_to", [0, 1, 99, 100, 512, 4096, 5000, 20_000])
def test_a_file_that_was_cut_short_is_survived(tmp_path: Path, cut_to: int) -> None:
    path = tmp_path / "rex.db"
    harmed = make(path)[:cut_to]
    path.write_bytes(harmed)

    _survives(path, harmed)


def test_a_damaged_store_is_kept_under_another_name_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    harmed = make(path)[:100] + bytes(8_000)
    path.write_bytes(harmed)

    with EventStore(path, URL) as store:
        assert store.moved_aside is not None
        assert store.moved_aside.name.startswith("rex.db.damaged-")
        assert store.moved_aside.read_bytes() == harmed
        assert (store.last_seq(), store.cursor) == (0, None)


def test_two_damaged_stores_do_not_overwrite_each_other(tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    names = set()
    for _ in range(3):
        path.write_bytes(make(path)[:100] + bytes(8_000))
        with EventStore(path, URL) as store:
            assert store.moved_aside is not None
            names.add(store.moved_aside)
    assert len(names) == 3
    assert all(name.exists() for name in names)


def test_a_damaged_store_that_another_process_writes_is_left_to_it(tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    make(path)
    with EventStore(path, URL) as writer:
        path.write_bytes(b"no store" * 1_000)
        with pytest.raises(StoreDamaged):
            EventStore(path, URL)
        assert path.read_bytes() == b"no store" * 1_000
        assert writer.writable


def test_another_programs_database_is_refused_each_time(tmp_path: Path) -> None:
    path = tmp_path / "mine.db"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE mine (x)")
    raw.close()
    for _ in range(3):
        with pytest.raises(StoreForeign, match="another program"):
            EventStore(path, URL)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.db"]


def test_a_file_that_never_was_a_store_is_refused_each_time(tmp_path: Path) -> None:
    path = tmp_path / "thesis.txt"
    path.write_text("A thesis, not a store. " * 500)
    for _ in range(3):
        with pytest.raises(StoreDamaged, match="Nothing was changed"):
            EventStore(path, URL)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        opened.append(PAGES[:2])
        yield opened


def test_a_store_that_was_deleted_underneath_is_told_and_reopened_anew(store: EventStore) -> None:
    store.path.unlink()
    with pytest.raises(StoreGone, match="deleted or replaced"):
        store.append(PAGES)
    assert store.event(1) is not None, "what is on screen can still be read"
    assert not store.path.exists()
    store.reopen()
    assert store.last_seq() == 0
    store.append(PAGES)
    assert store.last_seq() == 400


def test_a_store_that_was_replaced_underneath_is_not_written(store: EventStore, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    before = make(other)
    other.rename(store.path)
    with pytest.raises(StoreGone):
        store.append(PAGES)
    assert store.path.read_bytes() == before
    for side in ("-wal", "-shm"):
        store.path.with_name(store.path.name + side).unlink(missing_ok=True)
    store.reopen()
    assert store.last_seq() == 400


def test_a_lock_that_was_deleted_keeps_nobody_out_so_that_nothing_is_written(store: EventStore) -> None:
    store.path.with_name(store.path.name + ".lock").unlink()
    with EventStore(store.path, URL) as second:
        assert second.writable
        with pytest.raises(StoreGone):
            store.append(PAGES)
        second.append(PAGES)
        assert second.last_seq() == 400


def test_a_lock_file_that_was_left_behind_locks_nobody_out(tmp_path: Path) -> None:
    (tmp_path / "rex.db.lock").write_text("12345")
    with EventStore(tmp_path / "rex.db", URL) as store:
        assert store.writable


def test_a_folder_that_can_only_be_read_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        (folder / "probe").touch()
    except OSError:
        with pytest.raises(StoreError, match="can't be"):
            EventStore(folder / "rex.db", URL)
    else:
        (folder / "probe").unlink()
        pytest.skip("this user may write everywhere")
    finally:
        folder.chmod(0o700)


def test_codes_without_a_name_are_no_index() -> None:
    with pytest.raises(ValueError, match="without a name"):
        TypeIndex(["a.b"], b"\x01\x00\x02\x00")
