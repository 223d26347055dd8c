"""The options that several commands have; what was said of them before a command holds for it too."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Final, TypeAlias, TypeVar

import click

from rex_tui.settings_options import KEYS_VARIABLE, PRESETS, PROFILE_VARIABLE

DAYS_MAX: Final = 3_660
PROFILE_FLAG: Final = "rex_tui.profile"
"""What click's own notes hold where a flag named the profile."""
KEYS_FLAG: Final = "rex_tui.keys"
"""The same, for the keys."""

Command = TypeVar("Command", bound=Callable[..., Any])
Completing: TypeAlias = Callable[[click.Context, click.Parameter, str], list[Any]]


class FilePath(click.Path):
    """Gives a path as a `pathlib.Path`, whose module is read only where there is one: it is much for `--version`."""

    def coerce_path_result(self, value: str | os.PathLike[str]) -> Any:
        """Give the path as what it is used as."""
        from pathlib import Path  # noqa: PLC0415 - see above

        return Path(value)


def examples(*lines: str) -> str:
    """Give what stands at the end of a command's help: lines that can be typed, left as they are."""
    return "\b\nFor example:\n" + "\n".join(f"  {line}" for line in lines)


def completed(what: str) -> Completing:
    """Give what completes a value in a shell: a profile, a type, and what else `start_completion` knows of."""

    def complete(context: click.Context, _parameter: click.Parameter, begun: str) -> list[Any]:
        from rex_tui import start_completion  # noqa: PLC0415 - only shells need it

        return start_completion.offered(what, context, begun)

    return complete


def _said(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Give what was said of an option behind the command, else before it."""
    return (context.obj or {}).get(option.name) if value is None else value


def _choose_profile(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Let the profile that a flag names hold for all that reads the settings, our own children included."""
    if value is not None:
        os.environ[PROFILE_VARIABLE] = value
        context.find_root().meta[PROFILE_FLAG] = True


profile_option = click.option(
    "-p",
    "--profile",
    metavar="NAME",
    expose_value=False,
    shell_complete=completed("profile"),
    callback=_choose_profile,
    help=f"Use [profiles.NAME] of the settings file (or {PROFILE_VARIABLE}).",
)


def _choose_keys(context: click.Context, _option: click.Parameter, value: str | None) -> None:
    """Let the keys that a flag names hold for all that reads the settings."""
    if value is not None:
        os.environ[KEYS_VARIABLE] = value
        context.find_root().meta[KEYS_FLAG] = True


keys_option = click.option(
    "--keys",
    type=click.Choice(PRESETS),
    expose_value=False,
    callback=_choose_keys,
    help=f"Begin with these keys; yours in the settings file stay over them (or {KEYS_VARIABLE}).",
)
masked_option = click.option(
    "--masked/--unmasked",
    default=None,
    callback=_said,
    help="Put pseudonyms in the place of names, addresses, amounts and texts, or not (or REX_TUI_MASKED).",
)
restore_option = click.option(
    "--restore/--fresh",
    default=None,
    help="Begin with the screen as it was left, or with the usual one (or REX_TUI_RESTORE).",
)
store_option = click.option(
    "--store",
    type=FilePath(dir_okay=False),
    callback=_said,
    help="The store's file (or REX_TUI_STORE).",
)
interval_option = click.option(
    "--interval",
    "interval_s",
    type=float,
    metavar="SECONDS",
    callback=_said,
    help="Wait this long between polls when caught up: 5 to 300, else 15.",
)
keep_option = click.option(
    "--keep",
    metavar="HOW-MUCH",
    callback=_said,
    help="Keep so much of the log, and forget what is older: 90d (also h, w, y), 5M (also 500k) or all.",
)
ca_option = click.option(
    "--ca-file",
    type=FilePath(),
    callback=_said,
    help="Trust the certificates in this file and no others.",
)
about_option = click.option(
    "--about", default="", metavar="ID", shell_complete=completed("id"), help="Begin with the story of this id."
)
types_option = click.option(
    "--type",
    "types",
    multiple=True,
    metavar="TYPE",
    shell_complete=completed("type"),
    help="Only this event type; may be given repeatedly.",
)
_output_option = click.option(
    "-o",
    "--output",
    type=FilePath(),
    metavar="FILE",
    help="Write this file, which appears when it is whole; else standard output.",
)
_force_option = click.option("--force", is_flag=True, help="Write over a file that is there.")


def output_options(command: Command) -> Command:
    """Give a command the options that say where what it writes goes."""
    return _output_option(_force_option(command))


_FEED_OPTIONS: Final = (
    click.option("--store", type=FilePath(dir_okay=False), help="Keep the log in this file (or REX_TUI_STORE)."),
    interval_option,
    keep_option,
    ca_option,
    click.option(
        "--log-file",
        type=FilePath(dir_okay=False),
        help="Say in this file what is done; no payloads.",
    ),
    click.option(
        "--doorbell",
        type=click.IntRange(1, 65_535),
        metavar="PORT",
        help="Take Rex's webhook deliveries on this port of this machine, and poll at once (REX_WEBHOOK_SECRET).",
    ),
    click.option("--log-payloads", is_flag=True, help="Put payloads and whole cursors into the log too."),
    profile_option,
    keys_option,
)


def feed_options(command: Command) -> Command:
    """Give a command the options that say which log is read from Rex, and how."""
    for option in reversed(_FEED_OPTIONS):
        command = option(command)
    return command
