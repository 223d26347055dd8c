"""`rex-tui rules` as a user runs it: real processes, a real store, a real settings file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from support.program import run as run_program

from rex_tui.demo import Organisation
from rex_tui.event import Event, Page
from rex_tui.store import EventStore
from rex_tui.store.notebook import Notebook

RULES = """
[[rules]]
name = "Wins"
where = "type:deal.won"
do = ["toast"]
run = ["ring", "--loud"]

[[rules]]
name = "Big"
where = "filter:big"
do = ["highlight"]
"""


run = partial(run_program, "rules")


def test_rules_are_listed_and_tried_and_what_is_wrong_is_told(tmp_path: Path) -> None:
    config, path = tmp_path / "config.toml", tmp_path / "rex.db"
    config.write_text(RULES)
    told = {"REX_TUI_CONFIG": str(config), "REX_TUI_STORE": str(path)}
    made = Organisation(7).history(3_000, datetime.now(UTC))
    events = [Event(one.id, one.type, one.occurred_at, one.data, 0.0) for one in made]
    events.append(Event("evt_x", "deal.won", f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", '{"name":"\\u001b[2J"}', 0.0))
    with EventStore(path, "https://acme.rexgtm.com") as store:
        store.append([Page(tuple(events), (), has_more=False, next_cursor="c")])
    unsaved = run(**told)
    assert unsaved.returncode == 2
    assert "Rule “Big” (line 8 of" in unsaved.stderr
    assert "There is no saved filter “big”" in unsaved.stderr
    assert unsaved.stderr.splitlines()[-1] == "  ^"
    with Notebook(path) as notebook:
        notebook.save_filter("big", "value>50000.00")

    listed = run(**told)
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "Wins\n  where  type:deal.won\n  does   toast, run ring --loud\n" in listed.stdout
    tried = run("test", "--days", "3000", "--format", "json", **told)
    assert (tried.returncode, tried.stderr) == (0, "")
    wins, big = json.loads(tried.stdout)["rules"]
    assert wins["events"] == wins["runs"] == sum(one.type == "deal.won" for one in events) > 5
    assert 1 < wins["alerts"] <= wins["events"]
    assert wins["last"][0]["summary"] == "␛[2J"
    assert (big["alerts"], big["runs"]) == (0, 0)
    assert big["events"] > 0
    text = run("test", "--days", "1", "--rule", "Wins", **told)
    assert "Big" not in text.stdout
    assert (
        "The last day of the log stored here, as if rex-tui had watched all the time, with a poll each 15 s."
        in text.stdout
    )
    assert "␛[2J" in text.stdout
    assert "\x1b" not in text.stdout

    other = run("test", "--rule", "\x1b[2J", **told)
    assert other.returncode == 2
    assert "There is no rule “␛[2J”. Those of the settings file: “Big”, “Wins”." in other.stderr
    assert run("test", "--store", str(tmp_path / "none.db"), **told).returncode == 5
    config.write_text('[[rules]]\nname = "A"\nwhere = "("\ndo = ["toast"]\n')
    assert run(**told).returncode == run("test", **told).returncode == 2
    config.write_text("")
    assert run(**told).stdout == f"There are no rules. Write [[rules]] into {config}; the README has examples.\n"
    assert json.loads(run("test", "--format", "json", **told).stdout) == {"format": 1, "days": 7, "rules": []}
