"""The fault server beside a program of its own: a whole `tail --once` through a bad minute, by the real clock."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from faults.bench import expected, look
from faults.case import entry
from support import fault_kinds as kinds
from support.fault_rex import KEY, FaultRex, fault_rex_in_thread


def test_tail_gets_each_event_once_through_a_bad_minute(tmp_path: Path) -> None:
    log = [entry(number) for number in range(1, 501)]
    rex = FaultRex([one.raw for one in log], page_max=100)
    rex.commit(
        kinds.doubled_across(30),
        kinds.cursor("null", at_end=True),
        kinds.only(kinds.status(503, kinds.HTML), times=1),
        kinds.only(kinds.RESET, times=1, after=3),
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    with fault_rex_in_thread(rex):
        told = {"REX_URL": rex.url, "REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
        command = [sys.executable, "-m", "rex_tui", "tail", "--once"]
        done = subprocess.run(command, env=kept | told, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [kept[0] for kept in expected(log)]
    assert look(tmp_path / "rex.db").events == expected(log)
    assert {name for asked in rex.asked for name in asked.faults} >= {"status 503", "reset"}
