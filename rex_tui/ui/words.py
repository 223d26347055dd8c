"""The feed's state in words for the screen: never more hopeful than what is known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import humanize

from rex_tui.event import short_cursor
from rex_tui.feed import (
    CatchingUp,
    CaughtUp,
    Connecting,
    FeedStatus,
    Following,
    FromFile,
    Paused,
    Progress,
    RateLimited,
    Retrying,
    Rings,
    State,
    Stopped,
)
from rex_tui.keymap.keymap import USUAL, Keymap
from rex_tui.safe_text import clean
from rex_tui.ui.widgets.status_bar import StatusLine, Tone
from rex_tui.ui.widgets.times import in_zone, relative_time

OVERDUE_S: Final = 3.0
"""A poll that is out for longer is told, because what is on screen may be old."""
WHY_LIMIT: Final = 300
RECENT_FAILURE_S: Final = 600.0

WHAT_TO_DO: Final = {
    "key": (
        "Polling has stopped; what is stored stays readable. Check the key where rex-tui takes it from (REX_API_KEY, "
        "a command or the keyring) and start again, or press {poll} to retry."
    ),
    "cursor": (
        "Polling has stopped, since events may be missing from here on. Press {read_again} to read Rex's log again "
        "from its start (what is known is not doubled), {go_on} to pass over what it has and go on at its end, or "
        "{poll} to retry."
    ),
    "contract": (
        "Polling has stopped; nothing was changed. Check REX_URL, look for a newer rex-tui, or press {poll} to retry."
    ),
    "store": (
        "Polling has stopped; nothing was overwritten. Press {poll} to open what is there now, or name another with "
        "--store."
    ),
    "tenant": (
        "Polling has stopped before anything was written. Check REX_URL and the API key, or name another file with "
        "--store; {poll} tries again."
    ),
}


def status_line(
    status: FeedStatus,
    *,
    monotonic: float,
    now: float,
    stored: int,
    newest: str,
    utc: bool,
    host: str,
    keymap: Keymap = USUAL,
) -> StatusLine:
    """Give what the status bar says. `monotonic` and `now` are the clock's two readings in seconds."""
    if isinstance(status.state, FromFile):
        return file_line(status.state, stored, status.quarantined, keymap)
    sign, words, tone = state_words(status.state, monotonic, utc=utc, host=host, keymap=keymap)
    age = relative_time(newest, now)
    facts = [
        f"{humanize.intcomma(stored)} event{'' if stored == 1 else 's'}",
        "" if status.rings is None else rings_words(status.rings),
        f"newest {age}" if age else "",
        f"{humanize.intcomma(status.quarantined)} set aside, {keymap.told('log.set_aside')} lists"
        if status.quarantined
        else "",
        f"cursor {short_cursor(status.cursor)}",
        failure_words(status, now, utc=utc),
    ]
    return StatusLine(sign, words, tone, tuple(fact for fact in facts if fact))


def rings_words(rings: Rings) -> str:
    """Give what the doorbell heard: `doorbell rung 3 times, 1 refused`."""
    times = {0: "not rung yet", 1: "rung once"}.get(rings.rung, f"rung {rings.rung:,} times")
    return f"doorbell {times}{f', {rings.refused:,} refused' if rings.refused else ''}"


def state_words(
    state: State, monotonic: float, *, utc: bool, host: str, keymap: Keymap = USUAL
) -> tuple[str, str, Tone]:
    """Give a sign, words and a tone for a state."""
    said: tuple[str, str, Tone]
    match state:
        case Connecting():
            said = "○", f"asking {clean(host, 60)} …", "busy"
        case CatchingUp(progress, resume_at, skipping):
            said = "↻", _catching_up(progress, resume_at, monotonic, utc=utc, skipping=skipping), "busy"
        case CaughtUp(answered_at, next_at):
            said = _caught_up(answered_at, next_at, monotonic)
        case RateLimited(until, why):
            wait = _seconds(until - monotonic)
            said = "◷", f"slowed down by Rex, asking again in {wait}: {clean(why, WHY_LIMIT)}", "waiting"
        case Retrying(attempt, until, why):
            said = "▲", f"{_retrying(attempt, until - monotonic)}: {clean(why, WHY_LIMIT)}", "waiting"
        case Paused():
            said = "‖", f"paused · {keymap.told('feed.pause')} goes on", "waiting"
        case Following(writer_pid):
            said = (
                "◇",
                f"following process {clean(writer_pid, 10)}, which writes the store; this one only reads",
                "busy",
            )
        case FromFile():
            line = file_line(state, 0, 0)
            said = line.sign, line.words, line.tone
        case Stopped(_, why):
            said = "✕", f"stopped: {clean(why, WHY_LIMIT)}", "bad"
    return said


