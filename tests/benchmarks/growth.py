"""Growth curves as an SVG: how each figure grows with the log, beside its floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final

from benchmarks.row import Row

PANELS: Final = (
    ("start", "start to the newest event"),
    ("page-p50", "page key, settled, p50"),
    ("filter", "change of filter, settled"),
    ("memory", "memory, resident"),
)
WIDTH, HEIGHT = 880, 250
PANEL: Final = WIDTH / len(PANELS)
LEFT, RIGHT, TOP, BOTTOM = 44, 14, 46, 42
PLOT_H: Final = HEIGHT - TOP - BOTTOM
STYLE: Final = (
    "text{font:11px system-ui,sans-serif;fill:#445}.t{font-size:12px;font-weight:600;fill:#223}"
    ".g{stroke:#dde3ea}.c{fill:none;stroke:#1769aa;stroke-width:2}.p{fill:#1769aa}"
    ".s{stroke:#1769aa;stroke-opacity:.45}.f{stroke:#a05a00;stroke-width:1.5;stroke-dasharray:5 4}.fl{fill:#a05a00}"
)


def draw(rows: Sequence[Row], path: Path) -> bool:
    """Draw the rows that were measured over several lengths of log to a file; tell whether there were any."""
    drawn = [
        _panel(place, title, found)
        for place, (key, title) in enumerate(PANELS)
        if len(found := [row for row in rows if row.key == key and row.figure is not None]) > 1
    ]
    if drawn:
        body = "\n".join(drawn)
        path.write_text(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
            f"<title>Figures by the number of events in the log, and their floors</title>\n<style>{STYLE}</style>\n"
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{body}\n</svg>\n',
            "utf-8",
        )
    return bool(drawn)


def _panel(place: int, title: str, rows: Sequence[Row]) -> str:
    rows = sorted(rows, key=lambda row: row.events)
    unit = rows[0].unit
    values = [value for row in rows for value in (row.figure, row.floor_figure, *(row.spread or ())) if value]
    highest = _round_up(max(values))
    first, last = math.log10(rows[0].events), math.log10(rows[-1].events)

    def x(events: int) -> float:
        return LEFT + (PANEL - LEFT - RIGHT) * (math.log10(events) - first) / (last - first)

    def y(value: float) -> float:
        return TOP + PLOT_H * (1 - value / highest)

    parts = [f'<text class="t" x="6" y="18">{escape(title)}, {escape(unit)}</text>']
    for step in range(5):
        value = highest * step / 4
        parts.append(f'<line class="g" x1="{LEFT}" x2="{PANEL - RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    parts += [
        f'<text x="{x(row.events):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_short(row.events)}</text>'
        for row in rows
    ]
    if all(row.floors for row in rows):
        floors = " ".join(f"{x(row.events):.1f},{y(row.floor_figure or 0):.1f}" for row in rows)
        parts.append(f'<polyline class="f" fill="none" points="{floors}"/>')
        parts.append(f'<text class="fl" x="{PANEL - RIGHT}" y="{TOP - 8}" text-anchor="end">- - floor</text>')
    curve = " ".join(f"{x(row.events):.1f},{y(row.figure or 0):.1f}" for row in rows)
    parts.append(f'<polyline class="c" points="{curve}"/>')
    for row in rows:
        low, high = row.spread or (row.figure or 0, row.figure or 0)
        at = f"{x(row.events):.1f}"
        parts.append(f'<line class="s" x1="{at}" x2="{at}" y1="{y(low):.1f}" y2="{y(high):.1f}"/>')
        parts.append(f'<circle class="p" cx="{at}" cy="{y(row.figure or 0):.1f}" r="3"/>')
    return f'<g transform="translate({place * PANEL:g} 0)">\n' + "\n".join(parts) + "\n</g>"


def _round_up(value: float) -> float:
    """Give a round number that is not less."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 4, 6, 8, 10) if power * step >= value)


def _short(events: int) -> str:
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if events >= size:
            return f"{events / size:g}{letter}"
    return str(events)
