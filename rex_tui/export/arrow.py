"""Parquet and Arrow files, for those who have the optional extra; the library is loaded when such a file is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, BinaryIO, Final, Literal

from rex_tui.event import Event, parse_time
from rex_tui.export.columns import PREFIX, Columns
from rex_tui.export.export import ExportError
from rex_tui.fields import text_of
from rex_tui.payload import Json

ROWS_A_GROUP: Final = 20_000
CHARACTERS_A_GROUP: Final = 32 * 2**20
NEEDS_EXTRA: Final = (
    "Parquet and Arrow files need a library that rex-tui does without otherwise. Install it with "
    "`pip install 'rex-tui[arrow]'`, or choose jsonl, csv or md."
)


def arrow_is_there() -> bool:
    """Tell whether the library can be loaded."""
    try:
        import pyarrow as pa  # noqa: F401, PLC0415 - an optional extra, and slow to load
    except ImportError:
        return False
    return True


class ArrowTable:
    """A table with typed columns: the event's own facts, the payload's fields, and the payload itself as it came.

    A field has a type of its own where all its values agree; else it is text. `occurred_at` is the text that came,
    `occurred` the time that it is, where it is one.
    """

    surveys = True

    def __init__(self, kind: Literal["parquet", "arrow"], fields: Sequence[str] = ()) -> None:
        """Write Parquet, or an Arrow IPC file; raises `ExportError` where the library is not installed."""
        if not arrow_is_there():
            raise ExportError(NEEDS_EXTRA)
        self._kind = kind
        self._columns = Columns(fields)
        self._waiting: list[Event] = []
        self._characters = 0
        self._schema: Any = None
        self._writer: Any = None

    @property
    def left_out(self) -> str:
        """Say which fields found no room."""
        return self._columns.words_left_out

    def survey(self, events: Sequence[Event]) -> None:
        """Note the fields that these events have, and what kinds of values."""
        self._columns.survey(events)

    def begin(self, file: BinaryIO) -> None:
        """Decide on the columns' types."""
        import pyarrow as pa  # noqa: PLC0415 - see the module's docstring

        kinds = {
            frozenset({"whole"}): pa.int64(),
            frozenset({"number"}): pa.float64(),
            frozenset({"whole", "number"}): pa.float64(),
            frozenset({"truth"}): pa.bool_(),
        }
        found = [
            (_text(f"{PREFIX}.{path}"), kinds.get(frozenset(seen - {"nothing"}), pa.string()))
            for path, seen in self._columns.kinds.items()
        ]
        time = pa.timestamp("us", tz="UTC")
        own = [("id", pa.string()), ("type", pa.string()), ("occurred_at", pa.string())]
        self._schema = pa.schema([*own, ("occurred", time), ("received_at", time), *found, (PREFIX, pa.string())])
        if self._kind == "parquet":
            from pyarrow import parquet  # noqa: PLC0415 - the same

            self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        else:
            self._writer = pa.ipc.new_file(file, self._schema)

    def write(self, file: BinaryIO, events: Sequence[Event]) -> None:  # noqa: ARG002 - the library has the file
        """Keep some events until there are enough for a group of rows."""
        self._waiting += events
        self._characters += sum(len(event.data) for event in events)
        if len(self._waiting) >= ROWS_A_GROUP or self._characters >= CHARACTERS_A_GROUP:
            self._flush()

    def end(self, file: BinaryIO) -> None:  # noqa: ARG002 - the same
        """Write the last rows and the file's end."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa  # noqa: PLC0415 - see the module's docstring

        events, self._waiting, self._characters = self._waiting, [], 0
        if not events:
            return
        fields = list(zip(*map(self._columns.values, events), strict=True)) or []
        columns: list[Sequence[object]] = [
            [_text(event.id) for event in events],
            [_text(event.type) for event in events],
            [_text(event.occurred_at) for event in events],
            [parse_time(event.occurred_at) for event in events],
            [datetime.fromtimestamp(event.received_at, UTC) for event in events],
            *(
                list(map(partial(_typed, self._schema.field(5 + number).type), values))
                for number, values in enumerate(fields)
            ),
            [_text(event.data) for event in events],
        ]
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))


def _typed(kind: Any, value: Json) -> object:
    if value is None:
        return None
    name = str(kind)
    if name == "bool":
        return value
    if name in ("int64", "double"):
        return (int if name == "int64" else float)(str(value))
    return _text(text_of(value))


def _text(text: str) -> str:
    """Give a text that can be UTF-8: halves of surrogate pairs can't."""
    return text.encode(errors="replace").decode()
