"""The formats by their names, as the command line and the screen offer them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rex_tui.export.arrow import ArrowTable
from rex_tui.export.export import ExportError, Format
from rex_tui.export.texts import Csv, JsonLines, Markdown

NAMES: Final = ("jsonl", "csv", "md", "parquet", "arrow")
BINARY: Final = frozenset({"parquet", "arrow"})


def make_format(name: str, fields: Sequence[str] = ()) -> Format:
    """Give a new writer for a format, with these payload fields as columns; raises `ExportError`."""
    match name:
        case "csv":
            return Csv(fields)
        case "md":
            return Markdown(fields)
        case "parquet" | "arrow":
            return ArrowTable(name, fields)
    if fields:
        raise ExportError("JSON Lines have the whole event on each line; leave out --fields, or choose csv.")
    return JsonLines()
