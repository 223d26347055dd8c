"""rex-tui: watch a Rex CRM's event log live in a terminal."""

from typing import Final

__version__: Final = "0.1.0"
