"""The `setup` command; what it does is imported only when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rex_tui.cli_options import ca_option, profile_option

if TYPE_CHECKING:
    from pathlib import Path


@click.command("setup", short_help="Ask for your tenant's address and a key, try them, keep them.")
@ca_option
@profile_option
def setup_command(*, ca_file: Path | None) -> None:
    """Ask for your tenant's address and an API key, try them, and write the settings file.

    The key goes to the system's keyring, or stays where a command prints it, or with you; never into the file. Exit
    codes: 0 done, 2 nothing was written, 130 interrupted.
    """
    from rex_tui import start_setup  # noqa: PLC0415 - help must not wait for what only the command needs

    start_setup.setup(ca_file)
