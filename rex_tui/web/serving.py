"""The server's life: it listens, tells its link, makes another at Enter, and leaves nothing behind when it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from aiohttp import web

from rex_tui.web.gate import Gate
from rex_tui.web.site import Site

ENDING_S: Final = 10.0
"""How long screens may take to end, in seconds; longer than one of them is waited for."""
SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


async def serve(site: Site, gate: Gate, host: str, port: int, opened: Callable[[int, str], object]) -> None:
    """Serve until a signal ends it; raises `OSError` where the port can't be had.

    `opened` is called with the port and a link's token, at first and whenever somebody presses Enter.
    """
    for name in ("aiohttp", "textual-serve", "asyncio"):  # they would tell the terminal of requests, with their tokens
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    runner = web.AppRunner(site.application(), access_log=None, handle_signals=False, shutdown_timeout=ENDING_S)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound = runner.addresses[0][1]
        ended = asyncio.Event()
        with _signals(ended.set), _at_enter(lambda: opened(bound, gate.new_token())):
            opened(bound, gate.new_token())
            await ended.wait()
    finally:
        await runner.cleanup()
        site.kill()


def hears_enter() -> bool:
    """Tell whether Enter can be heard: whether there is a terminal, and we are not in its background."""
    try:
        return sys.stdin.isatty() and os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (AttributeError, OSError, ValueError):  # Windows; or there is no standard input
        return False


@contextmanager
def _signals(act: Callable[[], object]) -> Iterator[None]:
    """Call `act` at each signal that ends the server. Windows has only Ctrl-C, which ends what runs the loop."""
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        with suppress(AttributeError, NotImplementedError):
            loop.add_signal_handler(getattr(signal, name), act)
    yield


@contextmanager
def _at_enter(act: Callable[[], object]) -> Iterator[None]:
    """Call `act` whenever somebody presses Enter."""
    if not hears_enter():
        yield
        return
    loop, number = asyncio.get_running_loop(), sys.stdin.fileno()
    signal.signal(signal.SIGTTIN, signal.SIG_IGN)  # once we are in the background, reading fails instead of stopping us

    def heard() -> None:
        try:
            typed = os.read(number, 1_024)
        except OSError:
            typed = b""
        if b"\n" in typed:
            act()
        if not typed:
            loop.remove_reader(number)

    loop.add_reader(number, heard)
    try:
        yield
    finally:
        loop.remove_reader(number)
