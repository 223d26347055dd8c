"""The review taken along from the screen: the pack of files, with marks, and copies."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.watching import WIDE, Watching, watching
from textual.widgets import Input, SelectionList

from rex_tui.ui.screens.copy_menu import CopyMenu
from rex_tui.ui.screens.pack import PackScreen
from rex_tui.ui.screens.review import ReviewScreen
from rex_tui.ui.widgets.saying import Saying

NAME = "review-2026-03-09-to-2026-03-16"
FILES = [f"{NAME}{end}" for end in ("-deals.csv", ".html", ".md")]


async def review(watch: Watching) -> ReviewScreen:
    """Open the review, and wait until it is counted and shown."""
    screen = watch.screen.review
    await watch.pilot.press("R")
    await watch.until(lambda: watch.pilot.app.screen is screen and screen.review is not None and screen.settled)
    return screen


async def dialog(watch: Watching) -> PackScreen:
    await watch.pilot.press("ctrl+e")
    shown = watch.pilot.app.screen
    assert isinstance(shown, PackScreen)
    return shown


def said(shown: PackScreen) -> str:
    return str(shown.query_one("#said", Saying).render())


async def test_the_pack_is_written_with_marks_and_over_nothing_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with watching(tmp_path, size=WIDE) as watch:
        await watch.press("up", "m", "apostrophe", "n", *"call", "enter", "escape")
        screen = await review(watch)
        shown = await dialog(watch)
        assert shown.query_one("#file", Input).value == NAME
        assert said(shown) == f"into {folder}"
        await watch.pilot.press("enter")
        await watch.until(lambda: watch.pilot.app.screen is screen)
        assert watch.told == f"Wrote the review pack into {folder}: {NAME} (.html, .md, -deals.csv)."
        assert sorted(path.name for path in folder.iterdir()) == FILES
        assert {(folder / name).stat().st_mode & 0o777 for name in FILES} == {0o600}
        event = watch.store.event(299)
        assert event is not None
        for ending in (".html", ".md"):
            text = (folder / f"{NAME}{ending}").read_text()
            assert "Marks and notes" in text
            assert "call" in text
            assert event.type in text
        assert "demo organisation" in (folder / f"{NAME}.html").read_text()

        page = folder / f"{NAME}.html"
        page.write_text("mine")
        (folder / f"{NAME}.md").unlink()
        shown = await dialog(watch)
        await watch.pilot.press("shift+tab", "down", "down", "space", "enter")
        assert sorted(shown.query_one("#kinds", SelectionList).selected) == ["html", "md"]
        assert said(shown) == f"{NAME}.html is there already. Enter writes over; Esc leaves as it is."
        assert page.read_text() == "mine"
        await watch.pilot.press("escape")
        assert page.read_text() == "mine"
        shown = await dialog(watch)
        shown.query_one("#kinds", SelectionList).deselect_all()
        await watch.pilot.press("enter")
        assert said(shown) == "Choose a file with Space."
        shown.query_one("#kinds", SelectionList).select_all()
        shown.query_one("#file", Input).value = "no/such/pack"
        await watch.pilot.press("enter")
        await watch.until(lambda: "can't be written" in said(shown))
        shown.query_one("#file", Input).value = str(folder)
        await watch.pilot.press("enter", "enter")
        await watch.until(lambda: watch.pilot.app.screen is screen)
        assert page.read_text() != "mine"
        assert sorted(path.name for path in folder.iterdir()) == FILES, (
            "no part of a file is left, and nothing else was made"
        )


async def test_the_review_and_the_deal_under_the_cursor_are_copied(tmp_path: Path) -> None:
    async with watching(tmp_path, size=WIDE) as watch:
        screen = await review(watch)
        whole, screen.review = screen.review, None
        await watch.pilot.press("ctrl+e", "y")
        assert "still being counted" in watch.told
        assert watch.pilot.app.screen is screen
        screen.review = whole
        await watch.pilot.press("y")
        assert isinstance(watch.pilot.app.screen, CopyMenu)
        await watch.pilot.press("n")
        assert isinstance(watch.pilot.app.screen, CopyMenu), "no deal is selected"
        await watch.pilot.press("y")
        await watch.until(lambda: watch.copied)
        assert watch.copied[0].startswith("# Sales review: the last 7 days")
        assert "| Created |" in watch.copied[0]
        await watch.pilot.press("down")
        row = screen.deals.chosen
        assert row is not None
        for letter in "nil":
            await watch.pilot.press("y", letter)
            await watch.until(lambda: watch.pilot.app.screen is screen)
        assert watch.copied[1:3] == [row.deal.name, row.deal.id]
        assert watch.copied[3].startswith(f"{row.deal.name} · ")
