"""The view: rows and sequences under a filter agree with a plain list, however it came about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.event import Grown
from rex_tui.query.filter import EVERYTHING, NOTHING, Filter
from rex_tui.query.view import View
from rex_tui.store import TypeIndex
from rex_tui.store.type_codes import HOLE, pack_codes
from rex_tui.store.type_index import BLOCK_ROWS

NAMES = ["a.x", "b.x", "c.x"]
codes_lists = st.lists(st.integers(HOLE, len(NAMES)), max_size=60)
filters = st.sampled_from([EVERYTHING, NOTHING, Filter.only(["b.x"]), Filter.all_but(["a.x"])])


def expected(codes: list[int], chosen: Filter) -> list[int]:
    return [seq for seq, code in enumerate(codes, 1) if code != HOLE and chosen.shows(NAMES[code - 1])]


@given(codes_lists, st.lists(codes_lists, max_size=4), filters, st.sampled_from([1, 2, 7, 64, BLOCK_ROWS]))
def test_a_view_that_grew_shows_what_a_list_would(
    start: list[int], more: list[list[int]], chosen: Filter, block_rows: int
) -> None:
    index = TypeIndex(NAMES, pack_codes(start), block_rows=block_rows)
    view = View(index, chosen)
    codes = list(start)
    for part in more:
        grown = Grown(len(codes) + 1, len(codes) + len(part), tuple(part))
        codes += part
        index.grow(grown)
        before = len(view)
        assert view.grow(grown) == len(view) - before
        assert view.grow(grown) == 0
    rows = expected(codes, chosen)
    assert len(view) == len(rows)
    assert list(view.seqs(0, len(view))) == rows
    assert list(view.seqs(-3, 5)) == rows[:5]
    assert [list(view.seqs(row, row + 9)) for row in range(len(rows))] == [
        rows[row : row + 9] for row in range(len(rows))
    ]
    assert list(View(index, chosen).seqs(0, len(codes))) == rows
    for row, seq in enumerate(rows):
        assert view.seq_at(row) == seq
        assert view.row_of(seq) == row
        assert view.shows(seq)
    for seq in set(range(1, len(codes) + 1)) - set(rows):
        assert not view.shows(seq)
        assert view.row_of(seq) == sum(shown < seq for shown in rows)


def test_a_type_that_comes_later_finds_its_place() -> None:
    index = TypeIndex(["a.x"], pack_codes([1]))
    views = [View(index, chosen) for chosen in (EVERYTHING, Filter.only(["a.x"]), Filter.all_but(["a.x"]))]
    grown = Grown(2, 3, (2, 1), ("new.kind",))
    index.grow(grown)
    assert [view.grow(grown) for view in views] == [2, 1, 1]
    assert index.counts == {"a.x": 2, "new.kind": 1}


@pytest.mark.parametrize("row", [-1, 1])
def test_a_row_that_is_not_there_is_refused(row: int) -> None:
    with pytest.raises(IndexError):
        View(TypeIndex(["a.x"], pack_codes([1]))).seq_at(row)


@given(codes_lists, filters, st.sampled_from([1, 3, 8]))
def test_many_types_are_found_as_few_are(codes: list[int], chosen: Filter, block_rows: int) -> None:
    others = [f"other.{number}" for number in range(300)]
    high = [code and code + len(others) for code in codes]
    view = View(TypeIndex([*others, *NAMES], pack_codes(high), block_rows=block_rows), chosen)
    assert list(view.seqs(0, len(view))) == expected(codes, chosen)


def test_a_view_holds_next_to_nothing_an_event() -> None:
    events = 100 * BLOCK_ROWS + 5
    index = TypeIndex(["a.x", "b.x"], pack_codes([1, 2] * (events // 2)))
    for chosen in (EVERYTHING, Filter.only(["a.x"])):
        view = View(index, chosen)
        assert view.row_of(events // 2) > 0
        held = view._tail, view._before, *view._read.values()
        assert sum(len(one) for one in held) < events / 40
