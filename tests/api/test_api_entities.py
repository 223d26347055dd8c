"""Asking for pipelines and names: what is sent, and what is made of everything that can come back."""

from __future__ import annotations

import asyncio
import json

import pytest
from support.raw_rex import Act, answer, begin, bomb, cut_off, drip, hang, raw_rex

from rex_tui.api import (
    BadResponse,
    Forbidden,
    NotFound,
    RateLimited,
    RexClient,
    RexError,
    Unauthorized,
    Unavailable,
)
from rex_tui.api.entities import decode_name, decode_stages, entity_path
from rex_tui.api_key import ApiKey
from rex_tui.event import RateBudget
from rex_tui.names import Stage

KEY = "rex_live_CANARY"
NOW = 1_773_662_400.0
DEAL = "deal_01HQ3ZK8"
LEAD = {"id": "stg_0001", "name": "Lead", "position": 0, "type": "open", "color": "#94a3b8"}
WON = {"id": "stg_0002", "name": "Won", "position": 1, "type": "won", "color": "green"}
STAGES = (
    Stage("stg_0001", "Lead", "pipe_0001", 0, "open", "#94a3b8"),
    Stage("stg_0002", "Won", "pipe_0001", 1, "won", "green"),
)
BUDGET = {"X_RateLimit_Limit": "1000", "X_RateLimit_Remaining": "998", "X_RateLimit_Reset": str(int(NOW) + 9)}


def client(url: str, *, deadline_s: float = 10.0) -> RexClient:
    return RexClient(url, ApiKey(KEY), deadline_s=deadline_s, now=lambda: NOW)


def pipelines(*stages: object, **more: object) -> dict[str, object]:
    return {"id": "pipe_0001", "name": "Sales", "stages": list(stages)} | more


async def test_what_is_sent_and_what_comes_back() -> None:
    listed = json.dumps({"data": [pipelines(WON, LEAD)], "meta": {"cursor": None, "has_more": False}}).encode()
    said = [answer(200, listed, **BUDGET), answer(body=b'{"data": {"id": "deal_x", "name": " Rollout \\u001b[2J "}}')]
    async with raw_rex(*said) as rex, client(f"{rex.url}/acme") as asking:
        assert asking.budget == RateBudget()
        stages = await asking.pipelines()
        assert (stages.value, stages.budget) == (STAGES, RateBudget(1000, 998, 9.0))
        assert asking.budget == stages.budget
        assert (await asking.entity("deal", DEAL)).value == "Rollout \x1b[2J"
        assert asking.budget == RateBudget()
    first, second = (request.decode().split("\r\n") for request in rex.requests)
    assert first[0] == "GET /acme/pipelines HTTP/1.1"
    assert second[0] == f"GET /acme/deals/{DEAL} HTTP/1.1"
    assert f"X-Api-Key: {KEY}" in second


@pytest.mark.parametrize(
    "id_", ["../events", "deal_01AB/../../events", "deal_01AB?limit=9", "deal_01AB#x", "deal_01AB\r\nX: y", "", ".."]
)
async def test_a_hostile_id_is_asked_of_nobody_and_would_stay_one_step_of_a_path(id_: str) -> None:
    async with raw_rex() as rex, client(rex.url) as asking:
        with pytest.raises(ValueError, match="no id of a deal"):
            await asking.entity("deal", id_)
    assert rex.requests == []
    path, what = entity_path("deal", id_)
    assert (path.count("/"), what) == (2, "deals")
    assert not set(path) & set("?#\r\n .")


