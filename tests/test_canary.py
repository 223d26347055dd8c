"""The key's bytes are nowhere: every command, every screen, every way to fail, and a crash in each room."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import Terminal, terminal

CHILD = "inherited"
LONG = bool(os.environ.get("REX_TUI_LONG"))
"""Whether every status and every function is gone through; else one of those that come to the same."""
EVENTS = [
    json.dumps({"id": f"evt_{n}", "type": "deal.won", "occurred_at": "2026-03-16T12:00:00Z", "data": {"n": n}})
    for n in range(30)
]
TOLD = json.dumps({"error": {"code": KEY, "message": f"what is {KEY}?"}}).encode()

# Runs before the program: breaks one function on purpose, and writes down what a child of it would inherit.
SABOTAGE = """
import atexit, importlib, os, sys
def broken(*_, **__):
    raise RuntimeError("broken on purpose")
def inherited():
    with open(os.environ["CANARY_CHILD"], "w") as file:
        file.write(repr(dict(os.environ)))
if "CANARY_BREAK" in os.environ:
    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name == os.environ["CANARY_BREAK"].partition(":")[0]:
                sys.meta_path.remove(self)
                spec = importlib.util.find_spec(name)
                run = spec.loader.exec_module
                def exec_module(module):
                    run(module)
                    place = module
                    *inner, last = os.environ["CANARY_BREAK"].partition(":")[2].split(".")
                    for part in inner:
                        place = getattr(place, part)
                    setattr(place, last, broken)
                spec.loader.exec_module = exec_module
                return spec
    import importlib.util
    sys.meta_path.insert(0, Finder())
atexit.register(inherited)
"""


def forms(key: str) -> list[bytes]:
    """Give the key as it could stand somewhere: plain, hexadecimal, and in base64 at each alignment."""
    plain = key.encode()
    coded = [base64.b64encode(b"x" * shift + plain)[4 * (shift > 0) + 1 : -4] for shift in range(3)]
    return [plain, plain[::-1], plain.hex().encode(), *coded]


def assert_absent(said: bytes, where: str) -> None:
    for form in forms(KEY):
        assert form.lower() not in said.lower(), f"{where} holds the key"


def assert_no_file_has_it(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file() and file.name not in ("secret-by-the-test", CHILD):
            assert_absent(file.read_bytes(), str(file))


def assert_no_child_inherits_it(folder: Path) -> None:
    """Look at what a child of the program would have got, once the program has taken the key."""
    assert_absent((folder / CHILD).read_bytes(), "the environment of a child")


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex(list(EVENTS))) as running:
        yield running


@pytest.fixture
def environment(rex: OtherRex, tmp_path: Path) -> dict[str, str]:
    """Give an environment with debugging on everywhere, whose files are all in the test's folder."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(SABOTAGE)
    return {
        "REX_URL": rex.url,
        "REX_API_KEY": KEY,
        "HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "REX_TUI_STORE": str(tmp_path / "rex.db"),
        "REX_TUI_LOG_FILE": str(tmp_path / "rex.log"),
        "TEXTUAL_LOG": str(tmp_path / "textual.log"),
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONPATH": f"{tmp_path / 'site'}{os.pathsep}{Path(__file__).parents[1]}",
        "CANARY_CHILD": str(tmp_path / CHILD),
    }


def run(environment: dict[str, str], *arguments: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REX_", "COV"))}
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-m", "rex_tui", *arguments],
        env=kept | environment | changes,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert_absent(done.stdout + done.stderr, f"what {arguments} printed")
    return done


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["--version"], 0),
        (["tail", "--help"], 0),
        (["--log-payloads", "tail", "--once"], 0),
        (["tail", "--once", "--interval", "1"], 2),
        (["--store", "/dev/null/x", "tail", "--once"], 5),
        (["--ca-file", "/no/such.pem", "tail", "--once"], 2),
        (["store", "path"], 0),
        (["store", "check"], 5),
        ([], 2),
        (["demo"], 2),
        (["doctor"], 0),
        (["settings", "show"], 0),
        (["doctor", "--json", "--offline"], 0),
    ],
)
def test_no_command_tells_the_key(environment: dict[str, str], tmp_path: Path, arguments: list[str], code: int) -> None:
    assert run(environment, *arguments).returncode == code
    assert_no_file_has_it(tmp_path)


STATUSES = [(401, 3), (302, 4), (500, 4), *([(403, 3), (400, 4)] if LONG else [])]


