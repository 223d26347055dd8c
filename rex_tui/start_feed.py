"""What a start that follows Rex is put together from: settings, store, client, poller; exits where one can't be had."""

from __future__ import annotations

import atexit
import os
import sys
from pathlib import Path
from random import SystemRandom

from msgspec import Struct

from rex_tui.api import CertificatesError, RexClient
from rex_tui.api_key import KEY_VARIABLE
from rex_tui.ending import INTERRUPTED_EXIT, STORE_EXIT, USAGE_EXIT, fail, say
from rex_tui.feed import Clock, Poller
from rex_tui.feed.forgetting import Forgetting
from rex_tui.first_index import FirstIndex
from rex_tui.settings import KnownKey, Settings, load_settings
from rex_tui.settings_error import SettingsError
from rex_tui.store import EventStore, StoreError
from rex_tui.store.notebook import Notebook


class Flags(Struct, frozen=True):
    """What stood on the command line; None where it did not. `known_key` did not: it was read before."""

    store: Path | None = None
    interval_s: float | None = None
    ca_file: Path | None = None
    log_file: Path | None = None
    log_payloads: bool = False
    masked: bool | None = None
    restore: bool | None = None
    keep: str | None = None
    doorbell: int | None = None
    known_key: KnownKey | None = None


def read_settings(flags: Flags) -> Settings:
    """Give the settings, and take the key out of the environment; exits where they can't be had."""
    try:
        return loaded(flags)
    except SettingsError as error:
        fail(str(error), USAGE_EXIT)


def loaded(flags: Flags) -> Settings:
    """Give the same, or raise `SettingsError`; begins the log file where one is wanted."""
    settings = load_settings(
        os.environ,
        store=flags.store,
        interval_s=flags.interval_s,
        ca_file=flags.ca_file,
        log_file=flags.log_file,
        masked=flags.masked,
        known_key=flags.known_key,
        restore=flags.restore,
        keep=flags.keep,
    )
    # From here on the key is in its object alone: no child of ours inherits it.
    os.environ.pop(KEY_VARIABLE, None)
    if settings.log_file.value is not None:
        from rex_tui.log_file import open_log  # noqa: PLC0415 - few starts write one

        file = open_log(settings, settings.log_file.value, payloads=flags.log_payloads)
        atexit.register(lambda: say(file.loss) if file.loss else None)
    return settings


def open_store(settings: Settings) -> EventStore:
    """Open the tenant's store; an older one gets its index first, which Ctrl-C gives up."""
    told = FirstIndex()
    try:
        return EventStore(settings.store_path.value, settings.base_url.value, told=told)
    except KeyboardInterrupt:
        if told.begun:
            say("The index was not finished, so the store is as it was; it is made the next time rex-tui starts.")
        sys.exit(INTERRUPTED_EXIT)
    except StoreError as error:
        fail(str(error), STORE_EXIT)


def make_client(settings: Settings) -> RexClient:
    """Give a client of the tenant's Rex; exits where the certificates to trust can't be read."""
    try:
        return RexClient(settings.base_url.value, settings.api_key.value, ca_file=settings.ca_file.value)
    except CertificatesError as error:
        fail(str(error), USAGE_EXIT)


def make_poller(settings: Settings, client: RexClient, store: EventStore, clock: Clock, notebook: Notebook) -> Poller:
    """Give what polls Rex into the store, and forgets there what is not to be kept."""
    poller = Poller(
        client,
        store,
        interval_s=settings.interval_s.value,
        clock=clock,
        random=SystemRandom(),
        key_tag=settings.api_key.value.tag,
    )
    if not settings.keep.value.is_all:
        poller.forgetting = Forgetting(store, notebook, settings.keep.value, clock)
    return poller
