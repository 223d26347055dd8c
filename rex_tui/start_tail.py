"""The `tail` command at work: events to standard output as they come, and how it ends."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

from msgspec import Struct

from rex_tui.ending import INTERRUPTED_EXIT, STORE_EXIT, USAGE_EXIT, drop_output, fail, say
from rex_tui.export.naming import NamesMet, Naming
from rex_tui.feed import SystemClock, kept_names
from rex_tui.headless.delivery import Delivery
from rex_tui.headless.formats import FORMATS, Format
from rex_tui.headless.plain import Plain
from rex_tui.headless.tail import Tail
from rex_tui.headless.template import Field, Template, read_template
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.query.language import QueryError
from rex_tui.safe_text import clean
from rex_tui.settings import Settings
from rex_tui.start_consumers import begun, check_since, consumer_name, taken
from rex_tui.start_doorbell import WantedDoorbell, listening, read_doorbell
from rex_tui.start_feed import Flags, make_client, make_poller, open_store, read_settings
from rex_tui.start_look import draws_no_screen
from rex_tui.start_masking import masking_of
from rex_tui.start_query import Where, read_query
from rex_tui.store import EventStore, GapChoice
from rex_tui.store.notebook import Notebook
from rex_tui.streams import encoded

REFUSED: Final = "The doorbell refused a request: it was not signed with the webhook's secret in these minutes."


class OutputFull(Exception):
    """Standard output takes no more; the message says why, as the system does."""


class Wanted(Struct, frozen=True):
    """What `tail` is asked for: which events, how they are written, where to begin, when to end.

    `types` and `where` choose events; `format_`, or a `template`, says how a line looks, and `utc` how a plain one
    tells the time. `since` is a time or the name of a checkpoint, "" for the log's start. With a
    `consumer` it counts only on its first run.
    """

    types: tuple[str, ...] = ()
    where: str | None = None
    since: str = ""
    consumer: str | None = None
    once: bool = False
    after_gap: GapChoice | None = None
    format_: str = "jsonl"
    template: str | None = None
    utc: bool = False


def tail(flags: Flags, wanted: Wanted) -> NoReturn:
    """Write events to standard output; exits with the outcome's code."""
    consumer = None if wanted.consumer is None else consumer_name(wanted.consumer)
    pieces = None if wanted.template is None else _pieces(wanted.template)
    bell = read_doorbell(flags.doorbell)
    follow(read_settings(flags), wanted, bell, consumer, pieces)


def follow(
    settings: Settings,
    wanted: Wanted,
    bell: WantedDoorbell | None = None,
    consumer: str | None = None,
    pieces: tuple[str | Field, ...] | None = None,
) -> NoReturn:
    """Write the events of the Rex in these settings, for a consumer or in pieces of a template where one is given."""
    try:
        # not in the loop, which would hold Ctrl-C back until an index is made
        with (
            open_store(settings) as store,
            Notebook(store.path) as notebook,
            _delivery(store, consumer, wanted.since) as delivery,
        ):
            names = kept_names(store, settings.names.value, SystemClock())
            asked = _asked(store, names, wanted)
            masking = masking_of(store.path, settings.masked, settings.masking.value)
            naming = NamesMet(names if masking is None else masking.names(names), store.remembered).of
            format_ = _format(wanted, pieces, naming)
            code = asyncio.run(_run(settings, store, wanted, asked, format_, masking, delivery, bell, notebook))
    except KeyboardInterrupt:
        code = INTERRUPTED_EXIT if wanted.once else 0
    except BrokenPipeError:
        drop_output()
        code = 0
    except OutputFull as error:
        drop_output()
        fail(f"Standard output can't be written ({error}).", STORE_EXIT)
    sys.exit(code)


def _pieces(template: str) -> tuple[str | Field, ...]:
    try:
        return read_template(template)
    except QueryError as error:
        fail(f"--template can't be read. {error.message}", USAGE_EXIT, error.shown(template))


def _format(wanted: Wanted, pieces: tuple[str | Field, ...] | None, naming: Naming) -> Format:
    """Give how events are written; `naming` gives the names for some of them."""
    if pieces is not None:
        return Template(pieces, naming)
    if wanted.format_ == "plain":
        return Plain(naming, colour=_has_colours(), utc=wanted.utc)
    return FORMATS[wanted.format_]


def _has_colours() -> bool:
    """Tell whether standard output is a terminal that shows colours, for somebody who wants them (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and not draws_no_screen()


def _asked(store: EventStore, names: Names, wanted: Wanted) -> Where | None:
    """Give the query that events must match; a consumer's first place is none of it."""
    since = wanted.since if wanted.consumer is None else ""
    if wanted.since:
        check_since(store.path, wanted.since)
    if wanted.where is None and not since:
        return None
    return read_query(wanted.where or "", store.path, names, store, since=since)


@contextmanager
def _delivery(store: EventStore, consumer: str | None, since: str) -> Iterator[Delivery | None]:
    """Give what delivers to a consumer, if one is named, while this process is that one; exits where another is."""
    if consumer is None:
        yield None
        return
    with Notebook(store.path) as notebook, taken(store.path, notebook, consumer):
        known = begun(notebook, store.path, consumer, since)
        yield Delivery(store, notebook, known, now=SystemClock().now, say=say)


async def _run(  # noqa: PLR0913, PLR0917 - the parts of one start
    settings: Settings,
    store: EventStore,
    wanted: Wanted,
    asked: Where | None,
    format_: Format,
    masking: Masking | None,
    delivery: Delivery | None,
    bell: WantedDoorbell | None,
    notebook: Notebook,
) -> int:
    async with make_client(settings) as client:
        if client.proxy:
            say(f"Rex is asked through the proxy {client.proxy}, which the environment names.")
        clock = SystemClock()
        poller = make_poller(settings, client, store, clock, notebook)
        written = Tail(
            store,
            poller,
            Filter.only(wanted.types) if wanted.types else EVERYTHING,
            write=_write_clean if format_.made_for_terminals else _write,
            say=say,
            once=wanted.once,
            after_gap=wanted.after_gap,
            format=format_,
            where=None if asked is None else (asked.query, asked.marked),
            again=None if asked is None else asked.again,
            masking=masking,
            delivery=delivery,
        )
        async with listening(bell, poller, clock, lambda: say(REFUSED)):
            if bell is not None:
                say(f"The doorbell listens at http://127.0.0.1:{bell.port} for what Rex signs.")
            code = await written.run()
        if wanted.once and poller.forgetting is not None:
            await poller.forgetting.for_a_while()
        return code


def _write(lines: str) -> None:
    """Write lines to standard output: the exact bytes to a pipe or file, clean text to a terminal."""
    if sys.stdout.isatty():
        lines = "".join(f"{clean(line, len(line))}\n" for line in lines.split("\n")[:-1])
    _write_clean(lines)


def _write_clean(lines: str) -> None:
    """Write lines that are clean wherever they go."""
    try:
        sys.stdout.buffer.write(encoded(lines, sys.stdout))
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFull(error.strerror or str(error)) from None
