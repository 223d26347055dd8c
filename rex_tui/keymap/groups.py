"""Which commands there are where: on a screen, in a widget of it; and which of these take keys together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from msgspec import Struct


def _moves(one: str, *, without: tuple[str, ...] = ()) -> dict[str, str]:
    """Give the commands that move through lines, `one` being what a line is."""
    moves = {
        "move.up": f"{one} before",
        "move.down": f"{one} after",
        "move.page_up": "Page up",
        "move.page_down": "Page down",
        "move.half_up": "Half a page up",
        "move.half_down": "Half a page down",
        "move.first": "First",
        "move.last": "Last",
    }
    return {name: words for name, words in moves.items() if name not in without}


_SIZES: Final = {
    "pane.wider": "Make this pane wider",
    "pane.narrower": "Make it narrower",
    "pane.taller": "Make it taller",
    "pane.lower": "Make it lower",
}
_PANES: Final = _SIZES | {"pane.next": "Next pane", "pane.previous": "Pane before"}
_HELP: Final = {"app.help": "Show all keys", "app.commands": "Every command by name"}

GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "always": {
        "always.quit": "Quit",
        "always.commands": "Every command by name",
        "always.help": "The keys that hold",
        "always.suspend": "To the shell, until fg",
    },
    "watch": {
        "filter.ask": "Ask for events",
        "pane.types": "Open or close the types",
        "filter.deals": "Show deals only",
        "filter.all": "Show all events",
        "filter.only": "Show only this type",
        **_HELP,
        "app.quit": "Quit",
        "review.open": "Review what a period brought",
        "feed.pause": "Pause, or go on",
        "filter.all_but": "Show all but this type",
        "feed.poll": "Ask Rex for news at once",
        "detail.changes": "What the event changed",
        "copy.menu": "Copy …; then y: as JSON",
        "pane.zoom": "Zoom this pane, or back",
        "show.utc": "Times in UTC or local",
        "filter.switch": "Only matches, or all",
        "match.next": "Next match",
        "match.before": "Match before",
        "filter.save": "Save the filter",
        "mark.toggle": "Mark, or unmark",
        "mark.list": "List marks",
        "checkpoint.keep": "Keep this place",
        "log.export": "Export to a file",
        "time.go_to": "Go to a time",
        "time.histogram": "Move along the histogram",
        "show.relative": "Times, or how long ago",
        "rules.list": "Watch rules, and muting them",
        "table.columns": "Choose the table's columns",
        "show.masked": "Mask names and amounts, or not",
        "copy.cursor": "Copy the cursor",
        "pane.back": "Back to the table",
        "log.set_aside": "List what was set aside",
        "feed.go_on": "Go on at the end of Rex's log",
        "feed.read_again": "Read the log from its start",
        **_PANES,
    },
    "since": {"since.first": "To the first new event"},
    "tour": {"tour.back": "Tour: the step before", "tour.next": "Tour: the next step", "tour.leave": "Tour: leave it"},
    "table": {
        "table.story": "The story of whom it is about",
        "detail.open": "Look into the payload",
        "table.follow": "Newest, and follow",
        **_moves("Event", without=("move.last",)),
    },
    "types": {
        **_moves("Line"),
        "list.choose": "Show or hide it, or ask the saved filter",
        "types.toggle": "Show or hide it",
        "types.forget": "Forget this saved filter",
        "pane.back": "Back",
    },
    "payload": {
        **_moves("Line"),
        "payload.fold": "Fold/unfold",
        "payload.story": "Story of an id",
        "payload.column": "Make it a column, or undo",
        "pane.back": "Back",
        **_SIZES,
        "payload.close": "Fold",
        "payload.open": "Unfold",
        "payload.only": "Only events with this value",
        "payload.all_but": "All events but those with this value",
        "payload.least": "This value, or more",
        "payload.most": "This value, or less",
    },
    "text": _moves("Line"),
    "changes": {"pane.back": "Back"},
    "bar": {
        "bar.complete": "Take the completion",
        "bar.before": "Completion or query before",
        "bar.after": "Completion or query after",
        "bar.keep": "Keep the filter",
        "bar.leave": "Take back what was typed",
    },
    "histogram": {
        "time.earlier": "A bar earlier",
        "time.later": "A bar later",
        "time.first": "To the first bar",
        "time.last": "To the last bar",
        "time.table": "On to the table",
    },
    "list": {"list.choose": "Choose", **_moves("Line")},
    "lens": {
        "lens.leave": "Leave the payload, the lens",
        "lens.back": "Lens before",
        "lens.forth": "Lens after",
        "detail.open": "Look into the payload",
        "detail.changes": "What the event changed",
        "copy.menu": "Copy …; then y: as JSON",
        "mark.toggle": "Mark the event, or unmark it",
        "mark.list": "List marks",
        "log.export": "Export the story to a file",
        "show.masked": "Mask names and amounts, or not",
        **_HELP,
        **_PANES,
    },
    "review": {
        "review.leave": "Drop the filter, leave",
        "review.period": "Choose the period",
        "review.view": "Flow and days, or the deals",
        "review.filter": "Deals with some words",
        "review.sort": "Deals in the next order",
        "review.matrix": "Moves as a matrix, or the flow",
        "review.before": "Period before",
        "review.after": "Period after",
        "copy.menu": "Copy the review, or the deal",
        "log.export": "Write the review pack to files",
        "show.masked": "Mask names and amounts, or not",
        **_HELP,
        "review.define": "What the figures mean",
        "review.mark": "Mark as reviewed now",
        **_PANES,
    },
    "dialog": {"app.help": "Show its keys", "show.masked": "Close, and mask names and amounts"},
    "help": {"dialog.close": "Close"},
    "copies": {"dialog.close": "Close"},
    "marks": {
        "dialog.close": "Leave the note, close",
        "mark.list": "Close",
        "marks.note": "Edit the note",
        "marks.unmark": "Take the mark away",
    },
    "rules": {"dialog.close": "Close", "rules.list": "Close", "rules.mute": "Mute all alerts, or not"},
    "set_aside": {"dialog.close": "Close", "log.set_aside": "Close"},
    "definitions": {"dialog.close": "Close", "review.define": "Close"},
    "period": {"dialog.close": "Close"},
    "checkpoints": {"dialog.close": "Close"},
    "checkpoint_list": {
        "checkpoints.go": "Go there",
        "checkpoints.forget": "Forget it",
        "list.choose": "Take the name, to move it here",
        **_moves("Line", without=("move.first",)),
    },
    "columns": {"columns.leave": "Take back"},
    "column_list": {
        "columns.switch": "Show or hide it",
        "columns.earlier": "Move it left",
        "columns.later": "Move it right",
        "columns.narrower": "Make it narrower",
        "columns.wider": "Make it wider",
        "columns.usual": "The usual columns again",
        "columns.path": "Type a field's path",
        "columns.keep": "Keep these columns",
        **_moves("Line"),
    },
    "writing": {"dialog.cancel": "Cancel", "dialog.write": "Write"},
    "save": {"dialog.cancel": "Don't save"},
    "forget": {"forget.yes": "Forget it", "forget.no": "Keep it"},
    "go_to_time": {"dialog.cancel": "Close"},
    "setup": {"setup.leave": "Leave", "setup.next": "Next", "setup.before": "Before"},
}
"""What each kind of screen or widget binds, in the order of footer and help, with what it does there."""

TITLES: Final[Mapping[str, str]] = {
    "always": "Always, also while a text is typed",
    "watch": "Everywhere on the watch screen",
    "since": "While it is told what came since your last visit",
    "tour": "While the tour of the demo is on",
    "table": "In the table",
    "types": "In the types",
    "payload": "In a payload",
    "text": "In a text",
    "changes": "In what an event changed",
    "bar": "In the bar",
    "histogram": "In the histogram",
    "list": "In every list, text and table",
    "lens": "In a story",
    "review": "In the review",
    "dialog": "In every window over the screen",
    "help": "In the help",
    "copies": "In the copy menu",
    "marks": "In the marks",
    "rules": "In the rules",
    "set_aside": "In what was set aside",
    "definitions": "In what the figures mean",
    "period": "Choosing a period",
    "checkpoints": "In the checkpoints",
    "checkpoint_list": "In the list of checkpoints",
    "columns": "Choosing columns",
    "column_list": "In the list of columns",
    "writing": "In an export, and in that of the review",
    "save": "Saving a filter",
    "forget": "Forgetting a filter",
    "go_to_time": "Going to a time",
    "setup": "On the form of a first start",
}
"""What each place is called."""


class Context(Struct, frozen=True):
    """A place where keys are pressed: its nodes from the focus outwards, each with the groups that it binds."""

    title: str
    nodes: tuple[tuple[str, ...], ...]
    typed: bool = False
    """Whether text is typed there, so that keys which type something do nothing else."""

    def ids(self) -> Iterator[tuple[int, str]]:
        """Yield every command that can be meant there, with the number of its node, from the focus outwards."""
        for place, groups in enumerate(self.nodes):
            for group in groups:
                for name in GROUPS[group]:
                    yield place, name


_WATCH: Final = ("watch",)
CONTEXTS: Final = (
    Context("the table", (("table",), ("since", "watch"))),
    Context("the types", (("types",), _WATCH)),
    Context("a payload", (("payload",), _WATCH)),
    Context("what an event changed", (("changes", "text"), _WATCH)),
    Context("the bar", (("bar",), _WATCH), typed=True),
    Context("the histogram", (("histogram",), _WATCH)),
    Context("a story", (("list",), ("lens",))),
    Context("a story's payload", (("payload",), ("lens",))),
    Context("what an event of a story changed", (("changes", "text"), ("lens",))),
    Context("the review", (("list",), ("review",))),
    Context("the copy menu", (("copies", "dialog"),)),
    Context("the marks", (("list",), ("marks", "dialog"))),
    Context("the rules", (("list",), ("rules", "dialog"))),
    Context("the checkpoints", (("checkpoint_list",), ("checkpoints", "dialog"))),
    Context("the columns", (("column_list",), ("columns", "dialog"))),
    Context("the periods", (("list",), ("period", "dialog"))),
    Context("what the figures mean", (("text",), ("definitions", "dialog"))),
    Context("what was set aside", (("text",), ("set_aside", "dialog"))),
    Context("the help", (("text",), ("help", "dialog"))),
    Context("an export", (("writing", "dialog"),)),
    Context("saving a filter", (("save",),), typed=True),
    Context("forgetting a filter", (("forget",),)),
    Context("going to a time", (("go_to_time",),), typed=True),
)
"""Every place where keys are pressed; what holds always holds in all of them."""
TOUR: Final = Context("the tour", (("tour",),), typed=True)
"""What lies over all of these places while somebody is led through them, and is asked first."""

COUNTERPARTS: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("table.story", "since.first"),
        ("types.toggle", "feed.pause"),
        ("payload.fold", "feed.pause"),
        ("payload.only", "filter.only"),
        ("payload.all_but", "filter.all_but"),
        ("payload.open", "detail.open"),
        ("bar.complete", "pane.next"),
        ("bar.leave", "pane.back"),
        ("pane.back", "lens.leave"),
    )
)
"""Commands that share a key on purpose: near the focus one is meant, elsewhere the other."""
