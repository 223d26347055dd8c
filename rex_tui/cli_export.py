"""The `export` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from rex_tui.cli_masked import masked_option

FORMATS = ("jsonl", "csv", "md", "parquet", "arrow")


@click.command("export")
@click.option("--where", default="", metavar="TEXT", help="Only events that match this, as in the bar of the screen.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this event type; may be given repeatedly.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="JSON Lines (the default), CSV, a Markdown table, Parquet or Arrow; else what the file's name ends in.",
)
@click.option(
    "--fields",
    metavar="A,B.C",
    help="Payload fields to make columns of, after id, type and times; else all that are found.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write this file, which appears when it is whole; else standard output.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@masked_option
@click.option("--store", type=click.Path(dir_okay=False, path_type=Path), help="The store's file (or REX_TUI_STORE).")
@click.pass_context
def export_command(  # noqa: PLR0913 - one an option
    context: click.Context,
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

    above: dict[str, Any] = context.obj or {}
    start_export.export(
        start_export.Wanted(
            store=store or above.get("store"),
            where=where,
            types=types,
            format=format_,
            fields=fields or "",
            output=output,
            force=force,
            masked=above.get("masked") if masked is None else masked,
        )
    )
