"""Every setting there is: its key in the file, its variable, its flag, what it may hold, and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from rex_tui.looks import GLYPHS, MOTIONS, THEMES

URL_VARIABLE: Final = "REX_URL"
SECRET_COMMAND_VARIABLE: Final = "REX_WEBHOOK_SECRET_COMMAND"  # noqa: S105 - the name of a variable
COMMAND_VARIABLE: Final = "REX_API_KEY_COMMAND"
KEYRING_VARIABLE: Final = "REX_TUI_KEYRING"
STORE_VARIABLE: Final = "REX_TUI_STORE"
INTERVAL_VARIABLE: Final = "REX_TUI_INTERVAL"
CA_VARIABLE: Final = "REX_TUI_CA_FILE"
LOG_VARIABLE: Final = "REX_TUI_LOG_FILE"
MASKED_VARIABLE: Final = "REX_TUI_MASKED"
KEYS_VARIABLE: Final = "REX_TUI_KEYS"
KEEP_VARIABLE: Final = "REX_TUI_KEEP"
RESTORE_VARIABLE: Final = "REX_TUI_RESTORE"
THEME_VARIABLE: Final = "REX_TUI_THEME"
GLYPHS_VARIABLE: Final = "REX_TUI_GLYPHS"
MOTION_VARIABLE: Final = "REX_TUI_MOTION"
PROFILE_VARIABLE: Final = "REX_TUI_PROFILE"
FILE_VARIABLE: Final = "REX_TUI_CONFIG"

INTERVAL_DEFAULT_S: Final = 15.0
INTERVAL_MIN_S: Final = 5.0
INTERVAL_MAX_S: Final = 300.0

NAMES: Final = "names"
RULES: Final = "rules"
MASKING: Final = "masking"
KEYS: Final = "keys"
PROFILES: Final = "profiles"
PRESETS: Final = ("usual", "vim", "k9s", "less")
"""The keymaps to begin with."""


class Option(NamedTuple):
    """A setting: its key in the file, what it may hold there, what it is for; variable and flag, "" where none is.

    One that is a word out of a few names them in `choices`.
    """

    key: str
    kinds: tuple[type, ...]
    words: str
    variable: str = ""
    flag: str = ""
    choices: tuple[str, ...] = ()


OPTIONS: Final = (
    Option("url", (str,), "the address of your tenant, like https://acme.rexgtm.com", URL_VARIABLE),
    Option("api_key_command", (str, list), "a command that prints the API key; no shell reads it", COMMAND_VARIABLE),
    Option(
        "keyring", (bool, str), "take the API key from the system's keyring: true, or a user there", KEYRING_VARIABLE
    ),
    Option(
        "webhook_secret_command",
        (str, list),
        "a command that prints the secret for --doorbell; no shell reads it",
        SECRET_COMMAND_VARIABLE,
    ),
    Option("store", (str,), "the file that keeps the log", STORE_VARIABLE, "--store"),
    Option(
        "interval",
        (int, float),
        f"seconds between polls when caught up, {INTERVAL_MIN_S:.0f} to {INTERVAL_MAX_S:.0f}",
        INTERVAL_VARIABLE,
        "--interval",
    ),
    Option(
        "keep",
        (str, int),
        "how much of the log is kept: 90d (also h, w, y), the newest 5M (also 500k, 5,000,000), or all",
        KEEP_VARIABLE,
        "--keep",
    ),
    Option("ca_file", (str,), "trust the certificates in this file and no others", CA_VARIABLE, "--ca-file"),
    Option("log_file", (str,), "say in this file what is done", LOG_VARIABLE, "--log-file"),
    Option("masked", (bool,), "put pseudonyms in the place of what is sensitive", MASKED_VARIABLE, "--masked"),
    Option("restore", (bool,), "begin with the screen as it was left", RESTORE_VARIABLE, "--fresh"),
    Option("theme", (str,), "the colours of the screen", THEME_VARIABLE, "--theme", THEMES),
    Option("glyphs", (str,), "which signs are drawn", GLYPHS_VARIABLE, "--glyphs", GLYPHS),
    Option("motion", (str,), "whether anything moves or blinks by itself", MOTION_VARIABLE, "", MOTIONS),
    Option(NAMES, (dict,), "what you call ids"),
    Option(MASKING, (dict,), "what masking hides"),
    Option(KEYS, (dict,), "which keys do what: a preset, and your own over it", KEYS_VARIABLE, "--keys"),
    Option(RULES, (list,), "what is done when an event comes"),
)
"""All that may stand in the file, and in a profile."""
KINDS: Final[Mapping[str, tuple[type, ...]]] = MappingProxyType({one.key: one.kinds for one in OPTIONS})
"""Every key there is, and what it may hold."""
COMMANDS: Final = frozenset({"api_key_command", "webhook_secret_command"})
"""What names a program that is run: nobody else may write a file with one of these."""
TENANTS: Final = frozenset({"url", "api_key_command", "keyring", "webhook_secret_command", "store"})
"""What belongs to one tenant: a profile with an address of its own takes none of it from above."""
