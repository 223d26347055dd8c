"""The eight steps of the tour: what is said, and what is to be seen when the reader has done it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from msgspec import Struct

from rex_tui.query.filter import DEALS
from rex_tui.ui.tour.seen import HISTOGRAM, PAYLOAD, TABLE, Seen

Done = Callable[[Seen, Seen], bool]
"""Tells whether something is done, from what was seen when it was asked for, and what is seen now."""

BACK_FIRST: Final = "{lens.leave} leads back to the table first."


class Task(Struct, frozen=True):
    """A thing to do, in a sentence: keys stand in it by the ids of their bindings, `{filter.ask}`, what to type in `…`.

    It is done on the screen `on`, or anywhere; `elsewhere` is said on any other screen.
    """

    words: str
    done: Done
    on: str = "watch"
    elsewhere: str = BACK_FIRST

    def words_on(self, screen: str) -> str:
        """Give what to do, for a reader who has this screen before them."""
        return self.words if self.on in ("", screen) else self.elsewhere


class Step(Struct, frozen=True):
    """What is shown under one heading, in the order in which it is to be done."""

    heading: str
    tasks: tuple[Task, ...]


def _went_back_in_time(was: Seen, now: Seen) -> bool:
    """Tell whether an earlier bar was gone to, or a time that was typed."""
    by_bars = was.bar is not None and now.bar is not None and now.bar < was.bar
    return by_bars or (was.bar is None and not now.follows and now.cursor != was.cursor)


STEPS: Final = (
    Step(
        "The live table",
        (
            Task("{move.up} holds it still to be read; new ones are counted.", lambda _, now: not now.follows),
            Task("{table.follow} goes to the newest one, and follows again.", lambda _, now: now.follows),
        ),
    ),
    Step(
        "Only what matters",
        (
            Task(
                "{filter.only} shows only the selected event's type, {filter.all_but} all but it.",
                lambda was, now: now.filter not in (was.filter, DEALS) and not now.filter.is_all,
            ),
            Task(
                "{filter.deals} shows deals only; {filter.all} would show everything.",
                lambda _, now: now.filter == DEALS,
            ),
        ),
    ),
    Step(
        "The story behind an event",
        (
            Task("{table.story} tells the whole story of what an event is about.", lambda _, now: now.screen == "lens"),
            Task("{lens.leave} leads back to the table.", lambda _, now: now.screen == "watch", on=""),
        ),
    ),
    Step(
        "Ask with a value",
        (
            Task(
                "{detail.open} goes into the payload of the selected event.",
                lambda _, now: now.screen == "watch" and now.focus == PAYLOAD,
            ),
            Task(
                "{payload.only} on a line asks for all events with that value.",
                lambda was, now: bool(now.query) and now.query != was.query,
            ),
        ),
    ),
    Step(
        "Ask in words",
        (
            Task("{filter.all} shows all events again.", lambda _, now: now.filter.is_all and not now.query),
            Task(
                "{filter.ask} opens a line: type `value>50000.00`, or any words.",
                lambda _, now: now.asking and bool(now.query),
            ),
            Task("{bar.keep} keeps what is found, {bar.leave} takes it back.", lambda _, now: not now.asking),
        ),
    ),
    Step(
        "When it happened",
        (
            Task(
                "{time.histogram} goes to the bars above, {time.go_to} to a time that you type.",
                lambda _, now: now.focus == HISTOGRAM or now.screen == "time",
            ),
            Task(
                "{time.earlier} goes back in time, and the table with it.",
                _went_back_in_time,
                on="",
            ),
            Task("{time.table} goes on from there, in the table.", lambda _, now: now.focus == TABLE, on=""),
        ),
    ),
    Step(
        "The sales review",
        (
            Task("{review.open} shows what a period brought.", lambda _, now: now.screen == "review"),
            Task(
                "{review.period} offers other periods; {list.choose} takes one.",
                lambda _, now: now.screen == "period",
                on="review",
                elsewhere="{review.open} shows the review again.",
            ),
            Task("{review.leave} leads back to the table.", lambda _, now: now.screen == "watch", on=""),
        ),
    ),
    Step(
        "Keep it, take it along",
        (
            Task(
                "{mark.toggle} marks the event, {mark.list} lists such marks.", lambda was, now: now.marks > was.marks
            ),
            Task("{copy.menu} offers what can be copied of it.", lambda _, now: now.screen == "copy"),
            Task("{app.help} shows all keys.", lambda _, now: now.screen == "help"),
        ),
    ),
)

END: Final = Step(
    "That was the tour",
    (
        Task(
            "{app.help} shows all keys, {always.commands} every command by its name.", lambda _was, _now: False, on=""
        ),
        Task("`rex-tui setup` leads from here to a Rex of your own.", lambda _was, _now: False, on=""),
        Task("{tour.leave} closes this, {app.quit} the demo.", lambda _was, _now: False, on=""),
    ),
)
