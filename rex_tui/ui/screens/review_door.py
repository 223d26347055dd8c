"""The way from the watch screen into the review, and from there into a lens."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from rex_tui.checkpoint import LAST_REVIEW, moments_of
from rex_tui.feed import CaughtUp, Following, FromFile
from rex_tui.names import Names
from rex_tui.ui.keys import keymap_of
from rex_tui.ui.screens.checkpoint_door import CheckpointDoor
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.words import state_words

if TYPE_CHECKING:
    from rex_tui.ui.reviewed_log import ReviewedLog
    from rex_tui.ui.screens.review import ReviewScreen


class ReviewDoor(CheckpointDoor):
    """A screen from which the review opens, which stays and is there at once the next time."""

    _reviewed: ReviewedLog | None = None

    @cached_property
    def review(self) -> ReviewScreen:
        """The review, which is made when it is first looked at."""
        from rex_tui.ui.reviewed_log import ReviewedLog  # noqa: PLC0415 - a start goes faster without it
        from rex_tui.ui.screens.review import ReviewScreen  # noqa: PLC0415 - the same
        from rex_tui.ui.screens.review_taking import ReviewTaking  # noqa: PLC0415 - the same

        session = self._session
        reviewed = ReviewedLog(session.store, self._store_failed, self._now)
        reviewed.masking = self._log.masking
        taking = ReviewTaking(
            session.store,
            session.notebook,
            session.host,
            lambda: self._log.names,
            self.taking.copy,
            lambda: self._log.masking,
        )
        review = ReviewScreen(
            self._log,
            reviewed,
            self.open_lens,
            self._mark_reviewed,
            self._checkpoints_made,
            self._behind,
            taking,
        )
        reviewed.name_stages(self._log.names)
        self._reviewed = reviewed
        self._prepare(review)
        return review

    @property
    def _review_made(self) -> ReviewScreen | None:
        made: ReviewScreen | None = self.__dict__.get("review")
        return made

    def action_review(self) -> None:
        """Open the review."""
        self.review.look()
        if not self.app.is_screen_installed(self.review):
            self.app.install_screen(self.review, "review")
        if self.review not in self.app.screen_stack:
            self.app.push_screen(self.review)

    def name_stages(self, names: Names) -> None:
        """Tell stages by the names, and in the order, that Rex has for them."""
        if (review := self._review_made) is not None and self._reviewed is not None:
            self._reviewed.name_stages(names)
            review.count_again()

    def review_anew(self) -> None:
        """Forget what was counted of another log."""
        if (review := self._review_made) is not None:
            review.begin_anew()

    def _behind(self) -> str:
        """Say why the log is behind Rex's, "" where it is not."""
        state = self._status.state
        if isinstance(state, CaughtUp | Following | FromFile):
            return ""
        words = state_words(state, self._clock.monotonic(), utc=self.utc, host="Rex", keymap=keymap_of(self))[1]
        return words.partition(" · ")[0]  # without the keys, which are the watch screen's

    def _checkpoints_made(self) -> dict[str, datetime]:
        """Give when checkpoints were made, also those that another rex-tui has kept meanwhile."""
        self.kept.read()
        return moments_of(self.kept.checkpoints.values())

    def _mark_reviewed(self, _now: datetime) -> None:
        self.keep_place(LAST_REVIEW, self.newest_row())

    def _lens_left(self, asked: PayloadTree.ValueAsked | None) -> None:
        if asked is not None:
            self.leave_review()
        super()._lens_left(asked)

    def go_to(self, event_id: str) -> None:
        """Select a marked event in the table, which a review would hide."""
        self.leave_review()
        super().go_to(event_id)

    def leave_review(self) -> None:
        """Leave the review, where it is open, as soon as nothing lies over it."""
        if (review := self._review_made) is not None:
            review.leave_when_seen()
