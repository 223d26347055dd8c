"""Desktop notifications: through the terminal where it shows them, else through the desktop itself with an extra."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from rex_tui.rules.terminal import BODY_MAX, TITLE_MAX, notification, plain, tmux_passes, way_of

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier

LIBRARY: Final = "desktop_notifier"
PATIENCE_S: Final = 5.0
ELSEWHERE: Final = ("SSH_CONNECTION", "SSH_TTY")
"""Set where the desktop of the machine that we run on is not the user's."""
TMUX_HINT: Final = "tmux lets no notification through; `set -g allow-passthrough on` in its settings would"
EXTRA_HINT: Final = "this terminal is not known to show any, and the extra rex-tui[notify] is not installed"


class Desktop:
    """Sends desktop notifications the way that this terminal and desktop allow; found out when the first is sent."""

    def __init__(self, environment: Mapping[str, str], write: Callable[[str], None]) -> None:
        """Know the terminal by `environment`; `write` writes a sequence to it."""
        self._environment = environment
        self._write = write
        self._in_tmux = bool(environment.get("TMUX"))
        self._way = way_of(environment)
        self._checked = False
        self._library: DesktopNotifier | None = None
        self._why = ""

    async def notify(self, title: str, body: str) -> str:
        """Send a notification; give "" where it was sent, else in words why it can't be.

        That a desktop has shown it can't be known, only that it took it.
        """
        if not self._checked:
            await self._find_way()
        if self._way is not None:
            self._write(notification(self._way, title, body, in_tmux=self._in_tmux))
        elif self._library is not None and not self._why:
            self._why = await self._through_library(self._library, title, body)
        return self._why

    async def _find_way(self) -> None:
        self._checked = True
        if self._way is not None and self._in_tmux and not await tmux_passes(self._environment):
            self._way, self._why = None, TMUX_HINT
        if self._way is not None:
            return
        if any(map(self._environment.get, ELSEWHERE)):
            self._why = self._why or "this terminal is not known to show any, and the desktop is on another machine"
            return
        self._library, why = await asyncio.to_thread(_load)
        self._why = "" if self._library is not None else self._why or why

    async def _through_library(self, library: DesktopNotifier, title: str, body: str) -> str:
        sent: list[None] = []
        try:
            async with asyncio.timeout(PATIENCE_S):
                await library.send(
                    plain(f"Rex: {title}", TITLE_MAX), plain(body, BODY_MAX), on_dispatched=lambda: sent.append(None)
                )
        except TimeoutError:
            return "the desktop does not answer"
        return "" if sent else "the desktop takes none"


def _load() -> tuple[DesktopNotifier | None, str]:
    """Give the library's notifier, or why there is none. It takes a moment, so not in the event loop."""
    log = logging.getLogger(LIBRARY)
    log.addHandler(logging.NullHandler())
    log.propagate = False  # it would write what goes wrong over the screen, and payloads into the log file
    try:
        from desktop_notifier import DesktopNotifier  # noqa: PLC0415 - an optional extra, and slow to import
    except ImportError:
        return None, EXTRA_HINT
    notifier = DesktopNotifier(app_name="rex-tui")
    if type(notifier._backend).__name__.startswith("Dummy"):  # noqa: SLF001 - nothing else tells; it shows nothing
        return None, "this desktop takes none from a program like this"
    return notifier, ""
