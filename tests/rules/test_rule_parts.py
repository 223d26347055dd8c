"""The parts of rules that need no screen: grouping, what is live, sequences for the terminal, trials."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fakes import NOW
from support.hostile import NAMES, hostile

from rex_tui.event import Event, Page
from rex_tui.feed import (
    CatchingUp,
    CaughtUp,
    Connecting,
    Following,
    FromFile,
    Paused,
    Progress,
    RateLimited,
    Retrying,
    State,
    Stopped,
)
from rex_tui.names import Names
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.bursts import Alert, Bursts
from rex_tui.rules.live import AWAY_S, LATE_S, Live, came_too_late
from rex_tui.rules.rule import read_rule
from rex_tui.rules.terminal import Way, notification, plain, way_of
from rex_tui.rules.trial import tried
from rex_tui.store import EventStore


def event(number: int, type_: str = "deal.won", at: float = NOW, received_at: float = NOW, value: int = 5) -> Event:
    when = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return Event(f"evt_{number}", type_, when, json.dumps({"value": value}), received_at, number)


def test_the_first_is_told_at_once_and_what_follows_together() -> None:
    bursts = Bursts(5.0)
    one, two, three = event(1), event(2), event(3)
    assert bursts.take("a", 1, one, 10.0) == Alert("a", one)
    assert bursts.take("b", 15, one, 10.0) == Alert("b", one, 14), "what comes together is told together"
    assert bursts.take("a", 1, two, 11.0) is None
    assert bursts.take("a", 7, three, 14.9) is None
    assert bursts.due(14.9) == []
    assert bursts.due(15.0) == [Alert("a", three, 7)]
    assert bursts.take("b", 1, two, 15.1) == Alert("b", two), "nothing waited, so the next is told at once"
    assert bursts.take("a", 1, one, 16.0) is None, "what was told together begins another wait"
    bursts.drop()
    assert bursts.due(math.inf) == []


CAUGHT_UP = CaughtUp(100.0, 115.0)
CATCHING_UP = CatchingUp(Progress())


@pytest.mark.parametrize(
    ("states", "at", "live"),
    [
        ([], 0.0, False),
        ([Connecting()], 0.0, False),
        ([Connecting(), CATCHING_UP], 0.0, False),
        ([Connecting(), CATCHING_UP, CAUGHT_UP], 115.0, True),
        ([CAUGHT_UP, CATCHING_UP], 116.0, True),  # more came within an interval than a page holds
        ([CAUGHT_UP, Retrying(1, 118.0, "no network")], 118.0, True),
        ([CAUGHT_UP, RateLimited(130.0, "slow down")], 130.0, True),
        ([CAUGHT_UP], 115.0 + AWAY_S + 1, False),  # a laptop that slept
        ([CAUGHT_UP, Retrying(9, 400.0, "no network"), CATCHING_UP], 400.0, False),
        ([CAUGHT_UP, Paused()], 116.0, False),
        ([CAUGHT_UP, Paused(), Connecting()], 116.0, False),
        ([CAUGHT_UP, Stopped("cursor", "rejected"), Connecting(), CATCHING_UP], 116.0, False),  # read again
        ([Following("7")], 1e9, True),
        ([Following("7"), Connecting()], 0.0, False),
        ([FromFile(reading=True)], 0.0, False),
    ],
)
def test_live_is_what_happens_while_we_watch(states: list[State], at: float, *, live: bool) -> None:
    told = Live()
    for state in states:
        told.entered(state)
    assert told.brings_news(at) is live
    told.begin_anew()
    assert not told.brings_news(at)


def test_after_having_been_away_it_is_live_again_once_caught_up() -> None:
    told = Live()
    told.entered(CAUGHT_UP)
    assert not told.brings_news(9_000.0)
    told.entered(CATCHING_UP)
    assert not told.brings_news(9_001.0)
    told.entered(CaughtUp(9_002.0, 9_017.0))
    assert told.brings_news(9_017.0)


def test_what_was_received_long_after_it_happened_is_no_news() -> None:
    assert not came_too_late(event(1))
    assert not came_too_late(event(1, received_at=NOW + LATE_S))
    assert came_too_late(event(1, received_at=NOW + LATE_S + 1))
    assert not came_too_late(Event("evt_1", "deal.won", "", "{}", NOW)), "nobody knows when it happened"


@pytest.mark.parametrize(
    ("environment", "way"),
    [
        ({"TERM": "xterm-256color"}, None),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "OSC 9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, "OSC 777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, "OSC 777"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WarpTerminal"}, "OSC 9"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, None),
        ({"TERM": "xterm-kitty"}, "OSC 9"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"}, "OSC 9"),
        ({"TERM": "xterm-256color", "KITTY_WINDOW_ID": "1", "TERM_PROGRAM": "vscode"}, None),
        ({"TERM": "foot"}, "OSC 777"),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2", "SSH_TTY": "/dev/pts/1"}, "OSC 9"),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t,1,0", "TERM_PROGRAM": "tmux", "WEZTERM_PANE": "0"}, "OSC 777"),
        ({"TERM": "screen-256color", "TMUX": "/tmp/t,1,0", "TERM_PROGRAM": "tmux"}, None),
        ({"TERM": "screen", "STY": "1.pts", "LC_TERMINAL": "iTerm2"}, None),
    ],
)
def test_terminals_that_show_notifications_are_known(environment: dict[str, str], way: Way | None) -> None:
    assert way_of(environment) == way


@pytest.mark.parametrize("way", ["OSC 9", "OSC 777"])
def test_whatever_others_wrote_it_is_one_sequence_and_no_command_of_another_terminal(way: Way) -> None:
    for name in NAMES:
        said = notification(way, hostile(name, "t"), hostile(name, "b"))
        assert said.startswith("\x1b]9;Rex: h" if way == "OSC 9" else "\x1b]777;notify;Rex: h")
        inner = said[2:-1]
        assert said[-1] == "\x07"
        assert not [one for one in inner if unicodedata.category(one) in ("Cc", "Cf", "Cs")]
        assert way == "OSC 9" or inner.count(";") == 3
        assert not re.search("[<>&]", inner), "some desktops read markup"
    wrapped = notification(way, "4;3", "x", in_tmux=True)
    assert re.fullmatch("\x1bPtmux;\x1b\x1b\\][^\x1b\x07]*4[;,]3[^\x1b\x07]*\x07\x1b\\\\", wrapped)


def test_texts_for_the_desktop_have_no_markup() -> None:
    assert plain('<b>R&D</b> <a href="x">', 80) == '‹b›R＆D‹/b› ‹a href="x"›'  # noqa: RUF001 - as it is shown


def test_a_trial_counts_what_would_have_been_told(tmp_path: Path) -> None:
    now = datetime.fromtimestamp(NOW, UTC)
    ages = [9 * 86_400, 3_600, 3_599, 3_598, 1_800, 60, 50]
    events = [event(n, at=NOW - age, received_at=NOW, value=n * 100_000) for n, age in enumerate(ages)]
    events.append(event(20, at=NOW + 3_600))
    events.append(event(21, "deal.lost", at=NOW - 5))
    where = "type:deal.won or name:never"
    setting = RuleSetting("Won", where, frozenset({"toast", "highlight"}), ("ring",))
    with EventStore(tmp_path / "rex.db", "https://acme.rexgtm.com") as store:
        store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
        trial = tried(read_rule(setting, now, {}, Names()), store, 7, now, 15.0, Names())
        assert (trial.events, trial.alerts, trial.runs) == (6, 5, 6)
        assert [told.row.id for told in trial.last] == ["evt_6", "evt_5", "evt_4"]
        assert trial.last[0].summary == "6,000.00 USD"
        silent = RuleSetting("Won", "", frozenset({"highlight"}))
        assert tried(read_rule(silent, now, {}, Names()), store, 1, now, 15.0, Names()).alerts == 0
