"""The files of a review pack, without a browser: what the page is made of, and that all formats tell the same."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta
from html.parser import HTMLParser
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from support.packs import MARKUP, NOW, demo_pack, hostile_pack

from rex_tui.event import Event, Page
from rex_tui.export.export import ExportError
from rex_tui.export.review.csv_deals import HEADS
from rex_tui.export.review.formats import FORMATS
from rex_tui.export.review.html import html_review
from rex_tui.export.review.pack import Noted, Pack, deal_groups, noted_in
from rex_tui.export.review.style import DARK, LIGHT, ON_PAGE
from rex_tui.export.review.writing import ENDS, pack_name, pack_paths, write_pack
from rex_tui.names import Names
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.period import period_named
from rex_tui.query.review.words import figure_words
from rex_tui.safe_text import clean
from rex_tui.store import EventStore
from rex_tui.store.notebook import Mark

VOID: Final = frozenset({"meta"})
TAGS: Final = frozenset(
    {
        *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "small"),
        *("p", "div", "dl", "dt", "dd", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("details", "summary", "span", "bdi", "blockquote", "svg", "desc", "rect", "text", "line"),
    }
)
AA: Final = 4.5
NOTED: Final = (
    Noted("evt_1", "Call <b>back</b>", NOW.timestamp(), NOW.timestamp() - 60, "deal.lost", "2,110.00 USD · price"),
    Noted("evt_gone", "", NOW.timestamp()),
)


class Parts(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[str] = []
        self.text = ""
        self.style = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            self.style += data
        else:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _tag, named, value in self.attributes if named == name]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", Parts(page).text)


@pytest.mark.parametrize("made", [lambda: demo_pack(noted=NOTED), lambda: demo_pack(0), hostile_pack])
def test_the_page_is_made_of_harmless_parts_alone_and_is_read_aloud_as_it_is_seen(made: Callable[[], Pack]) -> None:
    page = html_review(made())
    found = Parts(page)
    assert found.open == []
    assert set(found.tags) <= TAGS
    names = {name for _tag, name, _value in found.attributes}
    assert not [name for name in names if name.startswith("on") or name in ("style", "src", "href", "srcset", "action")]
    assert "url(" not in found.style
    assert "@import" not in found.style
    policy = next(value for value in found.values("content") if "default-src" in value)
    digest = b64encode(hashlib.sha256(found.style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.index("Content-Security-Policy") < page.index("<style>")
    ids = found.values("id")
    assert len(ids) == len(set(ids))
    assert {id_ for value in found.values("aria-labelledby") for id_ in value.split()} == set(ids)
    assert found.values("role").count("img") == found.tags["desc"]
    assert found.tags["caption"] == found.tags["table"]
    assert len(found.values("scope")) == found.tags["th"]
    assert "".join(page.split("\n")).isprintable()


def test_text_from_outside_is_text_in_every_format() -> None:
    pack = hostile_pack()
    page = text_of(html_review(pack))
    for text in MARKUP:
        assert clean(text, 60) in page
    table = list(csv.reader(io.StringIO(FORMATS["csv"](pack))))
    assert len(table) == 1 + len(pack.review.deals)
    assert len({len(row) for row in table}) == 1
    formula = re.compile(r"\s*[=+@\t\r-]")
    assert not [cell for row in table for cell in row if formula.match(cell)]
    assert "'=HYPERLINK" in FORMATS["csv"](pack)
    told = json.loads(FORMATS["json"](pack))
    assert (told["tenant"], told["marks"][0]["note"]) == (MARKUP[0], MARKUP[0])
    for written in FORMATS.values():
        assert "".join(written(pack).split("\n")).isprintable()


def test_all_formats_tell_the_same_figures_deals_and_marks() -> None:
    pack = demo_pack(noted=NOTED)
    review = pack.review
    page, markdown, told = text_of(html_review(pack)), FORMATS["md"](pack), json.loads(FORMATS["json"](pack))
    assert review.before is not None
    for key in ("created", "moved", "won", "lost", "stale", "win_rate", "days_to_win"):
        assert figure_words(review.figures, key) in page
        assert f"from {figure_words(review.before, key)}" in page
        assert f"| {figure_words(review.figures, key)} | {figure_words(review.before, key)} |" in markdown
    for cents, currency in [(cents, currency) for currency, cents in review.figures.value_won or ()]:
        assert f"{cents // 100:,}.{cents % 100:02} {currency}" in page
    for group in deal_groups(review):
        assert (f"{group.title} {len(group.rows)}" in page) is bool(group.rows)
        assert (f"## {group.title} ({len(group.rows)})" in markdown) is bool(group.rows)
    assert page.count("stuck, ") == review.figures.stale > 0
    assert "acme.rexgtm.com" in page
    assert "# Sales review: the last 7 days · acme.rexgtm.com" in markdown
    assert "2026-03-16 11:59 deal.lost · 2,110.00 USD · price Call <b>back</b>" in page
    assert r"| 2026-03-16 11:59 | deal.lost | 2,110.00 USD · price | Call \<b\>back\</b\> |" in markdown
    assert "evt_gone · not in the log now" in page
    assert [mark["summary"] for mark in told["marks"]] == ["2,110.00 USD · price", None]


def test_csv_has_names_beside_ids_and_the_days_in_each_stage() -> None:
    pack = demo_pack()
    row = next(row for row in pack.review.deals if "won" in row.happened)
    names = Names({row.deal.owner: "Ann Lee", row.deal.id: "Our name"})
    pack = Pack(pack.review, names=names)
    found = {line["deal_id"]: line for line in csv.DictReader(io.StringIO(FORMATS["csv"](pack)))}
    assert len(found) == len(pack.review.deals)
    line = found[row.deal.id]
    assert tuple(line)[: len(HEADS)] == HEADS
    assert (line["deal"], line["owner_id"], line["owner"]) == ("Our name", row.deal.owner, "Ann Lee")
    assert (line["status"], line["stage"], line["stuck"]) == ("won", "Won", "no")
    assert line["value"] == f"{(row.deal.value or 0) / 100:.2f}"
    stays = [(stop, stay) for stop, stay in row.deal.stays(pack.review.end) if stay is not None]
    names_of = {stage.id: stage.name for stage in pack.review.stages}
    days: dict[str, float] = {}
    for stop, stay in stays:
        days[names_of[stop.stage]] = days.get(names_of[stop.stage], 0.0) + stay / 86_400
    for stage in ("Lead", "Qualified", "Proposal", "Negotiation"):
        assert line[f"days in {stage}"] == (f"{days[stage]:.2f}" if stage in days else "")
    for text in (html_review(pack), FORMATS["md"](pack)):
        assert "Our name" in text
        assert "Ann Lee" in text


def test_every_colour_can_be_read() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(palette: Mapping[str, str], one: str, other: str) -> float:
        dark, bright = sorted((light(palette[one]), light(palette[other])))
        return (bright + 0.05) / (dark + 0.05)

    pairs = [*product(ON_PAGE, ("page", "card")), ("text", "heat"), ("text", "hot")]
    assert [
        (one, other) for palette in (LIGHT, DARK) for one, other in pairs if contrast(palette, one, other) < AA
    ] == []


def test_a_log_with_more_stages_than_a_matrix_has_room_for_lists_its_moves() -> None:
    page = text_of(html_review(hostile_pack()))
    assert "The most frequent moves" in page
    assert "more stages." in page
    assert "more currencies" in page
    assert "From ↓ to →" in text_of(html_review(demo_pack()))
    long = text_of(html_review(demo_pack(key="2025-06-01..2026-03-16")))
    assert "a bar for each" in long or "a bar a day" in long


def test_marks_of_the_period_belong_to_it_and_those_of_the_meeting(tmp_path: Path) -> None:
    review = Folding().review(period_named("last-week", NOW), NOW)
    day = timedelta(days=1)

    def event(number: int, days: float) -> Event:
        at = (NOW - days * day).isoformat()
        return Event(f"evt_{number}", "deal.won", at, '{"deal_id":"deal_0001","to_stage_id":"stg_0001","value":5}', 0.0)

    events = (event(1, 3), event(2, 30), event(3, 31), event(4, 32))
    marks = [
        Mark("evt_1", "of the period, marked later", (NOW + 9 * day).timestamp()),
        Mark("evt_2", "older, marked in the period", (NOW - 2 * day).timestamp()),
        Mark("evt_3", "older, marked in the meeting", NOW.timestamp() - 60),
        Mark("evt_4", "neither", (NOW - 20 * day).timestamp()),
        Mark("evt_5", "not in the log\x1b", NOW.timestamp()),
        Mark("evt_6", "of no time", float("inf")),
    ]
    with EventStore(tmp_path / "rex.db", "https://acme.rexgtm.com") as store:
        store.append([Page(events, (), has_more=False, next_cursor="c")])
        noted = noted_in(review, marks, store, Names())
    assert [(one.event_id, one.note.split(",")[0]) for one in noted] == [
        ("evt_3", "older"),
        ("evt_2", "older"),
        ("evt_1", "of the period"),
        ("evt_5", "not in the log␛"),
    ]
    assert noted[0].summary == "0.05 USD"
    assert (noted[-1].happened_at, noted[-1].summary) == (None, "")


def test_a_pack_is_named_after_its_days_and_none_of_it_is_there_before_all_are_whole(tmp_path: Path) -> None:
    week = period_named("last-week", NOW)
    assert pack_name(week) == "review-2026-03-09-to-2026-03-15"
    assert pack_name(period_named("2026-03-01..2026-03-01", NOW)) == "review-2026-03-01"
    paths = pack_paths(tmp_path, pack_name(week), ENDS)
    assert [path.name.removeprefix(pack_name(week)) for path in paths.values()] == [".html", ".md", "-deals.csv"]
    for typed in ("mine", "mine.html", "mine.md", "mine-deals.csv"):
        assert pack_paths(tmp_path / typed, "x", ["csv"]) == {"csv": tmp_path / "mine-deals.csv"}
    pack, store = demo_pack(0), tmp_path / "rex.db"
    paths["csv"].mkdir()
    with pytest.raises(ExportError, match="is no file that could be replaced"):
        write_pack(pack, paths, replace=True, store=store)
    assert [path.name for path in tmp_path.iterdir()] == [paths["csv"].name]
    paths["csv"].rmdir()
    write_pack(pack, paths, replace=False, store=store)
    assert {kind: path.read_text() for kind, path in paths.items()} == {kind: FORMATS[kind](pack) for kind in ENDS}
    assert {path.stat().st_mode & 0o777 for path in paths.values()} == {0o600}
    with pytest.raises(ExportError, match="was left as it is"):
        write_pack(pack, paths, replace=False, store=store)


def test_what_is_not_known_and_not_over_is_said() -> None:
    pack = Pack(Folding().review(period_named("today", NOW), NOW), behind="paused")
    told: dict[str, Any] = json.loads(FORMATS["json"](pack))
    for text in (text_of(html_review(pack)), FORMATS["md"](pack)):
        assert "The period is not over yet. The log was behind Rex then: paused." in text
        assert "compared with nothing, since the log does not reach back before it" in text
        assert "The log has no event about a deal yet." in text
    assert "No deal was touched in this period" in text_of(html_review(pack))
    assert told["figures_before"] is None
