"""The `export` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rex_tui.cli_options import (
    completed,
    examples,
    masked_option,
    output_options,
    profile_option,
    store_option,
    types_option,
)

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("jsonl", "csv", "md", "parquet", "arrow")


@click.command(
    "export",
    short_help="Write stored events: JSON Lines, CSV, Markdown, Parquet, Arrow.",
    epilog=examples(
        "rex-tui export -o events.jsonl",
        "rex-tui export --fields name,value -o deals.csv --where type:deal.won",
        "rex-tui export --masked --where since:30d -o sample.jsonl",
    ),
)
@click.option(
    "--where",
    default="",
    metavar="QUERY",
    shell_complete=completed("query"),
    help="Only events that match this, as in the bar of the screen.",
)
@types_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="JSON Lines (the default), CSV, a Markdown table, Parquet or Arrow; else what the file's name ends in.",
)
@click.option(
    "--fields",
    metavar="A,B.C",
    shell_complete=completed("fields"),
    help="Payload fields to make columns of, after id, type and times; else all that are found.",
)
@output_options
@masked_option
@store_option
@profile_option
def export_command(
    *,
    where: str,
    types: tuple[str, ...],
    format_: str | None,
    fields: str | None,
    output: Path | None,
    force: bool,
    masked: bool | None,
    store: Path | None,
) -> None:
    """Write what is stored on this machine, oldest first, without asking Rex.

    Exit codes: 0 done, 2 usage or settings, 5 the store can't be used or the file not be written, 130 interrupted.
    """
    from rex_tui import start_export  # noqa: PLC0415 - help must not wait for what only the command needs

    start_export.export(
        start_export.Wanted(
            store=store,
            where=where,
            types=types,
            format=format_,
            fields=fields or "",
            output=output,
            force=force,
            masked=masked,
        )
    )
