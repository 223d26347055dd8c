"""The screen's commands at work: the tenant's log and the demo's, watched until the user quits."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import SystemRandom
from typing import Final

import click
from msgspec.structs import replace

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.ending import USAGE_EXIT, fail, leave_on_signals, say
from rex_tui.feed import Directory, SystemClock
from rex_tui.looks import Wishes, mouse_harms
from rex_tui.rules.book import RuleBook
from rex_tui.settings import Setting, Settings
from rex_tui.start_book import other_book, own_book
from rex_tui.start_doorbell import WantedDoorbell, listening, read_doorbell
from rex_tui.start_feed import Flags, make_client, make_poller, open_store
from rex_tui.start_first import read_or_set_up
from rex_tui.start_keymap import wanted_keymap
from rex_tui.start_look import draws_no_screen, wanted_look
from rex_tui.start_query import read_query
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook
from rex_tui.ui.opening import Opening
from rex_tui.ui.session import Session
from rex_tui.webhook_secret import SECRET_VARIABLE

DEMO_INTERVAL_S: Final = 0.5
STARTED_S: Final = 2.0
LARGE_HISTORY: Final = 50_000
OFTEN: Final = (700, 5, 5)
"""How often the screen's garbage is collected: all of it four times as often as Python usually does (2 MB less)."""
DRIVER_VARIABLE: Final = "TEXTUAL_DRIVER"
NO_WISHES: Final = Wishes()


def watch(
    flags: Flags,
    where: str = "",
    about: str = "",
    instead: Callable[[], object] = lambda: None,
    wishes: Wishes = NO_WISHES,
) -> None:
    """Run the screen for the tenant in the settings until the user quits; exits where it can't.

    It begins with the filter `where`, and the story of the id `about`, where they are given. Where nothing is set up,
    the user does that first, or chooses what is done `instead`. On a terminal that can draw no screen the events are
    written line by line.
    """
    bell = read_doorbell(flags.doorbell)
    settings = read_or_set_up(flags, wishes)
    if settings is None:
        instead()
        return
    keymap = wanted_keymap()
    if where:
        read_query(where, settings.store_path.value)
    book = own_book(settings.rules.value, settings.store_path.value, os.environ, settings.api_key.value.hide_in)
    _require_terminal()
    if draws_no_screen():
        from rex_tui.start_lines import watch_in_lines  # noqa: PLC0415 - only such terminals need it

        watch_in_lines(settings, where, about, bell)
    look = wanted_look(wishes)
    again = [
        "rex-tui",
        *(("--profile", settings.profile) if settings.profile else ()),
        "--store",
        str(settings.store_path.value.absolute()),
    ]
    if flags.ca_file is not None:
        again += ["--ca-file", str(flags.ca_file.expanduser().absolute())]
    opening = Opening(
        where,
        about,
        tuple(again),
        masked=settings.masked.value,
        unmasked=flags.masked is False,
        restore=settings.restore.value,
        keeps=True,
        keymap=keymap,
        look=look,
    )
    _watch(settings, settings.base_url.value.partition("://")[2], opening, book, bell)


def demo(
    *, serve: bool, port: int, history: int, rate: float, seed: int, opening: Opening, wishes: Wishes = NO_WISHES
) -> None:
    """Run the made-up organisation, with the screen, which begins with `opening`, or, with `serve`, without."""
    from rex_tui.demo import Demo  # noqa: PLC0415 - only this command needs it

    book = RuleBook() if serve else other_book(os.environ, is_demo=True)
    opening = opening if serve else replace(opening, keymap=wanted_keymap())
    os.environ.pop(KEY_VARIABLE, None)
    os.environ.pop(SECRET_VARIABLE, None)
    if opening.where:
        read_query(opening.where, None)
    if not serve:
        _require_terminal()
        opening = replace(opening, look=wanted_look(wishes))
    if history > LARGE_HISTORY:
        say(f"Making up {history:,} events; this takes a moment.")
    try:
        with Demo(seed, history, rate, port) as rex:
            if serve:
                _serve(rex.url, rex.api_key)
            else:
                _watch_demo(rex.url, rex.api_key, opening, book)
    except OSError as error:
        fail(f"The demo can't serve on port {port} ({error.strerror}). Choose another with --port.", USAGE_EXIT)


def _serve(url: str, key: str) -> None:
    click.echo(f"The demo's Rex serves at {url} until you press Ctrl-C. In a second terminal:\n")
    click.echo(f"  export REX_URL={url}\n  export REX_API_KEY={key}\n  rex-tui")
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    click.echo()


def _watch_demo(url: str, key: str, opening: Opening, book: RuleBook) -> None:
    with tempfile.TemporaryDirectory(prefix="rex-tui-demo-") as folder:
        watch_demo(url, ApiKey(key), Path(folder) / "demo.db", opening, book)


def watch_demo(url: str, key: ApiKey, store: Path, opening: Opening, book: RuleBook) -> None:
    """Run the screen for a demo's Rex that is served already, with this store, until the user quits."""
    settings = Settings(
        Setting(url, "demo"), Setting(key, "demo"), Setting(DEMO_INTERVAL_S, "demo"), Setting(store, "demo")
    )
    if draws_no_screen():
        from rex_tui.start_lines import demo_in_lines  # noqa: PLC0415 - only such terminals need it

        demo_in_lines(settings, opening)
    _watch(settings, "demo organisation", opening, book)


def _watch(settings: Settings, host: str, opening: Opening, book: RuleBook, bell: WantedDoorbell | None = None) -> None:
    with open_store(settings) as store, Notebook(store.path) as notebook:
        code = asyncio.run(_run_screen(settings, store, notebook, host, opening, book, bell))
    if code:
        sys.exit(code)


async def _run_screen(
    settings: Settings,
    store: EventStore,
    notebook: Notebook,
    host: str,
    opening: Opening,
    book: RuleBook,
    bell: WantedDoorbell | None,
) -> int:
    clock = SystemClock()
    async with make_client(settings) as client:
        poller = make_poller(settings, client, store, clock, notebook)
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
        async with listening(bell, poller, clock):
            return await show(session)


async def show(session: Session) -> int:
    """Run the screen, with this machine's clipboard where it has one, until the user quits; give the exit code."""
    gc.disable()  # until the start is over: nearly all that a start makes stays
    from rex_tui.ui.app import RexTuiApp  # noqa: PLC0415 - a command without a screen starts faster without it
    from rex_tui.ui.screens.watch import WatchScreen  # noqa: PLC0415 - the same
    from rex_tui.ui.system_clipboard import system_clipboard  # noqa: PLC0415 - the same

    screen = WatchScreen(replace(session, put_on_machine=system_clipboard(os.environ)))
    kind: type[RexTuiApp] = RexTuiApp
    if session.opening.tour:
        from rex_tui.ui.tour_app import TourApp  # noqa: PLC0415 - only few ask for it

        kind = TourApp
    app = kind(screen, session.opening.keymap, session.opening.look)
    gc.freeze()  # what was imported stays
    leave_on_signals(app.exit)
    asyncio.get_running_loop().call_later(STARTED_S, _collect_less)
    await app.run_async(mouse=not mouse_harms(os.environ))
    return app.return_code or 0


def _collect_less() -> None:
    """Drop the garbage of the start (4 MB), then keep the collector from walking what is left: keys would feel it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)
    gc.enable()


def _require_terminal() -> None:
    if os.environ.get(DRIVER_VARIABLE):  # the screen is not in a terminal, but in a browser
        return
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        fail(
            "The screen needs a terminal, and this is none. `rex-tui tail` writes events to a pipe or a file.",
            USAGE_EXIT,
        )
