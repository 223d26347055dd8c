"""The palette: what it finds beside commands, from which screen, what that does, and what it never shows."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from support.canary_log import CANARY, DEAL, canary_log, leaks, painted
from support.watching import WIDE, Watching, watching
from textual.command import CommandPalette, DiscoveryHit, Hit
from textual.content import Content
from textual.widgets import OptionList

from rex_tui.demo import DemoEvent, DemoLog
from rex_tui.query.filter import Filter
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.safe_text import clean
from rex_tui.store.notebook import Notebook
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.finds import Finds

WON = "evt_00000000000000000000000012"
RULES = RuleBook((RuleSetting("Quux wins", "type:deal.won", frozenset({"highlight"}), color="success"),))


@pytest.fixture
def kept(tmp_path: Path) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        notebook.save_filter("Quux [b]deals", 'name:"Quuxroll*"')


@pytest.fixture
async def watch(tmp_path: Path, kept: None) -> AsyncIterator[Watching]:
    async with watching(tmp_path, log=canary_log(), size=WIDE, own_names={}, rules=RULES) as running:
        running.screen.learn_names()
        running.screen.keep_place("weekly", running.screen.newest_row())
        await running.settle()
        yield running


async def offered(watch: Watching, text: str) -> dict[str, Hit | DiscoveryHit]:
    """Give what the palette's source has for a text over the screen that is seen, by title, the likeliest first."""
    provider = Finds(watch.pilot.app.screen)
    found = [hit async for hit in (provider.search(text) if text else provider.discover())]
    return {str(hit.text): hit for hit in sorted(found, key=lambda hit: -hit.score)}


async def choose(watch: Watching, text: str, title: str) -> None:
    hits = await offered(watch, text)
    assert title in hits, list(hits)
    command: Any = hits[title].command
    command()
    await watch.pilot.pause()
    await watch.settle()


async def test_types_filters_checkpoints_and_rules_are_found_by_what_they_are_called(watch: Watching) -> None:
    await choose(watch, "deal won", "Show only deal.won")
    assert watch.screen.filter == Filter.only(["deal.won"])
    assert (await offered(watch, "deal won"))["Show only deal.won"].help == "1 event"
    await choose(watch, "quux", "Filter: Quux [b]deals")
    await watch.answered()
    assert watch.screen.query_text == 'name:"Quuxroll*"'
    await choose(watch, "quux wins", "Rule: Quux wins")
    assert watch.screen.filter_text == "type:deal.won"
    await choose(watch, "since week", "Since checkpoint weekly")
    await watch.answered()
    assert watch.screen.query_text == "since:weekly"
    await choose(watch, "go week", "Go to checkpoint weekly")
    assert "Nothing of what is shown came after weekly" in watch.told
    await choose(watch, WON, f"Go to event {WON}")
    assert watch.screen.filter.is_all, "the event is gone to, whatever the filter"
    assert watch.screen_event_type == "deal.won"
    await watch.press("question_mark")
    assert await offered(watch, "deal won") == {}, "a dialog has no log to find in"


async def test_moves_within_a_pane_are_found_but_not_offered_at_once(watch: Watching) -> None:
    commands = {one.title: one.discover for one in watch.pilot.app.get_system_commands(watch.screen)}
    assert commands["Ask for events"]
    assert not commands["A bar earlier"]


async def test_ids_names_times_and_questions_are_found_in_the_log_by_another_thread(watch: Watching) -> None:
    asked, reader = [], watch.store.reader

    def told() -> Any:
        asked.append(threading.current_thread())
        return reader()

    watch.store.reader = told  # type: ignore[method-assign]
    await choose(watch, DEAL[-7:], "Story of Quuxroll out")
    assert watch.screen._lens._entity == DEAL
    await watch.pilot.press("escape")
    hits = await offered(watch, WON.lower())
    assert next(iter(hits)) == f"Go to event {WON}", "what nothing else can be stands first"
    assert "deal.won" in str(hits[f"Go to event {WON}"].help)
    await watch.press("g")
    await choose(watch, WON, f"Go to event {WON}")
    assert watch.screen_event_type == "deal.won"
    assert f"Story of {CANARY}corp Ltd" in await offered(watch, "quuxcorp")
    await choose(watch, "2026-03-05 09:00", "Go to Thu 2026-03-05 09:00:00 UTC")
    assert watch.table.cursor_seq == 5
    *_, last = await offered(watch, "quuxann")
    assert last == "Ask for quuxann"
    await choose(watch, "quuxann", last)
    await watch.answered()
    assert watch.screen.query_text == "quuxann"
    assert asked
    assert threading.main_thread() not in asked


