"""What a screen needs of whatever feeds its log: the poller, or files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from rex_tui.event import Grown
from rex_tui.feed.status import FeedStatus


class Feed(Protocol):
    """Fills the store and tells what it does; see `Poller` for what each member means."""

    on_status: Callable[[FeedStatus], None]
    on_grown: Callable[[Grown], None]
    on_reset: Callable[[], None]
    on_forgotten: Callable[[int], None]

    @property
    def status(self) -> FeedStatus:
        """Give what it is doing."""

    async def run(self) -> None:
        """Feed the log until cancelled."""

    def pause(self) -> None:
        """Stop until `resume`."""

    def resume(self) -> None:
        """Go on."""

    def poll_now(self) -> bool:
        """Ask at once; give False where that is not ours to choose."""

    async def read_again(self) -> None:
        """Read the log again from its start."""

    async def go_on(self) -> None:
        """Go on at the log's end."""

    def store_damaged(self, why: str) -> None:
        """Take note that reading the store has shown harm."""
