"""The `store` commands at work: what they print, and with which code they end."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
import humanize

from rex_tui.ending import STORE_EXIT, USAGE_EXIT, fail, say, tell
from rex_tui.export.file import exists
from rex_tui.first_index import FirstIndex
from rex_tui.headless import set_aside
from rex_tui.keep import TEXT_MAX as KEEP_MAX
from rex_tui.safe_text import clean
from rex_tui.settings import load_names, load_store_path
from rex_tui.settings_error import SettingsError
from rex_tui.start_masking import wanted_masking
from rex_tui.store import Deleted, EventStore, StoreError
from rex_tui.store.consumers import without_forgotten
from rex_tui.store.notebook import Notebook, forget_marks, notebook_path
from rex_tui.store.retention import Forgotten

TYPES_NAMED: Final = 5
WITHHELD: Final = "What was set aside can't be read, so it can't be masked and is not shown; --unmasked shows it."


def path(store: Path | None) -> None:
    """Print where the store is, or would be; and, on a line of its own, the user's notes beside it, where there are."""
    chosen = store_path(store)
    tell(str(chosen))
    if notebook_path(chosen).exists():
        tell(str(notebook_path(chosen)))


def check(store: Path | None) -> None:
    """Say what is in the store and whether it is sound; exits with `STORE_EXIT` where it is not."""
    with opened_store(store) as opened:
        index = opened.type_index()
        problems = opened.problems()
        size = _size(opened.path.stat().st_size)
        tell(f"{opened.path}: {size}, {clean(opened.base_url or 'no tenant yet', 200)}")
        tell(
            f"{index.events:,} events of {sum(count > 0 for count in index.counts.values()):,} types, "
            f"{index.gaps:,} gaps, {opened.quarantined():,} set aside, newest {_newest(opened)}"
        )
        if (gone := opened.forgotten()).events:
            tell(f"{gone.events:,} older events are forgotten ({_kept_by(gone)}), the last of {_when(gone)}.")
    for problem in problems:
        tell(f"Not sound: {clean(problem, 400)}")
    if problems:
        fail(
            "The store is not sound. Start rex-tui: where reading fails it keeps the file under another name and reads "
            "Rex's log again; or move the file away yourself.",
            STORE_EXIT,
        )
    tell("Sound from end to end.")


def compact(store: Path | None) -> None:
    """Compact the store and say what that gave."""
    with opened_store(store) as opened:
        _require_writable(opened)
        before, after = opened.compact()
    tell(f"Compacted from {_size(before)} to {_size(after)}.")


def forget(store: Path | None, before: datetime, *, dry_run: bool, yes: bool) -> None:
    """Delete what happened before a time, once the user has agreed, and say what was deleted."""
    when = f"{before.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    with opened_store(store) as opened:
        _require_writable(opened)
        events = opened.older(before.timestamp())
        tell(f"{events:,} of {opened.type_index().events:,} events happened before {when}.")
        noted = _noted(opened)
        if dry_run:
            return
        if not yes and not sys.stdin.isatty():
            fail("Nothing was deleted: say --yes where nobody can be asked.", USAGE_EXIT)
        if not yes and not click.confirm("Delete them, and what was set aside before then, for good?"):
            tell("Nothing was deleted.")
            return
        deleted = opened.forget(before.timestamp())
        gone = noted - opened.seqs_of(list(noted)).keys()
        unmarked = forget_marks(opened.path, list(gone))
        _keep_places(opened)
        others = sorted(opened.path.parent.glob(f"{opened.path.name}.damaged-*"))
    tell(_told(deleted))
    if unmarked:
        tell(f"{unmarked:,} of your marks, with {'its note' if unmarked == 1 else 'their notes'}, went with them.")
    for other in others:
        tell(f"A damaged store that was moved aside may still hold old events: {other}")