async def test_from_story_and_review_it_leads_to_the_table_or_to_another_story(watch: Watching) -> None:
    await watch.pilot.press("R")
    await watch.until(lambda: watch.screen.review.settled)
    await choose(watch, DEAL, "Story of Quuxroll out")
    assert watch.pilot.app.screen is watch.screen._lens
    await choose(watch, "quuxother", "Story of Quuxother")
    assert watch.pilot.app.screen is watch.screen._lens
    assert watch.screen._lens._entity != DEAL
    await choose(watch, "deal won", "Show only deal.won")
    await watch.until(lambda: watch.pilot.app.screen is watch.screen)
    assert watch.screen.filter == Filter.only(["deal.won"])
    assert watch.focus == "events"
    await watch.pilot.press("R")
    await watch.until(lambda: watch.pilot.app.screen is watch.screen.review and watch.screen.review.settled)
    await choose(watch, WON, f"Go to event {WON}")
    await watch.until(lambda: watch.pilot.app.screen is watch.screen)


async def test_in_the_palette_what_is_kept_comes_first_and_what_is_typed_is_found(watch: Watching) -> None:
    watch.pilot.app.action_command_palette()
    await watch.until(lambda: isinstance(watch.pilot.app.screen, CommandPalette))
    await watch.until(lambda: watch.pilot.app.screen.query(OptionList))
    options = watch.pilot.app.screen.query_one(OptionList)
    await watch.until(lambda: options.option_count and "Filter: Quux [b]deals" in str(options.options[0].prompt))
    await watch.type(DEAL[:9].lower())
    await watch.until(lambda: options.option_count and "Story of Quuxroll out" in str(options.options[0].prompt))
    await watch.pilot.press("enter")
    await watch.until(lambda: watch.screen._lens.story is not None)
    assert watch.screen._lens._entity == DEAL


async def test_while_masking_is_on_nothing_that_it_hides_is_offered(tmp_path: Path, kept: None) -> None:
    opening = Opening(masked=True)
    async with watching(tmp_path, log=canary_log(), size=WIDE, own_names={}, rules=RULES, opening=opening) as watch:
        watch.screen.learn_names()
        await watch.settle()
        for text in ("", CANARY, "quuxann@quuxcorp.com", "Quuxnobody Atall", DEAL, "0000ABC", "7,654"):
            hits = await offered(watch, text)
            told = [f"{title}\n{hit.help}" for title, hit in hits.items() if title != f"Ask for {text}"]
            assert leaks("\n".join(told)) == [], text
        (story,) = [title for title in await offered(watch, DEAL) if title.startswith("Story of ")]
        assert story.startswith("Story of Deal ")
        assert story in await offered(watch, story.removeprefix("Story of ")), "what is seen can be typed"


async def test_hostile_names_are_neither_markup_nor_escape_sequences(tmp_path: Path) -> None:
    hostile = r"[@click=app.quit]x[/] \[b] \\[red]y[/red] [$primary]" + "\x1b[2J\u202e"
    log = DemoLog([])
    log.append(DemoEvent(hostile, hostile, "2026-03-05T10:00:00Z", json.dumps({"deal_id": hostile, "name": hostile})))
    async with watching(tmp_path, log=log, own_names={}) as watch:
        watch.screen._saved = {hostile: hostile}
        for text in (hostile, "", "click"):
            hits = await offered(watch, text)
            assert hits
            for hit in (hit for title, hit in hits.items() if title != "Ask for click"):
                shown = Content("\n").join([Content.from_markup(hit.prompt), Content.from_markup(hit.help or "")])  # type: ignore[arg-type]
                assert "[@click=app.quit]x[/]" in shown.plain
                assert shown.plain.replace("\n", "").isprintable()
                if shown.plain.startswith("Filter"):
                    assert shown.plain == f"Filter: {clean(hostile, 60)}\n{clean(hostile, 200)}", "to the letter"
                assert not [span for span in shown.spans if "click" in str(span.style)]
        await watch.pilot.press("ctrl+p")
        await watch.type("click=app")
        await watch.until(lambda: "Show only [@click=app.quit]x[/]" in painted(watch.pilot.app))
