"""The settings commands as a user runs them, and the schema against the code that really reads the file."""

from __future__ import annotations

import json
import re
import shlex
import stat
import sys
import textwrap
import tomllib
from pathlib import Path

import jsonschema
import pytest
from support.program import run
from support.terminal import terminal

from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import checked
from rex_tui.settings_options import KINDS, PROFILES
from rex_tui.settings_schema import settings_schema

README = Path(__file__).parents[2] / "README.md"
KEY = "rex_live_CANARY0123456789"
VALIDATOR = jsonschema.Draft202012Validator(settings_schema())


def editor(folder: Path, code: str) -> str:
    """Give a command that runs some Python with `path`, the file to edit."""
    script = folder / "editor.py"
    script.write_text(f"import os, sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{code}\n")
    return shlex.join([sys.executable, str(script)])


# ---- show, path


def test_show_gives_each_value_with_its_origin_and_the_key_only_as_set(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('interval = 30\n[profiles.acme]\nurl = "https://acme.rexgtm.com"\nmasked = true\n')
    environment = {"REX_TUI_CONFIG": str(config), "REX_API_KEY": KEY, "REX_TUI_LOG_FILE": "/x/rex.log"}
    assert run("settings", "path", **environment).stdout == f"{config}\n"
    done = run("--store", "/x/s.db", "settings", "show", "-p", "acme", **environment)
    lines = dict(re.split(r"\s{2,}", line, maxsplit=1) for line in done.stdout.splitlines())
    assert done.returncode == 0
    assert re.split(r"\s{2,}", lines["url"])[1] == "[profiles.acme] of the settings file"
    assert re.split(r"\s{2,}", lines["api key"]) == ["set", "REX_API_KEY"]
    assert re.split(r"\s{2,}", lines["store"]) == ["/x/s.db", "--store"]
    assert re.split(r"\s{2,}", lines["interval"]) == ["30 s", "the settings file"]
    assert re.split(r"\s{2,}", lines["log_file"]) == ["/x/rex.log", "REX_TUI_LOG_FILE"]
    assert re.split(r"\s{2,}", lines["profile"]) == ["acme", "--profile"]
    assert KEY not in done.stdout

    told = json.loads(run("settings", "show", "--json", REX_TUI_PROFILE="acme", **environment).stdout)
    assert (told["profile"], told["profiles"]) == ("acme", ["acme"])
    assert {
        "name": "masked",
        "value": "on",
        "origin": "masked in [profiles.acme] of the settings file",
    }.items() <= next(one for one in told["settings"] if one["name"] == "masked").items()
    wrong = run("settings", "show", REX_TUI_PROFILE="acne", **environment)
    assert wrong.returncode == 2
    assert "Did you mean acme?" in " ".join(wrong.stdout.split())
    assert "/x/rex.log" in wrong.stdout, "what is not wrong is shown all the same"


# ---- edit


def test_editing_makes_a_private_file_and_the_editor_gets_no_key(tmp_path: Path) -> None:
    config = tmp_path / "new" / "config.toml"
    code = "with path.open('a') as file:\n  file.write('interval = 45 # ' + os.environ.get('REX_API_KEY', 'none'))"
    environment = {"REX_TUI_CONFIG": str(config), "REX_API_KEY": KEY, "EDITOR": "false"}
    done = run("settings", "edit", VISUAL=editor(tmp_path, code), **environment)
    assert (done.returncode, "Nothing is wrong" in done.stderr) == (0, True), done
    assert config.read_text().endswith("interval = 45 # none")
    assert "# url = " in config.read_text()
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    config.unlink()
    done = run("settings", "edit", VISUAL=editor(tmp_path, ""), **environment)
    assert (done.returncode, "no file was left" in done.stderr, config.exists()) == (0, True, False)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("# mine\n\nintervall = 5\n", "Line 3 of the settings file"),
        ("interval = 1\n", "In line 1 of it: interval in the settings file must be"),
        ("[profiles.acme]\nurl = 'http://acme.rexgtm.com'\n", "In line 2 of it: url in [profiles.acme]"),
        ("url = \n", "is no TOML"),
    ],
)
def test_what_was_typed_wrong_is_named_and_kept(tmp_path: Path, typed: str, said: str) -> None:
    config = tmp_path / "config.toml"
    code = f"path.write_text({typed!r})"
    done = run("settings", "edit", VISUAL=editor(tmp_path, code), REX_TUI_CONFIG=str(config))
    assert done.returncode == 2
    assert said in done.stderr
    assert "What you typed is kept." in done.stderr
    assert config.read_text() == typed


