"""`kill -9` in the middle of forgetting: what is left is a sound store with the newest part of its log, whole."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from rex_tui.demo import Organisation
from rex_tui.event import Event, Page
from rex_tui.store import EventStore

URL = "https://acme.rexgtm.com"
EVENTS = 6_000
KEPT = 500
KILLS = 4
PROGRAM = """
import sys
from pathlib import Path
from rex_tui.keep import read_keep
from rex_tui.store import EventStore, retention
retention.SLICE_ROWS = 40
with EventStore(Path(sys.argv[1]), sys.argv[2]) as store:
    while last := store.prune(read_keep(sys.argv[3]), 2e9, 2**60):
        print(last, flush=True)
"""


def test_a_program_killed_while_it_forgets_leaves_a_sound_store(tmp_path: Path) -> None:
    path, random = tmp_path / "rex.db", Random(5)
    history = Organisation(7).history(EVENTS, datetime(2026, 6, 1, tzinfo=UTC))
    log = [Event(one.id, one.type, one.occurred_at, one.data, 1.0) for one in history]
    with EventStore(path, URL) as store:
        store.append([Page(tuple(log), (), has_more=False, next_cursor="c")])
    command = [sys.executable, "-c", PROGRAM, str(path), URL, str(KEPT)]
    first = 1
    for _ in range(KILLS):
        aim = first + random.randrange(200, 1_000)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            next(line for line in program.stdout if int(line) >= aim)
            program.kill()
        with EventStore(path, URL) as store:
            assert store.problems() == []
            first = store.first_seq()
            assert aim <= first <= EVENTS - KEPT + 1
            assert [event.id for event in store.events(0, EVENTS)] == [event.id for event in log[first - 1 :]]
            assert store.forgotten().last == first - 1
            assert store.cursor == "c"
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with EventStore(path, URL) as store:
        assert (store.first_seq(), store.problems()) == (EVENTS - KEPT + 1, [])
