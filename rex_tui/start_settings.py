"""The `settings` commands at work."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from pathlib import Path
from typing import Final, NoReturn

import click

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.ending import USAGE_EXIT, fail, say
from rex_tui.safe_text import clean
from rex_tui.settings_check import settings_problem
from rex_tui.settings_file import settings_path
from rex_tui.settings_options import OPTIONS
from rex_tui.settings_schema import settings_schema
from rex_tui.settings_shown import Told, show_settings
from rex_tui.webhook_secret import SECRET_VARIABLE

VALUE_WIDTH: Final = 60
"""A longer value does not push the others' origins aside, in columns."""
FILE_MODE: Final = 0o600
FOLDER_MODE: Final = 0o700
EXAMPLES: Final = {
    "url": '"https://acme.rexgtm.com"',
    "api_key_command": '["op", "read", "op://Work/Rex/credential"]',
    "keyring": "true",
    "interval": "15",
    "keep": '"1y"',
    "masked": "false",
    "restore": "true",
    "theme": '"rex-light"',
}
"""What a new file suggests, as comments."""


def show(told: Told, *, as_json: bool) -> NoReturn:
    """Print every setting with its origin; exits with `USAGE_EXIT` where something is wrong with one."""
    shown = show_settings(os.environ, told)
    if as_json:
        click.echo(
            json.dumps(
                {
                    "profile": shown.sources.file.profile or None,
                    "profiles": list(shown.sources.file.profiles),
                    "settings": [
                        {
                            "name": one.name,
                            "value": one.value or None,
                            "origin": one.origin or None,
                            "problem": one.problem or None,
                            "note": one.note or None,
                        }
                        for one in shown.lines
                    ],
                },
                indent=2,
                ensure_ascii=False,
            )
        )
    else:
        names = max(len(one.name) for one in shown.lines)
        values = max((len(one.value) for one in shown.lines if len(one.value) < VALUE_WIDTH), default=0)
        width = shutil.get_terminal_size((100, 24)).columns
        for one in shown.lines:
            origin = one.origin.removeprefix(f"{one.name} in ")
            words = f"! {one.problem}" if one.problem else f"{one.value or '–':<{values}}  {origin}"  # noqa: RUF001 - a dash
            lead = f"{one.name:<{names}}  "
            room = max(20, width - len(lead))
            parts = _wrapped(words, room) if one.problem else [words]
            parts += _wrapped(f"! {one.note}", room) if one.note else []
            click.echo(
                "\n".join((" " * len(lead) if place else lead) + part for place, part in enumerate(parts)).rstrip()
            )
        if shown.sources.file.profiles:
            click.echo(f"{'profiles':<{names}}  {', '.join(shown.sources.file.profiles)}")
    sys.exit(USAGE_EXIT if any(one.problem for one in shown.lines) else 0)


def _wrapped(words: str, width: int) -> list[str]:
    return textwrap.wrap(words, width, break_on_hyphens=False, break_long_words=False)


def path() -> None:
    """Print where the settings file is, or would be."""
    click.echo(str(settings_path(os.environ)))


def schema() -> None:
    """Print the schema."""
    click.echo(json.dumps(settings_schema(), indent=2))


def edit() -> None:
    """Let the user edit the settings file itself, so that what was typed is kept, whatever it is.

    Then says what is wrong with it, and offers to go on where somebody can answer; exits with `USAGE_EXIT` where it is
    left so.
    """
    file = settings_path(os.environ)
    os.environ.pop(KEY_VARIABLE, None)  # no editor needs a secret
    os.environ.pop(SECRET_VARIABLE, None)
    try:
        is_new = _begin(file)
    except OSError as error:
        fail(f"The settings file {file} can't be made ({error.strerror or error}).", USAGE_EXIT)
    while True:
        try:
            click.edit(filename=str(file))
        except (click.ClickException, OSError):
            fail(
                f"The editor could not be started, or failed; {file} is as it left it. Name another with VISUAL or "
                "EDITOR, or open the file yourself.",
                USAGE_EXIT,
            )
        problem = settings_problem(file)
        if not problem:
            break
        say(problem)
        if not (sys.stdin.isatty() and sys.stderr.isatty()) or not click.confirm(
            "Edit it again?", default=True, err=True
        ):
            fail("What you typed is kept. Until it is mended, rex-tui will not start with it.", USAGE_EXIT)
    if is_new and file.read_text(encoding="utf-8") == _suggestions():
        file.unlink()
        say("Nothing was set, so no file was left.")
    else:
        say(f"Nothing is wrong with {clean(str(file), 300)}.")


def _begin(file: Path) -> bool:
    """Make a file with suggestions, for its owner alone, where there is none; tell whether it was made."""
    if file.exists():
        return False
    file.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "w", encoding="utf-8") as made:
        made.write(_suggestions())
    return True


def _suggestions() -> str:
    lines = ["# Settings of rex-tui. `rex-tui doctor` says what is in force; the API key itself never stands here.", ""]
    for option in OPTIONS:
        if option.key in EXAMPLES:
            lines += [f"# {option.words}", f"# {option.key} = {EXAMPLES[option.key]}", ""]
    return "\n".join(lines)
