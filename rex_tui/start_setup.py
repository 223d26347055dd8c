"""The `setup` command at work: a few questions, one small request, and the settings file."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

import click

from rex_tui.api import CertificatesError, Forbidden, Probe, Unauthorized, probe
from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.base_url import check_base_url
from rex_tui.ending import INTERRUPTED_EXIT, USAGE_EXIT, fail
from rex_tui.export.export import ExportError
from rex_tui.export.file import NewFile
from rex_tui.key_source import keep_in_keyring, key_from_command, keyring_works
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import PROFILE_NAME, PROFILE_NAME_WORDS, SettingsFile, checked, settings_path
from rex_tui.settings_options import COMMAND_VARIABLE, KEYRING_VARIABLE, PROFILE_VARIABLE, URL_VARIABLE
from rex_tui.settings_sources import Sources
from rex_tui.settings_writing import NewValue, with_values

Keeping: TypeAlias = Literal["keyring", "command", "nowhere"]
FOLDER_MODE: Final = 0o700
SHOWN_MAX: Final = 300
KEEPING_WORDS: Final[dict[Keeping, str]] = {
    "keyring": "in this system's keyring",
    "command": "where it is: a command prints it, like  op read op://Work/Rex/credential",
    "nowhere": f"nowhere: you set {KEY_VARIABLE} yourself",
}


@dataclass(frozen=True, slots=True)
class _Place:
    """The settings file as it is before: its text, its top level and its profiles."""

    path: Path
    text: str
    top: dict[str, Any]
    profiles: dict[str, dict[str, Any]]

    def url_of(self, profile: str) -> str:
        table = self.profiles.get(profile, {}) if profile else self.top
        return str(table.get("url", ""))


def setup(ca_file: Path | None) -> None:
    """Ask, try, and write; exits with `USAGE_EXIT` or `INTERRUPTED_EXIT` where nothing was written."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail(
            f"`rex-tui setup` asks questions, and nobody can answer here. Set {URL_VARIABLE} and {KEY_VARIABLE} "
            "instead.",
            USAGE_EXIT,
        )
    try:
        _ask_all(_before(settings_path(os.environ)), ca_file)
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo()
        fail("Nothing was written.", INTERRUPTED_EXIT)
    except (SettingsError, ExportError, CertificatesError) as error:
        fail(str(error), USAGE_EXIT)


def _before(path: Path) -> _Place:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no UTF-8"
        raise SettingsError(f"The settings file {path} can't be read ({why}). Nothing was written.") from None
    try:
        top, profiles = checked(path, text)
    except SettingsError as error:
        raise SettingsError(f"{error} Mend that first: `rex-tui settings edit`.") from None
    return _Place(path, text, top, profiles)


def _ask_all(place: _Place, ca_file: Path | None) -> None:
    _say("This writes the settings of rex-tui, which only ever reads what Rex has. Ctrl-C leaves all as it is.")
    click.echo()
    trusted = ca_file or Sources(os.environ, SettingsFile(place.path, place.top)).ca_file(None).value
    url, key = _ask_until_tried(trusted)
    keeping, command = _ask_keeping(key)
    profile = _ask_profile(place, url)
    values: dict[str, NewValue] = {
        "url": url,
        "api_key_command": command or None,
        "keyring": True if keeping == "keyring" else None,
    }
    if ca_file is not None:
        values["ca_file"] = str(ca_file.expanduser().absolute())
    written = with_values(place.text, profile, values)
    checked(place.path, written)
    if keeping == "keyring":
        keep_in_keyring(url, key)
    _write(place.path, written)
    _tell(place.path, profile, keeping)


# ---- the questions


def _ask_until_tried(ca_file: Path | None) -> tuple[str, ApiKey]:
    """Give an address and a key that go together, or that the user keeps untried."""
    url = ""
    while True:
        url = _ask_url(url)
        with _unseen():
            key, found = _ask_for_key_of(url, ca_file)
        if found.error is None:
            return url, key
        if click.confirm("Keep address and key without having tried them?", default=False):
            return url, key


def _ask_for_key_of(url: str, ca_file: Path | None) -> tuple[ApiKey, Probe]:
    """Give a key that this Rex accepts, or any where nobody can tell, and what Rex said."""
    while True:
        key = _ask_key()
        click.echo("Trying it with one small request …")
        found = asyncio.run(probe(url, key, ca_file=ca_file))
        _say(_outcome(found), "  ")
        if not isinstance(found.error, Unauthorized | Forbidden):
            return key, found


