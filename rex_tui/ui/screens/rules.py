"""The rules in force: what each of them is about, what it does, and how often it did so since the start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar, Final

from msgspec import Struct
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from rex_tui.rule_settings import RuleSetting
from rex_tui.safe_text import clean
from rex_tui.ui.keys import bound, key_to
from rex_tui.ui.rule_watch import Tally
from rex_tui.ui.screens.dialog import Dialog
from rex_tui.ui.widgets.choice_list import ChoiceList
from rex_tui.ui.widgets.times import in_zone

WHERE_MAX: Final = 200
TICK_S: Final = 1.0


class RuleLine(Struct, frozen=True):
    """A rule, what it did, and why it does less than it says, "" where it does not."""

    setting: RuleSetting
    tally: Tally
    idle: str = ""


class RulesScreen(Dialog[str | None]):
    """Lists rules; gives the name of the one whose events are to be shown, or None."""

    CSS_PATH = "rules.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("rules", "dialog.close", "dismiss"),
        bound("rules", "rules.list", "dismiss"),
        bound("rules", "rules.mute", "mute"),
    ]

    def __init__(
        self, lines: Callable[[], tuple[list[RuleLine], bool]], switch_mute: Callable[[], bool], *, utc: bool
    ) -> None:
        """List what `lines` gives, anew each second; `switch_mute` mutes alerts, or not, and says which."""
        super().__init__()
        self._lines = lines
        self._switch_mute = switch_mute
        self._utc = utc

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        with Vertical(id="rules-box") as box:
            box.border_subtitle = Content(
                f"{key_to(self, 'list.choose')} shows its events · {key_to(self, 'rules.mute')} mutes all · Esc closes"
            )
            yield ChoiceList(id="rules", markup=False)

    def on_mount(self) -> None:
        """Show the rules, and go on counting."""
        self._show()
        self.set_interval(TICK_S, self._show)

    def _show(self) -> None:
        lines, muted = self._lines()
        self.query_one("#rules-box").border_title = Content("Rules · alerts muted" if muted else "Rules")
        told = [self._told(line) for line in lines]
        listed = self.query_one("#rules", OptionList)
        if listed.option_count != len(told):
            listed.add_options(map(Option, told))
            listed.highlighted = 0
            listed.focus()
        for place, one in enumerate(told):
            if listed.get_option_at_index(place).prompt != one:
                listed.replace_option_prompt_at_index(place, one)

    def _told(self, line: RuleLine) -> Content:
        setting, tally = line.setting, line.tally
        head = Content.assemble(
            (f"» {setting.name}", f"bold ${setting.color}"), "  ", (self._counted(tally), "$foreground")
        )
        where = clean(setting.where, WHERE_MAX) or "every event"
        does = Content.styled(setting.told(), "$rex-faint")
        if line.idle:
            does = Content.assemble((line.idle, "$warning"), (" · ", "$rex-faint"), does)
        return Content("\n").join([head, Content.styled(f"  {where}", "$text-muted"), "  " + does])

    def _counted(self, tally: Tally) -> str:
        parts = [_of(tally.events, "event") if tally.events else "no event yet"]
        parts += [_of(tally.alerts, "alert")] * bool(tally.alerts)
        parts += [f"{tally.silenced:,} while muted"] * bool(tally.silenced)
        parts += [f"{tally.late:,} too old to alert"] * bool(tally.late)
        if tally.last_at is not None:
            last = in_zone(datetime.fromtimestamp(tally.last_at, UTC), utc=self._utc)
            parts.append(f"last {last:%H:%M:%S}")
        return " · ".join(parts)

    def action_mute(self) -> None:
        """Alert no more in this session, or again."""
        self._switch_mute()
        self._show()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._lines()[0][event.option_index].setting.name)


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
