"""`--masked` as a user gives it: to every command that shows or writes values, with real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.canary_log import CANARY, canary_log, leaks
from support.other_rex import KEY, OtherRex, serving
from support.program import run
from support.terminal import terminal

from rex_tui.event import Event, Page, Quarantined
from rex_tui.export.review.pack import MASKED_WORDS
from rex_tui.store import EventStore

URL = "https://acme.rexgtm.com"
EVENTS = [Event(one.id, one.type, one.occurred_at, one.data, 1.0) for one in canary_log().events]
PERIOD = ("--period", "2026-03-01..2026-03-20", "--utc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "rex.db"
    with EventStore(file, URL) as store:
        aside = (Quarantined(b'{"name": "Quux"', "it is no JSON"),)
        store.append([Page(tuple(EVENTS), aside, has_more=False, next_cursor="c")])
    return file


def test_an_export_is_masked_in_every_format_by_flag_variable_and_file(path: Path, tmp_path: Path) -> None:
    store = ("--store", str(path))
    first = run("export", *store, "--masked")
    assert (first.returncode, first.stderr, leaks(first.stdout)) == (0, "", [])
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    assert [line["id"] for line in lines] == [event.id for event in EVENTS]
    assert lines[0]["data"]["company_id"] == json.loads(EVENTS[0].data)["company_id"]
    assert run("export", *store, "--masked").stdout == first.stdout, "the same pseudonyms each time"
    assert run("--masked", "export", *store).stdout == first.stdout

    by_variable = run("export", *store, REX_TUI_MASKED="yes")
    assert by_variable.stdout == first.stdout
    assert "Values are masked, as REX_TUI_MASKED says; --unmasked shows them." in by_variable.stderr
    assert leaks(run("export", *store, "--unmasked", REX_TUI_MASKED="yes").stdout)

    config = tmp_path / "config.toml"
    config.write_text('masked = true\n[masking]\nhide = ["email"]\nshow = ["contact.email"]\n')
    by_file = run("export", *store, "--where", "type:contact.created", REX_TUI_CONFIG=str(config)).stdout
    data = json.loads(by_file)["data"]
    assert (data["name"], data["email"]) == ("Quuxann Lee", "quuxann@quuxcorp.com"), "shown, as the file says"

    found = run(
        "export", *store, "--masked", "--where", "quuxann lee", "--format", "csv", "-o", str(tmp_path / "x.csv")
    )
    assert "Wrote 3 events, masked, to " in found.stderr, "what is asked for is looked for in the true values"
    assert leaks((tmp_path / "x.csv").read_text()) == []
    for kind in ("md", "parquet", "arrow"):
        file = tmp_path / f"x.{kind}"
        assert run("export", *store, "--masked", "-o", str(file)).returncode == 0
        assert leaks(file.read_bytes().decode(errors="replace")) == []


def test_a_tail_and_what_is_opened_from_it_are_masked(tmp_path: Path) -> None:
    texts = [event.json_line() for event in EVENTS]
    with serving(OtherRex(texts)) as rex:
        told = {"REX_URL": rex.url, "REX_API_KEY": KEY}
        store = ("--store", str(tmp_path / "tail.db"))
        done = run("tail", *store, "--once", "--masked", **told)
        assert (done.returncode, done.stderr, leaks(done.stdout)) == (0, "", [])
        assert len(done.stdout.splitlines()) == len(EVENTS)
        rows = run("--masked", "tail", *store, "--once", "--format", "csv", "--where", "quuxann", **told)
        assert len(rows.stdout.splitlines()) == 4
        assert leaks(rows.stdout) == []
        assert run("export", *store, "--masked").stdout == done.stdout
        assert leaks(run("tail", *store, "--once", "--unmasked", **told, REX_TUI_MASKED="1").stdout)
    file = tmp_path / "saved.jsonl"
    file.write_text("".join(f"{text}\n" for text in texts))
    with terminal(["open", "--masked", str(file)], {}) as screen:
        screen.until(" MASKED ")
        screen.until("trigger.deal.stale")
        screen.press("k")
        screen.until("deal_id")
        screen.press("M")
        screen.until("Masking is off")
        assert CANARY in screen.text
        screen.press("q")
        assert screen.wait() == 0


def test_a_review_is_masked_and_says_masked_in_the_place_of_money(path: Path, tmp_path: Path) -> None:
    store = ("--store", str(path), *PERIOD)
    page = run("review", *store, "--masked")
    assert (page.returncode, page.stderr, leaks(page.stdout)) == (0, "", [])
    assert "| Value won | masked |" in page.stdout
    assert "••• EUR" in page.stdout
    assert MASKED_WORDS in page.stdout
    assert MASKED_WORDS not in run("review", *store).stdout
    for kind in ("html", "csv"):
        written = run("review", *store, "--masked", "--format", kind)
        assert (written.returncode, leaks(written.stdout)) == (0, [])
        assert "•••" in written.stdout
    told = json.loads(run("review", *store, "--masked", "--format", "json").stdout)
    plain = json.loads(run("review", *store, "--format", "json").stdout)
    assert leaks(json.dumps(told)) == []
    assert told["masked"] is True
    assert "masked" not in plain
    assert told["figures"]["value_won"] is None
    assert plain["figures"]["value_won"] == [{"currency": "EUR", "cents": 765432400}]
    assert {key: told["figures"][key] for key in ("won", "created")} == {"won": 1, "created": 2}
    assert [deal["id"] for deal in told["deals"]] == [deal["id"] for deal in plain["deals"]]
    assert [deal["value"] for deal in told["deals"]] == [None, None]
    assert set(plain["figures"]) == set(told["figures"]) == set(plain["definitions"])
    (tmp_path / "config.toml").write_text('[masking]\nhide = ["name"]\n', "utf-8")
    names = run("review", *store, "--masked", "--format", "json", REX_TUI_CONFIG=str(tmp_path / "config.toml"))
    told = json.loads(names.stdout)
    assert told["masked"] is True, "also where amounts are shown"
    assert told["figures"]["value_won"] == plain["figures"]["value_won"]


def test_what_rules_would_have_done_is_told_masked(path: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[[rules]]\nname = "Wins"\nwhere = "type:deal.won value>50000.00 name:quux*"\ndo = ["toast"]\n')
    asked = ("rules", "test", "--days", "3660", "--format", "json")
    told = {"REX_TUI_STORE": str(path), "REX_TUI_CONFIG": str(config)}
    assert CANARY in run(*asked, **told).stdout
    done = run(*asked, "--masked", **told)
    assert (done.returncode, leaks(done.stdout)) == (0, [])
    assert json.loads(done.stdout)["rules"][0]["events"] == 1


def test_what_was_set_aside_is_withheld_with_a_sentence(path: Path) -> None:
    plain = run("store", "--store", str(path), "quarantine")
    assert (CANARY in plain.stdout, plain.stderr) == (True, "")
    for arguments in (["store", "quarantine", "--masked"], ["--masked", "store", "quarantine"]):
        done = run(*arguments, REX_TUI_STORE=str(path))
        assert CANARY not in done.stdout
        assert json.loads(done.stdout)["withheld_bytes"] == 15
        assert "it can't be masked and is not shown; --unmasked shows it" in done.stderr


@pytest.mark.parametrize("arguments", [["export"], ["review"], ["store", "quarantine"]])
def test_settings_that_cant_be_read_end_a_command_before_anything_is_shown(path: Path, arguments: list[str]) -> None:
    done = run(*arguments, REX_TUI_STORE=str(path), REX_TUI_MASKED="perhaps")
    assert (done.returncode, done.stdout) == (2, "")
    assert "REX_TUI_MASKED should be one of 1, true, yes, on, 0, false, no, off, or left out." in done.stderr
