"""What the user does with the feed itself: pause, poll now, go on after a gap. The screen below the watch screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from rex_tui.feed import Feed, FeedStatus, FromFile, Paused, Stopped
from rex_tui.safe_text import clean
from rex_tui.store import StoreError
from rex_tui.ui.keys import key_to
from rex_tui.ui.screens.whole_screen import WholeScreen


class FeedScreen(WholeScreen[None]):
    """A screen with a feed: it owns the poller, or what is in its place, and what is known of its state."""

    def __init__(self, poller: Feed) -> None:
        """Control `poller`; whoever derives from this starts it."""
        super().__init__()
        self._poller = poller
        self._status: FeedStatus = poller.status

    def action_toggle_pause(self) -> None:
        """Pause polling, or go on."""
        if self._only_file():
            return
        if isinstance(self._status.state, Paused):
            self._poller.resume()
        elif isinstance(self._status.state, Stopped):
            self._tell(f"Polling has stopped already. Press {key_to(self, 'feed.poll')} to try again.")
        else:
            self._poller.pause()

    def action_poll_now(self) -> None:
        """Ask Rex at once."""
        if not self._only_file() and not self._poller.poll_now():
            self._tell(
                "Not now: Rex asked us to wait, more is being read already, or another rex-tui does the polling."
            )

    async def action_read_again(self) -> None:
        """Read Rex's log again from its start, after it rejected the cursor."""
        await self._choose(self._poller.read_again)

    async def action_go_on(self) -> None:
        """Go on at the end of Rex's log, after it rejected the cursor."""
        await self._choose(self._poller.go_on)

    async def _choose(self, way: Callable[[], Awaitable[None]]) -> None:
        state = self._status.state
        if self._only_file():
            return
        if not (isinstance(state, Stopped) and state.reason == "cursor"):
            self._tell("This is for when Rex has rejected our cursor, which it has not.")
            return
        try:
            await way()
        except StoreError as error:
            self._tell(f"{error} Polling stays stopped; press the key to try again.", error=True)

    def _only_file(self) -> bool:
        """Tell, also the user, whether there is no Rex to ask because the log is what a file holds."""
        from_file = isinstance(self._status.state, FromFile)
        if from_file:
            self._tell("This is what a file holds: there is no Rex to ask, and nothing more comes.")
        return from_file

    def _tell(self, words: str, *, error: bool = False) -> None:
        self.notify(clean(words), severity="error" if error else "information", markup=False)
