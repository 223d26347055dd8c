"""The watch screen's keys: in the footer in this order, as far as there is room; the long words are for the help."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding, BindingType

from rex_tui.ui.screens.sized_panes import SIZE_KEYS

WATCH_KEYS: Final[list[BindingType]] = [
    Binding("slash", "ask", "Ask", key_display="/", id="filter.ask", tooltip="Ask for events"),
    Binding("s", "toggle_types", "Types", id="pane.types", tooltip="Open or close the types"),
    Binding("d", "show('deals')", "Deals", id="filter.deals", tooltip="Show deals only"),
    Binding("a", "show('all events')", "All", id="filter.all", tooltip="Show all events"),
    Binding("o", "only", "Only", id="filter.only", tooltip="Show only this type"),
    Binding("question_mark,f1", "help", "Help", key_display="?", id="app.help", tooltip="Show all keys"),
    Binding("q", "app.quit", "Quit", id="app.leave"),
    Binding("R", "review", "Review", id="review.open", tooltip="Review what a period brought"),
    Binding("space", "toggle_pause", "Pause", key_display="Space", id="feed.pause", tooltip="Pause, or go on"),
    Binding("x", "all_but", "All but", id="filter.all_but", tooltip="Show all but this type"),
    Binding("r", "poll_now", "Poll now", id="feed.poll", tooltip="Ask Rex for news at once"),
    Binding("c", "toggle_changes", "Changes", id="detail.changes", tooltip="What the event changed"),
    Binding("y", "copy_menu", "Copy", id="copy.menu", tooltip="Copy …; y again: as JSON"),
    Binding("z", "zoom", "Zoom", id="pane.zoom", tooltip="Zoom this pane, or back"),
    Binding("u", "toggle_utc", "UTC/local", id="show.utc", tooltip="Times in UTC or local"),
    Binding("backslash", "switch_matches", "Only matches, or all", show=False, id="filter.switch"),
    Binding("n", "match(1)", "Next match", show=False, id="filter.next"),
    Binding("N", "match(-1)", "Match before", show=False, id="filter.before"),
    Binding("ctrl+s", "save_filter", "Save the filter", show=False, id="filter.save"),
    Binding("m", "mark", "Mark, or unmark", show=False, id="mark.toggle"),
    Binding("apostrophe", "marks", "List marks", show=False, id="mark.list"),
    Binding("K", "checkpoints", "Keep this place", show=False, id="place.keep"),
    Binding("ctrl+e", "export", "Export to a file", show=False, id="log.export"),
    Binding("t", "go_to_time", "Go to", id="time.go_to", tooltip="Go to a time"),
    Binding("h", "histogram", "When", id="time.histogram", tooltip="Move along the histogram"),
    Binding("T", "toggle_relative", "Ago", id="show.relative", tooltip="Times, or how long ago"),
    Binding("W", "rules", "Rules", show=False, id="rules.list", tooltip="Watch rules, and muting them"),
    Binding("C", "columns", "Columns", show=False, id="table.columns", tooltip="Choose the table's columns"),
    Binding("M", "mask", "Mask", show=False, id="show.masked", tooltip="Mask names and amounts, or not"),
    Binding("Y", "copy_cursor", "Copy the cursor", show=False, id="copy.cursor"),
    Binding("escape", "back", "Back to the table", show=False, id="pane.back"),
    Binding("e", "set_aside", "List what was set aside", show=False, id="log.set_aside"),
    Binding("ctrl+n", "go_on", "Go on at the end of Rex's log", show=False, id="feed.go_on"),
    Binding("ctrl+r", "read_again", "Read the log from its start", show=False, id="feed.read_again"),
    *SIZE_KEYS,
]
