"""A Rex in small: an organisation that lives, and a real HTTP server that tells of it."""

from rex_tui.demo.demo import HISTORY, SEED, Demo
from rex_tui.demo.log import CursorError, DemoLog, LogPage, make_cursor
from rex_tui.demo.organisation import DemoEvent, Organisation
from rex_tui.demo.pace import RATE_PER_MINUTE, LiveFeed
from rex_tui.demo.server import DEMO_KEY, REQUESTS_PER_MINUTE, DemoServer

__all__ = [
    "DEMO_KEY",
    "HISTORY",
    "RATE_PER_MINUTE",
    "REQUESTS_PER_MINUTE",
    "SEED",
    "CursorError",
    "Demo",
    "DemoEvent",
    "DemoLog",
    "DemoServer",
    "LiveFeed",
    "LogPage",
    "Organisation",
    "make_cursor",
]
