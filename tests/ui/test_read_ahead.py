"""The page that comes next is read and painted while the reader looks at this one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from support.watching import WIDE, watching

from rex_tui.event import Row


async def test_a_page_further_in_the_same_direction_is_read_before_it_is_asked_for(tmp_path: Path) -> None:
    async with watching(tmp_path, history=400, size=WIDE) as watch:
        table, asked = watch.table, []
        read = table._lines._read_rows

        def counted(seqs: Sequence[int]) -> list[Row]:
            asked.append((min(seqs), max(seqs)))
            return read(seqs)

        table._lines._read_rows = counted
        await watch.press("pageup")
        top = table.scroll_offset.y
        page = table._page_size
        await watch.until(lambda: any(first <= top - page + 2 for first, _ in asked))
        asked.clear()
        await watch.press("pageup")
        assert table.scroll_offset.y == top - page + 1
        assert not [one for one in asked if one[1] >= table.scroll_offset.y], "nothing on this page was read by now"


async def test_what_is_prepared_at_the_beginning_of_a_log_is_what_there_is(tmp_path: Path) -> None:
    async with watching(tmp_path, history=60, size=WIDE) as watch:
        await watch.press("pageup", "pageup", "pageup")
        watch.table.prepare(-40, 3)
        watch.table.prepare(50, 90)
        assert watch.table.scroll_offset.y == 0
        assert watch.lines
