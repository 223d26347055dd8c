"""The review on the screen: figures, flow, days and deals of a period, chosen, sorted, filtered, and live."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from query.review.count_by_hand import count
from support.fakes import NOW
from support.watching import INTERVAL_S, MEDIUM, SMALL, WIDE, Watching, watching
from textual.widgets import Input, OptionList

from rex_tui.checkpoint import LAST_REVIEW, Checkpoint
from rex_tui.demo import DemoEvent, DemoLog, Organisation
from rex_tui.feed import CaughtUp
from rex_tui.query.review.arranging import SORTS
from rex_tui.query.review.figures import DEFINITIONS
from rex_tui.query.review.words import amount_words
from rex_tui.store.notebook import Notebook
from rex_tui.ui.screens.help import HelpScreen
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.screens.review import ReviewScreen
from rex_tui.ui.screens.review_dialogs import DefinitionsScreen, PeriodScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.day_chart import DayChart
from rex_tui.ui.widgets.deals_head import DealsHead
from rex_tui.ui.widgets.line_list import LineList
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.review_figures import TILES, ReviewFigures
from rex_tui.ui.widgets.saying import Saying

EVIL = "\x1b]52;c;aGFja2Vk\x07[red]\u202e\x9b[@click=app.quit]"
HARMLESS = "␛]52;c;aGFja2Vk␇[red]"


class Rex:
    """A Rex with four deals, whose log a test goes on with: days are those of March 2026, of which it is the 16th."""

    def __init__(self) -> None:
        self.log = DemoLog([])
        self.add("deal.created", "08T09", 1, name="Alpha rollout", value=100_000, stage_id="stg_1", owner_id="Ann Lee")
        self.add("deal.created", "10T09", 2, name="Beta pilot", value=500_000, stage_id="stg_1", owner_id="Bo Ek")
        self.add("deal.stage_changed", "11T09", 1, from_stage_id="stg_1", to_stage_id="stg_2")
        self.add("deal.created", "12T09", 3, name=f"Gamma {EVIL}", value=300_000, currency="EUR", stage_id=EVIL)
        self.add("deal.created", "13T09", 4, name="Delta audit", stage_name=EVIL, owner=EVIL)
        self.add("deal.won", "14T09", 1, name="Alpha rollout", value=110_000)
        self.add("trigger.deal.stale", "15T09", 2)

    def add(self, type_: str, at: str, deal: int, **data: object) -> None:
        data["deal_id"] = deal_id(deal)
        number = len(self.log)
        self.log.append(DemoEvent(f"evt_{number:026}", type_, f"2026-03-{at}:00:00Z", json.dumps(data)))


def deal_id(number: int) -> str:
    return f"deal_01JQ000000000000000000000{number}"


@pytest.fixture
def rex() -> Rex:
    return Rex()


@pytest.fixture
async def watch(tmp_path: Path, rex: Rex) -> AsyncIterator[Watching]:
    async with watching(tmp_path, log=rex.log, size=WIDE) as running:
        await open_review(running)
        yield running


async def open_review(watch: Watching) -> ReviewScreen:
    await watch.pilot.press("R")
    return await counted(watch)


async def counted(watch: Watching) -> ReviewScreen:
    """Wait until the review is counted and shown."""
    screen = watch.screen.review
    await watch.until(lambda: watch.pilot.app.screen is screen and screen.settled and screen.review is not None)
    await watch.until(lambda: screen.settled)
    return screen


async def press(watch: Watching, *keys: str) -> ReviewScreen:
    await watch.pilot.press(*keys)
    return await counted(watch)


def figure(watch: Watching, title: str, line: int = 1) -> str:
    """Give what stands under a tile's title, on a screen where all tiles are in one row."""
    lines = str(watch.screen.review.query_one(ReviewFigures).render()).split("\n")
    places = sorted(lines[0].index(name) for _key, name in TILES)
    begin = lines[0].index(title)
    end = next((place for place in places if place > begin), None)
    return lines[line].ljust(len(lines[0]))[begin:end].strip()


def said(watch: Watching, selector: str) -> str:
    return str(watch.screen.review.query_one(selector, Saying).render())


def painted(lines: LineList[Any]) -> list[str]:
    return [lines.render_line(row).text.rstrip() for row in range(min(len(lines), lines.size.height))]


def deals(watch: Watching) -> list[str]:
    """Give the first words of the deals that are listed."""
    return [line[3:].split(" ")[0] for line in painted(watch.screen.review.deals.lines)]


