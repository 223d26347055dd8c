"""Rules in a real terminal, over real HTTP: a notification arrives there; and on a real D-Bus where there is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import terminal

RULES = """
[[rules]]
name = "Won"
where = "type:deal.won"
do = ["notify", "bell", "highlight"]
run = ["{python}", "-c", "{code}", "{out}"]
"""
CODE = "import os, sys; open(sys.argv[1], 'w').write(sys.stdin.read() + repr(dict(os.environ)))"


def event(number: int, type_: str = "deal.won", **data: object) -> str:
    at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return json.dumps({"id": f"evt_{number:05}", "type": type_, "occurred_at": at, "data": data})


def test_a_notification_comes_to_a_terminal_that_shows_them(tmp_path: Path) -> None:
    config, out = tmp_path / "config.toml", tmp_path / "out"
    config.write_text(RULES.format(python=sys.executable, code=CODE, out=out))
    environment = {
        "REX_API_KEY_COMMAND": f"{sys.executable} -c \"print('{KEY}')\"",
        "REX_TUI_STORE": str(tmp_path / "rex.db"),
        "REX_TUI_CONFIG": str(config),
        "TERM_PROGRAM": "iTerm.app",
        "TMUX": "",
        "STY": "",
    }
    with serving(OtherRex([event(n) for n in range(3)])) as rex:
        with terminal([], environment | {"REX_URL": rex.url}) as screen:
            screen.until("caught up")
            assert b"\x1b]9;" not in screen.raw
            rex.events.append(event(3, name="\x1b]9;evil\x07\x1b]52;c;aGFja2Vk\x07", value=100))
            screen.press("r")
            said = b"\x1b]9;Rex: Won: deal.won \xc2\xb7 1.00 USD \xc2\xb7 "
            screen.until_written(said + "␛]9;evil␇␛]52;c;aGFja2Vk␇".encode() + b"\x07", 1)
            screen.until("»")
            while not out.exists() or "evt_00003" not in out.read_text():
                screen.read()
            screen.press("q")
            assert screen.wait() == 0
        assert screen.raw.count(b"\x1b]9;") == 1
        assert b"\x1b]52;" not in screen.raw
        told = out.read_text()
        assert KEY not in told
        assert "REX_API_KEY" not in told
        assert json.loads(told.splitlines()[0])["data"]["value"] == 100

        config.write_text('[[rules]]\nname = "Won"\nwhere = "filter:big deal"\ndo = ["toast"]\n')
        with terminal([], environment | {"REX_URL": rex.url}) as screen:
            assert screen.wait() == 2
            assert "Rule “Won” (line 1 of the settings file" in screen.text
            assert "can't be read at character 1. There is no saved filter “big”" in screen.text.replace("\n", "")


DESKTOP = """
import asyncio, sys
from dbus_fast.aio import MessageBus
from dbus_fast.service import ServiceInterface, dbus_method
from rex_tui.rules.desktop import Desktop

class Server(ServiceInterface):
    def __init__(self):
        super().__init__("org.freedesktop.Notifications")
    @dbus_method()
    def Notify(self, app: "s", replaces: "u", icon: "s", title: "s", body: "s", actions: "as", hints: "a{sv}",
               timeout: "i") -> "u":
        print(repr((app, title, body)))
        return 1
    @dbus_method()
    def GetCapabilities(self) -> "as":
        return ["body", "body-markup"]
    @dbus_method()
    def GetServerInformation(self) -> "ssss":
        return ["test", "test", "1", "1.2"]

async def main():
    desktop = Desktop({"TERM": "xterm"}, print)
    if "none" in sys.argv:
        print(repr(await desktop.notify("Won", "x")), repr(await desktop.notify("Won", "x")))
        return
    bus = await MessageBus().connect()
    bus.export("/org/freedesktop/Notifications", Server())
    await bus.request_name("org.freedesktop.Notifications")
    print(repr(await desktop.notify("Won", "<b>R&D</b>\\x1b[2J")))

asyncio.run(main())
"""


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="there is no D-Bus here")
def test_without_such_a_terminal_it_comes_to_the_desktop(tmp_path: Path) -> None:
    def run(*command: str) -> subprocess.CompletedProcess[str]:
        kept = {
            name: value for name, value in os.environ.items() if name not in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY")
        }
        return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=60, check=False)

    program = (sys.executable, "-c", DESKTOP)
    done = run("dbus-run-session", "--", *program)
    assert done.stdout == "('rex-tui', 'Rex: Won', '‹b›R＆D‹/b›␛[2J')\n''\n", done.stderr  # noqa: RUF001 - as shown
    none = run(*program, "none")
    assert (none.stdout, none.stderr) == ("'the desktop takes none' 'the desktop takes none'\n", "")
