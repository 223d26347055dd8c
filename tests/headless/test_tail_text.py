"""What others wrote, on standard output: clean on a terminal, exact in a pipe, no formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import os
import unicodedata
from pathlib import Path

import pytest
from support.hostile import NAMES, hostile, marker
from support.hostile_rex import HostileRex, hostile_event
from support.other_rex import KEY, OtherRex, serving
from support.sequences import written
from support.terminal import terminal
from support.warm import run_warm

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "-12.5"]


def piped(rex: OtherRex, folder: Path, *arguments: str) -> bytes:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    environment = kept | {"REX_URL": rex.url, "REX_API_KEY": KEY, "REX_TUI_STORE": str(folder / "rex.db")}
    done = run_warm(["tail", "--once", *arguments], environment)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def data_of(text: str) -> str:
    """Give the payload in an event's text, as it was sent."""
    return text.partition('"data": ')[2].rpartition(', "note": ')[0]


def test_a_pipe_gets_the_exact_bytes(tmp_path: Path) -> None:
    with serving(HostileRex(NAMES, hostile)) as rex:
        lines = piped(rex, tmp_path).decode().removesuffix("\n").split("\n")
        sent = list(rex.events)
    assert [line.partition('"data": ')[2] for line in lines] == [data_of(text) + "}" for text in sent]
    for line, text in zip(lines, sent, strict=True):
        before, after = json.loads(text), json.loads(line)
        assert after == {name: before[name] for name in after}
        assert "\x1b" not in line


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_a_terminal_gets_clean_text(tmp_path: Path, format_: str) -> None:
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db")}
    arguments = ["tail", "--once", "--format", format_]
    with (
        serving(HostileRex(NAMES, hostile)) as rex,
        terminal(arguments, environment | {"REX_URL": rex.url}, 160, 45) as screen,
    ):
        assert screen.wait() == 0
        screen.until(marker(NAMES[-1], "a"))
    seen = list(written(bytes(screen.raw), 160, 45))
    assert {one.family for one in seen} == {"text", "control 0d", "control 0a"}
    text = "".join(one.body for one in seen if one.family == "text")
    assert not {character for character in set(text) if unicodedata.category(character) in FORBIDDEN}
    for name in NAMES:
        assert all(marker(name, place) in text for place in "itovkna")


def test_a_spreadsheet_gets_cells_that_are_no_formulas(tmp_path: Path) -> None:
    at = "2026-03-16T12:00:00Z"
    formulas = [
        json.dumps({"id": f"{formula}{n}", "type": formula, "occurred_at": at, "data": json.loads('{"a":\t1}')})
        for n, formula in enumerate(FORMULAS)
    ]
    formulas.append(f'{{"id": "e", "type": "deal.won", "occurred_at": "{at}", "data": -12.5}}')
    formulas.append(f'{{"id": "f", "type": "deal.won", "occurred_at": "{at}", "data": {{"a":\t"é",\r\n"b": 2}}}}')
    sent = formulas + [hostile_event(name, hostile) for name in NAMES]
    with serving(OtherRex(sent)) as rex:
        text = piped(rex, tmp_path, "--format", "csv").decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["id", "type", "occurred_at", "data"]
    assert len(rows) == len(sent) + 1
    assert [row[1] for row in rows[1:8]] == ["'=1+1", "'+1+1", "'-1+1", "'@SUM(1)", "'␉=1", "'␍=1", "-12.5"]
    assert rows[8] == ["e", "deal.won", at, "-12.5"]
    assert rows[9] == ["f", "deal.won", at, '{"a": "é",  "b": 2}']
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell not in ("-12.5", "-12.56", "")]
    assert all(not unicodedata.category(c).startswith("Cc") for row in rows for cell in row for c in cell)
