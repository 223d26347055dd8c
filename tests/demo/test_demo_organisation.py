"""The demo's organisation: the same for the same seed, complete, and its stories hold together."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from rex_tui.demo import DemoEvent, Organisation
from rex_tui.event import parse_time
from rex_tui.payload import parse, references

END = datetime(2026, 3, 16, 12, 0, 30, tzinfo=UTC)
DOCUMENTED = {
    *("contact.created", "contact.updated", "contact.deleted", "contact.enriched"),
    *("company.created", "company.updated", "company.deleted", "company.enriched"),
    *("deal.created", "deal.updated", "deal.deleted", "deal.stage_changed", "deal.won", "deal.lost"),
    *("activity.created", "activity.updated", "activity.deleted"),
    *("trigger.deal.stale", "import.completed"),
}


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return Organisation(7)


@pytest.fixture(scope="module")
def lived(organisation: Organisation) -> list[DemoEvent]:
    """The default history, and 1,000 events after it, as the live feed makes them."""
    past = organisation.history(5000, END)
    return past + [organisation.next_event(END + timedelta(seconds=second)) for second in range(1000)]


def data(event: DemoEvent) -> dict[str, Any]:
    value = json.loads(event.data)
    assert isinstance(value, dict)
    return value


def of_type(events: list[DemoEvent], *types: str) -> list[DemoEvent]:
    return [event for event in events if event.type in types]


def test_same_seed_count_and_end_give_the_same_history() -> None:
    assert Organisation(3).history(700, END) == Organisation(3).history(700, END)


def test_an_organisation_that_has_lived_gives_the_same_history_again() -> None:
    organisation = Organisation(3)
    first = organisation.history(300, END)
    organisation.next_event(END)
    assert organisation.history(300, END) == first


def test_another_seed_gives_another_history() -> None:
    assert Organisation(3).history(50, END) != Organisation(4).history(50, END)


def test_live_events_are_the_same_for_the_same_seed() -> None:
    one, other = Organisation(5), Organisation(5)
    one.history(100, END)
    other.history(100, END)
    assert [one.next_event(END) for _ in range(200)] == [other.next_event(END) for _ in range(200)]


def test_stages_are_fixed_by_the_seed() -> None:
    organisation = Organisation(5)
    before = organisation.stages
    organisation.history(100, END)
    assert organisation.stages == before == Organisation(5).stages
    assert [stage.name for stage in before] == ["Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost"]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 499, 5000])
def test_a_history_has_exactly_so_many_events(count: int) -> None:
    assert len(Organisation(1).history(count, END)) == count


@pytest.mark.parametrize("seed", range(12))
def test_every_documented_type_occurs_in_500_events(seed: int) -> None:
    types = {event.type for event in Organisation(seed).history(500, END)}
    assert types >= DOCUMENTED | {"task.created", "task.updated"}


@pytest.mark.parametrize("seed", range(3))
def test_every_documented_type_occurs_in_a_short_span(seed: int) -> None:
    types = {event.type for event in Organisation(seed).history(500, END, timedelta(days=2))}
    assert types >= DOCUMENTED


def test_times_and_ids_ascend_and_end_shortly_before_the_end(lived: list[DemoEvent]) -> None:
    times = [event.occurred_at for event in lived]
    ids = [event.id for event in lived]
    past = [parse_time(event.occurred_at) for event in lived[:5000]]
    assert times == sorted(times)
    assert ids == sorted(set(ids))
    assert past[0] is not None
    assert past[-1] is not None
    assert END - timedelta(days=30) <= past[0] < END - timedelta(days=28)
    assert END - timedelta(minutes=1) < past[-1] <= END


def test_people_work_by_day_and_in_the_week(lived: list[DemoEvent]) -> None:
    times = [time for event in lived[:5000] if (time := parse_time(event.occurred_at))]
    weekend = sum(time.weekday() >= 5 for time in times)
    night = sum(time.hour < 6 or time.hour >= 22 for time in times)
    assert weekend < 0.1 * len(times)
    assert night < 0.1 * len(times)


def test_a_time_zone_makes_no_difference_to_what_is_told() -> None:
    tokyo = datetime.fromisoformat("2026-03-16T21:00:30+09:00")
    assert Organisation(2).history(60, tokyo) == Organisation(2).history(60, END)


def test_an_event_never_comes_before_the_last_even_if_the_clock_went_back() -> None:
    organisation = Organisation(2)
    last = organisation.history(10, END)[-1]
    assert organisation.next_event(END - timedelta(days=1)).occurred_at == last.occurred_at


def test_an_organisation_without_a_past_lives_too() -> None:
    organisation = Organisation(2)
    assert organisation.next_event(END).type == "company.created"


def test_a_reference_is_to_something_that_was_told_before(lived: list[DemoEvent], organisation: Organisation) -> None:
    known = {stage.id for stage in organisation.stages}
    makers = {"contact": "contact_id", "company": "company_id", "deal": "deal_id", "task": "task_id"} | {
        "activity": "activity_id",
        "import": "import_id",
    }
    for event in lived:
        resource, _, action = event.type.partition(".")
        if action in ("created", "completed"):
            known.add(data(event)[makers[resource]])
        for path, reference in references(parse(event.data)):
            if not reference.startswith(("usr_", "pipe_")):
                assert reference in known, (event, path)


def test_nothing_is_created_or_deleted_twice_or_told_of_after_its_end(lived: list[DemoEvent]) -> None:
    for resource in ("contact", "company", "deal", "activity"):
        created: set[str] = set()
        gone: set[str] = set()
        for event in lived:
            if event.type.partition(".")[0] != resource:
                continue
            its = data(event)[f"{resource}_id"]
            assert its not in gone, event
            if event.type.endswith(".created"):
                assert its not in created, event
                created.add(its)
            assert its in created, event
            if event.type.endswith(".deleted"):
                gone.add(its)
        assert gone < created


def test_a_deal_moves_from_where_it_is_and_ends_once(lived: list[DemoEvent], organisation: Organisation) -> None:
    lead, _, _, _, won, lost = (stage.id for stage in organisation.stages)
    at: dict[str, str] = {}
    ended: set[str] = set()
    for event in of_type(lived, "deal.created", "deal.stage_changed", "deal.won", "deal.lost", "deal.deleted"):
        payload = data(event)
        deal = payload["deal_id"]
        assert deal not in ended, event
        if event.type == "deal.created":
            assert payload["stage_id"] == lead
            at[deal] = lead
        elif event.type == "deal.stage_changed":
            assert at[deal] == payload["from_stage_id"] != payload["to_stage_id"]
            at[deal] = payload["to_stage_id"]
        else:
            ended.add(deal)
            assert at[deal] == {"deal.won": won, "deal.lost": lost, "deal.deleted": lead}[event.type]
    closed = {deal for deal, stage in at.items() if stage in (won, lost)}
    assert closed <= ended


def test_an_update_tells_the_former_and_the_new_value(lived: list[DemoEvent]) -> None:
    value: dict[str, int] = {}
    for event in of_type(lived, "deal.created", "deal.updated", "deal.won", "deal.lost"):
        payload = data(event)
        change = payload.get("changes", {}).get("value")
        if change:
            assert change["from"] == value[payload["deal_id"]]
        elif event.type != "deal.created":
            assert payload["value"] == value[payload["deal_id"]]
        value[payload["deal_id"]] = payload["value"]
    assert all(isinstance(cents, int) and cents > 0 for cents in value.values())


def test_many_moves_give_two_events(lived: list[DemoEvent]) -> None:
    followed = sum(
        first.type == "deal.stage_changed" and second.type.startswith("deal.") and data(first)["deal_id"] in second.data
        for first, second in pairwise(lived)
    )
    moves = len(of_type(lived, "deal.stage_changed"))
    assert moves > followed > moves // 3


def test_an_import_counts_the_contacts_it_brought(lived: list[DemoEvent]) -> None:
    rows = 0
    for event in lived:
        payload = data(event)
        if payload.get("source") == "import":
            rows += 1
        elif event.type == "import.completed":
            assert payload["rows_imported"] == rows > 0
            assert payload["rows_failed"] == len(payload["errors"])
            assert payload["entity"] == "contact"
            rows = 0


def test_a_stale_deal_is_open_and_has_passed_its_threshold(lived: list[DemoEvent]) -> None:
    over: set[str] = set()
    stale = 0
    for event in lived:
        if event.type in ("deal.won", "deal.lost", "deal.deleted"):
            over.add(data(event)["deal_id"])
        elif event.type == "trigger.deal.stale":
            stale += 1
            payload = data(event)
            assert payload["days_inactive"] >= payload["threshold_days"] >= 1
            assert payload["deal_id"] not in over
    assert stale > 5


def test_addresses_lead_nowhere_and_are_unique(lived: list[DemoEvent]) -> None:
    emails = [data(event)["email"] for event in of_type(lived, "contact.created")]
    domains = {email.partition("@")[2] for email in emails}
    assert len(emails) == len(set(emails))
    assert all(email.isascii() for email in emails)
    assert all(domain.endswith((".example", "example.com", "example.org", "example.net")) for domain in domains)


def test_texts_are_as_awkward_as_real_ones(lived: list[DemoEvent]) -> None:
    everything = "".join(event.data for event in lived)
    for text in ("[ACME] Ltd", "ø", "é", "ñ", "山本", "\N{PARTY POPPER}", "\\u001b]52;c;", "[/red]"):
        assert text in everything
    assert max(len(event.data) for event in lived) > 5000
    assert not any(character < " " for character in everything)


def test_payloads_are_compact_json_that_keeps_its_spelling(lived: list[DemoEvent]) -> None:
    for event in lived:
        assert json.dumps(data(event), ensure_ascii=False, separators=(",", ":")) == event.data


def test_types_are_as_frequent_as_in_a_real_crm(lived: list[DemoEvent]) -> None:
    counts = Counter(event.type for event in lived)
    assert counts.most_common(1)[0][0] == "activity.created"
    assert counts["deal.won"] < counts["deal.lost"] < counts["deal.created"] < counts["contact.created"]
    assert counts["import.completed"] < counts["contact.deleted"] < counts["contact.updated"]
    currencies = Counter(data(event)["currency"] for event in of_type(lived, "deal.created"))
    assert set(currencies) == {"USD", "EUR", "GBP"}
    assert currencies["USD"] > currencies.total() / 2
