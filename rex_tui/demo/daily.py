"""Stories of daily work: calls, e-mails, meetings and notes, tasks, and the import of a list."""

from __future__ import annotations

from typing import Final

from rex_tui.demo.people import add_contact
from rex_tui.demo.world import Activity, Company, Contact, Deal, Draft, Payload, Task, World

_KINDS: Final = ("call", "email", "meeting", "note")
_KIND_WEIGHTS: Final = (36, 32, 16, 16)
_SUBJECTS: Final = {
    "call": ("Intro call", "Follow-up call", "Pricing call", "Left a voicemail", "Technical questions"),
    "email": ("Sent the proposal", "Re: contract draft", "Thanks for your time", "Product sheet", "お見積りの件"),
    "meeting": ("Demo", "Workshop on site", "Steering meeting", "Kick-off", "Déjeuner d'affaires"),
    "note": ("Budget is decided in Q3", "Prefers e-mail", "Champion is on leave", "Wants references", "Legal is slow"),
}
_DURATIONS: Final = (5, 10, 15, 20, 30, 45, 60, 90)
_OUTCOMES: Final = ("connected", "no_answer", "left_message", "interested", "not_now", "rescheduled")
_NOTES: Final = (
    "They compare us with two others. Price matters less than the start date.",
    "Great talk 🎉, they want to begin before the summer.",
    "Asked for SSO, audit log and a data processing agreement.\nSend all three by Friday.",
    "Señora Núñez decides; the rest of the group advises.",
    'Said: "we\'ll take it if <Excel> import works" & that it should cost no more than 10 % extra.',
)
_LONG_NOTE_EVERY: Final = 400
_LONG_NOTE_FIRST: Final = 60
_LONG_NOTE: Final = "Minutes of the workshop.\n\n" + "\n".join(
    f"{number}. {topic}: the group went through it line by line, asked who would be in charge, what it costs a year, "
    "and how to leave again; answers were noted and a date for the next round was agreed. 👍"
    for number, topic in enumerate(
        ("Scope", "Data", "Security", "Roles", "Training", "Migration", "Reporting", "Invoices", "Support", "Exit") * 4,
        start=1,
    )
)
_TASKS: Final = ("Call back", "Send the contract", "Prepare the demo", "Check references", "Book travel", "Ask legal")
_FILES: Final = ("trade-fair-köln.csv", "newsletter-q2.csv", "old-crm-export.csv", "partners.csv", "webinar.csv")
_ROW_ERRORS: Final = (("email", "not an e-mail address"), ("email", "already there"), ("name", "is empty"))


def log_activity(world: World, deal: Deal | None = None, subject: str | None = None) -> list[Draft]:
    """Let somebody log a call, an e-mail, a meeting or a note, mostly about a deal."""
    if deal is None and world.chance(0.55):
        deal = world.waiting_deal()
    if deal is not None and not deal.open:
        return []
    contact = deal.contact if deal else world.recent(world.contacts)
    if contact is None or not contact.alive:
        return []
    kind = world.rng.choices(_KINDS, _KIND_WEIGHTS)[0]
    timed = kind in ("call", "meeting")
    activity = Activity(
        id=world.new_id("act"),
        kind=kind,
        subject=subject or world.rng.choice(_SUBJECTS[kind]),
        owner_id=contact.owner_id,
        duration_minutes=world.rng.choice(_DURATIONS) if timed else None,
        outcome=world.rng.choice(_OUTCOMES) if timed else None,
    )
    payload: Payload = {
        "activity_id": activity.id,
        "kind": kind,
        "subject": activity.subject,
        "deal_id": deal.id if deal else None,
        "contact_id": contact.id,
        "company_id": contact.company.id if contact.company else None,
        "owner_id": activity.owner_id,
    }
    if timed:
        payload["duration_minutes"] = activity.duration_minutes
        payload["outcome"] = activity.outcome
    world.activities_made += 1
    if world.activities_made % _LONG_NOTE_EVERY == _LONG_NOTE_FIRST:
        payload["note"] = _LONG_NOTE
    elif kind == "note" or world.chance(0.15):
        payload["note"] = world.rng.choice(_NOTES)
    if deal:
        deal.touched = world.now
    world.activities.append(activity)
    return [("activity.created", payload)]


