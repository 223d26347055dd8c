"""A walk through every screen, pane and notification while a hostile Rex is watched, looking at the alignment."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from support.hostile import marker
from support.hostile_rex import ERRORS, HostileRex, can_be_header, is_text
from support.terminal import Terminal

PAINTED_S: Final = 5.0
RIGHT: Final = "\x1b[C"
SHIFT_TAB: Final = "\x1b[Z"
CURSOR_MAX: Final = 4_000
COPY: Final = b"\x1b]52;c;"
FOLDED_FROM: Final = 48


def tour(screen: Terminal, rex: HostileRex, names: Sequence[str], beside: Sequence[str], *, wide: bool) -> None:
    """See the strings of these names in every place of an event, those `beside` in all other places, and leave."""
    screen.until("caught up")
    screen.until(marker(names[-1], "t"))
    if not wide:
        screen.press(RIGHT)
        screen.until("Fold/unfold")
        screen.press(SHIFT_TAB)
        screen.until("⏎ Story")
    for name in reversed(names):
        _look_at(screen, rex, name, wide=wide)
        screen.press("kk" if wide else "k")
    _zoom(screen, names)
    _sidebar(screen, names, wide=wide)
    _help_and_palette(screen, names)
    if wide:
        _set_aside(screen, names)
    _copy(screen, len(beside), "kk" if wide else "k")
    _cursors(screen, rex, beside)
    screen.press("Y")
    screen.until_written(COPY, len(beside) + 1)
    _errors(screen, rex, beside)
    if wide:
        _gap(screen, rex, beside)
    screen.press("q")
    assert screen.wait() == 0


def check_aligned(screen: Terminal) -> None:
    """Fail where a box has a gap in its sides, or a cell of the table is not under its head, when all is painted."""
    _until_holds(screen, _check_boxes, _check_columns)


def check_boxes(screen: Terminal) -> None:
    """Fail where a box stays with a gap in its sides when all is painted."""
    _until_holds(screen, _check_boxes)


def _until_holds(screen: Terminal, *checks: Callable[[Terminal], None]) -> None:
    give_up = time.monotonic() + PAINTED_S
    while True:
        try:
            for check in checks:
                check(screen)
        except AssertionError:
            if time.monotonic() > give_up:
                raise
            screen.read()
        else:
            return


def _check_boxes(screen: Terminal) -> None:
    boxes = [
        (left, right, row)
        for row in range(screen.rows)
        for left in range(screen.columns)
        if screen.cell(left, row) == "╭"
        for right in [next((x for x in range(left, screen.columns) if screen.cell(x, row) == "╮"), left)]
    ]
    assert boxes, screen.text
    for left, right, top in boxes:
        row = top + 1
        while row < screen.rows and screen.cell(left, row) != "╰":
            assert (screen.cell(left, row), screen.cell(right, row)) == ("│", "│"), f"line {row}:\n{screen.text}"
            row += 1
        assert screen.cell(right, row) == "╯", f"line {row}:\n{screen.text}"


def _check_menu(screen: Terminal, title: str = "Copy") -> None:
    """Fail where the copy menu, or another box that covers a part of the others, has a gap in its sides."""
    head = f"╭─ {title} ·"
    corners = [
        (row, left)
        for row in range(screen.rows)
        for left in range(screen.columns)
        if "".join(screen.cell(column % screen.columns, row) for column in range(left, left + len(head))) == head
    ]
    assert corners, screen.text
    row, left = corners[0]
    right = next((column for column in range(left, screen.columns) if screen.cell(column, row) == "╮"), left)
    while screen.cell(left, row + 1) != "╰":
        row += 1
        assert row < screen.rows, screen.text
        assert (screen.cell(left, row), screen.cell(right, row)) == ("│", "│"), f"line {row}:\n{screen.text}"


def _check_columns(screen: Terminal) -> None:
    lines = [_line(screen, row) for row in range(screen.rows)]
    head = next((row for row, line in enumerate(lines) if " summary " in line), 0)
    line = lines[head]
    assert " type " in line, screen.text
    first = {"type": "○", "summary": "n", "about": "h"}
    columns = {line.index(f" {word} ") + 1: sign for word, sign in first.items() if f" {word} " in line}
    row = head + 1
    type_column = line.index(" type ") + 1
    while screen.cell(type_column, row) == "○":
        for column, sign in columns.items():
            assert screen.cell(column, row) == sign, f"line {row}, column {column}:\n{screen.text}"
            assert screen.cell(column - 1, row) == " ", f"line {row}, column {column}:\n{screen.text}"
        row += 1
    assert row > head + 1, screen.text


def _line(screen: Terminal, row: int) -> str:
    """Give a line with one character a cell."""
    return "".join((screen.cell(column, row) or " ")[0] for column in range(screen.columns))


def _look_at(screen: Terminal, rex: HostileRex, name: str, *, wide: bool) -> None:
    screen.until(marker(name, "i"))
    screen.until(marker(name, "x"))
    if wide:
        screen.until(marker(name, "n"))
    check_aligned(screen)
    if wide and is_text(rex.say(name, "a")):
        _lens(screen, name)
    said = rex.say(name, "v")
    if wide and (len(said) > FOLDED_FROM or "\n" in said):
        screen.press(RIGHT)
        screen.until("Fold/unfold")
        screen.press(" ")
        screen.until("▼ name")
        screen.press("\x1b")
        screen.until("⏎ Story")
    if not wide:  # on a wide screen the types are filtered in the sidebar
        screen.press("o")
        screen.until(f"only {marker(name, 't')}")
        check_aligned(screen)
        screen.press("a")
        screen.until("Events · all events")


def _lens(screen: Terminal, name: str) -> None:
    """Look at the string in a lens: in its head, its events, the payload, and in what the event changed."""
    screen.press("\r")
    screen.until("c Changes")
    screen.until("2 events, 2 about it")
    screen.until(marker(name, "i"))
    check_boxes(screen)
    screen.press("c")
    screen.until("compared with")
    screen.until(f"~ {marker(name, 'k')}")
    screen.until(marker(name, "u"))
    check_boxes(screen)
    screen.press("c")
    screen.until_gone("compared with")
    screen.press("q")
    screen.until("⏎ Story")


def _zoom(screen: Terminal, names: Sequence[str]) -> None:
    screen.press("G")
    screen.until(marker(names[-1], "i"))
    screen.press(RIGHT)
    screen.until("Fold/unfold")
    screen.press("z")
    screen.until_gone("Events · ")
    screen.until(marker(names[-1], "a"))
    _column(screen, names[-1])
    screen.press("z")
    screen.until("Events · ")
    screen.press("\x1b")
    screen.until("⏎ Story")


def _column(screen: Terminal, name: str) -> None:
    """Make the field under the string's name a column, see it among the columns, and take it away again."""
    screen.press("j+")
    screen.until("column")
    screen.press("C")
    screen.until(f"✓ {marker(name, 'k')}")
    _until_holds(screen, partial(_check_menu, title="Columns"))
    screen.press("\x1b")
    screen.until_gone("Columns · ")
    screen.press("+")


