"""The doctor as a user calls it, and what it makes of each way in which something is not well."""

from __future__ import annotations

import base64
import getpass
import json
import os
import subprocess
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.program import run as run_program
from support.terminal import terminal

from rex_tui.api_key import ApiKey
from rex_tui.demo import Demo
from rex_tui.event import Event, Page
from rex_tui.headless.doctor.check import Check
from rex_tui.headless.doctor.report import as_lines, hidden, hiding
from rex_tui.headless.doctor.store import look_at_store
from rex_tui.headless.doctor.terminal import look_at_terminal
from rex_tui.store import EventStore

URL = "https://acme.rexgtm.com"
SECRET = "who said this in a payload"


run = partial(run_program, "doctor")


def named(checks: list[Check], name: str) -> Check:
    return next(one for one in checks if one.name == name)


def told(done: subprocess.CompletedProcess[str]) -> dict[tuple[str, str], dict[str, Any]]:
    """Give the checks of a JSON report by section and name."""
    return {(one["section"], one["name"]): one for one in json.loads(done.stdout)["checks"]}


def filled(path: Path, url: str = URL) -> Path:
    with EventStore(path, url) as store:
        events = [
            Event(f"evt_{n}", "deal.won", "2026-03-05T12:00:00Z", f'{{"said":"{SECRET}"}}', 1e9) for n in range(7)
        ]
        store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
    return path


# ---- as a whole


def test_all_is_well_beside_the_demo_and_nothing_is_made(tmp_path: Path) -> None:
    with Demo(7, 200, 0.0, 0) as rex:
        places = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "d"), "XDG_CONFIG_HOME": str(tmp_path / "c")}
        done = run("--json", REX_URL=rex.url, REX_API_KEY=rex.api_key, REX_TUI_INTERVAL="20", **places)
        assert (done.returncode, done.stderr) == (0, "")
        report = told(done)
        assert json.loads(done.stdout)["ok"] is True
        assert rex.api_key not in done.stdout
        assert list(tmp_path.iterdir()) == [], "looking makes no file"
        settings = {name: one for (section, name), one in report.items() if section == "Settings"}
        assert settings["url"]["says"] == f"{rex.url} (REX_URL)"
        assert settings["api key"]["says"] == "set (from REX_API_KEY)"
        assert settings["interval"]["says"] == "20 s (REX_TUI_INTERVAL)"
        assert settings["store"]["says"].startswith("~/d/rex-tui/127.0.0.1-")
        assert report["One request", "answer"]["facts"]["status"] == 200
        assert report["One request", "budget"]["facts"] == {"remaining": 999, "limit": 1000}
        assert report["One request", "clock"]["says"] == "the same as Rex's"
        assert "may read events" in report["One request", "answer"]["says"]

        assert len(rex.server.queries) == 1
        assert "limit=1" in rex.server.queries[0]
        offline = run("--offline", REX_URL=rex.url, REX_API_KEY_COMMAND=f"touch {tmp_path / 'asked'}", **places)
        assert offline.returncode == 0
        assert "not asked: --offline was given" in offline.stdout
        assert list(tmp_path.iterdir()) == [], "the key is not asked for either"
        assert len(rex.server.queries) == 1


