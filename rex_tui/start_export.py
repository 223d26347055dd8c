"""The `export` command at work: from the store to a file or to standard output, and how it ends."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click
from msgspec import Struct

from rex_tui.ending import INTERRUPTED_EXIT, STORE_EXIT, USAGE_EXIT, drop_output, end_when_terminated, fail, say
from rex_tui.event import Event
from rex_tui.export.columns import fields_in
from rex_tui.export.export import ExportError, Format, all_events, masked
from rex_tui.export.export import export as export_events
from rex_tui.export.file import NewFile
from rex_tui.export.formats import BINARY, NAMES, TOLD, make_format
from rex_tui.export.naming import NamesMet
from rex_tui.masking import Masking
from rex_tui.names import Names
from rex_tui.query.naming import NO_NAMES
from rex_tui.safe_text import clean
from rex_tui.start_masking import chosen_masking
from rex_tui.start_store import may_replace, opened_store, own_names
from rex_tui.store import EventStore, StoreError


class Wanted(Struct, frozen=True):
    """What stood on the command line."""

    store: Path | None = None
    where: str = ""
    types: tuple[str, ...] = ()
    format: str | None = None
    fields: str = ""
    output: Path | None = None
    force: bool = False
    masked: bool | None = None


def export(wanted: Wanted) -> None:
    """Export what is wanted; exits with the outcome's code where that is not 0."""
    name = wanted.format or _format_of(wanted.output)
    if name in BINARY and wanted.output is None and sys.stdout.isatty():
        fail(f"A terminal can't show a {name} file. Name a file with -o, or send it through a pipe.", USAGE_EXIT)
    fields = fields_in(wanted.fields)
    try:
        make_format(name, fields)
    except ExportError as error:
        fail(str(error), USAGE_EXIT)
    end_when_terminated()
    try:
        with opened_store(wanted.store) as store:
            names = _names(store) if wanted.where.strip() or name in TOLD else NO_NAMES
            masking = chosen_masking(store.path, wanted.masked)
            told = names if masking is None else masking.names(names)
            written = make_format(name, fields, NamesMet(told, store.remembered).of)
            _export(wanted, store, written, _matcher(wanted, store, names), masking)
    except (ExportError, StoreError) as error:
        fail(str(error), STORE_EXIT)
    except BrokenPipeError:
        drop_output()
    except (KeyboardInterrupt, click.Abort):
        fail("Interrupted. Nothing was kept of the file." if wanted.output else "Interrupted.", INTERRUPTED_EXIT)


def _export(
    wanted: Wanted, store: EventStore, written: Format, matches: Callable[[Event], bool], masking: Masking | None
) -> None:
    last = store.last_seq()
    kept = last - max(0, store.first_seq() - 1)
    bar = _progress(kept * (1 + written.surveys), to_file=wanted.output is not None)
    with _target(wanted, store.path) as file, bar as looked:
        count = export_events(lambda: masked(all_events(store, last, matches), masking), written, file, looked)
    if written.left_out:
        say(written.left_out)
    if wanted.output is not None:
        how = "" if masking is None else ", masked,"
        say(f"Wrote {count:,} {'event' if count == 1 else 'events'}{how} to {wanted.output}.")


@contextmanager
def _target(wanted: Wanted, store: Path) -> Iterator[BinaryIO]:
    """Give what to write to: the new file, the very bytes of standard output, or a terminal's clean text."""
    if wanted.output is None:
        try:
            yield cast("BinaryIO", _Terminal()) if sys.stdout.isatty() else sys.stdout.buffer
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            drop_output()
            raise ExportError(f"Standard output can't be written ({error.strerror or error}).") from None
        return
    replace = may_replace(wanted.output, force=wanted.force)
    with NewFile(wanted.output, replace=replace, store=store) as file:
        yield file


@contextmanager
def _progress(total: int, *, to_file: bool) -> Iterator[Callable[[int], None]]:
    """Show a bar where somebody sees it and the events themselves are not on the same terminal."""
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not to_file):
        yield lambda _: None
        return
    with click.progressbar(length=total, label="Exporting", file=sys.stderr) as bar:
        yield bar.update


class _Terminal(io.RawIOBase):
    """Standard output as a terminal may get it: clean, line by line."""

    def writable(self) -> bool:
        return True

    def write(self, text: bytes, /) -> int:  # type: ignore[override]
        for line in text.decode(errors="replace").split("\n")[:-1]:
            sys.stdout.write(f"{clean(line, len(line))}\n")
        return len(text)


def _format_of(output: Path | None) -> str:
    ending = "" if output is None else output.suffix.lower().removeprefix(".")
    return {"markdown": "md", "feather": "arrow"}.get(ending, ending if ending in NAMES else "jsonl")


def _names(store: EventStore) -> Names:
    """Give what ids are called by the user, and stages by Rex; exits where the settings file can't be read."""
    from rex_tui.feed import SystemClock, kept_names  # noqa: PLC0415 - only where names are told or asked for

    return kept_names(store, own_names(), SystemClock())


def _matcher(wanted: Wanted, store: EventStore, names: Names) -> Callable[[Event], bool]:
    """Give what decides on each event; exits where `--where` can't be read."""
    types = frozenset(wanted.types)
    if not wanted.where.strip():
        return lambda event: not types or event.type in types
    from rex_tui.query.language import Facts  # noqa: PLC0415 - only where it is asked for
    from rex_tui.start_query import read_query  # noqa: PLC0415 - the same

    where = read_query(wanted.where, store.path, names, store)
    facts = Facts(marked=where.marked)
    return lambda event: (not types or event.type in types) and where.query.matches(event, facts)
