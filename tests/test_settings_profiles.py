"""Profiles: whose settings go over whose, that no key meets another's address, and what is said of a wrong name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rex_tui.settings import default_store_path, load_settings, load_store_path
from rex_tui.settings_error import SettingsError
from rex_tui.settings_lines import line_of
from rex_tui.settings_sources import Sources

FILE = """
url = "https://one.rexgtm.com"
api_key_command = "echo key-of-one"
store = "/one.db"
interval = 30
names = {stg_01HQ3ZK8N2 = "First"}

[profiles.acme]
url = "https://acme.rexgtm.com"
api_key_command = ["echo", "key-of-acme"]
interval = 60

[profiles.acme.masking]
hide = ["email"]

[[profiles.acme.rules]]
name = "Wins"
where = "type:deal.won"
do = "bell"

[profiles.same]
interval = 90

[profiles.wider]
api_key_command = "echo wider-key-of-one"

[profiles.other]
url = "https://other.rexgtm.com"
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    file.chmod(0o600)
    return {"REX_TUI_CONFIG": str(file), "PATH": os.environ["PATH"]}


def test_a_profile_goes_over_the_top_level_and_has_a_store_of_its_own(environment: dict[str, str]) -> None:
    top = load_settings(environment)
    assert (top.base_url.value, top.interval_s.value, top.profile) == ("https://one.rexgtm.com", 30, "")
    assert top.api_key.value.reveal() == b"key-of-one"
    assert str(top.store_path.value) == "/one.db"
    acme = load_settings(environment | {"REX_TUI_PROFILE": "acme"})
    assert (acme.base_url.value, acme.interval_s.value) == ("https://acme.rexgtm.com", 60)
    assert acme.base_url.origin == "url in [profiles.acme] of the settings file"
    assert acme.api_key.value.reveal() == b"key-of-acme"
    assert acme.store_path.value == default_store_path("https://acme.rexgtm.com")
    assert acme.names.value == {"stg_01HQ3ZK8N2": "First"}
    assert acme.names.origin == "[names] in the settings file"
    assert [rule.place for rule in acme.rules.value] == [
        f"Rule “Wins” (line 16 of the settings file {environment['REX_TUI_CONFIG']})"
    ]
    assert acme.masking.value.hide == {"email"}
    same = load_settings(environment | {"REX_TUI_PROFILE": "same"})
    assert (same.base_url.value, same.interval_s.value) == ("https://one.rexgtm.com", 90)
    assert str(same.store_path.value) == "/one.db"


def test_the_environment_goes_over_a_profile_but_no_key_meets_anothers_address(environment: dict[str, str]) -> None:
    exported = {"REX_URL": "https://env.rexgtm.com", "REX_API_KEY": "key-of-env", "REX_TUI_INTERVAL": "45"}
    acme = load_settings(environment | exported | {"REX_TUI_PROFILE": "acme"})
    assert (acme.base_url.value, acme.interval_s.value) == ("https://acme.rexgtm.com", 45)
    assert acme.api_key.value.reveal() == b"key-of-acme"
    assert load_store_path(environment | exported | {"REX_TUI_PROFILE": "acme"}).value == acme.store_path.value
    wider = load_settings(environment | exported | {"REX_TUI_PROFILE": "wider"})
    assert (wider.base_url.value, wider.api_key.value.reveal()) == ("https://one.rexgtm.com", b"wider-key-of-one")
    with pytest.raises(SettingsError, match="REX_API_KEY is not set"):
        load_settings(environment | {"REX_TUI_PROFILE": "other"})
    given = load_settings(environment | {"REX_TUI_PROFILE": "other", "REX_API_KEY": "key-of-other"})
    assert given.api_key.value.reveal() == b"key-of-other"
    assert load_settings(environment | exported).base_url.value == "https://env.rexgtm.com"


def test_the_keyring_of_the_top_level_is_asked_for_each_profiles_own_host(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    for said, user in (("true", ""), ('"one"', None)):
        file.write_text(f'keyring = {said}\n[profiles.acme]\nurl = "https://acme.rexgtm.com"')
        found = Sources({"REX_TUI_CONFIG": str(file), "REX_TUI_PROFILE": "acme"}).key_source()
        assert (found.text if found else None) == user


@pytest.mark.parametrize(
    ("text", "profile", "said"),
    [
        (FILE, "acne", "no profile acne .*Did you mean acme"),
        (FILE, "ACME", "Did you mean acme"),
        (FILE, "zzz", "There are acme, same, wider, other"),
        ("[profiles.one]", "zzz", "The only one is one"),
        ("", "acme", "It has none; `rex-tui setup` makes one"),
        ("[profile.acme]", "", "Line 1 of .* unknown key, profile. Did you mean profiles"),
        (
            '[profiles.acme]\nurl = "x"\n\nintervall = 7',
            "",
            "Line 4 of .* unknown key, intervall. Did you mean interval",
        ),
        ("[profiles.acme]\ninterval = 'soon'", "", "In line 2 of .*interval should be a number"),
        ("interval = 9\n[profiles.acme]\napi_key = 'k'", "", "^Line 3 of .* holds the API key"),
        ("[profiles.acme.names]\nstg_01HQ3ZK8N2 = ' x'", "", "In line 2 of .*should be a text of 1 to"),
        (
            "[profiles.acme.masking]\nhidee = ['x']",
            "",
            "Line 2 of .*unknown key under .masking., hidee. Did you mean hide",
        ),
        ("profiles = 3", "", "In line 1 of .*profiles should be tables"),
        ("[profiles]\nacme = 3", "", "profiles should be tables"),
        ("[profiles.'a b']", "", "In line 1 of .*a b can't be a profile's name"),
        ("[profiles.acme.profiles.x]", "", "unknown key, profiles"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_the_nearest_right_one(
    tmp_path: Path, text: str, profile: str, said: str
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said) as raised:
        load_settings({"REX_TUI_CONFIG": str(file), "REX_TUI_PROFILE": profile})
    assert str(raised.value).isprintable()


def test_a_line_is_found_or_not_named_at_all() -> None:
    text = 'a = """\nb = 1\n"""\n[ t . "u" ]\n"b" = 2\nc.d = 3\n[[t.r]]\nb = 4'
    assert line_of(text, "b") is None
    assert line_of(text, "t", "u", "b") == 5
    assert line_of(text, "t", "u", "c", "d") == 6
    assert line_of(text, "t", "r", "b") == 8
    assert line_of(text, "t") == 4


def test_the_flag_chooses_before_and_behind_a_command(environment: dict[str, str]) -> None:
    for arguments in (["-p", "acme", "store", "path"], ["store", "--profile", "acme", "path"]):
        done = subprocess.run(
            [sys.executable, "-m", "rex_tui", *arguments],
            env={**os.environ, **environment, "REX_TUI_PROFILE": "same"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "acme.rexgtm.com-" in done.stdout, done
