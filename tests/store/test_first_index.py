"""What is said on the terminal while an older store is brought up to date."""

from __future__ import annotations

import io

from rex_tui.first_index import LARGE, FirstIndex


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_large_store_is_told_of_once_and_a_terminal_is_shown_how_far_it_is() -> None:
    for stream, after in ((io.StringIO(), ""), (Terminal(), "\r  0 %\r 50 %\r100 %\n")):
        told = FirstIndex(stream)
        for done in (0, LARGE // 2, LARGE):
            told(done, LARGE)
        sentence, _, rest = stream.getvalue().partition("\n")
        assert sentence.startswith("rex-tui: Bringing the 50,000 events")
        assert "happens once" in sentence
        assert rest == after


def test_of_a_small_store_nothing_is_said() -> None:
    stream = Terminal()
    told = FirstIndex(stream)
    told(0, LARGE - 1)
    assert not told.begun
    assert stream.getvalue() == ""
