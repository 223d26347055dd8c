"""The doorbell over a real socket, and the poller that it rings for."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from feed.rig import URL
from support.fakes import NOW, HeldClock, NoChance, ScriptedRex, make_page
from support.waiting import until

from rex_tui.event import Page
from rex_tui.feed import CaughtUp, Paused, Poller, Rings
from rex_tui.feed.bell import GAP_S, Bell
from rex_tui.feed.doorbell import BODY_MAX, CONNECTIONS_MAX, LOOPBACK, Doorbell
from rex_tui.feed.signature import SIGNATURES_MAX, TOLERANCE_S, read_signature
from rex_tui.store import EventStore
from rex_tui.webhook_secret import WebhookSecret

SECRET = "whsec_CANARY0123456789"
BODY = b'{"id": "evt_1", "type": "deal.won"}'


def signature(body: bytes = BODY, at: float = NOW, secret: str = SECRET) -> str:
    digest = hmac.new(secret.encode(), f"{at:.0f}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at:.0f},v1={digest}"


def request(header: str, body: bytes = BODY, *, method: str = "POST", more: str = "") -> bytes:
    signed = f"X-Rex-Signature: {header}\r\n" if header else ""
    head = f"{method} /any HTTP/1.1\r\nHost: x\r\n{signed}{more}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Bells:
    """A doorbell on a free port, and what it heard."""

    def __init__(self) -> None:
        self.heard: list[bool] = []
        self.doorbell = Doorbell(WebhookSecret(SECRET), self.heard.append, lambda: NOW)
        self.port = 0

    async def send(self, *parts: bytes, end: bool = False) -> bytes:
        reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
            if end:
                writer.write_eof()
            return await reader.read()
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def listening() -> AsyncIterator[Bells]:
    bells = Bells()
    await bells.doorbell.open(0)
    assert bells.doorbell._server is not None
    bells.port = bells.doorbell._server.sockets[0].getsockname()[1]
    assert bells.doorbell._server.sockets[0].getsockname()[0] == "127.0.0.1"
    try:
        yield bells
    finally:
        await bells.doorbell.close()


async def test_a_signed_delivery_is_answered_with_204_and_rings() -> None:
    async with listening() as bells:
        good = signature()
        other = "0" * 64
        for sent in (
            request(good),
            request(f"{good}, v1={other}"),
            request(good.replace("v1=", f"v1={other},v1=")),
            request(signature(at=NOW - TOLERANCE_S)),
            request(signature(b""), b""),
            request(signature(b"x" * BODY_MAX), b"x" * BODY_MAX),
        ):
            answer = await bells.send(sent)
            assert answer.startswith(b"HTTP/1.1 204 ")
            assert answer.endswith(b"\r\n\r\n")
        whole = request(good)
        assert (await bells.send(*(whole[at : at + 7] for at in range(0, len(whole), 7)))).startswith(b"HTTP/1.1 204")
        head = f"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nx-rex-signature: {good}\r\n\r\n"
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (BODY[:9], BODY[9:]))
        assert (await bells.send(head.encode(), chunks, b"0\r\n\r\n")).startswith(b"HTTP/1.1 204")
        waiting = await bells.send(request(good, more="Expect: 100-continue\r\n"))
        assert b"HTTP/1.1 204" in waiting
    assert bells.heard == [True] * 9


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(request(""), id="no signature"),
        pytest.param(request(signature(secret="another")), id="another secret"),
        pytest.param(request(signature(b"other")), id="another body"),
        pytest.param(request(signature(at=NOW - TOLERANCE_S - 1)), id="too old"),
        pytest.param(request(signature(at=NOW + TOLERANCE_S + 1)), id="too new"),
        pytest.param(request(signature(), method="GET"), id="no delivery"),
        pytest.param(request(signature(), more=f"X-Rex-Signature: {signature()}\r\n"), id="two signatures"),
        pytest.param(request(signature().replace("v1=", "v0=")), id="another scheme"),
        pytest.param(request(signature().partition(",")[2]), id="no time"),
        pytest.param(request("t=1," + signature()), id="two times"),
        pytest.param(request("t=" + "9" * 400 + ",v1=" + "0" * 64), id="an endless time"),
        pytest.param(request(signature() + ",v1=zz"), id="no hexadecimal"),
        pytest.param(request(signature(b"x" * (BODY_MAX + 1)), b"x" * (BODY_MAX + 1)), id="too large"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 40_000, id="an endless head"),
        pytest.param(b"\x16\x03\x01 no http at all\r\n\r\n", id="no HTTP"),
    ],
)
async def test_everything_else_is_answered_with_401_and_nothing_else(sent: bytes) -> None:
    async with listening() as bells:
        answer = b""
        with suppress(ConnectionError):  # where it hangs up before all was read
            answer = await bells.send(sent, end=True)
    assert bells.heard == [False]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert not answer or (head.startswith(b"HTTP/1.1 401 ") and body == b"")
    assert SECRET.encode() not in answer


async def test_whoever_sends_nothing_or_half_does_not_ring_and_takes_no_place_from_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rex_tui.feed.doorbell.REQUEST_MAX_S", 0.2)
    async with listening() as bells:
        assert await bells.send(b"", end=True) == b""
        assert await bells.send(request(signature())[:-3]) == b"", "hung up on in time"
        slow = [await asyncio.open_connection(LOOPBACK, bells.port) for _ in range(CONNECTIONS_MAX)]
        for _, writer in slow:
            writer.write(b"POST / HTTP/1.1\r\n")
        with suppress(ConnectionError):
            assert await bells.send(request(signature())) == b"", "one too many"
        for reader, writer in slow:
            assert await reader.read() == b""
            writer.close()
        assert (await bells.send(request(signature()))).startswith(b"HTTP/1.1 204")
    assert bells.heard == [True]


def test_the_header_is_read_as_it_is_documented() -> None:
    found = read_signature(f" t=12 , v1={'A' * 64},v2=x".encode())
    assert found is not None
    assert (found.timestamp, found.candidates) == (b"12", (b"A" * 64,))
    many = ",".join(["t=12"] + [f"v1={'a' * 64}"] * (SIGNATURES_MAX + 1))
    assert read_signature(many.encode()) is None
    assert read_signature(b"t=12,v1=" + b"a" * 64 + b"," * 2_000) is None
    assert read_signature("t=\u0661\u0662".encode() + b",v1=" + b"a" * 64) is None
    assert read_signature(b"") is None


class HeldRex(ScriptedRex):
    """A Rex that answers when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.let: asyncio.Queue[Page] = asyncio.Queue()

    async def events(self, cursor: str | None = None, limit: int = 200) -> Page:
        self.cursors.append(cursor)
        return await self.let.get()


