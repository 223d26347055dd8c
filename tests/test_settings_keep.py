"""How much of the log is kept: what can be said, where, and what is said of anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from rex_tui.keep import Keep, read_keep
from rex_tui.settings import load_settings
from rex_tui.settings_error import SettingsError

ENVIRONMENT = {"REX_URL": "https://acme.rexgtm.com", "REX_API_KEY": "rex_key_of_a_test"}


@pytest.mark.parametrize(
    ("text", "events", "seconds"),
    [
        ("90d", None, 90 * 86_400),
        ("36h", None, 36 * 3_600),
        ("2W", None, 14 * 86_400),
        ("1 y", None, 365 * 86_400),
        ("5M", 5_000_000, None),
        ("500k", 500_000, None),
        ("5,000,000", 5_000_000, None),
        ("1", 1, None),
        ("ALL", None, None),
    ],
)
def test_an_age_a_number_or_all_can_be_said(text: str, events: int | None, seconds: int | None) -> None:
    keep = read_keep(text)
    assert (keep.events, keep.seconds, keep.is_all) == (events, seconds, events is None and seconds is None)


@pytest.mark.parametrize("text", ["", "5 apples", "5G", "0d", "0", "-5", "5.5M", "1e6", "5,00", "1000y", "9" * 40])
def test_anything_else_is_refused_with_what_is_right(text: str) -> None:
    with pytest.raises(ValueError, match=r"90d .* 5M"):
        read_keep(text)


def test_the_flag_goes_over_the_environment_over_the_profile_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('keep = "90d"\n[profiles.busy]\nurl = "https://b.rexgtm.com"\nkeep = 5000000\n')
    environment = ENVIRONMENT | {"REX_TUI_CONFIG": str(file)}
    empty = tmp_path / "empty.toml"
    empty.write_text("")
    assert load_settings(ENVIRONMENT | {"REX_TUI_CONFIG": str(empty)}).keep.value == Keep()
    assert load_settings(environment).keep.value.text == "90d"
    busy = load_settings(environment | {"REX_TUI_PROFILE": "busy", "REX_API_KEY": "k" * 20}).keep
    assert busy.value.events == 5_000_000
    assert load_settings(environment | {"REX_TUI_KEEP": "1y"}).keep.origin == "REX_TUI_KEEP"
    flagged = load_settings(environment | {"REX_TUI_KEEP": "1y"}, keep="3d").keep
    assert (flagged.value.text, flagged.origin) == ("3d", "--keep")


def test_a_wrong_value_is_told_in_one_sentence() -> None:
    with pytest.raises(SettingsError, match=r"^--keep should be how much of the log is kept: 90d .*, or all\.$"):
        load_settings(ENVIRONMENT, keep="5 apples")
