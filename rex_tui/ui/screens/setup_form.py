"""The fields of the set-up screen: what is typed and chosen, and what is said below each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from textual import getters
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Label, RadioButton

from rex_tui.api_key import KEY_VARIABLE
from rex_tui.safe_text import clean
from rex_tui.setting_up import ADDRESS_LIKE, COMMAND_LIKE, Keeping
from rex_tui.ui.widgets.choice_set import ChoiceSet
from rex_tui.ui.widgets.key_input import KeyInput
from rex_tui.ui.widgets.saying import Saying

Field: TypeAlias = Literal["address", "key", "command", "profile", "start"]
Tone: TypeAlias = Literal["rex-faint", "text-success", "text-warning", "text-error"]
WAYS: Final[dict[Keeping, str]] = {
    "keyring": "in this system's keyring",
    "command": "where it is: a command prints it",
    "nowhere": "nowhere: ask me each time",
}
NOWHERE: Final = f"It is used until rex-tui ends; the next start asks for it, unless {KEY_VARIABLE} is set."
START: Final = "Start"
START_UNTRIED: Final = "Start untried"
SAID_MAX: Final = 400


class SetupForm(VerticalScroll, can_focus=False):
    """Holds the fields; whoever has it reads them and says what is to be said."""

    address = getters.query_one("#address", Input)
    key = getters.query_one("#key", KeyInput)
    command = getters.query_one("#command", Input)
    profile = getters.query_one("#profile", Input)
    ways = getters.query_one("#ways", ChoiceSet)

    def __init__(self, heading: str, *, url: str, key_is_given: bool) -> None:
        """Ask for what is missing: the address where `url` is "", and the key unless it is given."""
        super().__init__(id="setup")
        self._heading = heading
        self._url = url
        self._key_is_given = key_is_given

    def compose(self) -> ComposeResult:
        """Lay out the fields, each with what is said below it."""
        self.border_title = Content("rex-tui · set up")
        self.border_subtitle = Content("Tab goes on · Enter takes · Esc leaves")
        yield Label(Content(self._heading), id="setup-heading")
        with Horizontal(classes="field"):
            yield Label("Address", classes="name")
            yield Input(
                self._url,
                placeholder=ADDRESS_LIKE,
                disabled=bool(self._url),
                compact=True,
                id="address",
                max_length=500,
            )
        yield Saying(id="address-said", classes="said")
        with Horizontal(classes="field"):
            yield Label("API key", classes="name")
            key = KeyInput(id="key")
            key.placeholder = f"from {KEY_VARIABLE}" if self._key_is_given else "hidden; a key that may read is enough"
            key.disabled = self._key_is_given
            yield key
        yield Saying(id="key-said", classes="said")
        with Vertical(id="keeping"):
            with Horizontal(classes="field"):
                yield Label("Keep key", classes="name")
                with ChoiceSet(id="ways", compact=True):
                    for way, words in WAYS.items():
                        usual = way == "nowhere"
                        button = RadioButton(Content(words), value=usual, id=f"way-{way}", compact=True)
                        button.disabled = way == "keyring"  # until it is clear that there is one
                        yield button
            with Horizontal(classes="field", id="command-field"):
                yield Label("Command", classes="name")
                yield Input(placeholder=COMMAND_LIKE, compact=True, id="command")
            yield Saying(id="command-said", classes="said")
        with Horizontal(classes="field", id="profile-field"):
            yield Label("Profile", classes="name")
            yield Input(placeholder="none; a name if you have several tenants", compact=True, id="profile")
        yield Saying(id="profile-said", classes="said")
        with Horizontal(id="buttons"):
            yield Button(START, variant="primary", compact=True, id="start")
            yield Button("Look at the demo", compact=True, id="demo")
        yield Saying(id="start-said", classes="said")

    def on_mount(self) -> None:
        """Show what is needed as yet."""
        self.query_one("#way-keyring").display = False
        self.query_one("#keeping").display = not self._key_is_given
        for said in self.query(".said"):
            said.display = False
        self.show_way()

    @property
    def way(self) -> Keeping:
        """Give where the key is to be kept."""
        return list(WAYS)[max(0, self.ways.pressed_index)]

    def offer(self, ways: Sequence[Keeping]) -> None:
        """Offer only these ways to keep the key; the first of them is chosen unless another one is already."""
        if "keyring" in ways:
            button = self.query_one("#way-keyring", RadioButton)
            button.display, button.disabled = True, False
            if self.way == "nowhere" and not self.ways.has_focus:
                button.value = True

    def show_way(self) -> None:
        """Ask for a command where one is to print the key."""
        self.query_one("#command-field").display = self.way == "command"
        self.say("command", NOWHERE if self.way == "nowhere" else "")

    def say(self, field: Field, words: str, tone: Tone = "rex-faint") -> None:
        """Say something below a field, or nothing any more."""
        said = self.query_one(f"#{field}-said", Saying)
        said.say(Content.styled(clean(words, SAID_MAX), f"${tone}"), layout=True)
        said.display = bool(words)

    def point_to(self, field: Field, words: str) -> None:
        """Say what is wrong with a field, and go there."""
        self.say(field, words, "text-error")
        target = self.query_one(f"#{field}")
        if not target.disabled and target.display:
            target.focus()
