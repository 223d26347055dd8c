"""Whatever others write into any place, the terminal gets from us only what it would get anyway, and all stays in line.

A hostile run may make no sequences but the program's own: a list of them, or else a harmless run, says which.
"""

from __future__ import annotations

import base64
import os
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import pytest
from support.hostile import NAMES, harmless, hostile
from support.hostile_rex import HostileRex, Say
from support.hostile_tour import tour
from support.other_rex import KEY, serving
from support.sequences import Written, written
from support.terminal import terminal

pytestmark = pytest.mark.no_cover  # what it goes through, others go through too; measured, it takes twice as long

FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

LONG = bool(os.environ.get("REX_TUI_LONG"))
"""Whether every string goes into every place, which takes minutes; else a part of them, another one a size."""

PAIRS = ("7", "25", "1000", "1003", "1004", "1006", "1015", "1049", "2004")
OURS = {
    *(f"CSI ?{mode}{switch}" for mode in PAIRS for switch in "hl"),
    *(f"SGR {number}" for number in (0, 1, 2, 3, 4, 7, 38, 48)),
    *("CSI H", "CSI >25u", "CSI <u", "CSI ?2026$p", "CSI ?2048$p", "OSC 22", "OSC 52"),
    *("control 0a", "control 0d", "text"),
}
"""What the program itself writes: switches of the terminal, styles, places, its pointer's shape, copies, and text."""
SEQUENCES, SHAPES = NAMES[:42], NAMES[42:]
"""Strings that a terminal may obey, and strings that are hard to align."""
SMALL = (*SEQUENCES[:: 3 if LONG else 21], *SHAPES[:: 1 if LONG else 9])
WIDE = NAMES if LONG else (*SEQUENCES[3::21], *SHAPES[1::9])
BESIDE = tuple(name for name in NAMES if name not in SEQUENCES[::3]) if LONG else WIDE[::3]
"""What is said beside events on a wide screen: in errors, cursors and copies."""


def watched(
    folder: Path, names: Sequence[str], beside: Sequence[str], say: Say, size: tuple[int, int]
) -> list[Written]:
    """Give all that is written to the terminal on a tour through these strings."""
    columns, rows = size
    folder.mkdir()
    rex = HostileRex(names, say, aside=columns > 100)
    with serving(rex):
        environment = {"REX_API_KEY": KEY, "REX_URL": rex.url, "REX_TUI_STORE": str(folder / "rex.db")}
        with terminal([], environment, columns, rows, measured=False) as screen:
            tour(screen, rex, names, beside, wide=columns > 100)
    return list(written(bytes(screen.raw), columns, rows))


@pytest.mark.parametrize(
    ("size", "names", "beside"), [((160, 45), WIDE, BESIDE), ((80, 24), SMALL, SMALL[::2])], ids=["wide", "small"]
)
def test_only_our_own_sequences_reach_the_terminal_and_all_stays_in_line(
    tmp_path: Path, size: tuple[int, int], names: Sequence[str], beside: Sequence[str]
) -> None:
    seen = watched(tmp_path / "hostile", names, beside, hostile, size)
    families = {one.family for one in seen}
    assert {"CSI H", "CSI ?1049h", "OSC 52", "text"} <= families
    if families - OURS:  # another version of the library may write others of its own: then without a hostile string too
        few = NAMES[::30]
        assert families - OURS <= {one.family for one in watched(tmp_path / "harmless", few, few, harmless, size)}
    shown = "".join(one.body for one in seen if one.family == "text")
    assert not {character for character in set(shown) if unicodedata.category(character) in FORBIDDEN}
    copied = [base64.b64decode(one.body.partition(";")[2]) for one in seen if one.family == "OSC 52"]
    assert len(copied) == len(beside) + 1
    assert all(text.startswith((b'{"id"', b"h")) for text in copied)


@pytest.mark.parametrize("name", [*NAMES[: NAMES.index("marks")], "half a pair", "private", "newlines", "tabs"])
def test_every_string_that_a_terminal_obeys_or_hides_would_be_noticed(name: str) -> None:
    raw = hostile(name, "v").encode(errors="surrogatepass")
    try:
        seen = list(written(raw, 160, 45))
    except (AssertionError, UnicodeDecodeError):
        return
    unseen = {character for one in seen for character in one.body if unicodedata.category(character) in FORBIDDEN}
    assert unseen or {one.family for one in seen} - {"text"}
