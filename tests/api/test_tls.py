"""TLS over a real socket: only a certificate that is trusted, for this name and now, lets the key through."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from support.raw_rex import answer

from rex_tui.api import CertificatesError, RexClient, Unavailable
from rex_tui.api_key import ApiKey

KEY = "rex_live_CANARY0123456789"


@asynccontextmanager
async def tls_rex(certificate: trustme.LeafCert, seen: list[bytes]) -> AsyncIterator[str]:
    """Serve an empty page over TLS on a free port of this machine."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(answer())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=context)
    try:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


@pytest.fixture
def authority(tmp_path: Path) -> tuple[trustme.CA, Path]:
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    return made, tmp_path / "ca.pem"


async def test_a_given_authority_is_trusted(authority: tuple[trustme.CA, Path]) -> None:
    ca, file = authority
    seen: list[bytes] = []
    async with tls_rex(ca.issue_cert("localhost"), seen) as url, RexClient(url, ApiKey(KEY), ca_file=file) as client:
        assert (await client.events()).has_more is False
    assert KEY.encode() in seen[0]


@pytest.mark.parametrize("wrong", ["another authority", "another name", "expired", "not given"])
async def test_any_other_certificate_gets_no_key(
    authority: tuple[trustme.CA, Path], wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    ca, file = authority
    match wrong:
        case "another authority":
            certificate = trustme.CA().issue_cert("localhost")
        case "another name":
            certificate = ca.issue_cert("other.example")
        case "expired":
            certificate = ca.issue_cert("localhost", not_after=datetime(2020, 1, 1, tzinfo=UTC))
        case _:
            certificate = ca.issue_cert("localhost")
    seen: list[bytes] = []
    given = None if wrong == "not given" else file
    async with tls_rex(certificate, seen) as url, RexClient(url, ApiKey(KEY), ca_file=given) as client:
        with pytest.raises(Unavailable, match="certificate of localhost is not to be trusted"):
            await client.events()
    assert seen == []


def test_a_file_without_certificates_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for name, why in (("empty.pem", "no certificate is in it"), ("none.pem", "No such file")):
        with pytest.raises(CertificatesError, match=why):
            RexClient("https://acme.example", ApiKey(KEY), ca_file=tmp_path / name)


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({}, None),
        ({"HTTPS_PROXY": "http://ada:secret@proxy.corp:3128"}, "proxy.corp:3128"),
        ({"ALL_PROXY": "proxy.corp"}, "proxy.corp"),
        ({"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": "rexgtm.com"}, None),
        ({"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": "acme.rexgtm.com:443"}, "proxy.corp:3128"),
        ({"HTTPS_PROXY": "http://proxy.corp:3128", "NO_PROXY": "https://acme.rexgtm.com"}, "proxy.corp:3128"),
        ({"HTTPS_PROXY": "https://proxy.corp:3128"}, "proxy.corp:3128"),
        ({"HTTPS_PROXY": "http://\x1b[31mproxy:99999999"}, None),
    ],
)
async def test_the_proxy_that_is_used_is_named_without_its_password(
    environment: dict[str, str], shown: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    async with RexClient("https://acme.rexgtm.com", ApiKey(KEY)) as client:
        assert client.proxy == shown


async def test_no_proxy_stands_between_a_machine_and_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.corp:3128")
    async with RexClient("http://127.0.0.1:1", ApiKey(KEY)) as client:
        assert client.proxy is None


@pytest.mark.parametrize(
    "said",
    [
        answer(401, b'{"error":{"code":"no_such_key","message":"%s is revoked"}}' % KEY.encode()),
        answer(500, b'{"error":{"code":"%s","message":"oops"}}' % KEY.encode()),
        answer(401, b'{"error":{"code":"%s"}}' % "\ufe0f".join(KEY).encode()),
        answer(302, b"", Location=f"https://{KEY}.evil.example/events"),
    ],
)
async def test_a_key_that_a_server_repeats_is_hidden(said: bytes) -> None:
    from support.raw_rex import raw_rex  # noqa: PLC0415 - beside its only use

    async with raw_rex(said) as rex, RexClient(rex.url, ApiKey(KEY)) as client:
        with pytest.raises(Exception, match=r"the api key|the API key") as raised:
            await client.events()
    assert KEY.lower() not in str(raised.value).lower()
