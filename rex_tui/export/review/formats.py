"""The formats of a review by their names, as the command line and the screen offer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from rex_tui.export.review.json_text import json_review
from rex_tui.export.review.markdown import markdown_review
from rex_tui.query.review.review import Review

FORMATS: Final[Mapping[str, Callable[[Review], str]]] = MappingProxyType({"md": markdown_review, "json": json_review})
"""Each format's name, and what gives a review in it: clean text that ends with a line break."""
