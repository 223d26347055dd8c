"""The export as a user runs it: real processes, a real store, real files."""

from __future__ import annotations

import csv
import io
import json
import os
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from support.program import run_raw

from rex_tui.event import Event, Page
from rex_tui.export.columns import FOUND_MAX
from rex_tui.export.export import Cancelled, ExportError, all_events, chosen_events, export
from rex_tui.export.file import NewFile
from rex_tui.export.formats import make_format
from rex_tui.names import Remembered, Stage
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook

URL = "https://acme.rexgtm.com"
BIG = 2**70
PAYLOADS = (
    ("deal.won", f'{{"id": "deal_1",\n "value": {BIG}, "rate": 0.10, "contact": {{"email": "a@b.example"}}}}'),
    ("deal.lost", '{"value": -5, "why": "=cmd()|x", "tags": ["a", 1.50, null], "ok": true, "contact": {}}'),
    ("contact.created", '{"name": "\\u001b[2J*evil* | <b>", "contact": {"email": null}}'),
    ("odd.type", "[1, 2]"),
    ("odd.type", '"text"'),
)


run = partial(run_raw, "export")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "rex.db"
    with EventStore(file, URL) as store:
        events = [
            Event(f"evt_{n}", type_, f"2026-03-0{n + 1}T12:00:00Z", data, 1_700_000_000.0 + n)
            for n, (type_, data) in enumerate(PAYLOADS)
        ]
        store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
        store.forget_cursor("410", "read again", 1.7e9)
        store.append([Page((Event("evt_9", "deal.won", "", "{}", 1.7e9),), (), has_more=False, next_cursor="d")])
    return file


def rows(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode())))


def test_json_lines_have_every_payload_as_it_came_and_no_row_of_a_gap(path: Path) -> None:
    done = run("--store", str(path))
    assert (done.returncode, done.stderr) == (0, b"")
    lines = done.stdout.decode().splitlines()
    with EventStore(path, None) as store:
        events = [event for event in store.events(0, 100) if event.id.startswith("evt_")]
    assert lines == [event.json_line() for event in events]
    assert str(BIG) in lines[0]
    assert "0.10" in lines[0]
    assert [json.loads(line)["id"] for line in lines] == [*(f"evt_{n}" for n in range(5)), "evt_9"]


def test_csv_has_a_column_for_every_field_and_no_cell_that_is_a_formula(path: Path) -> None:
    found = rows(run("--store", str(path), "--format", "csv").stdout)
    assert list(found[0]) == [
        *("id", "type", "occurred_at", "received_at", "summary"),
        *("data.id", "data.value", "data.rate", "data.contact.email", "data.why", "data.tags", "data.ok"),
        *("data.contact", "data.name", "data"),
    ]
    assert (found[0]["data.value"], found[0]["data.rate"]) == (str(BIG), "0.10")
    assert found[0]["received_at"] == "2023-11-14T22:13:20Z"
    assert found[1]["data.why"] == "'=cmd()|x"
    assert (found[1]["data.value"], found[1]["data.tags"], found[1]["data.ok"]) == ("-5", '["a", 1.50, null]', "true")
    assert "\x1b" not in found[2]["data.name"]
    assert [row["data"] for row in found[3:5]] == ["[1, 2]", "text"]


def test_csv_with_chosen_fields_has_these_after_the_events_own(path: Path) -> None:
    done = run("--store", str(path), "--format", "csv", "--fields", "contact.email, data.tags[1],nothing,data")
    found = rows(done.stdout)
    assert list(found[0])[4:] == ["data.contact.email", "data.tags[1]", "data.nothing", "data"]
    assert (found[0]["data.contact.email"], found[1]["data.tags[1]"], found[1]["data.nothing"]) == (
        "a@b.example",
        "1.50",
        "",
    )
    refused = run("--store", str(path), "--fields", "value")
    assert refused.returncode == 2
    assert b"leave out --fields" in refused.stderr


