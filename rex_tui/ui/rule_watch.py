"""Rules while somebody watches: asks them of what comes, in a thread, and does what they say, grouped and bounded."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.event import Event, Grown
from rex_tui.feed import Clock, Following, State
from rex_tui.names import Names
from rex_tui.query.summary import summarise
from rex_tui.rules.book import RuleBook
from rex_tui.rules.bursts import Alert, Bursts
from rex_tui.rules.commands import Commands
from rex_tui.rules.desktop import Desktop
from rex_tui.rules.live import Live
from rex_tui.rules.matching import Matched, matched
from rex_tui.rules.rule import Rule, RuleError, row_of, same_questions
from rex_tui.safe_text import clean
from rex_tui.store import EventStore, StoreError
from rex_tui.ui.repeated import Repeated

BACKLOG_MAX: Final = 20_000
"""Events that wait to be asked about; where more come, the oldest are passed over, which is told."""
BELL_EVERY_S: Final = 1.0
TELL_DROPPED_EVERY_S: Final = 30.0
SUMMARY_MAX: Final = 200
TYPE_MAX: Final = 60
ALERTING: Final = frozenset({"toast", "bell", "notify"})


class Hands(Struct, frozen=True):
    """What the screen does for rules. All texts that it is given are clean."""

    toast: Callable[[str, str], None]
    """Show a title and a text for a moment."""
    bell: Callable[[], None]
    write: Callable[[str], None]
    """Write a sequence to the terminal."""
    say: Callable[[str], None]
    """Tell what goes wrong."""
    failed: Callable[[StoreError], None]
    """Tell that the store could not be read."""
    run: Callable[[Coroutine[None, None, None]], object]
    """Run a coroutine beside all else, until the screen is closed."""
    names: Callable[[], Names]
    seen: Callable[[Event], Event] = lambda event: event
    """Gives an event as it may be seen."""


class Tally(Struct):
    """What a rule did since the start: events that matched, alerts, events that came too late or while muted.

    `last_at` is when the last event came, in seconds since the epoch, UTC.
    """

    events: int = 0
    alerts: int = 0
    late: int = 0
    silenced: int = 0
    last_at: float | None = None


class RuleWatch:
    """Owns the rules in force, what is muted, and how often each of them matched."""

    def __init__(self, book: RuleBook, store: EventStore, clock: Clock, hands: Hands) -> None:
        """Follow the rules of `book` on the log in `store`, with the feed's `clock`."""
        self.book = book
        self.rules: tuple[Rule, ...] = ()
        self.left_out: tuple[RuleError, ...] = ()
        """Why rules are not in force, or not as they are written."""
        self.tallies = {setting.name: Tally() for setting in book.settings}
        self.muted = False
        self._store = store
        self._clock = clock
        self._hands = hands
        self._live = Live()
        self._follows = False
        self._bursts = Bursts()
        self._commands = Commands(book.environment, hands.say)
        self._desktop = Desktop(book.environment, hands.write)
        self._desktop_told = False
        self._spans: list[tuple[int, int]] = []
        self._log_number = 0
        self._bell_at = self._dropped_at = -math.inf
        self._dropped: dict[str, int] = {}
        self._asking = Repeated(self._ask, hands.run)

    # ---- the rules

    def read(self, now: datetime, saved: Mapping[str, str], names: Names) -> bool:
        """Read the queries anew, since filters or names are others; tell whether any of them asks something else."""
        rules, self.left_out = self.book.read(now, saved, names, self.rules)
        changed = not same_questions(rules, self.rules)
        if changed:
            self.rules = rules
        return changed

    def start(self) -> None:
        """Be ready to run commands, if there are any."""
        if any(map(self.book.runs, self.book.settings)):
            self._hands.run(self._commands.run())

    def mute(self, muted: bool) -> None:  # noqa: FBT001 - it is what is said
        """Alert no more in this session, or again; what waits is forgotten. Rows are highlighted all the same."""
        self.muted = muted
        self._bursts.drop()
        self._commands.forget()

    @property
    def is_busy(self) -> bool:
        """Tell whether rules are being asked of what came, or commands run."""
        return self._asking.is_busy or self._commands.busy

    # ---- from the feed

    def begin_anew(self) -> None:
        """Forget what came of another log."""
        self._log_number += 1
        self._spans.clear()
        self._live.begin_anew()
        self._bursts.drop()

    def entered(self, state: State) -> None:
        """Take in what the feed does now."""
        self._live.entered(state)
        self._follows = isinstance(state, Following)

    def grew(self, grown: Grown) -> None:
        """Ask the rules of what came, if it came live."""
        if not self.rules or not len(grown) or not self._live.brings_news(self._clock.monotonic()):
            return
        self._spans.append((grown.first, grown.last))
        over = sum(last - first + 1 for first, last in self._spans) - BACKLOG_MAX
        while over > 0:
            first, last = self._spans.pop(0)
            if (kept := last - first + 1 - over) > 0:
                self._spans.insert(0, (last - kept + 1, last))
            passed = min(over, last - first + 1)
            over -= passed
            self._dropped[""] = self._dropped.get("", 0) + passed
        self._asking.ask()

    async def _ask(self) -> None:
        spans, self._spans = self._spans, []
        number = self._log_number
        try:
            found = await asyncio.to_thread(matched, self._store, self.rules, spans, lambda: number != self._log_number)
        except StoreError as error:
            self._hands.failed(error)
            return
        if number == self._log_number:
            for rule in self.rules:
                if rule.name in found:
                    self._matched(rule, found[rule.name])

    def close(self) -> None:
        """End the asking under way, because the screen is closed."""
        self._log_number += 1

    # ---- doing

    def _matched(self, rule: Rule, found: Matched) -> None:
        tally = self.tallies[rule.name]
        tally.late += found.late
        if found.newest is None:
            return
        tally.events += found.count
        tally.last_at = found.newest.received_at
        if self.muted:
            tally.silenced += found.count if ALERTING & rule.setting.do or self.book.runs(rule.setting) else 0
            return
        if ALERTING & rule.setting.do:
            alert = self._bursts.take(rule.name, found.count, found.newest, self._clock.monotonic())
            if alert is not None:
                self._alert(alert)
        if self.book.runs(rule.setting) and not self._follows:  # then the process that writes the store runs it
            self._commands.put(rule.setting, found.to_run)
            if found.unrun:
                self._commands.drop(rule.setting, found.unrun)

    def tick(self) -> None:
        """Tell what has waited long enough, and what could not be done."""
        for alert in self._bursts.due(self._clock.monotonic()):
            self._alert(alert)
        self._tell_dropped()

    def _alert(self, alert: Alert) -> None:
        rule = next((rule for rule in self.rules if rule.name == alert.rule), None)
        if rule is None:
            return
        self.tallies[rule.name].alerts += 1
        words = alert_words(replace(alert, event=self._hands.seen(alert.event)), self._hands.names())
        if "toast" in rule.setting.do:
            self._hands.toast(rule.name, words)
        if "bell" in rule.setting.do:
            self._ring()
        if "notify" in rule.setting.do:
            self._hands.run(self._notify(rule, words))

    def _ring(self) -> None:
        now = self._clock.monotonic()
        if now >= self._bell_at + BELL_EVERY_S:
            self._bell_at = now
            self._hands.bell()

    async def _notify(self, rule: Rule, words: str) -> None:
        why = await self._desktop.notify(rule.name, words)
        if not why:
            return
        if "toast" not in rule.setting.do:
            self._hands.toast(rule.name, words)
        if not self._desktop_told:
            self._desktop_told = True
            self._hands.say(f"Desktop notifications can't be sent: {why}. Rules tell it here instead.")

    def _tell_dropped(self) -> None:
        for name, count in self._commands.take_dropped().items():
            self._dropped[name] = self._dropped.get(name, 0) + count
        now = self._clock.monotonic()
        if not self._dropped or now < self._dropped_at + TELL_DROPPED_EVERY_S:
            return
        self._dropped_at = now
        dropped, self._dropped = self._dropped, {}
        for name, count in dropped.items():
            events = f"{count:,} event{'' if count == 1 else 's'}"
            if name:
                self._hands.say(f"The command of rule “{name}” was not run for {events}: more came than it can take.")
            else:
                self._hands.say(f"The rules were not asked of {events}: more came than they can take.")


def alert_words(alert: Alert, names: Names) -> str:
    """Give what is said of an alert, clean: the type and summary of its newest event, and how many came with it."""
    told = f"{clean(alert.event.type, TYPE_MAX)} · {summarise(row_of(alert.event), names)}"
    return clean(told, SUMMARY_MAX) + (f" · and {alert.others:,} more" if alert.others else "")
