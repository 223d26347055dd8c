"""One line about an event, made for its type: what moved where, who, how much."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import humanize

from rex_tui.event import Row, resource_of
from rex_tui.masking import MASKED
from rex_tui.names import Names
from rex_tui.payload import REX_ID, Json, Number, PayloadError, parse
from rex_tui.query.changes import Change, compare
from rex_tui.query.naming import NO_NAMES, Called, called
from rex_tui.safe_text import clean
from rex_tui.subject import subject_of

SUMMARY_LIMIT: Final = 400
FIELD_LIMIT: Final = 120
ID_TAIL: Final = 6
ID_MAX: Final = 16
CALLED_MAX: Final = 60
FIRST_FIELDS: Final = 4
CHANGES_TOLD: Final = 3
ARROW: Final = " → "

Fields = dict[str, Json]


def summarise(row: Row, names: Names = NO_NAMES) -> str:
    """Give an event's payload in one clean line, ids by their names; for types never seen, its first fields."""
    if row.data is None:
        return f"large payload, {humanize.naturalsize(row.size, binary=True)}: open it in the detail pane"
    try:
        value = parse(row.data)
    except PayloadError:
        return clean(row.data, SUMMARY_LIMIT)
    return summary_of(row, value, names)


def summary_of(row: Row, value: Json, names: Names = NO_NAMES) -> str:
    """Give the same line where the payload is parsed already, as `value`."""
    if not isinstance(value, dict):
        return clean(row.data or "", SUMMARY_LIMIT)
    read = called(value, names)
    fields = read if isinstance(read, dict) else value
    made_for_it = _BY_TYPE.get(row.type) or _BY_RESOURCE.get(resource_of(row.type))
    line = made_for_it(fields) if made_for_it else ""
    return clean(_joined(_since(row.before, fields, names), line or _first_fields(row.type, fields)), SUMMARY_LIMIT)


def main_id(row: Row) -> str:
    """Give the id that the event is about, whole but clean; "" where its payload has none."""
    return "" if row.data is None else clean(subject_of(row.type, row.data), FIELD_LIMIT)


def name_of(fields: Fields) -> str:
    """Give what people call the entity that a payload describes; "" where it does not say."""
    return _name(fields)


def address_of(fields: Fields) -> str:
    """Give what else the entity that a payload describes is known by; "" where it does not say."""
    return _text(fields, "email", "subject", "domain", "file_name")


def stage_of(fields: Fields, side: str) -> str:
    """Give the stage on one side (`from`, `to`, or "" for the current one) by its name, else its short id."""
    if not side:
        return _text(fields, "stage_name", "stage") or short_id(_text(fields, "stage_id"))
    return _stage(fields, side)


def change_words(change: Change) -> str:
    """Give one difference between two payloads in words: `value 1,000.00 → 1,200.00`."""
    path = clean(change.path, 80) or "payload"
    before, after = (_plain(side, change.field) for side in (change.before, change.after))
    match change.kind:
        case "added":
            return f"{path} is new: {after}"
        case "removed":
            return f"{path} is gone: {before}"
        case _:
            return f"{path} {before}{ARROW}{after}"


def tell_change(change: Change, names: Names = NO_NAMES) -> tuple[str, str]:
    """Give the value before and after a difference, in words and names; "" on the side where there was none."""
    before, after = (_plain(called(side, names), change.field) for side in (change.before, change.after))
    return "" if change.kind == "added" else before, "" if change.kind == "removed" else after


def _since(before: str | None, fields: Fields, names: Names) -> str:
    """Give what an update changed, seen from the payload before it; what that had and this one has not is not told."""
    if before is None:
        return ""
    try:
        differences = compare(called(parse(before), names), fields)
    except PayloadError:
        return ""
    changed = [one for one in differences if one.kind == "changed"] or [d for d in differences if d.kind == "added"]
    more = f" and {len(changed) - CHANGES_TOLD} more" if len(changed) > CHANGES_TOLD else ""
    return ", ".join(map(change_words, changed[:CHANGES_TOLD])) + more


def short_id(text: str) -> str:
    """Give an id's prefix and its end, where ids differ: `deal_…7XK2QF`."""
    if isinstance(text, Called):
        return clean(text, CALLED_MAX)
    text = clean(text)
    prefix, underscore, rest = text.partition("_")
    if len(text) <= ID_MAX or not underscore or len(prefix) + ID_TAIL + 2 >= len(text):
        return clean(text, ID_MAX)
    return f"{clean(prefix, 8)}_…{rest[-ID_TAIL:]}"


def money(fields: Fields) -> str:
    """Give the amount in `value`, an integer in cents, with its currency; "" where there is none. One may be masked.

    Source: Rex's documentation of deals: `value` in cents, `currency` an ISO 4217 code, USD where it is left out.
    """
    value = fields.get("value")
    cents = value.as_int() if isinstance(value, Number) else None
    if cents is None and value != MASKED:
        return ""
    return f"{MASKED if cents is None else _amount(cents)} {_text(fields, 'currency') or 'USD'}"


