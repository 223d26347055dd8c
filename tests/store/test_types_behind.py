"""The index of types that is read behind the first paint: the same as one that was read at once, or it says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rex_tui.event import GAP_TYPE, Event, Page
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.view import View
from rex_tui.store import EventStore, TypeIndex
from rex_tui.store.type_codes import pack_codes
from rex_tui.store.type_index import SLICE_ROWS

URL = "https://acme.rexgtm.com"
LAST = 2 * SLICE_ROWS + 100
KINDS = ("deal.won", "deal.lost", "contact.created")


def codes_of(length: int, kinds: int) -> list[int]:
    return [1 + seq * seq % kinds for seq in range(length)]


def both(codes: list[int], names: list[str]) -> tuple[TypeIndex, TypeIndex, list[tuple[int, int]]]:
    """Give an index that was read at once, one that is read behind, and what the latter has asked for so far."""
    asked: list[tuple[int, int]] = []

    def read(first: int, last: int) -> bytes:
        asked.append((first, last))
        return pack_codes(codes[first - 1 : last])

    whole = TypeIndex(names, pack_codes(codes))
    return whole, TypeIndex.behind(whole.counts, codes.count(0), read), asked


def test_counts_and_the_whole_log_need_nothing_read() -> None:
    whole, behind, asked = both(codes_of(LAST, 3), list(KINDS))
    assert (len(behind), behind.counts, behind.total, behind.gaps) == (LAST, whole.counts, LAST, 0)
    view = View(behind)
    assert (len(view), view.seqs(LAST - 3, LAST), view.row_of(7)) == (LAST, range(LAST - 2, LAST + 1), 6)
    assert behind.sequences_of(GAP_TYPE) == []
    assert asked == []
    assert not behind.complete


def test_the_newest_are_read_first_and_no_more_than_is_asked_for() -> None:
    whole, behind, asked = both(codes_of(LAST, 3), list(KINDS))
    newest = range(LAST - 50, LAST + 1)
    assert behind.codes(newest) == whole.codes(newest)
    assert asked == [(2 * SLICE_ROWS + 1, LAST)]
    assert behind.read_on()
    assert not behind.read_on()
    assert asked[1:] == [(SLICE_ROWS + 1, 2 * SLICE_ROWS), (1, SLICE_ROWS)]
    assert (behind.complete, behind.sound) == (True, True)


@pytest.mark.parametrize("kinds", [3, 300])
@pytest.mark.parametrize("holes", [0, 5])
def test_whatever_is_asked_for_is_what_an_index_read_at_once_says(kinds: int, holes: int) -> None:
    codes = codes_of(LAST, kinds)
    codes[: holes * 2 : 2] = [0] * holes
    names = [f"kind.{number}" for number in range(kinds)]
    only = Filter.only(["kind.1"])
    asks: list[Callable[[TypeIndex], object]] = [
        lambda index: list(View(index, only).seqs(0, LAST)),
        lambda index: list(View(index, EVERYTHING).seqs(0, LAST)),
        lambda index: index.sequences_of("kind.1"),
        lambda index: bytes(index.kinds(range(1, LAST + 1), len)),
    ]
    for ask in asks:
        whole, behind, _asked = both(codes, names)
        assert ask(behind) == ask(whole)
        while behind.read_on():
            pass
        assert (behind.sound, behind.counts) == (True, whole.counts)


@pytest.mark.parametrize("harm", ["other codes", "too few", "half a code"])
def test_codes_that_are_not_as_many_as_was_said_are_noticed(harm: str) -> None:
    packed = pack_codes(codes_of(LAST, 3))
    harmed = {"other codes": packed[:-2] + pack_codes([3]), "too few": packed[:-2], "half a code": packed[:-1]}[harm]
    counts = TypeIndex(KINDS, packed).counts
    assert harmed != packed
    behind = TypeIndex.behind(counts, 0, lambda first, last: harmed[2 * (first - 1) : 2 * last])
    while behind.read_on():
        pass
    assert (behind.complete, behind.sound) == (True, False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        opened.append([page(range(1, 51))])
        yield opened


def page(numbers: range) -> Page:
    events = tuple(Event(f"evt_{n}", KINDS[n % 3], "", "{}", 1.0) for n in numbers)
    return Page(events, (), has_more=False, next_cursor="c")


def test_what_came_meanwhile_is_not_lost_and_not_doubled(store: EventStore) -> None:
    behind = store.types_behind()
    grown = store.append([page(range(51, 61))])
    behind.grow(grown)
    while behind.read_on():
        pass
    whole = store.type_index()
    assert (behind.sound, behind.counts, len(behind)) == (True, whole.counts, 60)
    assert behind.codes(range(1, 61)) == whole.codes(range(1, 61))


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE type_blocks SET codes = zeroblob(length(codes))",
        "DELETE FROM type_blocks",
        "UPDATE types SET count = count + 1 - 2 * (code % 2)",
    ],
)
def test_what_disagrees_with_the_rows_is_made_anew(store: EventStore, harm: str) -> None:
    expected = store.type_index().counts
    with closing(sqlite3.connect(store.path)) as other, other:
        other.execute(harm)
    behind = store.types_behind()
    while behind.read_on():
        pass
    assert not behind.sound
    store.mend_types()
    assert store.problems() == []
    mended = store.types_behind()
    while mended.read_on():
        pass
    assert (mended.sound, mended.counts) == (True, expected)
