"""The salt of the pseudonyms, kept beside the log, so that a value has the same one in every run and every command."""

from __future__ import annotations

import secrets
from typing import Final

from rex_tui.store.errors import StoreError
from rex_tui.store.notebook import Notebook

MASKING_SALT: Final = "masking salt"
"""Under what the notebook keeps it."""
SALT_BYTES: Final = 32


def masking_salt(notebook: Notebook) -> bytes:
    """Give the salt in a notebook, made when it is first asked for; where it can't be read, one for this run alone."""
    new = secrets.token_hex(SALT_BYTES)
    try:
        return notebook.first_fact(MASKING_SALT, new).encode()
    except StoreError:
        return new.encode()
