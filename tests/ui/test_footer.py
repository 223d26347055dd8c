"""The footer: what works where the focus is, as many keys as have room, and a click is like a key."""

from __future__ import annotations

from pathlib import Path

from support.watching import SMALL, WIDE, watching

from rex_tui.ui.widgets.key_footer import KeyFooter


async def test_it_follows_the_focus_and_a_click_presses_the_key(tmp_path: Path) -> None:
    async with watching(tmp_path, size=WIDE) as watch:
        footer = watch.screen.query_one(KeyFooter)

        def line() -> str:
            return str(footer.render())

        assert line().split()[:8] == ["⏎", "Story", "→", "Payload", "G", "Follow", "/", "Ask"], "what is needed first"
        assert "Fold/unfold" not in line()
        await watch.press("right")
        assert "Fold/unfold" in line()
        assert "Story" not in line()
        assert "Esc Back" in line()
        await watch.press("escape")
        assert await watch.pilot.click(KeyFooter, offset=(line().index("Deals"), 0))
        await watch.settle()
        assert watch.screen.filter.describe() == "deals"
        assert await watch.pilot.hover(KeyFooter, offset=(line().index("Deals"), 0))
        assert str(footer.tooltip) == "Show deals only"
        assert await watch.pilot.hover("#title")
        assert footer.tooltip is None
        assert not await watch.pilot.click(KeyFooter, offset=(158, 0)) or watch.screen.filter.describe() == "deals"


async def test_what_has_no_room_is_left_out_whole_but_never_the_help(tmp_path: Path) -> None:
    async with watching(tmp_path, size=SMALL) as watch:
        await watch.press("right")
        await watch.pilot.resize_terminal(300, 24)
        await watch.settle()
        whole = set(str(watch.screen.query_one(KeyFooter).render()).split())
        for width in (80, 60, 40, 20):
            await watch.pilot.resize_terminal(width, 24)
            await watch.settle()
            words = str(watch.screen.query_one(KeyFooter).render())
            assert "? Help" in words
            assert len(words) <= width
            assert set(words.split()) <= whole
