"""`rex-tui serve` as a user starts it: its link, the screens' programs, and how it ends."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from aiohttp import ClientSession, ClientWebSocketResponse

from rex_tui.web.site import COOKIE

PATIENCE_S: Final = 40.0
COLUMNS: Final = 140
ROWS: Final = 30
LINK: Final = re.compile(r"http://\S+\?token=[\w-]+")


@dataclass(frozen=True)
class Serving:
    """A server that runs in a process of its own, and the link that it printed first."""

    process: subprocess.Popen[bytes]
    link: str

    @property
    def origin(self) -> str:
        return f"http://{urlsplit(self.link).netloc}"

    def enter(self) -> tuple[str, str]:
        """Come in by the link; give the session and its path."""
        answer = httpx.get(self.link)
        assert answer.status_code == 200, answer.text
        return answer.cookies[COOKIE], answer.headers["refresh"].partition("url=")[2]

    def screens(self) -> list[int]:
        """Give the processes behind the screens, as Linux tells them."""
        return [int(path.name) for path in Path("/proc").glob("[0-9]*") if _parent(path) == self.process.pid]


def _parent(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):  # it ended meanwhile
        return 0


async def open_screen(sockets: ClientSession, origin: str, session: str, room: str) -> ClientWebSocketResponse:
    """Open a screen as the page does."""
    headers = {"Origin": origin, "Cookie": f"{COOKIE}={session}"}
    return await sockets.ws_connect(f"{origin}{room}ws?width={COLUMNS}&height={ROWS}", headers=headers)


@contextmanager
def serving(*arguments: str, **environment: str) -> Iterator[Serving]:
    """Run `rex-tui … serve` on any port with these arguments and variables, as long as the block lasts."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    with subprocess.Popen(
        [sys.executable, "-m", "rex_tui", *arguments, "--port", "0"],
        env=kept | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            yield Serving(process, _link(process))
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE_S)


def _link(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    printed, give_up = "", time.monotonic() + PATIENCE_S
    while (found := LINK.search(printed)) is None or not printed.endswith("to end.\n"):
        assert select.select([process.stdout], [], [], max(0, give_up - time.monotonic()))[0], printed
        piece = os.read(process.stdout.fileno(), 4_096)
        assert piece, f"ended: {printed}"
        printed += piece.decode()
    return found[0]
