"""The `export` command at work: from the store to a file or to standard output, and how it ends."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, NoReturn, cast

import click

from rex_tui.event import Event
from rex_tui.export.export import ExportError, Format, all_events
from rex_tui.export.export import export as export_events
from rex_tui.export.file import NewFile
from rex_tui.export.formats import BINARY, NAMES, make_format
from rex_tui.safe_text import clean
from rex_tui.start_store import STORE_EXIT, USAGE_EXIT, may_replace, opened_store, store_path
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Notebook, notebook_path

INTERRUPTED_EXIT: Final = 130
TERMINATED_EXIT: Final = 143


@dataclass(frozen=True, slots=True)
class Wanted:
    """What stood on the command line."""

    store: Path | None = None
    where: str = ""
    types: tuple[str, ...] = ()
    format: str | None = None
    fields: tuple[str, ...] = ()
    output: Path | None = None
    force: bool = False


def export(wanted: Wanted) -> None:
    """Export what is wanted; exits with the outcome's code where that is not 0."""
    name = wanted.format or _format_of(wanted.output)
    if name in BINARY and wanted.output is None and sys.stdout.isatty():
        _fail(f"A terminal can't show a {name} file. Name a file with -o, or send it through a pipe.", USAGE_EXIT)
    try:
        matches = _matcher(wanted)
        written = make_format(name, wanted.fields)
    except (ExportError, ValueError) as error:
        _fail(str(error), USAGE_EXIT)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED_EXIT))
    try:
        with opened_store(wanted.store) as store:
            _export(wanted, store, written, matches)
    except (ExportError, StoreError) as error:
        _fail(str(error), STORE_EXIT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        _fail("Interrupted. Nothing was kept of the file." if wanted.output else "Interrupted.", INTERRUPTED_EXIT)


def _export(wanted: Wanted, store: EventStore, written: Format, matches: Callable[[Event], bool]) -> None:
    last = store.last_seq()
    with _target(wanted) as file, _progress(last * (1 + written.surveys)) as looked:
        count = export_events(lambda: all_events(store, last, matches), written, file, looked)
    if written.left_out:
        _say(written.left_out)
    if wanted.output is not None:
        _say(f"Wrote {count:,} {'event' if count == 1 else 'events'} to {wanted.output}.")


@contextmanager
def _target(wanted: Wanted) -> Iterator[BinaryIO]:
    """Give what to write to: the new file, the very bytes of standard output, or a terminal's clean text."""
    if wanted.output is None:
        yield cast("BinaryIO", _Terminal()) if sys.stdout.isatty() else sys.stdout.buffer
        sys.stdout.flush()
        return
    with NewFile(wanted.output, replace=may_replace(wanted.output, force=wanted.force)) as file:
        yield file


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar where somebody sees it and the events themselves are not on the same terminal."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
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


def _matcher(wanted: Wanted) -> Callable[[Event], bool]:
    """Give what decides on each event; raises `ValueError` with a sentence where `--where` can't be read."""
    types = frozenset(wanted.types)
    if not wanted.where.strip():
        return lambda event: not types or event.type in types
    from rex_tui.query.language import Facts, parse  # noqa: PLC0415 - only where it is asked for

    query = parse(wanted.where, datetime.now().astimezone())
    facts = Facts(marked=_marked(store_path(wanted.store)))
    return lambda event: (not types or event.type in types) and query.matches(event, facts)


def _marked(store: Path) -> frozenset[str]:
    if not notebook_path(store).exists():
        return frozenset()
    with Notebook(store) as notebook:
        return frozenset(notebook.marks())


def _say(words: str) -> None:
    click.echo(f"rex-tui: {clean(words)}", err=True)


def _fail(words: str, code: int) -> NoReturn:
    _say(words)
    sys.exit(code)
