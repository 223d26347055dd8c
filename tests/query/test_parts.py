"""Sequences in parts are what a list would be, in few bytes, and a copy of them stays as it is."""

from __future__ import annotations

import tracemalloc
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rex_tui.query import parts as module
from rex_tui.query.filter import EVERYTHING
from rex_tui.query.found import FoundView
from rex_tui.query.language import parse
from rex_tui.query.parts import PART_MAX, Parts
from rex_tui.store import TypeIndex
from rex_tui.store.type_codes import pack_codes

MIDDLE = 1_000
steps = st.lists(st.integers(1, 5), max_size=7)
LOG = 1_000_000
BYTES_MAX = 5 * LOG


class InParts(RuleBasedStateMachine):
    """Parts that grow and shrink, beside a list that does, and copies beside lists that don't."""

    def __init__(self) -> None:
        super().__init__()
        self.parts, self.known, self.forgotten = Parts(), list[int](), 0
        self.copies: list[tuple[Parts, list[int]]] = []

    @rule(steps=steps, cut=st.integers(0, 7))
    def put_before(self, steps: list[int], cut: int) -> None:
        seq, fresh = (self.known or [MIDDLE])[0], list[int]()
        for step in steps:
            seq -= step
            fresh.insert(0, seq)
        fresh = [one for one in fresh if one > self.forgotten]
        self.known = fresh + self.known
        assert self.parts.put_before([array("I", fresh[:cut]), array("I", fresh[cut:])]) == len(fresh)

    @rule(steps=steps)
    def put_after(self, steps: list[int]) -> None:
        fresh, seq = list[int](), max([*self.known, self.forgotten, MIDDLE])
        for step in steps:
            seq += step
            fresh.append(seq)
        self.known = self.known + fresh
        self.parts.put_after(fresh)

    @rule(place=st.integers(0, 12), more=st.integers(0, 2))
    def forget(self, place: int, more: int) -> None:
        if self.known:
            self.forgotten = self.known[min(place, len(self.known) - 1)] + more
            gone = sum(one <= self.forgotten for one in self.known)
            self.known = self.known[gone:]
            assert self.parts.forget(self.forgotten) == gone

    @rule()
    def keep(self) -> None:
        self.copies = [*self.copies[-2:], (copy(self.parts), self.known)]

    @invariant()
    def it_is_what_a_list_would_be(self) -> None:
        for parts, known in [(self.parts, self.known), *self.copies]:
            assert len(parts) == len(known)
            assert list(parts.between(-1, len(known) + 3)) == known
            assert list(parts.between(2, 7)) == list(parts[2:7]) == known[2:7]
            assert [parts.at(row) for row in range(len(known))] == known
            for seq in [*known[:9], *(one + 1 for one in known[-9:])]:
                assert parts.row_of(seq) == bisect_left(known, seq)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PART_MAX", 4)


TestInParts = pytest.mark.no_cover(InParts.TestCase)
TestInParts.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


@pytest.mark.parametrize("row", [-3, -1, 0])
def test_rows_that_are_not_there_are_refused(row: int) -> None:
    parts = Parts()
    with pytest.raises(IndexError):
        parts.at(row)


@contextmanager
def at_most(size: int) -> Iterator[None]:
    tracemalloc.reset_peak()
    yield
    assert tracemalloc.get_traced_memory()[1] <= size


def test_a_log_of_which_all_is_found_takes_at_no_moment_more_than_five_bytes_an_event(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PART_MAX", PART_MAX)
    index = TypeIndex(["a.x"], pack_codes([1] * LOG))
    view = FoundView(index, EVERYTHING, parse("acme", None))  # type: ignore[arg-type]
    tracemalloc.start()
    try:
        with at_most(BYTES_MAX):
            for first in range(LOG - PART_MAX + 1, 0, -PART_MAX):
                view.found_before(first, [array("I", range(first, first + PART_MAX))])
        assert len(view) == LOG
        with at_most(BYTES_MAX):
            for last in range(LOG + 1_000, LOG + 100_001, 1_000):
                view.found_after(last, array("I", range(last - 999, last + 1)))
        with at_most(BYTES_MAX + BYTES_MAX // 10):  # of the longer log
            for last in range(100, 300_000, 9_700):
                view.forget(last)
        with at_most(BYTES_MAX):
            kept = view.kept()
            view.forget(LOG // 2)
        assert kept.at(0) < LOG // 2 < view.seq_at(0)
    finally:
        tracemalloc.stop()
