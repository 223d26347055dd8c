"""The settings file as a JSON schema, made of the very lists that rex-tui reads the file by."""

from __future__ import annotations

from typing import Any, Final

from rex_tui.masking import KINDS as MASKED_KINDS
from rex_tui.names import NAME_MAX
from rex_tui.payload import REX_ID
from rex_tui.rule_settings import COLORS, DOINGS, RULES_MAX, TIMEOUT_MAX_S, WHERE_MAX
from rex_tui.rule_settings import KEYS as RULE_KEYS
from rex_tui.rule_settings import NAME_MAX as RULE_NAME_MAX
from rex_tui.settings_file import PROFILE_NAME
from rex_tui.settings_keys import CHANGEABLE, PRESET
from rex_tui.settings_options import (
    INTERVAL_MAX_S,
    INTERVAL_MIN_S,
    KEYS,
    MASKING,
    NAMES,
    OPTIONS,
    PRESETS,
    PROFILES,
    RULES,
    Option,
)

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_TYPES: Final[dict[type, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "number"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    list: {"type": "array", "items": {"type": "string"}, "minItems": 1},
}
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}


def settings_schema() -> dict[str, Any]:
    """Give the schema of the settings file, for editors that complete and check TOML by one."""
    options = {one.key: _option(one) for one in OPTIONS}
    profile = {"type": "object", "properties": options, "additionalProperties": False}
    return {
        "$schema": DIALECT,
        "title": "Settings of rex-tui",
        "type": "object",
        "properties": {
            **options,
            PROFILES: {
                "description": "settings of a tenant each, chosen with --profile",
                "type": "object",
                "propertyNames": {"pattern": f"^{PROFILE_NAME.pattern}$"},
                "additionalProperties": profile,
            },
        },
        "additionalProperties": False,
    }


def _option(option: Option) -> dict[str, Any]:
    described = {"description": option.words}
    match option.key:
        case "interval":
            return described | {"type": "number", "minimum": INTERVAL_MIN_S, "maximum": INTERVAL_MAX_S}
        case key if key == NAMES:
            name = {"type": "string", "minLength": 1, "maxLength": NAME_MAX}
            return described | {
                "type": "object",
                "propertyNames": {"pattern": f"^(?:{REX_ID.pattern})$"},
                "additionalProperties": name,
            }
        case key if key == MASKING:
            hide = {"type": "array", "items": {"enum": list(MASKED_KINDS)}}
            return described | {
                "type": "object",
                "properties": {"hide": hide, "fields": _TEXTS, "show": _TEXTS},
                "additionalProperties": False,
            }
        case key if key == KEYS:
            return described | _keys()
        case key if key == RULES:
            return described | {"type": "array", "maxItems": RULES_MAX, "items": _rule()}
    return described | _simple(option)


def _simple(option: Option) -> dict[str, Any]:
    """Give the schema of one choice among some, or of one value of some kinds."""
    if option.choices:
        return {"enum": list(option.choices)}
    kinds: list[dict[str, Any]] = []
    for kind in option.kinds:
        if _TYPES[kind] not in kinds:
            kinds.append(_TYPES[kind])
    return kinds[0] if len(kinds) == 1 else {"anyOf": kinds}


def _keys() -> dict[str, Any]:
    """Give the schema of `[keys]`, in which an id is one word in quotation marks, or two with a dot between them."""
    keys: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    dotted: dict[str, dict[str, Any]] = {}
    for name in CHANGEABLE:
        group, _, last = name.partition(".")
        properties: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}
        dotted.setdefault(group, properties)["properties"][last] = keys
    ids = dict.fromkeys(CHANGEABLE, keys)
    preset = {PRESET: {"enum": list(PRESETS)}}
    return {"type": "object", "properties": preset | ids | dotted, "additionalProperties": False}


def _rule() -> dict[str, Any]:
    doing = {"enum": list(DOINGS)}
    properties: dict[str, dict[str, Any]] = {
        "name": {"type": "string", "minLength": 1, "maxLength": RULE_NAME_MAX},
        "where": {"type": "string", "maxLength": WHERE_MAX},
        "do": {"anyOf": [doing, {"type": "array", "items": doing}]},
        "run": _TEXTS,
        "timeout_s": {"type": "number", "exclusiveMinimum": 0, "maximum": TIMEOUT_MAX_S},
        "color": {"enum": list(COLORS)},
        "run_in_demo": {"type": "boolean"},
    }
    return {
        "type": "object",
        "properties": {key: properties[key] for key in RULE_KEYS},
        "required": ["name", "where"],
        "anyOf": [{"required": ["do"]}, {"required": ["run"]}],
        "additionalProperties": False,
    }
