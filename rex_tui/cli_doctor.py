"""The `doctor` command and its options; what it does is imported only when it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from rex_tui.cli_look import look_options, told_wishes
from rex_tui.cli_options import (
    KEYS_FLAG,
    PROFILE_FLAG,
    ca_option,
    interval_option,
    keep_option,
    masked_option,
    profile_option,
    store_option,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command("doctor", short_help="Say what is well here, what is not, and what to do about it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.option("--offline", is_flag=True, help="Ask neither Rex nor DNS, nor whoever keeps the key.")
@store_option
@interval_option
@keep_option
@ca_option
@masked_option
@profile_option
@look_options
@click.pass_context
def doctor_command(
    context: click.Context,
    /,
    *,
    as_json: bool,
    offline: bool,
    store: Path | None,
    interval_s: float | None,
    keep: str | None,
    ca_file: Path | None,
    masked: bool | None,
) -> None:
    """Look at all that rex-tui works with here, and say what to do where something is not well.

    Settings, terminal, store, the way to Rex, one small request, clock, versions. Changes nothing. What it prints holds
    no key, no payload and no user's name; --masked hides the tenant's name, too. Exit codes: 0 all is well, 1 there is
    something to do, 2 usage.
    """
    from rex_tui import start_doctor  # noqa: PLC0415 - help must not wait for what only the command needs
    from rex_tui.settings_shown import Told  # noqa: PLC0415 - the same

    told = Told(
        store,
        interval_s,
        ca_file,
        (context.obj or {}).get("log_file"),
        masked,
        keep=keep,
        profile=bool(context.find_root().meta.get(PROFILE_FLAG)),
        keys=KEYS_FLAG in context.find_root().meta,
        look=told_wishes(context),
    )
    start_doctor.doctor(told, as_json=as_json, offline=offline)
