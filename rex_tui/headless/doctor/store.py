"""How the store is: looked at without opening it as one, so that nothing is made, mended or taken."""

from __future__ import annotations

import os
import shutil
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import humanize

from rex_tui.headless.doctor.check import Check, Fact
from rex_tui.keep import ALL, Keep
from rex_tui.safe_text import clean
from rex_tui.store import StoreError
from rex_tui.store.consumers import Consumer
from rex_tui.store.glance import Glance, glance
from rex_tui.store.notebook import Notebook, notebook_path

SECTION: Final = "Store"
FREE_MIN: Final = 500 * 2**20
"""Bytes that should be free on the store's disk."""


def look_at_store(path: Path, base_url: str | None, keep: Keep = ALL, now: float = 0.0) -> list[Check]:
    """Give how the store at `path` is, for the tenant at `base_url`. Cheap: no event's payload is read.

    `keep` says how much of the log is to be kept, by `now`, in seconds since the epoch, UTC.
    """
    checks = []
    try:
        found = glance(path, keep, now)
    except StoreError as error:
        checks.append(Check(SECTION, "file", "wrong", clean(str(error)), "`rex-tui store check` looks at all of it."))
        found = None
    else:
        checks += _file(path, found)
    checks.append(_space(path))
    if found is not None:
        checks += _content(found, base_url)
        checks += _kept(path, found, keep)
    others = [one for one in path.parent.glob(f"{path.name}.damaged-*") if not one.name.endswith(("-wal", "-shm"))]
    if others:
        count = "1 damaged store was" if len(others) == 1 else f"{len(others)} damaged stores were"
        todo = f"Delete what is named {clean(path.name, 80)}.damaged-… when you need it no more."
        checks.append(Check(SECTION, "moved aside", "attend", f"{count} kept under another name", todo))
    return checks


def _file(path: Path, found: Glance | None) -> list[Check]:
    shown = clean(str(path), 300)
    if found is None:
        folder = _nearest(path)
        if not os.access(folder, os.W_OK | os.X_OK):
            todo = "Name another file with --store, or take the right to write there."
            return [Check(SECTION, "file", "wrong", f"{shown} can't be made: its folder is not yours to write", todo)]
        return [Check(SECTION, "file", "fine", f"{shown}: not there yet; the first start makes it")]
    facts: dict[str, Fact] = {"bytes": found.size, "layout": found.version}
    size = humanize.naturalsize(found.size, binary=True)
    checks = [Check(SECTION, "file", "fine", f"{shown}, {size}, layout {found.version}", facts=facts)]
    if found.version < found.newest_version:
        checks.append(
            Check(
                SECTION, "layout", "fine", f"older than this rex-tui's {found.newest_version}; the next start renews it"
            )
        )
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        todo = f"Run: chmod 600 {shown} (the next start does it, too)."
        checks.append(Check(SECTION, "privacy", "attend", "others on this machine may read or write it", todo))
    if not os.access(path, os.W_OK):
        todo = "Take the right to write it, or name another file with --store."
        checks.append(Check(SECTION, "file", "wrong", "the file is not yours to write", todo))
    return checks


def _space(path: Path) -> Check:
    try:
        free = shutil.disk_usage(_nearest(path)).free
    except OSError as error:
        return Check(SECTION, "disk", "skipped", f"not known ({clean(error.strerror or '?', 100)})")
    shown = f"{humanize.naturalsize(free, binary=True)} free"
    if free < FREE_MIN:
        return Check(SECTION, "disk", "attend", shown, "Make room: on a full disk nothing new is kept.", {"free": free})
    return Check(SECTION, "disk", "fine", shown, facts={"free": free})


def _content(found: Glance, base_url: str | None) -> list[Check]:
    newest = f", newest {clean(found.newest, 40)}" if found.newest else ""
    shown = f"{found.events:,} of {found.types:,} types, {found.gaps:,} gaps, {found.set_aside:,} set aside{newest}"
    facts: dict[str, Fact] = {
        "events": found.events,
        "types": found.types,
        "gaps": found.gaps,
        "set_aside": found.set_aside,
    }
    checks = [Check(SECTION, "events", "fine", shown, facts=facts)]
    if found.base_url and base_url and found.base_url != base_url:
        todo = "Name another file with --store, or leave it out to get one a tenant."
        told = f"it holds the events of {clean(found.base_url, 200)}"
        checks.append(Check(SECTION, "tenant", "wrong", told, todo))
    if found.writer:
        told = f"process {clean(found.writer, 10)} writes it now; another rex-tui would follow"
        checks.append(Check(SECTION, "writer", "fine", told, facts={"locked": True}))
    else:
        checks.append(Check(SECTION, "writer", "fine", "nobody writes it now", facts={"locked": False}))
    return checks


def _kept(path: Path, found: Glance, keep: Keep) -> list[Check]:
    """Give what is forgotten of the log, and who holds that back."""
    told = found.forgotten
    if keep.is_all and not told.events:
        return []
    so_far = f"{told.events:,} older events are forgotten" if told.events else "nothing is forgotten yet"
    facts: dict[str, Fact] = {"forgotten": told.events}
    slowest = _slowest(path) if found.overdue else None
    if slowest is None:
        return [Check(SECTION, "kept", "fine", f"{keep.words}; {so_far}", facts=facts)]
    since = f"{datetime.fromtimestamp(slowest.moved_at, UTC):%Y-%m-%d %H:%M} UTC" if slowest.moved_at else "its start"
    held = f"{keep.words}; {so_far}; consumer {slowest.name} holds back the rest since {since}"
    todo = f"What it has not taken is kept for it. Run it, or: rex-tui store consumers forget {slowest.name}"
    return [Check(SECTION, "kept", "attend", held, todo, facts)]


def _slowest(path: Path) -> Consumer | None:
    if not notebook_path(path).exists():
        return None
    with Notebook(path) as notebook:
        return min(notebook.consumers().values(), key=lambda one: one.seq, default=None)


def _nearest(path: Path) -> Path:
    """Give the nearest folder above a file that is there."""
    return next((folder for folder in path.absolute().parents if folder.is_dir()), Path.cwd())
