"""What the log can't know, said in sentences and never guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo

from rex_tui.query.review.figures import Happened, value_unknown


def sentences(
    found: Happened, log_starts: float | None, earlier: float, timeless: int, zone: tzinfo
) -> tuple[str, ...]:
    """Say what the log does not know, where that touches the figures.

    `log_starts` is the time of its first event and `earlier` that at which the period before begins, both in seconds
    since the epoch, UTC; `timeless` counts the events about deals whose time can't be read.
    """
    if log_starts is None:
        said = ["The log has no event about a deal yet."]
    else:
        said = [*_of_deals(found, log_starts, zone), *_of_the_log(found, log_starts, earlier, zone)]
    if timeless:
        have, are = ("event about a deal has", "is") if timeless == 1 else ("events about deals have", "are")
        said.append(f"{timeless:,} {have} no readable time and {are} counted nowhere.")
    return tuple(said)


def _of_deals(found: Happened, log_starts: float, zone: tzinfo) -> Iterator[str]:
    if missing := value_unknown(found):
        yield f"Value unknown for {_deals(missing)} won or lost."
    deals = {deal.id: deal for deal in found.open}
    deals |= {ended.deal.id: ended.deal for ended in (*found.won, *found.lost)}
    if unborn := sum(deal.created_at is None for deal in deals.values()):
        yield f"The log starts {_day(log_starts, zone)}; created before: {_deals(unborn)} of those open, won or lost."
    if ageless := sum(ended.deal.created_at is None for ended in found.won):
        yield f"Days to win unknown for {_deals(ageless)}, created before the log starts."
    if nowhere := sum(not deal.stage_at(found.end) for deal in found.open):
        yield f"Stage unknown for {_deals(nowhere)} of those open."


def _of_the_log(found: Happened, log_starts: float, earlier: float, zone: tzinfo) -> Iterator[str]:
    if log_starts >= found.end:
        yield f"The log starts {_day(log_starts, zone)}, after this period."
    elif log_starts > found.start:
        yield f"The log starts {_day(log_starts, zone)}, within this period, so that its first part is not counted."
    elif log_starts > earlier:
        yield f"The log starts {_day(log_starts, zone)}, within the period before, so that changes are against a part."


def _day(moment: float, zone: tzinfo) -> str:
    return f"{datetime.fromtimestamp(moment, UTC).astimezone(zone):%Y-%m-%d}"


def _deals(count: int) -> str:
    return f"{count:,} deal{'' if count == 1 else 's'}"
