"""The demo's server, over a real socket, as the reference documents Rex."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from rex_tui.demo import DEMO_KEY, DemoEvent, DemoLog, DemoServer, Organisation

END = datetime(2026, 3, 16, 12, tzinfo=UTC)
WALL = 1_773_662_400.25


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def organisation() -> Organisation:
    return Organisation(7)


@pytest.fixture
def log(organisation: Organisation) -> DemoLog:
    return DemoLog(organisation.history(730, END))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(log: DemoLog, clock: Clock) -> Iterator[DemoServer]:
    with DemoServer(log, requests_per_minute=60, clock=clock, wall=lambda: WALL) as server:
        yield server


@pytest.fixture
def client(server: DemoServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, headers={"X-Api-Key": DEMO_KEY}, trust_env=False) as client:
        yield client


def code(response: httpx.Response) -> tuple[int, str]:
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    return response.status_code, body["error"]["code"]


def walk(client: httpx.Client, **parameters: str | int) -> tuple[list[dict[str, object]], str]:
    """Follow the polling pattern from the start until caught up."""
    events: list[dict[str, object]] = []
    cursor: str | None = None
    while True:
        page = client.get("/events", params={**parameters, **({"cursor": cursor} if cursor else {})}).json()
        events += page["data"]
        cursor = page["next_cursor"]
        assert cursor is not None
        if not page["has_more"]:
            return events, cursor


def test_it_listens_on_this_machine_only(server: DemoServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_an_answer_is_shaped_like_the_reference(client: httpx.Client, log: DemoLog) -> None:
    response = client.get("/events", params={"limit": 1})
    first = log.events[0]
    head = f'{{"id":"{first.id}","type":"{first.type}","occurred_at":"{first.occurred_at}","data":{first.data}}}'
    cursor = response.json()["next_cursor"]
    assert response.text == f'{{"data":[{head}],"has_more":true,"next_cursor":"{cursor}"}}'
    assert response.headers["content-type"] == "application/json"
    assert cursor.startswith("eyJpZCI6")


@pytest.mark.parametrize("limit", [1, 50, 199, 200])
def test_limits_that_are_documented(client: httpx.Client, limit: int) -> None:
    assert len(client.get("/events", params={"limit": limit}).json()["data"]) == limit


def test_the_default_limit_is_50(client: httpx.Client) -> None:
    assert len(client.get("/events").json()["data"]) == 50


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "", "1.5", "٣", "9" * 5000])
def test_other_limits_are_refused(client: httpx.Client, limit: str) -> None:
    assert code(client.get("/events", params={"limit": limit})) == (400, "invalid_request")


def test_a_walk_gives_every_event_once_and_in_order(client: httpx.Client, log: DemoLog) -> None:
    events, _ = walk(client, limit=100)
    assert [event["id"] for event in events] == [event.id for event in log.events]
    assert [event["data"] for event in events] == [json.loads(event.data) for event in log.events]


def test_what_happens_later_comes_after_being_caught_up(
    client: httpx.Client, log: DemoLog, organisation: Organisation
) -> None:
    _, cursor = walk(client, limit=200)
    again = client.get("/events", params={"cursor": cursor}).json()
    assert again == {"data": [], "has_more": False, "next_cursor": cursor}
    event = organisation.next_event(END)
    log.append(event)
    page = client.get("/events", params={"cursor": cursor}).json()
    assert [got["id"] for got in page["data"]] == [event.id]
    assert page["next_cursor"] != cursor


def test_a_type_filters(client: httpx.Client, log: DemoLog) -> None:
    expected = [event.id for event in log.events if event.type == "deal.stage_changed"]
    events, _ = walk(client, limit=20, type="deal.stage_changed")
    assert [event["id"] for event in events] == expected
    assert len(expected) > 20


def test_an_empty_log_answers_with_a_null_cursor() -> None:
    with DemoServer(DemoLog()) as server:
        response = httpx.get(f"{server.url}/events", headers={"X-Api-Key": DEMO_KEY}, trust_env=False)
    assert response.json() == {"data": [], "has_more": False, "next_cursor": None}


def test_a_cursor_that_is_none_is_refused(client: httpx.Client) -> None:
    assert code(client.get("/events", params={"cursor": "garbage"})) == (400, "invalid_cursor")
    assert code(client.get("/events", params={"cursor": ""})) == (400, "invalid_cursor")


@pytest.mark.parametrize("key", ["", "rex_test_other", DEMO_KEY + "x", "ké"])
def test_a_wrong_key_is_refused_and_costs_nothing(client: httpx.Client, key: str) -> None:
    response = client.get("/events", headers={b"X-Api-Key": key.encode("latin-1")})
    assert code(response) == (401, "unauthorized")
    assert response.headers["x-ratelimit-remaining"] == "60"


def test_a_missing_key_is_refused(server: DemoServer) -> None:
    assert code(httpx.get(f"{server.url}/events", trust_env=False)) == (401, "unauthorized")


@pytest.mark.parametrize("path", ["/", "/event", "/events/", "/pipelines", "/events/evt_1"])
def test_other_paths_are_not_found(client: httpx.Client, path: str) -> None:
    assert code(client.get(path)) == (404, "not_found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
def test_other_methods_are_refused(client: httpx.Client, method: str) -> None:
    response = client.request(method, "/events")
    assert code(response) == (405, "method_not_allowed")
    assert response.headers["allow"] == "GET"


def test_a_body_is_never_taken_for_the_next_request(client: httpx.Client) -> None:
    assert client.post("/events", content=b"GET /events HTTP/1.1\r\n\r\n" * 9).status_code == 405
    assert client.post("/events", content=iter([b"GET /nowhere HTTP/1.1\r\n\r\n"])).status_code == 405
    assert client.get("/events").status_code == 200


def test_a_head_has_no_body(client: httpx.Client) -> None:
    response = client.head("/events")
    assert (response.status_code, response.content) == (405, b"")
    assert client.get("/events").status_code == 200


def test_what_is_no_http_is_answered_and_ends(server: DemoServer) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(b"GET /events HTTP/banana\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert json.loads(body)["error"]["code"] == "invalid_request"


def test_the_budget_is_told_spent_and_refilled(client: httpx.Client, clock: Clock) -> None:
    first = client.get("/events").headers
    assert (first["x-ratelimit-limit"], first["x-ratelimit-remaining"]) == ("60", "59")
    assert first["x-ratelimit-reset"] == "1773662402"  # one token of 60 a minute is a second: rounded up
    for _ in range(59):
        assert client.get("/events", params={"limit": 1}).status_code == 200
    response = client.get("/events")
    assert code(response) == (429, "rate_limit_exceeded")
    assert response.headers["x-ratelimit-remaining"] == "0"
    assert response.headers["x-ratelimit-reset"] == "1773662461"
    assert response.headers["retry-after"] == "1"
    clock.now += 0.5
    assert client.get("/events").status_code == 429
    clock.now += 0.5
    assert client.get("/events").status_code == 200
    assert client.get("/events").status_code == 429
    clock.now += 3600
    assert client.get("/events").headers["x-ratelimit-remaining"] == "59"


def test_requests_are_counted_for_tests(client: httpx.Client, server: DemoServer) -> None:
    client.get("/events", params={"limit": 3, "type": "deal.won"})
    client.get("/events")
    assert server.requests == 2
    assert list(server.queries) == ["limit=3&type=deal.won", ""]


def test_connections_are_kept_alive(client: httpx.Client) -> None:
    for _ in range(20):
        assert client.get("/events").headers.get("connection") is None
    assert sum(thread.name == "demo-connection" for thread in threading.enumerate()) == 1


def test_stopping_leaves_no_thread_and_hangs_up(log: DemoLog) -> None:
    before = set(threading.enumerate())
    with DemoServer(log) as server, httpx.Client(headers={"X-Api-Key": DEMO_KEY}, trust_env=False) as client:
        url = server.url
        assert client.get(f"{url}/events").status_code == 200
        server.__exit__(None, None, None)
        assert set(threading.enumerate()) <= before
        with pytest.raises(httpx.ConnectError):
            client.get(f"{url}/events")
        with pytest.raises(RuntimeError):
            _ = server.url


def test_it_can_run_again_on_the_same_port(log: DemoLog) -> None:
    server = DemoServer(log)
    with server:
        port = int(server.url.rpartition(":")[2])
    with DemoServer(log, port=port) as again:
        assert again.url.endswith(f":{port}")


def test_a_taken_port_is_an_error(server: DemoServer, log: DemoLog) -> None:
    with pytest.raises(OSError, match="in use"):
        DemoServer(log, port=int(server.url.rpartition(":")[2])).__enter__()


def test_a_client_that_hangs_up_is_no_noise(log: DemoLog, capfd: pytest.CaptureFixture[str]) -> None:
    big = DemoLog(DemoEvent(f"evt_{number}", "note.long", "", f'"{"x" * 100_000}"') for number in range(200))
    with DemoServer(big) as server:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
            connection.sendall(f"GET /events?limit=200 HTTP/1.1\r\nX-Api-Key: {DEMO_KEY}\r\n\r\n".encode())
            connection.recv(100)
        with httpx.Client(base_url=server.url, headers={"X-Api-Key": DEMO_KEY}, trust_env=False) as client:
            assert client.get("/events", params={"limit": 1}).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_an_error_of_our_own_is_heard(log: DemoLog, clock: Clock, capfd: pytest.CaptureFixture[str]) -> None:
    class Broken(DemoLog):
        def page(self, cursor: object, limit: int, event_type: object = None) -> object:  # type: ignore[override]
            raise ZeroDivisionError

    with DemoServer(Broken()) as server, pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"{server.url}/events", headers={"X-Api-Key": DEMO_KEY}, trust_env=False)
    assert "ZeroDivisionError" in capfd.readouterr().err
