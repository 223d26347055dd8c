"""The `store consumers` commands at work: who takes the log, how far behind, and moving or forgetting one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from rex_tui.ending import USAGE_EXIT, fail
from rex_tui.keep import Keep
from rex_tui.safe_text import clean
from rex_tui.settings import load_keep
from rex_tui.settings_error import SettingsError
from rex_tui.start_consumers import consumer_name, first_place, taken
from rex_tui.start_store import opened_store
from rex_tui.store import EventStore, StoreError
from rex_tui.store.consumers import Consumer, ConsumerBusy, ConsumerLock, held_back, place_in
from rex_tui.store.notebook import Notebook, notebook_path

HEADS: Final = ("name", "behind by", "has all up to", "which happened", "place moved", "now")
ID_MAX: Final = 40


def show(store: Path | None) -> None:
    """Print every consumer of the store on a line: how far behind it is, its place, when that moved, who it is now."""
    with opened_store(store) as opened:
        known = _known(opened.path)
        if not known:
            click.echo("No consumers yet: `rex-tui tail --as NAME` makes one.")
            return
        rows = [_row(opened, consumer) for consumer in known]
        slowest = held_back(opened, known)
    widths = [max(map(len, column)) for column in zip(HEADS, *rows, strict=True)]
    for row in (HEADS, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    if slowest is not None and not _keep().is_all:
        since = _moment(slowest.since) if slowest.since else "its start"
        click.echo(
            f"Nothing that {slowest.name} has not taken is forgotten (--keep); its place is there since {since}."
        )


def forget(store: Path | None, name: str) -> None:
    """Forget a consumer; exits where it is not known, or runs."""
    with opened_store(store) as opened, closing(Notebook(opened.path)) as notebook:
        known = _of(notebook, name)
        with taken(opened.path, notebook, known.name):
            notebook.drop_consumer(known.name)
    click.echo(f"{known.name} is forgotten; under this name the log begins anew.")


def rewind(store: Path | None, name: str, since: str) -> None:
    """Move a consumer to a time, behind a checkpoint, or, without `since`, to the log's start; exits as `forget`."""
    with opened_store(store) as opened, closing(Notebook(opened.path)) as notebook:
        known = _of(notebook, name)
        moved = first_place(opened.path, known.name, since)
        with taken(opened.path, notebook, known.name):
            notebook.keep_consumer(replace(moved, pid=known.pid))
    if moved.since is not None:
        where = f"with the first event since {_moment(moved.since)}"
    else:
        where = f"behind {clean(moved.event_id, ID_MAX)}" if moved.event_id else "at the log's start"
    click.echo(f"{known.name} begins {where} the next time.")


def _keep() -> Keep:
    try:
        return load_keep(os.environ).value
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


def _known(store: Path) -> Sequence[Consumer]:
    if not notebook_path(store).exists():
        return ()
    with Notebook(store) as notebook:
        return list(notebook.consumers().values())


def _of(notebook: Notebook, text: str) -> Consumer:
    name = consumer_name(text)
    known = notebook.consumers()
    if name not in known:
        told = f"Known are {', '.join(known)}." if known else "There are none yet."
        fail(f"There is no consumer {name}. {told}", USAGE_EXIT)
    return known[name]


def _row(store: EventStore, consumer: Consumer) -> tuple[str, ...]:
    return (
        consumer.name,
        _behind(store, consumer),
        clean(consumer.event_id, ID_MAX) or "nothing yet",
        clean(consumer.occurred_at, ID_MAX) or "-",
        _moment(consumer.moved_at) if consumer.moved_at else "never",
        f"process {consumer.pid}" if _runs(store.path, consumer.name) else "-",
    )


def _behind(store: EventStore, consumer: Consumer) -> str:
    """Give by how many of the stored events a consumer is behind, in words."""
    place = place_in(store, consumer)
    if place is None:
        return "unknown: its event is not in the log"
    if consumer.since is not None:
        return f"all since {_moment(consumer.since)}"
    return f"{store.count_after(place):,}"


def _runs(store: Path, name: str) -> bool:
    try:
        with ConsumerLock(store, name):
            return False
    except ConsumerBusy:
        return True
    except StoreError:
        return False


def _moment(at: float) -> str:
    try:
        return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError, OSError):
        return "an odd time"
