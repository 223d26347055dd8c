"""The notebook: marks, saved filters, history and columns, in a file beside the store."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

from rex_tui.store.notebook import HISTORY_MAX, Mark, Notebook, forget_marks, notebook_path


def test_what_is_written_is_there_the_next_time_and_for_another_process(tmp_path: Path) -> None:
    store = tmp_path / "rex.db"
    with Notebook(store) as notebook, Notebook(store) as beside:
        notebook.mark("evt_1", "ask Ada", 5.0)
        notebook.mark("evt_2", "", 6.0)
        notebook.mark("evt_1", "ask Bob", 9.0)
        notebook.unmark("evt_2")
        notebook.save_filter("big", "value>50000")
        notebook.save_filter("big", "value>60000")
        notebook.save_filter("old", "before:2026-01-01")
        notebook.drop_filter("old")
        notebook.choose_columns("big", ["value", "owner.name"])
        notebook.keep_fact("last", "1")
        notebook.keep_fact("last", "2")
        assert beside.marks() == {"evt_1": Mark("evt_1", "ask Bob", 5.0)}
    with Notebook(store) as again:
        assert again.kept
        assert again.filters() == {"big": "value>60000"}
        assert again.columns("big") == ["value", "owner.name"]
        assert (again.fact("last"), again.fact("never")) == ("2", "")
        again.choose_columns("big", [])
        assert again.columns("big") == []
    assert stat.S_IMODE(notebook_path(store).stat().st_mode) == 0o600


def test_what_was_asked_last_comes_last_once_and_the_oldest_goes(tmp_path: Path) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        for number in range(HISTORY_MAX + 5):
            notebook.remember(f"q{number}")
        notebook.remember("q100")
        history = notebook.history()
    assert history[-1] == "q100"
    assert history.count("q100") == 1
    assert "q5" not in history
    assert len(history) <= HISTORY_MAX


def test_where_nothing_can_be_written_it_lasts_as_long_as_the_program_and_says_so(tmp_path: Path) -> None:
    other = notebook_path(tmp_path / "rex.db")
    with sqlite3.connect(other) as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
    foreign.close()
    before = other.read_bytes()
    with Notebook(tmp_path / "rex.db") as notebook:
        assert not notebook.kept
        assert "another program" in notebook.why
        notebook.mark("evt_1", "", 1.0)
        assert list(notebook.marks()) == ["evt_1"]
    assert other.read_bytes() == before
    notebook_path(tmp_path / "bad.db").write_bytes(b"no database at all" * 100)
    with Notebook(tmp_path / "bad.db") as notebook:
        assert not notebook.kept
        assert notebook.filters() == {}


def test_the_marks_of_forgotten_events_leave_no_byte(tmp_path: Path) -> None:
    store = tmp_path / "rex.db"
    assert forget_marks(store, ["evt_1"]) == 0
    with Notebook(store) as notebook:
        notebook.mark("evt_1", "Ada's secret", 1.0)
        notebook.mark("evt_2", "stays", 1.0)
    assert forget_marks(store, ["evt_1", "evt_7"]) == 1
    assert b"secret" not in notebook_path(store).read_bytes()
    with Notebook(store) as notebook:
        assert list(notebook.marks()) == ["evt_2"]
