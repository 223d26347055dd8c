"""What Rex's answers say about the request budget, read as tolerantly as headers deserve."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC
from typing import Final

from rex_tui.event import RateBudget

EPOCH_FROM_S: Final = 1e9
"""A reset of more than this is a time since the epoch; a smaller one is a number of seconds from now."""
RETRY_DEFAULT_S: Final = 60.0
RETRY_MIN_S: Final = 1.0
RETRY_MAX_S: Final = 3600.0


def budget_of(headers: Mapping[str, str], now: float) -> RateBudget:
    """Give the budget that an answer's headers tell; `now` is in seconds since the epoch, UTC.

    Source: `X-RateLimit-Limit`, `-Remaining` and `-Reset` of Rex's documentation of authentication.
    """
    limit, remaining = _number(headers.get("X-RateLimit-Limit")), _number(headers.get("X-RateLimit-Remaining"))
    return RateBudget(
        limit=int(limit) if limit is not None and limit > 0 else None,
        remaining=int(remaining) if remaining is not None and remaining >= 0 else None,
        reset_in_s=_reset_in_s(headers, now),
    )


def retry_in_s(headers: Mapping[str, str], now: float) -> float:
    """Give the seconds to stay away after a 429: from `Retry-After`, else from the reset, else a minute.

    It is never less than `RETRY_MIN_S` or more than `RETRY_MAX_S`, whatever the headers say.
    """
    text = headers.get("Retry-After")
    wait_s = _number(text)
    if wait_s is None and text is not None and (moment := date_of(text)) is not None:
        wait_s = moment - _server_now(headers, now)
    if wait_s is None or wait_s < 0:
        wait_s = _reset_in_s(headers, now)
    return min(max(RETRY_DEFAULT_S if wait_s is None else wait_s, RETRY_MIN_S), RETRY_MAX_S)


def _reset_in_s(headers: Mapping[str, str], now: float) -> float | None:
    reset = _number(headers.get("X-RateLimit-Reset"))
    if reset is None or reset < 0:
        return None
    return max(0.0, reset - _server_now(headers, now)) if reset > EPOCH_FROM_S else reset


def _server_now(headers: Mapping[str, str], now: float) -> float:
    """Give the time by the server's own clock where it tells it, so that a wrong clock here does no harm."""
    server_now = date_of(headers.get("Date", ""))
    return now if server_now is None else server_now


def date_of(text: str) -> float | None:
    """Give an HTTP date in seconds since the epoch; all of them are UTC, also those that don't say so (RFC 9110)."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - no start needs it, only an answer

    try:
        moment = parsedate_to_datetime(text)
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp()
    except (ValueError, OverflowError, TypeError):
        return None


def _number(text: str | None) -> float | None:
    """Give the first number of a header, or None; a header that came twice is joined with a comma."""
    try:
        number = float((text or "").partition(",")[0])
    except ValueError:
        return None
    return number if math.isfinite(number) else None
