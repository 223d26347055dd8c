"""The review pack: some of a web page, Markdown, and a table of the deals, side by side under one name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from rex_tui.export.file import NewFile
from rex_tui.export.review.formats import FORMATS
from rex_tui.export.review.pack import Pack
from rex_tui.query.review.period import Period

ENDS: Final[Mapping[str, str]] = MappingProxyType({"html": ".html", "md": ".md", "csv": "-deals.csv"})
"""How the name of each file of a pack ends, by its format."""
LONGEST_FIRST: Final = sorted(ENDS.values(), key=len, reverse=True)


def pack_name(period: Period) -> str:
    """Give what a pack is called after the days of its period, without a folder: `review-2026-03-09-to-2026-03-15`."""
    first = period.start.date()
    last = datetime.fromtimestamp(period.bounds[1] - 1, UTC).astimezone(period.zone).date()
    return f"review-{first}" if last <= first else f"review-{first}-to-{last}"


def pack_paths(typed: Path, name: str, kinds: Iterable[str]) -> dict[str, Path]:
    """Give the files of a pack by their formats, under the name that was typed, or under `name` in a typed folder."""
    base = typed / name if typed.is_dir() else typed
    end = next((end for end in LONGEST_FIRST if base.name.endswith(end) and base.name != end), "")
    stem = base.name.removesuffix(end)
    return {kind: base.with_name(f"{stem}{ENDS[kind]}") for kind in kinds}


def write_pack(pack: Pack, paths: Mapping[str, Path], *, replace: bool, store: Path) -> None:
    """Write the files of a pack by their formats: none takes its place before all are whole. For a thread.

    What is there is written over only with `replace`, and the files of `store` never. Raises `ExportError`.
    """
    texts = {path: FORMATS[kind](pack) for kind, path in paths.items()}
    with ExitStack() as files:
        for path, text in texts.items():
            files.enter_context(NewFile(path, replace=replace, store=store)).write(text.encode(errors="replace"))
