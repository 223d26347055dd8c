"""The options that several commands have; what was said of them before a command holds for it too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

DAYS_MAX: Final = 3_660

Command = TypeVar("Command", bound=Callable[..., Any])


def _said(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Give what was said of an option behind the command, else before it."""
    return (context.obj or {}).get(option.name) if value is None else value


masked_option = click.option(
    "--masked/--unmasked",
    default=None,
    callback=_said,
    help="Put pseudonyms in the place of names, addresses, amounts and texts, or not (or REX_TUI_MASKED).",
)
store_option = click.option(
    "--store",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_said,
    help="The store's file (or REX_TUI_STORE).",
)
about_option = click.option("--about", default="", metavar="ID", help="Begin with the story of this id.")
types_option = click.option(
    "--type", "types", multiple=True, metavar="TYPE", help="Only this event type; may be given repeatedly."
)
_output_option = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write this file, which appears when it is whole; else standard output.",
)
_force_option = click.option("--force", is_flag=True, help="Write over a file that is there.")


def output_options(command: Command) -> Command:
    """Give a command the options that say where what it writes goes."""
    return _output_option(_force_option(command))