async def settle() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


async def test_a_burst_is_one_poll_and_a_ring_while_a_question_is_out_is_another(tmp_path: Path) -> None:
    clock, rex = HeldClock(), HeldRex()
    with EventStore(tmp_path / "rex.db", URL) as store:
        poller = Poller(rex, store, interval_s=300, clock=clock, random=NoChance())
        bell = Bell(poller, clock)
        polling, ringing = asyncio.create_task(poller.run()), asyncio.create_task(bell.run())
        try:
            await rex.let.put(make_page([1]))
            await until(lambda: isinstance(poller.status.state, CaughtUp))
            for signed in (True, True, False, True):
                bell.answered(signed)
            await until(lambda: len(rex.cursors) == 2)
            bell.answered(True)
            clock.move(GAP_S)
            await settle()
            assert len(rex.cursors) == 2, "one question for three rings, and it is still out"
            await rex.let.put(make_page([2]))
            await until(lambda: not poller.asking)
            clock.move(GAP_S)
            await until(lambda: len(rex.cursors) == 3)  # and another, since the first may have been asked too early
            poller.pause()
            await until(lambda: isinstance(poller.status.state, Paused))
            bell.answered(True)
            clock.move(GAP_S)
            await settle()
            assert (type(poller.status.state), len(rex.cursors)) == (Paused, 3), "who paused it is not overruled"
            assert poller.status.rings == Rings(5, 1)
        finally:
            for task in (polling, ringing):
                task.cancel()
            await asyncio.gather(polling, ringing, return_exceptions=True)
