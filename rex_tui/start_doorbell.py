"""The doorbell where a command starts: its secret, its port, and that it ends with the command."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from msgspec import Struct

from rex_tui.ending import USAGE_EXIT, fail
from rex_tui.feed import Clock, Poller
from rex_tui.settings_doorbell import load_webhook_secret
from rex_tui.settings_error import SettingsError
from rex_tui.webhook_secret import SECRET_VARIABLE, WebhookSecret


class WantedDoorbell(Struct, frozen=True):
    """A doorbell that is wanted: its port on the loopback address, and the secret of what rings it."""

    port: int
    secret: WebhookSecret


def read_doorbell(port: int | None) -> WantedDoorbell | None:
    """Give the doorbell that is wanted on a port, if on one; takes its secret out of the environment.

    Exits where there is no secret.
    """
    try:
        return None if port is None else WantedDoorbell(port, load_webhook_secret(os.environ))
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
    finally:
        os.environ.pop(SECRET_VARIABLE, None)


@asynccontextmanager
async def listening(
    wanted: WantedDoorbell | None, poller: Poller, clock: Clock, refused: Callable[[], None] = lambda: None
) -> AsyncIterator[None]:
    """Listen for deliveries, if wanted, while the block runs; exits where the port can't be had.

    `refused` is called at the first request that is none.
    """
    if wanted is None:
        yield
        return
    from rex_tui.feed.bell import Bell  # noqa: PLC0415 - few want it
    from rex_tui.feed.doorbell import Doorbell  # noqa: PLC0415 - the same

    bell = Bell(poller, clock, refused)
    doorbell = Doorbell(wanted.secret, bell.answered, clock.now)
    try:
        await doorbell.open(wanted.port)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        fail(f"The doorbell can't listen on port {wanted.port} ({why}). Choose another.", USAGE_EXIT)
    ringing = asyncio.create_task(bell.run())
    try:
        yield
    finally:
        ringing.cancel()
        with suppress(asyncio.CancelledError):
            await ringing
        await doorbell.close()
