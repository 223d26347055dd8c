"""Watch rules on the screen: rows in their colours, alerts, the list of rules, and muting them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.app import SystemCommand

from rex_tui.event import Row
from rex_tui.rule_settings import RuleColor
from rex_tui.rules.rule import color_of
from rex_tui.safe_text import clean
from rex_tui.ui.keys import key_to
from rex_tui.ui.offers import Offer
from rex_tui.ui.rule_watch import Hands, RuleWatch
from rex_tui.ui.screens.name_door import NameDoor
from rex_tui.ui.session import Session

if TYPE_CHECKING:
    from rex_tui.ui.screens.rules import RuleLine

SIGN = "»"
RULE_LIMIT = 60
HIDDEN_WHERE = "a question, not shown while masking is on"
UNMASK = "Nothing was changed. {} ends masking; then {} and {} show its events."


class RuleDoor(NameDoor):
    """A screen on which rules are followed; without rules it is as if there were no such thing."""

    def __init__(self, session: Session) -> None:
        """Follow the rules of `session`."""
        super().__init__(session)
        hands = Hands(
            toast=self._toast,
            bell=self._ring,
            write=self._write,
            say=self._tell,
            failed=self._store_failed,
            run=lambda step: self.run_worker(step, group="rules"),
            names=lambda: self._log.names,
            seen=self._log.seen,
        )
        self.rules = RuleWatch(session.rules, session.store, session.clock, hands)
        self._rules_read = (dict(self._saved), self._log.known_names)

    def start_rules(self) -> None:
        """Read the rules with the filters and names that are known, and follow them from now on."""
        self._read_rules()
        self.panes.table.show_rules(self._color_of)
        self.rules.start()
        for error in self.rules.left_out:
            self._tell(f"Rule “{error.rule}” is not followed here: it names a filter that is not saved for this log.")

    def rules_tick(self) -> None:
        """Take in filters and names that have become others, and tell what has waited long enough."""
        if self.rules.book.settings:
            saved, names = self._rules_read
            if saved != self._saved or names is not self._log.known_names:
                told = {str(error) for error in self.rules.left_out}
                if self._read_rules():
                    self.panes.table.show_rules(self._color_of)
                for error in self.rules.left_out:
                    if str(error) not in told:
                        self._tell(f"{error} Until rex-tui ends, the rule goes on as it was.")
            self.rules.tick()

    def _read_rules(self) -> bool:
        self._rules_read = (dict(self._saved), self._log.known_names)
        return self.rules.read(self._now(), self._saved, self._log.known_names)

    def _color_of(self, row: Row) -> RuleColor | None:
        return color_of(self._log.true_row(row), self.rules.rules)

    def _toast(self, title: str, words: str) -> None:
        self.notify(words, title=f"{SIGN} {title}", markup=False)

    def _ring(self) -> None:
        self.app.bell()

    def _write(self, sequence: str) -> None:
        """Write a sequence to the terminal, between two frames."""
        if self.app._driver is not None:  # noqa: SLF001 - Textual's own way to the clipboard has no public twin
            self.app._driver.write(sequence)  # noqa: SLF001 - the same

    def on_unmount(self) -> None:
        """End what is asked with the screen."""
        self.rules.close()
        super().on_unmount()

    # ---- what the user does

    def rule_commands(self) -> Iterable[SystemCommand]:
        """Yield what can be done with rules, for the palette, where there are some."""
        if self.rules.book.settings:
            words = "Alert again" if self.rules.muted else "Mute alerts"
            yield SystemCommand(words, "toasts, bells, notifications and commands of rules", self.action_mute_alerts)

    def kept_offers(self) -> Iterable[Offer]:
        """Yield also an offer for each rule: to see what it asks for; none while masking is on, since that is told."""
        yield from super().kept_offers()
        for rule in () if self._log.masking else self.rules.rules:
            name, where = clean(rule.name, RULE_LIMIT), rule.setting.where
            show = partial(self.show_text, where, f"The rule “{rule.name}”")
            yield Offer(f"Rule: {name}", clean(where, 200), show)

    def action_mute_alerts(self) -> None:
        """Alert no more in this session, or again."""
        self.rules.mute(not self.rules.muted)
        self._show_feed()

    def action_rules(self) -> None:
        """List the rules, with how often each of them matched."""
        from rex_tui.ui.screens.rules import RulesScreen  # noqa: PLC0415 - a start goes faster without it

        if not self.rules.book.settings:
            path = clean(self.rules.book.path, 200)
            self._tell(f"There are no rules. Write [[rules]] into {path or 'the settings file'}; README has examples.")
            return

        def chosen(name: str | None) -> None:
            rule = next((rule for rule in self.rules.rules if rule.name == name), None)
            if rule is not None and self._log.masking is not None:
                unmask = UNMASK.format(*(key_to(self, name) for name in ("show.masked", "rules.list", "list.choose")))
                self._tell(f"The title would show what the rule “{rule.name}” asks, which may name somebody. {unmask}")
            elif rule is not None:
                self.show_text(rule.setting.where, f"The rule “{rule.name}”")

        self.app.push_screen(RulesScreen(self._rule_lines, self._switch_mute, utc=self.utc), chosen)

    def _switch_mute(self) -> bool:
        self.action_mute_alerts()
        return self.rules.muted

    def _rule_lines(self) -> tuple[list[RuleLine], bool]:
        """Give what the list says of each rule now, and whether alerts are muted."""
        from rex_tui.ui.screens.rules import RuleLine  # noqa: PLC0415 - a start goes faster without it

        read = {rule.name: rule for rule in self.rules.rules}
        lines = []
        for setting in self.rules.book.settings:
            rule = read.get(setting.name)
            idle = "" if rule is not None else "not followed here: its filter is not saved for this log"
            if rule is not None and setting.run and not self.rules.book.runs(setting):
                idle = "its command is not run in the demo"
            shown = setting if self._log.masking is None else replace(setting, where=HIDDEN_WHERE)
            lines.append(RuleLine(shown, self.rules.tallies[setting.name], idle))
        return lines, self.rules.muted

    def _show_feed(self) -> None:
        raise NotImplementedError
