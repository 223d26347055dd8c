"""The whole demo as one: an organisation with a past, its server, and its present."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, Self

from rex_tui.demo.log import DemoLog
from rex_tui.demo.organisation import Organisation
from rex_tui.demo.pace import RATE_PER_MINUTE, LiveFeed
from rex_tui.demo.server import DEMO_KEY, DemoServer

SEED: Final = 7
HISTORY: Final = 5000


def utc_now() -> datetime:
    """Give the time, aware, in UTC."""
    return datetime.now(UTC)


class Demo:
    """A Rex in small that runs while it is a context manager's; `url` and `api_key` are what a client needs."""

    def __init__(
        self,
        seed: int = SEED,
        history: int = HISTORY,
        rate_per_minute: float = RATE_PER_MINUTE,
        port: int = 0,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Live through `history` events that end now; then `rate_per_minute` come on average. Port 0 is a free one."""
        organisation = Organisation(seed)
        self.organisation: Final = organisation
        self.api_key: Final[str] = DEMO_KEY
        self.log: Final = DemoLog(organisation.history(history, now()))
        self.server: Final = DemoServer(self.log, api_key=self.api_key, port=port, register=organisation)
        self._live: Final = LiveFeed(organisation, self.log, rate_per_minute, now)
        self._running = ExitStack()

    @property
    def url(self) -> str:
        """Give the server's address; only while it runs."""
        return self.server.url

    def __enter__(self) -> Self:
        """Start serving and living; raises `OSError` where the port is taken."""
        with ExitStack() as starting:
            starting.enter_context(self.server)
            starting.enter_context(self._live)
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop at once, live feed first."""
        self._running.close()
