"""Putting the parts together for each command, and saying on the way out what went wrong, with its exit code."""

from __future__ import annotations

import asyncio
import atexit
import gc
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import SystemRandom
from typing import Final, NoReturn

import click

from rex_tui.api import CertificatesError, RexClient
from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.feed import Clock, Directory, Poller, SystemClock, kept_names
from rex_tui.first_index import FirstIndex
from rex_tui.log_file import LogFile, open_log
from rex_tui.masking import Masking
from rex_tui.query.filter import EVERYTHING, Filter
from rex_tui.rules.book import RuleBook
from rex_tui.safe_text import clean
from rex_tui.settings import Setting, Settings, load_settings
from rex_tui.settings_error import SettingsError
from rex_tui.start_book import other_book, own_book
from rex_tui.start_masking import masking_of
from rex_tui.start_query import Where, read_query
from rex_tui.store import EventStore, GapChoice, StoreError
from rex_tui.store.notebook import Notebook
from rex_tui.ui.opening import Opening
from rex_tui.ui.session import Session

USAGE_EXIT: Final = 2
STORE_EXIT: Final = 5
INTERRUPTED_EXIT: Final = 130
DEMO_INTERVAL_S: Final = 0.5
STARTED_S: Final = 2.0
LARGE_HISTORY: Final = 50_000


@dataclass(frozen=True, slots=True)
class Flags:
    """What stood on the command line; None where it did not."""

    store: Path | None = None
    interval_s: float | None = None
    ca_file: Path | None = None
    log_file: Path | None = None
    log_payloads: bool = False
    masked: bool | None = None


class OutputFull(Exception):
    """Standard output takes no more; the message says why, as the system does."""


def watch(flags: Flags, where: str = "", about: str = "") -> None:
    """Run the screen for the tenant in the settings until the user quits; exits where it can't.

    It begins with the filter `where`, and the story of the id `about`, where they are given.
    """
    settings = _settings(flags)
    if where:
        read_query(where, settings.store_path.value)
    book = own_book(settings.rules.value, settings.store_path.value, os.environ, settings.api_key.value.hide_in)
    _require_terminal()
    again = ["rex-tui", "--store", str(settings.store_path.value.absolute())]
    if flags.ca_file is not None:
        again += ["--ca-file", str(flags.ca_file.expanduser().absolute())]
    opening = Opening(where, about, tuple(again), masked=settings.masked.value)
    _watch(settings, settings.base_url.value.partition("://")[2], opening, book)


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
    settings = _settings(flags)
    try:
        with _store(settings) as store:  # not in the loop, which would hold Ctrl-C back until an index is made
            names = kept_names(store, settings.names.value, SystemClock())
            asked = None if where is None else read_query(where, settings.store_path.value, names, store)
            masking = masking_of(store.path, settings.masked, settings.masking.value)
            code = asyncio.run(
                _run_tail(settings, store, types, asked, masking, once=once, after_gap=after_gap, format_=format_)
            )
    except KeyboardInterrupt:
        code = INTERRUPTED_EXIT if once else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OutputFull as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        _fail(f"Standard output can't be written ({error}).", STORE_EXIT)
    sys.exit(code)


def demo(*, serve: bool, port: int, history: int, rate: float, seed: int, opening: Opening) -> None:
    """Run the made-up organisation, with the screen, which begins with `opening`, or, with `serve`, without."""
    from rex_tui.demo import Demo  # noqa: PLC0415 - only this command needs it

    book = RuleBook() if serve else other_book(os.environ, is_demo=True)
    os.environ.pop(KEY_VARIABLE, None)
    if opening.where:
        read_query(opening.where, None)
    if not serve:
        _require_terminal()
    if history > LARGE_HISTORY:
        _say(f"Making up {history:,} events; this takes a moment.")
    try:
        with Demo(seed, history, rate, port) as rex:
            if serve:
                _serve(rex.url, rex.api_key)
            else:
                _watch_demo(rex.url, rex.api_key, opening, book)
    except OSError as error:
        _fail(f"The demo can't serve on port {port} ({error.strerror}). Choose another with --port.", USAGE_EXIT)


def _serve(url: str, key: str) -> None:
    click.echo(f"The demo's Rex serves at {url} until you press Ctrl-C. In a second terminal:\n")
    click.echo(f"  export REX_URL={url}\n  export REX_API_KEY={key}\n  rex-tui")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    click.echo()


def _watch_demo(url: str, key: str, opening: Opening, book: RuleBook) -> None:
    with tempfile.TemporaryDirectory(prefix="rex-tui-demo-") as folder:
        settings = Settings(
            Setting(url, "demo"),
            Setting(ApiKey(key), "demo"),
            Setting(DEMO_INTERVAL_S, "demo"),
            Setting(Path(folder) / "demo.db", "demo"),
        )
        _watch(settings, "demo organisation", opening, book)


