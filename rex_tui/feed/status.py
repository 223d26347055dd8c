"""What the feed is doing, as frozen values that a screen can show without asking back.

Every `…_at` and `until` is a reading of the feed's monotonic clock in seconds, so that a screen with the same clock
can count down to it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from rex_tui.feed.progress import Progress

StopReason: TypeAlias = Literal["key", "cursor", "contract", "store", "tenant"]


class Connecting(Struct, frozen=True):
    """Asking Rex for the first page since the start, a pause or a stop."""


class CatchingUp(Struct, frozen=True):
    """Reading page after page, because Rex has more; `resume_at` is set while the rate budget makes us wait.

    While `skipping`, what comes is passed over, because the user chose to go on at the end of Rex's log.
    """

    progress: Progress
    resume_at: float | None = None
    skipping: bool = False


class CaughtUp(Struct, frozen=True):
    """Rex had nothing more at `answered_at`; the next poll is due at `next_at`."""

    answered_at: float
    next_at: float


class RateLimited(Struct, frozen=True):
    """Rex asked to stay away until `until`."""

    until: float
    why: str


class Retrying(Struct, frozen=True):
    """Attempt number `attempt` failed because of `why`; the next is due at `until`."""

    attempt: int
    until: float
    why: str


class Paused(Struct, frozen=True):
    """The user paused polling."""


class Stopped(Struct, frozen=True):
    """Polling waits for the user, because trying again alone would not help."""

    reason: StopReason
    why: str


class Following(Struct, frozen=True):
    """Another process, number `writer_pid`, polls and writes the store; this one reads what it writes."""

    writer_pid: str


class FromFile(Struct, frozen=True):
    """There is no Rex to ask: the log is what files hold.

    While `reading`, more of them comes; `share` says how much was read, from 0 to 1, None where nobody knows.
    `problems` are sentences about what could not be read.
    """

    reading: bool
    share: float | None = None
    problems: tuple[str, ...] = ()


State: TypeAlias = Connecting | CatchingUp | CaughtUp | RateLimited | Retrying | Paused | Stopped | Following | FromFile


class Failure(Struct, frozen=True):
    """The last thing that went wrong: when (seconds since the epoch, UTC), and what, in a sentence."""

    at: float
    why: str


class Rings(Struct, frozen=True):
    """What the doorbell heard: how often it was rung, and how many requests it refused, since they were not signed."""

    rung: int = 0
    refused: int = 0


class FeedStatus(Struct, frozen=True):
    """The feed at a glance: its state, the cursor that is stored, what was set aside, and the last failure.

    `moved_aside` is the path of a damaged store that was replaced by a new one since the start. `rings` is what the
    doorbell heard, None where there is none.
    """

    state: State
    cursor: str | None = None
    quarantined: int = 0
    last_failure: Failure | None = None
    moved_aside: str | None = None
    rings: Rings | None = None
