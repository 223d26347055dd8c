"""What the bar completes with: what the newest events hold, as far as it can be typed."""

from __future__ import annotations

from support.hostile import NAMES, hostile

from rex_tui.event import GAP_TYPE, Row
from rex_tui.names import Names, Stage
from rex_tui.query.known import NAME_MAX, known_in
from rex_tui.safe_text import clean


def row(seq: int, data: str | None) -> Row:
    return Row(seq, f"evt_{seq:06}", "deal.won", "", 0.0, data, 0)


def test_fields_with_their_paths_and_ids_the_newest_first() -> None:
    rows = [
        row(1, '{"deal_id":"deal_01AAAA","owner":{"name":"x","id":"usr_01BBBB"}}'),
        row(2, '{"deal_id":"deal_01CCCC"}'),
        row(3, None),
        row(4, "no json"),
    ]
    known = known_in(rows, ["deal.won", GAP_TYPE, "contact.created"], ["mine"])
    assert known.types == ("contact.created", "deal.won")
    assert known.fields == ("deal_id", "owner", "owner.id", "owner.name")
    assert known.ids.index("deal_01CCCC") < known.ids.index("deal_01AAAA")
    assert "evt_000001" in known.ids
    assert known.filters == ("mine",)


def test_what_can_not_be_shown_or_typed_is_not_offered() -> None:
    names = [hostile(name, "f") for name in NAMES]
    known = known_in([Row(1, names[0], "t", "", 0.0, '{"a b":1,"":2}', 0)], names, [])
    assert known.fields == ()
    assert all(clean(name) == name and " " not in name and len(name) <= NAME_MAX for name in known.types + known.ids)


def test_stages_are_known_by_name_once_each_in_pipeline_order() -> None:
    stages = [Stage(f"stg_{n:04}", name, "pipe_1", n, "open", "") for n, name in enumerate(["Won", "Lead", "Won"])]
    assert known_in([], [], [], Names(stages=stages)).stages == ("Won", "Lead")
