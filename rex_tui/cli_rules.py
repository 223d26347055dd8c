"""The `rules` commands and their options; what they do is imported only when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rex_tui.cli_options import DAYS_MAX, completed, examples, masked_option, profile_option, store_option

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("text", "json")


@click.group("rules", short_help="List the watch rules, or try them on the stored log.", invoke_without_command=True)
@store_option
@profile_option
@click.pass_context
def rules_commands(context: click.Context, store: Path | None) -> None:
    """List the watch rules of the settings file, or try them on the log stored here.

    None of this needs Rex or a key, and nothing is fired. Exit codes: 0 done, 2 usage or settings, 5 the store can't be
    used, 130 interrupted.
    """
    context.obj = (context.obj or {}) | {"store": store}
    if context.invoked_subcommand is None:
        from rex_tui import start_rules  # noqa: PLC0415 - help must not wait for what only the command needs

        start_rules.list_rules(store)


@rules_commands.command(
    "test", epilog=examples("rex-tui rules test --days 30", "rex-tui rules test --rule 'Big wins' --format json")
)
@click.option(
    "--days",
    type=click.IntRange(1, DAYS_MAX),
    default=7,
    show_default=True,
    metavar="DAYS",
    help="Ask of what happened in the last so many days.",
)
@click.option(
    "--rule",
    "names",
    multiple=True,
    metavar="NAME",
    shell_complete=completed("rule"),
    help="Only this rule; may be given repeatedly.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Lines for people or JSON for programs.",
)
@masked_option
@store_option
@profile_option
def test(
    *,
    days: int,
    names: tuple[str, ...],
    format_: str,
    masked: bool | None,
    store: Path | None,
) -> None:
    """Say what each rule would have done, had rex-tui watched all the time. Nothing is fired."""
    from rex_tui import start_rules  # noqa: PLC0415 - the same

    start_rules.test_rules(store, days, names, format_, masked=masked)
