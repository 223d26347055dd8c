"""What one sitting at the screen works with: handed over once, to every screen that needs some of it."""

from __future__ import annotations

from msgspec import Struct, field

from rex_tui.feed import Clock, Directory, Feed
from rex_tui.masking import Rules
from rex_tui.rules.book import RuleBook
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook
from rex_tui.ui.clipboard import PutOnMachine
from rex_tui.ui.opening import Opening


class Session(Struct, frozen=True):
    """A log, what feeds it, and whatever surrounds the two while somebody watches."""

    store: EventStore
    feed: Feed
    """What keeps the store up with Rex, or stands in its place; the watch screen starts it."""
    clock: Clock
    notebook: Notebook
    """Keeps what the user adds to the log."""
    host: str
    """What the title calls the Rex, or the files, that the log came from."""
    opening: Opening = field(default_factory=Opening)
    """What is shown first."""
    put_on_machine: PutOnMachine | None = None
    """Copies to this machine's clipboard, where it has one."""
    directory: Directory | None = None
    """Learns what ids are called; None where there is nobody to ask."""
    rules: RuleBook = field(default_factory=RuleBook)
    """What is done with events as they come."""
    masking: Rules = field(default_factory=Rules)
    """What is hidden while masking is on."""
