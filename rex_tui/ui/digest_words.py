"""What came since the last visit, in one sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from rich.cells import cell_len

from rex_tui.checkpoint import Place
from rex_tui.names import Names
from rex_tui.query.digest import ALL_ELSE, Digest, Outcome
from rex_tui.query.review.words import amount_words
from rex_tui.query.summary import short_id
from rex_tui.safe_text import clean
from rex_tui.ui.since_words import NAMES_TOLD, when_words

NAME_MAX: Final = 30
CURRENCIES_TOLD: Final = 3


def digest_words(
    digest: Digest, visit: Place, now: datetime, names: Names, *, so_far: bool, room: int = 1_000, key: str = "⏎"
) -> str:
    """Give what came since the last visit in a sentence, clean, deals by `names`; with `so_far` more may come.

    Where `room`, in cells, is too little for all, the lesser kinds are told together, then the deals by number alone,
    those that were won last. `key` goes to the first of them.
    """
    keys = f"{key} to the first · Esc"
    when = when_words(visit.made_at, now)
    how = "" if visit.exact else " (told by time: its event is not in the log)"
    far = " so far" if so_far else ""
    gap = " Some may be missing: the table shows a gap." if digest.gaps else ""
    head = f"{_counted(digest.events, 'event', 'events')}{far} since your last visit, {when}{how}: "
    room -= cell_len(head) + cell_len(gap) + cell_len(keys) + 2
    kinds = ((digest.won, "won"), (digest.lost, "lost"), (digest.stale, "stale"))
    told = ""
    for detailed in range(len(kinds), -1, -1):
        outcomes = [
            _outcome(one, kind, names, detailed=number < detailed)
            for number, (one, kind) in enumerate(kinds)
            if one.count
        ]
        for told_apart in range(len(digest.others), -1, -1):
            told = ", ".join([*outcomes, *_others(digest, told_apart)])
            if cell_len(told) <= room:
                return f"{head}{told}.{gap} {keys}"
    return f"{head}{told}.{gap} {keys}"


def _others(digest: Digest, told_apart: int) -> list[str]:
    """Give the first of the lesser kinds, so many, each by itself, and what is left in one number."""
    apart, together = digest.others[:told_apart], digest.others[told_apart:]
    left = [(sum(count for count, _, _ in together), *ALL_ELSE)] if together else []
    return [_counted(*part) for part in (*apart, *left)]


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _outcome(outcome: Outcome, kind: str, names: Names, *, detailed: bool) -> str:
    """Give how many deals were won, say, with what is known of them: the name of one, the amounts of several."""
    amounts: list[str] = []
    if kind != "stale":
        amounts = [amount_words(cents, currency) for currency, cents in outcome.amounts[:CURRENCIES_TOLD]]
        if len(outcome.amounts) > CURRENCIES_TOLD:
            amounts.append(f"{len(outcome.amounts) - CURRENCIES_TOLD} more currencies")
        if amounts and outcome.without:
            amounts.append(f"{outcome.without:,} without an amount")
    called = [clean(names.of(id_) or name, NAME_MAX) or short_id(id_) for id_, name in outcome.deals[:NAMES_TOLD]]
    is_told = outcome.count <= NAMES_TOLD and (outcome.count == 1 or not amounts)
    details = ", ".join([*(called if is_told else ()), *amounts])
    return f"{outcome.count:,} {kind}{f' ({details})' if detailed and details else ''}"
