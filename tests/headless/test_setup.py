"""Setting up, as a user does it: questions in a real terminal, a real Rex behind them, a real file."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import Terminal, terminal

from rex_tui.settings import load_settings
from rex_tui.settings_error import SettingsError
from rex_tui.settings_writing import with_values
from rex_tui.start_setup import started_as

MINE = """# all of it is mine
interval = 30 # seconds

[names] # what I say
stg_01HQ3ZK8N2 = "First"  # indeed

[[rules]]
name = "Wins"
where = "type:deal.won"
do = "bell"
"""
RING = """
import os
from pathlib import Path
from keyring.backend import KeyringBackend
class Ring(KeyringBackend):
    priority = 1
    place = Path(os.environ["RING"])
    def set_password(self, service, user, password):
        self.place.write_text(f"{service}|{user}|{password[::-1]}")
    def get_password(self, service, user):
        *who, password = self.place.read_text().split("|")
        return password[::-1] if who == [service, user] else None
"""


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex([])) as running:
        yield running


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "ring.py").write_text(RING)
    return {
        "HOME": str(tmp_path),
        "REX_TUI_CONFIG": str(tmp_path / "new" / "config.toml"),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "RING": str(tmp_path / "ring"),
    }


@contextmanager
def setting_up(environment: Mapping[str, str], *arguments: str) -> Iterator[Terminal]:
    with terminal(["setup", *arguments], environment, rows=60, interrupts=True) as shown:
        yield shown
        for form in (KEY, KEY[::-1], KEY.encode().hex()):
            assert form.encode() not in shown.raw


def file_of(environment: Mapping[str, str]) -> Path:
    file = Path(environment["REX_TUI_CONFIG"])
    assert KEY not in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    return file


def test_the_first_setup_asks_again_for_what_is_wrong_and_keeps_the_key_nowhere(
    rex: OtherRex, environment: dict[str, str]
) -> None:
    with setting_up(environment) as shown:
        shown.until("Your tenant's address")
        shown.press("http://acme.rexgtm.com\r")
        shown.until("would send your key to acme.rexgtm.com unencrypted")
        shown.press(f"{rex.url}/\r")
        shown.until("An API key of it (hidden")
        shown.press("two words\r")
        shown.until("does not look like a key")
        shown.until_written(b"An API key of it", 2)  # what is typed before it asks is dropped
        shown.press("wrong-key\r")
        shown.until("does not accept the API key")
        shown.until_written(b"An API key of it", 3)
        assert "wrong-key" not in shown.text
        shown.press(f"{KEY}\r")
        shown.until("the key may read events")
        shown.until("Choose [2]")
        assert "no keyring here" in shown.text
        shown.press("\r")
        shown.until("A profile's name")
        shown.press("\r")
        shown.until("export REX_API_KEY=…")
        assert shown.wait() == 0
    assert tomllib.loads(file_of(environment).read_text()) == {"url": rex.url}
    assert [query["limit"] for query in rex.requests] == [["1"], ["1"]]
    assert load_settings(environment | {"REX_API_KEY": KEY}).base_url.value == rex.url


def test_a_profile_is_added_with_the_keyring_and_all_else_stays_as_it_is(
    rex: OtherRex, environment: dict[str, str]
) -> None:
    file = Path(environment["REX_TUI_CONFIG"])
    file.parent.mkdir()
    file.write_text(f'url = "https://one.rexgtm.com"\n{MINE}')
    file.chmod(0o644)
    ring = environment | {"PYTHON_KEYRING_BACKEND": "ring.Ring"}
    with setting_up(ring) as shown:
        shown.until("Your tenant's address")
        shown.press(f"{rex.url}\r")
        shown.until("An API key of it")
        shown.press(f"{KEY}\r")
        shown.until("Choose [1]")
        assert "in this system's keyring" in shown.text
        shown.press("\r")
        shown.until("A profile's name")
        assert "which replaces https://one.rexgtm.com" in shown.text
        shown.press("a b\r")
        shown.until("Use 1 to 40 letters")
        shown.press("acme\r")
        shown.until(" -p acme")
        assert shown.wait() == 0
    text = file_of(environment).read_text()
    assert text.startswith(f'url = "https://one.rexgtm.com"\n{MINE}')
    assert tomllib.loads(text)["profiles"] == {"acme": {"url": rex.url, "keyring": True}}
    done = subprocess.run(
        [sys.executable, "-m", "rex_tui", "-p", "acme", "tail", "--once", "--store", str(file.with_name("x.db"))],
        env=os.environ | ring,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), "the key comes out of the keyring again"


def test_a_command_must_print_that_key_and_never_hold_it(
    rex: OtherRex, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text(KEY)
    (tmp_path / "other").write_text("another")
    with setting_up(environment | {"REX_URL": "https://env.rexgtm.com"}, "-p", "work") as shown:
        shown.until("Your tenant's address")
        shown.press(f"{rex.url}\r")
        shown.until("An API key of it")
        shown.press(f"{KEY}\r")
        shown.until("Choose [2]")
        for command, said in (
            (f"cat {tmp_path / 'other'}", "What it prints is not the key"),
            ("/no/such/program", "can't start /no/such/program"),
            ("echo 'x", "a quote that does not end"),
            (f"cat '{tmp_path / 'kept'}'", "It prints that key."),
        ):
            shown.press("1\r")
            shown.until("The command:")
            shown.press(f"{command}\r")
            shown.until(said)
        shown.until("A profile's name")
        shown.press("\r")
        assert shown.wait() == 0
        shown.until(" -p work")
    told = tomllib.loads(file_of(environment).read_text())["profiles"]["work"]
    assert told == {"url": rex.url, "api_key_command": ["cat", str(tmp_path / "kept")]}


def test_where_rex_is_not_reached_it_asks_before_it_keeps_and_ctrl_c_leaves_all(environment: dict[str, str]) -> None:
    for keys, code in (("n\r", 130), ("y\r", 130)):
        with setting_up(environment) as shown:
            shown.until("Your tenant's address")
            shown.press("http://127.0.0.1:9\r")
            shown.until("An API key of it")
            shown.press(f"{KEY}\r")
            shown.until("without having tried them?")
            assert "can't be reached" in shown.text
            shown.press(keys)
            shown.until("address, like https://acme.rexgtm.com [http://127.0.0.1:9]", "Choose [2]")
            shown.press_until("\x03", "Nothing was written.")  # Python may miss one just before it begins to read
            assert shown.wait() == code
    assert not Path(environment["REX_TUI_CONFIG"]).exists()


def test_a_file_that_is_wrong_and_a_place_without_a_terminal_are_told_before_any_question(
    environment: dict[str, str],
) -> None:
    file = Path(environment["REX_TUI_CONFIG"])
    file.parent.mkdir()
    file.write_text("intervall = 3")
    with setting_up(environment) as shown:
        assert shown.wait() == 2
        shown.until("Mend that first: `rex-tui settings edit`")
    assert file.read_text() == "intervall = 3"
    done = subprocess.run(
        [sys.executable, "-m", "rex_tui", "setup"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert (done.returncode, "nobody can answer here" in done.stderr) == (2, True)


@pytest.mark.parametrize("text", ["", MINE, "[profiles.b]\nurl='x'\n# end\n", "profiles = {b = {url = 'x'}}\n"])
@pytest.mark.parametrize("profile", ["", "acme", "b"])
def test_only_what_is_set_changes(text: str, profile: str) -> None:
    before = tomllib.loads(text)
    written = with_values(text, profile, {"url": "https://new", "keyring": True, "api_key_command": None})
    after = tomllib.loads(written)
    table = after["profiles"][profile] if profile else after
    assert (table.pop("url"), table.pop("keyring")) == ("https://new", True)
    if profile == "b":
        before.get("profiles", {}).get("b", {}).pop("url", None)
    if profile:
        before.setdefault("profiles", {}).setdefault(profile, {})
    assert after == before
    for line in text.splitlines():
        assert "#" not in line or line in written
    again = with_values(written, profile, {"keyring": None, "api_key_command": ["op", "read"]})
    assert "keyring" not in again


def test_what_cannot_be_changed_in_place_is_refused() -> None:
    with pytest.raises(SettingsError, match="Write it yourself"):
        with_values("profiles = 3", "acme", {"url": "x"})
    with pytest.raises(SettingsError, match="Write it yourself"):
        with_values("url = ", "", {"url": "x"})


def test_what_to_type_next_is_what_a_shell_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert started_as("my envs/bin/rex-tui") == "'my envs/bin/rex-tui'"
    assert started_as("/lib/rex_tui/__main__.py") == f"{sys.executable} -m rex_tui"
    (tmp_path / "rex-tui").touch(mode=0o755)
    assert started_as("my envs/bin/rex-tui") == "rex-tui"
