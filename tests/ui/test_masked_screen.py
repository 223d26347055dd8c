"""Masking on the screen: nothing sensitive is painted, copied or written anywhere, and one key switches it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.canary_log import CANARY, CENTS, DEAL, canary_log, leaks, painted
from support.watching import SMALL, WIDE, Watching, watching
from textual.widgets import Input

from rex_tui.demo import DemoEvent, DemoLog
from rex_tui.event import SetAside
from rex_tui.export.review.pack import MASKED_WORDS
from rex_tui.masking import MASKED, Masking, Rules
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.store.notebook import Notebook
from rex_tui.store.salt import masking_salt
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.set_aside import WITHHELD
from rex_tui.ui.widgets.changes_list import ChangesList
from rex_tui.ui.widgets.event_line import RULE_MARK

CHIP = " MASKED "


class Walk:
    """Presses keys, and looks at all that is painted after each."""

    def __init__(self, watch: Watching) -> None:
        self.watch = watch
        self.seen = ""

    async def press(self, *keys: str) -> str:
        for key in keys:
            await self.watch.press(key)
            self.look(key)
        return self.seen

    def look(self, after: str = "") -> str:
        self.seen = painted(self.watch.pilot.app)
        assert leaks(self.seen) == [], f"after {after}"
        return self.seen

    async def until(self, holds: Callable[[], object]) -> str:
        await self.watch.until(holds)
        return self.look()


@pytest.fixture
def notes(tmp_path: Path) -> None:
    """Keep in the notebook what was asked, saved and noted before."""
    with Notebook(tmp_path / "rex.db") as notebook:
        notebook.save_filter("Quux deals", 'name:"Quuxroll*"')
        notebook.remember("Quuxann")
        notebook.mark(canary_log().events[3].id, "ask Quux", 1.0)


@pytest.fixture
async def masked(tmp_path: Path, notes: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Walk]:
    monkeypatch.chdir(tmp_path)
    opening = Opening(masked=True, again=("rex-tui",))
    own = {DEAL[:-1] + "D": "Quuxmine"}
    async with watching(tmp_path, log=canary_log(), size=WIDE, opening=opening, own_names=own) as watch:
        watch.screen.learn_names()
        await watch.settle()
        yield Walk(watch)


async def test_no_pane_of_the_watch_screen_shows_what_is_sensitive(masked: Walk) -> None:
    watch = masked.watch
    seen = masked.look("start")
    assert CHIP in seen
    assert f"{MASKED} EUR" in seen
    assert "Qualified → Proposal" in seen or "Proposal" in seen, "names of stages stay"
    for _ in range(len(watch.log)):  # every event with its payload
        await masked.press("up")
    for key in ("right", "down", "space", "plus", "z", "escape", "C", "escape", "y", "escape", "apostrophe", "n"):
        await masked.press(key)
    assert "Notes are neither shown nor written" in watch.told
    await masked.press("escape", "question_mark", "escape", "t", "escape", "s", "s", "h", "escape")
    await masked.press("ctrl+p")
    await watch.type("filter")
    await watch.pilot.pause()
    masked.look("palette")
    await masked.press("escape", "slash", "up")
    assert watch.screen.bar.input.value == ""
    await watch.type("filter:")
    await masked.until(lambda: watch.screen.bar._offering is None)
    assert not watch.screen.bar._offers
    await masked.press("escape", "escape")


async def test_the_search_finds_the_true_value_and_a_pseudonym_is_not_asked_for(masked: Walk) -> None:
    watch = masked.watch
    await watch.press("slash", *"quuxann", "enter")
    await watch.answered()
    assert len(watch.screen._view) == 3
    assert "quuxann" in watch.screen._said().words, "what the user typed is the user's own"
    await watch.press("escape", "escape", "g", "down")
    await watch.until(lambda: watch.panes.payload.root.children)
    await watch.press("right", "g", "down", "o")
    assert watch.panes.payload.place() is not None
    assert "is masked, so it can't be asked for" in watch.told
    assert watch.screen.query_text == ""
    watch.screen.show_text("email:quuxann@quuxcorp.com", "test")
    await watch.answered()
    masked.look("an address in the title")


async def test_story_and_changes_are_masked_and_tell_that_an_amount_changed(masked: Walk) -> None:
    watch = masked.watch
    watch.screen.open_lens(DEAL)
    lens = watch.screen._lens
    seen = await masked.until(lambda: lens.story is not None)
    assert CHIP in seen
    assert "Deal " in seen
    assert "Proposal" in seen
    for _ in range(len(lens.story.chapters if lens.story else ())):
        await masked.press("up", "c", "c")
    while lens.chapters.highlighted != 4:
        await masked.press("down")
    await masked.press("c")
    changes = lens.detail.query_one(ChangesList)
    await masked.until(lambda: "value" in str(changes.query_one("Saying").render()))
    assert f"value  {MASKED} → {MASKED}" in str(changes.query_one("Saying").render())
    await masked.press("y", "escape", "apostrophe", "escape", "m", "right", "escape")
    watch.screen._lens.dismiss()
    await watch.settle()
    watch.table.select_seq(10)  # about somebody who has no id
    await masked.press("enter")
    await masked.until(lambda: isinstance(watch.pilot.app.screen, LensScreen) and lens.story is not None)
    assert lens._entity.startswith(CANARY), "the true one is asked for"


async def test_the_review_is_masked_and_says_so_also_where_it_is_taken_along(masked: Walk, tmp_path: Path) -> None:
    watch, review = masked.watch, masked.watch.screen.review
    await watch.pilot.press("R")
    seen = await masked.until(lambda: review.review is not None and review.settled)
    assert CHIP in seen
    assert "masked" in seen.replace(CHIP, "")
    assert f"{MASKED} EUR" in seen
    assert "by last activity" in seen, "an order by hidden values would tell of them"
    for key in ("s", "s", "s", "m", "v", "v", "p", "escape", "d", "escape", "question_mark", "escape"):
        await watch.pilot.press(key)
        await masked.until(lambda: review.settled)
    for key in "ynl":
        await masked.press("y", key)
    await masked.until(lambda: len(watch.copied) == 3)
    assert leaks("\n".join(watch.copied)) == []
    assert MASKED_WORDS in watch.copied[0]
    assert "Review pack · masked" in await masked.press("ctrl+e")
    await masked.press("enter")
    await masked.until(lambda: list(tmp_path.glob("review-*")) and watch.pilot.app.screen is review)
    for file in tmp_path.glob("review-*"):
        assert leaks(file.read_text()) == [], file
    await watch.pilot.press("enter")
    await masked.until(lambda: isinstance(watch.pilot.app.screen, LensScreen) and watch.screen._lens.story is not None)


async def test_what_is_copied_and_exported_is_masked(masked: Walk, tmp_path: Path) -> None:
    watch = masked.watch
    watch.table.select_seq(4)
    await watch.settle()
    for key in "ydire":
        await masked.press("y", key)
    await masked.press("right", "g", "down", "y", "v")
    assert len(watch.copied) == 6
    assert leaks("\n".join(watch.copied)) == []
    assert [text.endswith(" --masked") for text in watch.copied].count(True) == 2
    await masked.press("escape")
    for number, kind in enumerate(("jsonl", "csv", "md", "parquet", "arrow")):
        seen = await masked.press("ctrl+e")
        assert "Export · masked" in seen
        watch.pilot.app.screen.query_one("#file", Input).value = f"mine.{kind}"
        await masked.press("shift+tab", "shift+tab", *["down"] * number, "space", "enter")
        await masked.until(lambda: watch.pilot.app.screen is watch.screen)
        assert "masked" in watch.told
        written = (tmp_path / f"mine.{kind}").read_bytes()
        assert written
        assert leaks(written.decode(errors="replace")) == []


async def test_what_was_set_aside_is_not_shown_while_masking_is_on(masked: Walk) -> None:
    watch = masked.watch
    watch.screen._log.set_aside = lambda: [SetAside(1, b"", b'{"name": "Quux"}', "no JSON", 1.0)]  # type: ignore[method-assign]
    await masked.press("e")
    assert WITHHELD in masked.seen


async def test_one_key_hides_everything_at_once_and_shows_it_again(tmp_path: Path) -> None:
    async with watching(tmp_path, log=canary_log(), size=SMALL, own_names={}) as watch:
        walk = Walk(watch)
        await watch.press("right", "escape", "g", "down")
        assert leaks(painted(watch.pilot.app))
        offered = [command.title for command in watch.pilot.app.get_system_commands(watch.screen)]
        assert any(title.startswith("Mask ") for title in offered), "the palette finds it by its name"
        await walk.press("M")
        assert CHIP in walk.seen
        assert "Masking is on" in watch.told
        await walk.press("right", "c", "c", "escape", "G")
        watch.screen.open_lens(DEAL)
        await walk.until(lambda: watch.screen._lens.story is not None)
        await watch.press("M")
        await watch.until(lambda: leaks(painted(watch.pilot.app)))
        assert CHIP not in painted(watch.pilot.app)
        await watch.press("M")
        await walk.until(lambda: watch.screen._lens.story is not None and not leaks(painted(watch.pilot.app)))
        await watch.press("q")
        walk.look()
        await watch.pilot.press("R")
        await walk.until(lambda: watch.screen.review.settled and watch.screen.review.review is not None)
        await watch.pilot.press("M")
        await watch.until(lambda: watch.screen.review.settled and leaks(painted(watch.pilot.app)))
        await watch.pilot.press("M")
        await watch.pilot.pause()
        await walk.until(lambda: watch.screen.review.settled and watch.screen.review.review is not None)
        await watch.pilot.press("escape")
        await watch.settle()
        await watch.press("M")
        assert leaks(painted(watch.pilot.app))


@pytest.mark.usefixtures("notes")
async def test_the_key_also_works_where_a_list_is_open_which_it_closes(tmp_path: Path) -> None:
    async with watching(tmp_path, log=canary_log(), size=SMALL, own_names={}) as watch:
        for dialog in ("apostrophe", "y", "C", "e", "question_mark"):
            await watch.press("g", "down", dialog)
            assert watch.pilot.app.screen is not watch.screen, dialog
            await watch.press("M")
            assert watch.pilot.app.screen is watch.screen, dialog
            assert CHIP in Walk(watch).look(dialog)
            await watch.press("M")
            assert leaks(painted(watch.pilot.app)), dialog
        await watch.press("apostrophe", "n", "M")
        note = watch.pilot.app.screen.query_one("#note", Input)
        assert note.value.endswith("M"), "in a text it is a letter"


async def test_what_came_since_and_what_rules_alert_is_masked_and_rules_ask_the_true_value(tmp_path: Path) -> None:
    def won(log: DemoLog, at: datetime) -> None:
        data = {"deal_id": DEAL, "name": "Quuxroll out", "value": CENTS, "currency": "EUR"}
        log.append(DemoEvent(f"evt_{len(log):026}", "deal.won", f"{at:%Y-%m-%dT%H:%M:%SZ}", json.dumps(data)))

    log = canary_log()
    async with watching(tmp_path, log=log) as first:
        port = urlsplit(first.server.url).port or 0
    won(log, datetime(2026, 3, 17, tzinfo=UTC))
    setting = RuleSetting("Big", 'name:"Quuxroll*" value>50000.00', frozenset({"highlight", "toast"}), color="success")
    rules, opening = RuleBook((setting,)), Opening(masked=True)
    async with watching(
        tmp_path, log=log, size=WIDE, elapsed=4 * 86_400.0, port=port, rules=rules, opening=opening
    ) as watch:
        walk = Walk(watch)
        await walk.until(lambda: watch.screen.query_one("#digest").display)
        assert "1 event since your last visit" in watch.text("#digest")
        assert "1 won (Deal " in watch.text("#digest")
        assert RULE_MARK in watch.lines[-1], "the rule asks for the true name and amount"
        won(log, datetime.fromtimestamp(watch.clock.now(), UTC))
        watch.clock.move(16)
        await walk.until(lambda: watch.pilot.app._notifications)
        assert f"deal.won · {MASKED} EUR · Deal " in watch.told
        await walk.press("W")
        assert "not shown while masking is on" in walk.seen
        await walk.press("enter")
        assert "which may name somebody" in watch.told, "neither in the title"
        await watch.press("M")
        assert "1 won (Quuxroll out, 7,654,321.00 EUR)" in watch.text("#digest")
        await walk.press("M")


async def test_pseudonyms_are_the_same_in_every_run_on_a_store(tmp_path: Path) -> None:
    async with watching(tmp_path, log=canary_log(), size=SMALL, opening=Opening(masked=True)) as watch:
        with Notebook(tmp_path / "rex.db") as other:
            masking = Masking(Rules(), masking_salt(other))
        assert masking.deal_name("Quuxother")[:10] in watch.lines[-1]