def test_csv_says_which_fields_it_has_no_room_for(tmp_path: Path) -> None:
    file = tmp_path / "wide.db"
    with EventStore(file, URL) as store:
        data = json.dumps({f"field{n:04}": n for n in range(FOUND_MAX + 7)})
        store.append([Page((Event("evt_1", "odd.type", "", data, 1.0),), (), has_more=False, next_cursor="c")])
    done = run("--store", str(file), "--format", "csv")
    assert len(rows(done.stdout)[0]) == 5 + FOUND_MAX
    assert b"7 more payload fields are left out, of which the first is data.field0256" in done.stderr


def test_markdown_is_a_table_that_says_nothing_but_text(path: Path) -> None:
    lines = run("--store", str(path), "--format", "md").stdout.decode().splitlines()
    assert lines[0] == r"| occurred_at | type | id | summary |"
    assert lines[1] == "| --- | --- | --- | --- |"
    assert len(lines) == 2 + 6
    assert r"\*evil\* \| \<b\>" in lines[4]
    assert "\x1b" not in lines[4]
    chosen = run("--store", str(path), "--format", "md", "--fields", "value").stdout.decode().splitlines()
    assert chosen[3].endswith("| -5 |")


def test_summaries_tell_names_and_ids_stay_ids(tmp_path: Path) -> None:
    path, own = tmp_path / "named.db", tmp_path / "config.toml"
    own.write_text('[names]\nstg_0002 = "Our =talk"\n')
    moved = {"deal_id": "deal_0001", "from_stage_id": "stg_0001", "to_stage_id": "stg_0002"}
    told = (
        ("deal.stage_changed", moved),
        ("task.created", {"task_id": "task_0001", "title": "Call", "status": "comp_0001"}),
        ("odd.thing", {"odd_id": "odd_1", "deal": "deal_0001", "by": "cont_0001"}),
        ("contact.created", {"contact_id": "cont_0001", "name": "Ann\x1b[2J"}),
    )
    events = [
        Event(f"evt_{n}", type_, f"2026-03-0{n + 1}T12:00:00Z", json.dumps(data), 1.7e9)
        for n, (type_, data) in enumerate(told)
    ]
    stage = Stage("stg_0001", "Lead", "pipe_0001", 0, "open", "")
    with EventStore(path, URL) as store:
        store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
        store.remember(
            [
                Remembered("stg_0001", "stage", "known", "Lead", 1.7e9, stage),
                Remembered("deal_0001", "deal", "known", "Acme renewal", 1.7e9),
                Remembered("comp_0001", "company", "missing", "", 1.7e9),
            ]
        )

    def exported(kind: str) -> str:
        done = run("--store", str(path), "--format", kind, REX_TUI_CONFIG=str(own))
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout.decode()

    found = rows(exported("csv").encode())
    assert [row["summary"] for row in found] == [
        "Lead → Our =talk",
        "Call · comp_0001",
        "deal Acme renewal, by Ann␛[2J",
        "Ann␛[2J",
    ]
    assert (found[0]["data.deal_id"], found[0]["data.to_stage_id"]) == ("deal_0001", "stg_0002")
    markdown = exported("md").splitlines()
    assert markdown[2] == "| 2026-03-01T12:00:00Z | deal.stage_changed | evt_0 | Lead → Our =talk |"
    assert exported("jsonl").splitlines() == [event.json_line() for event in events]


@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_tables_for_other_programs_have_types_and_the_payload_as_it_came(path: Path, tmp_path: Path, kind: str) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    out = tmp_path / f"events.{kind}"
    done = run("--store", str(path), "-o", str(out))
    assert (done.returncode, done.stderr.decode()) == (0, f"rex-tui: Wrote 6 events to {out}.\n")
    if kind == "parquet":
        found = parquet.read_table(out).to_pylist()
    else:
        with pa.ipc.open_file(out) as reader:
            found = reader.read_all().to_pylist()
    assert [row["data"] for row in found] == [*(data for _, data in PAYLOADS), "{}"]
    assert found[1]["data.ok"] is True
    assert found[0]["data.rate"] == 0.1
    assert (found[0]["data.value"], found[1]["data.value"]) == (str(BIG), "-5"), "what fits no number is text"
    assert found[0]["occurred"].isoformat() == "2026-03-01T12:00:00+00:00"
    assert found[5]["occurred"] is None


