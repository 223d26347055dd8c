"""A first start in a real terminal: the form, then the table, and the key nowhere on the way."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import Terminal, terminal

from rex_tui.settings import NotSetUp, load_settings
from rex_tui.start_first import is_for_a_form

EVENTS = [
    json.dumps(
        {"id": f"evt_{n}", "type": "deal.won", "occurred_at": "2026-03-16T12:00:00Z", "data": {"name": f"No {n}"}}
    )
    for n in range(30)
]

BROKEN = """
import rex_tui.ui.screens.setup as setup
async def broken(*_):
    raise RuntimeError("broken on purpose")
setup.try_key = broken
"""
"""What breaks the one function that has the key in its hands."""
ASKING = """
import sys
print("Passphrase?", file=sys.stderr)
sys.exit(3 if input() == "x" else 4)
"""


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex(list(EVENTS))) as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give an environment without any settings, whose files are all in the test's folder."""
    return {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "TEXTUAL_LOG": str(tmp_path / "textual.log"),
        "PYTHONASYNCIODEBUG": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }


def assert_nowhere(shown: Terminal, folder: Path) -> None:
    """Look for the key in all that the terminal got and in every file, also in parts that would be enough."""
    said = {"the terminal": bytes(shown.raw)}
    said |= {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    for where, text in said.items():
        for form in (KEY.encode(), KEY[-12:].encode(), KEY.encode().hex().encode(), KEY[::-1].encode()):
            assert form not in text, f"{where} holds the key"


def test_a_first_start_asks_and_goes_on_into_the_table(
    rex: OtherRex, environment: dict[str, str], tmp_path: Path
) -> None:
    with terminal([], environment, 80, 24) as shown:
        shown.until("set up")
        shown.press(f"{rex.url}\r\x1b[200~{KEY}\n\x1b[201~\r")
        shown.until("the key may read events")
        shown.press("\t")
        shown.press("acme\r")
        shown.until("caught up")
        shown.until("No 29")
        shown.press("q")
        assert shown.wait() == 0
        assert_nowhere(shown, tmp_path)
    config = tmp_path / "config" / "rex-tui" / "config.toml"
    assert config.read_text() == f'[profiles.acme]\nurl = "{rex.url}"\n'

    with terminal(["-p", "acme"], environment, 80, 24) as shown:  # kept nowhere: only the key is asked for
        shown.until("The key for this tenant is not set")
        shown.press(f"{KEY}\r")
        shown.until("the key may read events")
        shown.press("\x1b[Z\r")  # back to the key, where nothing is new
        shown.press("\x1b")
        shown.until("Nothing was written.")
        assert shown.wait() == 130
        assert_nowhere(shown, tmp_path)
    assert config.read_text() == f'[profiles.acme]\nurl = "{rex.url}"\n'


def test_a_command_that_gives_the_key_has_the_terminal_while_it_runs(
    rex: OtherRex, environment: dict[str, str], tmp_path: Path
) -> None:
    script = tmp_path / "asks.py"
    script.write_text(ASKING)
    with terminal([], environment, 80, 24) as shown:
        shown.until("set up")
        shown.press(f"{rex.url}\r{KEY}\r")
        shown.until("the key may read events")
        shown.press("\x1b[A\t")
        shown.until("Command")
        shown.press(f"{sys.executable} {script}\r")
        shown.until_written(b"Passphrase?", 1)
        assert shown.raw.count(b"\x1b[?1049l") == 1, "the form has left the terminal to it"
        shown.press("x\r")
        shown.until("The command failed with exit code 3")
        shown.press("\x1b")
        assert shown.wait() == 130


def test_the_demo_is_a_key_press_away(environment: dict[str, str], tmp_path: Path) -> None:
    with terminal(["--masked"], environment, 80, 24) as shown:
        shown.until("set up")
        shown.press("\x1b[Z\r")
        shown.until("demo organisation")
        shown.until("MASKED")
        shown.press("q")
        assert shown.wait() == 0
    assert not (tmp_path / "config").exists()


def test_where_no_form_can_be_shown_it_is_a_sentence(environment: dict[str, str]) -> None:
    with terminal([], environment | {"TERM": "dumb"}, 80, 24) as shown:
        assert shown.wait() == 2
        shown.until("not set, so there is no Rex to watch")
        assert b"\x1b[?1049h" not in shown.raw


def test_no_form_asks_for_what_a_command_gives_or_a_profile_has(environment: dict[str, str], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    with pytest.raises(NotSetUp) as missing:
        load_settings(environment)
    assert is_for_a_form(missing.value)
    with pytest.raises(NotSetUp) as missing:
        load_settings(environment | {"REX_API_KEY_COMMAND": "true"})
    assert not is_for_a_form(missing.value)
    config.write_text('[profiles.acme]\nurl = "https://acme.rexgtm.com"\nkeyring = true\n')
    config.chmod(0o600)
    with pytest.raises(NotSetUp, match=r"choose a profile of the settings file with -p \(acme\)") as missing:
        load_settings(environment | {"REX_TUI_CONFIG": str(config)})
    assert not is_for_a_form(missing.value)


def test_a_crash_of_the_form_prints_no_key(rex: OtherRex, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(BROKEN)
    path = f"{tmp_path / 'site'}{os.pathsep}{environment['PYTHONPATH']}"
    with terminal([], environment | {"PYTHONPATH": path}, 80, 24) as shown:
        shown.until("set up")
        shown.press(f"{rex.url}\r{KEY}\r")
        assert shown.wait() == 1
        for _ in range(5):
            shown.read()
        assert b"broken on purpose" in shown.raw
        assert_nowhere(shown, tmp_path)
