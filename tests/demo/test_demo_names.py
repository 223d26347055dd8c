"""The demo's pipelines and entities, over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus

import httpx
import pytest

from rex_tui.demo import DEMO_KEY, Demo, DemoEvent, DemoLog, DemoServer, Organisation

END = datetime(2026, 3, 16, 12, tzinfo=UTC)


@pytest.fixture
def organisation() -> Organisation:
    return Organisation(7)


@pytest.fixture
def events(organisation: Organisation) -> list[DemoEvent]:
    return organisation.history(2_000, END)


@pytest.fixture
def server(organisation: Organisation, events: list[DemoEvent]) -> Iterator[DemoServer]:
    with DemoServer(DemoLog(events), requests_per_minute=1_000_000, register=organisation) as server:
        yield server


@pytest.fixture
def client(server: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"X-Api-Key": DEMO_KEY}, trust_env=False) as client:
        yield client


def test_the_pipeline_has_its_stages_in_order(client: httpx.Client, organisation: Organisation) -> None:
    (pipeline,) = client.get("/pipelines").json()["data"]
    told = [(stage["id"], stage["name"], stage["position"]) for stage in pipeline["stages"]]
    assert told == [(stage.id, stage.name, stage.position) for stage in organisation.stages]
    assert [stage["type"] for stage in pipeline["stages"]] == ["open"] * 4 + ["won", "lost"]
    assert all(stage["color"].startswith("#") for stage in pipeline["stages"])


def test_whoever_the_log_tells_of_is_called_as_the_log_says_or_is_gone(
    client: httpx.Client, events: list[DemoEvent], organisation: Organisation
) -> None:
    last: dict[str, tuple[str, dict[str, object]]] = {}
    for event in events:
        kind, data = event.type.removeprefix("trigger.").partition(".")[0], json.loads(event.data)
        if kind in ("deal", "contact", "company"):
            last[data[f"{kind}_id"]] = (event.type, data)
    stages = {stage.id: stage.name for stage in organisation.stages}
    seen = set()
    for id_, (type_, data) in list(last.items())[-300:]:
        path = {"deal": "deals", "cont": "contacts", "comp": "companies"}[id_[:4]]
        response = client.get(f"/{path}/{id_}")
        seen.add((path, response.status_code))
        if type_.endswith(".deleted"):
            assert response.status_code == 404
            continue
        found = response.json()["data"]
        assert found["id"] == id_
        assert found["name"] == data.get("name", found["name"])
        if type_ in ("deal.won", "deal.lost"):
            assert (found["status"], stages[found["stage_id"]]) in {("won", "Won"), ("lost", "Lost")}
    assert {("deals", 200), ("contacts", 200), ("contacts", 404), ("companies", 200)} <= seen


def test_what_is_not_there_is_404_and_the_wrong_kind_too(client: httpx.Client, organisation: Organisation) -> None:
    deal = next(iter(organisation._world.register))
    for path in ("/deals/deal_none", "/deals/", "/deals", "/users/usr_1", f"/contact/{deal}", f"/users/{deal}", "/"):
        response = client.get(path)
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert client.post("/pipelines").status_code == 405


def test_names_need_the_key_and_spend_of_the_same_budget(organisation: Organisation) -> None:
    with (
        DemoServer(DemoLog(), requests_per_minute=3, register=organisation) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        assert client.get("/pipelines").status_code == 401
        client.headers["X-Api-Key"] = DEMO_KEY
        asked = [client.get(path) for path in ("/pipelines", "/deals/deal_none", "/events", "/pipelines")]
        assert [one.status_code for one in asked] == [200, 404, 200, 429]
        assert [one.headers["X-RateLimit-Remaining"] for one in asked] == ["2", "1", "0", "0"]
        assert list(server.names_asked) == ["/pipelines", "/pipelines", "/deals/deal_none", "/pipelines"]


def test_a_test_can_have_names_refused_and_events_not(client: httpx.Client, server: DemoServer) -> None:
    for status in (HTTPStatus.FORBIDDEN, HTTPStatus.INTERNAL_SERVER_ERROR):
        server.endpoint.names_answer = status
        assert client.get("/pipelines").status_code == client.get("/deals/deal_none").status_code == status
        assert client.get("/events").status_code == 200
    server.endpoint.names_answer = None
    assert client.get("/pipelines").status_code == 200


def test_without_a_register_there_are_no_names() -> None:
    with DemoServer(DemoLog()) as server:
        assert httpx.get(f"{server.url}/pipelines", headers={"X-Api-Key": DEMO_KEY}).status_code == 404


def test_the_demo_serves_names() -> None:
    with Demo(history=100, now=lambda: END) as demo:
        assert httpx.get(f"{demo.url}/pipelines", headers={"X-Api-Key": demo.api_key}).status_code == 200
