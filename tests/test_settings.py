"""Settings: where each comes from, what is refused, and that the key never shows."""

from __future__ import annotations

import copy
import pickle
import traceback
from pathlib import Path

import pytest

from rex_tui.api_key import ApiKey
from rex_tui.base_url import check_base_url
from rex_tui.settings import default_store_path, load_settings
from rex_tui.settings_error import SettingsError

SECRET = "rex_live_CANARY"
ENVIRONMENT = {"REX_URL": "https://acme.rexgtm.com/", "REX_API_KEY": SECRET}


def test_the_environment_alone_is_enough() -> None:
    settings = load_settings(ENVIRONMENT)
    assert (settings.base_url.value, settings.base_url.origin) == ("https://acme.rexgtm.com", "REX_URL")
    assert settings.api_key.value.reveal() == SECRET.encode()
    assert (settings.interval_s.value, settings.interval_s.origin) == (15.0, "default")
    assert settings.store_path.value == default_store_path("https://acme.rexgtm.com")


def test_a_flag_goes_over_the_environment() -> None:
    environment = ENVIRONMENT | {"REX_TUI_STORE": "/a/b.db", "REX_TUI_INTERVAL": "20"}
    settings = load_settings(environment)
    assert (settings.store_path.value, settings.store_path.origin) == (Path("/a/b.db"), "REX_TUI_STORE")
    assert (settings.interval_s.value, settings.interval_s.origin) == (20.0, "REX_TUI_INTERVAL")
    settings = load_settings(environment, store=Path("/c.db"), interval_s=30)
    assert (settings.store_path.value, settings.store_path.origin) == (Path("/c.db"), "--store")
    assert (settings.interval_s.value, settings.interval_s.origin) == (30, "--interval")


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "REX_URL and REX_API_KEY are not set"),
        ({"REX_URL": "https://acme.rexgtm.com"}, "REX_API_KEY is not set"),
        ({"REX_API_KEY": SECRET, "REX_URL": "  "}, "REX_URL is not set"),
    ],
)
def test_what_is_missing_is_named_with_the_way_out(environment: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as raised:
        load_settings(environment)
    assert "rex-tui demo" in str(raised.value)


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://acme.rexgtm.com", "https://acme.rexgtm.com"),
        ("https://Acme.RexGTM.com/", "https://acme.rexgtm.com"),
        ("https://proxy.example/rex/acme/", "https://proxy.example/rex/acme"),
        ("http://127.0.0.1:8460", "http://127.0.0.1:8460"),
        ("http://localhost:1/", "http://localhost:1"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_loses_its_trailing_slash_only(given: str, used: str) -> None:
    assert check_base_url(given) == used


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("http://acme.rexgtm.com", "unencrypted"),
        ("http://127.0.0.1.evil.example", "unencrypted"),
        ("https://user:pw@acme.rexgtm.com", "user or password"),
        ("https://acme.rexgtm.com/?x=1", r"\? or #"),
        ("https://acme.rexgtm.com/#x", r"\? or #"),
        ("ftp://acme.rexgtm.com", "not a web address"),
        ("acme.rexgtm.com", "not a web address"),
        ("https://", "not a web address"),
        ("https://a b", "not a web address"),
        ("https://[", "not a web address"),
        ("https://a:99999", "not a web address"),
        ("https://a/\x1b[31m", "not a web address"),
    ],
)
def test_an_address_the_key_should_not_go_to_is_refused(given: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why):
        check_base_url(given)


@pytest.mark.parametrize("flag", [4.9, 301, float("nan"), -1])
def test_an_interval_out_of_bounds_is_refused(flag: float) -> None:
    with pytest.raises(SettingsError, match="--interval must be a number of seconds from 5 to 300"):
        load_settings(ENVIRONMENT, interval_s=flag)


def test_an_interval_that_is_no_number_is_refused() -> None:
    with pytest.raises(SettingsError, match="REX_TUI_INTERVAL must be"):
        load_settings(ENVIRONMENT | {"REX_TUI_INTERVAL": "soon"})


@pytest.mark.parametrize("text", ["", "a b", SECRET + "\n", "schlüssel", "x" * 600, "\x1b[0m"])
def test_a_key_that_is_none_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(SettingsError) as raised:
        ApiKey(text)
    shown = "".join(traceback.format_exception(raised.value))
    assert "CANARY" not in shown
    assert "REX_API_KEY" in str(raised.value)


def test_a_key_hides_itself() -> None:
    key = ApiKey(SECRET)
    settings = load_settings(ENVIRONMENT)
    for shown in (repr(key), str(key), f"{key}", f"{key:>40}", repr(settings), repr([key])):
        assert "CANARY" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)
    with pytest.raises(TypeError):
        copy.copy(key)


def test_two_tenants_get_two_files() -> None:
    one, two = default_store_path("https://a.rexgtm.com"), default_store_path("https://b.rexgtm.com")
    assert one != two
    assert one.parent == two.parent
    assert one.name.startswith("a.rexgtm.com-")
