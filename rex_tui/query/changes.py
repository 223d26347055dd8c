"""What differs between two payloads: fields that came, went or changed, each with its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import Final, Literal

from msgspec import Struct

from rex_tui.payload import Json

CHANGES_MAX: Final = 200
DEPTH_MAX: Final = 30
"""Levels below which two values are only compared as wholes."""
KEYS: Final = ("id", "key", "name")
"""Fields that tell the objects in a list apart, where all of them have it and no two the same."""


class Change(Struct, frozen=True):
    """One difference. `path` is like `deal.contacts[2].email`; a list of plain items has no number: `tags[]`."""

    path: str
    kind: Literal["added", "removed", "changed"]
    before: Json
    after: Json

    @property
    def field(self) -> str:
        """Give the name of the field at the end of the path."""
        return self.path.rpartition(".")[2]


def compare(before: Json, after: Json, limit: int = CHANGES_MAX) -> list[Change]:
    """Give up to `limit` differences between two parsed payloads, in the order of the fields; none where they are one.

    Numbers are compared as they are spelt: 1 and 1.0 differ.
    """
    return list(islice(_differences(before, after, "", 0), limit))


def _differences(before: Json, after: Json, path: str, depth: int) -> Iterator[Change]:
    if depth < DEPTH_MAX and isinstance(before, dict) and isinstance(after, dict):
        yield from _of_objects(before, after, f"{path}." if path else "", depth)
    elif depth < DEPTH_MAX and isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path, depth)
    elif type(before) is not type(after) or not _same(before, after):
        yield Change(path, "changed", before, after)


def _of_objects(before: dict[str, Json], after: dict[str, Json], prefix: str, depth: int) -> Iterator[Change]:
    for name in [*before, *(name for name in after if name not in before)]:
        path = f"{prefix}{name}"
        if name not in after:
            yield Change(path, "removed", before[name], None)
        elif name not in before:
            yield Change(path, "added", None, after[name])
        else:
            yield from _differences(before[name], after[name], path, depth + 1)


def _of_lists(before: list[Json], after: list[Json], path: str, depth: int) -> Iterator[Change]:
    key = _key_of(before, after)
    if key is not None:
        yield from _of_objects(_by(key, before), _by(key, after), f"{path}.", depth)
    elif not any(isinstance(item, dict | list) for item in [*before, *after]):
        yield from _of_plain_items(before, after, path)
    else:
        for number, (one, other) in enumerate(zip_longest(before, after, fillvalue=_NOTHING)):
            if other is _NOTHING:
                yield Change(f"{path}[{number}]", "removed", one, None)
            elif one is _NOTHING:
                yield Change(f"{path}[{number}]", "added", None, other)
            else:
                yield from _differences(one, other, f"{path}[{number}]", depth + 1)


def _of_plain_items(before: Sequence[Json], after: Sequence[Json], path: str) -> Iterator[Change]:
    """Compare items without parts as a bag; where only their order differs, the list as a whole changed."""
    had, has = (Counter((type(item), item) for item in items) for items in (before, after))
    for _type, item in (had - has).elements():
        yield Change(f"{path}[]", "removed", item, None)
    for _type, item in (has - had).elements():
        yield Change(f"{path}[]", "added", None, item)
    if had == has and list(before) != list(after):
        yield Change(path, "changed", list(before), list(after))


def _key_of(before: Sequence[Json], after: Sequence[Json]) -> str | None:
    """Give the field by which the objects of two lists can be told apart, None where there is none."""
    if not before or not after:
        return None
    for key in KEYS:
        if all(
            all(isinstance(item, dict) and isinstance(item.get(key), str) for item in items)
            and len(_by(key, items)) == len(items)
            for items in (before, after)
        ):
            return key
    return None


def _by(key: str, items: Sequence[Json]) -> dict[str, Json]:
    return {f"[{item[key]}]": item for item in items if isinstance(item, dict)}


def _same(before: Json, after: Json) -> bool:
    try:
        return before == after
    except RecursionError:
        return False


_NOTHING: Final[Json] = "\0nothing"
