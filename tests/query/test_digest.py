"""What came since a place, counted from the types, with a look at few payloads."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from rex_tui.checkpoint import Place
from rex_tui.event import GAP_TYPE, Row
from rex_tui.names import Known, Names
from rex_tui.query.digest import READ_MAX, Digest, digest_since, events_between
from rex_tui.store.type_codes import pack_codes
from rex_tui.store.type_index import TypeIndex
from rex_tui.ui.digest_words import digest_words
from rex_tui.ui.since_words import divider_words, when_words

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 13, 17, 2, tzinfo=UTC).timestamp()
VISIT = Place("last-visit", 1, FRIDAY)
NAMES = Names(known={"deal_1": Known("deal_1", "Acme\x1b[2J", 1.0, "rex")})


class Log:
    """A log of types and payloads, which remembers what was read of it."""

    def __init__(self, *events: tuple[str, object]) -> None:
        self.events = events
        self.read: list[int] = []
        names = list(dict.fromkeys(type_ for type_, _ in events if type_))
        codes = [names.index(type_) + 1 if type_ else 0 for type_, _ in events]
        self.index = TypeIndex(names, pack_codes(codes))

    def rows(self, seqs: Sequence[int]) -> list[Row]:
        self.read += seqs
        return [
            Row(seq, f"evt_{seq}", self.events[seq - 1][0], "", 0.0, json.dumps(self.events[seq - 1][1]), 1)
            for seq in seqs
        ]

    def since(self, after: int) -> Digest | None:
        return digest_since(self.index, after, len(self.events), self.rows)

    def words(self, after: int, visit: Place = VISIT, *, so_far: bool = False, room: int = 1_000) -> str:
        digest = self.since(after)
        assert digest is not None
        return digest_words(digest, visit, NOW, NAMES, so_far=so_far, room=room).partition(" ⏎")[0]


def deal(number: int, **fields: object) -> dict[str, object]:
    return {"deal_id": f"deal_{number}", **fields}


def test_it_says_how_many_of_what_and_names_the_single_deal() -> None:
    log = Log(
        ("deal.won", deal(9, value=1)),
        ("deal.won", deal(1, name="other", value=1_200_000)),
        *[("deal.updated", {})] * 12,
        *[("trigger.deal.stale", deal(3))] * 3,
        ("contact.created", {}),
        ("odd\x1b.type", {}),
    )
    assert log.words(1) == (
        "18 events since your last visit, Fri 17:02: 1 won (Acme␛[2J, 12,000.00 USD), 3 stale, 12 deal updates, "
        "1 about contacts, 1 other."
    )
    for room, said in (
        (149, "1 won (Acme␛[2J, 12,000.00 USD), 3 stale, 12 deal updates, 2 others."),
        (132, "1 won (Acme␛[2J, 12,000.00 USD), 3 stale, 14 others."),
        (116, "1 won, 3 stale, 12 deal updates, 2 others."),
        (1, "1 won, 3 stale, 14 others."),
    ):
        assert log.words(1, room=room).partition(": ")[2] == said
    assert 1 not in log.read
    assert len(set(log.read)) == 4
    assert log.since(18) is not None
    assert log.since(19) is None


def test_amounts_are_added_up_by_currency_and_what_tells_none_is_counted() -> None:
    log = Log(
        ("deal.won", deal(2, value=100, currency="EUR")),
        ("deal.won", deal(3, value=250, currency="EUR")),
        ("deal.won", deal(4, value=500)),
        ("deal.won", deal(5, value="much")),
        ("deal.lost", deal(6, name="B")),
        ("deal.lost", deal(7)),
    )
    for room, said in (
        (125, "4 won (3.50 EUR, 5.00 USD, 1 without an amount), 2 lost."),
        (100, "4 won, 2 lost."),
    ):
        assert log.words(0, room=room).partition(": ")[2] == said
    assert log.words(0, so_far=True) == (
        "6 events so far since your last visit, Fri 17:02: 4 won (3.50 EUR, 5.00 USD, 1 without an amount), "
        "2 lost (B, deal_7)."
    )


def test_a_gap_is_told_and_neither_it_nor_what_was_forgotten_is_counted() -> None:
    log = Log(("a.b", {}), ("", {}), (GAP_TYPE, {}), ("a.b", {}), ("deal.created", {}))
    lost = Place("last-visit", 1, FRIDAY, exact=False)
    assert log.words(1, lost) == (
        "2 events since your last visit, Fri 17:02 (told by time: its event is not in the log): "
        "1 new deal, 1 other. Some may be missing: the table shows a gap."
    )
    assert events_between(log.index, 0, 5) == 3


def test_of_a_long_absence_only_numbers_are_told_and_nothing_is_read() -> None:
    log = Log(*[("deal.won", {})] * (READ_MAX + 1))
    assert log.words(0) == "501 events since your last visit, Fri 17:02: 501 won."
    assert not log.read


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2026-03-16T09:05:00", "09:05"),
        ("2026-03-15T23:59:00", "Sun 23:59"),
        ("2026-03-10T00:00:00", "Tue 00:00"),
        ("2026-03-09T12:00:00", "9 Mar 12:00"),
        ("2025-12-31T12:00:00", "31 Dec 2025 12:00"),
        ("2026-03-17T12:00:00", "17 Mar 12:00"),
    ],
)
def test_a_time_is_said_as_shortly_as_it_is_clear(at: str, said: str) -> None:
    assert when_words(datetime.fromisoformat(f"{at}+00:00").timestamp(), NOW) == said


def test_an_odd_time_breaks_nothing() -> None:
    assert divider_words(Place("last-visit", 1, 1e300, exact=False), NOW)[1] == "new since an unknown time, by time"
