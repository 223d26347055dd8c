"""Faults at random, alone and combined, at every second request: each event is stored once all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final

import pytest
from faults.bench import bench, expected, look
from faults.case import entry
from support import fault_kinds as kinds
from support.fault import Fault
from support.fault_rex import Asked

EVENTS: Final = 2_000
REQUESTS: Final = 150
POISON: Final = b'{"id": "evt_x", "type": "t", "occurred_at": "x", "data": "\xff"}'
CHANGED: Final = b'{"id": "evt_0001", "type": "deal.won", "occurred_at": "2026-03-16T12:00:01Z","data":"other"}'

WAYS: Final = (
    kinds.cursor("null"),
    kinds.cursor(None),
    kinds.cursor('""', at_end=True),
    kinds.repeated_cursor(at_end=True),
    kinds.repeated_cursor(at_end=False),
    kinds.cycling_cursor(),
    kinds.number_cursor(),
    kinds.new_cursor_each_time(),
    kinds.cursor_tail("\x1b[2J &=#"),
    kinds.empty_with_more(),
    kinds.same_page(),
    kinds.more("true"),
    kinds.more("false"),
)
CONTENTS: Final = (
    kinds.form("meta"),
    kinds.form("both"),
    kinds.doubled_within(),
    kinds.doubled_across(40),
    kinds.with_event(POISON),
    kinds.with_event(CHANGED),
)
ANSWERS: Final = (
    kinds.status(429, Retry_After="7"),
    kinds.status(429),
    kinds.retry_at_date(13),
    *(kinds.status(code, kinds.HTML) for code in (500, 502, 503, 504)),
    kinds.body(kinds.HTML),
    kinds.cut_short(),
    kinds.budget("1000", "101", "30"),
)
DELIVERIES: Final = (
    kinds.TRUNCATED,
    kinds.RESET,
    kinds.SILENT,
    kinds.GARBAGE,
    kinds.CLOSED_AFTER,
    kinds.CLOSED_AFTER,
    kinds.CLOSED_AFTER,
    kinds.drip(0.05),
    kinds.NEVER,
)


def whim(random: Random) -> Callable[[Asked], Sequence[Fault]]:
    """Give what chooses the faults of a request: none, one or several."""

    def choose(_asked: Asked) -> list[Fault]:
        chosen: list[Fault] = []
        for faults, share in ((WAYS, 0.4), (CONTENTS, 0.2), (ANSWERS, 0.15), (DELIVERIES, 0.1)):
            if random.random() < share:
                chosen.append(random.choice(faults))
        return chosen

    return choose


@pytest.mark.parametrize("seed", range(3))
async def test_random_faults_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    log = [entry(number, f'{{"n": {number}}}') for number in range(1, EVENTS + 1)]
    async with bench(tmp_path, page_max=40, deadline_s=0.3) as parts:
        parts.rex.whim = whim(random)
        parts.happen(*log[:500])
        while parts.source.pages < REQUESTS or len(parts.rex.log) < EVENTS:
            known = len(parts.rex.log)
            parts.happen(*log[known : known + random.choice((0, 0, 1, 20, 200))])
            await parts.poller.step()
            assert not parts.stopped, parts.poller.status
        parts.rex.whim = None
        await parts.recover()
    found = look(tmp_path / "rex.db")
    assert found.events == expected(log)
    assert set(found.set_aside) <= {POISON, CHANGED}
    assert found.sound
