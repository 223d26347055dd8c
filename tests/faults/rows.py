"""All fault tables together."""

from __future__ import annotations

from typing import Final

from faults import combined, cursors, events, statuses, transport, values
from faults.case import Case, Group

GROUPS: Final[tuple[Group, ...]] = (
    cursors.GROUP,
    events.GROUP,
    values.GROUP,
    statuses.GROUP,
    transport.GROUP,
    combined.GROUP,
)
CASES: Final[tuple[Case, ...]] = tuple(case for group in GROUPS for row in group.rows for case in row.cases)
