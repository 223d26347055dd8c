"""The option that masks, the same for every command that shows or writes values."""

from __future__ import annotations

import click

masked_option = click.option(
    "--masked/--unmasked",
    default=None,
    help="Put pseudonyms in the place of names, addresses, amounts and texts, or not (or REX_TUI_MASKED).",
)
