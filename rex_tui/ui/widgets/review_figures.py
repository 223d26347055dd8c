"""The figures of a review as tiles: what it is called, how much, and how that changed."""

from __future__ import annotations

from typing import Final, NamedTuple

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from rex_tui.query.review.figures import Figures, Money
from rex_tui.query.review.words import HIDDEN, MORE_IS_WORSE, NO_CHANGE, NONE, amount_words, change_words, figure_words
from rex_tui.ui.widgets.columns import fit

TILES: Final = (
    ("created", "Created"),
    ("moved", "Moved"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("win_rate", "Win rate"),
    ("value_won", "Value won"),
    ("value_lost", "Value lost"),
    ("days_to_win", "Days to win"),
    ("stale", "Stale"),
)
GAP: Final = 3
EDGE: Final = 1
HEIGHT: Final = 4
SHORT_HEIGHT: Final = 3
"""Lines of a tile, and of one where there is little room."""
WIDE_FROM: Final = 140
TALL_FROM: Final = 29
TALLER_FROM: Final = 40
"""Lines from which a screen has room for whole tiles, which take more rows where it is not wide."""
TILE_MAX: Final = 36
FAINT: Final = "$rex-faint"
MONEY: Final = frozenset({"value_won", "value_lost"})
TONES: Final = {"won": "$success", "value_won": "$success", "lost": "$error", "value_lost": "$error"}


class Tile(NamedTuple):
    """One figure: lines of text, each with its style, the cells that they take, and if they are amounts, one a line."""

    lines: tuple[tuple[str, str], ...]
    width: int
    is_list: bool


class ReviewFigures(Widget):
    """A strip of tiles, in as many rows as it takes."""

    DEFAULT_CSS = """
    ReviewFigures {
        height: auto;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - textual's name
        """Start without figures."""
        super().__init__(id=id)
        self._all = (_NO_TILES, _NO_TILES)

    def show(self, figures: Figures | None, before: Figures | None) -> None:
        """Show figures beside those of the period before, where there are such; dashes while there are none."""
        tiles = (_NO_TILES, _NO_TILES)
        if figures is not None:
            full = tuple(_told(key, title, figures, before) for key, title in TILES)
            tiles = full, tuple(_shortened(tile) for tile in full)
        if tiles != self._all:
            self._all = tiles
            self.refresh(layout=True)

    @property
    def _tiles(self) -> tuple[Tile, ...]:
        return self._all[0 if self._is_tall else 1]

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """Give the lines that all rows of tiles take, with an empty one between them where there is room."""
        return sum(map(self._height, rows := self._rows(width))) + (len(rows) - 1) * self._is_tall

    def render(self) -> Content:
        """Give the rows."""
        lines: list[Content] = []
        for number, row in enumerate(self._rows(self.size.width)):
            lines += [Content()] if number and self._is_tall else []
            height = self._height(row)
            for place in range(height):
                parts = [_line(tile, place, height) for tile in row]
                lines.append(Content.assemble(" " * EDGE, *parts))
        return Content("\n").join(lines)

    @property
    def _is_tall(self) -> bool:
        size = self.screen.size
        return size.height >= (TALL_FROM if size.width >= WIDE_FROM else TALLER_FROM)

    def _height(self, row: list[Tile]) -> int:
        return min(HEIGHT if self._is_tall else SHORT_HEIGHT, max(len(tile.lines) for tile in row))

    def _rows(self, width: int) -> list[list[Tile]]:
        """Put the tiles into as few rows as they need, about as many into each."""
        total = sum(tile.width + GAP for tile in self._tiles)
        room = max(1, width - EDGE)
        count = -(-(total - GAP) // room)
        while True:
            rows = _packed(self._tiles, room, -(-total // count))
            if len(rows) <= count or count >= len(self._tiles):
                return rows
            count += 1


def _packed(tiles: tuple[Tile, ...], room: int, aim: int) -> list[list[Tile]]:
    rows: list[list[Tile]] = [[]]
    used = 0
    for tile in tiles:
        if rows[-1] and (used + tile.width > room or used >= aim):
            rows.append([])
            used = 0
        rows[-1].append(tile)
        used += tile.width + GAP
    return rows


def _line(tile: Tile, place: int, height: int) -> tuple[str, str]:
    """Give a line of a tile; the last one says how many more amounts there would be."""
    words, style = tile.lines[place] if place < len(tile.lines) else ("", FAINT)
    more = len(tile.lines) - height
    if more > 0 and place == height - 1 and tile.is_list:
        words, style = f"and {more + 1} more", FAINT
    return fit(words, tile.width + GAP), style


def _shortened(tile: Tile) -> Tile:
    """Give a tile of amounts with the largest one alone, how that changed, and how many more there are."""
    if not tile.is_list:
        return tile
    title, (words, style), *others = tile.lines
    amount, sign, change = words.partition(" ▲ ") if "▲" in words else words.partition(" ▼ ")
    more = f"{len(others)} more" if others else ""
    told = ", ".join(part for part in (f"{sign}{change}".strip(), more) if part)
    return _tile([title, (amount, style), (told, FAINT)])


def _told(key: str, title: str, figures: Figures, before: Figures | None) -> Tile:
    value = getattr(figures, key)
    if key in MONEY and value is not None and (len(value) > 1 or (before is not None and getattr(before, key))):
        return _of_money(title, key, value, None if before is None else getattr(before, key))
    change = change_words(figures, before, key)
    direction = _direction(change)
    words = figure_words(figures, key)
    style = TONES.get(key, "$foreground") if words not in (NONE, "0", HIDDEN) else "$foreground"
    lines = [(title, FAINT), (words, f"bold {style}"), (f"{direction} {change}".strip(), _tone(key, direction))]
    if key == "moved" and figures.moved:
        ways = (f"{figures.moved_forward:,} → {figures.moved_backward:,} ←", FAINT)
        lines = [*lines, ways] if change else [*lines[:2], ways]
    return _tile(lines)


def _of_money(title: str, key: str, now: Money, before: Money | None) -> Tile:
    """Give a tile of several currencies, which are never added: a line each, the largest first."""
    amounts, former = dict(now), dict(before or ())
    lines = [(title, FAINT)]
    for currency in sorted({**amounts, **former}, key=lambda one: (-abs(amounts.get(one, 0)), one)):
        words = amount_words(amounts.get(currency, 0), currency)
        change = amounts.get(currency, 0) - former.get(currency, 0)
        if before is not None and change:
            sign = "▲ +" if change > 0 else "▼ "
            words += f" {sign}{amount_words(change, currency).rpartition(' ')[0]}"
        lines.append((words, f"bold {TONES[key]}"))
    return _tile(lines, is_list=True)


def _tile(lines: list[tuple[str, str]], *, is_list: bool = False) -> Tile:
    cut = tuple((word if cell_len(word) <= TILE_MAX else fit(word, TILE_MAX), style) for word, style in lines)
    return Tile(cut, max(cell_len(word) for word, _style in cut), is_list)


def _direction(change: str) -> str:
    """Give a sign for a change in words, beside which colour may stand."""
    return {"+": "▲", "-": "▼"}.get(change[:1], "") if change != NO_CHANGE else ""


def _tone(key: str, direction: str) -> str:
    if not direction or key in ("created", "moved"):
        return FAINT
    return "$success" if (direction == "▲") != (key in MORE_IS_WORSE) else "$warning"


_NO_TILES: Final = tuple(_tile([(title, FAINT), (NONE, FAINT)]) for _key, title in TILES)
