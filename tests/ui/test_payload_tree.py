"""The payload as a tree: any shape, any size, every number in its own spelling, every text clean."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import msgspec
import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets.tree import TreeNode

from rex_tui.payload import parse, parse_level
from rex_tui.ui.widgets.payload_parts import ITEMS_A_STEP, Branch
from rex_tui.ui.widgets.payload_tree import PayloadTree


class Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield PayloadTree()


@pytest.fixture
async def pilot() -> AsyncIterator[Pilot[None]]:
    async with Shown().run_test() as running:
        running.app.query_one(PayloadTree).focus()
        yield running


async def show(pilot: Pilot[None], text: str) -> PayloadTree:
    tree = pilot.app.query_one(PayloadTree)
    tree.show(parse(text))
    await pilot.pause()
    return tree


def outline(node: TreeNode[Branch | None], depth: int = 0) -> list[str]:
    lines = []
    for child in node.children:
        assert isinstance(child.label, Text)
        lines.append("  " * depth + child.label.plain)
        if child.is_expanded:
            lines += outline(child, depth + 1)
    return lines


async def test_small_branches_are_open_and_numbers_keep_their_spelling(pilot: Pilot[None]) -> None:
    tree = await show(pilot, '{"a": 1.50, "b": {"c": [1180591620717411303424, 1e400, true, null]}, "d": "x", "e": {}}')
    assert outline(tree.root) == [
        "a: 1.50",
        "b: {1}",
        "  c: [4]",
        "    0: 1180591620717411303424",
        "    1: 1e400",
        "    2: true",
        "    3: null",
        "d: x",
        "e: {0}",
    ]


@pytest.mark.parametrize(
    ("text", "lines"), [("[]", ["[]"]), ("{}", ["{}"]), ("null", ["null"]), ("-0.0", ["-0.0"]), ('"t"', ["t"])]
)
async def test_a_payload_of_any_kind_is_shown(pilot: Pilot[None], text: str, lines: list[str]) -> None:
    assert outline((await show(pilot, text)).root) == lines


async def test_markup_and_escape_sequences_are_only_text(pilot: Pilot[None]) -> None:
    tree = await show(pilot, json.dumps({"[/red]": "[@click=app.quit]x", "\x1b[2J": "\x1b]52;c;aGk=\x07\u202e"}))
    assert outline(tree.root) == ["[/red]: [@click=app.quit]x", "␛[2J: ␛]52;c;aGk=␇\ufffd"]


async def test_a_huge_list_comes_a_step_at_a_time(pilot: Pilot[None]) -> None:
    tree = await show(pilot, json.dumps(list(range(100_000))))
    assert len(tree.root.children) == ITEMS_A_STEP + 1
    assert outline(tree.root)[-1] == "… 99,900 more: press Enter"
    tree.cursor_line = ITEMS_A_STEP
    await pilot.press("enter")
    assert len(tree.root.children) == 2 * ITEMS_A_STEP + 1
    assert outline(tree.root)[ITEMS_A_STEP] == f"{ITEMS_A_STEP}: {ITEMS_A_STEP}"
    assert outline(tree.root)[-1] == "… 99,800 more: press Enter"


async def test_a_large_branch_is_filled_only_when_it_is_opened(pilot: Pilot[None]) -> None:
    tree = await show(pilot, json.dumps({"many": list(range(5_000))}))
    branch = tree.root.children[0]
    assert not branch.is_expanded
    assert len(branch.children) == 0
    await pilot.press("right")
    assert len(branch.children) == ITEMS_A_STEP + 1
    await pilot.press("left")
    assert not branch.is_expanded
    await pilot.press("space")
    assert branch.is_expanded
    assert len(branch.children) == ITEMS_A_STEP + 1
    await pilot.press("down", "left")
    assert tree.cursor_node is branch


async def test_a_large_payload_is_read_a_level_at_a_time(pilot: Pilot[None]) -> None:
    rows = [{"n": n, "big": 2**70, "text": "\x1b[2J" * 20} for n in range(20_000)]
    text = json.dumps({"rows": rows, "half": 1.50, "more": {"a": ["x" * 70_000]}}).replace("1.5,", "1.50,")
    tree = pilot.app.query_one(PayloadTree)
    tree.show(parse_level(text.encode()))
    await pilot.pause()
    assert outline(tree.root)[0] == "rows: [20000]"
    assert "half: 1.50" in outline(tree.root)
    await pilot.press("enter", "down")
    assert outline(tree.root)[1:4] == ["  0: {3}", "  1: {3}", "  2: {3}"]
    await pilot.press("enter")
    assert outline(tree.root)[2:4] == ["    n: 0", f"    big: {2**70}"]
    assert outline(tree.root)[4].startswith("    text: ␛[2J␛[2J")


async def test_a_part_that_cannot_be_read_is_shown_as_its_text(pilot: Pilot[None]) -> None:
    deep = "[" * 900 + "]" * 900
    tree = pilot.app.query_one(PayloadTree)
    tree.show({"deep": msgspec.Raw(deep.replace("]", "", 1).encode()), "fine": msgspec.Raw(b"1")})
    await pilot.pause()
    assert outline(tree.root)[0].startswith("deep: [[[[")
    assert outline(tree.root)[-1] == "fine: 1"


async def test_a_long_text_unfolds_into_lines(pilot: Pilot[None]) -> None:
    tree = await show(pilot, json.dumps({"note": "one\ntwo " + "word " * 40}))
    note = tree.root.children[0]
    assert outline(tree.root)[0].startswith("note: one␊two word")
    assert outline(tree.root)[0].endswith("…")
    await pilot.press("enter")
    lines = outline(note)
    assert lines[0] == "one"
    assert lines[1].startswith("two word word")
    assert " ".join(lines).split() == ("one two " + "word " * 40).split()


async def test_a_text_that_is_no_json_is_shown_in_lines(pilot: Pilot[None]) -> None:
    tree = pilot.app.query_one(PayloadTree)
    tree.show_text("[" * 1_000)
    await pilot.pause()
    assert "".join(outline(tree.root)) == "[" * 1_000


async def test_steps_with_the_keys_of_the_field(pilot: Pilot[None]) -> None:
    tree = await show(pilot, '{"a": 1, "b": 2, "c": 3}')
    await pilot.press("j", "j", "k")
    assert tree.cursor_line == 1
