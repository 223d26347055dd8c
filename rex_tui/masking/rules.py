"""What is sensitive: by the name of a field, by where it stands, and by what the settings say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

Kind: TypeAlias = Literal["email", "phone", "name", "amount", "text"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""What can be hidden, each by itself."""

Treatment: TypeAlias = Literal[
    "email", "phone", "person", "company", "deal", "name", "title", "site", "place", "amount", "text", "secret",
    "word", "plain", "id", "open", "shown", "",
]  # fmt: skip
"""How a field's value is told. `open` is a level that means nothing itself: what is in it is told as what is around it.

`word` is shown where it is one lower-case word, as choices from a list are; `plain` and `shown` always, though in what
is `plain` e-mail addresses and numbers are still hidden; `secret` is what must never be seen, dates included. "" is a
field of which nothing is known.
"""
KIND_OF: Final[Mapping[Treatment, Kind]] = {
    "email": "email",
    "phone": "phone",
    "person": "name",
    "company": "name",
    "deal": "name",
    "name": "name",
    "site": "name",
    "place": "name",
    "amount": "amount",
    "title": "text",
    "text": "text",
    "secret": "text",
    "word": "text",
    "": "text",
}
ENTITIES: Final[Mapping[Treatment, str]] = {"person": "person", "company": "company", "deal": "deal"}
"""Fields that hold an entity or its name: what is in it is told as a part of that entity."""
CONTEXTS: Final[Mapping[str, str]] = {
    "contact": "person", "person": "person", "lead": "person", "user": "person", "company": "company",
    "account": "company", "organization": "company", "organisation": "company", "deal": "deal", "opportunity": "deal",
    "task": "text", "activity": "text", "note": "text", "stage": "plain", "pipeline": "plain",
}  # fmt: skip
"""Whose `name` it is that stands in a payload, by the resource that its type is about."""

_BY_NAME: Final[Mapping[Treatment, str]] = {
    "email": "email emails e_mail e_mails mail mails",
    "phone": "phone phones mobile cell cellphone tel telephone fax whatsapp landline sms",
    "person": "first_name last_name given_name family_name middle_name nickname full_name display_name username "
    "user_name login handle author sender recipient recipients attendee attendees participant participants assigned_to "
    "from_name to_name owner owners assignee contact contacts person people user users lead leads rep sales_rep "
    "champion referrer referred_by manager guest guests member members invitee organizer organiser",
    "company": "company companies organization organisation account accounts customer client vendor supplier employer "
    "competitor competitors partner",
    "deal": "deal deals opportunity opportunities",
    "name": "name names alias",
    "title": "title",
    "site": "domain domains website websites url urls link links href homepage linkedin twitter facebook instagram "
    "github skype xing telegram",
    "place": "address addresses street city town zip zip_code postal_code postcode lat lon lng latitude longitude geo "
    "coordinates location locations headquarters",
    "amount": "value values amount amounts price prices total subtotal grand_total revenue cost costs budget discount "
    "tax fee fees balance mrr arr salary tcv acv ltv worth cents money",
    "text": "note notes body description comment comments subject message messages summary content text bio about html "
    "snippet transcript agenda feedback question questions answer answers details memo remark remarks headline caption "
    "reply quote signature next_step next_steps",
    "secret": "password passwd secret token api_key iban bic account_number card_number tax_id vat_id ssn ip "
    "ip_address birthday birthdate birth_date date_of_birth dob",
    "word": "reason lost_reason loss_reason won_reason close_reason source medium campaign provider outcome network "
    "priority role plan utm_source utm_medium utm_campaign",
    "plain": "status state kind type activity_type task_type stage stage_name from_stage to_stage from_stage_name "
    "to_stage_name stages pipeline pipeline_name pipelines currency currencies country country_code timezone time_zone "
    "locale language entity object resource industry lifecycle_stage seniority field fields fields_changed "
    "changed_fields direction channel event action operation method unit interval color colour version revision",
    "open": "changes changed change data attributes properties custom custom_fields from to before after old new "
    "previous current old_value new_value previous_value",
    "id": "id ids uuid guid key etag cursor",
}
_WORDS: Final[Mapping[str, Treatment]] = {
    "email": "email", "phone": "phone", "mobile": "phone", "telephone": "phone", "fax": "phone",
    "password": "secret", "secret": "secret", "token": "secret", "birthday": "secret", "iban": "secret",
}  # fmt: skip
"""Words that say enough wherever they stand in a field's name."""
_ENDS: Final[Mapping[str, Treatment]] = {
    "id": "id", "ids": "id", "url": "site", "link": "site", "domain": "site", "website": "site", "address": "place",
    "city": "place", "street": "place", "zip": "place", "by": "person", "note": "text", "notes": "text",
    "comment": "text", "comments": "text", "description": "text", "message": "text", "body": "text", "subject": "text",
    "title": "text", "text": "text", "value": "amount", "amount": "amount", "price": "amount", "revenue": "amount",
    "cost": "amount", "costs": "amount", "cents": "amount", "budget": "amount", "fee": "amount", "salary": "amount",
    "balance": "amount", "discount": "amount", "mrr": "amount", "arr": "amount",
}  # fmt: skip
"""Words that say enough where a field's name ends in them, and those of money wherever they stand in it."""
_NAMED: Final[Mapping[str, Treatment]] = {name: how for how, names in _BY_NAME.items() for name in names.split()}
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_WORD: Final = re.compile(r"[\W_]+")
_STEP: Final = re.compile(r"\[\d*\]")
FIELD_NAMES: Final = ("field", "property", "attribute", "key")
"""Fields that name the field that the values beside them are of, in a list of changes say."""
LEVELS: Final = frozenset({"changes", "changed", "change", "from", "to", "before", "after", "old", "new"})
"""Fields that tell of a change: what is in them stands, for the settings, where it stands without them."""
PATH_MAX: Final = 200


