"""The index of who is mentioned where: always that of the events, whatever they hold and whatever happens."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.old_store import make_old

from rex_tui.event import Event, Page
from rex_tui.payload import parse, references
from rex_tui.store import EventStore, StoreUnwritable
from rex_tui.store.schema import MIGRATIONS
from rex_tui.subject import ID_MAX, MENTIONS_MAX, mentioned_ids, subject_of

URL = "https://acme.rexgtm.com"
DEAL = "deal_01JQ0000000000000000000ABC"
OWNER = "usr_01JQ0000000000000000000OWN"
GADGET = "gadget_01JQ0000000000000000000ABC"
IDS = st.sampled_from([DEAL, OWNER, GADGET, "cont_1234", "stg_abcd9", "deal_123", f"x{DEAL}", f"{DEAL} ", "a\\" + DEAL])
VALUES = st.recursive(
    IDS | st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(['"', "\\", f'"{DEAL}"']),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(IDS | st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)


def event(number: int, data: object, type_: str = "deal.updated") -> Event:
    return Event(f"evt_{number}", type_, "", data if isinstance(data, str) else json.dumps(data), 1.0)


def page(*events: Event) -> Page:
    return Page(events, (), has_more=False, next_cursor="c")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[EventStore]:
    with EventStore(tmp_path / "rex.db", URL) as opened:
        yield opened


@given(VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_the_ids_found_in_json_text_are_those_found_in_its_values(value: object, plain: bool, indent: str) -> None:
    text = json.dumps(value, ensure_ascii=plain, indent=indent)
    found, is_all = mentioned_ids(text)
    assert is_all
    assert len(found) == len(set(found))
    assert set(found) == {id_ for _, id_ in references(parse(text))}


@given(st.sets(st.integers(0, len(DEAL) - 1), min_size=1), st.sampled_from(["x", "X"]))
def test_ids_are_found_also_where_their_characters_are_escaped(places: set[int], case: str) -> None:
    escaped = "".join(f"\\u{ord(c):04{case}}" if n in places else c for n, c in enumerate(DEAL))
    assert mentioned_ids(f'["{escaped}", "a\\\\{escaped[1:]}"]') == ([DEAL], True)


@pytest.mark.parametrize(
    ("type_", "data", "subject"),
    [
        ("deal.won", {"company_id": "comp_12345", "deal_id": DEAL}, DEAL),
        ("trigger.deal.stale", {"deal_id": DEAL}, DEAL),
        ("gadget.made", {"by": OWNER, "id": GADGET}, GADGET),
        ("gadget.made", {"deep": {"gadget": GADGET}, "by": OWNER}, OWNER),
        ("gadget.made", {"deep": [{"gadget": GADGET}]}, GADGET),
        ("gadget.made", '{"id": 12345678901234567890123}', "12345678901234567890123"),
        ("gadget.made", '{"id": 1.50}', "1.50"),
        ("gadget.made", {"id": ""}, ""),
        ("gadget.made", [], ""),
        ("gadget.made", '"' + GADGET + '"', GADGET),
        ("gadget.made", "{", ""),
        ("gadget.made", '{"id":' + "[" * 100_000 + "]" * 100_000 + "}", ""),
        ("gadget.made", {"id": GADGET, "text": "x" * 100_000, "more": {"a": 1}}, GADGET),
    ],
)
def test_an_event_is_about_its_resource_else_its_id_else_the_outermost_id(
    type_: str, data: object, subject: str
) -> None:
    assert subject_of(type_, data if isinstance(data, str) else json.dumps(data)) == subject


def test_a_story_has_the_newest_events_and_says_how_many_there_are(store: EventStore) -> None:
    store.append([page(*(event(n, {"deal_id": DEAL if n % 3 else "deal_other", "owner": OWNER}) for n in range(30)))])
    told = store.story(DEAL, 5)
    assert (told.seqs, told.total, told.about, told.first) == ((24, 26, 27, 29, 30), 20, 20, 2)
    assert store.story(OWNER, 100).about == 0
    assert store.story(OWNER, 100).seqs == tuple(range(1, 31))
    assert store.story("deal_never_seen", 5).total == 0
    assert store.story("\ud800", 5).total == 0
    with closing(store.reader()) as reader:
        assert reader.stories.mentioned_after(DEAL, 29)
        assert not reader.stories.mentioned_after(DEAL, 30)
        assert not reader.stories.mentioned_after("deal_never_seen", 0)


def test_what_came_before_is_of_the_same_entity_and_resource(store: EventStore) -> None:
    types = ["deal.created", "trigger.deal.stale", "deal.updated", "activity.created", "deal.updated"]
    data = [{"deal_id": DEAL}] * 3 + [{"activity_id": "act_1234", "deal_id": DEAL}, {"deal_id": DEAL}]
    store.append([page(*(event(n, told, type_) for n, (type_, told) in enumerate(zip(types, data, strict=True))))])
    assert [store.previous(seq, DEAL, "deal") for seq in range(1, 6)] == [None, 1, 1, 3, 3]
    assert store.previous(5, DEAL, "trigger") == 2
    assert store.previous(5, OWNER, "deal") is None


def test_an_event_with_more_ids_than_the_index_takes_is_told_and_known_by_its_first(store: EventStore) -> None:
    many = [f"cont_{n:06}" for n in range(MENTIONS_MAX + 10)]
    store.append([page(event(1, {"deal_id": DEAL, "of": many}), event(2, {"id": "x" * (ID_MAX + 1)}), event(3, {}))])
    assert store.unlisted() == 2
    assert store.story(DEAL, 9).about == 1
    assert store.story(many[0], 9).seqs == (1,)
    assert store.story(many[-1], 9).seqs == ()
    assert store.problems() == []


HOSTILE = [
    '{"id": "' + "\\u0000" * 9 + '"}',
    '{"id": "a\\u0000b"}',
    '{"id": "a\\u0000c"}',
    '{"id": "\\ud800"}',
    '{"id": {"id": "\\ud800"}}',
    '{"\\ud800": 1}',
    "[" * 50_000 + f'"{DEAL}"' + "]" * 50_000,
    '{"a": ' * 5_000 + f'"{DEAL}"' + "}" * 5_000,
    '{"id": 1e400}',
    "null",
    f'"{DEAL}"',
    json.dumps({f"k{n}": n for n in range(5_000)}),
    json.dumps({"x" * 5_000: {"y" * 5_000: DEAL}}),
    json.dumps({"id": "\x1b[2J\u202e"}),
    '{"deal_id": "", "id": [], "other": {"deal": "' + DEAL + '"}}',
]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(VALUES.map(json.dumps) | st.sampled_from(HOSTILE), max_size=6), max_size=6))
def test_the_index_is_that_of_the_events_and_made_anew_it_is_the_same(pages: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, EventStore(Path(folder) / "rex.db", URL) as store:
        number = 0
        for texts in pages:
            store.append([page(*(event(number + n, text) for n, text in enumerate(texts)))])
            number += len(texts)
        assert [problem for problem in store.problems() if "index" in problem] == []
        for id_ in (DEAL, OWNER, GADGET):
            seqs = tuple(e.seq for e in store.events(0, 1_000) if id_ in mentioned_ids(e.data)[0])
            assert store.story(id_, 1_000).seqs == seqs


def test_a_failed_append_leaves_the_index_as_it_was(store: EventStore) -> None:
    store.append([page(event(1, {"deal_id": DEAL, "a": 1}))])
    with pytest.raises(UnicodeEncodeError):
        store.append([page(event(2, {"deal_id": DEAL, "owner": OWNER}), Event("\ud800", "x", "", "{}", 1.0))])
    assert store.story(DEAL, 9).seqs == (1,)
    store.append([page(event(3, {"deal_id": DEAL, "owner": OWNER}))])
    assert store.story(OWNER, 9).seqs == (2,)
    assert store.problems() == []


def test_of_what_is_forgotten_the_index_keeps_no_byte(tmp_path: Path) -> None:
    with EventStore(tmp_path / "rex.db", URL) as store:
        old = [
            Event(
                f"evt_{n}", "deal.won", "2020-01-01", json.dumps({"deal_id": f"deal_gone{n}", f"field_gone{n}": 1}), 1
            )
            for n in range(20)
        ]
        store.append([page(*old, Event("evt_50", "deal.won", "2030-01-01", json.dumps({"deal_id": DEAL}), 1))])
        assert b"deal_gone" in (tmp_path / "rex.db-wal").read_bytes() + (tmp_path / "rex.db").read_bytes()
        store.forget(1e9 * 1.7)
        left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
        assert b"_gone" not in left
        assert store.story("deal_gone3", 9).total == 0
        assert store.problems() == []


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("DELETE FROM mentions WHERE seq = 2", "index of ids"),
        ("UPDATE mentions SET subject = 0", "index of ids"),
        ("UPDATE entities SET id = 'deal_other' WHERE code = 1", "index of ids"),
        ("INSERT INTO unlisted VALUES (1)", "too many ids"),
        ("DELETE FROM shapes", "index of shapes"),
        ("INSERT INTO drifts VALUES (1, 'a', 'gained', '', 'text')", "index of drift"),
    ],
)
def test_an_index_that_is_not_that_of_the_events_is_told(store: EventStore, harm: str, said: str) -> None:
    store.append([page(event(1, {"deal_id": DEAL}), event(2, {"deal_id": DEAL, "owner": OWNER}))])
    assert store.problems() == []
    with closing(sqlite3.connect(store.path)) as raw, raw:
        raw.execute(harm)
    assert [problem for problem in store.problems() if said in problem]


def test_ids_in_members_beside_the_payload_are_in_the_index(store: EventStore) -> None:
    beside = {"actor": f'{{"id": "{OWNER}"}}', "about": f'"{DEAL}"'}
    store.append([page(Event("evt_1", "deal.won", "", json.dumps({"deal_id": DEAL}), 1.0, extra=beside))])
    assert (store.story(OWNER, 9).total, store.story(DEAL, 9).about) == (1, 1)
    assert store.problems() == []


class Interrupted(BaseException):
    """Ctrl-C, at a moment that a test chooses."""


def test_a_store_of_the_second_layout_gets_the_index_of_its_events(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    with EventStore(path, URL) as store:
        store.append([page(*(event(n, {"deal_id": DEAL, "owner": OWNER, "n": n}) for n in range(9)))])
        expected = [store.story(id_, 99) for id_ in (DEAL, OWNER)]
    make_old(path, 2)
    monkeypatch.setattr("rex_tui.store.file.CREATION_WAIT_S", 0.0)
    how_far: list[tuple[int, int]] = []

    def interrupt(done: int, newest: int) -> None:
        how_far.append((done, newest))
        if done:
            with pytest.raises(StoreUnwritable, match=rf"\(process {os.getpid()}\) is making the index"):
                EventStore(path, URL)
            raise Interrupted

    with pytest.raises(Interrupted):
        EventStore(path, URL, told=interrupt)
    assert how_far == [(0, 9), (9, 9)]
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute("PRAGMA user_version").fetchone() == (2,)
    with EventStore(path, URL) as store:
        assert store._reader.meta("being_made") is None
        assert len(MIGRATIONS) == 8
        assert [store.story(id_, 99) for id_ in (DEAL, OWNER)] == expected
        assert store.problems() == []
