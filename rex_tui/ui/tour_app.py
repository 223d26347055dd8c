"""The app with a tour: it looks at what the reader does, and shows on every screen what to try next."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textual import on
from textual.app import SystemCommand
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from rex_tui.keymap.groups import GROUPS
from rex_tui.keymap.keymap import USUAL, Keymap
from rex_tui.looks import Look
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.keys import bound
from rex_tui.ui.own_app import USUAL_LOOK
from rex_tui.ui.screens.watch import WatchScreen
from rex_tui.ui.tour.progress import Progress
from rex_tui.ui.tour.seen import seen
from rex_tui.ui.tour.words import KEY_STYLE, heading, lines
from rex_tui.ui.widgets.tour_box import TourBox, TourKey

TOURED: Final = "-toured"
"""The class of a screen with the box on it."""
TIGHT: Final = "-tight"
"""The class of such a screen in a low terminal."""
TIGHT_BELOW: Final = 28
TOUR_CSS: Final = """
Screen.-toured ToastRack {
    margin-bottom: 5;
}
LensScreen.-tight.-narrow {
    #lens-path {
        max-height: 1;
        margin: 0 1;
    }
    #lens-side {
        height: 3;
    }
    &.-detail #lens-side {
        height: 70%;
    }
}
"""
"""So that no toast covers the box, and the lens shows events beside it in a small terminal."""
LOOK_S: Final = 0.1
"""How often the tour looks at the screen."""
PAUSE_S: Final = 1.2
"""How long a step that is done is shown as done."""

WAYS: Final = {"back": "Back", "next": "Next", "leave": "Leave"}
"""The ways through the tour, and what they are called in the box."""


class TourApp(RexTuiApp):
    """Shows the screen as ever, and the tour in a box below it until that is left. The tour itself changes nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("tour", f"tour.{way}", f"tour('{way}')", priority=True) for way in WAYS
    ]
    CSS = TOUR_CSS
    pause_s: float = PAUSE_S

    def __init__(self, screen: WatchScreen, keymap: Keymap = USUAL, look: Look = USUAL_LOOK) -> None:
        """Lead through `screen` and those over it, by the keys that hold."""
        super().__init__(screen, keymap, look)
        self._progress: Progress | None = None
        """None before there is anything to see, and when the tour is left."""
        self._boxes: list[TourBox] = []
        """One on each screen that was on top."""
        self._looking: Timer | None = None
        self._going_on: Timer | None = None

    def on_mount(self) -> None:
        """Begin."""
        self.screen_change_signal.subscribe(self, self._screen_changed, immediate=True)
        self._looking = self.set_interval(LOOK_S, self._look)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Yield also the ways through the tour."""
        yield from super().get_system_commands(screen)
        for way in filter(self._leads, WAYS):
            name = f"tour.{way}"
            yield SystemCommand(GROUPS["tour"][name], f"key {self.keymap.told(name)}", partial(self.action_tour, way))

    # ---- looking

    def _screen_changed(self, screen: Screen[object]) -> None:
        """Have a box on the screen that is on top now."""
        if self._looking is not None and not screen.query(TourBox):
            box = TourBox()
            self._boxes = [*filter(_is_there, self._boxes), box]
            screen.mount(box)
            screen.add_class(TOURED)
        self._look()

    def _look(self) -> None:
        """Look at what the reader has done, and go on a little after it is all that was asked for."""
        now = seen(self.screen_stack, self._watch_screen)
        if self._looking is None or now is None:
            return
        self._progress = Progress.begin(0, now) if self._progress is None else self._progress.after(now)
        if self._progress.goes_on and self._going_on is None:
            self._going_on = self.set_timer(self.pause_s, lambda: self._go(1))
        self._show(self._progress, now.screen)

    def _show(self, progress: Progress, screen: str) -> None:
        keys = {
            way: Content.assemble((self.keymap.told(f"tour.{way}"), KEY_STYLE), f" {words}")
            for way, words in WAYS.items()
            if self._leads(way)
        }
        for box in self.screen.query(TourBox):
            self.screen.set_class(self.size.height < TIGHT_BELOW, TIGHT)
            box.show(heading(progress), keys, lines(progress, screen, self.keymap.told))

    # ---- going on

    def _leads(self, way: str) -> bool:
        """Tell whether there is something that way."""
        progress = self._progress
        if progress is None:
            return False
        return {"back": progress.place > 0, "next": not progress.is_at_end}.get(way, True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the tour's keys to others where they lead nowhere."""
        if action == "tour":
            return self._leads(str(parameters[0]))
        return super().check_action(action, parameters)

    def action_tour(self, way: str) -> None:
        """Go to the next step or the one before, or leave the tour."""
        if way == "leave":
            self._leave()
        else:
            self._go(1 if way == "next" else -1)

    @on(TourKey.Clicked)
    def _tour_key_clicked(self, event: TourKey.Clicked) -> None:
        self.action_tour(event.way)

    def _go(self, steps: int) -> None:
        if self._going_on is not None:
            self._going_on.stop()
            self._going_on = None
        now = seen(self.screen_stack, self._watch_screen)
        if self._progress is not None and now is not None:
            self._progress = Progress.begin(self._progress.place + steps, now)
            self._look()

    def _leave(self) -> None:
        for timer in (self._looking, self._going_on):
            if timer is not None:
                timer.stop()
        self._looking = self._going_on = self._progress = None
        for box in filter(_is_there, self._boxes):
            box.screen.remove_class(TOURED, TIGHT)
            box.remove()
        self._boxes.clear()


def _is_there(box: TourBox) -> bool:
    """Tell whether the screen that a box is on was not closed since."""
    return box.is_attached
