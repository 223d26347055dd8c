"""The commands of rules: real programs, what they get, and what is told of those that fail or hang."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from support.fakes import NOW
from support.hostile import NAMES, hostile
from support.waiting import until

from rex_tui.api_key import ApiKey
from rex_tui.event import Event
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.commands import AT_ONCE, WAITING_MAX, Commands, child_environment

KEY = "rex_live_CANARY0123456789"
TAKE = """
import json, os, sys
with open(sys.argv[1], "a") as file:
    told = {"line": sys.stdin.read(), "arguments": sys.argv[2:], "environment": dict(os.environ)}
    file.write(json.dumps(told) + "\\n")
"""
HANG = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
time.sleep(600)
"""


def rule(*words: str, name: str = "A", timeout_s: float = 20.0) -> RuleSetting:
    return RuleSetting(name, "", frozenset(), words, timeout_s)


def event(number: int, data: str = '{"n": 1}') -> Event:
    return Event(f"evt_{number}", "deal.won", "2026-03-16T12:00:00Z", data, NOW, number)


@asynccontextmanager
async def running(environment: dict[str, str] | None = None) -> AsyncIterator[tuple[Commands, list[str]]]:
    said: list[str] = []
    commands = Commands(dict(os.environ) if environment is None else environment, said.append)
    task = asyncio.create_task(commands.run())
    try:
        yield commands, said
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


async def test_a_command_gets_the_event_on_its_input_and_nothing_of_it_elsewhere(tmp_path: Path) -> None:
    data = json.dumps({name: hostile(name, "v") for name in NAMES}, ensure_ascii=True) + "\n"
    base = {
        "PATH": os.environ["PATH"],
        "REX_API_KEY": KEY,
        "REX_API_KEY_COMMAND": f"echo {KEY}",
        "REX_URL": "https://a",
    }
    environment = child_environment(base | {"MINE": f"x{KEY}y", "REX_TUI_KEYRING": "me"}, ApiKey(KEY).hide_in)
    assert environment == {"PATH": os.environ["PATH"], "REX_URL": "https://a"}
    out = tmp_path / "out"
    async with running(environment) as (commands, said):
        commands.put(rule(sys.executable, "-c", TAKE, str(out), "--loud"), [event(1, data)])
        await until(lambda: lines(out) and not commands.busy)
    (line,) = lines(out)
    told = json.loads(line)
    assert told["line"] == event(1, data).json_line() + "\n"
    assert json.loads(told["line"])["data"] == json.loads(data)
    assert told["line"].count("\n") == 1
    assert told["arguments"] == ["--loud"]
    assert told["environment"].keys() - {"LC_CTYPE", "__CF_USER_TEXT_ENCODING"} == {"PATH", "REX_URL"}
    assert not said


async def test_what_fails_is_told_once_a_rule(tmp_path: Path) -> None:
    async with running() as (commands, said):
        commands.put(rule(str(tmp_path / "none\x1b[2J")), [event(1), event(2)])
        commands.put(rule(sys.executable, "-c", "raise SystemExit(7)", name="B"), [event(1), event(2)])
        commands.put(
            rule(sys.executable, "-c", "import os; os.kill(0, 9)", name="C"), [event(1, '"' + "x" * 300_000 + '"')]
        )
        await until(lambda: not commands.busy)
    told = sorted(said)
    assert len(told) == 3
    assert "The command of rule “A” can't be started: " in told[0]
    assert "␛[2J (No such file or directory)" in told[0]
    assert told[1].startswith("The command of rule “B” failed with exit code 7.")
    assert told[2].startswith("The command of rule “C” was ended by signal 9.")


async def test_what_hangs_is_ended_and_what_is_too_much_is_dropped_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rex_tui.rules.commands.GRACE_S", 0.05)
    pids = tmp_path / "pids"
    async with running() as (commands, said):
        hangs = rule(sys.executable, "-c", HANG, str(pids), timeout_s=60.0)
        commands.put(hangs, [event(n) for n in range(AT_ONCE)])
        await until(lambda: len(lines(pids)) == AT_ONCE)
        commands.put(hangs, [event(n) for n in range(WAITING_MAX + 37)])
        commands.put(rule("never", name="B"), [event(1)])
        assert commands.take_dropped() == {"A": 37, "B": 1}
        assert commands.take_dropped() == {}
        commands.forget()
        commands.put(rule(sys.executable, "-c", "", name="large"), [event(1, '"' + "x" * 17_000_000 + '"')])
        assert commands.take_dropped() == {"large": 1}
        assert len(lines(pids)) == AT_ONCE, "no more of them at once"
    for pid in lines(pids):
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)
    async with running() as (commands, said):
        commands.put(rule(sys.executable, "-c", HANG, str(pids), timeout_s=0.3), [event(1)])
        await until(lambda: said)
    assert "took longer than 0.3 s, so it was ended" in said[0]
