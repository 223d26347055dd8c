"""What the newest events hold, for the bar to complete with: fields and ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rex_tui.event import GAP_TYPE, Row
from rex_tui.names import Names
from rex_tui.payload import Json, PayloadError, parse, references
from rex_tui.query.language import Known
from rex_tui.safe_text import clean

FIELDS_MAX: Final = 500
IDS_MAX: Final = 500
DEPTH_MAX: Final = 3
NAME_MAX: Final = 60
_NO_NAMES: Final = Names()


def known_in(rows: Iterable[Row], types: Iterable[str], saved: Iterable[str], names: Names = _NO_NAMES) -> Known:
    """Give what rows hold, the newest first, together with the types there are, the saved filters and the stages."""
    fields: dict[str, None] = {}
    ids: dict[str, None] = {}
    for row in sorted(rows, key=lambda row: -row.seq):
        try:
            value = parse(row.data or "null")
        except PayloadError:
            continue
        fields.update(dict.fromkeys(_fields(value)))
        ids.update(dict.fromkeys(id_ for _path, id_ in references(value)))
        ids.setdefault(row.id)
    return Known(
        types=tuple(sorted(name for name in types if name != GAP_TYPE and _plain(name))),
        fields=tuple(sorted(list(fields)[:FIELDS_MAX])),
        ids=tuple(list(filter(_plain, ids))[:IDS_MAX]),
        filters=tuple(saved),
        stages=tuple(dict.fromkeys(filter(None, names.named_stages().values()))),
    )


def _fields(value: Json, path: str = "", depth: int = 1) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if _plain(name):
                whole = f"{path}.{name}" if path else name
                yield whole
                if depth < DEPTH_MAX:
                    yield from _fields(inner, whole, depth + 1)


def _plain(name: str) -> bool:
    """Tell whether a name can be typed, and looks on a screen like what it is."""
    return 0 < len(name) <= NAME_MAX and clean(name) == name and not set(name) & set(' "()')
