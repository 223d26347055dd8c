"""What an organisation holds at a moment: its people, companies, deals and what is planned next."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, TypeAlias, TypeVar

from msgspec import Struct, field

from rex_tui.demo.ids import Ids
from rex_tui.demo.names import Names

T = TypeVar("T")

Payload: TypeAlias = "dict[str, object]"
Draft: TypeAlias = "tuple[str, Payload]"
"""An event to be: its type and its payload."""
Story: TypeAlias = "Callable[[World], list[Draft]]"
"""Something that happens: the events it gives, in order, or none where it cannot happen now."""

STAGE_NAMES: Final = ("Lead", "Qualified", "Proposal", "Negotiation", "Won", "Lost")
WON: Final = 4
LOST: Final = 5
STAGE_COLOURS: Final = ("#94a3b8", "#60a5fa", "#a78bfa", "#f59e0b", "#22c55e", "#ef4444")

_FOUNDED: Final = datetime(2024, 9, 2, 8, tzinfo=UTC)
_USERS: Final = 7
_RECENT_ACTIVITIES: Final = 300
_RECENT_TASKS: Final = 120
_CANDIDATES: Final = 3


class Stage(Struct, frozen=True):
    """A stage of the pipeline; `position` counts from 0."""

    id: str
    name: str
    position: int


class Company(Struct, eq=False):
    """A company; `contacts` and `deals` count what still refers to it."""

    id: str
    name: str
    domain: str
    industry: str
    place: tuple[str, str, str]
    owner_id: str
    currency: str
    employees: int
    contacts: int = 0
    deals: int = 0
    alive: bool = True


class Contact(Struct, eq=False):
    """A person; `deals` counts the open ones, and `extra` holds the fields that updates change."""

    id: str
    name: str
    email: str
    company: Company | None
    owner_id: str
    deals: int = 0
    alive: bool = True
    extra: Payload = field(default_factory=dict)


class Deal(Struct, eq=False):
    """A deal; `value` is in cents, `stage` a position, `touched` when something was last done about it.

    Nobody works on a `dormant` one; `warned` counts the times that Rex told of it since.
    """

    id: str
    name: str
    contact: Contact
    company: Company
    value: int
    stage: int
    owner_id: str
    close_on: str
    created: datetime
    touched: datetime
    dormant: bool = False
    warned: int = 0
    open: bool = True


class Activity(Struct, eq=False):
    """A call, e-mail, meeting or note that was logged."""

    id: str
    kind: str
    subject: str
    owner_id: str
    duration_minutes: int | None
    outcome: str | None


class Task(Struct, eq=False):
    """Something to be done by `due_on`."""

    id: str
    title: str
    due_on: str
    assignee_id: str


class World:
    """The state that stories read and change. `now` is the time of the event that is being made, `step` its number."""

    def __init__(self, seed: int) -> None:
        """Found an organisation with its users and its pipeline, but nothing in its log yet."""
        self.rng: Final = Random(seed)  # noqa: S311 - it is meant to be repeatable, and secures nothing
        self.ids: Final = Ids(self.rng)
        self.names: Final = Names(self.rng)
        self.now = _FOUNDED
        self.step = 0
        self.pipeline_id: Final = self.new_id("pipe")
        self.stages: Final = tuple(
            Stage(self.new_id("stg"), name, position) for position, name in enumerate(STAGE_NAMES)
        )
        self.users: Final = tuple(self.new_id("usr") for _ in range(_USERS))
        self.companies: Final[list[Company]] = []
        self.contacts: Final[list[Contact]] = []
        self.deals: Final[list[Deal]] = []
        self.deals_made = 0
        self.register: Final[dict[str, Company | Contact | Deal]] = {}
        """Whoever can be asked for by id: all that was made and not deleted, also deals that are closed."""
        self.activities: Final[deque[Activity]] = deque(maxlen=_RECENT_ACTIVITIES)
        self.activities_made = 0
        self.tasks: Final[deque[Task]] = deque(maxlen=_RECENT_TASKS)
        self._agenda: Final[list[tuple[int, int, Story]]] = []
        self._planned = 0

    def new_id(self, prefix: str) -> str:
        """Give an id of now."""
        return self.ids.new(prefix, self.now)

    def day(self, days: int) -> str:
        """Give the date that is `days` from now, like `2026-03-16`."""
        return (self.now + timedelta(days=days)).date().isoformat()

    def chance(self, share: float) -> bool:
        """Give True in `share` of all cases, from 0 to 1."""
        return self.rng.random() < share

    def one_of(self, *things: T) -> T:
        """Give one of `things`, each as likely as the others."""
        return self.rng.choice(things)

    def recent(self, things: Sequence[T]) -> T | None:
        """Give one of `things`, the later the likelier; None where there are none."""
        if not things:
            return None
        return things[len(things) - 1 - int(len(things) * self.rng.random() ** 2)]

    def waiting_deal(self) -> Deal | None:
        """Give an open deal that somebody works on, rather one that has waited for long."""
        if not self.deals:
            return None
        drawn = [self.rng.choice(self.deals) for _ in range(_CANDIDATES)]
        return min((deal for deal in drawn if not deal.dormant), key=lambda deal: deal.touched, default=None)

    def later(self, low: int, high: int, story: Story) -> None:
        """Plan `story` for `low` to `high` events from now."""
        self._planned += 1
        heapq.heappush(self._agenda, (self.step + self.rng.randint(low, high), self._planned, story))

    def due(self) -> Story | None:
        """Take the planned story whose turn has come, if there is one."""
        if self._agenda and self._agenda[0][0] <= self.step:
            return heapq.heappop(self._agenda)[2]
        return None


def drop(things: list[T], gone: T) -> None:
    """Take `gone` out of `things`, whose order may change by it."""
    index = things.index(gone)
    things[index] = things[-1]
    things.pop()