async def test_an_id_of_another_kind_is_not_asked_for() -> None:
    async with raw_rex() as rex, client(rex.url) as asking:
        with pytest.raises(ValueError, match="no id of a contact"):
            await asking.entity("contact", DEAL)
    assert rex.requests == []


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (answer(401, b""), Unauthorized, "does not accept the API key"),
        (answer(403, b'{"error":{"code":"no","message":"\\u001b[2J"}}'), Forbidden, "may not read deals (403: no"),
        (answer(404, b"<html>"), NotFound, "nothing there (404)"),
        (answer(410), NotFound, "(410)"),
        (answer(429, b"", Retry_After="7"), RateLimited, "slow down"),
        (answer(500), Unavailable, "trouble of its own"),
        (answer(400), BadResponse, "what a Deals API would not"),
        (answer(302, b"", Location="https://evil.example/"), BadResponse, "redirected to evil.example"),
        (answer(body=b"<html>log in</html>"), Unavailable, "not JSON"),
        (answer(body=b"[" * 100_000), Unavailable, "not JSON"),
        (answer(body=b'{"data": ["x"]}'), BadResponse, "nothing that can have a name"),
        (answer(body=b"7"), BadResponse, "nothing that can have a name"),
        (answer(body=b" " * (2 * 2**20)), BadResponse, "larger than 1 MiB"),
        (bomb(200), BadResponse, "larger than 1 MiB"),
        (begin(200, cut_off), Unavailable, "cut off"),
        (hang, Unavailable, "within 0.2 seconds"),
        (drip, Unavailable, "within 0.2 seconds"),
    ],
)
async def test_whatever_comes_is_a_name_or_an_error_of_ours(
    said: bytes | Act, kind: type[RexError], words: str
) -> None:
    slow = said in (hang, drip)
    async with raw_rex(said) as rex, client(rex.url, deadline_s=0.2 if slow else 10.0) as asking:
        with pytest.raises(RexError) as raised:
            await asking.entity("deal", DEAL)
        assert isinstance(raised.value, kind)
        assert words in str(raised.value)
        assert str(raised.value).isprintable()


async def test_names_hold_up_no_events() -> None:
    async with raw_rex(hang, answer(), answer()) as rex, client(rex.url) as asking:
        hanging = asyncio.create_task(asking.pipelines())
        await rex.asked.wait()
        assert (await asking.events()).next_cursor == "c"
        assert (await asking.events()).next_cursor == "c"
        hanging.cancel()


@pytest.mark.parametrize(
    "body",
    [
        [pipelines(LEAD, WON)],
        {"data": [pipelines(LEAD, WON)]},
        {"pipelines": [pipelines(LEAD, WON)]},
        {"data": {"pipelines": [pipelines(LEAD, WON)]}},
        {"data": pipelines(LEAD, WON)},
        {"data": [pipelines(LEAD), pipelines(WON)]},
        {"data": [pipelines(LEAD, "x", None, {"id": 7, "name": "x"}, {"id": "stg_0003"}, {"name": "x"}, WON)]},
        {"data": [7, pipelines(LEAD, WON, LEAD | {"name": "Again"}), {"stages": "none"}, None]},
        {"data": [pipelines(LEAD, WON | {"id": "../../x"}, WON, WON | {"id": "deal_0001"})]},
    ],
)
def test_pipelines_are_read_from_every_envelope_and_what_is_odd_is_left_out(body: object) -> None:
    assert decode_stages(b"\xef\xbb\xbf" + json.dumps(body).encode()) == STAGES


def test_odd_facts_of_a_stage_do_not_cost_its_name() -> None:
    odd = {"id": "stg_0001", "name": "x" * 999, "position": "first", "type": "paused", "color": "\x1b[31m"}
    (stage,) = decode_stages(json.dumps({"data": [{"stages": [odd]}]}).encode())
    assert stage == Stage("stg_0001", "x" * 200, "", 0, "", "")
    many = [{"id": f"stg_{n:05}", "name": "x", "position": 1e400} for n in range(9_000)]
    assert len(decode_stages(json.dumps({"data": [{"stages": many}]}).replace("Infinity", "1").encode())) == 500
    assert decode_stages(b'{"data": []}') == ()


@pytest.mark.parametrize("body", [b"{}", b'{"data": 7}', b'"x"', b"null", b'{"data": null}'])
def test_what_has_no_pipelines_is_told(body: bytes) -> None:
    with pytest.raises(BadResponse, match="no list of pipelines"):
        decode_stages(body)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"name": "Acme"}', "Acme"),
        (b'{"data": {"first_name": "Ada", "last_name": "Lovelace"}}', "Ada Lovelace"),
        (b'{"data": {"name": null, "email": "ada@example.com"}}', "ada@example.com"),
        (b'{"data": {"domain": "acme.com", "title": "CEO"}}', "acme.com"),
        (b'{"data": {"name": {"first": "x"}}}', ""),
        (b'{"data": {}}', ""),
        (b'{"data": {"name": "a\\ud800b"}}', "a?b"),
        (b'{"data": {"name": "a\\u0000b", "value": NaN}}', None),
    ],
)
def test_a_name_is_read_from_either_envelope(body: bytes, name: str | None) -> None:
    if name is None:
        with pytest.raises(Unavailable, match="not JSON"):
            decode_name(body)
    else:
        assert decode_name(body) == name
