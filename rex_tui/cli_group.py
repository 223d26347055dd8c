"""The command that has all others: its help in parts, so that a newcomer finds the way, and its words in a shell."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import click

from rex_tui.streams import write_what_can_be_written

COMPLETE_VARIABLE: Final = "_REX_TUI_COMPLETE"
"""What our scripts for shells ask for completions with, as click wants it."""
NEW_OBJECTS: Final = 50_000
"""After so many new objects garbage is collected (usual: 700): nearly all that is imported stays (7 ms of a start)."""
HELP_MAX: Final = 80
HELP_MIN: Final = 50
SECTIONS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "Begin": ("demo", "setup", "doctor"),
        "Without a screen": ("tail", "export", "review"),
        "Look another way": ("open", "serve"),
        "What is kept here": ("store", "rules", "settings", "keys"),
        "Your shell": ("completion", "man"),
    }
)
"""The parts of the help, with the commands of each that there may be."""


def help_width(environment: Mapping[str, str]) -> int:
    """Give how wide help is: that of the terminal, as far as lines are still read well.

    It is what click finds by itself with `shutil`, which reads three ways of compressing files for it (10 ms).
    """
    told = environment.get("COLUMNS", "")
    columns = int(told) if told.isdecimal() else 0
    if not columns:
        try:
            columns = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
        except (OSError, ValueError):  # no terminal, or one that is closed
            columns = 0
    return max(min(columns or HELP_MAX, HELP_MAX) - 2, HELP_MIN)


class Commands(click.Group):
    """Commands that are listed by what somebody is about to do."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run what the command line says, or say what could complete it."""
        gc.set_threshold(NEW_OBJECTS)
        write_what_can_be_written(os.environ)
        if COMPLETE_VARIABLE in os.environ:
            from rex_tui.shell.completion import register  # noqa: PLC0415 - only shells need it

            gc.disable()  # it ends in a moment, and collecting is a sixth of that
            register()
        extra.setdefault("terminal_width", help_width(os.environ))
        return super().main(*args, **extra)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names of all commands in the order of the help."""
        listed = [name for names in SECTIONS.values() for name in names if name in self.commands]
        return listed + [name for name in super().list_commands(ctx) if name not in listed]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands before the options: what there is to do before how."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, part by part."""
        names = self.list_commands(ctx)
        longest = max(map(len, names))
        placed = {name for section in SECTIONS.values() for name in section}
        others = tuple(name for name in names if name not in placed)
        for title, section in (*SECTIONS.items(), ("Others", others)):
            rows = [
                (f"{name:<{longest}}", self.commands[name].get_short_help_str(formatter.width - longest - 4))
                for name in section
                if name in self.commands
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
