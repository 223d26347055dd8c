"""The manual page: made from the commands, kept in the package, and right in the eyes of man itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.program import run

import rex_tui
from rex_tui.cli import main
from rex_tui.settings_options import OPTIONS

PAGE = Path(rex_tui.__file__).parent / "shell" / "rex-tui.1"


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        yield f"{path} {name}", command
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")


def shown(page: str) -> str:
    """The page's text without what man would take as a request."""
    return page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "").replace("\\(aq", "'")


def test_the_page_in_the_package_is_that_of_the_commands() -> None:
    made = run("man").stdout
    assert made == PAGE.read_text(), "write it anew: rex-tui man > rex_tui/shell/rex-tui.1"
    assert made.isascii()


def test_every_command_option_and_variable_is_in_it() -> None:
    page = shown(PAGE.read_text())
    for path, command in commands(main, "rex-tui"):
        section = page.partition(f"\n.SS {path.removeprefix('rex-tui ')}\n")[2].partition("\n.S")[0]
        assert f".B {path}\n" in section
        for option in command.params:
            names = option.opts if isinstance(option, click.Option) and not option.is_eager else ()
            assert all(name in section for name in names if name.startswith("--")), (path, names)
    for variable in (*(option.variable for option in OPTIONS if option.variable), "REX_API_KEY", "REX_TUI_CONFIG"):
        assert f"\n{variable}\n" in page
    for title in ("NAME", "SYNOPSIS", "FILES", "EXIT STATUS", "EXAMPLES", "SECURITY"):
        assert f"\n.SH {title}\n" in page


@pytest.mark.parametrize("look", [["mandoc", "-Tlint", "-Wwarning"], ["man", "--warnings", "-l"]])
def test_man_finds_nothing_wrong_with_it(look: list[str]) -> None:
    if not shutil.which(look[0]):
        pytest.skip(f"no {look[0]} here")
    environment = os.environ | {"MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"}
    done = subprocess.run([*look, str(PAGE)], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if look[0] == "man":
        assert "Exit codes: 0 done" in done.stdout
        assert not [line for line in done.stdout.splitlines() if len(line) > 80 and "\b" not in line]
    else:
        assert done.stdout == ""
