"""The served screen in a real browser: it opens by its link, is worked by mouse and keys, and lets nobody else in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from support.browser import Browser, browsing, find_browser
from support.serving import Serving, serving
from support.web_page import WebPage

PROGRAM = find_browser()
EMPTY = b'<!doctype html><link rel="icon" href="data:,">'
NAMED = "evil.example"
CLIPBOARD = "Object.getOwnPropertyDescriptor(Navigator.prototype, 'clipboard').get.call(navigator).readText()"
"""The browser's own, which the page's scripts are kept from reading."""
SOCKET = """new Promise(done => {{
  const socket = new WebSocket("{}");
  socket.onopen = () => done("let in");
  socket.onerror = () => done("refused");
}})"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("no Chromium, Chrome or Edge is on this machine (Debian: apt-get install chromium)")
    rebound = f"--host-resolver-rules=MAP {NAMED} 127.0.0.1"
    with browsing(PROGRAM, tmp_path_factory.mktemp("browser"), rebound, "--disable-3d-apis") as running:
        yield running


@pytest.fixture(scope="module")
def served() -> Iterator[Serving]:
    with serving("serve", "--demo") as running:
        yield running


@pytest.fixture(scope="module")
def other_site() -> Iterator[int]:
    """Give the port of another server on this machine, with an empty page."""

    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(EMPTY)))
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(EMPTY)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_it_opens_shows_events_filters_by_a_click_and_copies_and_asks_nobody_else(
    browser: Browser, served: Serving, other_site: int
) -> None:
    page = WebPage(browser)
    allowed = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.ask("Browser.grantPermissions", origin=served.origin, permissions=allowed)
    browser.ask("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1, mobile=False)
    browser.go(f"http://localhost:{other_site}/")  # the link is clicked in a page of another site
    browser.requests.clear()
    browser.complaints.clear()
    browser.evaluate(f"void (document.body.innerHTML = '<a style=font-size:99px href={served.link}>a link</a>')")
    page.click_at(40, 60)
    page.shows("● caught up", "contact.created")
    assert browser.evaluate("location.search") == "", "the link is gone from the address"

    page.click("deals")
    page.shows("Events · deals ·", "deal.created", without="contact.created")

    page.press("y")
    page.shows("Copy · evt_")
    page.press("i")
    page.shows("browser's", "lets")
    page.until(lambda: browser.evaluate(CLIPBOARD).startswith("evt_"), lambda: "it was not copied")
    assert browser.evaluate(CLIPBOARD) in page.text
    browser.ask("Browser.grantPermissions", origin=served.origin, permissions=allowed[:1])
    page.press("Y")
    page.until(lambda: not browser.evaluate("document.querySelector('#note').hidden"), lambda: "it is not told")
    assert browser.evaluate(CLIPBOARD).startswith("evt_")

    browser.ask("Emulation.setDeviceMetricsOverride", width=700, height=500, deviceScaleFactor=1, mobile=False)
    page.until(lambda: browser.evaluate("document.querySelector('.xterm-screen').offsetWidth") <= 700, lambda: "width")
    assert browser.evaluate("window.open('https://evil.example/')") is None, "nothing on screen leads elsewhere"
    page.press("q")
    page.until(lambda: browser.evaluate("document.body.className").endswith("-closed"), lambda: page.text)
    assert browser.evaluate("document.querySelector('#why').textContent").startswith("You left rex-tui")

    asked = {urlsplit(url)[:2] for url in browser.requests}
    host = urlsplit(served.link).netloc
    assert asked == {("http", host), ("ws", host)}
    closed = [one for one in browser.complaints if "CLOSED" in one]
    assert browser.complaints == closed, "no error, no warning, nothing that the policy forbids"
    assert browser.evaluate("document.cookie") == "", "no script reads the session"

    room = browser.evaluate("location.pathname")
    browser.go(f"http://127.0.0.1:{other_site}{room}")  # to which the session's cookie goes, too
    assert browser.evaluate(SOCKET.format(f"ws://{host}{room}ws")) == "refused"


def test_nobody_else_is_let_in(browser: Browser, served: Serving) -> None:
    """The browser has a session from the test before, where that ran; no test depends on it."""
    page = "document.body.textContent"
    for _ in range(2):
        browser.go(served.link)
    assert "works once" in browser.evaluate(page), "the link was used before"
    browser.go(served.origin)
    assert "to those who have its link" in browser.evaluate(page)
    browser.go(served.link.replace("127.0.0.1", NAMED))
    assert "does not go by the name" in browser.evaluate(page)
