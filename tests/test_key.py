"""The key: where it comes from, and that it never shows."""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from rex_tui.api_key import ApiKey
from rex_tui.key_source import OUTPUT_MAX, key_from_command
from rex_tui.settings import Settings, load_settings
from rex_tui.settings_error import SettingsError

SECRET = "rex_live_CANARY/0123"
URL = {"REX_URL": "https://acme.rexgtm.com"}


def loaded(tmp_path: Path, text: str = "", **environment: str) -> Settings:
    """Give the settings of this file and environment."""
    file = tmp_path / "config.toml"
    file.write_text(text)
    file.chmod(0o600)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    return load_settings(kept | URL | {"REX_TUI_CONFIG": str(file)} | environment)


def printing(code: str) -> str:
    """Give a command line that runs some Python."""
    return f"'{sys.executable}' -c '{code}'"


def test_a_command_gives_the_key_without_its_line_end(tmp_path: Path) -> None:
    settings = loaded(tmp_path, REX_API_KEY_COMMAND=printing(f'print("{SECRET}")'))
    assert settings.api_key.value.reveal() == SECRET.encode()
    assert settings.api_key.origin == "REX_API_KEY_COMMAND"


def test_the_file_may_name_the_command_as_a_list(tmp_path: Path) -> None:
    command = [sys.executable, "-c", f"import sys; sys.stdout.buffer.write(b'{SECRET}' + bytes([13, 10]))"]
    settings = loaded(tmp_path, f"api_key_command = {json.dumps(command)}")
    assert settings.api_key.value.reveal() == SECRET.encode()
    assert settings.api_key.origin == "api_key_command in the settings file"


