"""Thousands of random answers, through the client into a store and out in words: nothing undocumented escapes."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random

import httpx
import pytest
from fuzz.answers import Answer, bodies, damaged, headers, statuses
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from rex_tui.api import RexClient
from rex_tui.api.errors import RexError
from rex_tui.api_key import ApiKey
from rex_tui.event import Event, Page
from rex_tui.payload import PayloadError, parse, parse_level, references
from rex_tui.query.summary import main_id, short_id, summarise
from rex_tui.store import EventStore
from rex_tui.ui.widgets.event_line import Cells, cells_of
from rex_tui.ui.widgets.times import exact_time, relative_time

pytestmark = pytest.mark.no_cover  # what it goes through, others go through too; measured, it takes twice as long

LONG = bool(os.environ.get("REX_TUI_LONG"))
SEEDS = (1, 2) if LONG else (1,)
EXAMPLES = 500 if LONG else 150
DAMAGED = 4
"""How often each example is damaged and answered again: 20,000 answers in all in the long run, else 3,000."""
NOW = 1_773_662_400.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventStore]:
    with EventStore(tmp_path_factory.mktemp("fuzz") / "rex.db", "https://rex.example") as opened:
        yield opened


@dataclass
class Asking:
    """A client that is given any answer."""

    runner: asyncio.Runner
    client: RexClient
    answer: Answer

    def page(self, answer: Answer, cursor: str | None) -> Page | RexError:
        """Give what the client makes of an answer: a page, or a documented error."""
        self.answer = answer
        try:
            return self.runner.run(self.client.events(cursor))
        except RexError as error:
            return error


@contextmanager
def asking() -> Iterator[Asking]:
    def respond(_request: httpx.Request) -> httpx.Response:
        told = [(name.encode(), value) for name, value in asked.answer.headers.items()]
        return httpx.Response(asked.answer.status, headers=told, stream=httpx.ByteStream(asked.answer.body))

    with asyncio.Runner() as runner:
        client = RexClient(
            "https://rex.example", ApiKey("key"), now=lambda: NOW, transport=httpx.MockTransport(respond)
        )
        asked = Asking(runner, client, Answer(200, {}, b""))
        yield asked
        runner.run(client.__aexit__(None, None, None))


def read(event: Event) -> None:
    """Use an event in every way that a screen does."""
    try:
        references_found = list(references(parse(event.data)))
        assert all(path.isprintable() or path for path, _ in references_found)
        parse_level(event.data.encode())
    except PayloadError:
        pass
    assert exact_time(event.occurred_at, utc=True).isprintable()
    assert relative_time(event.occurred_at, NOW).isprintable()
    assert "\n" not in event.json_line()
    assert parse_or_none(event.json_line()) is not None


def parse_or_none(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("kind", bodies)
def test_whatever_comes_nothing_undocumented_escapes(store: EventStore, kind: str, number: int) -> None:
    answers = st.builds(Answer, statuses, headers, bodies[kind])

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(answers, st.none() | st.text(max_size=8), st.integers(0, 2**32))
    def run(answer: Answer, cursor: str | None, chance: int) -> None:
        random = Random(chance)
        for body in (answer.body, *(damaged(answer.body, random) for _ in range(DAMAGED))):
            page = asked.page(replace(answer, body=body), cursor)
            if isinstance(page, Page):
                check_stored(store, page)
            else:
                assert str(page).isprintable()
                assert 1 <= getattr(page, "retry_in_s", 1) <= 3600

    with asking() as asked:
        run()


def check_stored(store: EventStore, page: Page) -> None:
    """What was taken for an event comes out with the same bytes, and can be told in words."""
    known = store.last_seq()
    grown = store.append([page])
    stored = list(store.events(known, 100))
    assert len(stored) == len(grown)
    sent: dict[str, list[Event]] = {}
    for event in page.events:
        sent.setdefault(event.id, []).append(event)
    for event in stored:
        first = sent[event.id][0]
        assert (event.type, event.occurred_at, event.data) == (first.type, first.occurred_at, first.data)
        assert dict(event.extra) == dict(first.extra)
        read(event)
    show(store, [event.seq for event in stored])


def show(store: EventStore, seqs: Sequence[int]) -> None:
    for row in store.rows(seqs):
        assert summarise(row).isprintable()
        assert main_id(row).isprintable()
        assert short_id(main_id(row)).isprintable()
        cells = cells_of(row)
        assert isinstance(cells, Cells)
        assert cells.type.isprintable()
