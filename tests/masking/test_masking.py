"""Masking: what is hidden, what stays, and that a pseudonym is stable, readable and leads nowhere back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rex_tui.demo import Organisation
from rex_tui.event import GAP_TYPE, Drift, Event, Row
from rex_tui.masking import MASKED, Masking, Rules, amount_told, holds_pseudonym
from rex_tui.masking.pseudonyms import is_pseudonym
from rex_tui.names import Known, Names, Stage
from rex_tui.payload import LARGE

SALT = b"of this test"
MASKING = Masking(Rules(), SALT)
DEAL = "deal_01KHJXD2VZ757P13KKR67B57W2"
CONTACT = "cont_01KHDM297700F97S4RB75YWEV9"
STAGE = "stg_01J6RVYX002D7Z59TEHAVZKPT7"


def masked(payload: object, event_type: str = "contact.updated", rules: Rules | None = None) -> Any:
    masking = MASKING if rules is None else Masking(rules, SALT)
    return json.loads(masking.payload(event_type, json.dumps(payload)))


def texts(value: object) -> Iterator[str]:
    match value:
        case dict():
            for inner in value.values():
                yield from texts(inner)
        case list():
            for inner in value:
                yield from texts(inner)
        case str():
            yield value


# ---- what is hidden


@pytest.mark.parametrize(
    ("event_type", "payload", "hidden"),
    [
        ("contact.created", {"name": "Jane Doe"}, "Person "),
        ("company.created", {"name": "Acme & Sons"}, "Company "),
        ("deal.created", {"name": "Acme renewal"}, "Deal "),
        ("deal.created", {"title": "Acme renewal"}, "Deal "),
        ("trigger.deal.stale", {"name": "Acme renewal"}, "Deal "),
        ("task.created", {"title": "Call Jane Doe"}, "Text "),
        ("quote.sent", {"name": "Acme's quote"}, "Name "),
        ("deal.updated", {"owner": "Ann Lee"}, "Person "),
        ("deal.updated", {"owner": {"name": "Ann Lee"}}, "Person "),
        ("deal.updated", {"ownerName": "Ann Lee"}, "Person "),
        ("deal.updated", {"created_by": "Ann Lee"}, "Person "),
        ("deal.updated", {"contacts": [{"full_name": "Ann Lee"}]}, "Person "),
        ("deal.updated", {"company": {"name": "Acme"}}, "Company "),
        ("contact.updated", {"address": {"street": "1 Elm Row"}}, "Place "),
        ("activity.created", {"note": "she said yes"}, "Text "),
        ("activity.created", {"notes": [{"text": "she said yes"}]}, "Text "),
        ("contact.updated", {"changes": {"name": {"from": "Jane Roe", "to": None}}}, "Person "),
        ("contact.updated", {"changes": {"owner": {"from": "Ann", "to": "Jane"}}}, "Person "),
        ("contact.updated", {"changes": [{"field": "name", "from": "Jane Roe", "to": 7}]}, "Person "),
        ("contact.updated", {"shoe": "Very Large"}, "Text "),
        ("contact.updated", {"reason": "Jane left"}, "Text "),
        ("contact.updated", ["Jane Doe"], "Text "),
        ("contact.updated", "Jane Doe", "Text "),
    ],
)
def test_a_name_or_a_text_becomes_a_pseudonym_that_says_what_it_stands_for(
    event_type: str, payload: object, hidden: str
) -> None:
    told = list(texts(masked(payload, event_type)))
    assert any(text.startswith(hidden) and is_pseudonym(text) for text in told), told
    assert not any(word in text for text in told for word in ("Jane", "Ann", "Acme", "Elm Row", "yes", "Large"))


@pytest.mark.parametrize(
    "payload",
    [
        {"email": "jane@acme.com"},
        {"emails": ["jane@acme.com"]},
        {"work_email": "jane@acme.com"},
        {"name": "jane@acme.com"},
        {"to": ["jane@acme.com"]},
        {"status": "bounced: jane@acme.com"},
        {"contact_id": "jane@acme.com"},
        {"jane@acme.com": 1},
        {"a": {"b": [{"c": "Jane <jane@acme.com>"}]}},
    ],
)
def test_an_address_is_hidden_wherever_it_stands(payload: object) -> None:
    assert "jane" not in json.dumps(masked(payload)).lower()


def test_telephone_numbers_amounts_sites_places_and_secrets_are_hidden() -> None:
    told = masked(
        {
            "phone": "+49 (30) 1234567",
            "mobile": 493012345678,
            "phone_verified": True,
            "phones": 2,
            "status": "call 030 1234567 on 2026-03-16",
            "domain": "acme.com",
            "website": "https://acme.com/jane",
            "geo": {"lat": 50.9375, "lon": 6.9603},
            "date_of_birth": "1980-02-03",
            "value": 1250000,
            "annual_revenue": 3.5,
            "contractValueEur": 7,
            "price": {"amount": "12,50", "currency": "EUR", "per": 3},
            "quote": 7,
            "upsell": "€ 1,000",
        }
    )
    assert told["phone"] == told["phone"] != "+49 (30) 1234567"
    assert is_pseudonym(told["phone"])
    assert is_pseudonym(told["mobile"])
    assert (told["phone_verified"], told["phones"]) == (True, 2)
    assert told["status"].startswith("call +00 ")
    assert told["status"].endswith(" on 2026-03-16")
    assert told["domain"].endswith(".masked.example")
    assert told["website"].startswith("https://")
    assert told["website"].endswith(".masked.example")
    assert told["geo"] == {"lat": MASKED, "lon": MASKED}
    assert "1980" not in told["date_of_birth"]
    assert (told["value"], told["annual_revenue"], told["upsell"]) == (MASKED, MASKED, MASKED)
    assert told["contractValueEur"] == MASKED, "money by a word in the middle of the name"
    assert told["price"] == {"amount": MASKED, "currency": "EUR", "per": MASKED}


def test_what_is_not_sensitive_stays_letter_for_letter() -> None:
    text = (
        f'{{"deal_id": "{DEAL}", "stage": {{"id": "{STAGE}", "name": "Negotiation"}}, "stage_name": "Legal check", '
        '"currency": "EUR", "status": "open", "probability": 0.10, "big": 1180591620717411303424, "due_on": '
        '"2026-03-16", "at": "2026-03-16T12:00:00.5+01:00", "reason": "entered_by_mistake", "none": null, "yes": true, '
        f'"owner": "{CONTACT}", "odd": "", "external_id": "A-17/3", "industry": "Financial services", "e": 1e400}}'
    )
    assert MASKING.payload("deal.updated", text) == text


def test_no_text_is_refused() -> None:
    deep = "[" * 900 + '"Jane"' + "]" * 900
    for text in ("nope{ Jane", deep, '"\\ud800 Jane"', '{"name": "\\ud800 Jane", "kind": "\\udfff"}'):
        told = MASKING.payload("x", text)
        json.loads(told)
        told.encode()
        assert "Jane" not in told


# ---- pseudonyms


def test_the_same_value_has_the_same_pseudonym_however_it_is_spelled() -> None:
    told = masked(
        [
            {"name": "Jane Doe", "first_name": "Jane", "last_name": "Doe", "email": "Jane@Acme.com"},
            {"full_name": "DOE,  jane", "email": " jane@acme.com", "phone": "+49 30 1234567"},
            {"contact": "jane doe", "phone": "0049 (30) 123-4567"},
        ]
    )
    first, second, third = told
    assert first["name"] == second["full_name"] == third["contact"] == f"{first['first_name']} {first['last_name']}"
    assert first["email"] == second["email"]
    assert second["phone"] == third["phone"]
    assert masked({"name": "Jane Doe"})["name"] == first["name"]
    assert masked({"name": "Jane Roe"})["name"] != first["name"]


def test_another_salt_gives_other_pseudonyms() -> None:
    other = json.loads(Masking(Rules(), b"another").payload("contact.created", '{"name": "Jane Doe"}'))
    assert other != masked({"name": "Jane Doe"})


def test_names_of_the_directory_are_those_of_the_payloads_and_stages_stay() -> None:
    stage = Stage(STAGE, "Negotiation", "pipe_1", 1, "open", "")
    known = {CONTACT: Known(CONTACT, "Jane Doe", 1.0, "rex"), DEAL: Known(DEAL, "Acme renewal", 1.0, "payload")}
    names = Names({"usr_1234": "Ann Lee"}, known, [stage])
    told = MASKING.names(names)
    assert told.of(CONTACT) == masked({"name": "Jane Doe"}, "contact.created")["name"]
    assert told.of(DEAL) == masked({"name": "Acme renewal"}, "deal.created")["name"]
    assert told.known(DEAL) == replace(known[DEAL], name=told.of(DEAL) or "")
    assert is_pseudonym(told.of("usr_1234") or "")
    assert (told.stages, told.named_stages(), told.of("deal_none")) == ((stage,), {STAGE: "Negotiation"}, None)
    assert names.of(CONTACT) == "Jane Doe"


def test_what_compares_amounts_can_tell_them_apart_and_people_can_not() -> None:
    apart = MASKING.telling_apart()
    one, other = (json.loads(apart.payload("deal.updated", f'{{"value": {cents}}}'))["value"] for cents in (1, 2))
    assert one != other
    assert amount_told(one) == amount_told(other) == MASKED
    assert amount_told("Jane") == "Jane"


# ---- what can be chosen


def test_each_kind_is_hidden_by_itself() -> None:
    payload = {"name": "Jane Doe", "email": "j@acme.com", "phone": "030 1234567", "value": 5, "note": "mail j@acme.com"}
    only_email = masked(payload, rules=Rules(hide=frozenset({"email"})))
    assert {key for key in payload if only_email[key] != payload[key]} == {"email", "note"}
    assert only_email["note"] == f"mail {only_email['email']}"
    nothing = Rules(hide=frozenset())
    assert masked(payload, rules=nothing) == payload
    for kind, key in (("phone", "phone"), ("name", "name"), ("amount", "value"), ("text", "note")):
        told = masked(payload, rules=Rules(hide=frozenset({kind})))  # type: ignore[arg-type]
        assert {name for name in payload if told[name] != payload[name]} == {key}


def test_fields_are_hidden_or_shown_by_their_paths() -> None:
    rules = Rules(fields=("seats", "custom.tier"), show=("deal.name", "company.name", "changes.value", "note"))
    payload = {
        "name": "Acme renewal",
        "company": {"name": "Acme", "seats": 12, "owner": {"name": "Ann"}},
        "custom": {"tier": {"id": DEAL, "level": 3}, "size": 4},
        "tier": 5,
        "value": 7,
        "changes": {"value": {"from": 7, "to": 8}},
        "note": "Ann said so",
    }
    told = masked(payload, "deal.updated", rules)
    assert (told["name"], told["company"]["name"], told["note"]) == ("Acme renewal", "Acme", "Ann said so")
    assert told["company"]["seats"] == told["custom"]["tier"]["level"] == MASKED
    assert (told["custom"]["tier"]["id"], told["custom"]["size"], told["tier"]) == (DEAL, 4, 5)
    assert told["company"]["owner"]["name"].startswith("Person ")
    assert (told["value"], told["changes"]) == (7, {"value": {"from": 7, "to": 8}})
    assert masked({"seats": 12}, rules=Rules(hide=frozenset(), fields=("seats",))) == {"seats": MASKED}


# ---- events and rows


def test_an_event_is_masked_with_what_stands_beside_its_payload() -> None:
    event = Event("evt_1", "contact.created", "2026-03-16", '{"name":"Jane Doe"}', 1.0, 3, {"owner_name": '"Ann"'})
    told = MASKING.event(event)
    assert (told.id, told.type, told.occurred_at, told.received_at, told.seq) == ("evt_1", *list(_facts(event)))
    assert "Jane" not in told.data
    assert "Ann" not in told.extra["owner_name"]
    row = Row(3, "evt_1", "contact.created", "", 1.0, event.data, 19, before='{"name":"Jane Roe"}')
    assert MASKING.row(row) == replace(row, data=told.data, before=MASKING.payload(row.type, row.before or ""))
    assert MASKING.row(replace(row, data=None)).data is None
    gap = replace(event, type=GAP_TYPE)
    assert MASKING.event(gap) is gap
    large = replace(event, data=json.dumps({"name": "Jane Doe" * LARGE}))
    assert "is not shown while masking is on" in MASKING.event(large, large=False).data
    assert "Person " in MASKING.event(large).data
    assert MASKING.drift(Drift(1, "a.jane@acme.com", "gained", "", "text")).field != "a.jane@acme.com"


def _facts(event: Event) -> Iterator[object]:
    yield from (event.type, event.occurred_at, event.received_at, event.seq)


# ---- whatever comes

NAMES = (
    "name email phone value note title owner contact company first_name last_name address changes from to custom id "
    "deal_id status reason stage items price text url field key"
)
KEYS = st.sampled_from(NAMES.split()) | st.text(max_size=6)
LEAVES = (
    st.text(max_size=30)
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
    | st.sampled_from(
        ["Jane Doe", "jane@acme.com", "+49 30 1234567", DEAL, "2026-03-16", "won", MASKED, "Person Fox 1"]
    )
)
PAYLOADS = st.recursive(LEAVES, lambda one: st.lists(one, max_size=4) | st.dictionaries(KEYS, one, max_size=5))
TYPES = st.sampled_from(
    ["contact.updated", "deal.created", "company.enriched", "task.created", "import.completed", "?"]
)
HIDDEN_KEYS = {"name", "email", "note", "owner", "first_name", "last_name", "address", "text", "url", "price", "value"}


def same_shape(before: object, after: object) -> bool:
    match before:
        case dict():
            keys = [key for key in before if "@" not in key]
            return (
                isinstance(after, dict)
                and len(before) >= len(after)
                and all(same_shape(before[key], after[key]) for key in keys)
            )
        case list():
            return isinstance(after, list) and len(before) == len(after) and all(map(same_shape, before, after))
        case bool() | None:
            return before is after
        case int() | float():
            return before == after or isinstance(after, str)
    return isinstance(after, str)


def exposed(before: object, after: object, key: str = "") -> Iterator[str]:
    """Yield texts that stand in a sensitive field, or in a list in one, as they came."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before:
            if name in after and name != "stage":
                yield from exposed(before[name], after[name], name)
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=True):
            yield from exposed(one, other, key)
    elif isinstance(before, str) and key in HIDDEN_KEYS and before == after and len(before.strip()) >= 4:
        yield before