def test_in_a_terminal_it_can_be_mended_at_once_and_a_missing_editor_is_told(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("interval = 30\n")
    code = "path.write_text('masked = 3\\n' if 'interval' in path.read_text() else 'masked = true\\n')"
    environment = {"REX_TUI_CONFIG": str(config), "VISUAL": editor(tmp_path, code)}
    with terminal(["settings", "edit"], environment) as shown:
        shown.until("Edit it again?")
        assert "masked should be true or false" in shown.text
        shown.press("y\r")
        shown.until("Nothing is wrong with")
        assert shown.wait() == 0
    assert config.read_text() == "masked = true\n"
    done = run("settings", "edit", VISUAL="/no/such/editor", REX_TUI_CONFIG=str(config))
    assert (done.returncode, "could not be started" in done.stderr) == (2, True)
    assert config.read_text() == "masked = true\n"


# ---- schema


def test_the_schema_is_printed_and_knows_every_setting() -> None:
    schema = json.loads(run("settings", "schema").stdout)
    assert schema == settings_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["properties"]) == {*KINDS, PROFILES}
    assert all(one["description"] for one in schema["properties"].values())


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ('url = "https://x"\nkeyring = true\ninterval = 7.5', True),
        ('api_key_command = ["a", "b"]\nkeyring = "me"', True),
        ("[names]\nstg_01HQ3ZK8N2 = 'x'", True),
        ("[masking]\nhide = ['email']\nshow = ['deal.name']", True),
        ("[[rules]]\nname = 'a'\nwhere = ''\ndo = 'bell'", True),
        ("[[rules]]\nname = 'a'\nwhere = ''\nrun = ['x']\ncolor = 'error'\ntimeout_s = 3", True),
        ("[profiles.acme]\nmasked = true\n[[profiles.acme.rules]]\nname = 'a'\nwhere = 'x'\ndo = ['toast']", True),
        ("api_key = 'x'", False),
        ("interval = 'x'", False),
        ("api_key_command = []", False),
        ("keyring = 3", False),
        ("[names]\nx = 'y'", False),
        ("[names]\nstg_01HQ3ZK8N2 = ''", False),
        ("[masking]\nhide = ['emails']", False),
        ("[[rules]]\nname = 'a'\nwhere = ''", False),
        ("[[rules]]\nname = 'a'\ndo = 'bell'", False),
        ("[[rules]]\nname = 'a'\nwhere = ''\ndo = 'ring'", False),
        ("[[rules]]\nname = 'a'\nwhere = ''\ndo = 'bell'\ntimeout_s = 0", False),
        ("[profiles.'a b']", False),
        ("[profiles.acme]\nintervall = 3", False),
        ("[profiles.acme.profiles.b]", False),
    ],
)
def test_the_schema_and_the_program_agree(text: str, good: bool) -> None:
    assert VALIDATOR.is_valid(tomllib.loads(text)) is good
    try:
        checked(Path("config.toml"), text)
    except SettingsError:
        assert not good
    else:
        assert good


def test_the_settings_that_the_readme_shows_are_right() -> None:
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", README.read_text(), re.MULTILINE)
    found = set()
    for block in blocks:
        text = textwrap.dedent(block)
        try:
            told = tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
        if told:
            VALIDATOR.validate(told)
            checked(README, text)
            found |= set(told)
    assert {"masking", "rules", "profiles"} <= found