async def live(watch: Watching) -> None:
    """Let the events that a test added come."""
    last = len(watch.log)
    watch.clock.move(INTERVAL_S + 1)
    await watch.until(lambda: watch.screen._log.index.total == last)


async def test_the_figures_of_the_demo_are_what_an_independent_count_gives(tmp_path: Path) -> None:
    async with watching(tmp_path, history=3_000, size=WIDE) as watch:
        screen = await open_review(watch)
        stages = [stage.id for stage in Organisation(7).stages]
        raw = [{"type": e.type, "occurred_at": e.occurred_at, "data": json.loads(e.data)} for e in watch.log.events]
        for key, days in (("", 7), ("3d", 3)):
            if key:
                await watch.pilot.press("p")
                await watch.pilot.press("tab", *key, "enter")
                screen = await counted(watch)
            expected = count(raw, round(NOW) - days * 86_400, round(NOW), stages)
            for name, title in TILES[:4]:
                assert figure(watch, title) == f"{expected[name]:,}", title
            assert figure(watch, "Stale") == f"{expected['stale']:,}"
            assert figure(watch, "Win rate") == f"{expected['win_rate']:.0%}".replace("%", " %")
            assert figure(watch, "Days to win") == f"{expected['days_to_win']:,.1f} days"
            for title, name in (("Value won", "value_won"), ("Value lost", "value_lost")):
                shown = {figure(watch, title, line).split(" ▲")[0].split(" ▼")[0] for line in (1, 2, 3)}
                assert {amount_words(cents, code) for code, cents in expected[name].items()} <= shown
            assert expected["won"] > 1, "the demo has something to count"
            heads = said(watch, "#flow-head").split()
            flow = [
                dict(zip(heads, line.replace("·", "0").split(), strict=False)) for line in painted(screen.flow.lines)
            ]
            for stage, shown_flow in zip(stages[:-2], flow, strict=True):
                told = expected["flow"][stage]
                for head, name in (("was", "at_start"), ("in", "entered"), ("→", "forward"), ("now", "at_end")):
                    assert shown_flow[head] == str(told.get(name, 0)), (stage, name)
        assert await watch.pilot.click(screen.flow.lines, offset=(4, 0))
        await counted(watch)
        assert len(screen.deals.lines) >= int(flow[0]["now"]) > 0, "a stage without a name is found by what is shown"


async def test_a_period_is_chosen_stepped_and_typed(watch: Watching, rex: Rex) -> None:
    head = said(watch, "#review-head")
    assert "the last 7 days (no review yet) · 2026-03-09 12:00 to now · against the 7 days before" in head
    assert figure(watch, "Created") == "3"
    assert figure(watch, "Created", 2) == "▲ +2"
    await watch.pilot.press("p")
    dialog = watch.pilot.app.screen
    assert isinstance(dialog, PeriodScreen)
    words = [str(option.prompt) for option in dialog.query_one(OptionList).options]
    assert words[5].split() == ["this", "week", "2026-03-16", "to", "2026-03-22,", "not", "over", "yet"]
    await watch.pilot.click("#periods", offset=(3, 6))
    screen = await counted(watch)
    assert screen.review is not None
    assert screen.review.period.key == "last-week"
    assert "2026-03-09 to 2026-03-15" in said(watch, "#review-head")
    await press(watch, "left_square_bracket")
    assert "2026-03-02 to 2026-03-08" in said(watch, "#review-head")
    assert figure(watch, "Created") == "1"
    assert "nothing to compare with" in said(watch, "#review-head")
    await press(watch, "right_square_bracket")
    await press(watch, "right_square_bracket")
    assert "no later period" in watch.told
    await watch.pilot.click("#review-head")
    dialog = watch.pilot.app.screen
    assert isinstance(dialog, PeriodScreen)
    dialog.query_one(Input).focus()
    await watch.pilot.press(*"12x", "enter")
    assert "is no period" in str(dialog.query_one("#period-answer", Saying).render())
    assert watch.pilot.app.screen is dialog
    await watch.pilot.press("backspace", "backspace", *"0d")
    assert "the last 10 days" in str(dialog.query_one("#period-answer", Saying).render())
    await press(watch, "enter")
    assert "the last 10 days" in said(watch, "#review-head")
    await press(watch, "p", "escape")
    assert figure(watch, "Created") == "4"
    await watch.pilot.press("p")
    again = watch.pilot.app.screen
    line, answer = again.query_one(Input), again.query_one("#period-answer", Saying)
    line.focus()
    line.value = "2026-03-17..2026-03-18"
    await watch.pilot.press("enter")
    assert "has not begun yet" in str(answer.render())
    line.value = "2026-03-15..2026-03-16"
    await watch.pilot.pause()
    assert str(answer.render()) == "2026-03-15 to 2026-03-16, not over yet", "the days once"
    await press(watch, "enter")
    assert said(watch, "#review-head").startswith("Review  2026-03-15 to 2026-03-16, not over yet · against")
    watch.poller.pause()
    await watch.until(lambda: said(watch, "#review-head").endswith("· paused"))


