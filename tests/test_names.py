"""Names as a value: who counts over whom, what is kept, and what payloads tell."""

from __future__ import annotations

import json

import pytest

from rex_tui.names import NAME_MAX, NAMES_MAX, Known, Names, Stage, entity_kind, usable_name
from rex_tui.payload import LARGE
from rex_tui.told_names import names_told

DEAL, STAGE, CONTACT = "deal_01ABC", "stg_01ABC", "cont_01ABC"
LEAD = Stage("stg_0001", "Lead", "pipe_0001", 0, "open", "#94a3b8")
WON = Stage("stg_0002", "Won", "pipe_0001", 1, "won", "")


def test_the_user_s_names_stand_over_what_was_so_last() -> None:
    names = Names({"stg_0002": "Yeah"}).with_stages([LEAD, WON], 10.0)
    assert [stage.name for stage in names.stages] == ["Lead", "Yeah"]
    later = names.learned([Known("stg_0001", "Prospect", 20.0, "payload"), Known("stg_0002", "Lost", 20.0, "rex")])
    assert (later.of("stg_0001"), later.of("stg_0002"), names.of("stg_0001")) == ("Prospect", "Yeah", "Lead")
    assert later.stage("stg_0001") == Stage("stg_0001", "Prospect", "pipe_0001", 0, "open", "#94a3b8")
    assert later.learned([Known("stg_0001", "Long ago", 15.0, "payload")]) is later
    assert later.listed == (LEAD, WON)
    found = later.known("stg_0002")
    assert found is not None
    assert found.source == "settings"
    assert (later.of("deal_none"), later.known("deal_none"), later.stage(DEAL)) == (None, None, None)


def test_of_two_names_of_one_moment_the_payload_s_counts() -> None:
    rex, payload = Known(DEAL, "Rex", 5.0, "rex"), Known(DEAL, "Payload", 5.0, "payload")
    assert Names().learned([rex, payload]).of(DEAL) == Names().learned([payload, rex]).of(DEAL) == "Payload"


def test_a_stage_that_is_no_longer_listed_keeps_its_name_and_loses_its_place() -> None:
    names = Names({"stg_0009": "Mine"}).with_stages([LEAD, WON], 1.0).with_stages([WON], 2.0)
    assert names.stages == (WON,)
    assert names.of("stg_0001") == "Lead"
    assert names.named_stages() == {"stg_0002": "Won", "stg_0009": "Mine", "stg_0001": "Lead"}


def test_of_too_many_names_the_first_are_forgotten() -> None:
    names = Names().learned(Known(f"deal_{n:05}", f"Deal {n}", 1.0, "rex") for n in range(NAMES_MAX + 10))
    assert (names.of("deal_00009"), names.of("deal_00010")) == (None, "Deal 10")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("  Acme\x1b[2J\n", "Acme\x1b[2J"),
        ("x" * 9_000, "x" * NAME_MAX),
        ("a\ud800", "a?"),
        ("   ", ""),
        ("", ""),
        (7, ""),
        (None, ""),
        (["x"], ""),
    ],
)
def test_a_name_is_kept_as_it_came_but_never_more_than_can_be_kept(value: object, name: str) -> None:
    assert usable_name(value) == name


@pytest.mark.parametrize(
    "id_", ["deal_", "deal_../events", "deal_01AB?x", "deal_01AB#", "deal_01AB\n", "stg_0001", "x"]
)
def test_only_ids_of_entities_are_asked_for(id_: str) -> None:
    assert entity_kind(id_) is None
    assert (entity_kind(DEAL), entity_kind(CONTACT), entity_kind("comp_0001")) == ("deal", "contact", "company")


@pytest.mark.parametrize(
    ("type_", "data", "told"),
    [
        ("deal.won", {"deal_id": DEAL, "name": "Rollout"}, {DEAL: "Rollout"}),
        ("trigger.deal.stale", {"deal_id": DEAL, "name": "Rollout"}, {DEAL: "Rollout"}),
        ("deal.won", {"id": DEAL, "name": "Rollout"}, {DEAL: "Rollout"}),
        ("activity.logged", {"deal_id": DEAL, "name": "A call"}, {}),
        ("contact.created", {"contact_id": CONTACT, "first_name": "Ada", "last_name": "L"}, {CONTACT: "Ada L"}),
        ("contact.created", {"contact_id": CONTACT, "title": "CEO"}, {}),
        ("contact.created", {"contact_id": DEAL, "name": "Ada"}, {}),
        ("deal.stage_changed", {"to_stage_id": STAGE, "to_stage_name": "Won"}, {STAGE: "Won"}),
        ("deal.stage_changed", {"to_stage_id": STAGE, "to_stage": "Won"}, {STAGE: "Won"}),
        ("deal.stage_changed", {"to_stage": {"id": STAGE, "name": "Won"}}, {STAGE: "Won"}),
        ("deal.updated", {"company": {"company_id": "comp_0001", "name": "Acme"}}, {"comp_0001": "Acme"}),
        ("deal.updated", {"company_id": "comp_0001", "company": "Acme"}, {"comp_0001": "Acme"}),
        ("deal.updated", {"owner_id": "usr_01AB", "owner_name": "usr_01AB"}, {}),
        ("deal.updated", {"owner_id": "../events", "owner_name": "Eve"}, {}),
        ("deal.updated", {"owner_id": 7, "owner_name": ["Eve"], "_id": "x", "deal_id": DEAL, "name": 5}, {}),
        ("deal.won", {"deal_id": DEAL, "name": "x" * LARGE}, {}),
        ("deal.won", [DEAL, "name"], {}),
    ],
)
def test_a_payload_tells_the_names_that_stand_in_it(type_: str, data: object, told: dict[str, str]) -> None:
    assert dict(names_told(type_, json.dumps(data))) == told
    assert names_told(type_, "{" + json.dumps(data)) == []


def test_what_is_called_otherwise_than_before_is_told_and_anything_may_be_where_stages_or_words_changed() -> None:
    names = Names().learned([Known(DEAL, "Oak", 1.0, "payload"), Known(CONTACT, "Ada", 1.0, "payload")])
    assert names.retold(Names()) == frozenset((DEAL, CONTACT))
    later = names.learned([Known(DEAL, "Oak", 2.0, "payload"), Known(CONTACT, "Ada L.", 2.0, "payload")])
    assert later is not names
    assert later.retold(names) == frozenset((CONTACT,))
    many = names.learned(Known(f"deal_{n:05}", "", 1.0, "rex") for n in range(NAMES_MAX - 1))
    assert (many.of(DEAL), many.of(CONTACT)) == (None, "Ada")
    told = many.retold(names)
    assert told is not None
    assert told >= {DEAL}
    assert CONTACT not in told
    assert names.with_stages([LEAD], 1.0).retold(names) is None
    assert names.told_by(lambda _, name: name).retold(names) is None
