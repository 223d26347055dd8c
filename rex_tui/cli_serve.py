"""The `serve` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

from typing import Any, Final

import click

from rex_tui.cli_look import look_options, told_wishes
from rex_tui.cli_options import about_option, completed, feed_options, masked_option

SERVE_PORT: Final = 8461


@click.command("serve", short_help="The same screen in a browser on this machine.")
@click.option("--demo", is_flag=True, help="Serve a made-up organisation.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="PORT",
    default=SERVE_PORT,
    show_default=True,
    help="Where to serve; 0 is any free port.",
)
@click.option("--host", default="127.0.0.1", metavar="ADDRESS", help="Serve on another address than this machine's.")
@click.option("--i-know", is_flag=True, help="Serve there although whoever reads the network reads it all.")
@click.option(
    "--where",
    default="",
    metavar="QUERY",
    shell_complete=completed("query"),
    help="Begin with this filter, as in the bar of the screen.",
)
@about_option
@feed_options
@masked_option
@look_options
@click.pass_context
def serve_command(
    context: click.Context,
    /,
    *,
    demo: bool,
    port: int,
    host: str,
    i_know: bool,
    where: str,
    about: str,
    **told: Any,
) -> None:
    """Show the same screen in a browser on this machine, through a link that works once.

    Needs the extra: pip install 'rex-tui[serve]'. Exit codes: 0 done, 2 usage or settings, 5 the store can't be used.
    """
    flags = (context.obj or {}) | {name: value for name, value in told.items() if value or name == "masked"}
    if flags.pop("doorbell", None):
        raise click.UsageError(
            "A doorbell rings for one rex-tui, and `serve` has one for each tab. Let `rex-tui tail --doorbell PORT` "
            "run beside it, which keeps the store up to date for all of them."
        )
    if demo and (about or any(value for name, value in flags.items() if name != "masked")):
        raise click.UsageError("The demo has settings of its own; leave out --store and whatever else names a log.")
    from rex_tui import start_serve  # noqa: PLC0415 - see the module's docstring
    from rex_tui.start_feed import Flags  # noqa: PLC0415 - the same

    at = start_serve.Address(host, port, is_accepted=i_know)
    if demo:
        start_serve.serve_demo(at, where, told_wishes(context), masked=flags.get("masked") is True)
    else:
        start_serve.serve_tenant(at, Flags(**flags), where, about, told_wishes(context))
