"""The formats by their names, as the command line and the screen offer them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rex_tui.export.arrow import ArrowTable
from rex_tui.export.export import ExportError, Format
from rex_tui.export.naming import Naming, no_names
from rex_tui.export.texts import Csv, JsonLines, Markdown

NAMES: Final = ("jsonl", "csv", "md", "parquet", "arrow")
TOLD: Final = frozenset({"csv", "md"})
"""Those that tell each event in words, with names."""
BINARY: Final = frozenset({"parquet", "arrow"})


def make_format(name: str, fields: Sequence[str] = (), naming: Naming = no_names) -> Format:
    """Give a new writer for a format, with these payload fields as columns; raises `ExportError`.

    `naming` gives the names by which summaries tell ids.
    """
    match name:
        case "csv":
            return Csv(fields, naming)
        case "md":
            return Markdown(fields, naming)
        case "parquet" | "arrow":
            return ArrowTable(name, fields)
    if fields:
        raise ExportError("JSON Lines have the whole event on each line; leave out --fields, or choose csv.")
    return JsonLines()
