"""Forgetting the oldest part of the log: what is kept, what stays known, and that nothing is out of step after it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from shutil import copy

import pytest

from rex_tui.demo import Organisation
from rex_tui.event import Asked, Event, Page
from rex_tui.keep import read_keep
from rex_tui.query.filter import DEALS, EVERYTHING
from rex_tui.query.view import View
from rex_tui.store import EventStore, StoreUnwritable, TypeIndex
from rex_tui.store import retention as retention_module
from rex_tui.store.blocks import EVENTS_A_BLOCK
from rex_tui.store.mentions import make_index
from rex_tui.store.retention import FIRST_KNOWN
from rex_tui.store.upkeep import make_blocks

URL = "https://acme.rexgtm.com"
END = datetime(2026, 6, 1, tzinfo=UTC)
NOW = END.timestamp()
ANYWHERE = 2**62
"""A place that holds nothing back."""


def made(count: int) -> list[Event]:
    history = Organisation(7).history(count, END)
    return [Event(one.id, one.type, one.occurred_at, one.data, NOW) for one in history]


EVENTS = made(2 * EVENTS_A_BLOCK + 300)


def page(events: list[Event], cursor: str = "c", *, has_more: bool = False, asked: str | None = "before") -> Page:
    return Page(tuple(events), (), has_more=has_more, next_cursor=cursor, asked=Asked(asked, 200))


def filled(path: Path, events: list[Event]) -> EventStore:
    store = EventStore(path, URL)
    for start in range(0, len(events), 500):
        store.append([page(events[start : start + 500], asked=None if not start else "before")])
    return store


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "rex.db"
    filled(path, EVENTS).close()
    return path


@pytest.fixture
def store(tmp_path: Path, whole: Path) -> Iterator[EventStore]:
    with EventStore(Path(copy(whole, tmp_path)), URL) as opened:
        yield opened


def prune(store: EventStore, keep: str, up_to: int = ANYWHERE, named: frozenset[str] = frozenset()) -> int:
    """Forget slices until nothing is due; give the last sequence that was forgotten."""
    last = 0
    while found := store.prune(read_keep(keep), NOW, up_to, named):
        last = found
    return last


DERIVED = {
    "types": "SELECT code, name, count FROM types ORDER BY code",
    "type_blocks": "SELECT block, codes FROM type_blocks ORDER BY block",
    "time_blocks": "SELECT block, times FROM time_blocks ORDER BY block",
    "mentions": "SELECT e.id, m.seq, m.subject FROM mentions m JOIN entities e ON e.code = m.entity ORDER BY 1, 2",
    "entities": "SELECT id FROM entities ORDER BY id",
    "unlisted": "SELECT seq FROM unlisted ORDER BY seq",
}


def derived(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {name: connection.execute(question).fetchall() for name, question in DERIVED.items()}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_updated_slice_by_slice_is_what_a_rebuild_makes(
    store: EventStore, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    monkeypatch.setattr(retention_module, "SLICE_ROWS", random.choice([37, 1_000, 5_000]))
    kept = random.choice([1, random.randrange(2, 900), EVENTS_A_BLOCK + random.randrange(1_000)])

    assert prune(store, str(kept)) == len(EVENTS) - kept

    assert [event.id for event in store.events(0, kept + 1)] == [event.id for event in EVENTS[-kept:]]
    assert store.problems() == []
    writer = store._must_write()._connection
    pruned = derived(writer)
    with closing(sqlite3.connect(store.path, isolation_level=None)) as raw:
        raw.execute("BEGIN")
        make_blocks(raw)
        make_index(raw)
        assert derived(raw) == pruned
        raw.execute("ROLLBACK")
    store.append([page(made(len(EVENTS) + 300)[-300:])])
    assert store.problems() == []


def test_an_index_and_a_view_that_forget_are_those_of_the_log_that_is_left(store: EventStore) -> None:
    index = store.type_index()
    views = [View(index, EVERYTHING), View(index, DEALS)]
    for keep in (8_400, 8_399, 7_000, EVENTS_A_BLOCK, 5, 1):
        last = prune(store, str(keep))
        for view in views:
            rows, gone = len(view), view.forget(last)
            assert len(view) == rows - gone
        index.forget(last)
        fresh = store.type_index()
        assert (index.counts, index.forgotten, len(index), index.before) == (
            fresh.counts,
            last,
            len(EVENTS),
            fresh.before,
        )
        for view in views:
            left = View(fresh, view.filter)
            seqs = list(left.seqs(0, len(left)))
            assert list(view.seqs(0, len(left) + 1)) == seqs
            assert [view.row_of(seq) for seq in seqs] == list(range(len(seqs)))
            assert [view.seq_at(row) for row in range(0, len(seqs), 97)] == seqs[::97]
            assert not view.shows(last)
    grown = store.append([page(made(len(EVENTS) + EVENTS_A_BLOCK)[len(EVENTS) :])])
    index.grow(grown)
    for view in views:
        view.grow(grown)
        left = View(store.type_index(), view.filter)
        assert list(view.seqs(0, len(view))) == list(left.seqs(0, len(left)))


def test_many_types_are_forgotten_as_few_are() -> None:
    names = [f"t.{number}" for number in range(300)]
    codes = [1 + number % 300 for number in range(40)] + [300] * 8
    packed = b"".join(code.to_bytes(2, "little") for code in codes)
    index = TypeIndex(names, packed, 80, block_rows=8)
    view = View(index, EVERYTHING.toggled("t.1"))
    assert view.forget(97) == len(codes[:17]) - 1
    index.forget(97)
    fresh = TypeIndex(names, bytes(2) + packed[34:], 96, block_rows=8)
    assert (index.counts, index.before, index.forgotten) == (fresh.counts, 96, 97)
    assert list(view.seqs(0, 99)) == list(range(98, 129))
    assert list(index.codes(range(90, 100))) == [0] * 8 + [codes[17], codes[18]]


def test_an_age_takes_the_beginning_in_which_everything_is_older(tmp_path: Path) -> None:
    days = ["2026-01-01", "2026-02-01", "9999-01-01", "", "2026-03-20", "2026-01-01", "2026-05-31"]
    came = [NOW - 100 * 86_400, NOW, NOW - 99 * 86_400, NOW - 98 * 86_400, NOW, NOW, NOW]
    events = [
        Event(f"evt_{n}", "deal.won", f"{day}T00:00:00Z" if day else "soon", "{}", at)
        for n, (day, at) in enumerate(zip(days, came, strict=True))
    ]
    with filled(tmp_path / "rex.db", events) as store:
        assert prune(store, "90d") == 4  # the fifth is young, so the sixth, which is old, stays
        assert store.first_seq() == 5
        assert (store.forgotten().events, store.forgotten().last, store.forgotten().keep) == (4, 4, "90d")
        assert prune(store, "1h") == 6
        assert [event.id for event in store.events(0, 9)] == ["evt_6"]  # the newest always stays


def test_what_is_held_back_is_not_forgotten_and_the_cursor_stays(store: EventStore) -> None:
    assert prune(store, "10", up_to=3_000) == 3_000
    assert (store.first_seq(), store.cursor) == (3_001, "c")
    assert store.prune(read_keep("10"), NOW, 3_000) == 0
    assert store.prune(read_keep("all"), NOW, ANYWHERE) == 0


def test_what_is_read_again_from_the_start_stays_forgotten(store: EventStore) -> None:
    last = prune(store, "4000")
    store.forget_cursor("gone", "read again", NOW)
    store.append([page(EVENTS[:3_000], has_more=True)])
    store.append([page(EVENTS[3_000:6_000], has_more=True)])
    store.append([page(EVENTS[6_000:])])
    assert (store.first_seq(), store.last_seq()) == (last + 1, len(EVENTS))
    late = Event("evt_late", "deal.won", "2020-01-01T00:00:00Z", "{}", NOW)
    store.append([page([late])])  # what comes now is new, whenever it happened
    assert store.last_seq() == len(EVENTS) + 1
    assert store.problems() == []


def test_another_key_of_the_organisation_is_known_by_the_first_events(store: EventStore) -> None:
    prune(store, "1000")
    assert store.knows(page(EVENTS[:50]))
    assert not store.knows(page(EVENTS[FIRST_KNOWN : FIRST_KNOWN + 50]))


def test_of_named_events_id_and_time_stay(store: EventStore) -> None:
    marked, other = EVENTS[10], EVENTS[11]
    prune(store, "1000", named=frozenset({marked.id}))
    assert store.remnants([marked.id, other.id]) == {marked.id: marked.occurred_at}


def event(number: int, kind: str, deal: str) -> Event:
    return Event(f"evt_{number:026}", kind, "2026-06-01T00:00:00Z", f'{{"deal_id":"{deal}"}}', NOW)


def test_a_story_that_may_have_begun_before_what_is_kept_says_so(tmp_path: Path) -> None:
    old, new, never = "deal_old0", "deal_new0", "deal_never0"
    with EventStore(tmp_path / "rex.db", URL) as store:
        store.append([page([event(1, "deal.created", old), event(2, "deal.updated", old), event(3, "deal.lost", "x")])])
        assert [store.story(one, 9).may_be_more for one in (old, never)] == [False, False]
        prune(store, "1")
        assert store.story(old, 9).total == 0, "nothing is known of it any more"
        store.append([page([event(4, "deal.updated", old), event(5, "deal.created", new), event(6, "deal.won", new)])])
        told = {one: store.story(one, 9) for one in (old, new, never)}
        assert {one: (story.total, story.forgotten, story.may_be_more) for one, story in told.items()} == {
            old: (1, 0, True),
            new: (2, 0, False),
            never: (0, 0, True),
        }
        prune(store, "1")
        assert store.story(new, 9).forgotten == 1
        assert not store.story(new, 9).may_be_more, "it is known what was before"


def test_deleting_for_good_goes_on_from_what_was_pruned(store: EventStore) -> None:
    prune(store, "3000", named=frozenset({EVENTS[0].id}))
    middle = datetime.fromisoformat(EVENTS[-1_000].occurred_at).timestamp()
    deleted = store.forget(middle)
    assert 990 < deleted.left < 1_010
    assert deleted.events + deleted.left == 3_000
    assert store.problems() == []
    index = store.type_index()
    assert (index.events, index.before) == (deleted.left, (store.first_seq() - 1) // EVENTS_A_BLOCK * EVENTS_A_BLOCK)
    assert store.remnants([EVENTS[0].id]) == {}
    assert prune(store, "10") == len(EVENTS) - 10
    assert store.forget(NOW * 2).left == 0
    store.append([page(EVENTS[:3])])  # known by their digests: those of the first, and of what was deleted
    assert store.problems() == []


def test_only_the_one_that_writes_forgets_and_a_follower_sees_it(store: EventStore) -> None:
    with EventStore(store.path, URL) as follower:
        with pytest.raises(StoreUnwritable):
            follower.prune(read_keep("10"), NOW, ANYWHERE)
        follower.type_index()
        last = prune(store, "10")
        assert len(follower.refresh()) == 0
        assert follower.forgotten().last == last


def test_space_is_used_again(store: EventStore) -> None:
    writer = store._must_write()._connection
    prune(store, "1000")
    pages = writer.execute("PRAGMA page_count").fetchone()
    store.append([page(made(len(EVENTS) + 3_000)[len(EVENTS) :])])
    assert writer.execute("PRAGMA page_count").fetchone() == pages


def test_types_that_are_read_behind_may_be_forgotten_meanwhile(store: EventStore) -> None:
    index = store.types_behind()
    last = prune(store, str(EVENTS_A_BLOCK + 9))
    while index.read_on():
        pass
    assert index.sound
    view = View(index, EVERYTHING)
    assert list(view.seqs(0, len(EVENTS))) == list(range(last + 1, len(EVENTS) + 1))
    view.forget(last)
    index.forget(last)
    fresh = store.type_index()
    assert (index.counts, index.before, index.forgotten) == (fresh.counts, fresh.before, last)
    assert list(view.seqs(0, len(EVENTS))) == list(range(last + 1, len(EVENTS) + 1))
    again = store.types_behind()
    assert (again.forgotten, again.counts) == (last, fresh.counts)
    assert list(View(again, DEALS).seqs(0, len(EVENTS))) == list(View(fresh, DEALS).seqs(0, len(EVENTS)))
    assert again.complete
    assert again.sound
