"""The formats of a review by their names, as the command line and the screen offer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from rex_tui.export.review.csv_deals import csv_review
from rex_tui.export.review.html import html_review
from rex_tui.export.review.json_text import json_review
from rex_tui.export.review.markdown import markdown_review
from rex_tui.export.review.pack import Pack

FORMATS: Final[Mapping[str, Callable[[Pack], str]]] = MappingProxyType(
    {"md": markdown_review, "html": html_review, "csv": csv_review, "json": json_review}
)
"""Each format's name, and what gives a review in it: clean text that ends with a line break. CSV has its deals."""
ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {name: name for name in FORMATS} | {"htm": "html", "markdown": "md"}
)
"""The format that a file is in by the ending of its name, without the dot."""