async def test_deals_are_sorted_filtered_and_told_by_their_story(watch: Watching) -> None:
    screen = watch.screen.review
    assert deals(watch) == ["Beta", "Alpha", "Gamma", "Delta"], "USD has more deals than EUR, and is not compared"
    orders = {"value": "Beta", "last": "Alpha", "stage": "Beta", "name": "Alpha"}
    for sort in SORTS:
        assert str(screen.query_one("#deals-pane").border_title).endswith(SORTS[sort])
        assert deals(watch)[0] == orders[sort]
        await press(watch, "s")
    head = screen.query_one(DealsHead)
    assert await watch.pilot.click(head, offset=(str(head.render()).index("name") + 1, 0))
    await counted(watch)
    assert deals(watch) == ["Alpha", "Beta", "Delta", "Gamma"]
    assert "name ▾" in str(head.render())
    lines = painted(screen.deals.lines)
    assert " ".join(lines[0].split()) == "Alpha rollout won 1,100.00 USD 2 d Ann Lee stg_1 3 d → stg_2 3 d → Won"
    assert " ".join(lines[1].split()) == "! Beta pilot new 5,000.00 USD 6 d Bo Ek stg_1 6 d", "Rex warned of it"

    await watch.pilot.press("slash", *"beta bo")
    await counted(watch)
    assert deals(watch) == ["Beta"]
    assert "1 of 4" in str(screen.query_one("#deals-pane").border_title)
    assert not await _opened(watch, "enter"), "Enter keeps the filter first"
    assert await _opened(watch, "down", "enter")
    lens = watch.pilot.app.screen
    assert isinstance(lens, LensScreen)
    assert lens._entity == deal_id(2)
    await press(watch, "escape")
    assert deals(watch) == ["Beta"], "the review is as it was left"
    await press(watch, "escape")
    assert len(deals(watch)) == 4
    assert await watch.pilot.click(screen.deals.lines, offset=(5, 0))
    assert await _opened(watch)
    await watch.pilot.press("escape", "escape")
    await watch.until(lambda: isinstance(watch.pilot.app.screen, WatchScreen))


async def _opened(watch: Watching, *keys: str) -> bool:
    await watch.pilot.press(*keys)
    await watch.pilot.pause()
    screen = watch.pilot.app.screen
    if isinstance(screen, LensScreen):
        await watch.until(lambda: screen.story is not None)
    return isinstance(screen, LensScreen)


async def test_what_comes_changes_the_figures_and_what_is_below_a_lens_is_caught_up_on(
    watch: Watching, rex: Rex
) -> None:
    screen = watch.screen.review
    assert (figure(watch, "Won"), figure(watch, "Value won")) == ("1", "1,100.00 USD")
    rex.add("deal.won", "16T11", 2, value=500_000)
    await live(watch)
    await watch.until(lambda: figure(watch, "Won") == "2")
    await counted(watch)
    assert figure(watch, "Value won") == "6,100.00 USD"
    rex.add("deal.lost", "16T11", 3)
    await live(watch)
    await watch.until(lambda: figure(watch, "Lost") == "1")
    await counted(watch)
    assert await _opened(watch, "down", "enter")
    rex.add("deal.lost", "16T11", 4)
    await live(watch)
    assert screen.review is not None
    assert screen.review.figures.lost == 1, "nothing is counted for nobody"
    await press(watch, "escape")
    await watch.until(lambda: figure(watch, "Lost") == "2")
    assert screen._reviewed._folded.last == len(watch.log)


