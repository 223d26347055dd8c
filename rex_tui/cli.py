"""The commands and their options. What they start is imported only when it starts, so that help comes at once."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from rex_tui import __version__

DEMO_PORT: Final = 8460

store_option = click.option(
    "--store", type=click.Path(dir_okay=False, path_type=Path), help="Keep the log in this file (or REX_TUI_STORE)."
)
interval_option = click.option(
    "--interval", type=float, metavar="SECONDS", help="Wait this long between polls when caught up: 5 to 300, else 15."
)


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rex-tui")
@store_option
@interval_option
@click.pass_context
def main(context: click.Context, store: Path | None, interval: float | None) -> None:
    """Watch a Rex CRM's event log live.

    Set REX_URL to your tenant's address and REX_API_KEY to a key that may read, then start `rex-tui`.
    `rex-tui demo` needs neither.
    """
    context.obj = {"store": store, "interval": interval}
    if context.invoked_subcommand is None:
        from rex_tui import start  # noqa: PLC0415 - see the module's docstring

        start.watch(store, interval)


@main.command()
@click.option("--once", is_flag=True, help="Stop when caught up, instead of waiting for more.")
@click.option("--type", "types", multiple=True, metavar="TYPE", help="Only this event type; may be given repeatedly.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv"]),
    default="jsonl",
    show_default=True,
    help="One JSON object a line, or rows for a spreadsheet.",
)
@store_option
@interval_option
@click.pass_context
def tail(
    context: click.Context,
    *,
    once: bool,
    types: tuple[str, ...],
    format_: str,
    store: Path | None,
    interval: float | None,
) -> None:
    """Write events as lines of JSON or CSV to standard output: first those stored, then new ones as they come.

    Exit codes: 0 done, 2 usage or settings, 3 key rejected, 4 Rex unreachable or answering wrongly, 5 the store can't
    be used, 130 interrupted before --once was done.
    """
    from rex_tui import start  # noqa: PLC0415 - see the module's docstring

    before = context.obj
    start.tail(
        before["store"] if store is None else store,
        before["interval"] if interval is None else interval,
        types,
        once=once,
        format_=format_,
    )


@main.command()
@click.option("--serve", is_flag=True, help="Only serve the demo's Rex, for a second terminal.")
@click.option(
    "--port", type=click.IntRange(0, 65535), help=f"Where to serve: a free port, or {DEMO_PORT} with --serve."
)
@click.option("--history", type=click.IntRange(0, 10_000_000), default=5_000, show_default=True, help="Past events.")
@click.option("--rate", type=click.FloatRange(0, 100_000), default=40.0, show_default=True, help="New events a minute.")
@click.option("--seed", type=int, default=7, show_default=True, help="Another number, another organisation.")
@click.pass_context
def demo(context: click.Context, *, serve: bool, port: int | None, history: int, rate: float, seed: int) -> None:
    """Watch a made-up organisation: a real server on this machine, real requests, a store that is thrown away."""
    if any(value is not None for value in context.obj.values()):
        raise click.UsageError("The demo has a store and an interval of its own; leave out --store and --interval.")
    from rex_tui import start  # noqa: PLC0415 - see the module's docstring

    if port is None:
        port = DEMO_PORT if serve else 0
    start.demo(serve=serve, port=port, history=history, rate=rate, seed=seed)
