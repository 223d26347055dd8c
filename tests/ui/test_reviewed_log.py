"""The log folded for reviews: once, in a thread, with early figures, and after that only what came since."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rex_tui.demo import DemoEvent, Organisation
from rex_tui.event import Event, Page
from rex_tui.query.review.review import Review
from rex_tui.store import EventStore, StoreError
from rex_tui.ui.reviewed_log import BACK_MAX, Asked, ReviewedLog

END = datetime(2026, 3, 30, 12, tzinfo=UTC)
URL = "https://acme.rexgtm.com"


def append(store: EventStore, made: Iterable[DemoEvent]) -> None:
    events = tuple(Event(one.id, one.type, one.occurred_at, one.data, 0.0) for one in made)
    store.append([Page(events, (), has_more=False, next_cursor=f"c{len(events)}")])


@pytest.fixture(scope="module")
def made() -> list[DemoEvent]:
    return Organisation(7).history(6_000, END)


async def test_the_period_is_told_early_and_what_comes_later_costs_only_itself(
    made: list[DemoEvent], tmp_path: Path
) -> None:
    with EventStore(tmp_path / "rex.db", URL) as store:
        append(store, made[:5_900])
        failed: list[StoreError] = []
        log = ReviewedLog(store, failed.append, lambda: END)
        log.asked = Asked("3d")
        told: list[tuple[float, Review | None]] = []
        whole = await log.review(lambda moment, review: told.append((moment, review)))
        early = [review for _moment, review in told if review is not None]
        assert whole is not None
        assert whole.complete
        assert [review.complete for review in early] == [False]
        assert early[0].figures.won == whole.figures.won > 0
        assert told[0][0] < whole.period.bounds[0]

        folded = log._folded
        append(store, made[5_900:])
        log.asked = Asked("7d")
        grown = await log.review(lambda *_: None)
        assert log._folded is folded
        again = ReviewedLog(store, failed.append, lambda: END)
        again.asked = log.asked
        assert grown == await again.review(lambda *_: None)
        assert not failed


async def test_a_log_that_became_another_one_while_it_was_read_gives_nothing(
    made: list[DemoEvent], tmp_path: Path
) -> None:
    with EventStore(tmp_path / "rex.db", URL) as store:
        append(store, made)
        log = ReviewedLog(store, _never, lambda: END)
        log.asked = Asked("3d")
        told: list[float] = []

        def early(moment: float, _review: Review | None) -> None:
            told.append(moment)
            log.begin_anew()

        assert await log.review(early) is None
        assert told
        assert await log.review(lambda *_: None) is not None


async def test_a_store_that_cannot_be_read_is_told_and_read_from_the_start_the_next_time(
    made: list[DemoEvent], tmp_path: Path
) -> None:
    path, failed = tmp_path / "rex.db", list[StoreError]()
    with EventStore(path, URL) as store:
        append(store, made[:50])
        log = ReviewedLog(store, failed.append, lambda: END)
        path.rename(tmp_path / "elsewhere.db")
        assert await log.review(lambda *_: None) is None
        assert len(failed) == 1
        (tmp_path / "elsewhere.db").rename(path)
        assert await log.review(lambda *_: None) is not None


def test_periods_go_back_as_far_as_time_does() -> None:
    assert Asked("last-month", 2).period(END).start == datetime(2025, 12, 1, tzinfo=UTC)
    assert Asked("7d", 1).period(END).end == datetime(2026, 3, 23, 12, tzinfo=UTC)
    assert Asked("3660d", BACK_MAX).period(END).bounds[0] >= 0


def _never(error: StoreError) -> None:
    raise AssertionError(error)
