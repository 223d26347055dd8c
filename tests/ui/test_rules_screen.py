"""Rules under a pilot: a live event is a toast, a highlighted row and a command that ran; the list, and muting."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.hostile import hostile
from support.watching import SMALL, Watching, watching
from textual.widgets import OptionList

from rex_tui.demo import DemoEvent
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.screens.rules import RulesScreen
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.widgets.event_line import CURSOR_MARK, MATCH_MARK, RULE_MARK

TAKE = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"


def book(out: Path, **more: Any) -> RuleBook:
    command = (sys.executable, "-c", TAKE, str(out))
    return RuleBook(
        (
            RuleSetting(
                "Big [b]wins", "type:deal.won value>50000.00", frozenset({"highlight", "toast"}), color="success"
            ),
            RuleSetting("Hook", "type:deal.won", frozenset(), command, run_in_demo=True),
            RuleSetting("Moves", "to_stage:Negotiation", frozenset({"highlight"}), color="accent"),
            RuleSetting("Other", "filter:big", frozenset({"bell"}), place="Rule “Other” (line 9)"),
        ),
        {"PATH": os.environ["PATH"]},
        is_demo=True,
        is_own=False,
        path=str(out),
        **more,
    )


async def happens(watch: Watching, type_: str, **data: object) -> str:
    """Let an event happen in Rex, and be polled, shown, and answered by the rules; give its JSON."""
    last = len(watch.log)
    when = f"{datetime.fromtimestamp(watch.clock.now(), UTC):%Y-%m-%dT%H:%M:%SZ}"
    text = json.dumps(data)
    watch.log.append(DemoEvent(f"evt_{last:05}", type_, when, text))
    watch.clock.move(16)
    await watch.until(lambda: watch.screen._log.index.total == last + 1 and not watch.screen.rules.is_busy)
    await watch.settle()
    return json.dumps({"id": f"evt_{last:05}", "type": type_, "occurred_at": when})[:-1] + f', "data": {text}}}'


def toasts(watch: Watching) -> list[tuple[str, str]]:
    return [(str(one.title), str(one.message)) for one in watch.pilot.app._notifications]


def background(watch: Watching, row: int) -> str:
    watch.line(row)
    return str(
        {
            segment.style.bgcolor.name
            for segment in watch.table.render_line(row)
            if segment.style and segment.style.bgcolor
        }
    )


@pytest.fixture(autouse=True)
def toasts_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep toasts, so that nothing depends on how fast this machine is."""
    monkeypatch.setattr(RexTuiApp, "NOTIFICATION_TIMEOUT", 3_600)


async def test_a_live_event_is_told_highlighted_and_handed_to_a_command(tmp_path: Path) -> None:
    out = tmp_path / "out"
    async with watching(tmp_path, rules=book(out), own_names={}) as watch:
        (left,) = [words for _, words in toasts(watch)]
        assert left == "Rule “Other” is not followed here: it names a filter that is not saved for this log."
        assert watch.screen.rules.tallies["Hook"].events == 0, "history never alerts"
        assert not out.exists()
        evil = hostile("notification", "n") + hostile("closing tag", "m")
        line = await happens(watch, "deal.won", name=evil, value=9_000_000)
        await watch.until(lambda: out.exists() and out.read_text() == line + "\n")
        title, words = toasts(watch)[-1]
        assert title == "» Big [b]wins"
        assert words.startswith("deal.won · 90,000.00 USD · h")
        assert words.isprintable()
        await happens(watch, "contact.created", name="Ada")
        won, other = watch.lines[-2:]
        assert (won[:3], other[:3]) == (f"  {RULE_MARK}", f"▌{CURSOR_MARK} ")
        assert background(watch, len(watch.lines) - 2) != background(watch, len(watch.lines) - 3)
        await watch.press("up", "m")
        assert watch.lines[-2][:3] == f"★{CURSOR_MARK}{RULE_MARK}"
        watch.screen.show_text("value>80000.00", "")
        await watch.answered()
        await watch.press("backslash", "G", "up", "up")
        assert watch.lines[-2][:3] == f"★{RULE_MARK}{MATCH_MARK}", "what the reader asks for has the sign's place"
        await watch.press("a", "home", "end")
        assert watch.lines[-2][2] == RULE_MARK, "it survives scrolling"
        moved = [row for row in range(len(watch.lines)) if "→ Negotiation" in watch.line(row)]
        await watch.named()
        assert all(watch.line(row)[2] == RULE_MARK for row in moved), "stages have become known by name"
        await list_and_mute(watch)
        assert out.read_text() == line + "\n"


async def list_and_mute(watch: Watching) -> None:
    counted = len(toasts(watch))
    await watch.press("W")
    rules = watch.pilot.app.screen
    assert isinstance(rules, RulesScreen)
    listed = rules.query_one("#rules", OptionList)
    told = [str(listed.get_option_at_index(place).prompt) for place in range(4)]
    assert "» Big [b]wins  1 event · 1 alert · last 12:00:16" in told[0]
    assert told[1].splitlines()[1].strip() == "type:deal.won"
    assert "not followed here: its filter is not saved for this log" in told[3]
    await watch.pilot.press("m")
    assert rules.query_one("#rules-box").border_title == "Rules · alerts muted"
    await watch.pilot.press("escape")
    assert watch.text("#title").endswith("alerts muted")
    await happens(watch, "deal.won", name="Silent", value=9_000_000)
    assert len(toasts(watch)) == counted
    assert watch.lines[-1][2] == RULE_MARK, "highlighting goes on"
    assert [one.title for one in watch.screen.commands() if "lert" in one.title] == ["Alert again"]
    watch.screen.action_mute_alerts()
    assert "muted" not in watch.text("#title")
    await watch.press("W", "enter")
    await watch.answered()
    assert watch.screen.query_text.startswith("value>50000.00")
    assert watch.table._view.events >= 2


async def test_a_filter_that_is_dropped_leaves_its_rule_as_it_was_and_without_rules_nothing_is_said(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path, size=SMALL) as watch:
        await watch.press("W")
        assert watch.told.startswith("There are no rules. Write [[rules]] into the settings file")
        assert not [one for one in watch.screen.commands() if "lert" in one.title]
        assert isinstance(watch.pilot.app.screen, WatchScreen)
        assert not watch.screen.rules.is_busy
        watch.screen.rules.book = RuleBook(
            (RuleSetting("Big", "filter:big", frozenset({"highlight"}), place="Rule “Big”"),)
        )
        watch.screen._saved = {"big": "type:deal.*"}
        watch.screen._tick()
        await watch.settle()
        deals = [line for line in watch.lines if " deal." in line]
        assert deals
        assert all(line[2] == RULE_MARK for line in deals)
        watch.screen._saved.pop("big")
        watch.screen._tick()
        await watch.settle()
        assert watch.told.startswith("Rule “Big”: where can't be read at character 1. There is no saved filter “big”")
        assert watch.told.endswith("the rule goes on as it was.")
        assert len(watch.screen.rules.rules) == 1
