"""The watch screen's keys: in the footer in this order, as far as there is room, where they have a short word."""

from __future__ import annotations

from typing import Final

from textual.binding import BindingType

from rex_tui.ui.keys import bound
from rex_tui.ui.screens.sized_panes import size_keys

WATCH_KEYS: Final[list[BindingType]] = [
    bound("watch", "filter.ask", "ask", "Ask"),
    bound("watch", "pane.types", "toggle_types", "Types"),
    bound("watch", "filter.deals", "show('deals')", "Deals"),
    bound("watch", "filter.all", "show('all events')", "All"),
    bound("watch", "filter.only", "only", "Only"),
    bound("watch", "app.help", "help", "Help"),
    bound("watch", "app.commands", "app.command_palette"),
    bound("watch", "app.quit", "app.quit", "Quit"),
    bound("watch", "review.open", "review", "Review"),
    bound("watch", "feed.pause", "toggle_pause", "Pause"),
    bound("watch", "filter.all_but", "all_but", "All but"),
    bound("watch", "feed.poll", "poll_now", "Poll now"),
    bound("watch", "detail.changes", "toggle_changes", "Changes"),
    bound("watch", "copy.menu", "copy_menu", "Copy"),
    bound("watch", "pane.zoom", "zoom", "Zoom"),
    bound("watch", "show.utc", "toggle_utc", "UTC/local"),
    bound("watch", "filter.switch", "switch_matches"),
    bound("watch", "match.next", "match(1)"),
    bound("watch", "match.before", "match(-1)"),
    bound("watch", "filter.save", "save_filter"),
    bound("watch", "mark.toggle", "mark"),
    bound("watch", "mark.list", "marks"),
    bound("watch", "checkpoint.keep", "checkpoints"),
    bound("watch", "log.export", "export"),
    bound("watch", "time.go_to", "go_to_time", "Go to"),
    bound("watch", "time.histogram", "histogram", "When"),
    bound("watch", "show.relative", "toggle_relative", "Ago"),
    bound("watch", "rules.list", "rules"),
    bound("watch", "table.columns", "columns"),
    bound("watch", "show.masked", "mask"),
    bound("watch", "copy.cursor", "copy_cursor"),
    bound("watch", "pane.back", "back"),
    bound("watch", "log.set_aside", "set_aside"),
    bound("watch", "feed.go_on", "go_on"),
    bound("watch", "feed.read_again", "read_again"),
    bound("watch", "pane.next", "app.focus_next"),
    bound("watch", "pane.previous", "app.focus_previous"),
    *size_keys("watch"),
]
