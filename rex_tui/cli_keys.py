"""The `keys` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

import click

from rex_tui.cli_options import examples, keys_option, profile_option
from rex_tui.settings_options import PRESETS


@click.command(
    "keys",
    short_help="List every key of the screen, and how to change it.",
    epilog=examples("rex-tui keys --preset vim", "rex-tui --keys less"),
)
@click.option("--preset", type=click.Choice(PRESETS), help="List what this preset gives, without keys of your own.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@keys_option
@profile_option
def keys_command(*, preset: str | None, as_json: bool) -> None:
    """List every command that has a key, with its id for [keys] in the settings file.

    Says where it works, what it does, which keys were changed, and where two commands clash. Exit codes: 0 done,
    2 usage or settings.
    """
    from rex_tui import start_keys  # noqa: PLC0415 - help must not wait for what only the command needs

    start_keys.list_keys(preset, as_json=as_json)
