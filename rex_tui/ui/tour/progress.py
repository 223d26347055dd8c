"""How far a reader has come in the tour: a value that follows from what was there before and what is seen now."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from rex_tui.ui.tour.seen import Seen
from rex_tui.ui.tour.steps import END, STEPS, Step


class Progress(Struct, frozen=True):
    """A step, and how many of its tasks are done.

    `was` is what was seen when the task that is now to be done was asked for. `acted` says whether the reader has done
    one of the tasks, rather than found them done: only then the tour goes on by itself.
    """

    place: int
    done: int
    was: Seen
    acted: bool = False

    @classmethod
    def begin(cls, place: int, now: Seen) -> Progress:
        """Begin with the step at a place; what holds of it already is done."""
        place = max(0, min(place, len(STEPS)))
        return replace(cls(place, 0, now).after(now), acted=False)

    @property
    def step(self) -> Step:
        """Give the step; behind the last one, what is said at the end."""
        return STEPS[self.place] if self.place < len(STEPS) else END

    @property
    def is_at_end(self) -> bool:
        """Tell whether all steps lie behind."""
        return self.place >= len(STEPS)

    @property
    def goes_on(self) -> bool:
        """Tell whether the reader has done all that the step asks for."""
        return self.acted and self.done == len(self.step.tasks)

    def after(self, now: Seen) -> Progress:
        """Give how far it is after this was seen."""
        progress, tasks = self, self.step.tasks
        while progress.done < len(tasks) and tasks[progress.done].done(progress.was, now):
            progress = replace(progress, done=progress.done + 1, was=now, acted=True)
        return progress
