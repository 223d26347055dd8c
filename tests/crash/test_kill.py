from __future__ import annotations

import os
from pathlib import Path

import pytest
from crash.kill_loop import kill_loop
from crash.stored import look
from msgspec.structs import replace

from rex_tui.demo import DemoEvent, make_cursor
from rex_tui.event import Event, Page
from rex_tui.store import EventStore


@pytest.mark.parametrize("seed", [3, 4] if os.environ.get("REX_TUI_LONG") else [3])
def test_a_program_killed_while_it_writes_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    report = kill_loop(kills=10, seed=seed, folder=tmp_path, events=8_000)

    assert report.wrong == ()
    assert (report.lost, report.doubled) == (0, 0)
    assert report.kills == 10
    assert report.mid_writing >= 1


LOG = [DemoEvent(f"evt_{number}", "deal.won", "2026-01-01T00:00:00Z", f'{{"n":{number}}}') for number in range(6)]


def store_of(path: Path, events: list[DemoEvent], cursor_after: DemoEvent) -> None:
    stored = tuple(Event(event.id, event.type, event.occurred_at, event.data, 0.0) for event in events)
    with EventStore(path, "http://127.0.0.1:1") as store:
        store.append([Page(stored, (), has_more=True, next_cursor=make_cursor(cursor_after.id))])


def test_the_look_finds_a_prefix_sound(tmp_path: Path) -> None:
    store_of(tmp_path / "s.db", LOG[:4], LOG[3])

    assert look(tmp_path / "s.db", LOG, known_before=2).wrong == ()


@pytest.mark.parametrize(
    ("events", "cursor_after", "lost"),
    [
        pytest.param(LOG[:4], LOG[4], 1, id="a cursor ahead of the rows"),
        pytest.param([LOG[0], LOG[2]], LOG[2], 1, id="a hole"),
        pytest.param([LOG[1], LOG[0]], LOG[1], 0, id="another order"),
        pytest.param([replace(LOG[0], data="{}")], LOG[0], 0, id="other data"),
        pytest.param(LOG[:4], replace(LOG[0], id="evt_x"), 0, id="a cursor of another log"),
    ],
)
def test_the_look_finds_harm(tmp_path: Path, events: list[DemoEvent], cursor_after: DemoEvent, lost: int) -> None:
    store_of(tmp_path / "s.db", events, cursor_after)

    finding = look(tmp_path / "s.db", LOG)

    assert finding.wrong
    assert finding.lost == lost


def test_the_look_finds_what_was_known_before_and_is_gone(tmp_path: Path) -> None:
    assert look(tmp_path / "none.db", LOG, known_before=3).lost == 3
