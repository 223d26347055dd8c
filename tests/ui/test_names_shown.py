"""Names for ids under a pilot: learned from the demo's Rex, told everywhere but in the payload, which is the truth."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path

from support.watching import WIDE, Watching, watching
from textual.widgets import OptionList

from rex_tui.demo import Organisation
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.widgets.saying import Saying

STAGES = {stage.name: stage.id for stage in Organisation(7).stages}


def on_newest(watch: Watching, event_type: str) -> dict[str, str]:
    """Select the newest event of a type; give its payload."""
    place = [n for n, event in enumerate(watch.log.events, 1) if event.type == event_type][-1]
    watch.table.select_seq(place)
    payload = json.loads(watch.log.events[place - 1].data)
    assert isinstance(payload, dict)
    return payload


def stage_name(stage_id: str) -> str:
    return next(name for name, id_ in STAGES.items() if id_ == stage_id)


async def test_stages_have_their_names_in_table_story_and_question_and_the_payload_says_what_is_there(
    tmp_path: Path,
) -> None:
    async with watching(tmp_path, size=WIDE, own_names={}) as watch:
        await watch.named()
        moved = on_newest(watch, "deal.stage_changed")
        await watch.settle()
        line = next(line for line in watch.lines if "›" in line)  # noqa: RUF001 - the cursor's sign
        names = [stage_name(moved[f"{side}_stage_id"]) for side in ("from", "to")]
        assert f"{names[0]} → {names[1]}" in line
        await watch.press("right", "g", "down", "down")
        place = watch.panes.payload.place()
        assert place == ("to_stage_id", moved["to_stage_id"])
        await watch.press("escape", "m", "apostrophe")
        marked = str(watch.pilot.app.screen.query_one("#marks", OptionList).get_option_at_index(0).prompt)
        assert f"{names[0]} → {names[1]}" in marked
        await watch.press("escape", "enter")
        await watch.until(lambda: isinstance(s := watch.pilot.app.screen, LensScreen) and s.story is not None)
        assert names[0] in str(watch.pilot.app.screen.query_one("#lens-path", Saying).render())
        lens = watch.pilot.app.screen
        assert isinstance(lens, LensScreen)
        lens.action_toggle_changes()
        while lens._event is None or lens._event.type != "deal.stage_changed":
            await watch.press("up")
        words = lens.query_one("#changes-words", Saying)
        await watch.until(lambda: f"to_stage_id  {names[1]}" in str(words.render()))
        assert moved["to_stage_id"] not in str(words.render())
        await watch.press("q", "slash")
        await watch.type(f"to_stage:{names[1].lower()}")
        await watch.answered()
        view = watch.screen._view
        assert list(view.seqs(0, len(view))) == [
            n
            for n, event in enumerate(watch.log.events, 1)
            if json.loads(event.data).get("to_stage_id") == moved["to_stage_id"]
        ]


async def test_the_users_own_names_stand_over_rexs_and_are_harmless(tmp_path: Path) -> None:
    odd = "\x1b]52;c;AAAA\x07[red]Owned[/red]\u202e"
    async with watching(tmp_path, size=WIDE, own_names={STAGES["Lead"]: odd}) as watch:
        await watch.named()
        payloads = enumerate((json.loads(event.data) for event in watch.log.events), 1)
        leaving = [n for n, payload in payloads if payload.get("from_stage_id") == STAGES["Lead"]]
        watch.table.select_seq(leaving[-1])
        await watch.settle()
        line = next(line for line in watch.lines if "›" in line)  # noqa: RUF001 - the cursor's sign
        assert "Owned" in line
        assert "\x1b" not in line
        assert "\u202e" not in line
        assert "[red]" in line


async def test_a_key_that_may_not_ask_for_names_sees_ids_and_the_feed_is_as_it_was(tmp_path: Path) -> None:
    async with watching(tmp_path, size=WIDE, own_names={}, names_answer=HTTPStatus.FORBIDDEN) as watch:
        directory = watch.screen.directory
        assert directory is not None
        await watch.until(lambda: directory.notes)
        moved = on_newest(watch, "deal.stage_changed")
        watch.screen.learn_names()
        await watch.settle()
        line = next(line for line in watch.lines if "›" in line)  # noqa: RUF001 - the cursor's sign
        assert f"stg_…{moved['to_stage_id'][-6:]}" in line
        assert "caught up" in watch.text("#status")
        await watch.live(1)
