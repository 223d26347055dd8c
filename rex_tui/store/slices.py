"""Reading the payloads of some types a slice of the log at a time, and of all others the value of one field.

SQLite puts a slice together as one text, without keeping other threads waiting as it would row by row.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import msgspec
from msgspec import Struct

from rex_tui.store.errors import StoreDamaged, damaged, translated
from rex_tui.store.schema import connect

DATA_MAX: Final = 32_768
"""Bytes of a payload that is given with its slice; a larger one must be asked for by itself."""
HEAD: Final = 100
"""Characters after a field's name, within which a text there must end to be given whole."""
T = TypeVar("T")


class Slice(Struct, frozen=True):
    """Events of a slice, oldest first: those of the types that are wanted, and those of others that have a field.

    `data` is a JSON list with a payload for each of `seqs`, null for one that is too large. `others` are sequences and
    `heads` what comes after the field's name in their payloads, up to where a text that stands there would end, where
    it is not null; types whose shape has no such field, or an object with it, are not looked through. `times` and
    `other_times` are JSON lists of texts.
    """

    seqs: list[int]
    types: list[str]
    times: str
    data: bytes
    others: list[int]
    other_times: str
    heads: list[str]


class SliceReader:
    """Reads slices over a connection of its own, for one thread at a time."""

    def __init__(self, path: Path, wanted: Callable[[str], bool], field: str) -> None:
        """Open the store at `path` to read the types that are wanted, and what others have in a field."""
        self._path = path
        self._wanted = wanted
        self._name = json.dumps(field)
        self._known: tuple[dict[int, str], list[int], list[int]] | None = None
        with translated(path):
            self._connection = connect(path, writable=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        with translated(self._path):
            self._connection.close()

    def slice(self, first: int, last: int) -> Slice:
        """Read the sequences from `first` to `last`; raises `StoreError`.

        Types are those that the store has at the first call: a type that comes later is for another reader.
        """
        with translated(self._path):
            names, wanted, others = self._types()
            # One question for both: at the end of each, a thread waits until the one that folds lets it go on.
            seqs, codes, times, data, *heads = self._connection.execute(
                "SELECT * FROM (SELECT json_group_array(seq), json_group_array(type), json_group_array(occurred_at),"
                " CAST('[' || coalesce(group_concat("
                "iif(length(CAST(data AS BLOB)) <= ?7, data, 'null')), '') || ']' AS BLOB)"
                " FROM events WHERE seq BETWEEN ?4 AND ?5 AND type IN (SELECT value FROM json_each(?8))),"
                " (SELECT json_group_array(seq), json_group_array(occurred_at),"
                " json_group_array(substr(data, instr(data, ?1) + ?2,"
                " 2 + instr(substr(data, instr(data, ?1) + ?2 + 2, ?3), '\"')))"  # 2: a colon and a quote before a text
                " FROM events WHERE seq BETWEEN ?4 AND ?5 AND type IN (SELECT value FROM json_each(?6))"
                " AND instr(data, ?1) AND substr(data, instr(data, ?1) + ?2, 5) <> ':null')",
                (self._name, len(self._name), HEAD, first, last, json.dumps(others), DATA_MAX, json.dumps(wanted)),
            ).fetchone()
        return Slice(
            self._list(seqs, int),
            [names.get(code, "") for code in self._list(codes, int)],
            times,
            data,
            self._list(heads[0], int),
            heads[1],
            self._list(heads[2], str),
        )

    def _types(self) -> tuple[dict[int, str], list[int], list[int]]:
        """Give the types by their codes, the codes of those wanted, and of the others that may have the field."""
        if self._known is None:
            types = self._connection.execute(
                "SELECT code, name, shape IS NULL OR shape = 'null' OR instr(shape, ?)"
                " FROM types LEFT JOIN shapes ON shapes.type = code",
                (self._name,),
            ).fetchall()
            names = {code: str(name) for code, name, _has_field in types}
            wanted = [code for code, name in names.items() if self._wanted(name)]
            others = [code for code, _name, has_field in types if has_field and code not in wanted]
            self._known = names, wanted, others
        return self._known

    def data(self, seqs: Sequence[int]) -> Iterator[str]:
        """Yield the whole payloads of these sequences, one after another."""
        for seq in seqs:
            with translated(self._path):
                row = self._connection.execute("SELECT data FROM events WHERE seq = ?", (seq,)).fetchone()
            yield str(row[0]) if row else ""

    def _list(self, packed: str, kind: type[T]) -> list[T]:
        try:
            return msgspec.json.decode(packed, type=list[kind])  # type: ignore[valid-type]
        except (msgspec.MsgspecError, UnicodeError):
            raise StoreDamaged(damaged(self._path)) from None
