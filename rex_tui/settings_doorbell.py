"""The secret for the doorbell, which a start needs only with `--doorbell`."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Final

from rex_tui.key_source import printed_by
from rex_tui.settings_error import SettingsError
from rex_tui.settings_file import FileValue, read_settings_file
from rex_tui.settings_options import SECRET_COMMAND_VARIABLE
from rex_tui.webhook_secret import SECRET_VARIABLE, WebhookSecret

COMMAND: Final = "webhook_secret_command"


def load_webhook_secret(environment: Mapping[str, str]) -> WebhookSecret:
    """Give the secret in the environment, else what the command prints that is named there or in the settings file.

    A profile's own command goes before the environment, since it belongs to its tenant. Raises `SettingsError`.
    """
    file = read_settings_file(environment)
    if COMMAND not in file.own:
        if text := environment.get(SECRET_VARIABLE, "").strip():
            return WebhookSecret(text)
        if text := environment.get(SECRET_COMMAND_VARIABLE, "").strip():
            return _printed(text, environment, SECRET_COMMAND_VARIABLE)
    command = file.get(COMMAND)
    if not command:
        raise SettingsError(
            f"--doorbell needs the secret that Rex signs its deliveries with. Set {SECRET_VARIABLE} to it, or "
            f"{SECRET_COMMAND_VARIABLE} to a command that prints it."
        )
    return _printed(command, environment, file.origin(COMMAND))


def _printed(command: FileValue, environment: Mapping[str, str], origin: str) -> WebhookSecret:
    try:
        arguments = command if isinstance(command, list) else shlex.split(str(command))
    except ValueError:
        raise SettingsError(f"{origin} has a quote that does not end.") from None
    return WebhookSecret(printed_by(arguments, environment, origin, "secret"), f"What {origin} printed")
