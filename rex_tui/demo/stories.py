"""Which stories happen, and how often."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import Final

from rex_tui.demo import companies, daily, people, pipeline
from rex_tui.demo.world import Draft, Story, World

_OFTEN: Final[tuple[tuple[float, Story], ...]] = (
    (19, daily.log_activity),
    (4.5, daily.update_activity),
    (0.5, daily.delete_activity),
    (3, daily.create_task),
    (3.2, daily.update_task),
    (0.06, daily.import_list),
    (6, people.capture_contact),
    (9, people.update_contact),
    (1, people.enrich_contact),
    (0.5, people.delete_contact),
    (2.2, companies.new_account),
    (1.2, companies.find_company),
    (2, companies.update_company),
    (0.25, companies.duplicate_company),
    (3.5, pipeline.open_deal),
    (9.5, pipeline.move_deal),
    (3, pipeline.revise_deal),
    (0.25, pipeline.delete_deal),
    (2.5, pipeline.go_stale),
)
_STORIES: Final = tuple(story for _, story in _OFTEN)
_SUMS: Final = tuple(accumulate(weight for weight, _ in _OFTEN))
_OPENING_ACCOUNTS: Final = 6
_OPENING_ROWS: Final = 24

SURE: Final[dict[str, Story]] = {
    "activity.created": daily.log_activity,
    "activity.deleted": daily.delete_activity,
    "activity.updated": daily.update_activity,
    "company.created": companies.new_account,
    "company.deleted": companies.duplicate_company,
    "company.enriched": companies.enrich_company,
    "company.updated": companies.update_company,
    "contact.created": people.capture_contact,
    "contact.deleted": people.delete_contact,
    "contact.enriched": people.enrich_contact,
    "contact.updated": people.update_contact,
    "deal.created": pipeline.open_deal,
    "deal.deleted": pipeline.delete_deal,
    "deal.lost": pipeline.lose_deal,
    "deal.stage_changed": pipeline.move_deal,
    "deal.updated": pipeline.revise_deal,
    "deal.won": pipeline.win_deal,
    "import.completed": daily.import_list,
    "task.created": daily.create_task,
    "task.updated": daily.update_task,
    "trigger.deal.stale": partial(pipeline.go_stale, surely=True),
}
"""For every event type (all that the reference documents, and tasks), a story that leads to it."""


def opening(world: World) -> list[Draft]:
    """Give the first events of all: some accounts, and the import of the list that the team used until now."""
    accounts = [draft for _ in range(_OPENING_ACCOUNTS) for draft in companies.new_account(world)]
    return [*accounts, *daily.import_list(world, _OPENING_ROWS)]


def next_story(world: World) -> list[Draft]:
    """Give the events of what happens next: what was planned for now, or something new."""
    while story := world.due():
        if drafts := story(world):
            return drafts
    for _ in range(len(_OFTEN)):
        if drafts := world.rng.choices(_STORIES, cum_weights=_SUMS)[0](world):
            return drafts
    return people.capture_contact(world)
