"""The `store` commands and their options; what they do is imported only when it is done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from rex_tui.cli_options import completed, examples, masked_option, profile_option, store_option

if TYPE_CHECKING:
    from pathlib import Path


class _Moment(click.ParamType[datetime]):
    """A date or a time in ISO 8601; UTC unless it says otherwise."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail("it should look like 2026-01-31 or 2026-01-31T14:00:00+01:00.", param, ctx)


@click.group("store", short_help="Look after the log on this machine: check, compact, forget.")
@store_option
@profile_option
@click.pass_context
def store_commands(context: click.Context, store: Path | None) -> None:
    """Look after the log on this machine: where it is, whether it is sound, what must be deleted.

    None of these commands needs Rex or a key. Exit codes: 0 done, 2 usage or settings, 5 the store can't be used, or
    is not sound.
    """
    context.obj = (context.obj or {}) | {"store": store}


@store_commands.command()
@click.pass_obj
def path(chosen: dict[str, Path | None]) -> None:
    """Print the file's path."""
    from rex_tui import start_store  # noqa: PLC0415 - help must not wait for what only the command needs

    start_store.path(chosen["store"])


@store_commands.command()
@click.pass_obj
def check(chosen: dict[str, Path | None]) -> None:
    """Compare the file with itself from end to end, and say what is in it. Changes nothing."""
    from rex_tui import start_store  # noqa: PLC0415 - the same

    start_store.check(chosen["store"])


@store_commands.command()
@click.pass_obj
def compact(chosen: dict[str, Path | None]) -> None:
    """Give the space of deleted rows back to the disk."""
    from rex_tui import start_store  # noqa: PLC0415 - the same

    start_store.compact(chosen["store"])


@store_commands.command(epilog=examples("rex-tui store forget --before 2026-01-31 --dry-run"))
@click.option("--before", type=_Moment(), required=True, help="Delete what happened before this date or time (UTC).")
@click.option("--dry-run", is_flag=True, help="Only say how much that would be.")
@click.option("--yes", is_flag=True, help="Don't ask.")
@click.pass_obj
def forget(chosen: dict[str, Path | None], *, before: datetime, dry_run: bool, yes: bool) -> None:
    """Delete old events for good, so that no byte of them stays in the file, and say what was deleted.

    They don't come back when Rex's log is read again.
    """
    from rex_tui import start_store  # noqa: PLC0415 - the same

    start_store.forget(chosen["store"], before, dry_run=dry_run, yes=yes)


@store_commands.command()
@masked_option
@click.pass_obj
def quarantine(chosen: dict[str, Any], *, masked: bool | None) -> None:
    """List what was set aside because it could not be kept as an event, as JSON Lines.

    Each line has `received_at`, `reason`, and `raw`: what came from Rex, verbatim (`raw_base64` where it is no UTF-8).
    Masked, it says only how many bytes there are: what can't be read can't be masked.
    """
    from rex_tui import start_store  # noqa: PLC0415 - the same

    start_store.quarantine(chosen["store"], masked)


@store_commands.command("retry-quarantine")
@click.pass_obj
def retry_quarantine(chosen: dict[str, Path | None]) -> None:
    """Try again to read what was set aside, as a newer rex-tui may; what is an event now joins the log."""
    from rex_tui import start_store  # noqa: PLC0415 - the same

    start_store.retry_quarantine(chosen["store"])


@store_commands.group(invoke_without_command=True)
@click.pass_context
def consumers(context: click.Context) -> None:
    """List who takes the log with `tail --as`: how far behind each is, its place, and when that moved."""
    if context.invoked_subcommand is None:
        from rex_tui import start_store_consumers  # noqa: PLC0415 - the same

        start_store_consumers.show(context.obj["store"])


@consumers.command("forget")
@click.argument("name", shell_complete=completed("consumer"))
@click.pass_obj
def forget_consumer(chosen: dict[str, Path | None], name: str) -> None:
    """Forget a consumer and its place."""
    from rex_tui import start_store_consumers  # noqa: PLC0415 - the same

    start_store_consumers.forget(chosen["store"], name)


@consumers.command("rewind", epilog=examples("rex-tui store consumers rewind warehouse --since 2d"))
@click.argument("name", shell_complete=completed("consumer"))
@click.option(
    "--since",
    default="",
    metavar="WHEN",
    shell_complete=completed("time"),
    help="A time or a checkpoint, as in 2d; else the log's start.",
)
@click.pass_obj
def rewind_consumer(chosen: dict[str, Path | None], name: str, since: str) -> None:
    """Let a consumer begin elsewhere in the log the next time."""
    from rex_tui import start_store_consumers  # noqa: PLC0415 - the same

    start_store_consumers.rewind(chosen["store"], name, since)