async def test_flow_matrix_days_definitions_and_help(watch: Watching) -> None:
    screen = watch.screen.review
    assert said(watch, "#flow-head").split() == ["stage", "was", "in", "→", "←", "won", "lost", "now"]
    flow = painted(screen.flow.lines)
    assert flow[0].split()[:8] == ["stg_1", "1", "1", "1", "·", "·", "·", "1"]
    assert "▇" in flow[0]
    chart = str(screen.query_one(DayChart).render())
    assert chart.rsplit("\n", maxsplit=1)[-1].split(maxsplit=1)[0] == "03-09"
    assert "created" in chart
    assert "█" in chart or "▆" in chart
    await press(watch, "m")
    assert str(screen.flow.border_title) == "Moves from stage to stage"
    assert said(watch, "#flow-head").split() == ["from", "↓", "to", "→", "stg_1", "stg_2"]
    assert painted(screen.flow.lines)[0].split() == ["stg_1", "·", "1"]
    await press(watch, "m")
    assert await watch.pilot.click(screen.flow.lines, offset=(4, 0))
    await counted(watch)
    assert deals(watch) == ["Beta"], "a click on a stage lists its deals"
    await press(watch, "escape")
    await watch.pilot.press("d")
    dialog = watch.pilot.app.screen
    assert isinstance(dialog, DefinitionsScreen)
    assert [str(one.render()) for one in dialog.query(".definition").results()] == [
        f"{one.title}\n{one.text}" for one in DEFINITIONS
    ]
    await watch.pilot.press("escape", "question_mark")
    dialog = watch.pilot.app.screen
    assert isinstance(dialog, HelpScreen)
    help_ = "\n".join(str(one.render()) for one in dialog.query(".section").results())
    await watch.pilot.press("escape")
    titles = {command.title for command in watch.pilot.app.get_system_commands(screen)}
    for words in ("Choose the period", "Mark as reviewed now", "What the figures mean"):
        assert words in help_
        assert words in titles
    for words in ("[  Period before", "Enter  Choose", "!  Stuck"):
        assert words in help_
    assert "square" not in help_


async def test_text_from_outside_is_harmless_and_what_is_not_known_is_said(watch: Watching) -> None:
    screen = watch.screen.review
    shown = [
        said(watch, "#review-head"),
        said(watch, "#unknown"),
        *painted(screen.deals.lines),
        *painted(screen.flow.lines),
    ]
    await press(watch, "m")
    shown += [said(watch, "#flow-head"), *painted(screen.flow.lines)]
    text = "".join(shown)
    assert HARMLESS[:12] in text
    assert not any(sign in text for sign in "\x1b\x07\x9b\u202e")
    assert said(watch, "#unknown").startswith("Not known: ")
    assert "Delta" in next(line for line in painted(screen.deals.lines) if "–" in line), "its value is not known"  # noqa: RUF001


async def test_a_review_begins_where_the_last_one_was_marked(watch: Watching, tmp_path: Path) -> None:
    await press(watch, "K")
    assert "Reviewed at 12:00" in watch.told
    assert "no review yet" in said(watch, "#review-head"), "what is shown stays until it is left"
    notebook = watch.screen._notebook
    await watch.until(notebook.checkpoints)
    await watch.pilot.press("p")
    first = watch.pilot.app.screen.query_one("#periods", OptionList).get_option_at_index(0).prompt
    assert "2026-03-09" in str(first), "a moment ago is no period yet"
    await watch.pilot.press("escape")
    watch.clock.elapsed += 60
    await watch.pilot.press("p", "home", "enter")
    await counted(watch)
    assert "since the last review · 2026-03-16 12:00 to now" in said(watch, "#review-head"), "what was just marked"
    newest = f"evt_{6:026}"
    with Notebook(tmp_path / "rex.db") as again:
        expected = Checkpoint(LAST_REVIEW, newest, "2026-03-15T09:00:00Z", NOW)
        assert again.checkpoints() == {LAST_REVIEW: expected}
        again.keep_checkpoint(Checkpoint("board", newest, "", NOW - 86_400 * 3))
    watch.clock.elapsed += 60
    await watch.pilot.press("escape")
    await open_review(watch)
    assert "since the last review · 2026-03-16 12:00 to now" in said(watch, "#review-head")
    assert figure(watch, "Created") == "0"
    await watch.pilot.press("p")
    listed = watch.pilot.app.screen.query_one("#periods", OptionList)
    lines = [str(listed.get_option_at_index(row).prompt) for row in (0, 1, 2)]
    assert [line.split("  ")[0] for line in lines] == ["since last review", "since board", "today"]
    await watch.pilot.press("down", "enter")
    await counted(watch)
    assert "since board · 2026-03-13 12:00 to now · against as long before" in said(watch, "#review-head")
    assert figure(watch, "Won") == "1"
    await watch.pilot.press("escape")
    notebook.drop_checkpoint("board")
    await open_review(watch)
    assert "since the last review" in said(watch, "#review-head"), "what it began at is there no more"


