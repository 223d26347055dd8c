"""The table's column heads, in line with its columns."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from rex_tui.ui.widgets.columns import GAP, MARK_WIDTH, columns_for, fit


class TableHead(Static):
    """One line of column heads over an `EventTable`."""

    def on_resize(self) -> None:
        """Use the new width, less the table's scroll bar."""
        columns = columns_for(self.size.width - 1)
        heads = [("time", columns.time), ("type", columns.type), ("summary", columns.summary), ("about", columns.id)]
        gap = " " * GAP
        self.update(Content(" " * MARK_WIDTH + gap.join(fit(head, width) for head, width in heads if width)))