class Rules(Struct, frozen=True):
    """What is hidden: these kinds, these fields besides, and none of the fields that are `show`n all the same.

    A field is a path as in a column (`contact.email`, `deal.value` also for the `value` of an event about a deal), or
    its name alone, which means it wherever it stands; what is in it is meant as well.
    """

    hide: frozenset[Kind] = frozenset(KINDS)
    fields: tuple[str, ...] = ()
    show: tuple[str, ...] = ()


def steps_of(path: str) -> tuple[str, ...]:
    """Give the names in a path, without places in lists; () for what is no path."""
    steps = tuple(_STEP.sub("", path.strip()).split("."))
    if not all(step.strip() for step in steps) or len(path) > PATH_MAX:
        return ()
    return tuple(step for step in steps if step not in LEVELS) or steps


class ChosenFields:
    """The fields that the settings name, found by the end of a path."""

    def __init__(self, fields: Iterable[str], how: Treatment) -> None:
        """Take the paths of fields, and how those are to be treated."""
        self._how: Final = how
        self._by_end: dict[str, list[tuple[str, ...]]] = {}
        for path in fields:
            if steps := steps_of(path):
                self._by_end.setdefault(steps[-1], []).append(steps)

    def find(self, path: Sequence[str]) -> Treatment | None:
        """Give how what is at a path is treated, None where it was not named."""
        wanted = self._by_end.get(path[-1])
        return self._how if wanted and any(tuple(path[-len(steps) :]) == steps for steps in wanted) else None


@lru_cache(10_000)
def treatment_of(name: str) -> Treatment:
    """Give how a field of this name is treated, wherever it stands and whichever way it is spelled (`ownerName`)."""
    plain = _NO_WORD.sub("_", _HUMP.sub("_", name)).lower().strip("_")
    if (how := _NAMED.get(plain)) is not None:
        return how
    words = plain.split("_")
    if words[-1] in ("id", "ids"):
        return "id"
    for word in words:
        if (how := _WORDS.get(word)) is not None:
            return how
    if words[-1] in ("name", "names"):
        before = _NAMED.get("_".join(words[:-1]), "")
        return "text" if "file" in words[0] else before if before in (*ENTITIES, "plain") else "name"
    how = _ENDS.get(words[-1], "")
    return how or ("amount" if any(_ENDS.get(word) == "amount" for word in words) else "")
