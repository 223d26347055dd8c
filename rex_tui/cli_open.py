"""The `open` command; what it does is imported only when it is done."""

from __future__ import annotations

import click

from rex_tui.cli_look import look_options, told_wishes
from rex_tui.cli_options import about_option, completed, examples, keys_option, masked_option


@click.command(
    "open",
    short_help="Look at saved events, from files, without Rex.",
    epilog=examples("rex-tui open events.jsonl", "ssh server rex-tui export | rex-tui open -"),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option(
    "--where",
    default="",
    metavar="QUERY",
    shell_complete=completed("query"),
    help="Begin with this filter, as in the bar of the screen.",
)
@about_option
@masked_option
@keys_option
@look_options
@click.pass_context
def open_command(
    context: click.Context, /, files: tuple[str, ...], *, where: str, about: str, masked: bool | None
) -> None:
    """Look at saved events without Rex: files of `rex-tui export` or `tail`, or saved answers of Rex's API.

    They may be packed (.gz, .bz2, .xz, .zip); - is standard input. They are read into a store that is thrown away.
    """
    from rex_tui import start_open  # noqa: PLC0415 - help must not wait for what only the command needs

    start_open.open_files(files, where, about, masked=masked, wishes=told_wishes(context))
