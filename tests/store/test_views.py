"""The read-only views, which other programs build on: their names, columns and kinds stay."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.fakes import NOW, make_page

from rex_tui.store import EventStore


def test_the_views_of_the_store_are_what_the_readme_says(tmp_path: Path) -> None:
    path = tmp_path / "rex.db"
    with (
        EventStore(path, "https://acme.rexgtm.com") as store,
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as other,
    ):
        store.append([make_page([1, 2], cursor="a")])
        store.forget_cursor("Rex refused.", "read again", NOW)
        store.append([make_page([8], cursor="b")])

        views = other.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name").fetchall()
        assert views == [("gaps",), ("log",)]
        columns = [row[1:3] for row in other.execute("PRAGMA table_info(log)")]
        assert columns == [
            ("seq", "INTEGER"),
            ("id", "TEXT"),
            ("type", "TEXT"),
            ("occurred_at", "TEXT"),
            ("received_at", "REAL"),
            ("data", "TEXT"),
            ("extra", "TEXT"),
        ]
        assert [row[1] for row in other.execute("PRAGMA table_info(gaps)")] == ["seq", "noticed_at", "data"]
        rows = other.execute("SELECT id, type, data ->> '$.n', received_at FROM log ORDER BY seq").fetchall()
        assert rows == [(f"evt_{number:06}", "deal.updated", 1, NOW) for number in (1, 2, 8)]
        assert other.execute("SELECT seq, data ->> '$.why' FROM gaps").fetchall() == [(3, "Rex refused.")]
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            other.execute("DELETE FROM events")
        store.append([make_page([9], cursor="c")])
        assert other.execute("SELECT count(*) FROM log").fetchone() == (4,), "it sees what comes meanwhile"
