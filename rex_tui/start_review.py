"""The `review` command at work: from the store to a file or to standard output, and how it ends."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from rex_tui.checkpoint import LAST_REVIEW, moments_of
from rex_tui.ending import INTERRUPTED_EXIT, STORE_EXIT, USAGE_EXIT, end_when_terminated, fail, say, to_output
from rex_tui.export.export import ExportError
from rex_tui.export.file import NewFile
from rex_tui.export.review.formats import ENDINGS, FORMATS
from rex_tui.export.review.pack import Pack, noted_in
from rex_tui.feed import SystemClock, kept_names
from rex_tui.masking import Masking
from rex_tui.query.language.times import local_now
from rex_tui.query.review.facts import MENTIONED_BY
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.masked import masked_review
from rex_tui.query.review.period import Period, PeriodError, period_named
from rex_tui.query.review.reading import about_deals, fold_log
from rex_tui.query.review.stages import told_by
from rex_tui.start_masking import chosen_masking
from rex_tui.start_query import read_notes
from rex_tui.start_store import may_replace, opened_store, own_names, store_path
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Mark, Notebook, notebook_path

DEFAULT_FORMAT: Final = "md"


class Wanted(Struct, frozen=True):
    """What stood on the command line."""

    store: Path | None = None
    period: str = "7d"
    format: str | None = None
    output: Path | None = None
    force: bool = False
    stuck_days: int = 14
    utc: bool = False
    masked: bool | None = None


def review(wanted: Wanted) -> None:
    """Review what is wanted; exits with the outcome's code where that is not 0."""
    now = datetime.now(UTC) if wanted.utc else local_now()
    try:
        period = _period(wanted, now)
    except PeriodError as error:
        fail(str(error), USAGE_EXIT)
    except StoreError as error:
        fail(str(error), STORE_EXIT)
    written = FORMATS[wanted.format or _format_of(wanted.output)]
    end_when_terminated()
    try:
        with opened_store(wanted.store) as store:
            masking = chosen_masking(store.path, wanted.masked)
            pack = _packed(store, period, now, wanted.stuck_days, masking)
        _write(written(pack), wanted, store.path)
    except (ExportError, StoreError) as error:
        fail(str(error), STORE_EXIT)
    except KeyboardInterrupt:
        fail("Interrupted. Nothing was written.", INTERRUPTED_EXIT)


def _period(wanted: Wanted, now: datetime) -> Period:
    """Give the period, with the checkpoints beside the store; raises `PeriodError` or `StoreError`."""
    checkpoints = moments_of(read_notes(store_path(wanted.store)).checkpoints.values())
    return period_named(wanted.period, now, checkpoints.get(LAST_REVIEW), checkpoints)


def _packed(store: EventStore, period: Period, now: datetime, stuck_days: int, masking: Masking | None) -> Pack:
    names = kept_names(store, own_names(), SystemClock())
    folding = Folding()
    folding.know(told_by(names))
    with closing(store.slices(about_deals, MENTIONED_BY)) as slices:
        fold_log(slices, folding, store.last_seq(), after=max(0, store.first_seq() - 1))
    counted = folding.review(period, now, stuck_days)
    if masking is not None:
        counted, names = masked_review(counted, masking), masking.names(names)
    noted = noted_in(counted, _marks(store.path), store, names, masking)
    return Pack(counted, urlsplit(store.base_url or "").hostname or "", noted, names, masked=masking is not None)


def _marks(store: Path) -> list[Mark]:
    """Give the marks beside a store; where they can't be read, say so and give none."""
    if not notebook_path(store).exists():
        return []
    with Notebook(store) as notebook:
        if not notebook.kept:
            say(f"Marks and notes are left out, since they can't be read. {notebook.why}")
        return list(notebook.marks().values())


def _write(text: str, wanted: Wanted, store: Path) -> None:
    if wanted.output is None:
        with to_output():
            sys.stdout.buffer.write(text.encode(errors="replace"))
        return
    replace = may_replace(wanted.output, force=wanted.force)
    with NewFile(wanted.output, replace=replace, store=store) as file:
        file.write(text.encode(errors="replace"))
    say(f"Wrote the review to {wanted.output}.")


def _format_of(output: Path | None) -> str:
    ending = "" if output is None else output.suffix.lower().removeprefix(".")
    return ENDINGS.get(ending, DEFAULT_FORMAT)
