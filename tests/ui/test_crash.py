"""A crash shows where it happened, and no variable: one of them may be the key."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.watching import watching

from rex_tui.ui.screens.watch import WatchScreen

PARTS = ("rex_test_can", "ary")  # so that no source line holds the whole


async def crash(folder: Path) -> None:
    async with watching(folder, history=50) as watch:
        await watch.pilot.press("d")


async def test_a_crash_prints_no_local_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken_action(_self: WatchScreen, _preset: str) -> None:
        header = {b"X-Api-Key": "".join(PARTS)}
        raise RuntimeError(f"broken after {len(header)}")

    monkeypatch.setattr(WatchScreen, "action_show", broken_action)
    with pytest.raises(RuntimeError, match="broken"):
        await crash(tmp_path)
    printed = capfd.readouterr()
    assert "broken_action" in printed.err
    assert "broken after 1" in printed.err
    assert "".join(PARTS) not in printed.err + printed.out
