"""The served page in a real browser: what its screen shows, and a mouse and keys for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from support.browser import Browser
from support.painted import Painted

PATIENCE_S: Final = 60.0
LOOK_AGAIN_S: Final = 0.05
BUTTON: Final = {"button": "left", "clickCount": 1}


class WebPage:
    """A page whose screen is painted on a canvas, and read from what it was sent."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._painted: Painted | None = None

    def until(self, holds: Callable[[], Any], told: Callable[[], object]) -> None:
        """Let the browser go on until something holds; fail, with what is `told`, when it never does."""
        give_up = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < give_up, f"never came true; {told()}"
            self.browser.listen(LOOK_AGAIN_S)

    @property
    def text(self) -> str:
        """Give what the screen shows, as far as it was looked at."""
        return "" if self._painted is None else self._painted.text

    def shows(self, *words: str, without: str = "\0") -> None:
        """Look on until the screen shows all these words, `without` others, picture by picture: none is passed over."""
        self.until(lambda: self._goes_on_to(words, without), lambda: self.text)

    def _goes_on_to(self, words: tuple[str, ...], without: str) -> bool:
        if self._painted is None:
            opened = [urlsplit(url) for url in self.browser.requests if url.startswith("ws://")]
            if not opened:
                return False
            size = parse_qs(opened[-1].query)
            self._painted = Painted(int(size["width"][0]), int(size["height"][0]))
        while without in (text := self.text) or not all(word in text for word in words):
            if not self.browser.frames:
                return False
            self._painted.feed(self.browser.frames.pop(0))
        return True

    def click(self, words: str) -> None:
        """Click the first of these words on the screen."""
        assert self._painted is not None
        column, row = self._painted.place_of(words)
        box = self.browser.evaluate(
            "(({x, y, width, height}) => [x, y, width, height])"
            "(document.querySelector('.xterm-screen').getBoundingClientRect())"
        )
        cell = box[2] / self._painted.columns, box[3] / self._painted.rows
        self.click_at(box[0] + (column + 0.5) * cell[0], box[1] + (row + 0.5) * cell[1])

    def click_at(self, x: float, y: float) -> None:
        """Click where one is in the window, in pixels."""
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, **BUTTON)

    def press(self, key: str) -> None:
        """Press a key that is a letter."""
        self.browser.ask("Input.dispatchKeyEvent", type="keyDown", key=key, text=key)
        self.browser.ask("Input.dispatchKeyEvent", type="keyUp", key=key)
