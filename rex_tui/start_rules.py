"""The `rules` commands at work: what they print, and with which code they end."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from rex_tui.ending import INTERRUPTED_EXIT, STORE_EXIT, USAGE_EXIT, fail, tell
from rex_tui.event import parse_time
from rex_tui.feed import SystemClock, kept_names
from rex_tui.masking import Masking
from rex_tui.query.language import local_now
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.rules.trial import Trial, tried
from rex_tui.safe_text import clean
from rex_tui.settings import load_interval, load_rules, load_store_path
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import settings_path
from rex_tui.start_book import rules_read
from rex_tui.start_masking import chosen_masking
from rex_tui.start_store import opened_store, own_names
from rex_tui.store import EventStore, StoreError

WHERE_MAX: Final = 200
HIDDEN_WHERE: Final = "a question, not shown while values are masked"
SUMMARY_MAX: Final = 100


def list_rules(store: Path | None) -> None:
    """Print each rule: its name, which events it is about, and what it does."""
    book = _book()
    rules_read(book, _store_path(store))
    if not book.settings:
        tell(_none())
    for setting in book.settings:
        tell(f"{setting.name}\n  where  {_where(setting)}\n  does   {setting.told()}")


def test_rules(store: Path | None, days: int, names: Sequence[str], format_: str, *, masked: bool | None) -> None:
    """Print what each rule, or those of these names, would have done; exits with the outcome's code if not 0."""
    book = _book()
    known = {setting.name for setting in book.settings}
    for name in names:
        if name not in known:
            listed = ", ".join(f"“{one}”" for one in sorted(known)) or "none"
            fail(f"There is no rule “{clean(name, 60)}”. Those of the settings file: {listed}.", USAGE_EXIT)
    if not book.settings:
        tell(_none() if format_ == "text" else _json([], days))
        return
    try:
        interval_s = load_interval(os.environ).value
        with opened_store(store) as opened:
            trials = _trials(book, opened, days, names, interval_s, chosen_masking(opened.path, masked))
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)
    except StoreError as error:
        fail(str(error), STORE_EXIT)
    except KeyboardInterrupt:
        fail("Interrupted. Nothing was printed.", INTERRUPTED_EXIT)
    tell(_json(trials, days) if format_ == "json" else _text(trials, days, interval_s))


def _trials(
    book: RuleBook, store: EventStore, days: int, names: Sequence[str], interval_s: float, masking: Masking | None
) -> list[Trial]:
    called = kept_names(store, own_names(), SystemClock())
    now = local_now()
    told = called if masking is None else masking.names(called)
    trials = [
        tried(rule, store, days, now, interval_s, told, masking)
        for rule in rules_read(book, store.path, called)
        if not names or rule.name in names
    ]
    return trials if masking is None else list(map(_without_question, trials))


def _without_question(trial: Trial) -> Trial:
    """Give a trial without what its rule asks, which may name somebody."""
    return replace(trial, rule=replace(trial.rule, setting=replace(trial.rule.setting, where=HIDDEN_WHERE)))


def _text(trials: Sequence[Trial], days: int, interval_s: float) -> str:
    span = "The last day" if days == 1 else f"The last {days} days"
    watched = f"as if rex-tui had watched all the time, with a poll each {interval_s:g} s"
    lines = [f"{span} of the log stored here, {watched}. Nothing was fired."]
    for trial in trials:
        setting = trial.rule.setting
        lines += ["", setting.name, f"  where  {_where(setting)}", f"  does   {setting.told()}"]
        done = [f"{trial.events:,} event{'' if trial.events == 1 else 's'}"]
        done += [f"{trial.alerts:,} alert{'' if trial.alerts == 1 else 's'}"] * bool(trial.alerts)
        done += [f"{trial.runs:,} run{'' if trial.runs == 1 else 's'} of its command"] * bool(trial.runs)
        lines.append(f"  would  {', '.join(done)}")
        for place, told in enumerate(trial.last):
            occurred = parse_time(told.row.occurred_at)
            when = "" if occurred is None else f"{occurred.astimezone():%Y-%m-%d %H:%M:%S}"
            head = "  last   " if not place else "         "
            lines.append(f"{head}{when}  {clean(told.row.type, 40)}  {clean(told.summary, SUMMARY_MAX)}")
    return "\n".join(lines)


def _json(trials: Sequence[Trial], days: int) -> str:
    rules = [
        {
            "name": trial.rule.name,
            "where": trial.rule.setting.where,
            "do": sorted(trial.rule.setting.do),
            "run": list(trial.rule.setting.run),
            "events": trial.events,
            "alerts": trial.alerts,
            "runs": trial.runs,
            "last": [
                {
                    "id": told.row.id,
                    "type": told.row.type,
                    "occurred_at": told.row.occurred_at,
                    "summary": told.summary,
                }
                for told in trial.last
            ],
        }
        for trial in trials
    ]
    return json.dumps({"format": 1, "days": days, "rules": rules}, indent=2)


def _where(setting: RuleSetting) -> str:
    return clean(setting.where, WHERE_MAX) or "every event"


def _none() -> str:
    return f"There are no rules. Write [[rules]] into {settings_path(os.environ)}; the README has examples."


def _book() -> RuleBook:
    try:
        return RuleBook(load_rules(os.environ).value)
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


def _store_path(store: Path | None) -> Path | None:
    """Give where the log is whose saved filters the rules may name, None where nothing says so."""
    try:
        return load_store_path(os.environ, store=store).value
    except SettingsError:
        return None
