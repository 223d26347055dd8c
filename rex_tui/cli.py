"""The commands and their options. What they start is imported only when it starts, so that help comes at once."""

from __future__ import annotations

from typing import Any, Final

import click
from click.core import ParameterSource

from rex_tui import __version__
from rex_tui.cli_doctor import doctor_command
from rex_tui.cli_export import export_command
from rex_tui.cli_group import Commands
from rex_tui.cli_keys import keys_command
from rex_tui.cli_look import look_options, told_wishes
from rex_tui.cli_open import open_command
from rex_tui.cli_options import about_option, completed, feed_options, keys_option, masked_option, restore_option
from rex_tui.cli_review import review_command
from rex_tui.cli_rules import rules_commands
from rex_tui.cli_serve import serve_command
from rex_tui.cli_settings import settings_commands
from rex_tui.cli_setup import setup_command
from rex_tui.cli_shell import completion_command, man_command
from rex_tui.cli_store import store_commands
from rex_tui.cli_tail import tail_command

DEMO_PORT: Final = 8460

where_option = click.option(
    "--where",
    default="",
    metavar="QUERY",
    shell_complete=completed("query"),
    help="Begin with this filter, as in 'type:deal.* value>500.00 since:2d'.",
)


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rex-tui")
@feed_options
@where_option
@about_option
@masked_option
@restore_option
@look_options
@click.pass_context
def main(context: click.Context, /, *, where: str, about: str, **shared: Any) -> None:
    """Watch a Rex CRM's event log live.

    The first start asks for your tenant's address and a key that may read; `rex-tui setup` does so line by line, and
    REX_URL and REX_API_KEY do without questions. `rex-tui demo` needs neither.
    """
    context.obj = shared
    if context.invoked_subcommand is None:
        from rex_tui import start, start_feed  # noqa: PLC0415 - see the module's docstring

        def look_at_the_demo() -> None:
            context.obj = {}
            context.invoke(demo, where=where, masked=shared["masked"])

        start.watch(start_feed.Flags(**context.obj), where, about, look_at_the_demo, told_wishes(context))
    elif where or about:
        raise click.UsageError(
            f"Before a command, --where and --about mean nothing; write them after `{context.invoked_subcommand}`, "
            "if it has them."
        )


main.add_command(store_commands)
main.add_command(export_command)
main.add_command(open_command)
main.add_command(review_command)
main.add_command(rules_commands)
main.add_command(keys_command)
main.add_command(serve_command)
main.add_command(doctor_command)
main.add_command(settings_commands)
main.add_command(setup_command)
main.add_command(tail_command)
main.add_command(completion_command)
main.add_command(man_command)


@main.command(short_help="Watch a made-up organisation; no account, no key.")
@click.option("--serve", is_flag=True, help="Only serve the demo's Rex, for a second terminal.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help=f"Where to serve: a free port, or {DEMO_PORT} with --serve.",
)
@click.option(
    "--history",
    type=click.IntRange(0, 10_000_000),
    metavar="COUNT",
    default=5_000,
    show_default=True,
    help="Past events.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, 100_000),
    metavar="COUNT",
    default=40.0,
    show_default=True,
    help="New events a minute.",
)
@click.option(
    "--seed", type=int, metavar="NUMBER", default=7, show_default=True, help="Another number, another organisation."
)
@click.option("--tour", is_flag=True, help="Be led through eight things in two minutes.")
@where_option
@masked_option
@keys_option
@look_options
@click.pass_context
def demo(
    context: click.Context,
    /,
    *,
    serve: bool,
    tour: bool,
    port: int | None,
    where: str,
    masked: bool | None,
    **organisation: Any,
) -> None:
    """Watch a made-up organisation: a real server on this machine, real requests, a store that is thrown away."""
    if any(value for name, value in context.obj.items() if name != "masked"):
        raise click.UsageError(
            "The demo has settings of its own; leave out --store and whatever else stands before `demo`."
        )
    if serve and where:
        raise click.UsageError("With --serve there is no screen that could begin with --where.")
    if serve and tour:
        raise click.UsageError("With --serve there is no screen to lead through; leave out --tour, or --serve.")
    from rex_tui import start  # noqa: PLC0415 - see the module's docstring
    from rex_tui.ui.opening import Opening  # noqa: PLC0415 - the same

    told = {name: context.params[name] for name in ("port", "history", "rate", "seed") if _was_given(context, name)}
    again = ("rex-tui", "demo", *(word for name, value in told.items() for word in (f"--{name}", str(value))))
    if port is None:
        port = DEMO_PORT if serve else 0
    opening = Opening(where, again=again, made_anew=True, masked=masked is True, tour=tour)
    start.demo(serve=serve, port=port, opening=opening, wishes=told_wishes(context), **organisation)


def _was_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is ParameterSource.COMMANDLINE
