"""Which keys hold: presets reach every command without a clash, one's own keys go over all, and clashes are found."""

from __future__ import annotations

import pytest

from rex_tui.keymap.commands import FIXED, KEYS, RESERVED, TYPED_AT
from rex_tui.keymap.groups import CONTEXTS, COUNTERPARTS, GROUPS, TITLES
from rex_tui.keymap.keymap import USUAL, Keymap, clash_words
from rex_tui.keymap.names import types_something
from rex_tui.keymap.presets import keymap_with, preset_keys
from rex_tui.settings_options import PRESETS


def test_the_lists_speak_of_the_same_commands() -> None:
    assert {name for group in GROUPS.values() for name in group} == set(KEYS)
    assert set(TITLES) == set(GROUPS)
    used = {group for context in CONTEXTS for groups in context.nodes for group in groups}
    assert used == set(GROUPS) - {"always", "tour", "setup"}
    assert all(pair <= set(KEYS) for pair in COUNTERPARTS)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_reaches_every_command_and_nothing_clashes(preset: str) -> None:
    keymap = keymap_with(preset, {} if preset != "usual" else {"app.quit": KEYS["app.quit"]})
    assert keymap.clashes == ()
    assert [name for name in KEYS if not keymap.keys(name)] == []
    assert set(preset_keys(preset)) <= set(KEYS) - set(FIXED)
    for name, keys in preset_keys(preset).items():
        assert len(set(keys)) == len(keys)
        assert not set(keys) & set(RESERVED)
        assert name not in TYPED_AT or not any(map(types_something, keys))


def test_hands_that_know_the_program_find_their_keys() -> None:
    vim, k9s, less = (keymap_with(name) for name in ("vim", "k9s", "less"))
    for keymap, key, name in [
        *(
            (vim, key, name)
            for key, name in {"j": "move.down", "ctrl+f": "move.page_down", "G": "table.follow"}.items()
        ),
        *(
            (vim, key, name)
            for key, name in {"ctrl+d": "move.half_down", "n": "match.next", "l": "detail.open"}.items()
        ),
        *(
            (k9s, key, name)
            for key, name in {"colon": "app.commands", "d": "detail.open", "slash": "filter.ask"}.items()
        ),
        *((less, key, name) for key, name in {"space": "move.page_down", "b": "move.page_up", "h": "app.help"}.items()),
        *((less, key, name) for key, name in {"F": "table.follow", "d": "move.half_down", "q": "app.quit"}.items()),
    ]:
        assert key in keymap.keys(name), (keymap.preset, key, name)


def test_ones_own_keys_go_over_the_preset_and_none_takes_them_away() -> None:
    keymap = keymap_with("less", {"feed.pause": ("P", "f5"), "show.masked": ()})
    assert keymap.keys("feed.pause") == ("P", "f5")
    assert keymap.keys("filter.deals") == ("D",)
    assert keymap.keys("filter.all") == ("a",)
    assert keymap.keys("show.masked") == ()
    assert keymap.told("feed.pause") == "P"
    assert keymap.told("show.masked") == "ctrl+p “Mask names and amounts, or not”"
    assert {"feed.pause", "show.masked", "filter.deals"} <= set(keymap.changed)
    assert "filter.all" not in keymap.changed
    assert USUAL.changed == {}


def test_escape_stays_with_what_it_leaves() -> None:
    keymap = Keymap(own={"dialog.close": ("f2",), "pane.back": ()})
    assert keymap.keys("dialog.close") == ("f2", "escape")
    assert keymap.keys("pane.back") == ("escape",)
    assert keymap.clashes == ()


def test_of_two_commands_of_one_screen_the_one_that_was_wished_has_the_key() -> None:
    keymap = Keymap(own={"filter.deals": ("m",)})
    (clash,) = keymap.clashes
    assert (clash.first, clash.other, clash.lost) == ("filter.deals", "mark.toggle", True)
    assert keymap.keys("filter.deals") == ("m",)
    assert keymap.keys("mark.toggle") == ()
    assert clash_words(keymap) == (
        "Two commands have the same key: m is filter.deals, and mark.toggle has lost it. `rex-tui keys` lists them."
    )


def test_near_the_focus_goes_before_and_the_other_works_elsewhere() -> None:
    keymap = Keymap(own={"feed.poll": ("j",), "marks.note": ("j",), "filter.all": ("j",)})
    told = {(clash.first, clash.other): clash for clash in keymap.clashes}
    assert not told["move.down", "filter.all"].lost
    assert told["move.down", "filter.all"].place == "the table"
    assert not told["move.down", "marks.note"].lost
    assert told["filter.all", "feed.poll"].lost
    assert keymap.keys("move.down") == KEYS["move.down"]
    assert ", and 2 more clashes." in clash_words(keymap)


def test_keys_that_change_places_do_not_clash() -> None:
    assert Keymap(own={"filter.deals": ("a",), "filter.all": ("d",)}).clashes == ()
    assert Keymap(own={"filter.only": ("p",), "payload.only": ("p",)}).clashes == (), "they belong together"
    assert Keymap(own={"log.export": ("E",), "bar.keep": ("f4",)}).clashes == ()
