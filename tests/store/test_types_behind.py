"""The index of types that is read behind the first paint: the same as one that was read at once, or it says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rex_tui.event import GAP_TYPE, Event, Grown, Page
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.view import View
from rex_tui.store import EventStore, TypeIndex, type_index
from rex_tui.store.block_counts import BlockCounts
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


def test_the_newest_page_under_a_filter_needs_the_newest_slice_only() -> None:
    whole, behind, asked = both(codes_of(LAST, 3), list(KINDS))
    chosen = Filter.only(["deal.lost"])
    view, known = View(behind, chosen), View(whole, chosen)
    assert len(view) == view.events == len(known)
    assert view.seqs(len(view) - 40, len(view)) == known.seqs(len(known) - 40, len(known))
    assert view.seq_at(len(view) - 1) == known.seq_at(len(known) - 1)
    assert view.row_of(LAST - 9) == known.row_of(LAST - 9)
    assert view.shows(LAST - 9) == known.shows(LAST - 9)
    assert asked == [(2 * SLICE_ROWS + 1, LAST)]
    assert view.seqs(0, 40) == known.seqs(0, 40)
    assert behind.complete


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_view_of_an_index_that_is_read_on_says_at_every_moment_what_one_of_a_whole_index_says(
    data: st.DataObject,
) -> None:
    codes = data.draw(st.lists(st.integers(0, 3), min_size=30, max_size=90))
    chosen = data.draw(st.sampled_from([Filter.only(["deal.lost"]), Filter.all_but(["deal.won"])]))
    size = data.draw(st.sampled_from([2, 5, 11]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type_index, "SLICE_ROWS", 2 * size)
        whole, behind, _ = both(codes, list(KINDS))
        whole = TypeIndex(KINDS, pack_codes(codes), block_rows=size)
        behind.block_rows, behind._blocks = size, BlockCounts(size)
        views = [(View(behind, chosen), View(whole, chosen))]
        for step in data.draw(st.lists(st.sampled_from("rqgfv"), min_size=3, max_size=12)):
            last = len(whole)
            if step == "r":
                behind.read_on()
            elif step == "v":
                views.append((View(behind, chosen), View(whole, chosen)))
            elif step == "g":
                grown = Grown(last + 1, last + 3, tuple(data.draw(st.lists(st.integers(1, 3), min_size=3, max_size=3))))
                whole.grow(grown)
                behind.grow(grown)
                assert [view.grow(grown) for view, _ in views] == [known.grow(grown) for _, known in views]
            elif step == "f" and last > 1:
                gone = data.draw(st.integers(1, last - 1))
                assert [view.forget(gone) for view, _ in views] == [known.forget(gone) for _, known in views]
                whole.forget(gone)
                behind.forget(gone)
            for view, known in views:
                rows = len(known)
                assert len(view) == rows
                seq = data.draw(st.integers(0, last + 1))
                assert view.row_of(seq) == known.row_of(seq)
                assert view.shows(seq) == known.shows(seq)
                if rows:
                    row = data.draw(st.integers(0, rows - 1))
                    assert view.seq_at(row) == known.seq_at(row)
                    assert list(view.seqs(row, row + 7)) == list(known.seqs(row, row + 7))


@pytest.mark.parametrize("said", [0, 3, 900, LAST])
def test_a_view_that_was_told_wrong_counts_gives_rows_that_there_are(said: int) -> None:
    codes = codes_of(LAST, 3)
    behind = TypeIndex.behind(
        {"deal.won": LAST - said, "deal.lost": said, "contact.created": 0},
        0,
        lambda first, last: pack_codes(codes[first - 1 : last]),
    )
    chosen = Filter.only(["deal.lost"])
    view = View(behind, chosen)
    shown = set(View(TypeIndex(KINDS, pack_codes(codes)), chosen).seqs(0, LAST))
    rows = [*range(0, len(view), 997), len(view) - 1] if len(view) else []
    assert {view.seq_at(row) for row in rows} <= shown
    assert set(view.seqs(0, len(view))) <= shown
    assert all(view.row_of(seq) >= 0 for seq in (1, 5_000, LAST))
    while behind.read_on():
        pass
    assert not behind.sound
    assert set(View(behind, chosen).seqs(0, LAST)) == shown


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
