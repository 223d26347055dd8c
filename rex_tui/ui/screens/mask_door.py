"""Masking on the screen: the key that hides what is sensitive, everywhere at once, and shows it again."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from rex_tui.masking import Masking
from rex_tui.store.salt import masking_salt
from rex_tui.ui.keys import key_to
from rex_tui.ui.screens.since_door import SinceDoor
from rex_tui.ui.session import Session

if TYPE_CHECKING:
    from rex_tui.ui.screens.over_watch import OverWatch

ON: Final = "Masking is on, in copies and exports too. {} shows everything again."
OFF: Final = "Masking is off: names, addresses, amounts and texts are shown."


class MaskDoor(SinceDoor):
    """A screen whose log is masked on demand; what is open over it follows."""

    def __init__(self, session: Session) -> None:
        """Mask by the rules of `session`, under pseudonyms whose salt its notebook keeps."""
        super().__init__(session)
        self._masking: Masking | None = None
        if session.opening.masked:
            self.begin_masked()

    def _prepare(self, over: OverWatch[Any]) -> None:
        super()._prepare(over)
        over.switch_masking = self.action_mask

    def begin_masked(self) -> None:
        """Hide what is sensitive before anything is shown."""
        self._log.masking = self._made_masking()

    def _made_masking(self) -> Masking:
        if self._masking is None:
            self._masking = Masking(self._session.masking, masking_salt(self._notebook))
        return self._masking

    async def action_mask(self) -> None:
        """Hide names, addresses, amounts and texts, or show them again."""
        self.app.clear_notifications()  # those before may tell what is to be hidden
        if self._log.masking is None:
            self._switch(await asyncio.to_thread(self._made_masking))
        else:
            self._switch(None)
        self._tell(OFF if self._log.masking is None else ON.format(key_to(self, "show.masked")))

    def _switch(self, masking: Masking | None) -> None:
        self._log.masking = masking
        self.panes.table.show_names(self._log.names)
        self._show_types()
        self._show_title()
        self._show_digest()
        self.show_masked()
        if (lens := self._lens_made) is not None:
            lens.show_anew()
        if (review := self._review_made) is not None:
            review.show_anew(masking)

    def show_masked(self) -> None:
        """Show anew what is not of this floor."""
        raise NotImplementedError
