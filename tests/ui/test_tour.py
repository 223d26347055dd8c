"""The tour: it goes on when the reader has done what it says, can be clicked through and left, and covers nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Final

from questions.asking import lens
from support.program import run
from support.terminal import terminal
from support.watching import Watching, watching
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widget import Widget

import rex_tui.ui
from rex_tui.keymap.commands import KEYS, TOURED
from rex_tui.keymap.keymap import USUAL, Keymap
from rex_tui.ui.opening import Opening
from rex_tui.ui.tour.progress import Progress
from rex_tui.ui.tour.seen import Seen
from rex_tui.ui.tour.steps import END, STEPS
from rex_tui.ui.tour.words import LATER, TO_DO, sentence
from rex_tui.ui.tour_app import TourApp
from rex_tui.ui.widgets.tour_box import TourBox

LARGE: Final = (100, 30)
TINY: Final = (60, 20)

DOING: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    (("up",), ("G",)),
    (("o",), ("d",)),
    (("enter",), ("escape",)),
    (("right",), ("o",)),
    (("a",), ("slash", *"won"), ("enter",)),
    (("h",), ("left",), ("enter",)),
    (("R",), ("p",), ("escape", "escape")),
    (("m",), ("y",), ("escape", "question_mark")),
)
"""The keys for each task of each step, as somebody presses them who never saw the program."""


@asynccontextmanager
async def toured(folder: Path, size: tuple[int, int] = LARGE, keymap: Keymap = USUAL) -> AsyncIterator[Watching]:
    async with watching(folder, size=size, history=300, kind=TourApp, opening=Opening(keymap=keymap)) as watch:
        app_of(watch).pause_s = 0.01  # nobody needs to see that a step is done
        yield watch


def app_of(watch: Watching) -> TourApp:
    assert isinstance(watch.pilot.app, TourApp)
    return watch.pilot.app


def box(watch: Watching) -> TourBox:
    return watch.pilot.app.screen.query_one(TourBox)


def heading(watch: Watching) -> str:
    return str(box(watch).query_one("#tour-heading", Widget).render())


def line(watch: Watching, number: int) -> str:
    signs, words = box(watch).query(".tour-sign"), box(watch).query(".tour-words")
    return f"{signs[number].render()} {words[number].render()}".strip()


async def on_step(watch: Watching, place: int) -> None:
    """Wait until the box on the screen on top says that it is this step, of the places from 1."""
    wanted = f"{place} of 8  {STEPS[place - 1].heading}" if place <= len(STEPS) else "That was the tour"
    await watch.until(lambda: watch.pilot.app.screen.query(TourBox) and heading(watch) == wanted)


def covered(watch: Watching) -> list[Widget]:
    """Give what on the screen on top shares cells with the box."""
    screen, inside = watch.pilot.app.screen, {box(watch), *box(watch).walk_children()}
    others = [one for one in screen.walk_children(Widget) if one not in inside and one.region]
    return [one for one in others if screen.find_widget(one).visible_region.intersection(box(watch).region)]


async def test_it_goes_on_by_itself_when_the_reader_does_what_it_says_and_covers_nothing(tmp_path: Path) -> None:
    async with toured(tmp_path, TINY) as watch:
        for place, doing in enumerate(DOING, 1):
            await on_step(watch, place)
            assert len(doing) == len(STEPS[place - 1].tasks)
            for done, keys in enumerate(doing):
                assert line(watch, done).startswith(TO_DO)
                if done + 1 < len(doing):
                    assert line(watch, done + 1).startswith(LATER)
                await watch.pilot.press(*keys)
                await watch.until(partial(_is_past, watch, place, done))
                assert covered(watch) == []
                assert box(watch).region.height == 4
                if (place, done) == (3, 0):
                    assert lens(watch).chapters.size.height >= 4
                assert box(watch).region.bottom == TINY[1]
        await on_step(watch, 9)
        assert "? shows all keys" in line(watch, 0)
        assert "rex-tui setup" in line(watch, 1)
        await watch.pilot.press("escape", "f4")
        assert not watch.screen.query(TourBox)


def _is_past(watch: Watching, place: int, done: int) -> bool:
    progress = app_of(watch)._progress
    return progress is not None and (progress.place, progress.done) > (place - 1, done)


async def test_what_the_reader_does_otherwise_does_not_count(tmp_path: Path) -> None:
    async with toured(tmp_path) as watch:
        await on_step(watch, 1)
        await watch.press("down", "slash", "z", "escape", "s", "escape")
        app_of(watch)._look()
        assert heading(watch).startswith("1 of 8")
        assert line(watch, 0).startswith(TO_DO)


async def test_it_can_be_clicked_through_and_left_without_doing_anything(tmp_path: Path) -> None:
    async with toured(tmp_path) as watch:
        for place in range(1, len(STEPS) + 1):
            await on_step(watch, place)
            assert await watch.pilot.click("#tour-next")
        await on_step(watch, 9)
        assert not box(watch).query_one("#tour-next").display
        assert await watch.pilot.click("#tour-back")
        await on_step(watch, 8)
        assert watch.table.follow
        assert watch.screen.filter.is_all
        assert await watch.pilot.click("#tour-leave")
        await watch.until(lambda: not watch.screen.query(TourBox))
        await watch.press("d")
        assert watch.screen.filter.describe() == "deals"


async def test_its_keys_lead_back_and_forth_also_over_a_dialog_and_what_is_done_already_does_not_go_on(
    tmp_path: Path,
) -> None:
    async with toured(tmp_path) as watch:
        await on_step(watch, 1)
        assert not box(watch).query_one("#tour-back").display
        await watch.press("f3", "d", "question_mark", "f3")
        await on_step(watch, 3)
        assert line(watch, 0) == "○ Esc leads back to the table first."
        await watch.pilot.press("escape", "f2")
        await on_step(watch, 2)
        await watch.press("x", "d")
        await on_step(watch, 3)
        await watch.press("f2", "up", "down")
        app_of(watch)._look()
        await on_step(watch, 2)


async def test_it_says_the_keys_that_hold(tmp_path: Path) -> None:
    own = {"filter.deals": ("ctrl+t", "f6"), "filter.all": (), "tour.next": ("f9",)}
    async with toured(tmp_path, keymap=Keymap(own=own)) as watch:
        await watch.press("f9")
        await on_step(watch, 2)
        await watch.until(lambda: line(watch, 1).startswith(f"{LATER} ctrl+t shows deals only; ctrl+p “Show all"))
        assert str(box(watch).query_one("#tour-next").render()) == "F9 Next"


async def test_the_palette_leads_through_it_too(tmp_path: Path) -> None:
    async with toured(tmp_path) as watch:

        def offered() -> dict[str, Callable[[], object]]:
            listed = app_of(watch).get_system_commands(app_of(watch).screen)
            return {one.title: one.callback for one in listed if one.title.startswith("Tour")}

        await on_step(watch, 1)
        assert list(offered()) == ["Tour: the next step", "Tour: leave it"]
        offered()["Tour: the next step"]()
        await on_step(watch, 2)
        offered()["Tour: the step before"]()
        await on_step(watch, 1)
        offered()["Tour: leave it"]()
        await watch.until(lambda: not watch.screen.query(TourBox))
        assert offered() == {}


def test_a_time_that_is_typed_counts_like_a_bar_that_is_gone_to() -> None:
    at_bars = Progress.begin(5, Seen(cursor=9)).after(Seen(cursor=9, focus="histogram", bar=40))
    assert at_bars.done == 1
    assert at_bars.after(Seen(cursor=10, focus="histogram", bar=40)).done == 1, "the table only follows"
    assert at_bars.after(Seen(cursor=9, focus="histogram", bar=39)).done == 2
    typing = Progress.begin(5, Seen(cursor=9)).after(Seen(screen="time", cursor=9))
    assert typing.done == 1
    assert not typing.after(Seen(cursor=9)).goes_on
    assert typing.after(Seen(cursor=3, follows=False)).goes_on


def test_every_key_that_it_speaks_of_is_bound_and_its_own_keys_are_nobody_elses() -> None:
    for step in (*STEPS, END):
        for task in step.tasks:
            for words in (task.words, task.elsewhere):
                assert "None" not in str(sentence(words, USUAL.told))
    for module in walk_packages(rex_tui.ui.__path__, "rex_tui.ui."):
        import_module(module.name)
    keys = {key for name in TOURED for key in KEYS[name]}
    bound = [one for kind in kinds_below(DOMNode) if kind is not TourApp for one in kind.__dict__.get("BINDINGS", ())]
    assert {"d", "f1", "ctrl+q"} <= {key for one in bound for key in keys_in(one)}
    assert not [one for one in bound if keys & set(keys_in(one))]


def kinds_below(kind: type[DOMNode]) -> set[type[DOMNode]]:
    return {kind}.union(*(kinds_below(one) for one in kind.__subclasses__()))


def keys_in(binding: Binding | tuple[str, ...]) -> list[str]:
    return (binding.key if isinstance(binding, Binding) else binding[0]).split(",")


def test_without_a_screen_there_is_no_tour() -> None:
    done = run("demo", "--serve", "--tour")
    assert done.returncode == 2
    assert "With --serve there is no screen to lead through" in done.stderr


def test_the_demo_begins_with_it_where_it_is_asked_for() -> None:
    with terminal(["demo", "--tour", "--history", "60"], {}) as screen:
        screen.until("1 of 8  The live table")
        screen.until("F4 Leave")
        screen.press("q")
        assert screen.wait() == 0
