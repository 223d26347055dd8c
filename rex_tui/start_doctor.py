"""The `doctor` command at work: everything looked at, told, and the exit code."""

from __future__ import annotations

import asyncio
import getpass
import os
import platform
import shutil
import sqlite3
import ssl
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final, NoReturn
from urllib.parse import urlsplit

import click

from rex_tui import __version__
from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.headless.doctor.check import Check, Fact, State
from rex_tui.headless.doctor.network import look_at_rex, not_looked_at
from rex_tui.headless.doctor.report import as_json as json_of
from rex_tui.headless.doctor.report import as_lines, hidden, hiding, in_sum
from rex_tui.headless.doctor.store import look_at_store
from rex_tui.headless.doctor.terminal import look_at_terminal
from rex_tui.looks import Wishes
from rex_tui.rules.terminal import tmux_passes
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_shown import Shown, ShownSettings, Told, show_settings
from rex_tui.start_look import WINDOWS, draws_no_screen
from rex_tui.streams import encoding_of

TODO_EXIT: Final = 1
LIBRARIES: Final = ("textual", "httpx")
COLOURS: Final[dict[State, str]] = {"fine": "green", "attend": "yellow", "wrong": "red", "skipped": "bright_black"}
KEEPS_FROM_WORKING: Final = frozenset(
    {"settings file", "url", "api key", "interval", "keep", "store", "ca_file", "masked"}
)


def doctor(told: Told, *, as_json: bool, offline: bool) -> NoReturn:
    """Look at everything and print it; exits with 0 where all is well, else with `TODO_EXIT`."""
    shown = show_settings(os.environ, told)
    key, problem = (None, "") if offline else _key(shown)
    url = shown.base_url.value if shown.base_url else None
    # The key is in its object alone from here on: the tmux that is asked below does not inherit it.
    written = os.environ.pop(KEY_VARIABLE, "").strip()
    checks = [Check("Program", "version", "fine", _versions(), facts=_version_facts())]
    checks += [_setting(one) for one in shown.lines]
    if problem:
        checks.append(Check("Settings", "api key", "wrong", "could not be had", problem))
    checks += _terminal(shown.look)
    if shown.store_path is not None:
        checks += look_at_store(shown.store_path, url, shown.keep, time.time())
    tenant = urlsplit(url).hostname or "" if shown.masked and url else ""
    hide = hiding(Path.home(), _users(), _hide(written, key), tenant)
    checks = hidden(checks, hide)
    if not as_json:
        _print(checks, is_first=True)  # Rex may take a while
    if offline or url is None:
        others = not_looked_at("--offline was given" if offline else "there is no address to ask")
    else:
        others = asyncio.run(look_at_rex(url, key, shown.ca_file))
    others = hidden(others, hide)
    checks += others
    if as_json:
        click.echo(json_of(checks))
    else:
        _print(others)
        click.echo(f"\n{in_sum(checks, plain=_is_plain())}")
    sys.exit(0 if all(one.is_well for one in checks) else TODO_EXIT)


def _key(shown: ShownSettings) -> tuple[ApiKey | None, str]:
    """Give the key, and what is wrong where its place is named but does not give one."""
    if shown.key_source is None or shown.base_url is None:
        return None, ""
    try:
        return shown.sources.key(shown.key_source, shown.base_url.value).value, ""
    except SettingsError as error:
        return None, clean(str(error))


def _hide(written: str, key: ApiKey | None) -> Callable[[str], str]:
    """Give what hides the key that is used, and the one that the environment holds, whichever it is."""
    keys = [] if key is None else [key]
    with suppress(SettingsError):
        keys.append(ApiKey(written))

    def hide(text: str) -> str:
        for one in keys:
            text = one.hide_in(text)
        return text

    return hide


def _setting(one: Shown) -> Check:
    if one.problem:
        state: State = "wrong" if one.name in KEEPS_FROM_WORKING else "attend"
        return Check("Settings", one.name, state, one.value or "not usable", one.problem)
    origin = one.origin if one.name != "api key" else f"from {one.origin}"
    if one.note:
        return Check("Settings", one.name, "attend", f"{one.value} ({origin})", one.note)
    return Check("Settings", one.name, "fine", f"{one.value or 'none'} ({origin})", facts={"origin": one.origin})


def _terminal(wishes: Wishes) -> list[Check]:
    columns, rows = os.get_terminal_size(sys.stdout.fileno()) if sys.stdout.isatty() else (0, 0)
    size = (columns, rows) if columns else None
    passes = bool(os.environ.get("TMUX")) and asyncio.run(tmux_passes(os.environ))
    written_in = encoding_of(sys.stdout)
    return look_at_terminal(os.environ, size, written_in, tmux_passes=passes, wishes=wishes, windows=WINDOWS)


def _version_facts() -> dict[str, Fact]:
    return {
        "rex_tui": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": clean(f"{platform.system()} {platform.release()} {platform.machine()}", 120),
        **{name: version(name) for name in LIBRARIES},
    }


def _versions() -> str:
    facts = _version_facts()
    libraries = ", ".join(f"{name} {facts[name]}" for name in LIBRARIES)
    return (
        f"rex-tui {facts['rex_tui']}, Python {facts['python']}, SQLite {facts['sqlite']}, {ssl.OPENSSL_VERSION}, "
        f"{libraries}, {facts['system']}"
    )


def _users() -> set[str]:
    """Give what this user is called, as paths have it."""
    found = {Path.home().name}
    with suppress(OSError, KeyError, ImportError):  # a machine may not know its user's name
        found.add(getpass.getuser())
    return found


def _is_plain() -> bool:
    return "utf" not in (sys.stdout.encoding or "").lower()


def _print(checks: list[Check], *, is_first: bool = False) -> None:
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not draws_no_screen()

    def paint(state: State, sign: str) -> str:
        return click.style(sign, fg=COLOURS[state]) if coloured else sign

    lines = as_lines(checks, shutil.get_terminal_size((100, 24)).columns, plain=_is_plain(), paint=paint)
    for line in lines[1:] if is_first else lines:
        click.echo(line)
