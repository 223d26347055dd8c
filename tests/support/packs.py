"""Review packs to write in tests: of the demo organisation, and of deals into which somebody wrote hostile texts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from support.hostile import NAMES, hostile

from rex_tui.demo import Organisation
from rex_tui.export.review.pack import Noted, Pack
from rex_tui.query.review.facts import fact_of
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.period import period_named
from rex_tui.query.review.stages import Stage, StageKind

NOW: Final = datetime(2026, 3, 16, 12, tzinfo=UTC)
MARKUP: Final = (
    "</style></title><script>alert(1)</script>",
    "<img src=https://evil.example/x onerror=alert(1)>",
    "\"'><svg onload=alert(1)><b style='color:red' onclick=alert(1)>",
    "]]><!-- <base href=//evil.example> &lt;i&gt; &amp; --><link rel=stylesheet href=//evil.example/x>",
    "javascript:alert(1)//`${alert(1)}`",
    '=HYPERLINK("https://evil.example","x")',
    "@SUM(1+1)|cmd",
)
"""What would do something if a page, or a spreadsheet, took it for more than text."""


def demo_pack(history: int = 3_000, key: str = "7d", noted: tuple[Noted, ...] = ()) -> Pack:
    """Give a pack with everything in it that a review can have."""
    organisation, folding = Organisation(7), Folding()
    kinds: dict[str, StageKind] = {"Won": "won", "Lost": "lost"}
    stages = enumerate(organisation.stages)
    folding.know([Stage(one.id, one.name, place, kinds.get(one.name, "open")) for place, one in stages])
    for number, event in enumerate(organisation.history(history, NOW)):
        fact = fact_of(event.type, number, event.occurred_at, event.data)
        folding.take([] if fact is None else [fact])
    review = folding.review(period_named(key, NOW), NOW, stuck_days=5)
    return Pack(review, "acme.rexgtm.com", noted)


def hostile_pack() -> Pack:
    """Give a pack of which every text that comes from outside is hostile, markup and terminal sequences alike."""
    texts = [*MARKUP, *(hostile(name, "d") for name in NAMES)]
    folding = Folding()
    for number, text in enumerate(texts):
        for days, type_, data in (
            (4, "deal.created", {"name": text, "owner_id": text, "currency": text, "value": 2**70, "stage_id": text}),
            (3, "deal.stage_changed", {"to_stage_id": f"stg_{number}{text}", "to_stage_name": text}),
            (2, ("deal.won", "deal.lost", "trigger.deal.stale")[number % 3], {}),
        ):
            when = (NOW - timedelta(days=days)).isoformat()
            told = json.dumps({"deal_id": f"deal_{number}{text}", **data})
            fact = fact_of(type_, number, when, told)
            folding.take([] if fact is None else [fact])
    review = folding.review(period_named("7d", NOW), NOW)
    noted = tuple(Noted(text[:50], text[:400], NOW.timestamp(), None, "", "") for text in MARKUP)
    return Pack(review, MARKUP[0], noted, behind=MARKUP[1])
