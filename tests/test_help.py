"""What the program says of itself: its commands in parts, each in a line, and the nearest right one for a wrong one."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from rex_tui.cli import main
from rex_tui.cli_group import SECTIONS, help_width


def told(*arguments: str) -> str:
    return CliRunner().invoke(main, arguments, prog_name="rex-tui", terminal_width=80).output


def test_the_commands_stand_before_the_options_in_parts_and_a_line_each() -> None:
    shown = told("--help")
    commands, _, options = shown.partition("\nOptions:\n")
    assert "--store FILE" in options
    titles = [line.rstrip(":") for line in commands.splitlines() if line.endswith(":") and line[0] != " "]
    assert titles == [title for title in SECTIONS if title in titles]
    lines = [line for line in commands.partition("\nBegin:\n")[2].splitlines() if line.startswith("  ")]
    assert {line.split()[0] for line in lines} == set(main.commands), "one has no part in cli_group, or needs two lines"
    assert all(line.endswith(".") and not line.endswith("...") for line in lines)


@pytest.mark.parametrize(("typed", "near"), [("tial", "tail"), ("exprot", "export"), ("setings", "settings")])
def test_for_a_command_that_there_is_not_the_nearest_one_is_named(typed: str, near: str) -> None:
    assert f"Did you mean '{near}'?" in told(typed)


@pytest.mark.parametrize("command", ["tail", "export", "review", "open", "rules test"])
def test_the_help_of_a_command_ends_with_lines_to_type(command: str) -> None:
    examples = told(*command.split(), "--help").rpartition("For example:\n")[2].splitlines()
    assert examples
    assert all(f"rex-tui {command} " in line and len(line) <= 80 for line in examples)


def test_every_option_says_what_it_does() -> None:
    def options(group: click.Group) -> list[str]:
        found = []
        for command in group.commands.values():
            found += [
                f"{command.name} {one.opts}" for one in command.params if isinstance(one, click.Option) and not one.help
            ]
            found += options(command) if isinstance(command, click.Group) else []
        return found

    assert options(main) == []


@pytest.mark.parametrize(("columns", "width"), [("40", 50), ("70", 68), ("80", 78), ("300", 78)])
def test_help_is_as_wide_as_the_terminal_and_never_too_wide_to_read(columns: str, width: int) -> None:
    assert help_width({"COLUMNS": columns}) == width


@pytest.mark.parametrize("line", ["--version", "tail --help"])
def test_what_needs_no_screen_reads_no_more_than_the_command_line_does(line: str) -> None:
    told = "import sys; from rex_tui.cli import main; main(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", told, *line.split()], capture_output=True, text=True, check=True, env=unmeasured
    )
    read = set(done.stdout.splitlines()[-1].split())
    assert "rex_tui.cli_tail" in read
    assert read.isdisjoint({"textual", "rich", "httpx", "sqlite3", "msgspec", "asyncio", "pathlib", "shutil"})
