"""A gap: a place in the log from which on events may be missing, with what stood before it and what came after."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, Self, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from rex_tui.event import GAP_TYPE, Event

GapChoice: TypeAlias = Literal["read again", "go on"]


class OpenGap(Struct, frozen=True):
    """A gap whose other end is not known yet: Rex has refused our place, and the user chose how to go on.

    `noticed_at` is in seconds since the epoch, UTC; `last_id` and `last_occurred_at` are those of the last event
    before it.
    """

    why: str
    choice: GapChoice
    noticed_at: float
    last_id: str
    last_occurred_at: str

    def to_json(self) -> str:
        """Give it as the store keeps it."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` gave."""
        return cls(**json.loads(text))

    def closed_by(self, first: Event, seq: int) -> Event:
        """Give the row that tells of the gap: its payload has both ends, why it is there, and what was chosen."""
        noticed = datetime.fromtimestamp(self.noticed_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        told: Mapping[str, object] = {
            "why": self.why,
            "last_before": {"id": self.last_id, "occurred_at": self.last_occurred_at},
            "first_after": {"id": first.id, "occurred_at": first.occurred_at},
            "noticed_at": noticed,
            "choice": self.choice,
        }
        return Event(f"{GAP_TYPE}-{seq}", GAP_TYPE, noticed, json.dumps(told), self.noticed_at)
