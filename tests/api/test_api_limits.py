"""The rate-limit headers, in every shape that they may have."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rex_tui.api.limits import RETRY_MAX_S, RETRY_MIN_S, budget_of, retry_in_s
from rex_tui.event import RateBudget

NOW = 1_773_662_400.0
"""2026-03-16 12:00:00 UTC."""


@pytest.mark.parametrize(
    ("headers", "budget"),
    [
        ({}, RateBudget()),
        (
            {"X-RateLimit-Limit": "1000", "X-RateLimit-Remaining": "3", "X-RateLimit-Reset": "1773662430"},
            RateBudget(1000, 3, 30),
        ),
        ({"X-RateLimit-Reset": "30"}, RateBudget(reset_in_s=30)),
        ({"X-RateLimit-Reset": "1773662000"}, RateBudget(reset_in_s=0)),
        (
            {"X-RateLimit-Reset": "1773662430", "Date": "Mon, 16 Mar 2026 12:00:20 GMT"},
            RateBudget(reset_in_s=10),
        ),
        ({"X-RateLimit-Limit": "1000, 500", "X-RateLimit-Remaining": "7;w=1"}, RateBudget(1000)),
        ({"X-RateLimit-Limit": "0", "X-RateLimit-Remaining": "-1", "X-RateLimit-Reset": "-5"}, RateBudget()),
        ({"X-RateLimit-Limit": "nan", "X-RateLimit-Remaining": "inf", "X-RateLimit-Reset": "1e999"}, RateBudget()),
    ],
)
def test_the_budget(headers: dict[str, str], budget: RateBudget) -> None:
    assert budget_of(headers, NOW) == budget


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({}, 60),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": "-7"}, 60),
        ({"Retry-After": "Mon, 16 Mar 2026 12:00:30 GMT"}, 30),
        ({"Retry-After": "Mon, 16 Mar 2026 12:00:30 GMT", "Date": "Mon, 16 Mar 2026 12:00:10 GMT"}, 20),
        ({"Retry-After": "Mon, 16 Mar 2020 12:00:30 GMT", "X-RateLimit-Reset": "9"}, 9),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "1773662445"}, 45),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "later"}, 60),
        ({"Retry-After": "1e30"}, RETRY_MAX_S),
        ({"Retry-After": "0"}, RETRY_MIN_S),
    ],
)
def test_how_long_to_stay_away(headers: dict[str, str], wait_s: float) -> None:
    assert retry_in_s(headers, NOW) == wait_s


@pytest.fixture
def far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as changed:
        changed.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("far_from_greenwich")
@pytest.mark.parametrize(
    "date",
    [
        "Mon, 16 Mar 2026 12:00:30 GMT",
        "Monday, 16-Mar-26 12:00:30 GMT",
        "Mon Mar 16 12:00:30 2026",
        "Mon, 16 Mar 2026 12:00:30 -0000",
        "Mon, 16 Mar 2026 12:00:30",
    ],
)
def test_every_date_is_utc_wherever_we_are(date: str) -> None:
    assert retry_in_s({"Retry-After": date}, NOW) == 30
    assert retry_in_s({"Retry-After": "Mon, 16 Mar 2026 12:00:37 GMT", "Date": date}, 0.0) == 7


DATE_WORDS = [
    "Mon,",
    "16",
    "Mar",
    "2026",
    "12:00:30",
    "24:00:60",
    "GMT",
    "-0000",
    "+9999",
    "0",
    "99999999999",
    ":",
    "(",
]


@given(st.lists(st.sampled_from(DATE_WORDS)).map(" ".join))
def test_no_date_breaks_it(date: str) -> None:
    assert RETRY_MIN_S <= retry_in_s({"Retry-After": date, "Date": date}, NOW) <= RETRY_MAX_S


@given(st.dictionaries(st.sampled_from(["Retry-After", "Date", "X-RateLimit-Reset", "X-RateLimit-Limit"]), st.text()))
def test_no_header_breaks_it(headers: dict[str, str]) -> None:
    assert RETRY_MIN_S <= retry_in_s(headers, NOW) <= RETRY_MAX_S
    budget_of(headers, NOW)
