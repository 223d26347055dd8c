"""What the set-up screen begins with, and what stops it: a field that can't be taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from rex_tui.api_key import ApiKey
from rex_tui.setting_up import Before
from rex_tui.ui.screens.setup_form import Field


@dataclass(frozen=True, slots=True)
class Asked:
    """What a set-up begins with: the settings file, and what is known: an address ("" for none), a key.

    `ca_file` is what a flag says of certificates; `environment` is what a command is run in.
    """

    before: Before
    environment: Mapping[str, str] = field(repr=False)
    url: str = ""
    key: ApiKey | None = None
    ca_file: Path | None = None

    @property
    def heading(self) -> str:
        """Say what is asked for."""
        if self.url:
            return "The key for this tenant is not set. One that may only read is enough: rex-tui only ever reads."
        if self.key is not None:
            return "The address of your tenant is not set. rex-tui only ever reads."
        return "Watch your Rex tenant's event log. rex-tui only ever reads, and never writes the key into a file."


class Refused(Exception):
    """A field says something that can't be taken."""

    def __init__(self, field: Field, words: str) -> None:
        """Say in `words` what is wrong with `field`."""
        super().__init__(words)
        self.field: Field = field
