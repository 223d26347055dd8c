"""A consumer that is killed in the middle of writing, again and again, misses nothing."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from rex_tui.demo import DEMO_KEY, SEED, DemoLog, DemoServer, Organisation

KILLS = 12
EVENTS = 6_000
LINES_A_LIFE = (1, 900)


def id_of(line: bytes) -> str:
    return line.split(b'"', 4)[3].decode()


def place(notes: Path) -> str:
    with closing(sqlite3.connect(notes)) as connection:
        return str(connection.execute("SELECT event_id FROM consumers WHERE name = 'warehouse'").fetchone()[0])


def test_no_event_is_lost_between_acknowledged_lines_whenever_it_is_killed(tmp_path: Path) -> None:
    rng = Random(11)
    log = Organisation(SEED).history(EVENTS, datetime(2026, 1, 1, tzinfo=UTC))
    ids = [event.id for event in log]
    number = {"": 0} | {id_: count for count, id_ in enumerate(ids, 1)}
    command = [sys.executable, "-m", "rex_tui", "tail", "--store", str(tmp_path / "rex.db"), "--as", "warehouse"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REX_", "COV"))}
    delivered: set[str] = set()
    doubled = 0
    with DemoServer(DemoLog(log), requests_per_minute=1_000_000) as rex:
        environment = kept | {"REX_URL": rex.url, "REX_API_KEY": DEMO_KEY}
        for _ in range(KILLS):
            before = place(tmp_path / "rex.db.notes") if delivered else ""
            with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None
                lines = [process.stdout.readline() for _ in range(rng.randint(*LINES_A_LIFE))]
                process.kill()
                lines += [line for line in process.stdout.read().splitlines(keepends=True) if line.endswith(b"\n")]
            told = list(map(id_of, lines))
            assert told == ids[number[before] : number[before] + len(told)], "it goes on exactly behind its place"
            doubled += len(delivered.intersection(told))
            delivered.update(told)
            acknowledged = number[place(tmp_path / "rex.db.notes")]
            assert delivered.issuperset(ids[:acknowledged]), "what is acknowledged was written"
        rest = subprocess.run([*command, "--once"], env=environment, capture_output=True, timeout=60, check=True)
        told = [id_of(line) for line in rest.stdout.splitlines()]
        assert told == ids[-len(told) :] if told else True
        delivered.update(told)
    assert delivered == set(ids)
    assert doubled, "some kill hit the moment between writing and acknowledging"
