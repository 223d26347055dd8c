"""`--doorbell` with real processes: a signed delivery, and what comes of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import terminal

SECRET = "whsec_CANARY0123456789"


def event(number: int) -> str:
    at = f"2026-03-16T12:00:{number:02}Z"
    return f'{{"id": "evt_{number}", "type": "deal.won", "occurred_at": "{at}", "data": {{}}}}'


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex([event(1)])) as running:
        yield running


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def environment(rex: OtherRex, folder: Path, **changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    told = {"REX_URL": rex.url, "REX_API_KEY": KEY, "REX_TUI_STORE": str(folder / "rex.db"), "REX_TUI_INTERVAL": "300"}
    return kept | told | changes


def deliver(port: int, secret: str = SECRET) -> httpx.Response:
    body, now = b'{"id": "evt_forged", "type": "deal.won", "data": {}}', int(time.time())
    digest = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"X-Rex-Signature": f"t={now},v1={digest}"}
    return httpx.post(f"http://127.0.0.1:{port}/rex", content=body, headers=headers, timeout=20)


def test_a_signed_delivery_brings_what_is_new_at_once_and_nothing_of_its_own(rex: OtherRex, tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "rex_tui", "tail", "--doorbell", str(port)]
    with subprocess.Popen(
        command,
        env=environment(rex, tmp_path, REX_WEBHOOK_SECRET=SECRET),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["id"] == "evt_1"
        refused = deliver(port, "another")
        assert (refused.status_code, refused.content) == (401, b"")
        rex.events.append(event(2))
        assert deliver(port).status_code == 204
        assert json.loads(process.stdout.readline())["id"] == "evt_2"
        process.send_signal(signal.SIGINT)
        rest, said = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, b"")
    assert said.decode().splitlines() == [
        f"rex-tui: The doorbell listens at http://127.0.0.1:{port} for what Rex signs.",
        "rex-tui: The doorbell refused a request: it was not signed with the webhook's secret in these minutes.",
    ]
    for file in tmp_path.iterdir():
        assert SECRET.encode() not in file.read_bytes()


def test_the_screen_has_a_doorbell_too_and_says_what_it_heard(rex: OtherRex, tmp_path: Path) -> None:
    port = free_port()
    printed = f"{sys.executable} -c \"import os; assert 'REX_API_KEY' not in os.environ; print('{SECRET}')\""
    known = {name: value for name, value in environment(rex, tmp_path).items() if name.startswith("REX_")}
    told = known | {"REX_WEBHOOK_SECRET_COMMAND": printed}
    with terminal(["--doorbell", str(port)], told, 100, 30) as screen:
        screen.until("doorbell not rung yet")
        rex.events.append(event(2))
        assert deliver(port).status_code == 204
        screen.until("doorbell rung once")
        screen.until("2 events")
        deliver(port, "another")
        screen.until("rung once, 1 refused")
        screen.press("q")
        assert screen.wait() == 0
    assert SECRET.encode() not in bytes(screen.raw)


def test_a_doorbell_without_a_secret_or_a_port_is_told(rex: OtherRex, tmp_path: Path) -> None:
    def run(port: int, **changes: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "rex_tui", "tail", "--once", "--doorbell", str(port)]
        told = environment(rex, tmp_path, **changes)
        done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=60, check=False)
        assert done.stdout == ""
        return done.returncode, done.stderr

    assert run(8470)[0] == 2
    assert "Set REX_WEBHOOK_SECRET to it, or REX_WEBHOOK_SECRET_COMMAND" in run(8470)[1]
    code, said = run(8470, REX_WEBHOOK_SECRET="two words")
    assert (code, "two words" in said, "REX_WEBHOOK_SECRET is no secret" in said) == (2, False, True)
    assert "failed with exit code 1, so there is no secret." in run(8470, REX_WEBHOOK_SECRET_COMMAND="false")[1]
    file = tmp_path / "config.toml"
    file.write_text('webhook_secret = "x"')
    assert "name webhook_secret_command instead" in run(8470, REX_TUI_CONFIG=str(file))[1]
    file.write_text(f'webhook_secret_command = ["echo", "{SECRET}"]')
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = run(port, REX_TUI_CONFIG=str(file))
    assert code == 2
    assert f"The doorbell can't listen on port {port} (Address already in use). Choose another." in said
