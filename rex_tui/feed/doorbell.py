"""The doorbell: takes Rex's webhook deliveries on this machine, and asks Rex at once for what is in its log.

What a delivery says is never used: the log stays the only truth. So one is answered as soon as it is known to be
signed, and whoever sends another learns nothing but that it was refused.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import h11

from rex_tui.feed.signature import Signature, read_signature
from rex_tui.webhook_secret import WebhookSecret

LOOPBACK: Final = "127.0.0.1"
BODY_MAX: Final = 1_048_576
HEAD_MAX: Final = 16_384
READ_AT_ONCE: Final = 65_536
REQUEST_MAX_S: Final = 10.0
"""A delivery that takes longer, in seconds, is refused."""
CONNECTIONS_MAX: Final = 16
"""Deliveries at a time; more are hung up on, and Rex sends them again."""
SIGNATURE_HEADER: Final = b"x-rex-signature"
ACCEPTED: Final = 204
REFUSED: Final = 401

log = logging.getLogger(__name__)


class Doorbell:
    """A small HTTP server on the loopback address, for deliveries alone."""

    def __init__(self, secret: WebhookSecret, answered: Callable[[bool], None], now: Callable[[], float]) -> None:
        """Take what is signed with `secret`; `answered` hears of each delivery whether it was.

        `now` gives seconds since the epoch, UTC.
        """
        self._secret = secret
        self._answered = answered
        self._now = now
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self, port: int) -> None:
        """Serve on a port; raises `OSError`."""
        self._server = await asyncio.start_server(self._connected, LOOPBACK, port, limit=READ_AT_ONCE)

    async def close(self) -> None:
        """Stop, and hang up on whoever is there."""
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._serving) >= CONNECTIONS_MAX:
            writer.transport.abort()
            return
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_MAX)
        try:
            async with asyncio.timeout(REQUEST_MAX_S):
                try:
                    signed = await self._is_signed(talk, reader, writer)
                except h11.RemoteProtocolError:
                    signed = False
                log.info("doorbell: %s", "a delivery" if signed else "a request without a signature was refused")
                self._answered(signed)
                self._answer(talk, writer, ACCEPTED if signed else REFUSED)
                await writer.drain()
        except (TimeoutError, OSError):
            log.info("doorbell: a request was not whole in time")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _is_signed(
        self, talk: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Read a request to its end, or until it is too large; tell whether it is a signed delivery."""
        signature: Signature | None = None
        mac = self._secret.begin(b"")
        size = 0
        while True:
            event = talk.next_event()
            if isinstance(event, h11.Request):
                signature = _signature_of(event)
                mac = self._secret.begin(b"" if signature is None else signature.timestamp)
                if talk.they_are_waiting_for_100_continue:
                    _send(talk, writer, h11.InformationalResponse(status_code=100, headers=[]))
            elif isinstance(event, h11.Data):
                size += len(event.data)
                mac.update(event.data)
                if size > BODY_MAX:
                    return False
            elif isinstance(event, h11.EndOfMessage):
                return signature is not None and signature.holds(mac, self._now())
            elif event is h11.NEED_DATA:
                talk.receive_data(await reader.read(READ_AT_ONCE))
            else:
                raise ConnectionResetError

    @staticmethod
    def _answer(talk: h11.Connection, writer: asyncio.StreamWriter, status: int) -> None:
        headers = [("Connection", "close")] + ([] if status == ACCEPTED else [("Content-Length", "0")])
        _send(talk, writer, h11.Response(status_code=status, headers=headers))
        _send(talk, writer, h11.EndOfMessage())


def _send(talk: h11.Connection, writer: asyncio.StreamWriter, event: h11.Event) -> None:
    if data := talk.send(event):
        writer.write(data)


def _signature_of(request: h11.Request) -> Signature | None:
    """Give the signature that a request says it has; None where it can be no delivery."""
    found = [bytes(value) for name, value in request.headers if name == SIGNATURE_HEADER]
    return read_signature(found[0]) if request.method == b"POST" and len(found) == 1 else None
