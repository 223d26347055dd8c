"""What every answer says of itself, and what those are told that are not let in."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from aiohttp import web

PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>rex-tui</title>
<link rel="icon" href="data:,">
<style>
  body { background: #16161e; color: #c0caf5; font: 16px/1.5 monospace; margin: 20vh auto; max-width: 36em }
  a { color: #7aa2f7 }
</style>
<p>{words}</p>
</html>
"""


def headers_of(host: str) -> Mapping[str, str]:
    """Give what every answer carries. `host` is the server's name and port, as the browser knows them.

    Styles stand in the page because textual-serve's script writes its own there; scripts may only be files of ours.
    """
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
        f"img-src 'self' data:; connect-src 'self' ws://{host}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Server": "rex-tui",
    }


def page(words: str, *, status: int = 200, link: str = "") -> web.Response:
    """Give a page of a sentence, and a link to go on by."""
    body = escape(words) + (f' <a href="{escape(link)}">Go on</a>' if link else "")
    return web.Response(text=PAGE.replace("{words}", body), status=status, content_type="text/html")


def refusal(words: str) -> web.Response:
    """Give a page that says why somebody is not let in."""
    return page(words, status=403)
