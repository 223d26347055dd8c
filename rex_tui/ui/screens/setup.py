"""The first start: a form that asks for address and key, tries them with one small request, and writes the settings."""

from __future__ import annotations

import asyncio
import os
from typing import ClassVar, Final, Literal, TypeAlias

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Button, Input, RadioSet

from rex_tui.api_key import ApiKey
from rex_tui.setting_up import (
    Chosen,
    is_refused,
    keep,
    outcome,
    read_address,
    read_command,
    read_key,
    read_profile,
    trusted_certificates,
    try_key,
    usual_profile,
    ways_to_keep,
)
from rex_tui.settings_error import SettingsError
from rex_tui.ui.keys import bound
from rex_tui.ui.screens.setup_asked import Asked, Refused
from rex_tui.ui.screens.setup_form import START, START_UNTRIED, SetupForm

Left: TypeAlias = "Chosen | Literal['demo'] | None"
"""How the screen is left: with what is in force from now on, for the demo, or with nothing."""
UNTRIED: Final = "Enter tries both with one small request."
UNTRIED_AGAIN: Final = "Correct it, or start all the same."


class SetupScreen(Screen[Left]):
    """Asks, tries and writes; nothing of the key is ever painted."""

    CSS_PATH = "setup.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bound("setup", "setup.leave", "leave", priority=True),
        bound("setup", "setup.next", "app.focus_next"),
        bound("setup", "setup.before", "app.focus_previous"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012 - an instance variable to textual
    AUTO_FOCUS = "SetupForm Input"

    def __init__(self, asked: Asked) -> None:
        """Ask for what is missing."""
        super().__init__()
        self._asked = asked
        self._tried: tuple[str, bytes] | None = None
        """What was tried last and not refused: address and key."""
        self._answered = False
        """Whether Rex gave a page to that."""
        self._profile_is_own = False

    @property
    def form(self) -> SetupForm:
        """Give the form."""
        return self.query_one(SetupForm)

    def compose(self) -> ComposeResult:
        """Lay out the form."""
        yield SetupForm(self._asked.heading, url=self._asked.url, key_is_given=self._asked.key is not None)

    def on_mount(self) -> None:
        """Offer what works on this machine."""
        self._forget_trial()
        self._offer_profile(self._asked.url)
        self.run_worker(self._look_for_keyring(), group="keyring")

    async def _look_for_keyring(self) -> None:
        self.form.offer(await asyncio.to_thread(ways_to_keep))

    # ---- reading the fields

    def _address(self) -> str:
        if self._asked.url:
            return self._asked.url
        try:
            return read_address(self.form.address.value)
        except SettingsError as error:
            raise Refused("address", str(error)) from None

    def _key(self) -> ApiKey:
        if self._asked.key is not None:
            return self._asked.key
        try:
            return read_key(self.form.key.value)
        except SettingsError as error:
            raise Refused("key", str(error)) from None

    async def _command(self, key: ApiKey) -> tuple[str, ...]:
        """Give the command that prints the key; while it runs it has the terminal, to ask for a passphrase there."""
        typed = self.form.command.value

        def read() -> tuple[str, ...] | SettingsError:
            try:
                return read_command(typed, key, self._asked.environment)
            except SettingsError as error:  # raised any further, it would leave the terminal without the form
                return error

        try:
            with self.app.suspend():
                found = read()
        except SuspendNotSupported:
            found = await asyncio.to_thread(read)
        if isinstance(found, SettingsError):
            raise Refused("command", str(found))
        return found

    def _profile(self) -> str:
        try:
            return read_profile(self.form.profile.value)
        except SettingsError as error:
            raise Refused("profile", str(error)) from None

    # ---- trying

    def _forget_trial(self) -> None:
        """Say that what stands there now was not tried."""
        self.workers.cancel_group(self, "work")
        self._tried, self._answered = None, False
        self.form.query_one("#start", Button).label = START
        self.form.say("start", "")
        self.form.say("key", UNTRIED)

    async def _try(self) -> None:
        """Ask Rex once; raises `Refused` where it does not take the key, or the fields can't be read."""
        url, key = self._address(), self._key()
        self.form.say("address", "")
        self.form.say("key", "Trying both with one small request …")
        try:
            found = await try_key(url, key, trusted_certificates(self._asked.before, os.environ, self._asked.ca_file))
        except SettingsError as error:
            raise Refused("key", str(error)) from None
        if is_refused(found):
            raise Refused("key", outcome(found))
        self._tried, self._answered = (url, key.reveal()), found.error is None
        self.form.say("key", outcome(found), "text-success" if self._answered else "text-error")
        if not self._answered:
            self.form.query_one("#start", Button).label = START_UNTRIED
            self.form.say("start", UNTRIED_AGAIN)

    async def _try_alone(self) -> None:
        try:
            await self._try()
        except Refused as refused:
            self.form.point_to(refused.field, str(refused))
        else:
            if self._answered and (self.form.key.has_focus or self.form.address.has_focus):
                self.focus_next()

    # ---- starting

    async def _start(self) -> None:
        try:
            if self._tried != (self._address(), self._key().reveal()):
                await self._try()
                if not self._answered:
                    return
            chosen = await self._chosen()
            await self._keep(chosen)
        except Refused as refused:
            self.form.point_to(refused.field, str(refused))
        else:
            self.workers.cancel_group(self, "keyring")
            self.dismiss(chosen)

    async def _chosen(self) -> Chosen:
        url, key, profile = self._address(), self._key(), self._profile()
        way = "nowhere" if self._asked.key is not None else self.form.way
        command = await self._command(key) if way == "command" else ()
        return Chosen(url, key, way, command, profile, self._asked.ca_file)

    async def _keep(self, chosen: Chosen) -> None:
        """Write it down; a key kept nowhere leaves nothing to write where its address is known already."""
        known = chosen.profile == "" or self._asked.before.url_of(chosen.profile) == chosen.url
        if self._asked.url and chosen.keeping == "nowhere" and known:
            return
        self.form.say("start", "Writing the settings …")
        self.form.disabled = True
        try:
            await asyncio.to_thread(keep, self._asked.before, chosen)
        except SettingsError as error:
            self.form.disabled = False
            raise Refused("start", str(error)) from None

    # ---- from the widgets

    @on(Input.Changed, "#address")
    @on(Input.Changed, "#key")
    def _another(self, event: Input.Changed) -> None:
        event.stop()
        self._forget_trial()
        self.form.say("address", "")
        if event.input.id == "address":
            try:
                self._offer_profile(read_address(event.value))
            except SettingsError:
                self._offer_profile("")

    @on(Input.Submitted, "#address")
    def _address_given(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            self._address()
        except Refused as refused:
            self.form.point_to(refused.field, str(refused))
            return
        if self._asked.key is None and not self.form.key.value:
            self.form.key.focus()
        else:
            self.run_worker(self._try_alone(), group="work", exclusive=True)

    @on(Input.Submitted, "#key")
    def _key_given(self, event: Input.Submitted) -> None:
        event.stop()
        self.run_worker(self._try_alone(), group="work", exclusive=True)

    @on(Input.Submitted, "#command")
    @on(Input.Submitted, "#profile")
    @on(Button.Pressed, "#start")
    def _asked_to_start(self) -> None:
        self.run_worker(self._start(), group="work", exclusive=True)

    @on(RadioSet.Changed)
    def _way_chosen(self) -> None:
        self.form.show_way()

    @on(Input.Changed, "#command")
    def _command_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.form.say("command", "")

    @on(Input.Changed, "#profile")
    def _profile_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._profile_is_own = self._profile_is_own or event.input.has_focus
        self._tell_profile()

    def _offer_profile(self, url: str) -> None:
        """Fill in the name that is likely, as long as nobody has typed another."""
        if not self._profile_is_own:
            usual = usual_profile(self._asked.before, url, self._asked.environment) if url else ""
            self.form.profile.value = usual
        self._tell_profile()

    def _tell_profile(self) -> None:
        try:
            name = self._profile()
            url = self._address()
        except Refused as refused:
            self.form.say("profile", str(refused) if refused.field == "profile" else "", "text-warning")
            return
        if replaced := self._asked.before.replaces(name, url):
            self.form.say("profile", f"{replaced} stands there, and will be replaced.", "text-warning")
        else:
            self.form.say("profile", f"From then on: rex-tui -p {name}" if name else "")

    @on(Button.Pressed, "#demo")
    def _demo_wanted(self) -> None:
        self._leave("demo")

    def action_leave(self) -> None:
        """Leave, as long as nothing is written."""
        if not self.form.disabled:
            self._leave(None)

    def _leave(self, left: Left) -> None:
        """Leave without an answer that is still to come."""
        self.workers.cancel_node(self)
        self.dismiss(left)
