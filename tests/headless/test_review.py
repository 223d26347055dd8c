"""The review as a user runs it: real processes, a real store, real files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from support.program import run_raw

from rex_tui.cli_review import FORMATS as OFFERED
from rex_tui.demo import Organisation
from rex_tui.event import Event, Page
from rex_tui.export.review.formats import FORMATS
from rex_tui.export.review.pack import Pack
from rex_tui.query.review.facts import fact_of
from rex_tui.query.review.folding import Folding
from rex_tui.query.review.period import period_named
from rex_tui.query.review.stages import Stage
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook, notebook_path

URL = "https://acme.rexgtm.com"
HOSTILE = "\x1b]0;evil\x07|[x](y) *b* \u202e"


run = partial(run_raw, "review")


def fill(path: Path, events: list[Event]) -> Path:
    with EventStore(path, URL) as store:
        store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = Organisation(7).history(3_000, datetime.now(UTC))
    return fill(tmp_path / "rex.db", [Event(one.id, one.type, one.occurred_at, one.data, 0.0) for one in made])


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    def event(number: int, type_: str, **data: object) -> Event:
        when = (datetime.now(UTC) - timedelta(days=9 - number)).isoformat()
        return Event(f"evt_{number}", type_, when, json.dumps({"deal_id": f"deal_{HOSTILE}", **data}), 0.0)

    return fill(
        tmp_path / "hostile.db",
        [
            event(1, "deal.created", name=HOSTILE, stage_id=HOSTILE, owner_id=HOSTILE, currency=HOSTILE, value=2**70),
            event(3, "deal.stage_changed", to_stage_id="s", to_stage_name=HOSTILE, from_stage_id=HOSTILE),
            event(5, "deal.won"),
        ],
    )


def test_json_and_markdown_have_the_same_figures_and_a_file_appears_whole(path: Path, tmp_path: Path) -> None:
    done = run("--store", str(path), "--period", "7d", "--format", "json", "--utc", "--stuck-days", "3")
    assert (done.returncode, done.stderr) == (0, b"")
    told: dict[str, Any] = json.loads(done.stdout)
    assert (told["format"], told["period"]["key"], told["period"]["name"]) == (1, "7d", "the last 7 days")
    assert told["figures"]["won"] > 0
    assert told["figures"]["won"] == sum(day["won"] for day in told["days"])
    assert told["figures"]["won"] == sum("won" in deal["happened"] for deal in told["deals"])
    assert told["figures"]["won"] == sum(flow["won"] for flow in told["flow"])
    assert told["figures"]["moved"] == sum(move["count"] for move in told["moves"])
    assert set(told["figures"]) == set(told["definitions"]) == set(told["figures_before"])
    assert all(row["at_start"] + row["entered"] >= row["at_end"] for row in told["flow"])
    assert told["stuck_days"] == 3
    assert sum(deal["stuck"] for deal in told["deals"]) == told["figures"]["stale"]

    output = tmp_path / "review.md"
    first = run("--store", str(path), "-o", str(output), "--utc", "--period", "2020-01-01..2099-12-31")
    assert (first.returncode, first.stdout) == (0, b"")
    assert f"Wrote the review to {output}." in first.stderr.decode()
    text = output.read_text()
    assert "# Sales review: 2020-01-01 to 2099-12-31" in text
    assert "since the log does not reach back before it" in text
    assert "The period is not over yet." in text
    for heading in ("Figures", "Pipeline", "Moves", "Days", "What the log does not know", "What the figures mean"):
        assert f"\n## {heading}\n" in text
    again = run("--store", str(path), "-o", str(output))
    assert again.returncode == 5
    assert b"or --force" in again.stderr
    assert run("--store", str(path), "-o", str(output.with_suffix(".json")), "--period", "last-week").returncode == 0
    assert json.loads(output.with_suffix(".json").read_bytes())["period"]["is_over"] is True


def test_a_page_is_written_for_cron_with_the_marks_beside_the_store_and_the_users_names(
    path: Path, tmp_path: Path
) -> None:
    with EventStore(path, None) as store:
        event = store.event(store.last_seq())
        owner = next(
            json.loads(one.data)["owner_id"] for one in store.events(0, 9_999) if one.type == "deal.stage_changed"
        )
    assert event is not None
    with Notebook(path) as notebook:
        notebook.mark(event.id, "Call <them> back", 0.0)
    own = tmp_path / "config.toml"
    own.write_text(f'[names]\n{owner} = "Ann & Co"\n')
    page = tmp_path / "review.htm"
    done = run("--store", str(path), "--period", "90d", "-o", str(page), REX_TUI_CONFIG=str(own))
    assert (done.returncode, done.stderr.decode()) == (0, f"rex-tui: Wrote the review to {page}.\n")
    text = page.read_text()
    assert text.startswith("<!doctype html>")
    assert "Call &lt;them&gt; back" in text
    assert f"{event.type} · " in text
    assert "Sales review of <bdi>acme.rexgtm.com</bdi>" in text
    assert "Ann &amp; Co" in text
    assert page.stat().st_mode & 0o777 == 0o600

    notebook_path(path).write_text("no notebook")
    told = run("--store", str(path), "--format", "csv")
    assert told.returncode == 0
    assert b"Marks and notes are left out, since they can't be read." in told.stderr
    assert told.stdout.startswith(b"deal_id,deal,status,")


def test_what_is_asked_wrongly_is_told_and_an_empty_log_is_reviewed(tmp_path: Path) -> None:
    missing = run("--store", str(tmp_path / "none.db"))
    assert missing.returncode == 5
    odd = run("--store", str(tmp_path / "none.db"), "--period", "\x1b[2Jsoon")
    assert odd.returncode == 2
    assert "is no period. Possible: last-review, today" in odd.stderr.decode()
    assert b"\x1b" not in odd.stderr
    empty = run(REX_TUI_STORE=str(fill(tmp_path / "empty.db", [])))
    assert empty.returncode == 0
    assert "- The log has no event about a deal yet." in empty.stdout.decode()


def test_hostile_texts_are_only_text(hostile: Path) -> None:
    for name in FORMATS:
        done = run("--store", str(hostile), "--format", name, "--utc", "--period", "30d")
        assert done.returncode == 0
        text = done.stdout.decode()
        assert "".join(text.split("\n")).isprintable()
        assert "evil" in text
    markdown = run("--store", str(hostile), "--utc").stdout.decode()
    assert r"\|\[x\](y) \*b\*" in markdown
    assert f"{2**70 // 100:,}.{2**70 % 100:02}" in markdown


def test_every_format_that_is_offered_is_one() -> None:
    assert tuple(FORMATS) == OFFERED


def test_a_long_list_is_cut_and_stages_go_by_the_names_that_rex_tells() -> None:
    now = datetime(2026, 3, 31, tzinfo=UTC)
    folded = Folding()
    for number in range(120):
        data = json.dumps({"deal_id": f"deal_{number:04}", "stage_id": "stg_1", "name": f"Deal {number}"})
        fact = fact_of("deal.created", number, "2026-03-30T12:00:00Z", data)
        assert fact is not None
        folded.take([fact])
    folded.know([Stage("stg_1", "Lead & more", 0)])
    text = FORMATS["md"](Pack(folded.review(period_named("7d", now), now)))
    assert "## Created, and not moved (120)" in text
    assert "… and 20 more." in text
    assert r"| Deal 7 | – | – | Lead \& more 12 h | 2026-03-30 12:00 |" in text  # noqa: RUF001 - as it is shown
    assert text.count("\n| 2026-03-") == 1
