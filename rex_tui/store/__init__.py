"""The durable log: one SQLite file a tenant, rows and cursor always in one transaction."""

from rex_tui.store.errors import (
    OtherTenant,
    StoreDamaged,
    StoreError,
    StoreForeign,
    StoreGone,
    StoreTooNew,
    StoreUnwritable,
)
from rex_tui.store.gap import GapChoice
from rex_tui.store.scan import ScanCondition, Scanner, ScanStopped
from rex_tui.store.store import EventStore
from rex_tui.store.time_index import TimeIndex
from rex_tui.store.time_reader import TimeReader
from rex_tui.store.type_index import TypeIndex
from rex_tui.store.upkeep import Deleted

__all__ = [
    "Deleted",
    "EventStore",
    "GapChoice",
    "OtherTenant",
    "ScanCondition",
    "ScanStopped",
    "Scanner",
    "StoreDamaged",
    "StoreError",
    "StoreForeign",
    "StoreGone",
    "StoreTooNew",
    "StoreUnwritable",
    "TimeIndex",
    "TimeReader",
    "TypeIndex",
]
