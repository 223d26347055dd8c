"""Real pseudo-terminals of several kinds: what they show, the keys as they send them, and how they are left."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import Terminal, terminal

SIZE = (100, 30)
HOME, PAGE_DOWN = "home", "page down"
KINDS = {
    "xterm-256color": {"f1": "\x1bOP", HOME: "\x1b[H"},
    "screen-256color": {"f1": "\x1bOP", HOME: "\x1b[1~"},
    "linux": {"f1": "\x1b[[A", HOME: "\x1b[1~"},
}
"""What each kind sends for keys, as terminfo has it."""
MEANS = {
    "xterm-256color": (rb"\x1b\[[0-9;]*38;5;", b"\xe2\x97\x86"),
    "screen-256color": (rb"\x1b\[[0-9;]*38;5;", b"\xe2\x97\x86"),
    "linux": (rb"\x1b\[[0-9;]*9[0-7];40m", b"$ "),
}
"""How each kind gets colours, and the sign of deals."""
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1006l", b"\x1b[?2004l")
"""Off the other screen, cursor shown, mouse off, pastes as they were."""


def leave(screen: Terminal, words: str) -> None:
    """Press Esc, and wait until these words are gone and nothing is painted: a key at once would be Alt with it."""

    def is_left() -> bool:
        before = len(screen.raw)
        screen.read()
        return len(screen.raw) == before and words not in screen.text

    screen.press("\x1b")
    screen.until_so(is_left)


def chosen_line(screen: Terminal) -> int:
    lines = [number for number, line in enumerate(screen.text.split("\n")) if "│ › " in line or "│› " in line]  # noqa: RUF001
    return lines[0] if lines else -1


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_terminal_shows_the_demo_takes_its_keys_and_is_left_as_it_was(tmp_path: Path, kind: str) -> None:
    environment = {"TERM": kind, "COLORTERM": "", "TMPDIR": str(tmp_path)}
    keys = KINDS[kind]
    with terminal(["demo", "--history", "200", "--rate", "0"], environment, *SIZE, measured=False) as screen:
        screen.until("caught up")
        screen.until_so(lambda: chosen_line(screen) > 0)
        last = chosen_line(screen)
        screen.press("\x1b[A\x1b[A")
        screen.until_so(lambda: chosen_line(screen) == last - 2)
        screen.press(keys[HOME])
        screen.until_so(lambda: 0 < chosen_line(screen) < last - 2)
        oldest = screen.text.split("\n")[4]
        screen.press("\x1b[6~")
        screen.until_so(lambda: screen.text.split("\n")[4] != oldest)
        screen.press(keys["f1"])
        screen.until("ctrl+p finds every command")
        leave(screen, "ctrl+p finds every command")
        colour, sign = MEANS[kind]
        assert re.search(colour, screen.raw)
        assert sign in screen.raw
        assert not re.search(rb"\x1b\[[0-9;]*38;2;", screen.raw), "no colours that it does not have"
        screen.resize(80, 24)
        screen.until_so(lambda: "caught up" in screen.text.split("\n")[22])
        screen.press("\x1a")
        screen.until_stopped()
        assert all(one in screen.raw for one in LEFT)
        screen.process.send_signal(signal.SIGCONT)
        screen.until("caught up")
        assert screen.raw.count(b"\x1b[?1049h") == 2
        screen.press_until("/", "Enter keeps")  # a key that comes while the terminal is made ready may be lost
        screen.press("\x11")
        assert screen.wait() == 0
    assert all(screen.raw.count(one) >= 2 for one in LEFT)
    assert screen.raw.rindex(b"\x1b[?1049l") > screen.raw.rindex(b"\x1b[?1049h")


def test_gnu_screen_which_holds_escape_back_for_the_mouse_s_sake_is_not_asked_for_it(tmp_path: Path) -> None:
    environment = {"TERM": "screen", "STY": "1.x", "COLORTERM": "", "TMPDIR": str(tmp_path)}
    with terminal(["demo", "--history", "50", "--rate", "0"], environment, *SIZE, measured=False) as screen:
        screen.until("caught up")
        screen.press("q")
        assert screen.wait() == 0
    assert b"\x1b[?1000h" not in screen.raw


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_draws_no_screen_gets_lines_and_no_escape_sequence(tmp_path: Path, term: str) -> None:
    environment = {"TERM": term, "COLORTERM": "", "TMPDIR": str(tmp_path)}
    command = ["demo", "--history", "100", "--rate", "600"]
    with terminal(command, environment, *SIZE, measured=False, interrupts=True) as screen:
        screen.until("Ctrl-C ends")
        screen.until("activity.", "contact.", "deal.", "task.")
        screen.press("\x03")
        assert screen.wait() == 0
        assert b"\x1b" not in screen.raw
    assert list(tmp_path.iterdir()) == []


def test_what_only_a_screen_can_show_is_refused_by_a_dumb_terminal(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text("")
    environment = {"TERM": "dumb", "REX_URL": "http://127.0.0.1:9", "REX_API_KEY": KEY}
    for command, words in ((["open", str(file)], "jq or grep"), (["--about", "deal_1"], "--where ID")):
        with terminal(command, environment | {"REX_TUI_STORE": str(tmp_path / "rex.db")}, measured=False) as screen:
            assert screen.wait() == 2
            assert words in " ".join(screen.text.split())
            assert b"\x1b" not in screen.raw


DIALOGS = {
    "C": "Columns",
    "K": "weekly-review",
    "'": "n notes",
    "?": "finds every command",
    "\x10": "A command, a type",
    "t": "goes there",
    "y": "as JSON",
    "\x05": "Enter writes",
    "/": "Enter keeps",
    "R": "Win rate",
    "\r": "about it",
}
"""Keys that open dialogs and screens, and what stands in each of them alone."""


def event(number: int, data: str) -> str:
    kind = ("deal.won", "contact.created", "task.created", "trigger.deal.stale")[number % 4]
    at = f"2026-03-{1 + number % 28:02}T12:00:00Z"
    return f'{{"id": "evt_{number:05}", "type": "{kind}", "occurred_at": "{at}", "data": {data}}}'


def test_in_ascii_nothing_else_is_written_on_any_screen(tmp_path: Path) -> None:
    text = "x" * 70
    events = [event(n, f'{{"deal_id": "deal_01HQ3ZK8N{n % 9}", "name": "Ada {n} {text}"}}') for n in range(60)]
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db"), "NO_COLOR": "1"}
    with serving(OtherRex(events)) as rex:
        told = environment | {"REX_URL": rex.url}
        with terminal(["--ascii"], told, 120, 35, measured=False) as screen:
            screen.until("caught up")
            screen.until("+- Events - all events - 60 of 60")
            screen.until("Enter Story")
            screen.press("m")
            screen.press("c")
            screen.until("compared with")
            for key, words in DIALOGS.items():
                screen.press(key)
                screen.until(words)
                leave(screen, words)
            screen.press("q")
            assert screen.wait() == 0
    assert [bytes([one]) for one in set(screen.raw) if one > 0x7F] == []
    assert not re.search(rb"\x1b\[(?:[0-9;]*;)?(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:;[0-9;]*)?m", screen.raw), "NO_COLOR"


def test_a_locale_without_unicode_gets_question_marks_where_there_is_no_sign(tmp_path: Path) -> None:
    events = [event(n, '{"name": "Zo\u00eb \u660e Ca\u0301t", "note": "\u2192"}') for n in range(9)]
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db"), "LC_ALL": "C", "PYTHONUTF8": "0"}
    with serving(OtherRex(events)) as rex:
        told = environment | {"REX_URL": rex.url}
        with terminal([], told, 120, 35, measured=False) as screen:
            screen.until("caught up")
            screen.until("Zo? ?? Ca")
            edges = {line.rindex("|") for line in screen.text.split("\n") if "contact.created" in line}
            assert len(edges) == 1, "every line is as wide as the others"
            screen.press("q")
            assert screen.wait() == 0
        assert screen.raw.isascii()
        with terminal(["tail", "--once", "--plain"], told, 120, 35, measured=False) as screen:
            assert screen.wait() == 0
            assert "Zo? ? Ca" in screen.text
        with terminal(["--theme", "drakula"], told, 120, 35, measured=False) as screen:
            assert screen.wait() == 2
            assert "Did you mean dracula?" in screen.text
