"""The table's lines by themselves: a name that is learned makes anew only the lines that it stands in."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.style import Style

from rex_tui.event import Row
from rex_tui.names import Known, Names, Stage
from rex_tui.ui.widgets.event_line import Times
from rex_tui.ui.widgets.event_lines import CACHED_LINES, EventLines
from rex_tui.ui.widgets.paint_line import Look

WON, LOST = "stg_0001", "stg_0002"
LOOK, TIMES = Look("   ", Style.null()), Times(utc=True)


def row(seq: int, stage: str) -> Row:
    payload = json.dumps({"deal_id": "deal_0001", "from_stage_id": None, "to_stage_id": stage})
    return Row(seq, f"evt_{seq}", "deal.stage_changed", "2026-03-16T12:00:00Z", 0.0, payload, len(payload))


def test_a_name_makes_anew_the_lines_that_it_stands_in_and_no_others() -> None:
    rows, asked = {1: row(1, WON), 2: row(2, LOST)}, []

    def read(seqs: Sequence[int]) -> list[Row]:
        asked.append(list(seqs))
        return [rows[seq] for seq in seqs]

    lines = EventLines(read, lambda _: Style.null())

    def painted() -> list[str]:
        lines.read([1, 2])
        return [lines.line(seq, seq - 1 or None, 90, LOOK, TIMES).text for seq in (1, 2)]

    before = painted()
    names = Names().learned([Known(WON, "Signed", 1.0, "rex")])
    assert lines.name(names) == {1}
    first, second = painted()
    assert "Signed" in first
    assert second == before[1]
    assert lines.name(names.learned([Known(WON, "Signed", 2.0, "payload")])) == set()
    assert asked == [[1, 2], [1]]
    assert lines.name(names.with_stages([Stage(LOST, "Lost it", "pipe_1", 0, "lost", "")], 1.0)) == {1, 2}
    assert "Lost it" in painted()[1]


def test_a_screen_higher_than_what_is_usually_kept_has_all_of_its_lines() -> None:
    def read(seqs: Sequence[int]) -> list[Row]:
        return [row(seq, WON) for seq in seqs]

    lines, height = EventLines(read, lambda _: Style.null()), 5 * CACHED_LINES
    lines.read(range(1, height + 1))
    for _ in range(2):
        assert all("deal.stage_changed" in lines.line(seq, None, 90, LOOK, TIMES).text for seq in range(1, height + 1))
