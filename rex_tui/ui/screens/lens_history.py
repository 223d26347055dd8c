"""The lenses that were opened, back and forth through them as through pages."""

from __future__ import annotations

from msgspec import Struct, field


class LensHistory(Struct):
    """The lenses that were opened while the program ran, and which of them is looked through, as in a browser."""

    ids: list[str] = field(default_factory=list)
    position: int = -1

    def visit(self, id_: str) -> None:
        """Go to an id, and forget what was ahead."""
        if self.position < 0 or self.ids[self.position] != id_:
            self.ids[self.position + 1 :] = [id_]
            self.position += 1

    def walk(self, steps: int) -> str | None:
        """Go back or forth; give the id that is there, None at the ends."""
        if not 0 <= self.position + steps < len(self.ids):
            return None
        self.position += steps
        return self.ids[self.position]
