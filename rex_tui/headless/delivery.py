"""At least once: where a consumer goes on in the log, and its place moving only behind what was written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from msgspec.structs import replace

from rex_tui.event import GAP_TYPE, Event
from rex_tui.query.gap import gap_story
from rex_tui.safe_text import clean
from rex_tui.store import EventStore
from rex_tui.store.consumers import Consumer, log_of, place_by_time, place_in
from rex_tui.store.notebook import Notebook

TIME_MAX: Final = 40
WHY_MAX: Final = 200


class Delivery:
    """Delivers the log to one consumer, whose place it keeps in the notebook beside the store.

    `begin` is called in the thread that reads the store; `wanted` and `acknowledge` in that which writes, in turn.
    """

    def __init__(
        self,
        store: EventStore,
        notebook: Notebook,
        consumer: Consumer,
        *,
        now: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        """Deliver to a consumer from the place that it has; `now` gives seconds since the epoch, UTC."""
        self._store = store
        self._notebook = notebook
        self._consumer = consumer
        self._now = now
        self._say = say
        self._log = ""
        self._waits = False

    def begin(self, *, caught_up: bool) -> int | None:
        """Give the sequence behind which to go on; None while this log has not come to the consumer's place.

        Once all of Rex's log is here (`caught_up`), its time stands in for a place that the log does not have.
        Raises `StoreError`.
        """
        self._log = log_of(self._store)
        place = place_in(self._store, self._consumer)
        name, came_to = self._consumer.name, clean(self._consumer.event_id, TIME_MAX)
        if place is None and caught_up:
            self._say(
                f"The log does not have {came_to}, up to which {name} has everything, so its time stands in for it: "
                "events may be missing here, or come again."
            )
            place = place_by_time(self._store, self._consumer)
        elif place is None and not self._waits:
            self._waits = True
            self._say(f"The log is read anew and has not come to {came_to} yet, up to which {name} has everything.")
        return place

    def wanted(self, events: Sequence[Event]) -> Sequence[Event]:
        """Give those of these events, which follow each other, that the consumer takes; tell of gaps among them."""
        since = self._consumer.since
        if since is not None:
            first = next((place for place, event in enumerate(events) if _is_from(event, since)), None)
            if first is None:
                return ()
            self._consumer = replace(self._consumer, since=None)
            events = events[first:]
        for event in events:
            if event.type == GAP_TYPE:
                story = gap_story(event.data)
                before, after = (clean(end, TIME_MAX) or "an unknown time" for end in (story.before, story.after))
                self._say(f"Events may be missing between {before} and {after}. {clean(story.why, WHY_MAX)}")
        return events

    def acknowledge(self, events: Sequence[Event]) -> None:
        """Move the consumer's place behind these events, which were written, or not wanted; raises `StoreError`."""
        last = next((event for event in reversed(events) if event.type != GAP_TYPE), None)
        if last is not None:
            self._consumer = replace(
                self._consumer,
                event_id=last.id,
                occurred_at=last.occurred_at,
                seq=last.seq,
                log=self._log,
                moved_at=self._now(),
            )
            self._notebook.keep_consumer(self._consumer)


def _is_from(event: Event, since: float) -> bool:
    """Tell whether an event happened at a time (seconds since the epoch), or later."""
    return event.type != GAP_TYPE and event.occurred is not None and event.occurred.timestamp() >= since
