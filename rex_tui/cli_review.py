"""The `review` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rex_tui.cli_options import (
    DAYS_MAX,
    completed,
    examples,
    masked_option,
    output_options,
    profile_option,
    store_option,
)

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("md", "html", "csv", "json")


@click.command(
    "review",
    short_help="Count what moved, what was won and lost, and what is stuck.",
    epilog=examples("rex-tui review --period last-week", "rex-tui review --period since:weekly-review -o review.html"),
)
@click.option(
    "--period",
    default="7d",
    show_default=True,
    metavar="PERIOD",
    shell_complete=completed("period"),
    help="today, 7d, 30d (any days d or weeks w), this-week, last-week, this-month, last-month, this-quarter, "
    "last-quarter, last-review, since:NAME for a checkpoint, or two days: 2026-03-01..2026-03-08.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="Markdown (the default) or a web page for people, JSON for programs, CSV of the deals; else what the file's "
    "name ends in.",
)
@output_options
@click.option(
    "--stuck-days",
    type=click.IntRange(1, DAYS_MAX),
    default=14,
    show_default=True,
    metavar="DAYS",
    help="Take an open deal for stuck after so many days without an event.",
)
@click.option("--utc", is_flag=True, help="Count days and tell times in UTC, not in this machine's zone.")
@masked_option
@store_option
@profile_option
def review_command(
    *,
    period: str,
    format_: str | None,
    output: Path | None,
    force: bool,
    stuck_days: int,
    utc: bool,
    masked: bool | None,
    store: Path | None,
) -> None:
    """Count what moved, what was won and lost, and what is stuck, from the log stored here, without asking Rex.

    Exit codes: 0 done, 2 usage or settings, 5 the store can't be used or the file not be written, 130 interrupted.
    """
    from rex_tui import start_review  # noqa: PLC0415 - help must not wait for what only the command needs

    start_review.review(
        start_review.Wanted(
            store=store,
            period=period,
            format=format_,
            output=output,
            force=force,
            stuck_days=stuck_days,
            utc=utc,
            masked=masked,
        )
    )
