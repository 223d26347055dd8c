"""Masking: stable pseudonyms in the place of what is sensitive, for whoever looks over a shoulder or gets a copy."""

from rex_tui.masking.masking import Masking
from rex_tui.masking.pseudonyms import MASKED, amount_told, holds_pseudonym
from rex_tui.masking.rules import KINDS, Kind, Rules, steps_of

__all__ = ["KINDS", "MASKED", "Kind", "Masking", "Rules", "amount_told", "holds_pseudonym", "steps_of"]
