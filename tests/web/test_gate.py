"""Who is let in: links that work once, and the names that the server goes by."""

from __future__ import annotations

import pytest

from rex_tui.web.gate import Gate, is_same_origin

LOOPBACK = ["127.0.0.1:8461", "localhost", "LOCALHOST:1", "[::1]:8461", "127.8.8.8"]
FOREIGN = ["", "evil.example:8461", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.5:8461", "crm.lan"]
BROKEN = [
    "[::1",
    "a b",
    "127.0.0.1:80; script-src *",
    "127.0.0.1/x",
    "user@127.0.0.1",
    "127.0.0.1\x00",
    "\u217cocalhost",
]


def test_a_link_works_once_and_only_the_newest() -> None:
    gate = Gate()
    assert gate.exchange("") is None, "no link was given out yet"
    old, new = gate.new_token(), gate.new_token()
    assert gate.exchange(old) is None
    assert gate.exchange(new + "x") is None
    session = gate.exchange(new)
    assert session is not None
    assert gate.exchange(new) is None
    assert gate.exchange("") is None
    assert gate.knows(session)
    other = gate.exchange(gate.new_token())
    assert other not in (None, session)
    assert gate.knows(session), "a second browser does not put the first one out"


def test_nothing_else_is_a_session() -> None:
    gate = Gate()
    token = gate.new_token()
    session = gate.exchange(token)
    assert session is not None
    for said in ("", token, session[:-1], session + "x", "é\udc80", Gate().exchange(token) or ""):
        assert not gate.knows(said)
    assert session not in repr(gate)


@pytest.mark.parametrize("host", LOOPBACK)
def test_the_loopback_address_is_answered_to_by_its_names(host: str) -> None:
    assert Gate().answers_to(host)
    assert Gate(["crm.lan"], is_wide=True).answers_to(host)


@pytest.mark.parametrize("host", [*FOREIGN, *BROKEN])
def test_no_other_name_is_answered_to(host: str) -> None:
    assert not Gate(["crm.lan"]).answers_to(host)


def test_served_wider_it_goes_by_its_own_name_and_by_addresses() -> None:
    gate = Gate(["CRM.lan"], is_wide=True)
    assert all(map(gate.answers_to, ["crm.lan:8461", "CRM.LAN", "10.0.0.5:8461", "[fe80::1]:8461"]))
    assert not any(map(gate.answers_to, ["evil.example", "crm.lan.evil.example", *BROKEN]))


def test_an_origin_is_ours_only_as_a_whole() -> None:
    assert is_same_origin("http://127.0.0.1:8461", "127.0.0.1:8461")
    for origin in ("", "null", "https://127.0.0.1:8461", "http://127.0.0.1:9000", "http://127.0.0.1:8461.evil.example"):
        assert not is_same_origin(origin, "127.0.0.1:8461")
    assert not is_same_origin("http://", "")
