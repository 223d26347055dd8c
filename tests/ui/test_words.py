"""The feed's state in words: exact, and never more hopeful than what is known."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from support.fakes import NOW

from rex_tui.event import short_cursor
from rex_tui.feed import (
    CatchingUp,
    CaughtUp,
    Connecting,
    Failure,
    FeedStatus,
    Following,
    Paused,
    Progress,
    RateLimited,
    Retrying,
    State,
    Stopped,
)
from rex_tui.ui.words import notice_words, state_words, status_line

MARCH = datetime(2026, 3, 4, 8, 15, tzinfo=UTC)
T = 1000.0


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [
        (Connecting(), "○ asking acme …", "busy"),
        (CaughtUp(T, T + 8.2), "● caught up · next poll in 8 s", "good"),
        (CaughtUp(T - 15, T - 0.5), "● caught up · asking for news", "good"),
        (CaughtUp(T - 30, T - 15), "○ no answer from Rex for 30 s; still waiting for it", "waiting"),
        (CaughtUp(T - 300, T - 15), "○ no answer from Rex for 5 minutes; still waiting for it", "waiting"),
        (CatchingUp(Progress()), "↻ catching up", "busy"),
        (
            CatchingUp(Progress(MARCH, 1900.4, 120.0)),
            "↻ catching up · 2026-03-04 08:15 · 1,900 events/s · about 2 minutes left",
            "busy",
        ),
        (
            CatchingUp(Progress(MARCH), T + 3),
            "↻ catching up · 2026-03-04 08:15 · slowed down for Rex's rate limit",
            "busy",
        ),
        (RateLimited(T + 42, "Slow."), "◷ slowed down by Rex, asking again in 42 s: Slow.", "waiting"),
        (Retrying(3, T + 4, "Down.\x1b[2J"), "▲ retrying in 4 s (attempt 3): Down.␛[2J", "waiting"),
        (Retrying(3, T - 1, "Down."), "▲ retrying now (attempt 3): Down.", "waiting"),
        (Paused(), "‖ paused · Space goes on", "waiting"),
        (Following("42"), "◇ following process 42, which writes the store; this one only reads", "busy"),
        (Stopped("key", "No."), "✕ stopped: No.", "bad"),
    ],
)
def test_each_state_in_words(state: State, words: str, tone: str) -> None:
    sign, said, told = state_words(state, T, utc=True, host="acme")
    assert (f"{sign} {said}", told) == (words, tone)


@pytest.mark.parametrize("reason", ["key", "cursor", "contract", "store", "tenant"])
def test_a_stopped_feed_says_what_the_user_can_do(reason: str) -> None:
    title, words = notice_words(FeedStatus(Stopped(reason, "It broke.")), aside_told=True)  # type: ignore[arg-type]
    assert title == "Polling stopped"
    assert words.startswith("It broke. Polling has stopped")
    assert re.search(r"press r|Press r|or r to|r tries again", words)
    assert notice_words(FeedStatus(Paused()), aside_told=True) == ("", "")


def test_a_store_that_was_moved_aside_is_named_until_it_was_read() -> None:
    status = FeedStatus(Paused(), moved_aside="/home/ada/rex.db.damaged-1")
    assert "kept, as it was, as /home/ada/rex.db.damaged-1" in notice_words(status, aside_told=False)[1]
    assert notice_words(status, aside_told=True) == ("", "")


def test_the_bar_tells_cursor_count_age_what_was_set_aside_and_the_last_error() -> None:
    status = FeedStatus(CaughtUp(T, T + 1), "eyJpZCI6ImV2dF8wMUsifQ", 3, Failure(NOW - 60, "Rex had trouble."))
    line = status_line(status, monotonic=T, now=NOW, stored=5012, newest="2026-03-16T11:59:00Z", utc=True, host="acme")
    assert line.facts == (
        "5,012 events",
        "newest a minute ago",
        "3 set aside, e lists",
        "cursor eyJpZC…MUsifQ",
        "last error 11:59:00: Rex had trouble.",
    )


def test_an_old_error_and_one_that_the_state_tells_are_not_repeated() -> None:
    failure = Failure(NOW - 3600, "Rex had trouble.")
    for status in (
        FeedStatus(CaughtUp(T, T + 1), last_failure=failure),
        FeedStatus(Retrying(1, T, "Rex had trouble."), last_failure=Failure(NOW, "Rex had trouble.")),
    ):
        line = status_line(status, monotonic=T, now=NOW, stored=1, newest="", utc=True, host="")
        assert line.facts == ("1 event", "cursor none yet")


@pytest.mark.parametrize(
    ("cursor", "shown"),
    [
        (None, "none yet"),
        ("short", "short"),
        ("eyJpZCI6ImV2dF8wMUsifQ", "eyJpZC…MUsifQ"),
        ("\x1b" * 40, "␛␛␛␛␛␛…␛␛␛␛␛␛"),
    ],
)
def test_a_cursor_is_shortened_and_clean(cursor: str | None, shown: str) -> None:
    assert short_cursor(cursor) == shown
