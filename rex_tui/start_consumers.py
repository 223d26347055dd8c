"""Consumers where a command starts: what they are called, where they begin, and that each is one process at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec.structs import replace

from rex_tui.checkpoint import Place
from rex_tui.ending import STORE_EXIT, USAGE_EXIT, fail, say
from rex_tui.query.language import QueryError, local_now
from rex_tui.query.language.places import read_since
from rex_tui.safe_text import clean
from rex_tui.start_query import read_notes
from rex_tui.store import StoreError
from rex_tui.store.consumers import NAME, Consumer, ConsumerBusy, ConsumerLock
from rex_tui.store.notebook import Notebook


def consumer_name(text: str) -> str:
    """Give a text as a consumer's name; exits where it can't be one."""
    name = text.lower()
    if not NAME.fullmatch(name):
        fail(
            f"A consumer can't be called “{clean(text, 60)}”: a name has up to 40 letters from a to z, digits, and "
            "- _ . in it, and begins with a letter or a digit.",
            USAGE_EXIT,
        )
    return name


def check_since(store: Path, since: str) -> None:
    """Exit where a text is neither a time nor the name of a checkpoint in the notes beside a store."""
    first_place(store, "", since)


def first_place(store: Path, name: str, since: str) -> Consumer:
    """Give a new consumer that begins at a time, behind a checkpoint, or, without `since`, at the log's start.

    Exits where `since` can't be read.
    """
    if not since:
        return Consumer(name)
    known = read_notes(store).checkpoints
    places = {one.name: Place(one.name, 0, one.made_at) for one in known.values()}
    try:
        found = read_since(since, local_now(), places)
    except QueryError as error:
        fail(f"--since can't be read. {error.message}", USAGE_EXIT, error.shown(since))
    if not isinstance(found, Place):
        return Consumer(name, since=found.timestamp())
    behind = known[found.name]
    if not behind.event_id:
        return Consumer(name, since=behind.made_at)
    return Consumer(name, behind.event_id, behind.occurred_at)


@contextmanager
def taken(store: Path, notebook: Notebook, name: str) -> Iterator[None]:
    """Be the one process that is a consumer while the block runs; exits where another is, or none can be kept."""
    if not notebook.kept:
        fail(f"No place can be kept for {name}, so nothing was written: {notebook.why}", STORE_EXIT)
    with ExitStack() as held:
        try:
            held.enter_context(ConsumerLock(store, name))
        except ConsumerBusy:
            known = notebook.consumers().get(name)
            process = f"process {known.pid}" if known is not None and known.pid else "another process"
            fail(f"{name} is {process}, which takes the log under this name. End it first, or use another.", STORE_EXIT)
        except StoreError as error:
            fail(str(error), STORE_EXIT)
        yield


def begun(notebook: Notebook, store: Path, name: str, since: str) -> Consumer:
    """Give a consumer as it is known, or a new one; says that `since` does not count for one that is known."""
    known = notebook.consumers().get(name)
    if known is not None and since:
        say(f"{name} goes on where it has come to; --since is for its first run. `store consumers rewind` moves it.")
    consumer = replace(first_place(store, name, since) if known is None else known, pid=os.getpid())
    try:
        notebook.keep_consumer(consumer)
    except StoreError as error:
        fail(f"No place can be kept for {name}, so nothing was written. {error}", STORE_EXIT)
    return consumer