def _amount(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def _text(fields: Fields, *names: str) -> str:
    """Give the first of these fields that holds a text or a number, as text."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, str) and value:
            said = clean(value, FIELD_LIMIT)
            return Called(said) if isinstance(value, Called) else said
        if isinstance(value, dict) and (inner := _text(value, "name", "email", "id")):
            return inner
    return ""


def _name(fields: Fields) -> str:
    whole = _text(fields, "name", "full_name", "display_name", "title")
    return whole or " ".join(filter(None, (_text(fields, "first_name"), _text(fields, "last_name"))))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _changes(fields: Fields) -> str:
    changes = fields.get("changes") or fields.get("changed") or fields.get("changed_fields")
    if isinstance(changes, list):
        return ", ".join(clean(item, 40) for item in changes if isinstance(item, str))
    if not isinstance(changes, dict):
        return ""
    told = []
    for name, change in changes.items():
        if isinstance(change, dict) and "to" in change:
            before, after = (_plain(change.get(side), name) for side in ("from", "to"))
            told.append(f"{name} {before}{ARROW}{after}")
        else:
            told.append(f"{name} {_plain(change, name)}")
    return ", ".join(told)


def _plain(value: Json, field: str = "") -> str:
    cents = value.as_int() if isinstance(value, Number) and field == "value" else None
    if cents is not None:
        return _amount(cents)
    if isinstance(value, str):
        return short_id(value) if isinstance(value, Called) or REX_ID.fullmatch(value) else clean(value, 60)
    if isinstance(value, dict | list):
        what = "field" if isinstance(value, dict) else "item"
        return f"{len(value)} {what}{'' if len(value) == 1 else 's'}"
    return {None: "none", True: "yes", False: "no"}[value]


def _first_fields(event_type: str, fields: Fields) -> str:
    own_id = f"{resource_of(event_type)}_id"
    told = [(name, value) for name, value in fields.items() if name not in (own_id, "id")] or list(fields.items())
    return ", ".join(f"{clean(name, 40)} {_plain(value, name)}" for name, value in told[:FIRST_FIELDS])


# In each line the short and telling part comes first, since a narrow column cuts the end.


def _contact(fields: Fields) -> str:
    return _joined(_changes(fields), _name(fields), _text(fields, "email"), _text(fields, "company_name", "source"))


def _company(fields: Fields) -> str:
    return _joined(_changes(fields), _name(fields), _text(fields, "domain", "website"))


def _enriched(fields: Fields) -> str:
    found = fields.get("enrichment") or fields.get("enriched") or fields.get("data")
    details = ""
    if isinstance(found, dict):
        details = ", ".join(f"{clean(name, 30)} {_plain(value, name)}" for name, value in list(found.items())[:3])
    return _joined(_name(fields) or _text(fields, "email", "domain"), _text(fields, "provider", "source"), details)


def _deal(fields: Fields) -> str:
    return _joined(_changes(fields) or money(fields), _name(fields), _text(fields, "company_name", "company"))


def _stage_changed(fields: Fields) -> str:
    before = _stage(fields, "from")
    after = _stage(fields, "to")
    move = f"{before or '?'}{ARROW}{after or '?'}" if before or after else ""
    return _joined(move, _name(fields), money(fields))


def _stage(fields: Fields, side: str) -> str:
    named = _text(fields, f"{side}_stage_name", f"{side}_stage", f"{side}_name")
    return named or short_id(_text(fields, f"{side}_stage_id", side))


def _lost(fields: Fields) -> str:
    return _joined(money(fields), _text(fields, "reason", "lost_reason", "loss_reason"), _name(fields))


def _activity(fields: Fields) -> str:
    kind = _text(fields, "kind", "activity_type", "type")
    minutes = _text(fields, "duration_minutes")
    subject = _text(fields, "subject", "title", "summary", "note", "notes", "body")
    return _joined(kind, subject, f"{minutes} min" if minutes else "", _changes(fields))


def _task(fields: Fields) -> str:
    due = _text(fields, "due_at", "due_date", "due_on")
    return _joined(
        _text(fields, "title", "subject", "name"), _text(fields, "status"), due and f"due {due[:10]}", _changes(fields)
    )


def _stale(fields: Fields) -> str:
    days = _text(fields, "days_inactive", "inactive_days", "days")
    return _joined(f"no activity for {days} days" if days else "no activity", _name(fields), money(fields))


def _import(fields: Fields) -> str:
    rows = _text(fields, "rows_imported", "imported", "rows", "row_count", "total_rows", "count")
    failed = _text(fields, "rows_failed", "failed", "errors")
    what = _text(fields, "entity", "object", "resource")
    return _joined(
        _text(fields, "file_name", "filename", "file", "name"),
        f"{rows} rows imported{f' as {what}' if what else ''}" if rows else "",
        f"{failed} failed" if failed and failed != "0" else "",
    )


_BY_TYPE: Final[dict[str, Callable[[Fields], str]]] = {
    "contact.enriched": _enriched,
    "company.enriched": _enriched,
    "deal.stage_changed": _stage_changed,
    "deal.lost": _lost,
    "trigger.deal.stale": _stale,
}
_BY_RESOURCE: Final[dict[str, Callable[[Fields], str]]] = {
    "contact": _contact,
    "company": _company,
    "deal": _deal,
    "activity": _activity,
    "task": _task,
    "import": _import,
}
