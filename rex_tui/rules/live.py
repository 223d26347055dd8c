"""What counts as coming live: rules are for what happens while somebody watches, not for what is caught up on."""

from __future__ import annotations

from typing import Final

from rex_tui.event import Event
from rex_tui.feed import CatchingUp, CaughtUp, Following, RateLimited, Retrying, State

AWAY_S: Final = 120.0
"""A feed that is overdue for so long (a laptop that slept, a network that was down) has to catch up first."""
LATE_S: Final = 600.0
"""An event that happened so long before it was received is old news, however it came: twice the longest interval."""


class Live:
    """Follows the feed's states, and tells whether what it brings just now happened while we watched.

    That is so once the feed was caught up, or follows another process, until it is paused, stopped, begins anew or
    was away: what it brings then is caught up on, until it says again that there is nothing more.
    """

    def __init__(self) -> None:
        """Begin before the first answer."""
        self._watching = False
        self._due: float | None = None

    def begin_anew(self) -> None:
        """Begin before the first answer, because the log is another one."""
        self._watching, self._due = False, None

    def entered(self, state: State) -> None:
        """Take in which state the feed is in now."""
        match state:
            case CaughtUp(next_at=next_at):
                self._watching, self._due = True, next_at
            case Following():
                self._watching, self._due = True, None
            case CatchingUp() | Retrying() | RateLimited():
                pass  # it goes on from where it was
            case _:
                self.begin_anew()

    def brings_news(self, monotonic: float) -> bool:
        """Tell whether what comes at this reading of the feed's clock (seconds) is live."""
        if self._due is not None and monotonic > self._due + AWAY_S:
            self.begin_anew()
        return self._watching


def came_too_late(event: Event) -> bool:
    """Tell whether an event was received so long after it happened that it is no news; False where nobody knows."""
    occurred = event.occurred
    return occurred is not None and event.received_at - occurred.timestamp() > LATE_S
