"""Bars of time: counted as one would by hand, however the log grew, and never more than there is room for."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rex_tui.event import GAP_TYPE, Grown
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.histogram import (
    DAY,
    HOUR,
    ROWS_AT_ONCE,
    SIZES_S,
    WEEK,
    Axis,
    Countable,
    Histogram,
    Tally,
    WholeLog,
    row_at,
)
from rex_tui.query.view import View
from rex_tui.store import TimeIndex, TypeIndex
from rex_tui.store.times import TIME_MAX
from rex_tui.store.type_codes import HOLE, pack_codes

NAMES = ["a.x", "b.x", GAP_TYPE]
KINDS = {"a.x": 0, "b.x": 1}
T0 = 1_773_619_200
"""2026-03-16 00:00:00 UTC, a Monday."""
moments = st.one_of(st.just(0), st.integers(T0, T0 + 5_000), st.integers(1, TIME_MAX))
logs = st.lists(st.tuples(moments, st.integers(HOLE, len(NAMES))), max_size=60)


def index_of(log: list[tuple[int, int]]) -> tuple[TimeIndex, TypeIndex]:
    times = TimeIndex()
    put(times, log)
    return times, TypeIndex(NAMES, pack_codes(code for _, code in log))


def put(times: TimeIndex, log: list[tuple[int, int]]) -> None:
    for first, last in times.missing(len(log)):
        times.put(first, array("I", [time for time, _ in log[first - 1 : last]]))


@given(st.integers(1, TIME_MAX), st.integers(0, TIME_MAX), st.integers(1, 300), st.integers(-14 * HOUR, 14 * HOUR))
def test_an_axis_covers_the_log_with_as_many_bars_as_fit(first: int, span: int, bars: int, offset: int) -> None:
    last = first + span
    axis = Axis.over(first, last, bars, offset)
    assert 1 <= axis.bars <= bars
    assert axis.start <= first
    assert axis.start_of(axis.bars) > last
    assert axis.bar_of(first) == 0
    assert axis.bar_of(last) == axis.bars - 1
    assert axis.bar_of(axis.start - 1_000) == 0
    finer = [size for size in SIZES_S if size < axis.size]
    assert all(span // size + 1 > bars - 1 for size in finer)


def test_bars_begin_where_people_expect_it() -> None:
    berlin = HOUR
    assert Axis.over(T0 + 3 * HOUR, T0 + 9 * DAY, 10, berlin) == Axis(T0 - berlin, DAY, 10)
    assert Axis.over(T0 + 3 * DAY, T0 + 40 * DAY, 6) == Axis(T0, WEEK, 6)
    assert Axis.over(T0 + 61, T0 + 59 * 60, 60) == Axis(T0 + 60, 60, 59)


def test_a_bar_is_never_much_coarser_than_it_must_be() -> None:
    assert max(after / before for before, after in pairwise(SIZES_S)) <= 4
    assert max(after / before for before, after in pairwise(SIZES_S) if after < 104 * WEEK) <= 2


def histogram_of(tally: Tally, times: TimeIndex, chosen: Filter = EVERYTHING) -> Histogram:
    return tally.histogram(times, NAMES, KINDS.__getitem__, chosen.shows)


@pytest.mark.parametrize("of_the_whole_log", [True, False])
@given(logs, st.lists(logs, max_size=3), st.integers(1, 40), st.sampled_from([EVERYTHING, Filter.only(["b.x"])]))
def test_a_tally_that_went_on_counts_as_one_would_by_hand(
    of_the_whole_log: bool, start: list[tuple[int, int]], more: list[list[tuple[int, int]]], bars: int, chosen: Filter
) -> None:
    log = list(start)
    times, types = index_of(log)
    view = View(types, chosen)
    rows: Countable = WholeLog(types) if of_the_whole_log else view
    tally = None
    for part in [[], *more]:
        grown = Grown(len(log) + 1, len(log) + len(part), tuple(code for _, code in part))
        log += part
        types.grow(grown)
        view.grow(grown)
        put(times, log)
        if not times.first:
            continue
        axis = Axis.over(times.first, times.last, bars)
        if tally is None or not tally.goes_on(axis, rows):
            tally = Tally(axis, rows)
        assert tally.count(times, types)
        assert not tally.is_behind(times)
        found = histogram_of(tally, times, chosen if of_the_whole_log else EVERYTHING)
        by_hand = Counter(
            (axis.bar_of(time), code - 1)
            for time, code in log
            if time and code in (1, 2) and chosen.shows(NAMES[code - 1])
        )
        assert list(found.counts) == [by_hand[bar, 0] + by_hand[bar, 1] for bar in range(axis.bars)]
        assert list(found.kinds) == [int(by_hand[bar, 1] > by_hand[bar, 0]) for bar in range(axis.bars)]
        assert (found.first, found.last) == (times.first, times.last)


@pytest.mark.parametrize("types_there", [2, 300])
def test_long_stretches_are_counted_at_one_go_and_the_same(types_there: int) -> None:
    names = [f"a.{n}" if n % 2 else f"b.{n}" for n in range(types_there)]
    log = [(T0 + n // 7 if n % 1_500 else 0, n % types_there + 1) for n in range(5 * ROWS_AT_ONCE + 3)]
    times = TimeIndex()
    put(times, log)
    types = TypeIndex(names, pack_codes(code for _, code in log))
    axis = Axis.over(times.first, times.last, 3)
    tally = Tally(axis, View(types))
    assert tally.count(times, types)
    by_hand = Counter(axis.bar_of(time) for time, _ in log if time)
    found = tally.histogram(times, names, lambda name: int(name[0] == "b"))
    assert found.counts == tuple(by_hand[bar] for bar in range(axis.bars))


def test_it_stops_when_it_may_not_go_on_and_counts_only_what_is_known() -> None:
    log = [(T0 + n, 1) for n in range(10)]
    times, types = index_of(log)
    axis = Axis.over(T0, T0 + 9, 10)
    tally = Tally(axis, View(types))
    assert not tally.count(times, types, lambda: False)
    assert tally.is_behind(times)
    assert sum(histogram_of(tally, times).counts) == 0
    known = TimeIndex()
    put(known, log[:4])
    assert tally.count(known, types)
    assert sum(histogram_of(tally, times).counts) == 4
    assert tally.count(times, types)
    assert sum(histogram_of(tally, times).counts) == 10


class Shifting:
    """Rows that also grow at their front."""

    def __init__(self, seqs: list[int]) -> None:
        self.all = seqs

    def __len__(self) -> int:
        return len(self.all)

    def seq_at(self, row: int) -> int:
        return self.all[row]

    def seqs(self, first: int, last: int) -> list[int]:
        return self.all[first:last]

    def row_of(self, seq: int) -> int:
        return bisect_left(self.all, seq)


def test_a_view_that_grew_at_its_front_is_counted_anew() -> None:
    log = [(T0 + n, 1) for n in range(10)]
    times, types = index_of(log)
    view = Shifting([8, 9])
    axis = Axis.over(T0, T0 + 9, 10)
    tally = Tally(axis, view)
    assert tally.count(times, types)
    assert tally.goes_on(axis, view)
    view.all = [2, 8, 9]
    assert not tally.goes_on(axis, view)
    assert not tally.goes_on(Axis(axis.start, 2, 5), view)
    assert not tally.goes_on(axis, View(types))


@given(logs, st.integers(0, TIME_MAX), st.sampled_from([EVERYTHING, Filter.only(["b.x"])]))
def test_the_row_of_a_time_is_the_first_in_the_log_that_is_as_late(
    log: list[tuple[int, int]], moment: int, chosen: Filter
) -> None:
    assume(log)
    times, types = index_of(log)
    view = View(types, chosen)
    by_hand = [row for row in range(len(view)) if log[view.seq_at(row) - 1][0] >= moment]
    assert row_at(view, times, moment) == (by_hand[0] if by_hand else None)
