"""Twelve questions that people ask a log, answered on the demo's screen in a few keys.

Each expected answer is counted from the raw events, without the program. A text that is typed is one key here.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from questions.asking import (
    HISTORY,
    MONDAY,
    QUESTIONS,
    Raw,
    Typed,
    ask,
    lens,
    places,
    question,
    raw,
    selected,
    shown,
)
from support.watching import WIDE, Watching, watching

from rex_tui.demo import Organisation
from rex_tui.ui.widgets.saying import Saying

STAGES = {stage.name: stage.id for stage in Organisation(7).stages}
BIG = 5_000_000  # 50,000.00, in cents
THREE_DAYS_S = 3 * 86_400.0  # so that it is Thursday
STEP = re.compile(r"(\S+) ─(\d+) (\w+)→ ")
UNITS = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}


async def on_newest(watch: Watching, event_type: str) -> None:
    """Put the cursor on the newest event of a type."""
    watch.table.select_seq([event.place for event in raw(watch.log) if event.type == event_type][-1])
    await watch.settle()


async def on_a_won_deal(watch: Watching) -> None:
    await on_newest(watch, "deal.won")


async def on_an_update(watch: Watching) -> None:
    await on_newest(watch, "deal.updated")


async def on_a_move(watch: Watching) -> None:
    await on_newest(watch, "deal.stage_changed")


def story_of(watch: Watching, id_: str) -> list[Raw]:
    return [event for event in raw(watch.log) if f'"{id_}"' in event.text]


# ---- about one thing


@question("Everything about this deal?", "enter", prepare=on_a_won_deal)
async def everything_about_this_deal(watch: Watching) -> tuple[object, object]:
    deal = selected(watch).data["deal_id"]
    story = lens(watch).story
    assert story is not None
    return places(story_of(watch, deal)), [chapter.seq for chapter in story.chapters]


@question("How long was this deal in each stage, and how did it end?", "enter", prepare=on_a_won_deal)
async def the_path_of_this_deal(watch: Watching) -> tuple[object, object]:
    won = selected(watch)
    moves = [event for event in story_of(watch, won.data["deal_id"]) if event.type == "deal.stage_changed"]
    opened = next(event for event in story_of(watch, won.data["deal_id"]) if event.type == "deal.created")
    stages = [opened.data["stage_id"], *(move.data["to_stage_id"] for move in moves[:-1])]
    times = [event.at for event in (opened, *moves)]
    lasted = [(later - earlier).total_seconds() for earlier, later in pairwise(times)]
    told = STEP.findall(str(lens(watch).query_one("#lens-path", Saying).render()))
    assert [number for number, _, _ in told] != []
    for (_, number, unit), seconds in zip(told, lasted, strict=True):
        assert abs(int(number) * UNITS[unit] - seconds) <= UNITS[unit]
    return [stage[-6:] for stage in stages], [name[-6:] for name, _, _ in told]


@question(
    "Which company is this deal with, and what else do we know of it?",
    "enter",
    "tab",
    "tab",
    "enter",
    prepare=on_a_won_deal,
)
async def the_company_behind_it(watch: Watching) -> tuple[object, object]:
    company = selected(watch).data["company_id"]
    story = lens(watch).story
    assert story is not None
    return (company, places(story_of(watch, company))), (story.id, [chapter.seq for chapter in story.chapters])


@question("What changed with this update?", "c", prepare=on_an_update)
async def what_changed(watch: Watching) -> tuple[object, object]:
    now = selected(watch)
    before = [
        event
        for event in raw(watch.log)[: now.place - 1]
        if event.type.startswith("deal.") and event.data.get("deal_id") == now.data["deal_id"]
    ][-1]
    differing = {name for name in before.data.keys() | now.data.keys() if before.data.get(name) != now.data.get(name)}
    said = watch.panes.detail.query_one("#changes-words")
    await watch.until(lambda: "compared with" in str(said.render()))
    lines = str(said.render()).splitlines()
    told = {name for name in before.data.keys() | now.data.keys() if any(name in line.split() for line in lines)}
    assert before.id[-6:] in str(said.render()) or before.type in str(said.render())
    return differing, told


# ---- about many


@question(
    "Only moves into Negotiation above 50,000, since Monday?",
    "slash",
    Typed(f"to_stage_id:{STAGES['Negotiation']} value>50000.00 since:monday"),
    "enter",
)
async def big_moves_into_negotiation(watch: Watching) -> tuple[object, object]:
    found = [
        event
        for event in raw(watch.log)
        if event.data.get("to_stage_id") == STAGES["Negotiation"] and event.data["value"] > BIG and event.at >= MONDAY
    ]
    return places(found), shown(watch)


async def asked_that_before(watch: Watching) -> None:
    await ask(watch, QUESTIONS["big_moves_into_negotiation"])
    await watch.press("a")


@question("The same as last Monday?", "slash", "up", "enter", prepare=asked_that_before)
async def the_same_again(watch: Watching) -> tuple[object, object]:
    return await big_moves_into_negotiation(watch)


@question("Only moves into this very stage?", "right", "g", "down", "down", "o", prepare=on_a_move)
async def moves_into_this_stage(watch: Watching) -> tuple[object, object]:
    stage = selected(watch).data["to_stage_id"]
    return places([event for event in raw(watch.log) if event.data.get("to_stage_id") == stage]), shown(watch)


@question("What did we win since Monday, in euros?", "slash", Typed("type:deal.won currency:EUR since:14d"), "enter")
async def won_in_euros(watch: Watching) -> tuple[object, object]:
    since = datetime.fromtimestamp(watch.clock.now(), MONDAY.tzinfo) - timedelta(days=14)
    found = [e for e in raw(watch.log) if e.type == "deal.won" and e.data["currency"] == "EUR" and e.at >= since]
    assert found
    return places(found), shown(watch)


# ---- about when


@question("What happened around 14:03 on Friday?", "t", Typed("2026-03-13 14:03"), "enter")
async def around_that_time(watch: Watching) -> tuple[object, object]:
    moment = datetime.fromisoformat("2026-03-13T14:03:00Z")
    first = next(event for event in raw(watch.log) if event.at >= moment)
    on_screen = watch.table.rows_on_screen
    assert first.place - 1 in on_screen  # with what came before and after it in sight
    assert on_screen.start < first.place - 1 < on_screen.stop - 1
    return first.id, selected(watch).id


@question("What else happened around this match?", "slash", Typed("renewal"), "enter", "backslash")
async def around_a_match(watch: Watching) -> tuple[object, object]:
    matching = [event for event in raw(watch.log) if "renewal" in (event.text + event.type + event.id).lower()]
    on_screen = watch.screen._view.seqs(watch.table.rows_on_screen.start, watch.table.rows_on_screen.stop)
    signed = [seq for line, seq in zip(watch.lines, on_screen, strict=False) if "•" in line[:3]]
    assert len(shown(watch)) == HISTORY
    return [place for place in places(matching) if place in on_screen], signed


async def two_come(watch: Watching) -> None:
    await watch.live(2)


@question("What is new since I opened this?", "slash", Typed("is:new"), "enter", prepare=two_come)
async def new_since_opened(watch: Watching) -> tuple[object, object]:
    return [HISTORY + 1, HISTORY + 2], shown(watch)


# ---- taking it along


async def on_won_deals(watch: Watching) -> None:
    await watch.press("slash", *"type:deal.won", "enter")
    await watch.answered()


@question("The won deals, for a spreadsheet?", "ctrl+e", "shift+tab", "down", "enter", prepare=on_won_deals)
async def into_a_spreadsheet(watch: Watching) -> tuple[object, object]:
    await watch.until(lambda: watch.pilot.app.screen is watch.screen)
    with next(Path().glob("*.csv")).open(newline="") as file:
        written = list(csv.DictReader(file))
    won = [event for event in raw(watch.log) if event.type == "deal.won"]
    return [(e.id, e.data["name"], str(e.data["value"])) for e in won], [
        (row["id"], row["data.name"].removeprefix("'"), row["data.value"]) for row in written
    ]


@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_is_answered(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = QUESTIONS[name]
    monkeypatch.chdir(tmp_path)
    async with watching(tmp_path, history=HISTORY, size=WIDE, elapsed=THREE_DAYS_S) as watch:
        if asked.prepare is not None:
            await asked.prepare(watch)
        await ask(watch, asked)
        expected, said = await asked.answer(watch)
        assert expected, "the demo's log has no answer to this, so nothing is shown"
        assert said == expected


def test_there_are_twelve() -> None:
    assert len(QUESTIONS) >= 12
