"""The `tail` command at work: events to standard output as they come, and how it ends."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from typing import NoReturn

from rex_tui.ending import INTERRUPTED_EXIT, STORE_EXIT, drop_output, fail, say
from rex_tui.feed import SystemClock, kept_names
from rex_tui.headless.tail import FORMATS, Tail
from rex_tui.masking import Masking
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.safe_text import clean
from rex_tui.settings import Settings
from rex_tui.start_feed import Flags, make_client, make_poller, open_store, read_settings
from rex_tui.start_masking import masking_of
from rex_tui.start_query import Where, read_query
from rex_tui.store import EventStore, GapChoice


class OutputFull(Exception):
    """Standard output takes no more; the message says why, as the system does."""


def tail(
    flags: Flags,
    types: Sequence[str],
    *,
    once: bool,
    after_gap: GapChoice | None,
    format_: str = "jsonl",
    where: str | None = None,
) -> NoReturn:
    """Write events to standard output; exits with the outcome's code."""
    settings = read_settings(flags)
    try:
        with open_store(settings) as store:  # not in the loop, which would hold Ctrl-C back until an index is made
            names = kept_names(store, settings.names.value, SystemClock())
            asked = None if where is None else read_query(where, settings.store_path.value, names, store)
            masking = masking_of(store.path, settings.masked, settings.masking.value)
            code = asyncio.run(
                _run(settings, store, types, asked, masking, once=once, after_gap=after_gap, format_=format_)
            )
    except KeyboardInterrupt:
        code = INTERRUPTED_EXIT if once else 0
    except BrokenPipeError:
        drop_output()
        code = 0
    except OutputFull as error:
        drop_output()
        fail(f"Standard output can't be written ({error}).", STORE_EXIT)
    sys.exit(code)


async def _run(
    settings: Settings,
    store: EventStore,
    types: Sequence[str],
    asked: Where | None,
    masking: Masking | None,
    *,
    once: bool,
    after_gap: GapChoice | None,
    format_: str,
) -> int:
    chosen = Filter.only(types) if types else EVERYTHING
    async with make_client(settings) as client:
        if client.proxy:
            say(f"Rex is asked through the proxy {client.proxy}, which the environment names.")
        poller = make_poller(settings, client, store, SystemClock())
        written = Tail(
            store,
            poller,
            chosen,
            write=_write,
            say=say,
            once=once,
            after_gap=after_gap,
            format=FORMATS[format_],
            where=None if asked is None else (asked.query, asked.marked),
            again=None if asked is None else asked.again,
            masking=masking,
        )
        return await written.run()


def _write(lines: str) -> None:
    """Write lines to standard output: the exact bytes to a pipe or file, clean text to a terminal."""
    if sys.stdout.isatty():
        lines = "".join(f"{clean(line, len(line))}\n" for line in lines.split("\n")[:-1])
    try:
        sys.stdout.buffer.write(lines.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputFull(error.strerror or str(error)) from None
