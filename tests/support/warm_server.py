"""A Python that has loaded the program, and becomes it as often as it is asked.

Run as a program of its own, by `support.warm`, with the number of the socket that asks, and `screen` if what shows one
is to be loaded, too. It has one thread, so that it can be forked. What it becomes is a process with arguments,
environment, folder, input and output of its own, that ends as any other does.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import json
import os
import pkgutil
import socket
import sys
import termios
import threading
import time
from contextlib import suppress
from typing import Any, Final

REQUEST_MAX: Final = 200_000
SCREENS: Final = ("rex_tui.ui", "rex_tui.web", "rex_tui.start_serve")


def load(*, screen: bool) -> None:
    """Import what commands import when they start."""
    import rex_tui  # noqa: PLC0415 - after the path is what it is for the program

    for module in pkgutil.walk_packages(rex_tui.__path__, "rex_tui."):
        if module.name != "rex_tui.__main__" and (screen or not module.name.startswith(SCREENS)):
            with suppress(ImportError):  # of an extra that is not here
                importlib.import_module(module.name)
    if ("textual" in sys.modules) != screen or threading.active_count() > 1:
        raise SystemExit("what is loaded is not what a start would load")
    gc.collect()
    gc.freeze()


def asked(control: socket.socket) -> dict[str, Any]:
    """Wait for requests; return, with what is told, in each process that is to do one of them."""
    while True:
        request, streams, _, _ = socket.recv_fds(control, REQUEST_MAX, 4)
        if not request:
            reap()
            os._exit(0)
        if os.fork():
            for stream in streams:
                os.close(stream)
            reap()
            continue
        control.close()
        *streams, report = streams
        program = os.fork()
        if not program:
            os.close(report)
            for number, stream in enumerate(streams):
                os.dup2(stream, number)
                os.close(stream)
            told: dict[str, Any] = json.loads(request)
            return told
        for stream in (0, 1, 2, *streams):
            os.close(stream)
        os.write(report, f"{program}\n".encode())
        os.write(report, f"{os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])}\n".encode())
        os._exit(0)


def reap() -> None:
    """Let those go that have told how a program ended, so that what they took is counted as ours."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def become(told: dict[str, Any]) -> None:
    """Be in the folder, the environment and the terminal that are told."""
    if told["session"]:
        os.setsid()
    if told["interrupts"]:
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.chdir(told["folder"])
    os.environ.clear()
    os.environ.update(told["environment"])
    time.tzset()
    sys.stdout.reconfigure(line_buffering=sys.stdout.isatty())  # type: ignore[union-attr]
    sys.argv = ["rex-tui", *told["arguments"]]


if __name__ == "__main__":
    sys.path[0] = ""  # as with `-m`: the folder that it runs in
    load(screen=sys.argv[2:] == ["screen"])
    become(asked(socket.socket(fileno=int(sys.argv[1]))))
    from rex_tui.cli import main

    main(prog_name="rex-tui")
