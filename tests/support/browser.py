"""A real browser without a window, told what to do over a pipe in the DevTools protocol: no library, no port."""

from __future__ import annotations

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

NAMES: Final = (
    *("chromium", "chromium-browser", "chromium-headless-shell", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
PATIENCE_S: Final = 60.0
SWITCHES: Final = (
    *("--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--password-store=basic"),
)
WIRED: Final = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""What runs a browser with the protocol's pipes where it looks for them."""
BINARY: Final = 2
"""What the protocol calls a socket's message of bytes."""
WATCHED: Final = ("Page", "Network", "Log", "Runtime", "Audits", "Security")


def find_browser() -> str | None:
    """Give the program of a browser that speaks the protocol; None where this machine has none."""
    found = (shutil.which(name) for name in NAMES)
    return next((program for program in found if program is not None), None) if os.name == "posix" else None


class Browser:
    """One page of a running browser. What it asked for, was sent by sockets and complained of is kept from `go` on."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        self._to, self._from = to_browser, from_browser
        self._number = 0
        self._buffer = b""
        self._session: dict[str, str] = {}
        self._loaded = 0
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.frames: list[bytes] = []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = {"sessionId": self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
        for domain in WATCHED:
            self.ask(f"{domain}.enable")

    def go(self, page: Path | str) -> None:
        """Load a file, or an address, to its end."""
        self.requests.clear()
        self.complaints.clear()
        self.frames.clear()
        before = self._loaded
        self.ask("Page.navigate", url=page if isinstance(page, str) else page.as_uri())
        while self._loaded == before:
            self._take()
        self.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def evaluate(self, expression: str) -> Any:
        """Give the value of an expression, told by the protocol, which a page's policy does not bind."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def listen(self, seconds: float) -> None:
        """Take in the next message, if one comes within so many seconds."""
        if b"\0" in self._buffer or select.select([self._from], [], [], seconds)[0]:
            self._take()

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Give the answer to a command."""
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            came = self._take()
            if came.get("id") == number:
                assert "error" not in came, (method, came)
                result: dict[str, Any] = came["result"]
                return result

    def _take(self) -> dict[str, Any]:
        """Give the next message, once what it tells is kept."""
        give_up = time.monotonic() + PATIENCE_S
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._from], [], [], max(0.0, give_up - time.monotonic()))
            assert ready, "the browser does not answer"
            part = os.read(self._from, 1 << 20)
            assert part, "the browser has ended"
            self._buffer += part
        message, _, self._buffer = self._buffer.partition(b"\0")
        came: dict[str, Any] = json.loads(message)
        told = came.get("params", {})
        match came.get("method"):
            case "Page.loadEventFired":
                self._loaded += 1
            case "Network.requestWillBeSent":
                self.requests.append(told["request"]["url"])
            case "Network.webSocketCreated":
                self.requests.append(told["url"])
            case "Network.webSocketFrameReceived" if told["response"]["opcode"] == BINARY:
                self.frames.append(base64.b64decode(told["response"]["payloadData"]))
            case "Log.entryAdded":
                self.complaints.append(told["entry"]["text"])
            case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Audits.issueAdded":
                self.complaints.append(json.dumps(told))
        return came


def _out_of_the_way(descriptor: int) -> int:
    """Give the same as a descriptor that is neither 3 nor 4."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return moved


@contextmanager
def browsing(program: str, folder: Path, *more: str) -> Iterator[Browser]:
    """Run a browser whose own files are in `folder`, with these switches more, as long as the block lasts."""
    (theirs, to_browser), (from_browser, ours) = map(_out_of_the_way, os.pipe()), map(_out_of_the_way, os.pipe())
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with subprocess.Popen(
        [
            *(sys.executable, "-c", WIRED, str(theirs), str(ours)),
            *(program, *SWITCHES, *more, *root, f"--user-data-dir={folder}"),
        ],
        pass_fds=(theirs, ours),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs)
        os.close(ours)
        try:
            browser = Browser(to_browser, from_browser)
            yield browser
            os.write(to_browser, json.dumps({"id": 0, "method": "Browser.close"}).encode() + b"\0")
            process.wait(PATIENCE_S)
        finally:
            process.kill()
            os.close(to_browser)
            os.close(from_browser)
