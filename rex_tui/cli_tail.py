"""The `tail` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

from typing import Any, Final, Literal

import click

from rex_tui.cli_options import completed, examples, feed_options, masked_option, types_option

UNMASKED: Final = ("masked", False)
"""The one option that says something where it is false."""
AFTER_GAP: Final[dict[str, Literal["read again", "go on"]]] = {"read-again": "read again", "go-on": "go on"}


@click.command(
    "tail",
    short_help="Print events line by line: those stored, then new ones.",
    epilog=examples(
        "rex-tui tail --once > events.jsonl",
        "rex-tui tail --plain --since 1h --where 'type:deal.won value>500.00'",
        "rex-tui tail --template '{occurred_at} {type} {data.name}'",
        "rex-tui tail --as warehouse | kcat -P -b localhost:9092 -t rex-events",
    ),
)
@click.option("--once/--follow", help="Stop when caught up, instead of waiting for more.")
@types_option
@click.option(
    "--where",
    metavar="QUERY",
    shell_complete=completed("query"),
    help="Only events that match, as in 'type:deal.* value>500.00 since:2d'.",
)
@click.option(
    "--since",
    default="",
    metavar="WHEN",
    shell_complete=completed("time"),
    help="Only what happened since a time or came behind a checkpoint, as in 2d.",
)
@click.option(
    "--as",
    "consumer",
    metavar="NAME",
    shell_complete=completed("consumer"),
    help="Go on where this consumer has come to; the first time at the log's start, or --since.",
)
@click.option(
    "--on-gap",
    type=click.Choice(["stop", "read-again", "go-on"]),
    default="stop",
    show_default=True,
    help="When Rex rejects our cursor: end, read its log from the start, or pass over what it has up to then.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["jsonl", "csv", "plain"]),
    help="One JSON object a line, rows for a spreadsheet, or time, type and what happened.  [default: jsonl]",
)
@click.option("--plain", is_flag=True, help="The same as --format plain: to be read by people, or to them.")
@click.option("--template", metavar="TEXT", help="Lines of your own, as in '{occurred_at} {type} {data.name}'.")
@click.option("--utc", is_flag=True, help="With --plain, times in UTC, not in this machine's zone.")
@feed_options
@masked_option
@click.pass_context
def tail_command(
    context: click.Context, /, *, on_gap: str, format_: str | None, plain: bool, template: str | None, **told: Any
) -> None:
    """Write events line by line to standard output: first those stored, then new ones as they come.

    Exit codes: 0 done, 2 usage or settings, 3 key rejected, 4 Rex unreachable or answering wrongly, 5 the store can't
    be used, 130 interrupted before --once was done.
    """
    from rex_tui import start_feed, start_tail  # noqa: PLC0415 - see the module's docstring

    if (format_ is not None) + plain + (template is not None) > 1:
        raise click.UsageError("Of --format, --plain and --template only one can say how lines look.")
    own = ("once", "types", "where", "since", "consumer", "utc")
    wanted = start_tail.Wanted(
        **{name: told.pop(name) for name in own},
        after_gap=AFTER_GAP.get(on_gap),
        format_="plain" if plain else format_ or "jsonl",
        template=template,
    )
    flags = context.obj | {name: value for name, value in told.items() if value or (name, value) == UNMASKED}
    start_tail.tail(start_feed.Flags(**flags), wanted)
