"""Compact forms of the log: one short number an event, in blocks, beside the rows and in the same transactions."""

from __future__ import annotations

import sqlite3
import sys
from array import array
from typing import Final

from msgspec import Struct

EVENTS_A_BLOCK: Final = 4096
LAST_SEQ_MAX: Final = 2**32 - 1
"""The largest sequence: four bytes are kept of each. A larger one is damage."""
SPAN_MAX: Final = 2**28
"""More events than any log keeps; a larger sequence behind the oldest is damage, and would take all memory."""


class Compact(Struct, frozen=True):
    """A compact form: its table, with a row a block, the column of the numbers, and how `array` calls their kind."""

    table: str
    column: str
    kind: str

    @property
    def width(self) -> int:
        """Give the bytes of a number."""
        return array(self.kind).itemsize


TYPES: Final = Compact("type_blocks", "codes", "H")
TIMES: Final = Compact("time_blocks", "times", "I")

BLOCKS_SCRIPT: Final = "CREATE TABLE time_blocks (block INTEGER PRIMARY KEY, times BLOB NOT NULL);"


def pack(form: Compact, numbers: array[int]) -> bytes:
    """Give numbers as the store keeps them: little-endian. Raises `TypeError` for an array of another kind."""
    if numbers.typecode != form.kind:
        raise TypeError(numbers.typecode)
    if sys.byteorder == "big":
        numbers = array(form.kind, numbers)
        numbers.byteswap()
    return numbers.tobytes()


def unpack(form: Compact, packed: bytes) -> array[int]:
    """Give the numbers that the store keeps so; raises `ValueError` where the last one is cut off."""
    numbers = array(form.kind)
    numbers.frombytes(packed)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def put(connection: sqlite3.Connection, form: Compact, first: int, packed: bytes) -> None:
    """Add numbers, as `pack` gives them, to a compact form, for the sequences from `first` on."""
    while packed:
        block, offset = divmod(first - 1, EVENTS_A_BLOCK)
        part = packed[: form.width * (EVENTS_A_BLOCK - offset)]
        connection.execute(
            f"INSERT INTO {form.table} (block, {form.column}) VALUES (?1, ?2) ON CONFLICT (block)"  # noqa: S608 - our own words
            f" DO UPDATE SET {form.column} = CAST({form.column} || excluded.{form.column} AS BLOB)",
            (block, part),
        )
        packed = packed[len(part) :]
        first += len(part) // form.width


def drop(connection: sqlite3.Connection, form: Compact, last: int) -> None:
    """Drop the numbers of all sequences up to `last`: whole blocks go, and in the next they are none."""
    block, gone = divmod(last, EVENTS_A_BLOCK)
    connection.execute(f"DELETE FROM {form.table} WHERE block < ?", (block,))  # noqa: S608 - our own words
    found = connection.execute(f"SELECT {form.column} FROM {form.table} WHERE block = ?", (block,)).fetchone()  # noqa: S608 - the same
    if found is not None and gone:
        packed = bytes(form.width * gone) + found[0][form.width * gone :]
        connection.execute(f"UPDATE {form.table} SET {form.column} = ? WHERE block = ?", (packed, block))  # noqa: S608 - the same


def clear(connection: sqlite3.Connection, form: Compact) -> None:
    """Delete all of a compact form, for making it anew."""
    connection.execute(f"DELETE FROM {form.table}")  # noqa: S608 - our own words


def read(connection: sqlite3.Connection, form: Compact) -> bytes:
    """Give a compact form from its first block to its last, as it was packed."""
    rows = connection.execute(f"SELECT {form.column} FROM {form.table} ORDER BY block")  # noqa: S608 - our own words
    return b"".join(packed for (packed,) in rows)


def read_part(connection: sqlite3.Connection, form: Compact, first: int, last: int) -> bytes:
    """Give what a compact form has of the sequences from `first` to `last`, which may be less than all."""
    start = (first - 1) // EVENTS_A_BLOCK
    rows = connection.execute(
        f"SELECT block, {form.column} FROM {form.table} WHERE block BETWEEN ? AND ? ORDER BY block",  # noqa: S608 - our own words
        (start, (last - 1) // EVENTS_A_BLOCK),
    )
    found = b"".join(packed for number, (block, packed) in enumerate(rows, start) if block == number)
    before = start * EVENTS_A_BLOCK
    return found[form.width * (first - 1 - before) : form.width * (last - before)]


def is_as_long_as(connection: sqlite3.Connection, form: Compact, last: int) -> bool:
    """Tell whether a compact form has as many numbers as the log has sequences from its first block up to `last`."""
    held = connection.execute(f"SELECT coalesce(sum(length({form.column})), 0) FROM {form.table}")  # noqa: S608 - our own words
    return bool(held.fetchone()[0] == form.width * (last - before_blocks(connection)))


def first_seq(connection: sqlite3.Connection) -> int:
    """Give the oldest event's sequence, 0 without one."""
    return int(connection.execute("SELECT min(seq) FROM events").fetchone()[0] or 0)


def before_blocks(connection: sqlite3.Connection) -> int:
    """Give the last sequence before the first block that has an event: the compact forms begin behind it."""
    return max(0, first_seq(connection) - 1) // EVENTS_A_BLOCK * EVENTS_A_BLOCK


def last_seq(connection: sqlite3.Connection) -> int:
    """Give the newest event's sequence, 0 without one; raises `DatabaseError` for one that no log ever reached."""
    last = connection.execute("SELECT max(seq) FROM events").fetchone()[0] or 0
    if not isinstance(last, int) or not 0 <= last <= LAST_SEQ_MAX or last - first_seq(connection) > SPAN_MAX:
        raise sqlite3.DatabaseError("a sequence that no log ever reached")
    return last
