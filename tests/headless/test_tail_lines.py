"""`tail --plain` and `--template`: what people and other programs read."""

from __future__ import annotations

import os
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from support.hostile import NAMES, hostile
from support.hostile_rex import HostileRex
from support.other_rex import KEY, OtherRex, serving
from support.program import in_text
from support.terminal import terminal
from support.warm import run_warm

from rex_tui.event import Event
from rex_tui.headless.template import Template, read_template
from rex_tui.names import Names
from rex_tui.query.language import QueryError

AT = "2026-03-16T12:00:00Z"
DEAL = "deal_01HQ3ZK8N2"
EVENTS = [
    f'{{"id": "e1", "type": "deal.won", "occurred_at": "{AT}", "data": {{"name": "Big", "value": 123400}}}}',
    f'{{"id": "e2", "type": "deal.stage_changed", "occurred_at": "{AT}", "data": {{"from": "New", "to": "Won"}}}}',
    '{"id": "e3", "type": "a.type.that.is.very.long.indeed", "occurred_at": "soon", "data": [1]}',
    f'{{"id": "e4", "type": "trigger.deal.stale", "occurred_at": "{AT}", "data": {{"deal_id": "{DEAL}"}}}}',
]
FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def piped(rex: OtherRex, folder: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REX_")}
    environment = kept | {"REX_URL": rex.url, "REX_API_KEY": KEY, "REX_TUI_STORE": str(folder / "rex.db")}
    return in_text(run_warm(["tail", "--once", *arguments], environment | changes))


def test_plain_lines_tell_time_type_and_what_happened_in_words(tmp_path: Path) -> None:
    with serving(OtherRex(EVENTS)) as rex:
        done = piped(rex, tmp_path, "--plain", "--utc")
        assert done.stdout.splitlines() == [
            "2026-03-16 12:00:00Z  deal.won              1,234.00 USD, Big",
            "2026-03-16 12:00:00Z  deal.stage_changed    New to Won",
            "soon  a.type.that.is.very.long.indeed  [1]",
            "2026-03-16 12:00:00Z  trigger.deal.stale    no activity",
        ]
        assert piped(rex, tmp_path, "--format", "plain", "--utc").stdout == done.stdout
        masked = piped(rex, tmp_path, "--plain", "--masked", "--where", "id:e1").stdout
        assert "Big" not in masked
        assert "••• USD, Deal " in masked
        two = piped(rex, tmp_path, "--plain", "--template", "{id}")
        assert (two.returncode, two.stdout) == (2, "")
        assert "only one can say how lines look" in two.stderr


@pytest.mark.parametrize("how", [["--plain"], ["--template", "{summary}"]])
def test_ids_are_said_by_the_names_that_are_known_when_the_line_is_written(tmp_path: Path, how: list[str]) -> None:
    moved = '{"deal_id": "deal_01HQ3ZK8N2", "from_stage_id": "stg_A1B2C3D4", "to_stage_id": "stg_E5F6G7H8"}'
    event = f'{{"id": "e1", "type": "deal.stage_changed", "occurred_at": "{AT}", "data": {moved}}}'
    settings = tmp_path / "settings.toml"
    settings.write_text('[names]\nstg_A1B2C3D4 = "Qualified"\nstg_E5F6G7H8 = "Proposal"\n')
    settings.chmod(0o600)
    with serving(OtherRex([event])) as rex:
        told = piped(rex, tmp_path, *how, REX_TUI_CONFIG=str(settings)).stdout
    assert "Qualified" in told
    assert "Proposal" in told


def test_a_terminal_gets_colours_unless_it_or_its_user_wants_none(tmp_path: Path) -> None:
    environment = {"REX_API_KEY": KEY, "REX_TUI_STORE": str(tmp_path / "rex.db"), "TZ": "UTC"}
    with serving(OtherRex(EVENTS)) as rex:
        seen = {}
        for name, wish in (("usual", {}), ("none", {"NO_COLOR": "1"}), ("dumb", {"TERM": "dumb"})):
            with terminal(["tail", "--once", "--plain"], environment | wish | {"REX_URL": rex.url}, 100, 30) as screen:
                assert screen.wait() == 0
                screen.until("2026-03-16 12:00:00  deal.won              1,234.00 USD, Big")
                seen[name] = bytes(screen.raw)
    assert b"\x1b[33mdeal.won\x1b[0m" in seen["usual"]
    assert b"\x1b[31mtrigger.deal.stale\x1b[0m" in seen["usual"]
    assert b"\x1b" not in seen["none"] + seen["dumb"]


@pytest.mark.parametrize("how", [["--plain"], ["--template", "{id} {type} {summary} {occurred_at} {data} {note}"]])
def test_what_others_wrote_is_clean_in_a_pipe_too(tmp_path: Path, how: list[str]) -> None:
    with serving(HostileRex(NAMES, hostile)) as rex:
        done = piped(rex, tmp_path, *how)
        assert len(done.stdout.split("\n")) == len(rex.events) + 1
    assert not {one for one in set(done.stdout) - {"\n"} if unicodedata.category(one) in FORBIDDEN}


def filled(template: str, event: Event) -> str:
    names = Names({DEAL: "The Deal"})
    written = Template(read_template(template), lambda _: names)
    written.meet([event])
    return written.lines([event])


def test_a_template_gives_fields_by_their_paths_and_nothing_for_those_that_are_not_there() -> None:
    data = '{"name": "B\\u001b[2J", "n": 1e400, "a.b": 1, "list": [{"x": 0.10}, true], "z": null}'
    event = Event("evt_1", "deal.won", AT, data, 60.0, 3, {"note": '{"by": "me"}'})
    assert filled("{occurred_at} {type} {data.name}", event) == f"{AT} deal.won B␛[2J\n"
    assert filled("{id}\\t{received_at}", event) == "evt_1\t1970-01-01T00:01:00Z\n"
    assert filled("{data.n}|{data.list[0].x}|{data.list[1]}|{data.a.b}", event) == "1e400|0.10|true|1\n"
    assert filled("{nope}{data.nope}{data.z}{data.list[9]}{data.name.x}{note.of}{notes}|", event) == "|\n"
    assert filled("{note.by} {note} {{{data.a.b}}} \\\\", event) == 'me {"by": "me"} {1} \\\n'
    assert filled("{summary}", event) == "B␛[2J\n"
    assert filled("{data}", event) == f"{data}\n"
    assert filled("{data[1]}", Event("e", "x", "", "[1, 2]", 0.0)) == "2\n"
    assert filled("{data.a}|{summary}", Event("e", "x", "", '"text"', 0.0)) == '|"text"\n'
    assert filled("{summary}", Event("e", "deal.x", "", f'{{"related_id": "{DEAL}"}}', 0.0)) == "related_id The Deal\n"


@pytest.mark.parametrize(
    ("template", "position", "said"),
    [
        ("abc {data.x", 4, "no } behind it"),
        ("abc {data {x}", 4, "no } behind it"),
        ("a } b", 2, "without a {"),
        ("{}", 0, "Expected a field"),
        ("ab {two words}", 3, "Expected a field"),
        ("{.x}", 0, "Expected a field"),
        ("{data.list[x]}", 0, "Expected a field"),
        ("ab\\q", 2, "Expected \\n"),
        ("ab\\", 2, "Expected \\n"),
        ("{id}\udcff", 4, "no UTF-8"),
    ],
)
def test_a_wrong_template_is_told_at_the_character(template: str, position: int, said: str) -> None:
    with pytest.raises(QueryError, match=re.escape(said)) as raised:
        read_template(template)
    assert raised.value.position == position


def test_a_wrong_template_ends_it_before_anything_is_asked(tmp_path: Path) -> None:
    with serving(OtherRex(EVENTS)) as rex:
        done = piped(rex, tmp_path, "--template", "{id} {oops")
        assert rex.requests == []
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines()[1:] == ["  {id} {oops", "       ^"]
