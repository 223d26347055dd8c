"""What is wrong with how a screen is laid out: what leaves it, what lies over another, what has no room."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget


def faults(screen: Screen[object]) -> Iterator[str]:
    """Yield, in words, each fault of the screen as it is laid out now."""
    whole = Region(0, 0, *screen.size)
    for widget in _shown(screen):
        region = widget.region
        if not region.area:
            yield f"{widget!r} has no room"
        elif not whole.contains_region(region) and not _scrolls(widget):
            yield f"{widget!r} leaves the screen: {region} of {whole.size}"
    for parent in (screen, *_shown(screen)):
        beside = [one for one in parent.children if one.display and one.region.area and not _floats(one)]
        for first, second in combinations(beside, 2):
            if first.region.overlaps(second.region):
                yield f"{first!r} lies over {second!r}"


def _shown(widget: Widget) -> Iterator[Widget]:
    for child in widget.children:
        if child.display and child.visible and not _floats(child):
            yield child
            yield from _shown(child)


def _floats(widget: Widget) -> bool:
    """Tell whether a widget lies over others on purpose."""
    return (
        widget.styles.overlay == "screen" or widget.has_class("-textual-system") or widget.styles.layer == "_toastrack"
    )


def _scrolls(widget: Widget) -> bool:
    """Tell whether a widget is in something that scrolls to it."""
    return any(isinstance(one, Widget) and one.allow_vertical_scroll for one in widget.ancestors)
