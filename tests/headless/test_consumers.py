"""`tail --as NAME` and `store consumers` as real processes against a Rex that is not ours."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace
from support.other_rex import KEY, OtherRex, serving
from support.program import in_text
from support.warm import run_warm

from rex_tui.checkpoint import Checkpoint
from rex_tui.store import EventStore
from rex_tui.store.consumers import Consumer, log_of
from rex_tui.store.notebook import Notebook

STORE = "rex.db"


def event(number: int) -> str:
    type_ = "deal.won" if number % 2 == 0 else "contact.created"
    at = f"2026-03-{1 + number // 100:02}T12:{number // 60 % 60:02}:{number % 60:02}Z"
    return f'{{"id": "evt_{number:05}", "type": "{type_}", "occurred_at": "{at}", "data": {{"n": {number}}}}}'


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex([event(number) for number in range(450)])) as running:
        yield running


def environment(rex: OtherRex) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REX_", "COV"))}
    return kept | {"REX_URL": rex.url, "REX_API_KEY": KEY, "REX_TUI_STORE": STORE}


def run(rex: OtherRex, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return in_text(run_warm(arguments, environment(rex), folder))


def numbers(done: subprocess.CompletedProcess[str]) -> list[int]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["data"]["n"] for line in done.stdout.splitlines()]


def as_(rex: OtherRex, folder: Path, name: str, *more: str) -> subprocess.CompletedProcess[str]:
    return run(rex, folder, "tail", "--once", "--as", name, *more)


def test_each_consumer_goes_on_where_it_has_come_to(rex: OtherRex, tmp_path: Path) -> None:
    assert numbers(as_(rex, tmp_path, "warehouse")) == list(range(450))
    nothing = as_(rex, tmp_path, "warehouse")
    assert (nothing.stdout, nothing.stderr) == ("", "")
    rex.events += [event(number) for number in range(450, 460)]
    assert numbers(as_(rex, tmp_path, "Warehouse", "--type", "deal.won")) == list(range(450, 460, 2))
    assert numbers(as_(rex, tmp_path, "warehouse")) == [], "what it does not want is passed, too"
    assert numbers(as_(rex, tmp_path, "other", "--where", "id:evt_0000*")) == list(range(10))

    listed = run(rex, tmp_path, "store", "consumers").stdout.splitlines()
    assert [line.split()[:3] for line in listed[1:]] == [["other", "0", "evt_00459"], ["warehouse", "0", "evt_00459"]]
    assert run(rex, tmp_path, "store", "consumers", "rewind", "other", "--since", "2026-03-05").returncode == 0
    assert "all since 2026-03-05" in run(rex, tmp_path, "store", "consumers").stdout
    assert as_(rex, tmp_path, "other", "--format", "csv", "--type", "none").stdout == "id,type,occurred_at,data\n"
    assert numbers(as_(rex, tmp_path, "other")) == []
    run(rex, tmp_path, "store", "consumers", "rewind", "other")
    assert len(numbers(as_(rex, tmp_path, "other", "--masked"))) == 460
    forgotten = run(rex, tmp_path, "store", "consumers", "forget", "other")
    assert forgotten.stdout == "other is forgotten; under this name the log begins anew.\n"
    unknown = run(rex, tmp_path, "store", "consumers", "forget", "other")
    assert (unknown.returncode, unknown.stderr) == (
        2,
        "rex-tui: There is no consumer other. Known are warehouse.\n",
    )


def test_the_first_run_begins_at_a_time_or_behind_a_checkpoint(rex: OtherRex, tmp_path: Path) -> None:
    late = '{"id": "evt_late", "type": "a.b", "occurred_at": "2026-01-01T00:00:00Z", "data": {"n": -1}}'
    rex.events.append(late)
    first = as_(rex, tmp_path, "a", "--since", "2026-03-04T12:05:30Z")
    assert numbers(first) == [*range(330, 450), -1], "in Rex's order from the first one on that happened then or later"
    with Notebook(tmp_path / STORE) as notebook:
        notebook.keep_checkpoint(Checkpoint("weekly", "evt_00439", "2026-03-05T12:07:19Z", 1_772_712_439.0))
        notebook.keep_checkpoint(Checkpoint("moment", "", "", 4_000_000_000.0))
    assert numbers(as_(rex, tmp_path, "b", "--since", "weekly")) == [*range(440, 450), -1]
    assert numbers(as_(rex, tmp_path, "c", "--since", "moment")) == []
    assert numbers(run(rex, tmp_path, "tail", "--once", "--since", "weekly")) == [*range(440, 450), -1]
    both = run(rex, tmp_path, "tail", "--once", "--since", "2026-03-05", "--where", "id:evt_00001 or id:evt_0044*")
    assert numbers(both) == list(range(440, 450))

    again = as_(rex, tmp_path, "b", "--since", "2026-03-01")
    assert (again.stdout, again.stderr) == (
        "",
        "rex-tui: b goes on where it has come to; --since is for its first run. `store consumers rewind` moves it.\n",
    )
    for arguments in (("--since", "mondy", "--as", "d"), ("--since", "mondy")):
        wrong = run(rex, tmp_path, "tail", "--once", *arguments)
        assert (wrong.returncode, wrong.stdout) == (2, "")
        assert wrong.stderr.startswith("rex-tui: --since can't be read. Expected a time like 2d, ")
        assert wrong.stderr.endswith("  mondy\n  ^\n")
    odd = as_(rex, tmp_path, "../x\x1b[2J")
    assert odd.returncode == 2
    assert "can't be called “../x␛[2J”" in odd.stderr


def test_one_process_at_a_time_is_a_consumer(rex: OtherRex, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rex_tui", "tail", "--as", "warehouse"]
    with subprocess.Popen(
        command, env=environment(rex), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        for _ in range(450):
            process.stdout.readline()
        for arguments in (("tail", "--as", "warehouse"), ("store", "consumers", "rewind", "warehouse")):
            other = run(rex, tmp_path, *arguments)
            assert (other.returncode, other.stdout) == (5, "")
            assert f"warehouse is process {process.pid}, which takes the log under this name." in other.stderr
        assert f"process {process.pid}" in run(rex, tmp_path, "store", "consumers").stdout
        assert len(numbers(as_(rex, tmp_path, "other"))) == 450
        process.kill()
        process.communicate()
    assert numbers(as_(rex, tmp_path, "warehouse")) == []


def test_a_log_that_is_read_again_from_rex_is_gone_on_with_at_the_same_event(rex: OtherRex, tmp_path: Path) -> None:
    assert len(numbers(as_(rex, tmp_path, "warehouse"))) == 450
    store = tmp_path / STORE
    store.write_bytes(store.read_bytes()[:4096] + bytes(20_000))
    rex.events += [event(number) for number in range(450, 455)]
    after_damage = as_(rex, tmp_path, "warehouse")
    assert numbers(after_damage) == list(range(450, 455))
    assert "has not come to evt_00449 yet, up to which warehouse has everything" in after_damage.stderr

    for file in tmp_path.glob(f"{STORE}*"):
        if file.suffix != ".notes":
            file.unlink()
    rex.events = [event(number) for number in range(440, 460) if number != 454]
    lost = as_(rex, tmp_path, "warehouse")
    assert numbers(lost) == list(range(455, 460))
    assert "The log does not have evt_00454, up to which warehouse has everything, so its time stands in" in lost.stderr


def test_what_is_forgotten_moves_a_consumer_no_further_than_it_was(rex: OtherRex, tmp_path: Path) -> None:
    rex.events = [event(number) for number in (420, 3, 421, 4)]
    assert numbers(as_(rex, tmp_path, "warehouse")) == [420, 3, 421, 4]
    run(rex, tmp_path, "store", "consumers", "rewind", "warehouse")
    with Notebook(tmp_path / STORE) as notebook:
        notebook.keep_consumer(_behind_second(tmp_path, notebook))
    done = run(rex, tmp_path, "store", "forget", "--before", "2026-03-02", "--yes")
    assert "Deleted 2 events" in done.stdout
    with closing(sqlite3.connect(tmp_path / f"{STORE}.notes")) as notes:
        assert notes.execute("SELECT event_id, seq FROM consumers").fetchone() == ("evt_00420", 1)
    assert numbers(as_(rex, tmp_path, "warehouse")) == [421]


def _behind_second(folder: Path, notebook: Notebook) -> Consumer:
    with EventStore(folder / STORE, None) as store:
        return replace(notebook.consumers()["warehouse"], event_id="evt_00003", seq=2, log=log_of(store))


def test_a_gap_is_told(rex: OtherRex, tmp_path: Path) -> None:
    as_(rex, tmp_path, "warehouse")
    rex.rejected = {"c400"}
    rex.events = [event(number) for number in range(700, 703)]
    done = as_(rex, tmp_path, "warehouse", "--on-gap", "read-again")
    assert numbers(done) == [700, 701, 702]
    assert "Events may be missing between 2026-03-05T12:07:29Z and 2026-03-08T12:11:40Z." in done.stderr
    assert "may be missing" not in as_(rex, tmp_path, "warehouse").stderr