@contextmanager
def _unseen() -> Iterator[None]:
    """Show nothing of what is typed while the block runs, also not what is typed before it is asked for."""
    try:
        import termios  # noqa: PLC0415 - Windows has none
    except ImportError:
        yield
        return
    terminal = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(terminal)
    except termios.error:  # keys come from no terminal
        yield
        return
    hidden = [*before]
    hidden[3] &= ~termios.ECHO
    termios.tcsetattr(terminal, termios.TCSADRAIN, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _ask_url(before: str) -> str:
    while True:
        typed = click.prompt("Your tenant's address, like https://acme.rexgtm.com", default=before or None).strip()
        try:
            return check_base_url(typed if "://" in typed else f"https://{typed}", "That")
        except SettingsError as error:
            _say(clean(str(error), SHOWN_MAX), "  ")


def _ask_key() -> ApiKey:
    while True:
        typed = click.prompt("An API key of it (hidden; one that may only read is enough)", hide_input=True)
        try:
            return ApiKey(typed.strip(), "That")
        except SettingsError as error:
            _say(clean(str(error), SHOWN_MAX), "  ")


def _outcome(found: Probe) -> str:
    if found.error is not None:
        return clean(str(found.error), SHOWN_MAX)
    through = f" through the proxy {found.proxy}" if found.proxy else ""
    return (
        f"Rex answered{through} in {found.answered_s * 1000:,.0f} ms: the key may read events. Whether it may do more, "
        "Rex does not say here; read is enough."
    )


def _ask_keeping(key: ApiKey) -> tuple[Keeping, list[str]]:
    """Give where the key is to be kept, and the command's words where one prints it."""
    choices: list[Keeping] = ["command", "nowhere"]
    if keyring_works():
        choices.insert(0, "keyring")
    click.echo()
    _say("Where shall the key be kept? It is never written into the settings file.")
    for number, one in enumerate(choices, 1):
        click.echo(f"  {number}  {KEEPING_WORDS[one]}")
    if "keyring" not in choices:
        extra = "" if find_spec("keyring") else ", at least without the extra rex-tui[keyring]"
        _say(f"There is no keyring here that rex-tui can use{extra}.", "     ")
    while True:
        default = "1" if choices[0] == "keyring" else str(len(choices))
        numbers = click.Choice([str(number) for number in range(1, len(choices) + 1)])
        chosen = choices[int(click.prompt("Choose", type=numbers, default=default, show_choices=False)) - 1]
        if chosen != "command":
            return chosen, []
        if words := _ask_command(key):
            return chosen, words


def _ask_command(key: ApiKey) -> list[str]:
    """Give a command that prints this very key; [] where the user gives up on that."""
    typed = click.prompt("The command", default="", show_default=False).strip()
    if not typed:
        return []
    try:
        words = shlex.split(typed)
        wrong = "" if key.hide_in(typed) == typed else "That has the key itself in it, and would stand in the file."
        if not wrong and key_from_command(words, os.environ, "The command").reveal() != key.reveal():
            wrong = "What it prints is not the key that you typed."
    except SettingsError as error:
        wrong = str(error)
    except ValueError:
        wrong = "It has a quote that does not end."
    _say(clean(wrong, SHOWN_MAX) or "It prints that key.", "  ")
    return [] if wrong else words


def _ask_profile(place: _Place, url: str) -> str:
    """Give the name of the profile to write, "" for the top level of the file."""
    usual = place.url_of("")
    default = os.environ.get(PROFILE_VARIABLE, "").strip()
    if not default and usual not in ("", url):
        default = (urlsplit(url).hostname or "").partition(".")[0]
    words = "\nA profile's name, to start it with -p NAME"
    words += f"; - for none, which replaces {clean(usual, 100)}" if usual not in ("", url) else "; - for none"
    while True:
        typed = click.prompt(words, default=default or "-").strip()
        name = "" if typed == "-" else typed
        if name and not PROFILE_NAME.fullmatch(name):
            click.echo(f"  Use {PROFILE_NAME_WORDS}.")
            continue
        before = place.url_of(name)
        if before in ("", url) or click.confirm(f"Replace {clean(before, 100)} there?", default=False):
            return name


def _say(words: str, lead: str = "") -> None:
    """Print a sentence, broken at spaces where the terminal is narrow."""
    width = max(40, shutil.get_terminal_size((100, 24)).columns)
    click.echo(
        textwrap.fill(
            words,
            width,
            initial_indent=lead,
            subsequent_indent=lead,
            break_on_hyphens=False,
            break_long_words=False,
        )
    )


# ---- the file


def _write(path: Path, text: str) -> None:
    """Write the file, for its owner alone; until it is whole the one before stays."""
    try:
        path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"{path.parent} can't be made ({error.strerror or error}). Nothing was written.") from None
    with NewFile(path, replace=True) as file:
        file.write(text.encode())


def _tell(path: Path, profile: str, keeping: Keeping) -> None:
    click.echo(f"\nWritten to {clean(str(path), SHOWN_MAX)}, which only you can read.")
    over = [KEY_VARIABLE, COMMAND_VARIABLE, KEYRING_VARIABLE] if keeping != "nowhere" else []
    over = [name for name in (URL_VARIABLE, *over) if os.environ.get(name, "").strip()]
    if over and not profile:
        _say(f"In this environment {' and '.join(over)} still {'goes' if len(over) == 1 else 'go'} over it.")
    click.echo("Start with:\n")
    if keeping == "nowhere":
        click.echo(f"  export {KEY_VARIABLE}=…")
    click.echo(f"  rex-tui{f' -p {profile}' if profile else ''}\n\n`rex-tui doctor` looks at it all whenever you like.")