def test_what_it_prints_names_no_user_no_key_no_payload_and_masked_no_tenant(tmp_path: Path) -> None:
    home = tmp_path / "home" / "ada"
    store = filled(home / "rex.db")
    secret = home / "key"
    secret.write_text(KEY)
    refused = json.dumps({"error": {"code": KEY, "message": f"what is {KEY}?"}}).encode()
    rex = OtherRex([])
    with serving(rex):
        rex.status, rex.body = 401, refused
        environment = {"HOME": str(home), "REX_URL": rex.url, "REX_TUI_STORE": str(store), "LOGNAME": "ada.l"}
        for extra in ({"REX_API_KEY": KEY}, {"REX_API_KEY_COMMAND": f"cat {secret}"}):
            for arguments in (("--json",), ("--masked",)):
                done = run(*arguments, **environment, **extra)
                said = done.stdout + done.stderr
                assert done.returncode == 1
                assert "does not accept the API key" in said
                for form in (KEY, KEY.encode().hex(), base64.b64encode(KEY.encode()).decode().rstrip("=")):
                    assert form.lower() not in said.lower()
                assert SECRET not in said
                assert str(home) not in said
                assert "ada" not in said
                assert ("127.0.0.1" in said) is (arguments != ("--masked",))
    hide = hiding(PurePosixPath("/home/ada"), {"ada", "al"}, ApiKey(KEY).hide_in)
    text = f"/home/ada /home/ada/x.db /home/adam/x /mnt/ada/al/alto.db {KEY.upper()}"
    assert hide(text) == "~ ~/x.db /home/adam/x /mnt/user/user/alto.db (the API key)"
    assert getpass.getuser() not in run(REX_TUI_STORE=f"/srv/{getpass.getuser()}/x.db").stdout