async def test_what_is_asked_for_in_a_lens_is_shown_in_the_table_below_the_review(watch: Watching) -> None:
    assert await _opened(watch, "down", "enter")
    lens = watch.pilot.app.screen
    assert isinstance(lens, LensScreen)
    lens.dismiss(PayloadTree.ValueAsked(("name",), "Beta pilot", "only"))
    await watch.until(lambda: isinstance(watch.pilot.app.screen, WatchScreen))
    assert "Beta pilot" in watch.screen.query_text
    await watch.answered()


@pytest.mark.parametrize("size", [SMALL, MEDIUM])
async def test_a_smaller_screen_has_flow_or_deals_or_both(tmp_path: Path, rex: Rex, size: tuple[int, int]) -> None:
    async with watching(tmp_path, log=rex.log, size=size) as watch:
        screen = await open_review(watch)
        figures, pane = screen.query_one(ReviewFigures), screen.query_one("#deals-pane")
        assert "Days to win" in str(figures.render())
        assert figures.region.bottom <= pane.region.y
        assert pane.region.bottom < size[1]
        assert screen.deals.lines.size.height > 4
        is_small = size == SMALL
        assert screen.query_one("#review-top").display is not is_small
        await press(watch, "v")
        assert not pane.display
        assert len(painted(screen.flow.lines)) > 2
        assert screen.query_one(DayChart).size.height > 3
        await press(watch, "escape")
        assert pane.display
        await press(watch, "m")
        assert screen.query_one("#review-top").display
        await watch.pilot.resize_terminal(40, 12)
        await press(watch, "s")
        await press(watch, "v")


async def test_a_period_can_be_typed_on_a_small_screen_however_many_checkpoints_there_are(
    tmp_path: Path, rex: Rex
) -> None:
    with Notebook(tmp_path / "rex.db") as notebook:
        for number in range(15):
            notebook.keep_checkpoint(Checkpoint(f"c{number}", "", "", NOW - 60 - number))
    async with watching(tmp_path, log=rex.log, size=SMALL) as watch:
        await open_review(watch)
        await watch.pilot.press("p", "tab", *"soon")
        dialog = watch.pilot.app.screen
        await watch.until(lambda: dialog.query_one("#period").max_scroll_y == dialog.query_one("#period").scroll_y)
        box, line, answer = (dialog.query_one(name).region for name in ("#period", "Input", "#period-answer"))
        assert answer.height > 3
        assert box.y < line.y < answer.y < answer.bottom < box.bottom < SMALL[1]


async def test_an_empty_log_says_so_and_another_log_is_counted_anew(tmp_path: Path) -> None:
    async with watching(tmp_path, log=DemoLog([]), size=WIDE, wait=_is_live) as watch:
        screen = await open_review(watch)
        assert figure(watch, "Created") == "0"
        assert said(watch, "#unknown") == "Not known: The log has no event about a deal yet."
        await watch.pilot.press("enter", "down", "m", "m", "v", "v")
        for event in Rex().log.events:
            watch.log.append(event)
        await live(watch)
        await watch.until(lambda: figure(watch, "Created") == "3")
        await counted(watch)
        folded = screen._reviewed._folded
        watch.screen._begin_anew()
        await counted(watch)
        assert screen._reviewed._folded is not folded
        assert folded.stopped
        assert figure(watch, "Created") == "3"


def _is_live(watch: Watching) -> bool:
    return isinstance(watch.poller.status.state, CaughtUp)


async def test_while_the_log_is_read_how_far_back_it_is_counted_is_said(watch: Watching) -> None:
    screen, moment = watch.screen.review, datetime(2026, 3, 2, tzinfo=UTC).timestamp()
    screen._show(None)
    screen._came_early(moment, None)
    assert said(watch, "#review-head").endswith("counting back to 2026-03-02 …")
    assert figure(watch, "Created") == "–"  # noqa: RUF001 - a dash for people
    now = screen._reviewed.now
    part = screen._reviewed._folded.folding.review(screen._reviewed.asked.period(now), now, complete=False)
    screen._came_early(moment, part)
    assert "counting back to 2026-03-02 … · all but changes" in said(watch, "#review-head")
    assert (figure(watch, "Created"), figure(watch, "Created", 2)) == ("3", "")
