"""Whether the screen begins as it was left: a flag over the environment over the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.program import run

from rex_tui.settings import load_settings
from rex_tui.settings_error import SettingsError


def environment(folder: Path, text: str) -> dict[str, str]:
    file = folder / "config.toml"
    file.write_text(text)
    return {"REX_URL": "http://127.0.0.1:1", "REX_API_KEY": "k", "REX_TUI_CONFIG": str(file)}


def test_it_is_restored_unless_somebody_says_otherwise(tmp_path: Path) -> None:
    told = load_settings(environment(tmp_path, "")).restore
    assert (told.value, told.origin) == (True, "default")
    off = environment(tmp_path, "restore = false")
    told = load_settings(off).restore
    assert (told.value, told.origin) == (False, "restore in the settings file")
    assert load_settings(off | {"REX_TUI_RESTORE": "yes"}).restore.value
    assert load_settings(off, restore=True).restore.origin == "--restore"
    told = load_settings(off | {"REX_TUI_RESTORE": "1"}, restore=False).restore
    assert (told.value, told.origin) == (False, "--fresh")
    with pytest.raises(SettingsError, match=r"REX_TUI_RESTORE should be one of"):
        load_settings(off | {"REX_TUI_RESTORE": "perhaps"})
    with pytest.raises(SettingsError, match="restore should be true or false"):
        load_settings(environment(tmp_path, "restore = 3"))


def test_the_settings_show_it(tmp_path: Path) -> None:
    lines = run("--fresh", "settings", "show", **environment(tmp_path, "")).stdout.splitlines()
    assert [line.split() for line in lines if line.startswith("restore")] == [["restore", "off", "--fresh"]]
