"""The durable log: one SQLite file a tenant, rows and cursor always in one transaction."""

from rex_tui.store.errors import OtherTenant, StoreDamaged, StoreError, StoreTooNew, StoreUnwritable
from rex_tui.store.store import EventStore
from rex_tui.store.type_index import TypeIndex

__all__ = [
    "EventStore",
    "OtherTenant",
    "StoreDamaged",
    "StoreError",
    "StoreTooNew",
    "StoreUnwritable",
    "TypeIndex",
]
