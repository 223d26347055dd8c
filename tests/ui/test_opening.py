"""Beginning with a filter or a story, as a user types it or pastes what the copy menu gave: in a real terminal."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from support.other_rex import KEY, OtherRex, serving
from support.terminal import Terminal, terminal

from rex_tui.event import Event
from rex_tui.ui.copies import Seen, copies_of

DEAL = "deal_01JQ0000000000000000000ABC"
EVENTS = [
    json.dumps(
        {
            "id": f"evt_{number:05}",
            "type": "deal.won" if number % 10 == 0 else "contact.created",
            "occurred_at": f"2026-03-16T12:00:{number % 60:02}Z",
            "data": {"deal_id": DEAL if number % 10 == 0 else "deal_other", "name": f"person {number}"},
        }
    )
    for number in range(300)
]


def leave(screen: Terminal) -> None:
    screen.press("\x11")
    assert screen.wait() == 0


def copied(seen: Seen) -> list[str]:
    """Give the words after `rex-tui` of the command that the copy menu gives."""
    text = next(one.text for one in copies_of(Event("evt_1", "t", "", "{}", 1.0), None, seen) if one.key == "r")
    assert text is not None
    name, *words = shlex.split(text)
    assert name == "rex-tui"
    return words


def test_a_store_opens_with_what_was_copied(tmp_path: Path) -> None:
    store = tmp_path / "my store.db"
    again = ("rex-tui", "--store", str(store))
    with serving(OtherRex(EVENTS)) as rex:
        environment = {"REX_API_KEY": KEY, "REX_URL": rex.url}
        where = '-type:contact.* "person 2"'
        with terminal(copied(Seen(rex.url, None, str(store), where, again=again)), environment) as screen:
            screen.until("caught up")
            screen.until("11 of 300")
            screen.until("person 290")
            screen.press("r")
            leave(screen)
        with terminal(copied(Seen(rex.url, None, str(store), where, about=DEAL, again=again)), environment) as screen:
            screen.until("30 events, 30 about it")
            screen.press("\x1b")
            screen.until("300 of 300")
            leave(screen)
        assert KEY.encode() not in screen.raw


def test_a_file_opens_with_what_was_copied(tmp_path: Path) -> None:
    file = tmp_path / "-it's $(saved).jsonl"
    file.write_text("".join(f"{line}\n" for line in EVENTS))
    again = ("rex-tui", "open", str(file))
    with terminal(copied(Seen("", None, "", "type:deal.*", again=again)), {}) as screen:
        screen.until("30 of 300")
        screen.press("y")
        screen.until("opens this view again")
        screen.press("r")
        screen.until("Copied a rex-tui command to the terminal's clipboard")
        leave(screen)
    with terminal(copied(Seen("", None, "", "", about=DEAL, again=again)), {}) as screen:
        screen.until("30 events, 30 about it")
        leave(screen)


def test_a_demo_opens_with_a_filter(tmp_path: Path) -> None:
    words = ["demo", "--history", "200", "--rate", "0", "--where", "type:deal.won"]
    with terminal(words, {"TMPDIR": str(tmp_path)}, columns=160) as screen:
        screen.until("only deal.won")
        screen.until("caught up")
        screen.press("y")
        screen.until("rex-tui demo --history 200 --rate 0.0 --where type:deal.won")
        screen.press("\x1b")
        leave(screen)


@pytest.mark.parametrize("arguments", [[], ["demo"], ["open", "x.jsonl"]])
def test_what_is_no_query_ends_with_its_place_underlined(tmp_path: Path, arguments: list[str]) -> None:
    done = run(*arguments, "--where", 'type:deal.* "never\x1b]0;x\x07', folder=tmp_path)
    assert done.returncode == 2
    said, query, place = done.stderr.splitlines()
    assert said.startswith("rex-tui: --where can't be read. This quotation mark is not closed")
    assert query == '  type:deal.* "never␛]0;x␇'
    assert place.index("^") == query.index('"')
    assert not list(tmp_path.iterdir()), "no store was made"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--where", "x", "tail"], "write them after `tail`"),
        (["--about", "x", "store", "path"], "mean nothing"),
        (["demo", "--serve", "--where", "x"], "there is no screen"),
    ],
)
def test_where_there_is_no_screen_it_says_so(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = run(*arguments, folder=tmp_path)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())


def run(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    return subprocess.run(
        [sys.executable, "-m", "rex_tui", *arguments],
        env=kept | {"REX_URL": "http://127.0.0.1:1", "REX_API_KEY": "k", "REX_TUI_STORE": str(folder / "rex.db")},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
