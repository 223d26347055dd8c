"""`rex-tui tail` as a real process against a Rex that is not ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.warm import run_warm

from rex_tui.store.notebook import Notebook

PAYLOADS = [
    '{"deal_id": "deal_01HQ",   "value": 1180591620717411303424}',
    '{"a":\t[1,\n 2.50, 1e400], "a": "twice"}',
    '"just a text \\u001b]0;x\\u0007 caf\\u00e9 \\ud83d\\ude00 é"',
    "[]",
    "null",
    "-0.0",
]


def event(number: int) -> str:
    data = PAYLOADS[number % len(PAYLOADS)]
    type_ = "deal.won" if number % 3 == 0 else "contact.created"
    at = f"2026-03-16T12:{number // 60 % 60:02}:{number % 60:02}Z"
    return f'{{"id": "evt_{number:05}", "type": "{type_}", "occurred_at": "{at}", "data": {data}}}'


EVENTS = [event(number) for number in range(501)]


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex(list(EVENTS))) as running:
        yield running


def environment(rex: OtherRex, key: str = KEY) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    return kept | {"REX_URL": rex.url, "REX_API_KEY": key}


AT_ONCE = {"PYTHONUNBUFFERED": "1"}
"""For those that are read while they run."""


def tail(
    rex: OtherRex, folder: Path, *arguments: str, key: str = KEY, **changes: str
) -> subprocess.CompletedProcess[bytes]:
    command = ["tail", "--store", str(folder / "rex.db"), *arguments]
    return run_warm(command, environment(rex, key) | changes, folder)


def expected_line(text: str) -> str:
    """Give the line that an event should be, its payload byte by byte but for line breaks."""
    head, _, data = text.partition('"data": ')
    return f'{head}"data": {data[:-1]}}}'.replace("\n", " ")


@pytest.mark.parametrize("meta_envelope", [False, True])
def test_once_prints_every_event_once_in_order_byte_true(rex: OtherRex, tmp_path: Path, meta_envelope: bool) -> None:
    rex.meta_envelope = meta_envelope
    first = tail(rex, tmp_path, "--once")
    assert first.returncode == 0, first.stderr
    assert first.stdout.decode().splitlines() == [expected_line(text) for text in EVENTS]
    assert first.stderr == b""
    assert [query.get("cursor") for query in rex.requests] == [None, ["c200"], ["c400"]]
    again = tail(rex, tmp_path, "--once")
    assert again.stdout == first.stdout
    assert [query.get("cursor") for query in rex.requests[3:]] == [["c400"]]


def test_only_the_types_that_were_asked_for(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, "--once", "--type", "deal.won", "--type", "never.seen")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [f"evt_{n:05}" for n in range(0, 501, 3)]


def test_only_what_matches_the_query_and_the_types(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, "--once", "--where", "café or id:evt_0000*", "--type", "deal.won")
    told = [json.loads(line)["id"] for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert told == [f"evt_{n:05}" for n in range(0, 501, 3) if n < 10 or "caf" in PAYLOADS[n % len(PAYLOADS)]]
    nothing_new = tail(rex, tmp_path, "--once", "--where", "is:new")
    assert (nothing_new.returncode, nothing_new.stdout) == (0, b"")


def test_marks_and_saved_filters_are_known_to_a_query(rex: OtherRex, tmp_path: Path) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        notebook.save_filter("two", "id:evt_00001 or id:evt_00002")
        notebook.mark("evt_00007", "", 0.0)
    done = tail(rex, tmp_path, "--once", "--where", "filter:two or is:marked")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["evt_00001", "evt_00002", "evt_00007"]


def test_a_query_that_cannot_be_read_is_shown_with_a_caret_and_ends_with_the_code_for_usage(
    rex: OtherRex, tmp_path: Path
) -> None:
    done = tail(rex, tmp_path, "--once", "--where", "café \x1b]0;x value>abc")
    assert done.returncode == 2
    assert done.stdout == b""
    assert not rex.requests
    first, query, caret = done.stderr.decode().splitlines()
    assert first.startswith("rex-tui: --where can't be read. Expected a number")
    assert query == "  café ␛]0;x value>abc"
    assert query.index("abc") == caret.index("^")


def test_new_events_come_as_they_happen_and_ctrl_c_ends_it_quietly(rex: OtherRex, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rex_tui", "--interval", "5", "--store", str(tmp_path / "rex.db"), "tail"]
    with subprocess.Popen(
        command, env=environment(rex) | AT_ONCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        for _ in EVENTS:
            process.stdout.readline()
        rex.events.append(event(501))
        assert json.loads(process.stdout.readline())["id"] == "evt_00501"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, b"")


def test_a_closed_pipe_ends_it_quietly(rex: OtherRex, tmp_path: Path) -> None:
    rex.events = [event(number) for number in range(20_000)]
    command = [sys.executable, "-m", "rex_tui", "tail", "--store", str(tmp_path / "rex.db")]
    with subprocess.Popen(
        command, env=environment(rex) | AT_ONCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("status", "body", "code", "said"),
    [
        (200, b"<html>please log in</html>", 4, b"not JSON"),
        (500, b"oops", 4, b"Given up after 3 attempts"),
        (200, b'{"items": []}', 4, b"format must have changed"),
        (403, b'{"error": {"code": "insufficient_scope"}}', 3, b"insufficient_scope"),
    ],
)
def test_what_goes_wrong_has_its_exit_code_and_a_sentence(
    rex: OtherRex, tmp_path: Path, status: int, body: bytes, code: int, said: bytes
) -> None:
    rex.status, rex.body = status, body
    done = tail(rex, tmp_path, "--once")
    assert (done.returncode, done.stdout) == (code, b"")
    assert said in done.stderr
    assert done.stderr.startswith(b"rex-tui: ")
    assert len(rex.requests) <= 3


def test_a_rejected_key_ends_it_and_is_not_shown(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, key="rex_live_WRONG")
    assert done.returncode == 3
    assert b"does not accept the API key" in done.stderr
    assert b"WRONG" not in done.stderr + done.stdout
    assert len(rex.requests) == 1


def test_rex_out_of_reach(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, "--once", REX_URL="http://127.0.0.1:1")
    assert done.returncode == 4
    assert b"can't be reached" in done.stderr


def test_a_store_that_cannot_be_used(rex: OtherRex, tmp_path: Path) -> None:
    (tmp_path / "rex.db").write_bytes(b"not a database at all " * 100)
    done = tail(rex, tmp_path, "--once")
    assert done.returncode == 5
    assert b"is damaged or is no store of rex-tui" in done.stderr
    assert rex.requests == []


def test_settings_that_are_missing_or_wrong(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, "--once", REX_API_KEY="")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"REX_API_KEY is not set" in done.stderr
    assert b"rex-tui demo" in done.stderr
    assert tail(rex, tmp_path, "--interval", "1").returncode == 2
    assert tail(rex, tmp_path, "--no-such-flag").returncode == 2


def test_a_second_process_reads_what_the_first_one_stores(rex: OtherRex, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rex_tui", "tail", "--store", str(tmp_path / "rex.db")]
    with subprocess.Popen(
        command, env=environment(rex) | AT_ONCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        for _ in EVENTS:
            process.stdout.readline()
        asked = len(rex.requests)
        other = tail(rex, tmp_path, "--once")
        assert other.returncode == 0
        assert len(other.stdout.splitlines()) == len(EVENTS)
        assert f"Process {process.pid} writes this store".encode() in other.stderr
        assert len(rex.requests) == asked
        with subprocess.Popen(
            command, env=environment(rex) | AT_ONCE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
        ) as follower:
            assert follower.stdout is not None
            for _ in EVENTS:
                follower.stdout.readline()
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
            rex.events.append(event(501))  # the follower takes over, and polls at once
            assert json.loads(follower.stdout.readline())["id"] == "evt_00501"
            follower.send_signal(signal.SIGINT)
            errors = follower.communicate(timeout=20)[1]
        assert errors.count(b"writes this store") == 1


def test_the_key_is_in_no_file_of_the_store(rex: OtherRex, tmp_path: Path) -> None:
    done = tail(rex, tmp_path, "--once")
    assert KEY.encode() not in done.stdout + done.stderr
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes()


def test_a_rejected_cursor_ends_it_unless_told_otherwise(rex: OtherRex, tmp_path: Path) -> None:
    tail(rex, tmp_path, "--once")
    rex.rejected = {"c400"}
    done = tail(rex, tmp_path, "--once")
    assert done.returncode == 4
    assert b"no longer accepts our place in its log (410: cursor_expired: too old)" in done.stderr


@pytest.mark.parametrize(
    ("choice", "fresh", "said"),
    [("read-again", 3, b"Reading Rex's log again"), ("go-on", 0, b"Passing over what Rex has")],
)
def test_after_a_rejected_cursor_it_goes_on_as_chosen(
    rex: OtherRex, tmp_path: Path, choice: str, fresh: int, said: bytes
) -> None:
    tail(rex, tmp_path, "--once")
    rex.rejected = {"c400"}
    rex.events = [event(number) for number in range(700, 703)]
    done = tail(rex, tmp_path, "--once", "--on-gap", choice)
    assert done.returncode == 0
    assert said in done.stderr
    assert len(done.stdout.splitlines()) == 501 + fresh
    assert b"rex-tui.gap" not in done.stdout


def test_a_damaged_store_is_named_and_the_log_read_again(rex: OtherRex, tmp_path: Path) -> None:
    tail(rex, tmp_path, "--once")
    store = tmp_path / "rex.db"
    store.write_bytes(store.read_bytes()[:4096] + bytes(20_000))
    done = tail(rex, tmp_path, "--once")
    assert done.returncode == 0
    assert b"The store was damaged. It is kept, as it was, as " in done.stderr
    assert len(done.stdout.splitlines()) == 501
    assert [file for file in tmp_path.iterdir() if ".damaged-" in file.name]


def test_a_follower_takes_over_when_the_writer_is_killed(rex: OtherRex, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rex_tui", "tail", "--store", str(tmp_path / "rex.db"), "--interval", "5"]
    told = environment(rex) | AT_ONCE
    writer = subprocess.Popen(command, env=told, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    followers = []
    try:
        assert writer.stdout is not None
        for _ in range(501):
            writer.stdout.readline()
        for _ in range(2):
            follower = subprocess.Popen(command, env=told, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            followers.append(follower)
            assert follower.stderr is not None
            assert f"Process {writer.pid} writes this store".encode() in follower.stderr.readline()
            assert follower.stdout is not None
            for _ in range(501):
                follower.stdout.readline()
        rex.events.append(event(501))
        writer.kill()
        for follower in followers:
            assert follower.stdout is not None
            assert json.loads(follower.stdout.readline())["id"] == "evt_00501"
    finally:
        for process in (writer, *followers):
            process.kill()
            process.communicate()


def test_a_rotated_key_is_accepted_and_another_organisations_is_not(rex: OtherRex, tmp_path: Path) -> None:
    tail(rex, tmp_path, "--once")
    rex.key = "rex_live_rotated"
    rotated = tail(rex, tmp_path, "--once", key=rex.key)
    assert rotated.returncode == 0
    assert [query.get("limit") for query in rex.requests[3:]] == [["50"], ["200"]]

    rex.key = "rex_live_of_somebody_else"
    rex.events = [event(number) for number in range(9_000, 9_700)]
    other = tail(rex, tmp_path, "--once", key=rex.key)
    assert other.returncode == 5
    assert b"Rex shows another organisation's log to this API key" in other.stderr
    assert len(other.stdout.splitlines()) == 501


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_an_output_without_room_is_a_sentence(rex: OtherRex, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rex_tui", "tail", "--store", str(tmp_path / "rex.db"), "--once"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, env=environment(rex), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (
        5,
        "rex-tui: Standard output can't be written (No space left on device).\n",
    )