def notice_words(status: FeedStatus, *, aside_told: bool, keymap: Keymap = USUAL) -> tuple[str, str]:
    """Give the title and the sentences of what the user must know or decide; "" where there is nothing.

    With `aside_told` the user has read that a damaged store was moved aside.
    """
    if isinstance(status.state, Stopped):
        keys = {name: keymap.told(f"feed.{name}") for name in ("poll", "read_again", "go_on")}
        what_to_do = WHAT_TO_DO[status.state.reason].format(**keys)
        return "Polling stopped", f"{clean(status.state.why, WHY_LIMIT)} {what_to_do}"
    if isinstance(status.state, FromFile) and status.state.problems and not aside_told:
        return "Not all of it could be read", f"{clean(' '.join(status.state.problems), WHY_LIMIT)} Esc closes this."
    if status.moved_aside and not aside_told:
        return "Damaged store moved aside", (
            f"The store was damaged. It is kept, as it was, as {clean(status.moved_aside, WHY_LIMIT)}, and Rex's "
            "log is being read again into a new one. Esc closes this."
        )
    return "", ""


def file_line(state: FromFile, stored: int, aside: int, keymap: Keymap = USUAL) -> StatusLine:
    """Give what the status bar says where there is no feed but a file, of which `stored` events were taken in."""
    held = f"{stored:,} event{'' if stored == 1 else 's'}, {aside:,} set aside"
    facts = (f"{keymap.told('log.set_aside')} lists what was set aside",) if aside else ()
    if state.reading:
        share = "" if state.share is None else f" {state.share:.0%}"
        return StatusLine("↻", f"reading file{share} · {held} so far", "busy", facts)
    if state.problems:
        return StatusLine("▲", f"file, not all of it · {held}", "waiting", facts)
    return StatusLine("■", f"file · {held}", "busy", facts)


def waiting_words(state: State, keymap: Keymap = USUAL) -> str:
    """Give what an empty table says: that Rex has no events only if Rex has just said so."""
    if isinstance(state, FromFile):
        none = f"There is no event in it. Press {keymap.told('log.set_aside')} for what was set aside."
        return "Reading the file …" if state.reading else none
    known = "Rex has no events yet." if isinstance(state, CaughtUp) else "No events are stored yet."
    return f"{known} They appear here as they come."


def failure_words(status: FeedStatus, now: float, *, utc: bool) -> str:
    """Give the last failure while it is recent and not what the state itself says."""
    failure = status.last_failure
    if (
        failure is None
        or now - failure.at > RECENT_FAILURE_S
        or isinstance(status.state, Retrying | RateLimited | Stopped)
    ):
        return ""
    at = in_zone(datetime.fromtimestamp(failure.at, UTC), utc=utc)
    return f"last error {at:%H:%M:%S}: {clean(failure.why, WHY_LIMIT)}"


def _caught_up(answered_at: float, next_at: float, monotonic: float) -> tuple[str, str, Tone]:
    if monotonic > next_at + OVERDUE_S:
        return "○", f"no answer from Rex for {_seconds(monotonic - answered_at)}; still waiting for it", "waiting"
    if monotonic >= next_at:
        return "●", "caught up · asking for news", "good"
    return "●", f"caught up · next poll in {_seconds(next_at - monotonic)}", "good"


def _catching_up(progress: Progress, resume_at: float | None, monotonic: float, *, utc: bool, skipping: bool) -> str:
    parts = ["passing over what Rex has" if skipping else "catching up"]
    if progress.position is not None:
        parts.append(f"{in_zone(progress.position, utc=utc):%Y-%m-%d %H:%M}")
    if progress.events_per_s is not None:
        parts.append(f"{humanize.intcomma(round(progress.events_per_s))} events/s")
    if progress.left_s is not None:
        parts.append(f"about {humanize.naturaldelta(progress.left_s)} left")
    if resume_at is not None and resume_at > monotonic:
        parts.append("slowed down for Rex's rate limit")
    return " · ".join(parts)


def _retrying(attempt: int, wait_s: float) -> str:
    return f"retrying in {_seconds(wait_s)} (attempt {attempt})" if wait_s > 0 else f"retrying now (attempt {attempt})"


def _seconds(seconds: float) -> str:
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 100 else humanize.naturaldelta(whole)  # noqa: PLR2004 - two digits read at a glance
