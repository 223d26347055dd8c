"""What the benchmark suite says of its samples, and that its stores are the program's; no figure is asserted."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from benchmarks import growth, report
from benchmarks.multiplied import multiply
from benchmarks.row import Row, budgets, of

from rex_tui.demo import Organisation
from rex_tui.event import Event, Page
from rex_tui.store import EventStore

BASE = 600
URL = "http://127.0.0.1:1"
END = datetime(2026, 1, 1, tzinfo=UTC)
TOLD = {"cores": 2, "machine": "a CPU", "python": "3", "sqlite": "3", "textual": "8", "date": "today", "quick": True}


@pytest.mark.parametrize(
    ("key", "figures", "floors", "holds"),
    [
        ("start", [15.0], [10.0], True),
        ("start", [15.1], [10.0], False),
        ("catch-up", [8.0], [10.0], True),
        ("catch-up", [7.9], [10.0], False),
        ("version", [90.0], [10.0], True),
        ("version", [91.0], [10.0], False),
        ("live-lag", [300.0], [], True),
        ("live-lag", [301.0], [], False),
        ("start", [15.0], [], False),
        ("none of them", [15.0], [10.0], None),
    ],
)
def test_a_row_holds_where_its_budget_says_so(
    key: str, figures: list[float], floors: list[float], holds: bool | None
) -> None:
    assert Row(key, "what", "ms", figures, floors).holds is holds


def test_a_budget_of_a_length_is_for_that_length_alone() -> None:
    assert Row("filter", "what", "ms", [101.0], events=1_000_000).holds is False
    assert Row("filter", "what", "ms", [101.0], events=10_000_000).holds is True
    assert Row("filter", "what", "ms", [101.0], events=10_000).holds is None


def test_a_row_that_failed_says_why_and_misses_its_budget() -> None:
    row = Row("start", "what", failed="TimeoutError: nothing came")
    assert row.holds is False
    assert "TimeoutError: nothing came" in report.table([row])


def test_every_budget_is_of_one_rule() -> None:
    assert len(budgets()) > 20


def test_the_99th_percentile_is_not_the_median() -> None:
    samples = [float(number) for number in range(101)]
    assert (of(samples, "p50"), of(samples, "p99"), of([], "p99")) == (50.0, 99.0, None)


def test_figures_come_back_from_json_and_go_into_the_readme_between_its_markers(tmp_path: Path) -> None:
    rows = [Row("start", "start", "ms", [15.0, 16.0], [10.0], "an empty app", 10_000)]
    report.write_json(tmp_path / "figures.json", rows, TOLD)
    read, told = report.read_json(tmp_path / "figures.json")
    assert (read[0].figure, read[0].ratio, told) == (15.5, 1.55, TOLD)
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter <!-- -->\n")
    report.into_readme(readme, report.markdown(read, told))
    text = readme.read_text()
    assert text.startswith("before\n<!-- figures -->\n2 cores of a CPU")
    assert f"| start | 10,000 | 15.5 ms | 15 to 16 | 10 ms |  | 1.55 | {read[0].budget_words} | MISSED |" in text
    assert text.endswith("MISSED |\n<!-- -->\nafter <!-- -->\n")
    assert "old" not in text
    with pytest.raises(ValueError, match="has no"):
        report.into_readme(tmp_path / "figures.json", "text")


def test_growth_is_drawn_where_there_are_two_lengths_of_log(tmp_path: Path) -> None:
    rows = [Row("start", "start", "ms", [15.0], [10.0], "floor", events) for events in (10_000, 1_000_000)]
    assert not growth.draw(rows[:1], tmp_path / "none.svg")
    assert growth.draw(rows, tmp_path / "growth.svg")
    texts = [one.text for one in ET.parse(tmp_path / "growth.svg").iter() if one.tag.endswith("text")]
    assert {"10k", "1M", "start to the newest event, ms", "- - floor"} <= set(texts)


def test_a_store_that_was_multiplied_is_one_that_the_program_would_have_written(tmp_path: Path) -> None:
    path, count = tmp_path / "log.db", 3 * BASE + 17
    history = Organisation(7).history(BASE, END)
    events = tuple(Event(one.id, one.type, one.occurred_at, one.data, END.timestamp()) for one in history)
    with EventStore(path, URL) as store:
        store.append([Page(events, (), has_more=False, next_cursor="c")])
    multiply(path, BASE, count, step_s=60.0)
    with EventStore(path, URL) as store:
        assert store.problems() == []
        assert store.type_index().events == count
    with closing(sqlite3.connect(path)) as connection:
        ids = connection.execute("SELECT count(DISTINCT id), min(length(id)), max(length(id)) FROM log").fetchone()
        later = connection.execute("SELECT occurred_at FROM log WHERE seq IN (?, ?)", (BASE + 1, count)).fetchall()
    assert ids == (count, 30, 30)
    assert later == [("2026-01-01T10:01:00Z",), ("2026-01-02T06:17:00Z",)]