def _sidebar(screen: Terminal, names: Sequence[str], *, wide: bool) -> None:
    screen.press(SHIFT_TAB if wide else "s")
    screen.until("Show/hide")
    if not wide:
        screen.press("z")
        screen.until_gone("Events · ")
    screen.press("jj")
    for name in names:
        screen.until(marker(name, "t"))
        if wide:
            screen.press("x")
            screen.until(f"all but {marker(name, 't')}")
            check_aligned(screen)
        screen.press("jj")
    if not wide:
        screen.press("z")
        screen.until("Events · ")
    screen.press("\x1b")
    screen.until("⏎ Story")
    screen.press("a")
    screen.until("Events · all events")


def _help_and_palette(screen: Terminal, names: Sequence[str]) -> None:
    screen.press("?")
    screen.until("ctrl+p finds every command")
    screen.press("q")
    screen.until_gone("ctrl+p finds every command")
    types = [(marker(name, "t"), f"Show only {marker(name, 't')}") for name in names]
    for typed, found in [("copy", "Copy the cursor"), *types]:
        screen.press(f"\x10{typed}")
        screen.until(found)
        screen.press("\x1b")
        screen.until_gone(found)


def _set_aside(screen: Terminal, names: Sequence[str]) -> None:
    screen.press("e")
    screen.until("retry-quarantine tries again")
    for name in names:
        while marker(name, "q") not in screen.text:
            screen.press("\x1b[6~")
            screen.read()
    screen.press("q")
    screen.until_gone("retry-quarantine tries again")


def _copy(screen: Terminal, count: int, before: str) -> None:
    screen.press("G")
    for number in range(1, count + 1):
        screen.press("y")
        screen.until("Copy · ")
        _until_holds(screen, _check_menu)
        screen.press("y")
        screen.until_written(COPY, number)
        screen.until("Copied")
        screen.until_gone("Copy · ")
        screen.press(before)


def _cursors(screen: Terminal, rex: HostileRex, names: Sequence[str]) -> None:
    for name in names:
        cursor = rex.say(name, "c")[:CURSOR_MAX]
        if is_text(cursor):
            rex.cursor = cursor
            screen.press_until("r", f"cursor {marker(name, 'c')}")


def _errors(screen: Terminal, rex: HostileRex, names: Sequence[str]) -> None:
    for number, name in enumerate(names):
        if can_be_header(rex.say(name, "e")):
            rex.fail(name, 302)
            screen.press_until("r", "redirected to")
        rex.fail(name, ERRORS[number % len(ERRORS)])
        screen.press_until("r", marker(name, "e"))
    rex.fail(names[0], 429)
    screen.press_until("r", "slowed down by Rex")
    rex.heal()
    screen.until("caught up")


def _gap(screen: Terminal, rex: HostileRex, names: Sequence[str]) -> None:
    """Have the cursor rejected with a string, go on after it, and see the row of the gap that is written then."""
    for number, name in enumerate(names):
        rex.fail(name, 410)
        screen.press_until("r", f"(410: {marker(name, 'e')}")
        rex.fresh = [_event_after(f"first{number}")]  # an event that we know would show that nothing is missing
        rex.heal()
        screen.press("\x0e")
        screen.until("caught up")
        rex.fresh.append(_event_after(f"then{number}"))
        screen.press("G")  # the table follows, so that what comes is in sight
        screen.press_until("r", f"then{number}")
        screen.press("G")
        screen.until("╌ gap")
        screen.press("k")
        check_boxes(screen)


def _event_after(name: str) -> str:
    return f'{{"id": "evt_{name}", "type": "{name}.gap", "occurred_at": "", "data": {{}}}}'