def test_a_start_without_settings_says_all_that_is_missing_and_a_wrong_one_hides_no_other(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("\nintervall = 7\n")
    done = run("--json", REX_TUI_CONFIG=str(config), REX_TUI_STOER="x", REX_TUI_INTERVAL="soon")
    assert done.returncode == 1
    report = told(done)
    assert "Line 2 of the settings file" in report["Settings", "settings file"]["todo"]
    assert "Did you mean interval?" in report["Settings", "settings file"]["todo"]
    assert "rex-tui setup" in report["Settings", "url"]["todo"]
    assert report["Settings", "api key"]["state"] == "wrong"
    assert report["Settings", "store"]["says"].startswith("a file for each address")
    assert "from 5 to 300" in report["Settings", "interval"]["todo"]
    assert "Did you mean REX_TUI_STORE?" in report["Settings", "REX_TUI_STOER"]["todo"]
    assert report["One request", "answer"]["says"] == "not asked: there is no address to ask"
    assert run("--intervall", "7").returncode == 2


def test_in_a_terminal_no_line_is_wider_than_it_and_signs_have_colours(tmp_path: Path) -> None:
    environment = {"REX_URL": "http://127.0.0.1:9", "REX_API_KEY": KEY, "HOME": str(tmp_path)}
    with terminal(["doctor"], environment, columns=60, rows=120) as shown:
        assert shown.wait() == 1
        shown.until("says what to do")
        assert "Rex at 127.0.0.1 can't be reached" in " ".join(shown.text.split())
        assert "60 columns, 120 rows" in shown.text
        assert b"\x1b[31m" in shown.raw
        lines = [line.rstrip() for line in shown.text.split("\n")]
        assert not [line for line in lines if len(line) == 60 and "/" not in line], "only a path may go over the edge"
    with terminal(["doctor", "--offline"], environment | {"NO_COLOR": "1", "TERM": "dumb"}, rows=120) as shown:
        assert shown.wait() == 1
        shown.until("says what to do")
        assert b"\x1b[3" not in shown.raw
        assert "rex-tui tail" in shown.text


# ---- the store


def test_a_store_that_is_well_is_counted_and_left_as_it_is(tmp_path: Path) -> None:
    path = filled(tmp_path / "rex.db")
    before = sorted(one.name for one in tmp_path.iterdir())
    checks = look_at_store(path, URL)
    assert all(one.is_well for one in checks), checks
    assert named(checks, "events").facts["events"] == 7
    assert "newest 2026-03-05" in named(checks, "events").says
    assert named(checks, "writer").says == "nobody writes it now"
    assert sorted(one.name for one in tmp_path.iterdir()) == before, "looking leaves nothing behind"


def test_a_store_that_is_held_another_tenants_open_to_others_or_moved_aside_is_told(tmp_path: Path) -> None:
    path = filled(tmp_path / "rex.db")
    path.with_name("rex.db.damaged-20260101T000000Z").write_bytes(b"old")
    with EventStore(path, URL) as store:
        path.chmod(0o644)
        done = run("--offline", "--json", REX_URL="https://other.rexgtm.com", REX_TUI_STORE=str(path))
        assert store.writable
    report = told(done)
    assert f"process {os.getpid()} writes it now" in report["Store", "writer"]["says"]
    assert report["Store", "tenant"]["state"] == "wrong"
    assert report["Store", "privacy"]["todo"].startswith("Run: chmod 600")
    assert report["Store", "moved aside"]["state"] == "attend"


@pytest.mark.parametrize("how", ["holes", "no database", "another program's"])
def test_a_store_that_is_damaged_is_told_and_kept(tmp_path: Path, how: str) -> None:
    path = filled(tmp_path / "rex.db")
    match how:
        case "holes":
            harmed = bytearray(path.read_bytes())
            harmed[100:4096] = bytes(3996)
            path.write_bytes(harmed)
        case "no database":
            path.write_bytes(b"x" * 9_000)
        case _:
            harmed = bytearray(path.read_bytes())
            harmed[68:72] = b"Fire"
            path.write_bytes(harmed)
    kept = path.read_bytes()
    checks = look_at_store(path, URL)
    assert named(checks, "file").state == "wrong"
    assert named(checks, "file").todo
    assert named(checks, "disk").state == "fine"
    assert path.read_bytes() == kept


# ---- the terminal


@pytest.mark.parametrize(
    ("environment", "size", "name", "state", "words"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, (160, 45), "colours", "fine", "16 million"),
        ({"TERM": "xterm-256color"}, (160, 45), "colours", "fine", "256"),
        ({"TERM": "xterm"}, (160, 45), "colours", "attend", "16 or fewer"),
        ({"TERM": "xterm"}, None, "colours", "skipped", "16 or fewer"),
        ({"TERM": "dumb"}, (160, 45), "TERM", "attend", "dumb"),
        ({"TERM": "xterm"}, (50, 45), "size", "attend", "50 columns"),
        ({"TERM": "linux"}, (80, 24), "mouse", "skipped", "every command has a key"),
        ({"TERM": "screen", "STY": "1.x"}, (80, 24), "mouse", "skipped", "holds Esc back"),
        ({"TERM": "xterm-kitty"}, (80, 24), "copying (OSC 52)", "fine", "yes"),
        (
            {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"},
            (80, 24),
            "copying (OSC 52)",
            "skipped",
            "does not",
        ),
        ({"TERM": "tmux-256color", "TMUX": "x", "SSH_TTY": "y"}, (80, 24), "around", "fine", "tmux, ssh"),
        (
            {"TERM": "tmux-256color", "TMUX": "x", "KITTY_WINDOW_ID": "1"},
            (80, 24),
            "notices (OSC 9)",
            "attend",
            "keeps it",
        ),
        ({"TERM": "xterm-kitty"}, (80, 24), "notices (OSC 9)", "fine", "OSC 9"),
        ({"TERM": "\x1b[31m"}, (80, 24), "TERM", "fine", "␛[31m"),
    ],
)
def test_the_terminal_is_told_as_far_as_it_is_known(
    environment: dict[str, str], size: tuple[int, int] | None, name: str, state: str, words: str
) -> None:
    found = named(look_at_terminal(environment, size, "utf-8", tmux_passes=False), name)
    assert (found.state, words in found.says) == (state, True), found


def test_without_unicode_the_report_is_plain_ascii() -> None:
    checks = look_at_terminal({"TERM": "xterm"}, (80, 24), "ISO-8859-1", tmux_passes=False)
    assert named(checks, "unicode").state == "attend"
    lines = as_lines(hidden(checks, str), 80, plain=True, paint=lambda _state, sign: sign)
    assert all(line.isascii() and len(line) <= 80 for line in lines)
    assert any(line.startswith("  ! unicode") for line in lines)
