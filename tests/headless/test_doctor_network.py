"""What the doctor makes of the way to Rex and of each answer."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from support.fault_rex import FaultRex, fault_rex
from support.other_rex import KEY
from support.raw_rex import Act, answer, hang, raw_rex

from rex_tui.api import Probe
from rex_tui.api_key import ApiKey
from rex_tui.headless.doctor.check import Check
from rex_tui.headless.doctor.network import judge, look_at_rex

URL = "https://acme.rexgtm.com"
BUDGET = {"X_RateLimit_Limit": "100", "X_RateLimit_Remaining": "3", "X_RateLimit_Reset": "60"}


def named(checks: list[Check], name: str) -> Check:
    return next(one for one in checks if one.name == name)


@pytest.mark.parametrize(
    ("said", "state", "words", "todo"),
    [
        (answer(401, b'{"error":{"code":"no_key"}}'), "wrong", "does not accept the API key", "Make a new key"),
        (answer(403, b'{"error":{"code":"no_scope"}}'), "wrong", "may not read events", "right to read events"),
        (answer(429, b"", Retry_After="7"), "attend", "slow down", "Wait 7 s"),
        (answer(500, b"oops"), "attend", "trouble of its own (500)", "by itself"),
        (answer(404, b""), "wrong", "would not (404)", "Look at the address"),
        (hang, "wrong", "did not answer", "very slow"),
    ],
)
async def test_each_answer_says_what_to_do(said: bytes | Act, state: str, words: str, todo: str) -> None:
    async with raw_rex(said) as rex:
        checks = await look_at_rex(rex.url, ApiKey(KEY), None, deadline_s=0.3)
    found = named(checks, "answer")
    assert (found.state, words in found.says, todo in found.todo) == (state, True, True), found
    assert len(rex.requests) == 1


async def test_budget_and_clock_are_those_of_any_answer() -> None:
    late = answer(429, b"", Date="Wed, 01 Jan 2025 00:00:00 GMT", **BUDGET)
    moment = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
    for apart_s, state, words in (
        (0.9, "fine", "the same"),
        (-30, "fine", "30 s behind"),
        (400, "attend", "400 s ahead"),
    ):
        async with raw_rex(late) as rex:
            checks = await look_at_rex(rex.url, ApiKey(KEY), None, now=lambda at=moment + apart_s: at)  # type: ignore[misc]
        assert named(checks, "clock").state == state
        assert words in named(checks, "clock").says
        assert (named(checks, "budget").state, "3 of 100" in named(checks, "budget").says) == ("attend", True)
    async with raw_rex(answer()) as rex:
        checks = await look_at_rex(rex.url, ApiKey(KEY), None)
    assert {named(checks, name).state for name in ("budget", "clock")} == {"skipped"}


def test_a_slow_answer_is_told_though_it_is_a_good_one() -> None:
    checks = judge(Probe(None, 4.2, 1, 200, 3.9, 0.0, 0.0), URL, 0.0, 15.0)
    assert (named(checks, "time").state, named(checks, "time").says) == (
        "attend",
        "4,200 ms, 3,900 ms of it to connect",
    )


@pytest.mark.parametrize(
    ("trusted", "days", "state", "words"),
    [(True, 90, "fine", "(89 days)"), (True, 5, "attend", "(4 days)"), (False, 90, "wrong", "the key was not sent")],
)
async def test_the_certificate_and_its_end_are_those_of_the_connection(
    tmp_path: Path, trusted: bool, days: int, state: str, words: str
) -> None:
    authority, other = trustme.CA(organization_name="Acme CA"), trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    issuer = authority if trusted else other
    until = datetime.now(UTC) + timedelta(days=days)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    issuer.issue_cert("127.0.0.1", not_after=until).configure_cert(context)
    async with fault_rex(FaultRex([]), context) as rex:
        checks = await look_at_rex(rex.url, ApiKey(KEY), tmp_path / "ca.pem")
    found = named(checks, "certificate")
    assert (found.state, words in found.says) == (state, True), found
    assert not trusted or "TLSv1.3, by Acme CA" in found.says


async def test_what_is_wrong_before_a_request_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    checks = await look_at_rex("https://no-such-host.invalid", ApiKey(KEY), None, deadline_s=5)
    assert (named(checks, "name").state, named(checks, "answer").state) == ("wrong", "wrong")
    assert "typing error" in named(checks, "name").todo
    checks = await look_at_rex(URL, ApiKey(KEY), tmp_path / "none.pem")
    assert named(checks, "certificates").state == "wrong"
    checks = await look_at_rex("http://127.0.0.1:9", None, None)
    assert "no key" in named(checks, "answer").says
    async with raw_rex(answer(407, b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", "://ada:secret@"))
        checks = await look_at_rex(URL, ApiKey(KEY), None, deadline_s=5)
    assert named(checks, "proxy").says == proxy.url.removeprefix("http://")
    assert "did not let us through" in named(checks, "answer").says
    assert not [one for one in checks if "secret" in f"{one}"]
