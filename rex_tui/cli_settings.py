"""The `settings` commands and their options; what they do is imported only when it is done."""

from __future__ import annotations

import click

from rex_tui.cli_look import told_wishes
from rex_tui.cli_options import KEYS_FLAG, PROFILE_FLAG, profile_option


@click.group("settings", short_help="Show the settings and where each comes from, and edit them.")
@profile_option
def settings_commands() -> None:
    """Show the settings, where they are, and change them.

    Exit codes: 0 done, 2 something is wrong with the settings.
    """


@settings_commands.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@profile_option
@click.pass_context
def show(context: click.Context, /, *, as_json: bool) -> None:
    """Show what each setting is, and where that comes from. The key is never shown."""
    from rex_tui import start_settings  # noqa: PLC0415 - help must not wait for what only the command needs
    from rex_tui.settings_shown import Told  # noqa: PLC0415 - the same

    root = context.find_root()
    names = ("store", "interval_s", "ca_file", "log_file", "masked", "restore", "keep")
    above = {name: root.params.get(name) for name in names}
    told = Told(
        **above,
        profile=bool(root.meta.get(PROFILE_FLAG)),
        keys=KEYS_FLAG in root.meta,
        look=told_wishes(context),
    )
    start_settings.show(told, as_json=as_json)


@settings_commands.command()
def path() -> None:
    """Print where the settings file is, or would be."""
    from rex_tui import start_settings  # noqa: PLC0415 - the same

    start_settings.path()


@settings_commands.command()
def edit() -> None:
    """Open the settings file in $VISUAL or $EDITOR, and say what is wrong with it afterwards."""
    from rex_tui import start_settings  # noqa: PLC0415 - the same

    start_settings.edit()


@settings_commands.command()
def schema() -> None:
    """Print a JSON schema of the settings file, for editors that complete and check TOML by one."""
    from rex_tui import start_settings  # noqa: PLC0415 - the same

    start_settings.schema()
