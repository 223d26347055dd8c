"""A slice that is read in one go tells what its payloads tell one by one, or is refused."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from rex_tui.query.review.facts import fact_of, seconds_of
from rex_tui.query.review.plain import plain_facts, read_times

TYPES = ["deal.created", "deal.updated", "deal.stage_changed", "deal.won", "trigger.deal.stale", "deal.odd"]
texts = st.sampled_from(["", "a", "stg_1", "Won", "won", "usr_1", "x" * 399, "x" * 400])
usual: st.SearchStrategy[Any] = texts | st.none()
odd: st.SearchStrategy[Any] = st.sampled_from(
    [0, 7, -1, 10**20, 1.5, True, [], ["a"], {}, {"id": "i"}, {"name": "n"}, {"id": 3, "name": "n"}, {"to": 1, "id": 2}]
)
amounts = st.none() | st.integers(-(10**6), 10**6) | st.sampled_from([2**53, 2**60, 10**31])


def sides(of: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    whole = st.fixed_dictionaries({"from": of, "to": of})
    return st.none() | whole | st.fixed_dictionaries({"to": of}) | st.fixed_dictionaries({"from": of}) | of


def fields(of_text: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    names = ["name", "currency", "status", "owner_id", "stage_id", "from_stage_id", "to_stage_id"]
    return dict.fromkeys(names, of_text) | {"value": amounts}


changes = st.fixed_dictionaries(
    {},
    optional={"value": sides(amounts)}
    | dict.fromkeys(["stage_id", "currency", "status", "owner_id", "name"], sides(usual))
    | {"expected_close_on": sides(texts)},
)
plain = st.fixed_dictionaries(
    {"deal_id": st.sampled_from(["deal_1", "deal_2"])}, optional=fields(usual) | {"changes": changes, "owner": odd}
)
more = dict.fromkeys(
    ["id", "deal", "title", "owner", "stage", "stage_name", "to_stage", "from_stage_name"], usual | odd
)
anything = st.fixed_dictionaries(
    {}, optional=fields(usual | odd) | more | {"deal_id": usual | odd, "changes": changes | usual | odd}
)


@given(st.lists(st.tuples(st.sampled_from(TYPES), plain | anything), max_size=4))
@settings(deadline=None)
def test_what_is_read_together_is_what_each_one_tells(said: list[tuple[str, dict[str, Any]]]) -> None:
    payloads = [json.dumps(payload) for _type, payload in said]
    types, seqs = [type_ for type_, _payload in said], list(range(1, len(said) + 1))
    facts = plain_facts(f"[{','.join(payloads)}]".encode(), types, seqs, [9.0] * len(said))
    if facts is not None:
        one_by_one = zip(types, seqs, payloads, strict=True)
        assert facts == [fact_of(type_, seq, "1970-01-01T00:00:09Z", data) for type_, seq, data in one_by_one]


def test_a_usual_slice_is_read_together_and_an_unusual_one_is_not() -> None:
    created = {
        "deal_id": "deal_1",
        "name": "n",
        "value": 5,
        "currency": "EUR",
        "owner_id": "usr_1",
        "stage_id": "stg_1",
    }
    updated = {"deal_id": "deal_1", "changes": {"value": {"from": 5, "to": 6}, "stage_id": {"from": None, "to": "s"}}}
    usual_slice = json.dumps([created | {"status": "open"}, updated]).encode()
    facts = plain_facts(usual_slice, ["deal.created", "deal.updated"], [1, 2], [1.0, None])
    assert facts is not None
    assert [(fact.value, fact.stage, fact.status) for fact in facts] == [(5, "stg_1", "open"), (6, "s", "")]
    unusual: list[dict[str, Any]] = [
        {"id": "deal_1"},
        {"deal_id": ""},
        created | {"stage": "Won"},
        created | {"title": "t"},
        created | {"value": 5.0},
        {"deal_id": "deal_1", "changes": {"stage_id": {"id": "stg_1"}}},
        {"deal_id": "deal_1", "changes": {"name": "n"}},
    ]
    for payload in unusual:
        assert plain_facts(json.dumps([created, payload]).encode(), TYPES[:2], [1, 2], [1.0, 2.0]) is None
    assert plain_facts(b"[", ["deal.won"], [1], [1.0]) is None
    assert plain_facts(b"[]", ["deal.won"], [1], [1.0]) is None


times = st.one_of(
    st.datetimes().map(lambda moment: f"{moment.isoformat()[:19]}Z"),
    st.datetimes().map(lambda moment: f"{moment.isoformat()}+02:00"),
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt _][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?(Z|z|)", fullmatch=True
    ),
    st.sampled_from(
        ["", 'Z"', "2026-02-30T00:00:00Z", "2026-01-01T23:59:60Z", "1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z"]
    ),
)


@given(st.lists(times, max_size=4))
@settings(deadline=None)
def test_times_that_are_read_together_are_those_of_each(said: list[str]) -> None:
    assert read_times(json.dumps(said), len(said)) == [seconds_of(text) for text in said]