def _settings(flags: Flags) -> Settings:
    try:
        settings = load_settings(
            os.environ,
            store=flags.store,
            interval_s=flags.interval_s,
            ca_file=flags.ca_file,
            log_file=flags.log_file,
            masked=flags.masked,
        )
        # From here on the key is in its object alone: no child of ours inherits it.
        os.environ.pop(KEY_VARIABLE, None)
        if settings.log_file.value is not None:
            file = open_log(settings, settings.log_file.value, payloads=flags.log_payloads)
            atexit.register(_tell_loss, file)
    except SettingsError as error:
        _fail(str(error), USAGE_EXIT)
    return settings


def _tell_loss(file: LogFile) -> None:
    if file.loss:
        _say(file.loss)


def _client(settings: Settings) -> RexClient:
    try:
        return RexClient(settings.base_url.value, settings.api_key.value, ca_file=settings.ca_file.value)
    except CertificatesError as error:
        _fail(str(error), USAGE_EXIT)


def _poller(settings: Settings, client: RexClient, store: EventStore, clock: Clock) -> Poller:
    return Poller(
        client,
        store,
        interval_s=settings.interval_s.value,
        clock=clock,
        random=SystemRandom(),
        key_tag=settings.api_key.value.tag,
    )


def _watch(settings: Settings, host: str, opening: Opening, book: RuleBook) -> None:
    with _store(settings) as store, Notebook(store.path) as notebook:
        code = asyncio.run(_run_screen(settings, store, notebook, host, opening, book))
    if code:
        sys.exit(code)


async def _run_screen(
    settings: Settings, store: EventStore, notebook: Notebook, host: str, opening: Opening, book: RuleBook
) -> int:
    clock = SystemClock()
    async with _client(settings) as client:
        poller = _poller(settings, client, store, clock)
        shown = f"{host} via proxy {client.proxy}" if client.proxy else host
        directory = Directory(
            client,
            store,
            lambda: poller.status.state,
            clock=clock,
            random=SystemRandom(),
            overrides=settings.names.value,
        )
        masking = settings.masking.value
        session = Session(
            store, poller, clock, notebook, shown, opening, directory=directory, rules=book, masking=masking
        )
        return await show(session)


async def show(session: Session) -> int:
    """Run the screen, with this machine's clipboard where it has one, until the user quits; give the exit code."""
    gc.disable()  # until the start is over: nearly all that a start makes stays
    from rex_tui.ui.app import RexTuiApp  # noqa: PLC0415 - a command without a screen starts faster without it
    from rex_tui.ui.screens.watch import WatchScreen  # noqa: PLC0415 - the same
    from rex_tui.ui.system_clipboard import system_clipboard  # noqa: PLC0415 - the same

    app = RexTuiApp(WatchScreen(replace(session, put_on_machine=system_clipboard(os.environ))))
    _leave_on_signals(app.exit)
    asyncio.get_running_loop().call_later(STARTED_S, _collect_less)
    await app.run_async()
    return app.return_code or 0


def _leave_on_signals(leave: Callable[[], object]) -> None:
    """Leave in order when the terminal is closed or the machine shuts down, so that nothing is left behind."""
    for name in ("SIGHUP", "SIGTERM"):
        with suppress(AttributeError, NotImplementedError):  # Windows has neither
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), leave)


def _collect_less() -> None:
    """Keep the garbage collector from walking all that the start made: at every key that would be felt (100 ms)."""
    gc.freeze()
    gc.enable()


async def _run_tail(
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
    from rex_tui.headless.tail import FORMATS, Tail  # noqa: PLC0415 - only this command needs it

    chosen = Filter.only(types) if types else EVERYTHING
    async with _client(settings) as client:
        if client.proxy:
            _say(f"Rex is asked through the proxy {client.proxy}, which the environment names.")
        poller = _poller(settings, client, store, SystemClock())
        written = Tail(
            store,
            poller,
            chosen,
            write=_write,
            say=_say,
            once=once,
            after_gap=after_gap,
            format=FORMATS[format_],
            where=None if asked is None else (asked.query, asked.marked),
            again=None if asked is None else asked.again,
            masking=masking,
        )
        return await written.run()


def _store(settings: Settings) -> EventStore:
    told = FirstIndex()
    try:
        return EventStore(settings.store_path.value, settings.base_url.value, told=told)
    except KeyboardInterrupt:
        if told.begun:
            _say("The index was not finished, so the store is as it was; it is made the next time rex-tui starts.")
        sys.exit(INTERRUPTED_EXIT)
    except StoreError as error:
        _fail(str(error), STORE_EXIT)


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


def _say(words: str) -> None:
    click.echo(f"rex-tui: {clean(words)}", err=True)


def _require_terminal() -> None:
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        _fail(
            "The screen needs a terminal, and this is none. `rex-tui tail` writes events to a pipe or a file.",
            USAGE_EXIT,
        )


def _fail(words: str, code: int) -> NoReturn:
    _say(words)
    sys.exit(code)
