"""The `serve` command at work: the screen for browsers, behind a link that works once."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import click
from msgspec import Struct

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.base_url import is_loopback
from rex_tui.ending import USAGE_EXIT, fail, say
from rex_tui.looks import Wishes
from rex_tui.safe_text import clean
from rex_tui.settings_options import GLYPHS_VARIABLE, MOTION_VARIABLE, THEME_VARIABLE
from rex_tui.start_book import other_book, own_book
from rex_tui.start_feed import Flags, open_store, read_settings
from rex_tui.start_query import read_query
from rex_tui.start_served import Wanted
from rex_tui.webhook_secret import SECRET_VARIABLE

EXTRA: Final = "`rex-tui serve` needs an extra: pip install 'rex-tui[serve]'."
COMMAND: Final = (sys.executable, "-P", "-X", "utf8", "-m", "rex_tui.start_served")
EVERYWHERE: Final = ("0.0.0.0", "::", "")  # noqa: S104 - these are refused unless --i-know is given
DANGER: Final = (
    "{host} is open to others than this machine. The page is plain HTTP: whoever can read the network reads the link, "
    "the session and every event on the screen, and whoever has the link or the session sees your CRM. Better: leave "
    "--host out and, on the machine where the browser is, run `ssh -L {port}:127.0.0.1:{port} {here}`."
)
OF_TERMINALS: Final = (
    *("TERM_PROGRAM", "TERM_PROGRAM_VERSION", "LC_TERMINAL", "TMUX", "STY", "COLUMNS", "LINES"),
    *("KITTY_WINDOW_ID", "ITERM_SESSION_ID", "WEZTERM_PANE", "GHOSTTY_RESOURCES_DIR", "WT_SESSION"),
)
"""Variables that tell of the terminal in which we were started, which is not where the screens are."""
IN_BROWSERS: Final[Mapping[str, str]] = {
    "TEXTUAL_DRIVER": "rex_tui.ui.served_driver:ServedDriver",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TERM": "xterm-256color",
    "COLORTERM": "truecolor",
    "TERM_PROGRAM": "textual",
}


class Address(Struct, frozen=True):
    """Where to serve, and whether the user knows what it means where others than this machine can reach that."""

    host: str
    port: int
    is_accepted: bool = False

    @property
    def is_wide(self) -> bool:
        """Tell whether others than this machine can reach it."""
        return not is_loopback(self.host)


def serve_tenant(at: Address, flags: Flags, where: str, about: str, wishes: Wishes) -> None:
    """Serve the tenant's log until a signal ends it; exits where that can't be."""
    _allowed(at)
    environment = {**_environment(), **_as_variables(wishes)}
    settings = read_settings(flags)
    if where:
        read_query(where, settings.store_path.value)
    own_book(settings.rules.value, settings.store_path.value, os.environ, settings.api_key.value.hide_in)
    with open_store(settings):  # an older one gets its index here, where that can be told
        pass
    wanted = Wanted(
        settings.base_url.value,
        settings.api_key.value.reveal().decode(),
        settings.api_key.origin,
        where,
        about,
        store=_text(flags.store),
        interval_s=flags.interval_s,
        ca_file=_text(flags.ca_file),
        log_file=_text(flags.log_file),
        log_payloads=flags.log_payloads,
        masked=flags.masked,
        restore=flags.restore,
        keep=flags.keep,
    )
    _serve(at, environment, wanted)


def serve_demo(at: Address, where: str, wishes: Wishes, *, masked: bool) -> None:
    """Serve a made-up organisation, whose store is thrown away at the end."""
    from rex_tui.demo import Demo  # noqa: PLC0415 - only this needs it

    _allowed(at)
    environment = {**_environment(), **_as_variables(wishes)}
    other_book(os.environ, is_demo=True)
    if where:
        read_query(where, None)
    with Demo() as rex, tempfile.TemporaryDirectory(prefix="rex-tui-demo-") as folder:
        store = str(Path(folder) / "demo.db")
        wanted = Wanted(rex.url, rex.api_key, "demo", where, is_demo=True, store=store, masked=masked)
        _serve(at, environment, wanted)


def _allowed(at: Address) -> None:
    """Say what is dangerous about an address that others can reach, and exit unless the user knows."""
    if at.is_wide:
        host, here = clean(at.host or "An empty address", 100), clean(socket.gethostname(), 100)
        danger = DANGER.format(host=host, port=at.port or "PORT", here=here)
        if not at.is_accepted:
            fail(f"{danger} With --i-know it is served there all the same.", USAGE_EXIT)
        say(danger)


def _environment() -> Mapping[str, str]:
    """Give what the screens' programs inherit; takes the secrets out of ours."""
    try:
        import aiohttp  # noqa: F401, PLC0415 - an optional extra
        import textual_serve  # noqa: F401, PLC0415 - the same
    except ImportError:
        fail(EXTRA, USAGE_EXIT)
    secret = (KEY_VARIABLE, SECRET_VARIABLE)
    os.environ.pop(SECRET_VARIABLE, None)
    kept = {name: value for name, value in os.environ.items() if name not in (*OF_TERMINALS, *secret)}
    return {**kept, **IN_BROWSERS}


def _as_variables(wishes: Wishes) -> dict[str, str]:
    """Give what is wanted of the look as a screen's program is told it."""
    names = (THEME_VARIABLE, GLYPHS_VARIABLE, MOTION_VARIABLE)
    return {name: wish.value for name, wish in zip(names, wishes, strict=True) if wish.value}


def _serve(at: Address, environment: Mapping[str, str], wanted: Wanted) -> None:
    from rex_tui.web.gate import Gate  # noqa: PLC0415 - it needs what may not be there
    from rex_tui.web.screen import Program  # noqa: PLC0415 - the same
    from rex_tui.web.serving import hears_enter, serve  # noqa: PLC0415 - the same
    from rex_tui.web.site import Site  # noqa: PLC0415 - the same

    here = socket.gethostname()
    gate = Gate((at.host, here, f"{here}.local"), is_wide=at.is_wide)
    by_enter = "Press Enter in the terminal where it is served, which prints another."
    another = by_enter if hears_enter() else "Start `rex-tui serve` again for another."
    site = Site(gate, Program(COMMAND, environment, wanted.line()), _say_if_heard, another)
    name = here if at.host in EVERYWHERE else at.host
    shown_host = f"[{name}]" if ":" in name else name
    ways = ("Press Enter for another link, " if hears_enter() else "") + "Ctrl-C to end."

    def opened(port: int, token: str) -> None:
        link = f"http://{shown_host}:{port}/?token={token}"
        with suppress(OSError):  # nobody reads it any more
            click.echo(f"rex-tui is served to browsers. This link works once:\n\n  {link}\n\n{ways}")

    try:
        asyncio.run(serve(site, gate, at.host, at.port, opened))
    except KeyboardInterrupt:
        pass
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        fail(f"rex-tui can't be served on {clean(shown_host, 100)}:{at.port} ({why}).", USAGE_EXIT)


def _say_if_heard(words: str) -> None:
    with suppress(OSError):  # the terminal may be gone
        say(words)


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.expanduser().absolute())
