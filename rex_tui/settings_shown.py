"""Every setting in words, with where it came from and what is wrong with it; the key only as set or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from msgspec import Struct, field

from rex_tui.api_key import KEY_VARIABLE, ApiKey
from rex_tui.keep import ALL, Keep
from rex_tui.keymap.keymap import Keymap, clash_words
from rex_tui.looks import Wish, Wishes
from rex_tui.masking import KINDS
from rex_tui.safe_text import clean
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import SettingsFile, settings_path
from rex_tui.settings_look import LOOKS, wish
from rex_tui.settings_options import FILE_VARIABLE, KEYS_VARIABLE, OPTIONS, PROFILE_VARIABLE, URL_VARIABLE
from rex_tui.settings_sources import KeySource, Setting, Sources, default_store_path

T = TypeVar("T")

VALUE_MAX: Final = 300
UNSAID: Final = {"theme": "", "glyphs": "auto", "motion": "full"}
"""What is in force where nobody wants another look; of themes that is the one chosen last."""
OURS: Final = "REX_TUI_"
VARIABLES: Final = (
    FILE_VARIABLE,
    PROFILE_VARIABLE,
    *(one.variable for one in OPTIONS if one.variable.startswith(OURS)),
)
"""Every variable whose name begins like all of ours."""


class Told(Struct, frozen=True):
    """What stood on the command line; None where it did not. `profile` and `keys` tell whether a flag named them."""

    store: Path | None = None
    interval_s: float | None = None
    ca_file: Path | None = None
    log_file: Path | None = None
    masked: bool | None = None
    restore: bool | None = None
    keep: str | None = None
    profile: bool = False
    keys: bool = False
    look: Wishes = field(default_factory=Wishes)


class Shown(Struct, frozen=True):
    """A setting in words, clean: its value ("" where there is none), its origin, and what is wrong, if anything.

    A note is what holds all the same, but may surprise.
    """

    name: str
    value: str
    origin: str
    problem: str = ""
    note: str = ""


class ShownSettings(Struct, frozen=True):
    """All settings in words, and those of them that others ask for: the address, the key's place, the files."""

    lines: tuple[Shown, ...]
    sources: Sources
    base_url: Setting[str] | None
    key_source: KeySource | None
    store_path: Path | None
    ca_file: Path | None
    masked: bool
    look: Wishes
    keep: Keep = ALL


def show_settings(environment: Mapping[str, str], told: Told) -> ShownSettings:
    """Give every setting, whatever is wrong with the others; runs no command, and asks no keyring for the key."""
    lines = []
    path = settings_path(environment)
    named = FILE_VARIABLE if environment.get(FILE_VARIABLE, "").strip() else "default"
    try:
        sources = Sources(environment)
        lines.append(Shown("settings file", _text(path) if sources.file.is_there else f"none at {_text(path)}", named))
    except SettingsError as error:
        sources = Sources(environment, SettingsFile(path, {}))
        lines.append(Shown("settings file", _text(path), named, clean(str(error))))
    if profile := environment.get(PROFILE_VARIABLE, "").strip():
        lines.append(Shown("profile", clean(profile, 40), "--profile" if told.profile else PROFILE_VARIABLE))
    notes = _Notes(lines)
    url = notes.take("url", sources.base_url, str, _missing(URL_VARIABLE))
    key = notes.take("api key", lambda: _key(sources), lambda _: "set", _missing(KEY_VARIABLE))
    base_url = url.value if url else None
    store = notes.take("store", lambda: _store(sources, told, base_url), _store_words)
    notes.take("interval", lambda: sources.interval(told.interval_s), lambda seconds: f"{seconds:g} s")
    keep = notes.take("keep", lambda: sources.keep(told.keep), lambda keep: keep.words)
    ca_file = notes.take("ca_file", lambda: sources.ca_file(told.ca_file), _path)
    notes.take("log_file", lambda: sources.log_file(told.log_file), _path)
    masked = notes.take("masked", lambda: sources.masked(told.masked), lambda on: "on" if on else "off")
    notes.take("restore", lambda: sources.restore(told.restore), lambda on: "on" if on else "off")
    wishes = {key: notes.take(key, partial(_wish, sources, key, told.look), str) for key in LOOKS}
    notes.take(
        "masking", sources.masking, lambda rules: ", ".join(one for one in KINDS if one in rules.hide) or "nothing"
    )
    notes.take("names", sources.names, lambda names: f"{len(names):,}")
    notes.take("keys", lambda: _keymap(sources, told), lambda keymap: keymap.words, note=clash_words)
    notes.take("rules", sources.rules, lambda rules: f"{len(rules):,}")
    lines += map(_unknown, sorted(set(filter(lambda name: name.startswith(OURS), environment)) - set(VARIABLES)))
    return ShownSettings(
        tuple(lines),
        sources,
        url,
        key.value if key else None,
        store.value if store else None,
        ca_file.value if ca_file else None,
        masked is not None and masked.value,
        Wishes(**{key: Wish(one.value, one.origin) for key, one in wishes.items() if one and one.origin != "default"}),
        ALL if keep is None else keep.value,
    )


class _Notes:
    """Takes down each setting, or what is wrong with it."""

    def __init__(self, lines: list[Shown]) -> None:
        self._lines = lines

    def take(
        self,
        name: str,
        ask: Callable[[], Setting[T] | None],
        words: Callable[[T], str],
        missing: str = "",
        note: Callable[[T], str] = lambda _: "",
    ) -> Setting[T] | None:
        """Give the setting that `ask` gives, None where it gives none or can't; `missing` is what is wrong then.

        `note` says what may surprise, "" for nothing.
        """
        try:
            found = ask()
        except SettingsError as error:
            self._lines.append(Shown(name, "", "", clean(str(error))))
            return None
        if found is None:
            self._lines.append(Shown(name, "", "", missing))
            return None
        self._lines.append(Shown(name, words(found.value), clean(found.origin, 200), note=clean(note(found.value))))
        return found


def _key(sources: Sources) -> Setting[KeySource] | None:
    found = sources.key_source()
    if found is not None and found.kind == "text":
        ApiKey(found.text, found.origin)
    return None if found is None else Setting(found, found.origin)


def _wish(sources: Sources, key: str, flags: Wishes) -> Setting[str] | None:
    wanted = wish(sources, key, flags)
    return Setting(wanted.value or UNSAID[key], wanted.origin)


def _store(sources: Sources, told: Told, base_url: str | None) -> Setting[Path | None]:
    named = sources.store(told.store)
    if named is not None:
        return Setting(named.value, named.origin)
    return Setting(None if base_url is None else default_store_path(base_url), "default")


def _store_words(path: Path | None) -> str:
    return "a file for each address, in its usual place" if path is None else _text(path)


def _keymap(sources: Sources, told: Told) -> Setting[Keymap]:
    found = sources.keymap()
    return Setting(found.value, found.origin.replace(KEYS_VARIABLE, "--keys") if told.keys else found.origin)


def _missing(variable: str) -> str:
    return f"{variable} is not set, and the settings file does not say it either. `rex-tui setup` asks for it."


def _unknown(name: str) -> Shown:
    near = get_close_matches(name, VARIABLES, 1)
    hint = f"Did you mean {near[0]}?" if near else "Take it out of the environment."
    return Shown(clean(name, 60), "", "the environment", f"rex-tui knows no variable of this name. {hint}")


def _text(path: Path) -> str:
    return clean(str(path), VALUE_MAX)


def _path(path: Path | None) -> str:
    return "" if path is None else _text(path)
