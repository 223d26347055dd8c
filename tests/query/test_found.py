"""What a search found is, at every moment, what a look at the part searched so far would give."""

from __future__ import annotations

import threading
from array import array
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from support.fakes import make_event

from rex_tui.event import GAP_TYPE, Event, Grown, Page, Row
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.found import FoundView
from rex_tui.query.language import Facts, parse
from rex_tui.query.scan import FIRST_SLICE, Scan
from rex_tui.query.view import View
from rex_tui.store import EventStore, Scanner, StoreUnwritable, TypeIndex
from rex_tui.store.type_codes import HOLE, pack_codes

NAMES = ["a.x", "b.x", GAP_TYPE]
ACME = parse("acme", None)  # type: ignore[arg-type]
ONLY_A = Filter.only(["a.x"])
parts = st.lists(st.tuples(st.integers(HOLE, len(NAMES)), st.booleans()), max_size=12)


class Searching(RuleBasedStateMachine):
    """A log that grows while it is searched at both ends, beside a list that knows all."""

    def __init__(self) -> None:
        super().__init__()
        start = [(1, True), (2, True), (3, False), (1, False), (HOLE, False), (1, True)]
        self.log = list(start)
        self.index = TypeIndex(NAMES, pack_codes(code for code, _ in start))
        self.view = FoundView(self.index, ONLY_A, ACME)

    def row(self, seq: int) -> Row:
        code, fits = self.log[seq - 1]
        data = '{"name":"ACME"}' if fits else "{}"
        return Row(seq, f"evt_{seq}", NAMES[code - 1], "", 0.0, data, len(data))

    def fits(self, seq: int) -> bool:
        code, fits = self.log[seq - 1]
        return code == 3 or (code == 1 and fits)

    @rule(part=parts)
    def grow(self, part: list[tuple[int, bool]]) -> None:
        grown = Grown(len(self.log) + 1, len(self.log) + len(part), tuple(code for code, _ in part))
        self.log += part
        self.index.grow(grown)
        before = len(self.view)
        assert self.view.grow(grown) == 0
        assert len(self.view) == before

    @rule(count=st.integers(1, 4))
    def search_older(self, count: int) -> None:
        first = max(1, self.view.first - count)
        found = array("I", filter(self.fits, range(first, self.view.first)))
        cut = len(found) // 2
        assert self.view.found_before(first, [found[:cut], found[cut:]]) == len(found)
        assert self.view.found_before(first, [found]) == 0

    @rule(count=st.integers(1, 4))
    def look_at_news(self, count: int) -> None:
        news = self.view.waiting[:count]
        rows = [self.row(seq) for seq in news if self.log[seq - 1][0] != HOLE]
        found = self.view.matching(rows, Facts())
        assert found == list(filter(self.fits, news))
        if news:
            assert self.view.found_after(news[-1], found) == len(found)
            assert self.view.found_after(news[-1], found) == 0

    @invariant()
    def it_is_what_a_list_would_be(self) -> None:
        view = self.view
        rows = list(filter(self.fits, range(view.first, view.last + 1)))
        assert list(view.seqs(0, len(view))) == rows
        assert list(view.seqs(-3, 2)) == rows[:2]
        assert view.events == sum(self.log[seq - 1][0] != 3 for seq in rows)
        assert view.total == sum(code not in (HOLE, 3) for code, _ in self.log)
        assert view.complete == (view.first == 1 and view.last == len(self.log))
        assert list(view.waiting) == list(range(view.last + 1, len(self.log) + 1))
        for seq in range(1, len(self.log) + 2):
            assert view.shows(seq) == (seq in rows)
            assert view.knows(seq) == (view.first <= seq <= view.last)
            assert view.row_of(seq) == sum(one < seq for one in rows)
            events = [one for one in rows if self.log[one - 1][0] != 3]
            assert view.next_match(seq, 1) == min((one for one in events if one > seq), default=None)
            assert view.next_match(seq, -1) == max((one for one in events if one < seq), default=None)


TestSearching = pytest.mark.no_cover(Searching.TestCase)
TestSearching.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)


@pytest.mark.parametrize("row", [-1, 0])
def test_a_row_that_is_not_there_is_refused(row: int) -> None:
    with pytest.raises(IndexError):
        FoundView(TypeIndex(), EVERYTHING, ACME).seq_at(row)


def test_a_row_whose_payload_is_too_large_to_be_there_is_for_the_thread() -> None:
    view = FoundView(TypeIndex(), EVERYTHING, ACME)
    assert view.matching([Row(1, "evt_1", "a.x", "", 0.0, None, 99_999)], Facts()) is None


def filled(store: EventStore, count: int) -> list[Event]:
    chance = Random(1)
    made = [
        make_event(n, chance.choice(["a.x", "b.x"]), '{"n":"Acme"}' if chance.random() < 0.1 else "{}")
        for n in range(count)
    ]
    store.append([Page(tuple(made), (), has_more=False, next_cursor=None)])
    return list(store.events(0, count))


@pytest.mark.parametrize("chosen", [EVERYTHING, ONLY_A])
def test_two_threads_find_what_a_fresh_view_and_a_look_at_each_event_would(tmp_path: Path, chosen: Filter) -> None:
    with EventStore(tmp_path / "rex.db", "https://acme.example") as store:
        events = filled(store, 3 * FIRST_SLICE)
        index = store.type_index()
        view = FoundView(index, chosen, ACME)
        scan = Scan(index, chosen, ACME.sql(Facts()), 1, view.last)
        came = threading.Event()
        threads = [threading.Thread(target=scan.work, args=(store.scanner, came.set)) for _ in range(scan.threads)]
        for thread in threads:
            thread.start()
        while not view.complete:
            came.wait()
            came.clear()
            if (part := scan.take()) is not None:
                view.found_before(*part)
                searched = events[view.first - 1 :]
                fitting = [one.seq for one in searched if chosen.shows(one.type) and ACME.matches(one, Facts())]
                assert list(view.seqs(0, len(view))) == fitting
        for thread in threads:
            thread.join()
        assert set(view.seqs(0, len(view))) <= set(View(index, chosen).seqs(0, len(events)))
        assert scan.take() is None
        assert scan.error is None


def test_a_search_that_was_stopped_looks_no_further(tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", "https://acme.example") as store:
        filled(store, FIRST_SLICE + 10)
        index = store.type_index()
        scan = Scan(index, EVERYTHING, ACME.sql(Facts()), 1, len(index))
        scan.work(store.scanner, scan.stop)
        assert scan.take() is not None
        assert scan.take() is None
        assert scan.error is None


def test_a_search_tells_with_which_slice_its_first_match_came(tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", "https://acme.example") as store:
        made = [make_event(n, "a.x", "{}" if n else '{"n":"Acme"}') for n in range(3 * FIRST_SLICE)]
        store.append([Page(tuple(made), (), has_more=False, next_cursor=None)])
        scan = Scan(store.type_index(), EVERYTHING, ACME.sql(Facts()), 1, len(made))
        told: list[bool] = []
        scan.work(store.scanner, lambda: told.append(scan.has_found))
        assert told == [False, True]


def test_a_search_that_can_not_go_on_says_why(tmp_path: Path) -> None:
    def refuse() -> Scanner:
        raise StoreUnwritable("The file is away.")

    scan = Scan(TypeIndex(["a.x"], pack_codes([1])), EVERYTHING, ACME.sql(Facts()), 1, 1)
    told: list[int] = []
    scan.work(refuse, lambda: told.append(1))
    assert str(scan.error) == "The file is away."
    assert told == [1]
