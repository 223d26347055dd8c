"""The one door that events pass before they are shown, copied or written while masking is on."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

import humanize
from msgspec.structs import replace

from rex_tui.event import GAP_TYPE, Drift, Event, Row
from rex_tui.fields import json_of
from rex_tui.masking.pseudonyms import MASKED, Label, Pseudonyms, is_pseudonym
from rex_tui.masking.rules import (
    CONTEXTS,
    ENTITIES,
    FIELD_NAMES,
    KIND_OF,
    LEVELS,
    ChosenFields,
    Kind,
    Rules,
    Treatment,
    treatment_of,
)
from rex_tui.names import Names, entity_kind, is_stage
from rex_tui.payload import LARGE, REX_ID, Json, Number, PayloadError, parse
from rex_tui.subject import subject_resource

_EMAIL: Final = re.compile(r"[^\s@<>\"'(),;:\[\]{}|]+@[^\s@<>\"'(),;:\[\]{}|]+\.[^\s@<>\"'(),;:\[\]{}|.]+")
_SITE: Final = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_PHONE: Final = re.compile(r"(?<![\w.:-])(?:\+|\(\+?)?\d[\d ()./\u2010-\u2015\u00a0-]{5,22}\d(?![\w:])")
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")
_SURE_ID: Final = re.compile(r"[a-z][a-z0-9]{1,15}_[0-7][0-9A-HJKMNP-TV-Z]{25}")
_WORD: Final = re.compile(r"[a-z0-9]+(?:[_-][a-z0-9]+)*")
_PLAIN_ID: Final = re.compile(r"[!-~]+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_DIGIT: Final = re.compile(r"\d")
PHONE_DIGITS: Final = range(7, 16)
FEW_DIGITS: Final = 5
"""With fewer digits a number in a field for telephones is none: how many there are, say."""
WORD_MAX: Final = 40
_LABELS: Final[Mapping[str, Label]] = {
    "person": "Person",
    "company": "Company",
    "deal": "Deal",
    "name": "Name",
    "place": "Place",
}
_ENTITY_LABELS: Final[Mapping[str, Label]] = {"contact": "Person", "company": "Company", "deal": "Deal"}
_WHOLE_NAMES: Final = (("first_name", "last_name"), ("given_name", "family_name"), ("firstName", "lastName"))
_MAY_BE_ID: Final = frozenset({*ENTITIES, "", "plain", "word", "id", "secret"})


class Masking:
    """Puts stable pseudonyms in the place of what is sensitive; any thread may call it.

    Ids, types, times, the names of fields and of stages stay, and so does every number that is no amount.
    """

    def __init__(self, rules: Rules, salt: bytes, *, apart: bool = False) -> None:
        """Hide what `rules` say, under pseudonyms that only `salt` leads to.

        With `apart` two amounts can be told apart, by whoever compares payloads; see `amount_told`.
        """
        self._rules: Final = rules
        self._salt: Final = salt
        self._apart: Final = apart
        self._pseudonyms: Final = Pseudonyms(salt)
        self._fields: Final = ChosenFields(rules.fields, "secret")
        self._shown: Final = ChosenFields(rules.show, "shown")

    def hides(self, kind: Kind) -> bool:
        """Tell whether a kind of values is hidden."""
        return kind in self._rules.hide

    def telling_apart(self) -> Masking:
        """Give a masking like this one under which two amounts differ if they do, to compare payloads with."""
        return Masking(self._rules, self._salt, apart=True)

    # ---- events

    def event(self, event: Event, *, large: bool = True) -> Event:
        """Give an event as it may be seen. Without `large`, a large payload is only told of, which takes no time."""
        if event.type == GAP_TYPE:
            return event
        if not large and len(event.data) > LARGE:
            size = humanize.naturalsize(len(event.data), binary=True)
            data = json.dumps(f"A payload of {size} is not shown while masking is on; an export has it, masked.")
        else:
            data = self.payload(event.type, event.data)
        return replace(event, data=data, extra=self._extra(event.type, event.extra) if event.extra else event.extra)

    def row(self, row: Row) -> Row:
        """Give a row of the table as it may be seen."""
        if row.type == GAP_TYPE or row.data is None:
            return row
        before = None if row.before is None else self.payload(row.type, row.before)
        return replace(row, data=self.payload(row.type, row.data), before=before)

    def payload(self, event_type: str, data: str) -> str:
        """Give a payload's JSON text as it may be seen: the same fields in the same order, numbers as spelled."""
        resource = subject_resource(event_type)
        try:
            value = self._value(parse(data), "", CONTEXTS.get(resource, ""), (resource,), direct=True)
            return _json(value)
        except (PayloadError, RecursionError):
            return json.dumps(self._pseudonyms.named("Text", data))

    def _extra(self, event_type: str, extra: Mapping[str, str]) -> Mapping[str, str]:
        resource = subject_resource(event_type)
        told: dict[str, str] = {}
        for name, text in extra.items():
            try:
                found = self._object({name: parse(text)}, "", CONTEXTS.get(resource, ""), (resource,), direct=True)
                told.update({key: _json(value) for key, value in found.items()})
            except (PayloadError, RecursionError):
                told[self.words(name)] = json.dumps(self._pseudonyms.named("Text", text))
        return told

    # ---- what stands beside events

    def names(self, names: Names) -> Names:
        """Give what ids are called as it may be seen: the same pseudonyms that stand in the payloads."""
        return names.told_by(self.name)

    def name(self, id_: str, name: str) -> str:
        """Give what an id is called as it may be seen; a stage by its name."""
        if is_stage(id_) or not self.hides("name"):
            return self.words(name)
        return self._pseudonyms.named(_ENTITY_LABELS.get(entity_kind(id_) or "", "Name"), name)

    def deal_name(self, name: str) -> str:
        """Give the name of a deal as it may be seen."""
        return self._string(name, "deal", direct=True)

    def owner(self, owner: str) -> str:
        """Give the owner of something, by id or name, as it may be seen."""
        return self._string(owner, "person", direct=True)

    def id(self, id_: str) -> str:
        """Give an id as it may be seen; what stands for an id but is a name or an address is none."""
        return self._string(id_, "id", direct=True)

    def note(self, note: str) -> str:
        """Give a text that the user wrote as it may be seen."""
        return self._string(note, "text", direct=True)

    def drift(self, drift: Drift) -> Drift:
        """Give what was new in the shape of a payload as it may be seen: an address may be the name of a field."""
        return replace(drift, field=self.words(drift.field))

    def words(self, text: str) -> str:
        """Give a text with the addresses and telephone numbers in it replaced, and all else as it is."""
        if self.hides("email") and "@" in text:
            text = _EMAIL.sub(lambda found: self._pseudonyms.email(found[0]), text)
        if self.hides("name") and "://" in text:
            text = _SITE.sub(lambda found: self._pseudonyms.site(found[0]), text)
        if self.hides("phone") and _DIGIT.search(text):
            text = _PHONE.sub(lambda found: self._phone_or_not(found[0]), text)
        return text

    # ---- the walk through a payload

    def _value(self, value: Json, how: Treatment, context: str, path: tuple[str, ...], *, direct: bool) -> Json:
        if isinstance(value, dict):
            return self._object(value, how, context, path, direct=direct)
        if isinstance(value, list):
            return [self._value(item, how, context, path, direct=direct) for item in value]
        if isinstance(value, Number):
            return self._number(value, how, direct=direct)
        return self._string(value, how, direct=direct) if isinstance(value, str) else value

    def _object(
        self, fields: dict[str, Json], how: Treatment, context: str, path: tuple[str, ...], *, direct: bool
    ) -> dict[str, Json]:
        told: dict[str, Json] = {}
        named = next((name for key in FIELD_NAMES if isinstance(name := fields.get(key), str)), "")
        for key, value in fields.items():
            here = path if key in LEVELS else (*path, key)
            own, is_direct = self._own(key, how, context, here), True
            if named and (own == "open" or key == "value") and (meant := treatment_of(named)) not in ("", "open"):
                own = self._in_context(meant, context)
            elif own in ("", "open"):
                own, is_direct = how, direct and own == "open"
            inside: Treatment = "" if own in ENTITIES and _is_entity(key, value) else own
            around = self._context(key, own, context)
            told[self.words(key) if "@" in key else key] = self._value(value, inside, around, here, direct=is_direct)
        if self.hides("name"):
            self._tell_whole_names(fields, told)
        return told

    def _own(self, key: str, how: Treatment, context: str, path: tuple[str, ...]) -> Treatment:
        """Give how a field is treated; "" or `open` where that is as what is around it."""
        chosen = self._fields.find(path) or self._shown.find(path)
        if chosen is not None:
            return chosen
        return how if how in ("secret", "shown") else self._in_context(treatment_of(key), context)

    @staticmethod
    def _in_context(own: Treatment, context: str) -> Treatment:
        if own == "title" and context == "deal":
            return "deal"
        if own == "name":
            match context:
                case "person" | "company" | "deal" | "plain" | "text":
                    return context
        return own

    @staticmethod
    def _context(key: str, own: Treatment, context: str) -> str:
        """Give whose name it is that stands in what a field holds."""
        if own in ENTITIES:
            return ENTITIES[own]
        if treatment_of(key) == "open":
            return context
        return CONTEXTS.get(key.lower().removesuffix("s"), "")

    def _tell_whole_names(self, fields: Mapping[str, Json], told: dict[str, Json]) -> None:
        """Let first and last name together read like the pseudonym of the whole name."""
        for first, last in _WHOLE_NAMES:
            names = [fields.get(first), fields.get(last)]
            texts = [name for name in names if isinstance(name, str) and name.strip() and not isinstance(name, Number)]
            if len(texts) == len(names) and all(told[name] != fields[name] for name in (first, last)):
                whole = self._pseudonyms.named("Person", " ".join(texts))
                told[first], _, told[last] = whole.partition(" ")

    def _number(self, number: Number, how: Treatment, *, direct: bool) -> Json:
        kind = KIND_OF.get(how)
        if kind is None or (not self.hides(kind) and how != "secret"):
            return number
        match how:
            case "amount" | "secret" | "place":
                return self._amount(number)
            case "phone":
                return self._pseudonyms.phone(number) if len(number) >= FEW_DIGITS else number
            case "email" | "":
                return number
        return self._string(str(number), how, direct=direct) if direct else number

    def _string(self, text: str, how: Treatment, *, direct: bool) -> str:
        if how == "shown" or not text.strip() or is_pseudonym(text):
            return text
        if how == "id":
            how = "plain" if _PLAIN_ID.fullmatch(text) else ""
        if _SURE_ID.fullmatch(text) or (how in _MAY_BE_ID and REX_ID.fullmatch(text)):
            return text
        kind = KIND_OF.get(how)
        if kind is None or (not self.hides(kind) and how != "secret"):
            return self.words(text)
        if how != "secret" and _TIME.fullmatch(text):
            return text
        if how not in ("amount", "secret") and _EMAIL.fullmatch(text.strip()):
            return self._pseudonyms.email(text) if self.hides("email") else text
        return self._hidden(text, how, direct=direct)

    def _hidden(self, text: str, how: Treatment, *, direct: bool) -> str:
        match how:
            case "amount":
                return self._amount(text)
            case "site":
                return self._pseudonyms.site(text)
            case "phone" if _DIGIT.search(text):
                return self._pseudonyms.phone(text)
            case "word" if _WORD.fullmatch(text) and len(text) <= WORD_MAX:
                return text
            case "" if not any(map(str.isalpha, text)):
                is_money = any(unicodedata.category(sign) == "Sc" for sign in text)
                return self._amount(text) if is_money and self.hides("amount") else self.words(text)
        label = _LABELS.get(how, "Text") if direct or how == "place" else "Text"
        return self._pseudonyms.named(label, text)

    def _amount(self, text: str) -> str:
        return self._pseudonyms.amount_apart(text) if self._apart else MASKED

    def _phone_or_not(self, text: str) -> str:
        digits = len(_DIGIT.findall(text))
        if digits not in PHONE_DIGITS or _TIME.match(text) or is_pseudonym(text):
            return text
        return self._pseudonyms.phone(text)


def _is_entity(key: str, value: Json) -> bool:
    """Tell whether a field for an entity holds one with its parts: no name, nor what it was before and is now."""
    if not isinstance(value, dict) or treatment_of(key) == "name":
        return False
    return not value or any(treatment_of(name) != "open" for name in value)


def _json(value: Json) -> str:
    """Give a value as JSON text that can be UTF-8: halves of surrogate pairs stay escaped."""
    return _SURROGATES.sub(lambda half: f"\\u{ord(half[0]):04x}", json_of(value))
