"""A review in words, clean and the same on every screen and in every file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from rex_tui.masking import MASKED
from rex_tui.query.entity import short_time
from rex_tui.query.review.deals import DealStory
from rex_tui.query.review.figures import Figures, Money
from rex_tui.query.review.stages import Stage
from rex_tui.query.summary import short_id
from rex_tui.safe_text import clean

NAME_LIMIT: Final = 60
CURRENCY_LIMIT: Final = 12
NONE: Final = "–"  # noqa: RUF001 - a dash for people
NO_CHANGE: Final = "="
HIDDEN: Final = "masked"
MONEY: Final = frozenset({"value_won", "value_lost"})
"""The figures that are amounts."""
ARROW: Final = " → "
CENTS: Final = 100
MORE_IS_WORSE: Final = frozenset({"lost", "value_lost", "days_to_win", "stale"})
"""The figures of which more is no good news."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def figure_words(figures: Figures, key: str) -> str:
    """Give a figure, by its key, in words: `12`, `40 %`, `1,000.00 EUR, 20.00 USD`, `5.5 days`; a dash for none."""
    value = getattr(figures, key)
    if value is None or value == ():
        return HIDDEN if key in MONEY and value is None else NONE
    if key == "win_rate":
        return f"{value:.0%}".replace("%", " %")
    if key == "days_to_win":
        return f"{value:,.1f} days"
    return money_words(value) if isinstance(value, tuple) else f"{value:,}"


def change_words(now: Figures, before: Figures | None, key: str) -> str:
    """Give how a figure changed: `+3`, `-2`, `=`, `+5 points`, `+20.00 USD`; "" where there is nothing to compare."""
    if before is None:
        return ""
    value, former = getattr(now, key), getattr(before, key)
    if isinstance(value, tuple):
        return _money_change(value, former)
    if value is None or former is None:
        return ""
    if key == "win_rate":
        points = round((value - former) * 100)
        return f"{points:+} point{'' if abs(points) == 1 else 's'}" if points else NO_CHANGE
    if key == "days_to_win":
        days = round(value - former, 1)
        return f"{days:+,.1f} days" if days else NO_CHANGE
    return f"{value - former:+,}" if value != former else NO_CHANGE


def money_words(money: Money) -> str:
    """Give amounts, each with its currency."""
    return ", ".join(amount_words(cents, currency) for currency, cents in money)


def amount_words(cents: int | None, currency: str) -> str:
    """Give an amount like `1,000.00 EUR`; a dash where it is not known."""
    if cents is None:
        return NONE
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // CENTS:,}.{abs(cents) % CENTS:02} {clean(currency, CURRENCY_LIMIT)}"


def value_words(deal: DealStory) -> str:
    """Give the value of a deal; masked, or a dash where it is not known."""
    if deal.hides_value:
        return f"{MASKED} {clean(deal.currency, CURRENCY_LIMIT)}"
    return amount_words(deal.value, deal.currency)


def stage_words(id_: str, stages: Sequence[Stage]) -> str:
    """Give a stage's name, else its short id."""
    name = next((stage.name for stage in stages if stage.id == id_), "")
    return clean(name, NAME_LIMIT) or short_id(id_) or "unknown"


def name_words(deal: DealStory) -> str:
    """Give a deal's name, else its short id."""
    return clean(deal.name, NAME_LIMIT) or short_id(deal.id)


def path_words(deal: DealStory, until: float, stages: Sequence[Stage]) -> str:
    """Give the stages of a deal and how long it was in each, up to a time: `Lead 3 d → Talk 5 h → Won`."""
    stops = path_stops(deal, until, stages)
    return ARROW.join(name if stay is None else f"{name} {stay_words(stay)}" for name, stay in stops) or NONE


def path_stops(deal: DealStory, until: float, stages: Sequence[Stage]) -> list[tuple[str, float | None]]:
    """Give the stages of a deal by their names, each with the seconds in it up to a time, and last how it ended.

    None stands where it is not known how long, and with an end.
    """
    stops = [
        (stop.outcome.capitalize() if stop.outcome else stage_words(stop.stage, stages), stay)
        for stop, stay in deal.stays(until)
    ]
    turn = next((turn for turn in reversed(deal.turns) if turn.at < until), None)
    is_told = bool(deal.path) and turn is not None and deal.path[-1].outcome == turn.status
    if turn is not None and turn.status != "open" and not is_told:
        stops.append((turn.status.capitalize(), None))
    return stops


def stay_words(seconds: float) -> str:
    """Give a time in a unit: `3 d`."""
    return short_time(_EPOCH, _EPOCH + timedelta(seconds=min(seconds, 1e10)))


def moment_words(moment: float | None, zone: tzinfo) -> str:
    """Give a time like `2026-03-01 14:03`; a dash for none."""
    return NONE if moment is None else f"{datetime.fromtimestamp(moment, UTC).astimezone(zone):%Y-%m-%d %H:%M}"


def _money_change(now: Money, before: Money) -> str:
    """Give the change of each currency by itself."""
    after, former = dict(now), dict(before)
    said = []
    for currency in sorted(after.keys() | former.keys()):
        change = after.get(currency, 0) - former.get(currency, 0)
        if change:
            said.append(f"{'+' if change > 0 else ''}{amount_words(change, currency)}")
    return ", ".join(said) or NO_CHANGE
