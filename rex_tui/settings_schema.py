"""The settings file as a JSON schema, made of the very lists that rex-tui reads the file by."""

from __future__ import annotations

from typing import Any, Final

from rex_tui.masking import KINDS as MASKED_KINDS
from rex_tui.names import NAME_MAX
from rex_tui.payload import REX_ID
from rex_tui.rule_settings import COLORS, DOINGS, KEYS, RULES_MAX, TIMEOUT_MAX_S, WHERE_MAX
from rex_tui.rule_settings import NAME_MAX as RULE_NAME_MAX
from rex_tui.settings_file import PROFILE_NAME
from rex_tui.settings_options import INTERVAL_MAX_S, INTERVAL_MIN_S, MASKING, NAMES, OPTIONS, PROFILES, RULES, Option

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
        case key if key == RULES:
            return described | {"type": "array", "maxItems": RULES_MAX, "items": _rule()}
    if option.choices:
        return described | {"enum": list(option.choices)}
    kinds: list[dict[str, Any]] = []
    for kind in option.kinds:
        if _TYPES[kind] not in kinds:
            kinds.append(_TYPES[kind])
    return described | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})


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
        "properties": {key: properties[key] for key in KEYS},
        "required": ["name", "where"],
        "anyOf": [{"required": ["do"]}, {"required": ["run"]}],
        "additionalProperties": False,
    }