@pytest.mark.parametrize(("status", "code"), STATUSES)
def test_a_server_that_repeats_the_key_is_not_repeated(
    rex: OtherRex, environment: dict[str, str], tmp_path: Path, status: int, code: int
) -> None:
    rex.status, rex.body, rex.headers = status, TOLD, {"Location": f"https://{KEY}.example/"}
    assert run(environment, "tail", "--once").returncode == code
    assert_no_file_has_it(tmp_path)
    assert_no_child_inherits_it(tmp_path)


def test_a_key_that_is_wrong_is_not_shown(environment: dict[str, str]) -> None:
    done = run(environment, "tail", "--once", REX_API_KEY=f"{KEY} \n")
    assert done.returncode == 2
    assert b"does not look like a key" in done.stderr


def test_a_key_from_a_command_is_as_hidden(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret-by-the-test").write_text(KEY)
    del environment["REX_API_KEY"]
    command = f"cat {tmp_path / 'secret-by-the-test'}"
    assert run(environment, "--log-payloads", "tail", "--once", REX_API_KEY_COMMAND=command).returncode == 0
    assert_no_file_has_it(tmp_path)


ROOMS = (
    "rex_tui.api.client:decode_page",
    "rex_tui.api.get:_KeyHeader.auth_flow",
    "rex_tui.store.writer:StoreWriter.append",
    "rex_tui.feed.poller:Poller._take",
    "rex_tui.headless.tail:Tail._write_new",
    "rex_tui.settings_sources:check_base_url",
    "rex_tui.log_file:open_log",
)
BESIDE = (
    "rex_tui.api.get:BoundedGet._address",
    "rex_tui.store.reader:StoreReader.events",
    "rex_tui.feed.tenant:TenantCheck.check",
    "rex_tui.query.filter:Filter.shows",
)
"""More functions in rooms where another one breaks."""


@pytest.mark.parametrize("broken", (*ROOMS, *BESIDE) if LONG else ROOMS)
def test_a_crash_in_any_room_prints_no_key(environment: dict[str, str], tmp_path: Path, broken: str) -> None:
    done = run(environment, "--log-payloads", "tail", "--once", CANARY_BREAK=broken)
    assert done.returncode != 0
    assert b"broken on purpose" in done.stderr
    assert_no_file_has_it(tmp_path)


def watched(screen: Terminal) -> bytes:
    """Give what a screen has written and, where the system tells it, the process's arguments."""
    arguments = Path(f"/proc/{screen.process.pid}/cmdline")
    return bytes(screen.raw) + (arguments.read_bytes() if arguments.exists() else b"")


def test_no_screen_shows_the_key(environment: dict[str, str], rex: OtherRex, tmp_path: Path) -> None:
    with terminal(["--log-payloads"], environment) as screen:
        screen.until("caught up")
        for key, words in (("?", "In the table"), ("e", "Nothing was set")):
            screen.press(key)
            screen.until(words)
            screen.press("q")
            while words in screen.text:
                screen.read()
        screen.press("y")
        screen.until("a letter or Enter copies")
        screen.press("y")
        screen.until("Copied")
        screen.press("Y")
        screen.until("There is no cursor yet")
        rex.status, rex.body = 401, TOLD
        screen.press("r")
        screen.until("Polling stopped")
        screen.press("\x10key")
        assert_absent(watched(screen), "the screen")
        screen.press("\x1b\x1b\x11")
        screen.wait()
        assert_absent(bytes(screen.raw), "the screen's last words")
    assert_no_file_has_it(tmp_path)
    assert_no_child_inherits_it(tmp_path)


@pytest.mark.parametrize(
    "broken",
    [
        "rex_tui.ui.screens.watch:WatchScreen._show_feed",
        "rex_tui.ui.widgets.event_lines:cells_of",
        "rex_tui.feed.poller:Poller._poll",
        "rex_tui.api.client:RexClient._page",
    ],
)
def test_a_crash_of_the_screen_prints_no_key(environment: dict[str, str], tmp_path: Path, broken: str) -> None:
    with terminal([], environment | {"CANARY_BREAK": broken}) as screen:
        assert screen.wait() != 0
        for _ in range(5):
            screen.read()
        assert b"broken on purpose" in bytes(screen.raw)
        assert_absent(bytes(screen.raw), "the crash")
    assert_no_file_has_it(tmp_path)
