"""The README's table of what rex-tui survives is what the tests go through."""

from __future__ import annotations

from faults.rows import GROUPS
from faults.table import README, rewritten


def test_the_readme_is_in_step() -> None:
    readme = README.read_text(encoding="utf-8")
    assert rewritten(readme) == readme, "run python tests/faults/table.py"


def test_no_cell_breaks_the_table() -> None:
    cells = [cell for group in GROUPS for row in group.rows for cell in (row.rex, row.rex_tui)]
    assert not [cell for cell in cells if "|" in cell or "\n" in cell or len(cell) > 120]
