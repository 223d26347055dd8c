from __future__ import annotations

from rex_tui.ui.counting_pace import TICKS_AGAIN, CountingPace


def test_what_comes_alone_is_counted_at_once_and_a_burst_once_a_tick() -> None:
    pace = CountingPace()
    assert pace.came()
    assert [pace.came(), pace.came(), pace.ticked()] == [False, False, True]
    assert [pace.came(), pace.ticked()] == [False, True]
    assert not pace.ticked()
    assert pace.came()


def test_where_nothing_comes_it_is_counted_again_at_times() -> None:
    pace = CountingPace()
    assert [tick for tick in range(1, 2 * TICKS_AGAIN + 1) if pace.ticked()] == [TICKS_AGAIN, 2 * TICKS_AGAIN]
