"""Changed keys do what they say, in footer, help, palette and sentences too; what is typed stays what is typed."""

from __future__ import annotations

from pathlib import Path

from support.watching import MEDIUM, Watching, watching

from rex_tui.keymap.keymap import Keymap
from rex_tui.keymap.presets import keymap_with
from rex_tui.query.filter import DEALS, EVERYTHING
from rex_tui.ui.opening import Opening
from rex_tui.ui.screens.help import HelpScreen, Section
from rex_tui.ui.screens.marks import MarksScreen
from rex_tui.ui.widgets.key_footer import KeyFooter

OWN = Keymap(
    own={
        "filter.deals": ("a",),
        "filter.all": ("d", "f6"),
        "feed.pause": ("P",),
        "log.export": ("E",),
        "mark.toggle": (),
        "marks.note": ("f3",),
        "app.help": ("H",),
        "show.utc": ("m",),
        "time.go_to": ("z",),
    }
)


def footer(watch: Watching) -> str:
    return str(watch.screen.query_one(KeyFooter).render())


async def test_changed_keys_work_and_are_told_everywhere(tmp_path: Path) -> None:
    async with watching(tmp_path, size=MEDIUM, opening=Opening(keymap=OWN)) as watch:
        assert "z is time.go_to, and pane.zoom has lost it" in watch.told
        for keys, chosen in (("a", DEALS), ("d", EVERYTHING), ("a", DEALS), ("f6", EVERYTHING)):
            await watch.press(keys)
            assert watch.screen.filter == chosen
        assert " ⏎ Story " in footer(watch)
        assert footer(watch).index("s Types") < footer(watch).index("a Deals") < footer(watch).index("P Pause")
        assert "H Help" in footer(watch)
        assert "Zoom" not in footer(watch)
        await watch.press("P")
        assert "paused · P goes on" in watch.text("#status")
        await watch.press("P", "slash")
        await watch.type("Edam")
        assert watch.screen.bar.input.value == "Edam", "what types something is typed"
        await watch.press("escape", "escape")
        commands = {command.title: command for command in watch.pilot.app.get_system_commands(watch.screen)}
        assert commands["Show all events"].help == "key d F6"
        assert commands["Mark, or unmark"].help == "no key"
        assert "Keys" not in commands
        before = watch.screen.utc
        await watch.press("m", "question_mark")
        assert watch.screen.utc is not before
        assert watch.pilot.app.screen is watch.screen
        await watch.press("apostrophe")
        dialog = watch.pilot.app.screen
        assert isinstance(dialog, MarksScreen)
        assert "F3 notes" in str(dialog.query_one("#marks-box").border_subtitle)
        assert "In the table, ctrl+p “Mark, or unmark” marks" in str(dialog.query_one("#no-marks").render())
        await watch.press("escape", "H")
        help_screen = watch.pilot.app.screen
        assert isinstance(help_screen, HelpScreen)
        told = "\n".join(str(section.render()) for section in help_screen.query(Section))
        for line in (
            "d F6  Show all events",
            "P  Pause, or go on",
            "no key  Mark, or unmark",
            "F1  The keys that hold",
        ):
            assert line in told
        await watch.press("H")
        assert not help_screen.is_current


async def test_the_keys_of_less_move_by_pages_and_halves(tmp_path: Path) -> None:
    async with watching(tmp_path, size=MEDIUM, opening=Opening(keymap=keymap_with("less"))) as watch:
        table = watch.table
        rows = table._page_size - 1
        newest = watch.store.last_seq()
        for key, place in (("b", newest - rows), ("u", newest - rows - round(rows / 2)), ("d", newest - rows)):
            await watch.press(key)
            assert table.cursor_seq == place
        await watch.press("g")
        assert table.cursor_seq == 1
        await watch.press("space")
        assert table.cursor_seq == 1 + rows
        assert "caught up" in watch.text("#status"), "Space no longer pauses"
        await watch.press("F")
        assert table.follow
        await watch.press("h")
        assert isinstance(watch.pilot.app.screen, HelpScreen)
        help_screen = watch.pilot.app.screen
        await watch.press("space", "q")
        assert not help_screen.is_current


async def test_half_pages_in_types_payload_and_texts(tmp_path: Path) -> None:
    async with watching(tmp_path, size=MEDIUM) as watch:
        await watch.press("shift+tab", "home", "ctrl+d")
        types = watch.panes.types
        assert types.highlighted is not None
        assert types.highlighted >= types.scrollable_content_region.height // 2
        await watch.press("ctrl+u")
        assert types.highlighted == 0
        await watch.press("escape", "right", "ctrl+d")
        payload = watch.panes.payload
        half = payload.scrollable_content_region.height // 2
        assert payload.cursor_line == min(half, payload.last_line)
        await watch.press("ctrl+u", "escape", "f1")
        help_screen = watch.pilot.app.screen
        assert isinstance(help_screen, HelpScreen)
        box = help_screen.query_one("#help")
        await watch.press("ctrl+d")
        await watch.until(lambda: box.scroll_offset.y == box.scrollable_content_region.height // 2)
        await watch.press("f1")
        assert not help_screen.is_current
