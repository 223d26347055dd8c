"""The screen while the store forgets: what is read stays where it is, what is told is what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from support.watching import INTERVAL_S, WIDE, Watching, watching
from textual.widgets import OptionList

from rex_tui.feed.forgetting import Forgetting
from rex_tui.keep import read_keep
from rex_tui.query.view import View
from rex_tui.store import retention as retention_module
from rex_tui.store.mentions import ids_of
from rex_tui.ui.screens.lens_words import heading

HISTORY = 300


@pytest.fixture(autouse=True)
def one_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget all at once: the tests' clock stands still between slices."""
    monkeypatch.setattr(retention_module, "SLICE_ROWS", HISTORY)


async def forget_all_but(watch: Watching, count: int) -> None:
    """Let the feed forget in its next pause, and wait until the screen has taken that in."""
    keep = read_keep(str(count))
    watch.poller.forgetting = Forgetting(watch.store, watch.screen._session.notebook, keep, watch.clock)
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: watch.screen._log.index.forgotten == HISTORY - count)
    await watch.settle()


def title(watch: Watching) -> str:
    return str(watch.panes.events.border_title)


async def test_what_is_read_stays_where_it_is_while_what_is_above_is_forgotten(tmp_path: Path) -> None:
    async with watching(tmp_path, history=HISTORY) as watch:
        screen, table = watch.screen, watch.table
        [early] = screen._log.rows([20])
        screen.kept.keep("early", early)
        table.select_seq(20)
        await watch.press("m")
        table.select_seq(230)
        await watch.settle()
        lines, line = watch.lines, table.cursor_line

        await forget_all_but(watch, 120)

        assert (watch.lines, table.cursor_line, table.cursor_seq) == (lines, line, 230)
        assert title(watch).endswith("120 of 120 · older ones are forgotten (--keep 120)")
        assert sum(screen._log.index.counts.values()) == watch.store.last_seq() - watch.store.first_seq() + 1 == 120
        assert screen.time_line.histogram is not None
        assert sum(screen.time_line.histogram.counts) == 120

        await watch.press("d")
        deals = View(watch.store.type_index(), screen.filter)
        await forget_all_but(watch, 60)
        left = View(watch.store.type_index(), screen.filter)
        assert 0 < len(left) < len(deals)
        assert list(screen._view.seqs(0, HISTORY)) == list(left.seqs(0, HISTORY))
        assert table.virtual_size.height == len(left)

        await watch.press("a", "g")
        assert table.cursor_seq == 241
        await forget_all_but(watch, 50)
        assert (table.cursor_seq, table.scroll_offset.y) == (251, 0)
        assert not table.follow

        await watch.press("apostrophe")
        assert "forgotten, " in str(
            watch.pilot.app.screen.query_one("#marks", OptionList).get_option_at_index(0).prompt
        )
        await watch.press("escape")
        screen.go_to_place("early")
        await watch.settle()
        assert watch.told.startswith("early is forgotten, ")
        assert table.cursor_seq == 251


async def test_a_search_goes_no_further_back_than_what_is_kept_and_a_story_says_where_it_begins(tmp_path: Path) -> None:
    async with watching(tmp_path, history=HISTORY) as watch:
        await watch.press("slash")
        await watch.type("deal")
        await watch.answered()
        found = len(watch.screen._view)
        await forget_all_but(watch, 100)
        view = watch.screen._view
        assert 0 < len(view) < found
        assert view.seq_at(0) > 200
        watch.screen._search.ask_again(watch.screen._search.facts)
        await watch.answered()
        assert list(watch.screen._view.seqs(0, HISTORY)) == list(view.seqs(0, HISTORY))
        assert not watch.screen._search.running
        faded = (
            watch.store._must_write()
            ._connection.execute("SELECT id, events FROM faded JOIN entities ON code = entity ORDER BY events DESC")
            .fetchone()
        )
        story = await watch.screen._log.story(faded[0])
        assert story is not None
        assert story.forgotten == faded[1] > 0


async def test_a_story_says_that_it_may_begin_before_what_is_kept(tmp_path: Path) -> None:
    async with watching(tmp_path, history=HISTORY, size=WIDE) as watch:
        log = watch.screen._log
        oldest = log.true_rows(range(1, 9))
        await forget_all_but(watch, 10)
        stories = [
            story
            for row in oldest
            for id_ in ids_of(row.type, row.data or "", None)
            if (story := await log.story(id_)) is not None and not story.total
        ]
        assert stories
        for story in stories:
            assert "No event that is kept mentions this id." in str(heading(story.id, story, utc=True))
        newest = log.event(HISTORY)
        assert newest is not None
        known = await log.story(next(iter(ids_of(newest.type, newest.data, None))))
        assert known is not None
        unsure = str(heading(known.id, replace(known, forgotten=0, may_be_more=True), utc=True))
        assert "may begin before what is kept · first kept 2026-" in unsure
