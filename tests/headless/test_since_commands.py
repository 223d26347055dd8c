"""Checkpoints without a screen: in --where and in the period of a review."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.program import run as run_program

from rex_tui.checkpoint import LAST_REVIEW, Checkpoint
from rex_tui.event import Event, Page
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook

NOW = datetime.now(UTC)


def at(number: int) -> str:
    return f"{NOW - timedelta(days=9 - number):%Y-%m-%dT%H:%M:%SZ}"


def run(store: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return run_program(*arguments, **{"REX_TUI_STORE": str(store)} | changes)


def keep(store: Path, *checkpoints: Checkpoint) -> None:
    with Notebook(store) as notebook:
        for one in checkpoints:
            notebook.keep_checkpoint(one)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    store = tmp_path / "rex.db"
    made = [Event(f"evt_{n}", "deal.created", at(n), f'{{"deal_id": "deal_{n}"}}', 0.0) for n in range(1, 7)]
    with EventStore(store, "https://acme.rexgtm.com") as opened:
        opened.append([Page(tuple(made), (), has_more=False, next_cursor="c")])
    then = (NOW - timedelta(days=5)).timestamp()
    keep(
        store,
        Checkpoint("weekly", "evt_4", at(1), then),
        Checkpoint("gone", "evt_gone", at(5), then),
        Checkpoint(LAST_REVIEW, "evt_5", at(5), (NOW - timedelta(days=3.5)).timestamp()),
    )
    return store


def ids(lines: str) -> list[str]:
    return [json.loads(line)["id"] for line in lines.splitlines()]


def test_export_asks_by_the_place_and_says_where_it_is_told_by_time(path: Path) -> None:
    done = run(path, "export", "--where", "since:weekly -since:gone")
    assert ids(done.stdout) == ["evt_5"]
    assert done.stderr.splitlines()[0] == (
        "rex-tui: The log does not have the event of the checkpoint gone, so its time stands in for it."
    )
    wrong = run(path, "export", "--where", "since:weeekly")
    assert wrong.returncode == 2
    assert "the nearest name is weekly." in wrong.stderr
    assert wrong.stderr.splitlines()[-1].index("^") == wrong.stderr.splitlines()[-2].index("weeekly")


def test_a_review_begins_at_a_checkpoint(path: Path) -> None:
    for period, created, name in (("since:weekly", 2, "since weekly"), ("last-review", 1, "since the last review")):
        done = run(path, "review", "--utc", "--format", "json", "--period", period)
        told = json.loads(done.stdout)
        assert (told["figures"]["created"], told["period"]["name"]) == (created, name)
    wrong = run(path, "review", "--period", "since:weekli")
    assert (wrong.returncode, "The nearest name is weekly." in wrong.stderr) == (2, True)


def test_tail_waits_for_a_place_that_the_log_has_not_come_to(tmp_path: Path) -> None:
    store = tmp_path / "rex.db"
    keep(store, Checkpoint("weekly", "evt_00300", "2026-03-20T12:00:00Z", NOW.timestamp()))
    lines = [
        json.dumps({"id": f"evt_{n:05}", "type": "a.b", "occurred_at": "2026-03-16T12:00:00Z", "data": {}})
        for n in range(450)
    ]
    with serving(OtherRex(lines)) as rex:
        done = run(store, "tail", "--once", "--where", "since:weekly", REX_URL=rex.url, REX_API_KEY=KEY)
    assert done.returncode == 0
    assert ids(done.stdout) == [f"evt_{n:05}" for n in range(301, 450)]
