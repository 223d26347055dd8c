"""The figures of a review as the cards of its page, with how each changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rex_tui.export.review.markup import Node, el
from rex_tui.query.review.figures import DEFINITIONS
from rex_tui.query.review.review import Review
from rex_tui.query.review.words import HIDDEN, MORE_IS_WORSE, NO_CHANGE, NONE, amount_words, change_words, figure_words

CURRENCIES_MAX: Final = 12
"""Currencies that are told; a log made to have more would make a card that nobody can read."""
MONEY: Final = frozenset({"value_won", "value_lost"})
TONES: Final = {"won": "good", "value_won": "good", "lost": "bad", "value_lost": "bad"}
_ORDER: Final = ("created", "moved", "won", "lost", "win_rate", "stale", "value_won", "value_lost", "days_to_win")
_BROAD: Final = frozenset(_ORDER[-3:])
"""The figures that take two columns."""


def figure_cards(review: Review) -> Node:
    """Give the figures of a review, each with what it was before, where there is a before."""
    titles = {one.key: one.title for one in DEFINITIONS}
    return el("dl", *(_figure(review, key, titles[key]) for key in _ORDER), class_="figures")


def _figure(review: Review, key: str, title: str) -> Node:
    told = _amounts(review, key) if key in MONEY else _figure_words(review, key)
    return el("div", el("dt", title), *told, class_="broad" if key in _BROAD else "narrow")


def _figure_words(review: Review, key: str) -> Iterator[Node]:
    figures = review.figures
    tone = TONES.get(key, "") if getattr(figures, key) else ""
    yield el("dd", figure_words(figures, key), class_=f"value {tone}".strip())
    if review.before is not None:
        change = change_words(figures, review.before, key)
        yield el(
            "dd", _change(change, key), " ", el("span", f"from {figure_words(review.before, key)}", class_="faint")
        )
    if key == "moved" and figures.moved:
        yield el("dd", f"{figures.moved_forward:,} forward, {figures.moved_backward:,} back", class_="faint")


def _amounts(review: Review, key: str) -> Iterator[Node]:
    """Give a line a currency, since they are never added up, with how each changed."""
    if review.figures.hides_money:
        yield el("dd", HIDDEN, class_="value amount")
        return
    now: dict[str, int] = dict(getattr(review.figures, key))
    former: dict[str, int] = {} if review.before is None else dict(getattr(review.before, key))
    currencies = sorted({**now, **former}, key=lambda one: (-now.get(one, 0), one))
    for currency in currencies[:CURRENCIES_MAX]:
        cents = now.get(currency, 0)
        change = cents - former.get(currency, 0)
        words = f"{'+' if change > 0 else ''}{amount_words(change, '').strip()}" if change else NO_CHANGE
        told: list[Node | str] = [] if review.before is None else [" ", _change(words, key)]
        tone = TONES[key] if cents else "faint"
        yield el("dd", el("bdi", amount_words(cents, currency), class_=tone), *told, class_="value amount")
    if not currencies:
        yield el("dd", NONE, class_="value amount")
    if len(currencies) > CURRENCIES_MAX:
        yield el("dd", f"and {len(currencies) - CURRENCIES_MAX:,} more currencies", class_="faint")


def _change(change: str, key: str) -> Node:
    if not change or change == NO_CHANGE:
        return el("span", "no change" if change else "", class_="faint")
    is_more = change.startswith("+")
    tone = "faint" if key in ("created", "moved") else "good" if is_more != (key in MORE_IS_WORSE) else "warn"
    return el("span", f"{'▲' if is_more else '▼'} {change}", class_=tone)