def update_activity(world: World) -> list[Draft]:
    """Let somebody correct what was logged."""
    activity = world.recent(world.activities)
    if activity is None:
        return []
    changes: Payload = {}
    if activity.duration_minutes is not None and world.chance(0.6):
        former = activity.duration_minutes
        activity.duration_minutes = world.rng.choice([minutes for minutes in _DURATIONS if minutes != former])
        changes["duration_minutes"] = {"from": former, "to": activity.duration_minutes}
    else:
        before = activity.outcome
        activity.outcome = world.rng.choice([outcome for outcome in _OUTCOMES if outcome != before])
        changes["outcome"] = {"from": before, "to": activity.outcome}
    payload: Payload = {
        "activity_id": activity.id,
        "kind": activity.kind,
        "subject": activity.subject,
        "changes": changes,
    }
    return [("activity.updated", payload)]


def delete_activity(world: World) -> list[Draft]:
    """Let somebody take back what was logged."""
    activity = world.recent(world.activities)
    if activity is None:
        return []
    world.activities.remove(activity)
    payload: Payload = {
        "activity_id": activity.id,
        "kind": activity.kind,
        "subject": activity.subject,
        "deleted_by_id": activity.owner_id,
    }
    return [("activity.deleted", payload)]


def create_task(world: World, contact: Contact | None = None, title: str | None = None) -> list[Draft]:
    """Let somebody plan something to be done."""
    contact = contact or world.recent(world.contacts)
    if contact is None or not contact.alive:
        return []
    task = Task(
        id=world.new_id("task"),
        title=title or f"{world.rng.choice(_TASKS)}: {contact.name}",
        due_on=world.day(world.rng.randint(0, 14)),
        assignee_id=contact.owner_id,
    )
    world.tasks.append(task)
    payload: Payload = {
        "task_id": task.id,
        "title": task.title,
        "status": "open",
        "due_on": task.due_on,
        "contact_id": contact.id,
        "assignee_id": task.assignee_id,
    }
    return [("task.created", payload)]


def update_task(world: World) -> list[Draft]:
    """Let a task be done, or put off."""
    task = world.recent(world.tasks)
    if task is None:
        return []
    if world.chance(0.75):
        world.tasks.remove(task)
        changes: Payload = {"status": {"from": "open", "to": "done"}}
    else:
        former, task.due_on = task.due_on, world.day(world.rng.randint(1, 21))
        changes = {"due_on": {"from": former, "to": task.due_on}}
    return [("task.updated", {"task_id": task.id, "title": task.title, "changes": changes})]


def import_list(world: World, rows: int | None = None) -> list[Draft]:
    """Let somebody import a CSV of contacts: each row gives a contact, then the import is complete."""
    rows = rows or world.rng.randint(6, 24)
    drafts = [add_contact(world, _company(world), source="import")[1] for _ in range(rows)]
    errors: list[Payload] = []
    for row in sorted(world.rng.sample(range(2, rows + 6), world.rng.randint(0, 3))):
        column, message = world.rng.choice(_ROW_ERRORS)
        errors.append({"row": row, "field": column, "message": message})
    payload: Payload = {
        "import_id": world.new_id("imp"),
        "entity": "contact",
        "file_name": world.rng.choice(_FILES),
        "rows_total": rows + len(errors),
        "rows_imported": rows,
        "rows_failed": len(errors),
        "errors": errors,
        "duration_ms": rows * world.rng.randint(30, 90),
        "started_by_id": world.rng.choice(world.users),
    }
    return [*drafts, ("import.completed", payload)]


def _company(world: World) -> Company | None:
    return world.recent(world.companies) if world.chance(0.6) else None
