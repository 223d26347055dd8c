"""The pictures in `screenshots/` are what the app looks like now."""

from __future__ import annotations

import pytest

from screenshots import FOLDER, SCENES, picture

pytestmark = pytest.mark.no_cover  # what a picture shows, other tests go through


@pytest.mark.parametrize("name", SCENES)
async def test_a_picture_is_up_to_date(name: str) -> None:
    assert (FOLDER / f"{name}.svg").read_text() == await picture(name), "run python tests/screenshots.py"


def test_no_picture_is_left_over() -> None:
    drawn_by_benchmarks = {"growth"}
    assert {path.stem for path in FOLDER.glob("*.svg")} == set(SCENES) | drawn_by_benchmarks
