"""The polling pattern: when to ask Rex, when to wait, and what to say meanwhile. It knows no screen."""

from rex_tui.feed.clock import Clock, SystemClock
from rex_tui.feed.directory import Directory
from rex_tui.feed.feed import Feed
from rex_tui.feed.known_names import kept_names
from rex_tui.feed.poller import Poller
from rex_tui.feed.progress import Progress
from rex_tui.feed.source import EventSource
from rex_tui.feed.status import (
    CatchingUp,
    CaughtUp,
    Connecting,
    Failure,
    FeedStatus,
    Following,
    FromFile,
    Paused,
    RateLimited,
    Retrying,
    Rings,
    State,
    Stopped,
)

__all__ = [
    "CatchingUp",
    "CaughtUp",
    "Clock",
    "Connecting",
    "Directory",
    "EventSource",
    "Failure",
    "Feed",
    "FeedStatus",
    "Following",
    "FromFile",
    "Paused",
    "Poller",
    "Progress",
    "RateLimited",
    "Retrying",
    "Rings",
    "State",
    "Stopped",
    "SystemClock",
    "kept_names",
]
