"""rex-tui: watch a Rex CRM's event log live in a terminal."""

__version__ = "0.1.0"