def test_the_environment_goes_over_a_command_which_is_not_run(tmp_path: Path) -> None:
    made = tmp_path / "was-run"
    touch = printing(f'open("{made}", "w")')
    settings = loaded(tmp_path, REX_API_KEY=SECRET, REX_API_KEY_COMMAND=touch)
    assert settings.api_key.origin == "REX_API_KEY"
    assert not made.exists()


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="can't start"):
        loaded(tmp_path, REX_API_KEY_COMMAND="echo$IFS$REX_URL;true")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise SystemExit(3)", "failed with exit code 3"),
        ("pass", "is empty"),
        (f'print("{SECRET}\\n{SECRET}")', "does not look like a key"),
        (f'print("x" * {OUTPUT_MAX * 9})', "printed more than a key"),
    ],
)
def test_a_command_that_gives_no_key_is_told_without_what_it_printed(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        loaded(tmp_path, REX_API_KEY_COMMAND=printing(code))
    assert SECRET not in str(raised.value)
    assert raised.value.__context__ is None or raised.value.__suppress_context__


def test_a_command_that_takes_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rex_tui.key_source.COMMAND_MAX_S", 0.2)
    with pytest.raises(SettingsError, match="took longer than"):
        key_from_command(
            [sys.executable, "-c", f"print('{SECRET}', flush=True); import signal; signal.pause()"], os.environ, "It"
        )


@pytest.mark.parametrize("command", ["/no/such/program", "'unended"])
def test_a_command_that_cannot_be_run_is_told(tmp_path: Path, command: str) -> None:
    with pytest.raises(SettingsError, match=r"can't start /no/such/program|quote that does not end"):
        loaded(tmp_path, REX_API_KEY_COMMAND=command)


def test_what_a_command_leaves_running_is_not_waited_for() -> None:
    sleeper = "import signal; signal.alarm(20); signal.pause()"
    left = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{sleeper}'])"
    key = key_from_command([sys.executable, "-c", f"{left}; print('{SECRET}')"], os.environ, "It")
    assert key.reveal() == SECRET.encode()


def test_a_command_without_a_program_is_told() -> None:
    with pytest.raises(SettingsError, match="names no program"):
        key_from_command([], os.environ, "It")


def test_the_command_does_not_inherit_a_key(tmp_path: Path) -> None:
    key = key_from_command(
        [sys.executable, "-c", "import os; print('K' + os.environ.get('REX_API_KEY', 'none'))"],
        dict(os.environ) | {"REX_API_KEY": SECRET},
        "It",
    )
    assert key.reveal() == b"Knone"


class Ring(KeyringBackend):
    """A keyring with one entry, which may be locked."""

    priority = 1
    locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return SECRET if (service, username) == ("rex-tui", "acme.rexgtm.com") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> Iterator[Ring]:
    before = keyring.get_keyring()
    made = Ring()  # type: ignore[no-untyped-call]
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.mark.parametrize("text", ["keyring = true", 'keyring = "acme.rexgtm.com"'])
def test_the_keyring_gives_the_key_of_the_tenants_host(tmp_path: Path, ring: Ring, text: str) -> None:
    settings = loaded(tmp_path, text)
    assert settings.api_key.value.reveal() == SECRET.encode()
    assert settings.api_key.origin == "keyring in the settings file"


def test_a_keyring_without_the_key_says_how_to_put_it_there(tmp_path: Path, ring: Ring) -> None:
    with pytest.raises(SettingsError, match="keyring set rex-tui somebody"):
        loaded(tmp_path, REX_TUI_KEYRING="somebody")


def test_a_locked_keyring_is_told(tmp_path: Path, ring: Ring) -> None:
    ring.locked = True
    with pytest.raises(SettingsError, match="Unlock it"):
        loaded(tmp_path, REX_TUI_KEYRING="yes")


def test_without_the_extra_the_keyring_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(SettingsError, match=r"rex-tui\[keyring\]"):
        loaded(tmp_path, REX_TUI_KEYRING="yes")


@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_the_key_is_hidden_in_whatever_form_a_server_repeats_it(before: str) -> None:
    key = ApiKey(SECRET)
    forms = [SECRET, SECRET.upper(), "rex_live_CANARY%2F0123", SECRET.encode().hex()]
    assert key.hide_in(f"no such key {', '.join(forms)}.") == f"no such key {', '.join(['(the API key)'] * 4)}."
    assert "(the API key)" in key.hide_in(base64.b64encode(f"{before}{SECRET} and more".encode()).decode())


def test_a_tag_tells_keys_apart_and_holds_nothing_of_them() -> None:
    one, two = ApiKey("rex_live_1"), ApiKey("rex_live_2")
    assert one.tag(b"salt") == ApiKey("rex_live_1").tag(b"salt")
    assert len({one.tag(b"salt"), two.tag(b"salt"), one.tag(b"pepper")}) == 3
    assert len(one.tag(b"salt")) == 8


# ---- the settings file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("api_key = 'rex_live_x'", "holds the API key.*Take it out"),
        ("intervall = 7", "unknown key, intervall. Did you mean interval"),
        ("verify = false", "unknown key, verify"),
        ("interval = 'soon'", "interval should be a number"),
        ("interval = true", "interval should be a number"),
        ("api_key_command = []", "api_key_command should be a text or a list of texts"),
        ("api_key_command = [1]", "api_key_command should be"),
        ("url = ", "is no TOML"),
        ("\x1b = 1", "is no TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as raised:
        loaded(tmp_path, text, REX_API_KEY=SECRET)
    assert str(raised.value).isprintable()
    assert "rex_live_x" not in str(raised.value)


def test_the_file_gives_what_neither_flag_nor_environment_does(tmp_path: Path) -> None:
    text = (
        'url = "https://file.rexgtm.com"\ninterval = 60\nstore = "/f/s.db"\nca_file = "/f/ca.pem"\nlog_file = "/f/l"\n'
    )
    settings = loaded(tmp_path, text, REX_API_KEY=SECRET, REX_URL="", REX_TUI_CA_FILE="/e/ca.pem")
    assert settings.base_url.value == "https://file.rexgtm.com"
    assert (settings.interval_s.value, settings.interval_s.origin) == (60.0, "interval in the settings file")
    assert settings.store_path.value == Path("/f/s.db")
    assert (settings.ca_file.value, settings.ca_file.origin) == (Path("/e/ca.pem"), "REX_TUI_CA_FILE")
    assert settings.log_file.value == Path("/f/l")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_that_others_may_write_names_no_command(tmp_path: Path) -> None:
    file = tmp_path / "shared.toml"
    file.write_text('api_key_command = "true"')
    file.chmod(0o666)
    with pytest.raises(SettingsError, match=r"others may write the file. Run: chmod go-w"):
        load_settings(URL | {"REX_TUI_CONFIG": str(file)})
    assert stat.S_IMODE(file.stat().st_mode) == 0o666


def test_a_named_file_that_is_missing_or_unreadable_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"REX_TUI_CONFIG names .* which is not there"):
        load_settings(URL | {"REX_TUI_CONFIG": str(tmp_path / "none.toml"), "REX_API_KEY": SECRET})
    with pytest.raises(SettingsError, match="can't be read"):
        load_settings(URL | {"REX_TUI_CONFIG": str(tmp_path), "REX_API_KEY": SECRET})
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="no UTF-8"):
        load_settings(URL | {"REX_TUI_CONFIG": str(tmp_path / "bytes.toml"), "REX_API_KEY": SECRET})
