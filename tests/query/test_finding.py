"""What a log has under a text: ids whole, begun, ended and in other letters, and names, in a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rex_tui.event import Event, Page
from rex_tui.masking import Masking, Rules
from rex_tui.names import Known, Names, Remembered
from rex_tui.query.finding import FOUND_MAX, Findings, find
from rex_tui.store import EventStore

DEAL = "deal_01JQ00000000000000000ABCDE"
OTHER = "deal_01JQ00000000000000000VWXYZ"
EVENT = "evt_01JQ0000000000000000000001"
FREE = "Nobody Atall"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    told = [
        (EVENT, "deal.created", {"deal_id": DEAL, "name": "Acme renewal"}),
        ("evt_01JQ0000000000000000000002", "deal.created", {"deal_id": OTHER, "name": "Other"}),
        ("evt_01JQ0000000000000000000003", "deal.updated", {"deal_id": DEAL, "name": "Acme renewed"}),
        ("odd id \x1b[2J", "contact.met", {"contact_id": {"name": FREE}}),
        *((f"evt_01JZ00000000000000000000{n:02}", "task.done", {"task_id": f"task_01JZ{n:022}"}) for n in range(20)),
    ]
    events = tuple(Event(id_, type_, "2026-03-16T12:00:00Z", json.dumps(data), 0.0) for id_, type_, data in told)
    with EventStore(tmp_path / "rex.db", "https://acme.rexgtm.com") as made:
        made.append([Page(events, (), has_more=False, next_cursor="c")])
        yield made


def found(store: EventStore, text: str, names: Names = Names(), masking: Masking | None = None) -> Findings:  # noqa: B008
    with closing(store.reader()) as reader:
        return find(reader, text, names, masking)


@pytest.mark.parametrize(
    "text",
    [DEAL, f"  {DEAL}\n", DEAL.lower(), DEAL.upper(), "deal_…0ABCDE", "deal_...0ABCDE", "00ABCDE", "00abcde", "ABCDE"],
)
def test_an_entity_is_found_by_its_id_as_it_is_pasted_typed_or_shown(store: EventStore, text: str) -> None:
    assert [(one.id, one.name) for one in found(store, text).entities] == [(DEAL, "Acme renewed")]
    assert found(store, text).called == ()


def test_what_begins_so_is_a_handful_in_order(store: EventStore) -> None:
    assert [one.id for one in found(store, "deal_01jq").entities] == [DEAL, OTHER]
    assert len(found(store, "task_01JZ").entities) == FOUND_MAX
    assert len(found(store, "evt_01J").events) == FOUND_MAX
    assert next(row.id for row in found(store, "evt_01jq").events) == EVENT


@pytest.mark.parametrize(("text", "seq"), [(EVENT, 1), (EVENT.lower(), 1), ("odd id \x1b[2J", 4)])
def test_an_event_is_found_by_its_id(store: EventStore, text: str, seq: int) -> None:
    assert [row.seq for row in found(store, text).events] == [seq]


@pytest.mark.parametrize(
    "text", ["", "deal", "deal_", "won", "renewal", "EEEE", "%", "_", "*", "\ud800", "a\0b", "x" * 999]
)
def test_a_text_that_is_no_part_of_an_id_finds_none(store: EventStore, text: str) -> None:
    assert found(store, text) == Findings()


def test_names_are_found_in_any_case_if_events_mention_who_has_them(store: EventStore) -> None:
    names = Names({OTHER: "Ärzte AG"}).learned(
        [Known("deal_01JQ00000000000000000NEVER", "Ärzte never seen", 1.0, "rex")]
    )
    store.remember([Remembered(DEAL, "deal", "known", "ACME (kept)", 1.0)])
    assert [(one.id, one.name) for one in found(store, "ärzt", names).called] == [(OTHER, "Ärzte AG")]
    assert [(one.id, one.name) for one in found(store, "acme", names).called] == [(DEAL, "ACME (kept)")]
    assert found(store, "ä", names).called == (), "one letter is in too many"


def test_while_masking_nothing_is_found_by_what_is_hidden_and_no_hidden_name_is_given(store: EventStore) -> None:
    masking = Masking(Rules(), b"salt")
    store.remember([Remembered(DEAL, "deal", "known", "Acme kept", 1.0)])
    names = Names({OTHER: "Acme mine"})
    masked = masking.names(names)
    for text in ("acme", FREE):
        assert found(store, text, names).called or found(store, text, names).entities
        assert found(store, text, masked, masking) == Findings()
    (deal,) = found(store, DEAL, masked, masking).entities
    assert deal.id == DEAL
    assert deal.name.startswith("Deal ")
    pseudonym = masked.of(OTHER) or ""
    assert [one.id for one in found(store, pseudonym, masked, masking).called] == [OTHER], "what is seen can be typed"
