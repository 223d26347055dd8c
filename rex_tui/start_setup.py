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
from pathlib import Path
from typing import Final

import click

from rex_tui.api import Probe
from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.ending import INTERRUPTED_EXIT, USAGE_EXIT, fail
from rex_tui.safe_text import clean
from rex_tui.setting_up import (
    ADDRESS_LIKE,
    COMMAND_LIKE,
    SHOWN_MAX,
    Before,
    Chosen,
    Keeping,
    going_over,
    is_refused,
    keep,
    no_keyring_words,
    outcome,
    read_address,
    read_before,
    read_command,
    read_key,
    read_profile,
    trusted_certificates,
    try_key,
    usual_profile,
    ways_to_keep,
)
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import settings_path
from rex_tui.settings_options import URL_VARIABLE

NAME: Final = "rex-tui"
KEEPING_WORDS: Final[dict[Keeping, str]] = {
    "keyring": "in this system's keyring",
    "command": f"where it is: a command prints it, like  {COMMAND_LIKE}",
    "nowhere": f"nowhere: you set {KEY_VARIABLE} yourself",
}


def setup(ca_file: Path | None) -> None:
    """Ask, try, and write; exits with `USAGE_EXIT` or `INTERRUPTED_EXIT` where nothing was written."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail(
            f"`rex-tui setup` asks questions, and nobody can answer here. Set {URL_VARIABLE} and {KEY_VARIABLE} "
            "instead.",
            USAGE_EXIT,
        )
    try:
        _ask_all(read_before(settings_path(os.environ)), ca_file)
    except (click.Abort, KeyboardInterrupt, EOFError):
        click.echo()
        fail("Nothing was written.", INTERRUPTED_EXIT)
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


def _ask_all(before: Before, ca_file: Path | None) -> None:
    _say("This writes the settings of rex-tui, which only ever reads what Rex has. Ctrl-C leaves all as it is.")
    click.echo()
    url, key = _ask_until_tried(trusted_certificates(before, os.environ, ca_file))
    keeping, command = _ask_keeping(key)
    chosen = Chosen(url, key, keeping, command, _ask_profile(before, url), ca_file)
    keep(before, chosen)
    _tell(before.path, chosen)


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
        found = asyncio.run(try_key(url, key, ca_file))
        _say(outcome(found), "  ")
        if not is_refused(found):
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
        try:
            return read_address(click.prompt(f"Your tenant's address, like {ADDRESS_LIKE}", default=before or None))
        except SettingsError as error:
            _say(clean(str(error), SHOWN_MAX), "  ")


def _ask_key() -> ApiKey:
    while True:
        try:
            return read_key(
                click.prompt("An API key of it (hidden; one that may only read is enough)", hide_input=True)
            )
        except SettingsError as error:
            _say(clean(str(error), SHOWN_MAX), "  ")


def _ask_keeping(key: ApiKey) -> tuple[Keeping, tuple[str, ...]]:
    """Give where the key is to be kept, and the command's words where one prints it."""
    choices = ways_to_keep()
    click.echo()
    _say("Where shall the key be kept? It is never written into the settings file.")
    for number, one in enumerate(choices, 1):
        click.echo(f"  {number}  {KEEPING_WORDS[one]}")
    if "keyring" not in choices:
        _say(no_keyring_words(), "     ")
    while True:
        default = "1" if choices[0] == "keyring" else str(len(choices))
        numbers = click.Choice([str(number) for number in range(1, len(choices) + 1)])
        chosen = choices[int(click.prompt("Choose", type=numbers, default=default, show_choices=False)) - 1]
        if chosen != "command":
            return chosen, ()
        if words := _ask_command(key):
            return chosen, words


def _ask_command(key: ApiKey) -> tuple[str, ...]:
    """Give a command that prints this very key; () where the user gives up on that."""
    typed = click.prompt("The command", default="", show_default=False).strip()
    if not typed:
        return ()
    try:
        words = read_command(typed, key, os.environ)
    except SettingsError as error:
        _say(clean(str(error), SHOWN_MAX), "  ")
        return ()
    _say("It prints that key.", "  ")
    return words


def _ask_profile(before: Before, url: str) -> str:
    """Give the name of the profile to write, "" for the top level of the file."""
    default = usual_profile(before, url, os.environ)
    replaced = before.replaces("", url)
    words = "\nA profile's name, to start it with -p NAME"
    words += f"; - for none, which replaces {replaced}" if replaced else "; - for none"
    while True:
        typed = click.prompt(words, default=default or "-").strip()
        try:
            name = read_profile("" if typed == "-" else typed)
        except SettingsError as error:
            click.echo(f"  {error}")
            continue
        replaced = before.replaces(name, url)
        if not replaced or click.confirm(f"Replace {replaced} there?", default=False):
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


def _tell(path: Path, chosen: Chosen) -> None:
    click.echo(f"\nWritten to {clean(str(path), SHOWN_MAX)}, which only you can read.")
    if over := going_over(chosen, os.environ):
        _say(f"In this environment {' and '.join(over)} still {'goes' if len(over) == 1 else 'go'} over it.")
    click.echo("Start with:\n")
    if chosen.keeping == "nowhere":
        click.echo(f"  export {KEY_VARIABLE}=…")
    profile = f" -p {chosen.profile}" if chosen.profile else ""
    click.echo(f"  {started_as(sys.argv[0])}{profile}\n\n`rex-tui doctor` looks at it all whenever you like.")


def started_as(program: str) -> str:
    """Give what to type to start the program again: its name, or, where no shell finds it by that, what was run."""
    if shutil.which(NAME):
        return NAME
    if Path(program).name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m rex_tui"
    return shlex.quote(program)
