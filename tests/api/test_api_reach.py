"""Reaching Rex, or not: names, proxies, certificates and connections that are gone."""

from __future__ import annotations

import ssl
import traceback
from pathlib import Path

import pytest
from support.raw_rex import answer, raw_rex

from rex_tui.api import RexClient, Unavailable
from rex_tui.api.lean_httpx import httpx
from rex_tui.api.reach import trusted_by, way_to
from rex_tui.api_key import ApiKey

KEY = "rex_live_CANARY"


def client(url: str) -> RexClient:
    return RexClient(url, ApiKey(KEY))


async def test_a_host_with_an_impossible_name() -> None:
    async with client("https://xn--a.example") as asking:
        with pytest.raises(Unavailable, match=r"xn--a\.example is no name"):
            await asking.events()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "gopher://user:PASSWORD@127.0.0.1:9"),
        ("HTTPS_PROXY", "http://user:PASSWORD@[::1"),
        ("SSL_CERT_FILE", "/there/is/none"),
    ],
)
async def test_an_environment_that_cannot_be_used_is_told_with_the_request(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    async with client("https://acme.example") as asking:
        with pytest.raises(Unavailable, match="that the environment names can't be used") as raised:
            await asking.events()
    assert "PASSWORD" not in "".join(traceback.format_exception(raised.value))


def distrust() -> httpx.HTTPError:
    error, cause = httpx.ConnectError("[SSL]"), ssl.SSLCertVerificationError("bad")
    cause.verify_message = "self-signed \x1b certificate"
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (distrust(), r"certificate of acme\.example .*self-signed ␛ certificate"),
        (httpx.ReadTimeout("slow"), r"acme\.example did not answer in time"),
        (httpx.ConnectTimeout("slow"), r"acme\.example did not answer in time"),
    ],
)
async def test_what_only_a_network_can_do(error: httpx.HTTPError, words: str) -> None:
    def fail(_request: httpx.Request) -> httpx.Response:
        raise error

    async with RexClient("https://acme.example", ApiKey(KEY), transport=httpx.MockTransport(fail)) as asking:
        with pytest.raises(Unavailable, match=words):
            await asking.events()


async def test_nobody_there() -> None:
    async with client("http://127.0.0.1:1") as asking:
        with pytest.raises(Unavailable, match=r"Rex at 127\.0\.0\.1 can't be reached"):
            await asking.events()


async def test_a_connection_that_was_closed_between_two_polls_is_made_anew() -> None:
    async with raw_rex(answer(), answer()) as rex, client(rex.url) as asking:
        rex.close_after = True
        await asking.events()
        try:
            await asking.events()
        except Unavailable:
            await asking.events()
    assert len(rex.requests) == 2


async def test_a_public_host_may_be_reached_through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    async with raw_rex(b"HTTP/1.1 502 no\r\n\r\n") as proxy:
        proxy.close_after = True
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        async with client("https://acme.example") as asking:
            with pytest.raises(Unavailable, match="proxy on the way"):
                await asking.events()
    assert proxy.requests[0].startswith(b"CONNECT acme.example:443")
    assert b"CANARY" not in proxy.requests[0]


@pytest.mark.parametrize("bypass", ["acme.example", "https://acme.example", ".example", "*"])
async def test_a_proxy_is_shown_just_when_it_is_used(monkeypatch: pytest.MonkeyPatch, bypass: str) -> None:
    async with raw_rex(b"HTTP/1.1 502 no\r\n\r\n") as proxy:
        proxy.close_after = True
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", bypass)
        async with client("https://acme.example") as asking:
            with pytest.raises(Unavailable):
                await asking.events()
            assert (asking.proxy is not None) == bool(proxy.requests)


async def test_no_keys_of_a_session_are_written_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys"))
    assert isinstance(trusted := trusted_by(way_to("https://acme.example", None)), ssl.SSLContext)
    assert trusted.keylog_filename is None
    assert trusted.verify_mode is ssl.CERT_REQUIRED
    assert trusted.check_hostname
