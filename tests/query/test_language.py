"""What queries match, by examples like those that people type."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rex_tui.event import GAP_TYPE, Event
from rex_tui.query.language import Facts, QueryError, SystemZone, local_now, parse
from rex_tui.query.language.errors import SHOWN_BEFORE

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 16, 13, 30, 15, tzinfo=BERLIN)  # a Monday
WON = Event(
    "evt_01WON",
    "deal.won",
    "2026-03-16T12:03:20Z",
    '{"deal_id":"deal_01A","name":"Fjordline rollout","value":1850000,"currency":"EUR","stage_id":"stg_X",'
    '"contact":{"email":"ase@acme.com"},"tags":["hot",{"name":"Q1"}],"lost":null,"vip":true,"confidence":0.74,'
    '"close_on":"2026-03-31","type":"new"}',
    0.0,
    seq=7,
)
MOVED = Event(
    "evt_01MOVED",
    "deal.stage_changed",
    "2026-03-14T22:59:59Z",
    '{"to_stage_id":"stg_Y","value":49999,"note":"R\\u0026D caf\\u00e9 a\\/b \\"x\\""}',
    0.0,
    seq=3,
)
STALE = Event("evt_01STALE", "trigger.deal.stale", "2026-02-27T10:00:00Z", '{"days":7,"value":50000}', 0.0, seq=2)
ODD = Event("evt_01ODD", "contact.created", "whenever", '"just a text"', 0.0, seq=1)
EVENTS = {"won": WON, "moved": MOVED, "stale": STALE, "odd": ODD}


def found(text: str, facts: Facts = Facts()) -> str:  # noqa: B008 - frozen
    query = parse(text, NOW, {"big": "value>=500.00", "mine": "filter:big type:deal.won", "none": ""})
    return " ".join(name for name, event in EVENTS.items() if query.matches(event, facts))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "won moved stale odd"),
        ("   ", "won moved stale odd"),
        ("fjordline", "won"),
        ("FJORDLINE ROLLOUT", "won"),
        ('"fjordline rollout"', "won"),
        ('"rollout fjordline"', ""),
        ("evt_01s", "stale"),
        ("trigger", "stale"),
        ("-fjordline", "moved stale odd"),
        ("!fjordline", "moved stale odd"),
        ("not fjordline", "moved stale odd"),
        ("R&D", "moved"),
        ("café", "moved"),
        ("CAFÉ", ""),
        ("a/b", "moved"),
        ('"\\"x\\""', "moved"),
        ("100%", ""),
        ("e_t_01", ""),
        ("type:deal.*", "won moved"),
        ("type:deal", "won moved"),
        ("type:DEAL.WON", "won"),
        ("-type:deal.won", "moved stale odd"),
        ("type!=deal.won", "moved stale odd"),
        ("type:*.stale", "stale"),
        ("resource:deal", "won moved stale"),
        ("resource:trigger", "stale"),
        ("id:evt_01w*", "won"),
        ("id:01WON", ""),
        ("re:/fjord.*rollout|^evt_01o/", "won odd"),
        ("re:/a\\\\\\/b/", "moved"),
        ("to_stage_id:stg_Y", "moved"),
        ("to_stage_id:STG_y", "moved"),
        ("contact.email:*@acme.com", "won"),
        ("contact.email:acme", ""),
        ("tags:hot", "won"),
        ("tags.name:q1", "won"),
        ("lost:null", "won"),
        ("lost:none", "won"),
        ("vip:true", "won"),
        ('vip:"true"', ""),
        ("days:7.0", "stale"),
        ("note:*", "moved"),
        ("-note:*", "won stale odd"),
        ("value!=50000", "won moved"),
        ("data.type:new", "won"),
        ("value>50000", "won"),
        ("value >= 50000", "won stale"),
        ("value<50000", "moved"),
        ("value<=500.00", "moved stale"),
        ("value=500.00", "stale"),
        ("value:500.00", "stale"),
        ("value>499.98", "won moved stale"),
        ("value>500.00EUR", "won"),
        ('value>"500.00 EUR"', "won"),
        ("value>€500", "won"),
        ("value>400.00USD", "moved stale"),
        ("value>18,000.00", "won"),
        ("confidence>0.73", "won"),
        ("confidence>0.75", ""),
        ("close_on<2026-04-01", "won"),
        ("close_on<2026-03-31", ""),
        ("since:1h", "won"),
        ("since:today", "won"),
        ("since:monday", "won"),
        ("since:2d", "won moved"),
        ("since:sun", "won"),
        ("before:2026-03-15", "moved stale"),
        ("before:2026-03-14", "stale"),
        ("since:2026-02 before:2026-03", "stale"),
        ("at:13:03", "won"),
        ("at:13:04", ""),
        ('at:"2026-03-14 23:59"', "moved"),
        ("at:2026-03-14", "moved"),
        ("at:2026-03-14T22:59:59Z", "moved"),
        ("-since:1d", "moved stale odd"),
        ("since:0001-02-01 or before:0001-02-01", "won moved stale"),
        ("is:marked", "stale"),
        ("is:new", "won"),
        ("is:quarantined", ""),
        ("fjordline or type:contact.*", "won odd"),
        ("type:deal.* (stg_x or stg_y) -fjordline", "moved"),
        ("fjordline and stg_y or just", "odd"),
        ("not (type:deal.* or stale)", "odd"),
        ("--fjordline", "won"),
        ("filter:big", "won stale"),
        ("-filter:mine", "moved stale odd"),
        ("filter:none", "won moved stale odd"),
        ("https://acme.com", ""),
        ('"and"', ""),
        ("hot*", "won"),
        (r"re:/\d{4}-\d{2}-\d{2}\"/ re:/s{1}tg/", "won"),
    ],
)
def test_a_query_matches(text: str, expected: str) -> None:
    assert found(text, Facts(marked=frozenset({"evt_01STALE"}), new_after=3)) == expected


def test_a_clock_time_that_is_still_to_come_is_yesterdays() -> None:
    yesterday = Event("evt_1", "deal.won", "2026-03-15T13:03:59Z", "{}", 0.0)
    assert parse("at:14:03", NOW).matches(yesterday)
    assert not parse("at:13:03", NOW).matches(yesterday)


def test_days_begin_by_the_clock_of_that_day_when_summer_time_came_between() -> None:
    april = datetime(2026, 4, 1, 9, 0, tzinfo=BERLIN)
    before, after = (
        Event("evt_1", "deal.won", at, "{}", 0.0) for at in ("2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z")
    )
    assert [parse("since:2026-03-29", april).matches(event) for event in (before, after)] == [False, True]


def test_the_row_of_a_gap_matches_only_the_empty_query() -> None:
    gap = Event("gap_1", GAP_TYPE, "", "{}", 0.0)
    assert parse("", NOW).matches(gap)
    assert not parse("gap", NOW).matches(gap)
    assert not parse("-gap", NOW).matches(gap)


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("acme (deal", 5, "not closed"),
        ("acme)", 4, "closes none"),
        ("()", 1, "before this parenthesis"),
        ("acme or", 7, "at the end"),
        ("or acme", 0, "Expected a word or a condition here"),
        ("-", 1, "at the end"),
        ('say "so', 4, "not closed"),
        ('""', 0, "between the quotation marks"),
        ("type:", 5, "a type like deal.won"),
        ("type>deal", 0, "can't be compared"),
        ("is:blue", 3, "marked, new or quarantined"),
        ("since:soonish", 6, "Expected a time like 2d"),
        ("since:2026-02-30", 6, "no such time"),
        ("at:25:00", 3, "no such time"),
        ("since:999999999w", 6, "too far away"),
        ("x value>big", 8, "Expected a number"),
        ("value>", 6, "a number, an amount"),
        ("value>500.005EUR", 6, "Expected a number"),
        ("name:", 5, "Expected a value"),
        ("a..b:1", 0, "one dot between"),
        (">5", 0, "Expected a field before >"),
        ("re:won", 0, "between slashes"),
        ("re:/won", 3, "not closed"),
        ("re://", 4, "Expected a regular expression"),
        ("re:/a(/", 5, "no regular expression"),
        ("re:/(a+)+b/", 8, "for ever"),
        ("re:/a*b*c*d*e*/", 11, "for ever"),
        ("filter:huge", 0, "no saved filter"),
        ("a filter:self", 2, "part of itself"),
        ("filter:broken", 0, "can't be read: Expected a type"),
        ("a\0b", 1, "no text can have"),
        ("a \udce4", 2, "no text can have"),
        ("(" * 31 + "a" + ")" * 31, 30, "at most 30 parentheses"),
        ("a " * 101, 200, "at most 100 terms"),
        ("a" * 2_001, 2_000, "room for 2,000"),
        ("id:a*b*c*d*e*f*g*h*i*j*k", 3, "at most 9 stars"),
    ],
)
def test_an_error_names_the_character_and_what_is_expected(text: str, position: int, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text, NOW, {"self": "x or filter:other", "other": "filter:self", "broken": "type:"})
    assert caught.value.position == position
    assert words in caught.value.message


def test_an_endless_query_is_refused_in_words_not_by_the_interpreter() -> None:
    for text in ("(" * 2_000, "!" * 2_000, "a or " * 400, '"' * 1_999):
        with pytest.raises(QueryError):
            parse(text, NOW)


def test_the_caret_stands_under_the_wrong_character_also_behind_wide_ones_and_far_on() -> None:
    with pytest.raises(QueryError) as caught:
        parse("日本 \x1b value>x", NOW)
    assert caught.value.shown("日本 \x1b value>x") == "日本 ␛ value>x\n" + " " * 13 + "^"
    text = "a " * 90 + "value>x"
    with pytest.raises(QueryError) as caught:
        parse(text, NOW)
    query, caret = caught.value.shown(text).split("\n")
    assert query[len(caret) - 1] == "x"
    assert len(caret) == SHOWN_BEFORE + 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "all events"),
        ('type:deal.* "acme" since:monday', "deal.* “acme” since today"),
        ("since:2025-11-03", "since 3 Nov 2025"),
        ("since:2026-03-01", "since Sun 1 Mar"),
        ("value>=500.00EUR -status:open", "value at least 500.00EUR not status open"),
        ("-(a or b) c", "not (“a” or “b”) “c”"),
        ("is:quarantined", "set aside"),
        ("\x1b]0;x", "“␛]0;x”"),
    ],
)
def test_a_query_says_in_few_clean_words_what_it_asks(text: str, words: str) -> None:
    assert parse(text, NOW).describe() == words


def test_the_last_part_goes_away_part_by_part_until_nothing_is_left() -> None:
    query = parse('type:deal.* and acme or -(a or "b c") value > 5', NOW)
    left = []
    while not query.is_all:
        query = query.without_last_part()
        left.append(query.text)
    assert left == ['type:deal.* and acme or -(a or "b c")', "type:deal.* and acme", "type:deal.*", ""]


def test_highlights_are_the_words_that_make_an_event_match() -> None:
    query = parse('acme "two words" -hidden contact.email:*@acme.com type:deal.* acme', NOW)
    assert query.highlights == ("acme", "two words", "@acme.com")


def test_words_fields_of_few_rows_ids_types_and_marks_need_no_python() -> None:
    for text in ("acme", "type:deal.*", "-type:deal.won", "id:evt_*", "is:marked", "is:new", "café or resource:deal"):
        assert not parse(text, NOW).sql(Facts(frozenset({"evt_1"}))).functions
    assert parse("", NOW).sql().sql == "1"


def test_a_time_in_another_zone_is_reckoned_in_utc() -> None:
    event = Event("evt_1", "deal.won", "2026-03-16T23:30:00+14:00", "{}", 0.0)
    assert parse("at:09:30", datetime(2026, 3, 16, 12, 0, tzinfo=UTC)).matches(event)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the machine's zone that of Berlin."""
    if not hasattr(time, "tzset"):
        pytest.skip("this system has no way to change its zone for one program")
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
def test_the_machines_zone_has_the_offset_of_the_day_in_question() -> None:
    zone = SystemZone()
    for moment in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 4, 1, 12, tzinfo=UTC)):
        here, there = moment.astimezone(zone), moment.astimezone(BERLIN)
        assert (here.replace(tzinfo=None), here.utcoffset()) == (there.replace(tzinfo=None), there.utcoffset())
        assert here.tzname() == there.tzname()
        assert here == moment
    event = Event("evt_1", "deal.won", "2026-03-28T23:00:00Z", "{}", 0.0)
    assert parse("since:2026-03-29", datetime(2026, 4, 1, 9, tzinfo=zone)).matches(event)
    assert local_now().tzinfo is not None
    assert (zone.utcoffset(None), zone.tzname(None)) == (None, None)
