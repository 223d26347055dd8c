"""The form of a first start: what it asks, tries, says and writes, with a real Rex behind it."""

from __future__ import annotations

import json
import os
import shlex
import stat
import tomllib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from support.canary_log import painted
from support.other_rex import KEY, OtherRex, serving
from support.waiting import until
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Button, RadioButton

from rex_tui.api_key import ApiKey
from rex_tui.setting_up import Chosen, read_before
from rex_tui.ui.screens.setup import Left, SetupScreen
from rex_tui.ui.screens.setup_asked import Asked
from rex_tui.ui.setup_app import SetupApp

NOWHERE = "http://127.0.0.1:9"


class Ring(KeyringBackend):
    """A keyring that keeps what it is given."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def rex() -> Iterator[OtherRex]:
    with serving(OtherRex([])) as running:
        yield running


@pytest.fixture(autouse=True)
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@dataclass
class Form:
    """The screen under a pilot, and how it was left."""

    pilot: Pilot[Left]
    app: SetupApp
    file: Path

    @property
    def screen(self) -> SetupScreen:
        screen = self.app.screen
        assert isinstance(screen, SetupScreen)
        return screen

    @property
    def seen(self) -> str:
        seen = " ".join(painted(self.app).replace("│", " ").split())
        assert KEY not in seen
        return seen

    async def type(self, *texts: str) -> None:
        """Type each text, followed by Enter."""
        for text in texts:
            await self.write(text)
            await self.pilot.press("enter")

    async def write(self, text: str, key: str = "") -> None:
        """Type a text, after a key, without waiting for what each character brings."""
        if key:
            self.app.post_message(events.Key(key, None))
        for character in text:
            self.app.post_message(events.Key(_character_to_key(character), character))
        await self.pilot.pause()

    async def until(self, holds: Callable[[], Any]) -> None:
        await until(holds, lambda: self.seen)
        await self.pilot.pause()

    async def says(self, words: str) -> None:
        await self.until(lambda: words in self.seen)

    async def start(self) -> None:
        """Click the button, which is deaf while it shows that it was clicked."""
        await self.until(lambda: not self.screen.query_one("#start").has_class("-active"))
        await self.pilot.click("#start")

    async def left(self) -> Left:
        await until(lambda: self.app._exit, lambda: self.seen)
        return self.app.return_value

    def written(self) -> Mapping[str, Any]:
        assert KEY not in self.file.read_text()
        assert stat.S_IMODE(self.file.stat().st_mode) == 0o600
        return tomllib.loads(self.file.read_text())


@asynccontextmanager
async def asking(
    folder: Path,
    *,
    text: str = "",
    url: str = "",
    key: ApiKey | None = None,
    size: tuple[int, int] = (80, 24),
    environment: Mapping[str, str] = os.environ,
) -> AsyncIterator[Form]:
    file = folder / "new" / "config.toml"
    if text:
        file.parent.mkdir()
        file.write_text(text)
    app = SetupApp(Asked(read_before(file), environment, url, key))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Form(pilot, app, file)


async def test_it_tries_the_key_with_one_small_request_and_writes_the_address(rex: OtherRex, tmp_path: Path) -> None:
    async with asking(tmp_path) as form:
        await form.type("http://acme.rexgtm.com")
        assert "would send your key to acme.rexgtm.com unencrypted" in form.seen
        await form.pilot.press("ctrl+u")
        await form.type(f"{rex.url}/", "two words")
        await form.says("does not look like a key")
        await form.pilot.press("ctrl+u")
        await form.type("wrong-key")
        await form.says("does not accept the API key")
        assert "wrong-key" not in form.seen
        await form.write(KEY, "ctrl+u")
        assert "Enter tries both" in form.seen, "another key is another question"
        await form.pilot.press("enter")
        await form.says("the key may read events. Whether it may do more, Rex does not say here; read is enough.")
        assert [query["limit"] for query in rex.requests] == [["1"], ["1"]]
        assert "keyring" not in form.seen, "only what works here is offered"
        assert "used until rex-tui ends" in form.seen
        await form.start()
        left = await form.left()
    assert isinstance(left, Chosen)
    assert (left.url, left.key.reveal(), left.keeping) == (rex.url, KEY.encode(), "nowhere")
    assert form.written() == {"url": rex.url}
    assert len(rex.requests) == 2, "what was tried is not tried again"
    assert KEY not in repr(left)


async def test_a_key_that_is_typed_at_once_behind_the_address_is_never_in_clear(rex: OtherRex, tmp_path: Path) -> None:
    async with asking(tmp_path) as form:
        for text in (rex.url, KEY):  # as a password manager types them
            for character in text:
                form.app.post_message(events.Key(_character_to_key(character), character))
            form.app.post_message(events.Key("enter", "\r"))
        await form.says("the key may read events")
        assert form.screen.form.address.value == rex.url


async def test_where_rex_is_not_reached_it_can_be_started_untried(tmp_path: Path) -> None:
    async with asking(tmp_path) as form:
        await form.type(NOWHERE, KEY)
        await form.says("can't be reached")
        assert form.screen.focused is form.screen.form.key
        assert str(form.screen.query_one("#start", Button).label) == "Start untried"
        assert not form.file.exists()
        await form.pilot.press("x")
        assert str(form.screen.query_one("#start", Button).label) == "Start", "another key was not tried at all"
        await form.pilot.press("backspace", "enter")
        await form.says("can't be reached")
        await form.start()
        left = await form.left()
    assert isinstance(left, Chosen)
    assert form.written() == {"url": NOWHERE}


async def test_what_a_server_says_is_cleaned_and_the_key_that_it_repeats_hidden(rex: OtherRex, tmp_path: Path) -> None:
    said = f"\x1b[2J[red]{KEY}[/red] \u202e"
    rex.status, rex.body = 403, json.dumps({"error": {"code": "no", "message": said}}).encode()
    async with asking(tmp_path, url=rex.url) as form:
        await form.type(KEY)
        await form.says("␛[2J[red](the API key)[/red]")


async def test_while_rex_does_not_answer_the_form_goes_on_working(rex: OtherRex, tmp_path: Path) -> None:
    rex.hang.clear()
    async with asking(tmp_path) as form:
        await form.type(rex.url, KEY)
        await form.says("Trying both with one small request")
        await form.until(lambda: rex.requests)
        await form.pilot.press("tab", "tab")
        await form.write("acme")
        assert "rex-tui -p acme" in form.seen
        await form.pilot.press("shift+tab", "shift+tab", "end", "x")
        assert "Enter tries both" in form.seen, "the answer to another key is not waited for"
        await form.pilot.press("enter")
        await form.until(lambda: len(rex.requests) == 2)
        await form.pilot.press("escape")
        assert await form.left() is None
        rex.hang.set()  # what is answered now, nobody hears
        await form.pilot.pause()
    assert not form.file.exists()


async def test_the_keyring_is_offered_first_where_there_is_one(rex: OtherRex, tmp_path: Path) -> None:
    ring = Ring()
    keyring.set_keyring(ring)
    async with asking(tmp_path, text='url = "https://one.rexgtm.com" # mine\n') as form:
        await form.says("in this system's keyring")
        assert form.screen.query_one("#way-keyring", RadioButton).value
        await form.type(rex.url, KEY)
        await form.says("the key may read events")
        assert form.screen.form.profile.value == "127", "the top level is another tenant's"
        await form.pilot.press("tab", "ctrl+u")
        assert "https://one.rexgtm.com stands there, and will be replaced" in form.seen
        await form.type("a b")
        await form.says("Use 1 to 40 letters")
        await form.pilot.press("ctrl+u")
        await form.type("acme")
        left = await form.left()
    assert isinstance(left, Chosen)
    assert left.profile == "acme"
    assert form.written() == {
        "url": "https://one.rexgtm.com",
        "profiles": {"acme": {"url": rex.url, "keyring": True}},
    }
    assert "# mine" in form.file.read_text()
    assert ring.kept == {("rex-tui", "127.0.0.1"): KEY}


async def test_a_command_must_print_the_key_before_it_is_written_down(rex: OtherRex, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text(KEY)
    (tmp_path / "other").write_text("another")
    async with asking(tmp_path) as form:
        await form.type(rex.url, KEY)
        await form.says("the key may read events")
        await form.pilot.press("up", "tab")
        for command, said in (
            (f"cat {tmp_path / 'other'}", "What it prints is not the key"),
            ("/no/such/program", "can't start /no/such/program"),
            ("echo 'x", "a quote that does not end"),
            ("", "names no program"),
        ):
            await form.type(command)
            await form.says(said)
            assert form.screen.focused is form.screen.form.command
            await form.pilot.press("ctrl+u")
        await form.type(f"cat {shlex.quote(str(tmp_path / 'kept'))}")
        left = await form.left()
    assert isinstance(left, Chosen)
    assert form.written() == {"url": rex.url, "api_key_command": ["cat", str(tmp_path / "kept")]}


async def test_for_an_address_that_is_set_only_the_key_is_asked_for_and_nothing_written(
    rex: OtherRex, tmp_path: Path
) -> None:
    async with asking(tmp_path, url=rex.url) as form:
        assert form.screen.focused is form.screen.form.key
        assert "The key for this tenant is not set" in form.seen
        await form.type(KEY)
        await form.says("the key may read events")
        await form.start()
        assert isinstance(await form.left(), Chosen)
    assert not form.file.exists()
    async with asking(tmp_path, url=rex.url) as form:
        await form.type(KEY)
        await form.says("the key may read events")
        await form.pilot.press("tab")
        await form.type("new")
        assert isinstance(await form.left(), Chosen)
    assert form.written() == {"profiles": {"new": {"url": rex.url}}}, "a profile that is named is there from then on"


async def test_for_a_key_that_is_set_only_the_address_is_asked_for_and_start_tries_both(
    rex: OtherRex, tmp_path: Path
) -> None:
    async with asking(tmp_path, key=ApiKey("wrong"), environment={"REX_API_KEY": "wrong"}) as form:
        assert "from REX_API_KEY" in form.seen
        assert "wrong" not in repr(form.screen._asked)
        assert "Keep key" not in form.seen, "it stays where it is"
        await form.write(rex.url)
        await form.start()
        await form.says("does not accept the API key")
        assert not form.file.exists()
        rex.key = "wrong"
        await form.start()
        assert isinstance(await form.left(), Chosen)
    assert form.written() == {"url": rex.url}


async def test_a_paste_is_the_whole_key_and_nothing_takes_it_out_again(rex: OtherRex, tmp_path: Path) -> None:
    copied: list[str] = []
    async with asking(tmp_path, url=rex.url) as form:
        form.app.copy_to_clipboard = copied.append  # type: ignore[method-assign, assignment]
        await form.write("half")
        form.app.post_message(events.Paste(f"\n  {KEY}\n\n"))
        await form.until(lambda: form.screen.form.key.value == KEY)
        await form.pilot.press("home", "shift+end", "ctrl+x", "super+c")
        assert copied == []
        assert form.screen.form.key.value == KEY
        await form.pilot.press("ctrl+c")
        assert await form.left() is None
    assert copied == []


async def test_it_can_be_left_for_the_demo(tmp_path: Path) -> None:
    async with asking(tmp_path) as form:
        await form.pilot.click("#demo")
        assert await form.left() == "demo"
    assert not form.file.exists()


async def test_all_of_it_fits_a_small_terminal_also_what_goes_wrong(rex: OtherRex, tmp_path: Path) -> None:
    keyring.set_keyring(Ring())
    async with asking(tmp_path, size=(60, 20)) as form:
        await form.says("in this system's keyring")
        await form.type(rex.url, KEY)
        await form.says("read is enough.")
        await form.pilot.press("down", "tab", "tab")
        await form.write("acme")
        for words in ("Command", "rex-tui -p acme", "Start", "Look at the demo", "Esc leaves"):
            assert words in form.seen
        await form.pilot.press("shift+tab", "shift+tab", "up")
        (tmp_path / "new").write_text("no folder")
        await form.start()
        await form.says("can't be made")
        await form.pilot.press("escape")
        assert await form.left() is None
    assert (tmp_path / "new").read_text() == "no folder"
