"""Keys in the settings file, the environment and on the command line, and the command that lists them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from support.program import run

from rex_tui.keymap.commands import KEYS
from rex_tui.keymap.groups import GROUPS
from rex_tui.keymap.names import key_of, shown_key
from rex_tui.settings import load_keymap
from rex_tui.settings_error import SettingsError
from rex_tui.settings_schema import settings_schema

README = Path(__file__).parents[2] / "README.md"
URL = 'url = "https://acme.rexgtm.com"\n'


def file(tmp_path: Path, text: str) -> dict[str, str]:
    config = tmp_path / "config.toml"
    config.write_text(f"{URL}\n{text}", encoding="utf-8")
    return {"REX_TUI_CONFIG": str(config)}


def test_the_file_says_a_preset_and_keys_however_ids_are_written(tmp_path: Path) -> None:
    text = """[keys]
preset = "vim"
"filter.ask" = ["f", "/"]
filter.deals = "PgDn"
[keys.show]
masked = []
utc = ""
[profiles.acme.keys]
preset = "less"
"""
    told = file(tmp_path, text)
    keymap = load_keymap(told)
    assert keymap.origin == "[keys] in the settings file"
    assert keymap.value.preset == "vim"
    assert keymap.value.keys("filter.ask") == ("f", "slash")
    assert keymap.value.keys("filter.deals") == ("pagedown",)
    assert keymap.value.keys("show.masked") == keymap.value.keys("show.utc") == ()
    other = load_keymap(told | {"REX_TUI_PROFILE": "acme"})
    assert (other.value.preset, other.value.own) == ("less", {})
    named = load_keymap(told | {"REX_TUI_KEYS": "K9s"})
    assert (named.value.preset, named.origin) == ("k9s", "REX_TUI_KEYS and [keys] in the settings file")
    assert named.value.keys("filter.ask") == ("f", "slash")
    assert load_keymap({"REX_TUI_CONFIG": str(file(tmp_path, "")["REX_TUI_CONFIG"])}).value.is_usual


UNKNOWN = "Line 4 of the settings file {} has an unknown command under [keys], filter.aks. Did you mean filter.ask?"
NO_KEY = (
    "In line 4 of the settings file {}, filter.ask under [keys] has contrl+s. There is no key to hold down that is "
    "called contrl. Did you mean ctrl?"
)
NO_PRESET = (
    "In line 4 of the settings file {}, preset under [keys] should be one of usual, vim, k9s, less. Did you mean vim?"
)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"filter.aks" = "f"', UNKNOWN),
        ('filter.aks = "f"', UNKNOWN),
        ('"filter.ask" = "contrl+s"', NO_KEY),
        ('preset = "vi"', NO_PRESET),
        ('"filter.ask" = 3', "should be a key or a list of keys"),
        ('"bar.keep" = "x"', "has x, which types something where the command is to work"),
        ('"filter.ask" = "ctrl+q"', "has ctrl+q, but ctrl+q always quits. Choose another key."),
        ('"filter.ask" = "Esc"', "has Esc, but Esc always leaves and cancels. Choose another key."),
        ('"always.quit" = "x"', "always.quit under [keys] can't be changed"),
        ('"filter.ask" = "\\u001b[31m"', "has ␛[31m. There is no key of this name."),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_the_nearest_right_word(tmp_path: Path, line: str, said: str) -> None:
    told = file(tmp_path, f"[keys]\n{line}\n")
    with pytest.raises(SettingsError) as error:
        load_keymap(told)
    assert said.format(told["REX_TUI_CONFIG"]) in str(error.value)
    done = run("keys", **told)
    assert (done.returncode, done.stdout) == (2, "")


def test_an_unknown_preset_in_the_environment_is_told() -> None:
    with pytest.raises(SettingsError, match=r"REX_TUI_KEYS should be .* less\. Did you mean vim"):
        load_keymap({"REX_TUI_KEYS": "viim"})


def test_keys_lists_every_command_with_what_was_changed_and_what_clashes(tmp_path: Path) -> None:
    told = file(tmp_path, '[keys]\n"filter.deals" = "m"\n"show.utc" = []\n')
    lines = run("keys", **told).stdout.splitlines()
    assert lines[0] == "Commands and their keys: preset usual, and keys of your own for 2 of them"
    assert any(re.fullmatch(r"\* filter\.deals +m +Show deals only  \(usually d\)", line) for line in lines)
    assert any(re.fullmatch(r"\* show\.utc +no key .*\(usually u\)", line) for line in lines)
    assert any(re.fullmatch(r"  filter\.all +a +Show all events", line) for line in lines)
    assert lines[-1] == "! m is filter.deals, and mark.toggle has lost it"
    found = json.loads(run("keys", "--json", **told).stdout)
    assert [one["id"] for one in found["commands"]] == list(KEYS)
    assert found["clashes"][0] | {"where": ""} == {
        "key": "m", "first": "filter.deals", "other": "mark.toggle", "where": "", "lost": True
    }  # fmt: skip
    assert "detail.open         l → i" in run("keys", "--preset", "vim", **told).stdout
    assert json.loads(run("--keys", "less", "keys", "--json", **told).stdout)["preset"] == "less"


def test_settings_show_and_doctor_tell_of_clashes_without_calling_them_wrong(tmp_path: Path) -> None:
    told = file(tmp_path, '[keys]\n"filter.deals" = "m"\n') | {"REX_API_KEY": "rex_test_1"}
    done = run("settings", "show", **told)
    assert done.returncode == 0
    assert "usual, 1 of your own" in done.stdout
    assert "! Two commands have the same key: m is filter.deals" in done.stdout
    done = run("--keys", "vim", "doctor", "--offline", "--json", **told)
    (keys,) = [one for one in json.loads(done.stdout)["checks"] if one["name"] == "keys"]
    assert keys["state"] == "attend"


def test_the_schema_lists_the_commands() -> None:
    validator = jsonschema.Draft202012Validator(settings_schema())
    validator.validate({"keys": {"preset": "vim", "filter.ask": ["f", "/"], "show": {"utc": "U"}, "app.help": ""}})
    for wrong in (
        {"preset": "vi"},
        {"filter.aks": "f"},
        {"filter": {"aks": "f"}},
        {"app.quit": 1},
        {"always.quit": "x"},
    ):
        assert not validator.is_valid({"keys": wrong})


def test_the_table_of_keys_in_the_readme_has_the_keys_that_there_are() -> None:
    rows = re.search(r"\| Keys \| What they do \|\n\|---\|---\|\n((?:\|.*\n)+)", README.read_text(encoding="utf-8"))
    assert rows is not None
    cells = [row.split(" | ")[0].removeprefix("| ").replace("`", "") for row in rows[1].splitlines()]
    told = {key_of(word) for cell in cells for word in cell.split()}
    known = {key for name in KEYS for key in KEYS[name]}
    assert {shown_key(key) for key in told - known} == set()
    for group in ("always", "watch", "table", "types", "payload"):
        untold = {name for name in GROUPS[group] if not told & set(KEYS[name])}
        assert untold - {"types.forget"} == set(), "each command's key is in README's table"