@given(TYPES, PAYLOADS)
def test_any_payload_keeps_its_shape_and_nothing_else(event_type: str, payload: object) -> None:
    text = json.dumps(payload)
    told = MASKING.payload(event_type, text)
    value = json.loads(told)
    told.encode()
    assert same_shape(payload, value)
    assert MASKING.payload(event_type, told) == told
    assert MASKING.payload(event_type, text) == told
    for left in exposed(payload, value):
        assert is_pseudonym(left) or left in (DEAL, "2026-03-16"), left
    assert "jane@acme.com" not in told


def test_of_a_whole_organisation_nothing_sensitive_is_left() -> None:
    organisation = Organisation(7)
    events = organisation.history(1_500, datetime(2026, 3, 16, tzinfo=UTC))
    told = "\n".join(MASKING.payload(event.type, event.data) for event in events)
    told = re.sub(r'"timezone": "[^"]+"', "", told)  # of which some have a city's name
    hidden = {text for event in events for text in sensitive(json.loads(event.data), event.type)}
    assert len(hidden) > 500
    assert [text for text in hidden if json.dumps(text, ensure_ascii=False)[1:-1] in told] == []
    assert holds_pseudonym(told)


def sensitive(payload: Any, event_type: str, key: str = "") -> Iterator[str]:
    """Yield what anybody would call sensitive in the demo's payloads, by a list that knows nothing of masking."""
    if isinstance(payload, dict):
        for name, inner in payload.items():
            yield from sensitive(inner, event_type, key if name in ("from", "to") else name)
    elif isinstance(payload, list):
        for inner in payload:
            yield from sensitive(inner, event_type, key)
    elif isinstance(payload, str) and key in (
        *("name", "email", "phone", "domain", "subject", "note", "city", "url", "message", "file_name", "competitor"),
        *(("title",) if event_type.startswith("task") else ()),
    ):
        if len(payload) >= 4:
            yield payload
    elif isinstance(payload, int) and key == "value":
        yield str(payload)
