"""The review's page in a real browser: it asks for nothing, complains of nothing, and fits what it is shown on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.browser import Browser, browsing, find_browser
from support.packs import demo_pack, hostile_pack

from rex_tui.export.review.html import html_review
from rex_tui.export.review.style import DARK, LIGHT

PROGRAM = find_browser()
NARROW, WIDE = 400, 1_200


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("no Chromium, Chrome or Edge is on this machine (Debian: apt-get install chromium)")
    with browsing(PROGRAM, tmp_path_factory.mktemp("browser")) as running:
        yield running


def test_the_page_opens_without_a_request_or_complaint_and_fits_any_width(browser: Browser, tmp_path: Path) -> None:
    for name, pack in (("demo", demo_pack()), ("hostile", hostile_pack())):
        page = tmp_path / f"{name}.html"
        page.write_text(html_review(pack), "utf-8")
        browser.go(page)
        assert browser.requests == [page.as_uri()], "the page asks for itself alone"
        assert browser.complaints == []
        count = "document.querySelectorAll('{}').length"
        for active in ("script", "img", "iframe", "link", "base", "form", "a", "b", "[style]", "[onclick]", "svg svg"):
            assert browser.evaluate(count.format(active)) == 0, active
        assert browser.evaluate(count.format("style")) == 1
        assert browser.evaluate(count.format("svg[role=img]")) == 2

        def colour(of: str = "document.body") -> str:
            return str(browser.evaluate(f"getComputedStyle({of}).backgroundColor"))

        for width in (NARROW, WIDE):
            browser.ask(
                "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False
            )
            assert browser.evaluate("document.documentElement.scrollWidth") <= width
        for scheme, palette in (("light", LIGHT), ("dark", DARK)):
            browser.ask("Emulation.setEmulatedMedia", media="screen", features=[_scheme(scheme)])
            assert colour() == _rgb(palette["page"]), f"{scheme}: the style is let through by its hash"
        browser.ask("Emulation.setEmulatedMedia", media="print", features=[_scheme("dark")])
        assert colour() == _rgb(LIGHT["page"]), "paper is white"
        browser.ask("Emulation.setEmulatedMedia", media="", features=[])
        assert len(browser.ask("Page.printToPDF", preferCSSPageSize=True)["data"]) > 10_000


def test_what_the_policy_forbids_would_be_seen(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "changed.html"
    evil = '<p style="color: red">x</p><img src="https://evil.invalid/x.png"><script>document.title = "evil"</script>'
    page.write_text(html_review(demo_pack(300)).replace("<footer>", f"{evil}<footer>"), "utf-8")
    browser.go(page)
    for what in ("style", "image", "script"):
        assert any(what in complaint for complaint in browser.complaints), what
    assert "evil" not in browser.evaluate("document.title")


def _scheme(name: str) -> dict[str, str]:
    return {"name": "prefers-color-scheme", "value": name}


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"