def quarantine(store: Path | None, masked: bool | None = None) -> None:  # noqa: FBT001 - the flag's value
    """Print all that was set aside; masked, that it is there."""
    withheld = wanted_masking(masked)[0].value
    with opened_store(store) as opened:
        for found in set_aside.items(opened):
            for item in found:
                line = set_aside.json_line(item, masked=withheld)
                tell(clean(line, len(line)) if sys.stdout.isatty() else line)
        if withheld and opened.quarantined():
            say(WITHHELD)


def retry_quarantine(store: Path | None) -> None:
    """Read again what was set aside, and say what came of it."""
    with opened_store(store) as opened:
        _require_writable(opened)
        joined, left = set_aside.retry(opened)
    tell(f"{joined:,} joined the log, {left:,} still set aside.")


def _keep_places(store: EventStore) -> None:
    """Let consumers whose event was deleted go on behind the one before it."""
    if notebook_path(store.path).exists():
        with Notebook(store.path) as notebook:
            for consumer in notebook.consumers().values():
                if (kept := without_forgotten(store, consumer)) != consumer:
                    notebook.keep_consumer(kept)


def _told(deleted: Deleted) -> str:
    named = [f"{count:,} {clean(name, 60)}" for name, count in list(deleted.types.items())[:TYPES_NAMED]]
    if len(deleted.types) > TYPES_NAMED:
        named.append(f"{len(deleted.types) - TYPES_NAMED} more types")
    span = f" from {clean(deleted.first, 40)} to {clean(deleted.last, 40)}" if deleted.events else ""
    kinds = f" ({', '.join(named)})" if named else ""
    return (
        f"Deleted {deleted.events:,} {'event' if deleted.events == 1 else 'events'}{span}{kinds} and "
        f"{deleted.set_aside:,} set aside; {deleted.left:,} {'event stays' if deleted.left == 1 else 'events stay'}. "
        f"The file went from {_size(deleted.size_before)} to {_size(deleted.size_after)}."
    )


def _noted(store: EventStore) -> set[str]:
    """Give the ids of the events in the store that the user has marked, or that checkpoints are behind."""
    if not notebook_path(store.path).exists():
        return set()
    with Notebook(store.path) as notebook:
        ids = [*notebook.marks(), *(one.event_id for one in notebook.checkpoints().values())]
        return set(store.seqs_of(ids))


def _kept_by(gone: Forgotten) -> str:
    return f"--keep {clean(gone.keep, KEEP_MAX)}"


def _when(gone: Forgotten) -> str:
    return clean(gone.occurred_at, 40) or "an unknown time"


def _newest(store: EventStore) -> str:
    return clean(store.newest_occurred_at(), 40) or "none"


def _size(count: int) -> str:
    return humanize.naturalsize(count, binary=True)


def store_path(store: Path | None) -> Path:
    """Give where the chosen store is, or would be; exits where nothing names one."""
    try:
        return load_store_path(os.environ, store=store).value
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


@contextmanager
def opened_store(store: Path | None) -> Iterator[EventStore]:
    """Open a store that is there, whosever it is, mending nothing; exits where that can't be done."""
    chosen = store_path(store)
    if not chosen.exists():
        fail(f"There is no store at {chosen} yet; rex-tui makes it when it starts.", STORE_EXIT)
    try:
        with EventStore(chosen, None, mend=False, told=FirstIndex()) as opened:
            yield opened
    except StoreError as error:
        fail(str(error), STORE_EXIT)


def own_names() -> Mapping[str, str]:
    """Give the user's own names for ids; exits where the settings file can't be read."""
    try:
        return load_names(os.environ).value
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


def may_replace(path: Path, *, force: bool) -> bool:
    """Tell whether a file may be written over, asking where somebody can answer; exits where they say no."""
    if force or not exists(path) or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return force
    if not click.confirm(f"{clean(str(path))} is there already. Write over it?", err=True):
        fail("Nothing was written.", USAGE_EXIT)
    return True


def _require_writable(store: EventStore) -> None:
    if not store.writable:
        fail(
            f"Another rex-tui (process {clean(store.writer_pid, 10)}) writes this store. Nothing was changed; "
            "quit it and try again.",
            STORE_EXIT,
        )
