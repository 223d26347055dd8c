"""Make `screenshots/*.svg` from the demo, the same ones every time.

    python tests/screenshots.py [--check]

With `--check` nothing is written; it names the pictures that are out of date and exits with 1.
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parent))

from support.fakes import NOW
from support.watching import INTERVAL_S, SMALL, WIDE, Watching, watching

from rex_tui.demo import DEMO_KEY, DemoLog, Organisation
from rex_tui.feed import CaughtUp, Stopped
from rex_tui.rule_settings import RuleSetting
from rex_tui.rules.book import RuleBook
from rex_tui.store.notebook import Notebook
from rex_tui.store.salt import MASKING_SALT
from rex_tui.ui.app import RexTuiApp
from rex_tui.ui.screens.columns import ColumnsScreen
from rex_tui.ui.screens.lens import LensScreen
from rex_tui.ui.tour_app import TourApp

FOLDER: Final = Path(__file__).parent.parent / "screenshots"
HISTORY: Final = 1_500
SEED: Final = 7
SINCE: Final = 30
"""How many events came since the last visit, in the picture of that."""
MEDIUM: Final = (100, 30)


async def live(watch: Watching) -> None:
    await watch.live(4)


async def deals(watch: Watching) -> None:
    await watch.press("d")
    while "stage_changed" not in watch.screen_event_type:
        await watch.press("up")
    await watch.live(6)


async def types(watch: Watching) -> None:
    await watch.press("shift+tab", *["down"] * 3, "space", *["down"] * 4, "space")


async def payload(watch: Watching) -> None:
    await watch.press("shift+tab", *["down"] * 5, "o", "escape", "right", "z", "down", "down")


async def keys(watch: Watching) -> None:
    await watch.press("question_mark")


async def small(watch: Watching) -> None:
    await watch.live(2)
    await watch.press("right")


async def gap(watch: Watching) -> None:
    """Let Rex drop the events that follow our place in its log, and read again."""
    for _ in range(60):
        watch.log.append(watch.organisation.next_event(datetime.fromtimestamp(watch.clock.now(), UTC)))
        watch.clock.elapsed += 1_800
    watch.log.__init__(watch.log.events[-12:])  # type: ignore[misc]
    watch.clock.move(INTERVAL_S)
    await watch.until(lambda: isinstance(watch.poller.status.state, Stopped))
    await watch.press("ctrl+r")
    await watch.until(lambda: isinstance(watch.poller.status.state, CaughtUp))
    await watch.settle()
    await watch.press(*["up"] * 12)


async def ask(watch: Watching) -> None:
    """Ask for deals that moved, worth more than an amount, and see how the bar helps on."""
    await watch.press("slash")
    watch.screen.bar.input.cursor_blink = False
    await watch.until(lambda: watch.screen._known.fields)
    watch.screen.bar.input.value = "type:deal.stage_changed value>20000.00 to_"
    await watch.press("end", *"st")
    await watch.answered()


async def columns(watch: Watching) -> None:
    """Choose the columns of deals: fields of their payloads, with what the selected event has there."""
    await watch.press("d")
    while "stage_changed" not in watch.screen_event_type:
        await watch.press("up")
    for path in ("value", "name"):
        watch.screen.switch_column(path)
    watch.pilot.app.clear_notifications()
    await watch.press("C")
    dialog = watch.pilot.app.screen
    await watch.until(lambda: isinstance(dialog, ColumnsScreen) and "owner_id" in dialog._known)
    await watch.press("down", "down", "down")


async def matches(watch: Watching) -> None:
    """Everything, with what matches marked."""
    await watch.press("slash", *"renewal")
    await watch.answered()
    await watch.press("enter", "backslash", *["N"] * 3)


async def when(watch: Watching) -> None:
    """Move along the histogram."""
    await watch.press("d", "h", *["left"] * 29)
    await watch.settle()


async def lens(watch: Watching) -> None:
    """Look at the story of a deal that moved."""
    await watch.press("d", *["up"] * 12)
    while "stage_changed" not in watch.screen_event_type:
        await watch.press("up")
    await watch.pilot.press("enter")
    await watch.until(lambda: isinstance(s := watch.pilot.app.screen, LensScreen) and s.story is not None)
    await watch.settle()


async def changes(watch: Watching) -> None:
    """See in it what the event changed."""
    await lens(watch)
    await watch.press("c")
    said = watch.pilot.app.screen.query_one("#changes-words")
    await watch.until(lambda: "compared with" in str(said.render()))
    await watch.settle()


async def review(watch: Watching) -> None:
    """Review the last 7 days, with the deals that are worth most."""
    await watch.press("R")
    screen = watch.screen.review
    await watch.until(lambda: screen.settled and screen.review is not None)
    await watch.press("p", "down", "down", "enter")
    await watch.until(lambda: screen.settled and screen.review is not None and screen.review.period.key == "7d")
    await watch.press("down", "down")


async def since(watch: Watching) -> None:
    """See what came since the last visit: the sentence, and the line that it begins at."""
    await watch.until(lambda: watch.screen.query_one("#digest").display)
    await watch.press(*["up"] * (SINCE - 8))


async def visit(folder: Path, log: DemoLog) -> int:
    """Be there before the newest events of a log came; give the port of its Rex, which must be there again."""
    before = log.events[:-SINCE]
    left_at = datetime.fromisoformat(before[-1].occurred_at).timestamp() + 60
    async with watching(folder, log=DemoLog(before), elapsed=left_at - NOW) as first:
        return urlsplit(first.server.url).port or 0


async def rules(watch: Watching) -> None:
    """See what rules do: rows in their colours, and how often each of them matched."""
    await watch.live(12)
    await watch.until(lambda: not watch.screen.rules.is_busy)
    await watch.press("home", *["pagedown"] * 4, "W")


async def masked(watch: Watching) -> None:
    """Hide what others should not see, in the story of a deal that moved."""
    await watch.press("M")
    await lens(watch)
    watch.pilot.app.clear_notifications()


async def tour(watch: Watching) -> None:
    """Be led into the story of a deal."""
    await watch.press("f3", "f3")
    await lens(watch)
    app = watch.pilot.app
    await watch.until(lambda: isinstance(app, TourApp) and app._progress is not None and app._progress.done == 1)


WATCH_RULES: Final = RuleBook(
    (
        RuleSetting("Moves of deals", "type:deal.stage_changed", frozenset({"highlight"}), color="accent"),
        RuleSetting("News of deals", "type:deal.*", frozenset({"toast"})),
        RuleSetting("Won", "type:deal.won", frozenset({"highlight", "toast", "bell"}), color="success"),
    ),
    is_demo=True,
)


async def light(watch: Watching) -> None:
    """Look at it by day."""
    await watch.live(2)
    watch.pilot.app.theme = "rex-light"
    await watch.pilot.pause()


async def nothing(_watch: Watching) -> None:
    """Take the picture as it is."""


Scene = tuple[tuple[int, int], Callable[[Watching], Awaitable[None]]]

SCENES: Final[dict[str, Scene]] = {
    "live": (WIDE, live),
    "deals": (WIDE, deals),
    "types": (WIDE, types),
    "payload": (MEDIUM, payload),
    "keys": (MEDIUM, keys),
    "medium": (MEDIUM, live),
    "small": (SMALL, small),
    "light": (MEDIUM, light),
    "gap": (MEDIUM, gap),
    "ask": (WIDE, ask),
    "matches": (WIDE, matches),
    "columns": (WIDE, columns),
    "when": (WIDE, when),
    "lens": (WIDE, lens),
    "changes": (WIDE, changes),
    "review": (WIDE, review),
    "since": (WIDE, since),
    "rules": (MEDIUM, rules),
    "masked": (WIDE, masked),
    "tour": (MEDIUM, tour),
    "key-rejected": (MEDIUM, nothing),
}


async def picture(name: str) -> str:
    """Give the SVG of one scene."""
    size, act = SCENES[name]
    rejected = name == "key-rejected"
    log, port = None, 0
    with tempfile.TemporaryDirectory() as folder:
        with Notebook(Path(folder) / "rex.db") as notebook:
            notebook.first_fact(MASKING_SALT, "the same pseudonyms in each picture")
        if name == "since":
            log = DemoLog(Organisation(SEED).history(HISTORY, datetime.fromtimestamp(NOW - 4, UTC)))
            port = await visit(Path(folder), log)
        async with watching(
            Path(folder),
            history=HISTORY,
            log=log,
            port=port,
            size=size,
            api_key="rex_test_of_somebody_else" if rejected else DEMO_KEY,
            wait=lambda watch: isinstance(watch.poller.status.state, Stopped if rejected else CaughtUp),
            own_names=None if rejected else {},
            kind=TourApp if name == "tour" else RexTuiApp,
            rules=WATCH_RULES if name == "rules" else RuleBook(),
        ) as watch:
            if not rejected:
                await watch.named()
            await act(watch)
            watch.screen.learn_names()
            await watch.pilot.pause()
            svg = watch.pilot.app.export_screenshot(title="rex-tui")
    # The pictures name no font on the internet: whoever looks at them asks nobody for it.
    svg = re.sub(r"@font-face \{.*?\}\n?", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", '<svg xml:space="preserve" ', 1)
    return "".join(f"{line.rstrip()}\n" for line in svg.splitlines())


def main() -> int:
    """Write or check all pictures; give the exit code."""
    check = "--check" in sys.argv[1:]
    stale = []
    for name in SCENES:
        svg = asyncio.run(picture(name))
        path = FOLDER / f"{name}.svg"
        if not path.exists() or path.read_text() != svg:
            stale.append(name)
            if not check:
                path.write_text(svg)
    print(f"{'out of date' if check else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
