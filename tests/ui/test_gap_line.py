"""The row of a gap, in every width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.style import Style

from rex_tui.query.gap import GapStory, gap_story
from rex_tui.ui.widgets.gap_line import paint_gap

STORY = GapStory("2026-03-01T12:00:02Z", "2026-03-02T12:00:20Z", "Rex no longer accepts our place (410).")


@pytest.mark.parametrize("width", [1, 8, 40, 60, 80, 120, 200, 300])
def test_it_fills_its_width_and_no_more(width: int) -> None:
    strip = paint_gap(STORY, "▌›", width, Style.null(), utc=True)  # noqa: RUF001 - the table's marks
    assert strip.cell_length == cell_len(strip.text) == width


def test_a_wide_table_says_why() -> None:
    text = paint_gap(STORY, "", 200, Style.null(), utc=True).text
    assert "gap: events may be missing between 2026-03-01 12:00:02 UTC and 2026-03-02 12:00:20 UTC" in text
    assert "Rex no longer accepts our place (410)." in text


@pytest.mark.parametrize("data", [None, "", "[]", '{"last_before": 7, "why": {"x": 1}}', "nonsense"])
def test_a_payload_that_says_nothing_is_a_gap_all_the_same(data: str | None) -> None:
    assert gap_story(data) == GapStory("", "", "")
    assert "events may be missing" in paint_gap(gap_story(data), "", 90, Style.null(), utc=True).text