def test_without_the_extra_a_sentence_says_how_to_get_it(path: Path, tmp_path: Path) -> None:
    (tmp_path / "pyarrow.py").write_text("raise ImportError")
    done = subprocess.run(
        [sys.executable, "-m", "rex_tui", "export", "--store", str(path), "--format", "parquet", "-o", "x"],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}"},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'rex-tui[arrow]'" in done.stderr
    assert not (tmp_path / "x").exists()


def test_types_and_questions_choose(path: Path) -> None:
    done = run("--store", str(path), "--type", "deal.won", "--type", "deal.lost")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["evt_0", "evt_1", "evt_9"]
    done = run("--store", str(path), "--type", "deal.won", "--where", "b.example")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == ["evt_0"]
    wrong = run("--store", str(path), "--where", '"never closed')
    assert wrong.returncode == 2
    assert wrong.stderr.startswith(b"rex-tui: ")
    assert b"Traceback" not in wrong.stderr


def test_marks_count_in_questions_and_no_notes_are_made(path: Path) -> None:
    run("--store", str(path), "--where", "b.example")
    assert not path.with_name("rex.db.notes").exists()
    with Notebook(path) as notebook:
        notebook.mark("evt_1", "", 1.0)
    assert run("--store", str(path), "--where", "b.example").returncode == 0


def test_a_file_is_private_whole_and_never_written_over_unasked(path: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    assert run("--store", str(path), "-o", "out.csv", cwd=tmp_path).returncode == 0
    assert out.read_bytes().startswith(b"id,type,"), "the name's ending decides on the format"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    out.write_text("mine")
    refused = run("--store", str(path), "-o", str(out))
    assert refused.returncode == 5
    assert b"is there already and was left as it is" in refused.stderr
    assert out.read_text() == "mine"
    assert run("--store", str(path), "-o", str(out), "--force").returncode == 0
    assert out.read_text() != "mine"
    assert not list(tmp_path.glob(".*")), "no part of a file stays behind"


def test_a_link_is_followed_and_what_is_no_file_is_left_alone(path: Path, tmp_path: Path) -> None:
    (tmp_path / "target").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert run("--store", str(path), "-o", str(tmp_path / "link"), "--force").returncode == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "target").read_text() != "old"
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        assert run("--store", str(path), "-o", str(tmp_path / name), "--force").returncode == 5
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    missing = run("--store", str(path), "-o", str(tmp_path / "no" / "such" / "x"))
    assert (missing.returncode, b"can't be written" in missing.stderr) == (5, True)


def test_given_up_half_way_it_leaves_nothing(path: Path, tmp_path: Path) -> None:
    def give_up(_count: int) -> None:
        raise Cancelled

    out = tmp_path / "out.jsonl"
    out.write_text("mine")
    with EventStore(path, None) as store:
        last = store.last_seq()
        with pytest.raises(Cancelled), NewFile(out, replace=True) as file:
            export(lambda: all_events(store, last, lambda _: True), make_format("jsonl"), file, give_up)
    assert out.read_text() == "mine"
    assert {file.name for file in tmp_path.iterdir() if ".part" in file.name} == set()


def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path) -> None:
    def write() -> None:
        with NewFile(tmp_path / "out"):
            raise OSError(28, "No space left on device")

    with pytest.raises(ExportError, match="No space left"):
        write()
    assert not list(tmp_path.iterdir())


def test_chosen_sequences_come_in_chunks_from_a_reader_of_another_thread(path: Path) -> None:
    with EventStore(path, None) as store:
        reader = store.reader()
        found = [event.id for _, events in chosen_events(reader, [[1, 3], [6, 7]]) for event in events]
        reader.close()
        assert store.seqs_of(["evt_9", "evt_0", "evt_x"]) == {"evt_9": 7, "evt_0": 1}
    assert found == ["evt_0", "evt_2", "evt_9"]


def test_there_is_nothing_to_export_where_no_store_is(tmp_path: Path) -> None:
    done = run("--store", str(tmp_path / "none.db"))
    assert done.returncode == 5
    assert b"There is no store at" in done.stderr
    assert not list(tmp_path.iterdir())
