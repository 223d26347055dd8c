"""A story in words and colours: its head, the way through the stages, its events and those it met."""

from __future__ import annotations

from typing import Final

from textual.content import Content

from rex_tui.event import parse_time
from rex_tui.query.entity import Chapter, Met, Story
from rex_tui.safe_text import clean
from rex_tui.subject import ID_MAX
from rex_tui.ui.widgets.columns import fit
from rex_tui.ui.widgets.event_line import DRIFT_MARK, MARKED_SIGN
from rex_tui.ui.widgets.masked_chip import masked_chip
from rex_tui.ui.widgets.resource import GLYPHS, OTHER, colour_of, colour_of_look, glyph_of
from rex_tui.ui.widgets.times import exact_time, in_zone, table_time

GAP_WIDTH: Final = 16
TYPE_WIDTH: Final = 21
TIME_WIDTH: Final = 14
MET_COUNT_WIDTH: Final = 4
NAME_LIMIT: Final = 60
HERE: Final = "●"


def heading(id_: str, story: Story | None, *, utc: bool, masked: bool = False) -> Content:
    """Give whose story it is, how many events tell it, and whether it is masked."""
    kind = "" if story is None else story.kind
    look = kind if kind in GLYPHS else OTHER
    named = [f"{GLYPHS[look]} {kind or 'id'}", *([story.name] if story is not None and story.name else [])]
    head = Content.assemble(
        (" ".join(named[:1]), f"bold {colour_of_look(look)}"),
        *masked_chip(masked=masked),
        *[(f" · {name}", "bold") for name in named[1:]],
        (f" · {clean(id_, NAME_LIMIT)}", "$rex-faint"),
    )
    if story is None:
        return Content("\n").join([head, Content.styled("reading its events …", "$rex-faint")])
    unsure = [Content.styled(_unlisted(story.unlisted), "$text-warning")] if story.unlisted else []
    if not story.total:
        return Content("\n").join([head, Content(_none(id_, is_cut=story.may_be_more)), *unsure])
    events = f"{story.total:,} event{'' if story.total == 1 else 's'}, {story.about:,} about it"
    begins = [f"begins before what is kept, {story.forgotten:,} forgotten"] if story.forgotten else []
    begins += ["may begin before what is kept"] if story.may_be_more else []
    facts = [events, *begins, f"first {'kept ' if begins else ''}{_minute(story.first_at, utc=utc)}"]
    facts += [f"last {_minute(story.last_at, utc=utc)}"] if story.total > 1 else []
    return Content("\n").join([head, Content.styled(" · ".join(facts), "$rex-faint"), *unsure])


def stage_path(story: Story) -> Content:
    """Draw the stages that it went through, with how long each took: `Qualified ─3 d→ Proposal`."""
    parts: list[Content | str | tuple[str, str]] = (
        [("… ", "$rex-faint")] if story.path and (story.left_out or story.forgotten or story.may_be_more) else []
    )
    for number, stop in enumerate(story.path, 1):
        is_last = number == len(story.path)
        style = "bold $accent" if is_last and story.is_open else "bold" if is_last else "$foreground"
        parts.append((f"{HERE} {stop.name}" if is_last and story.is_open else stop.name, style))
        if not is_last:
            parts.append((f" ─{stop.stay}→ " if stop.stay else " → ", "$rex-faint"))
    return Content.assemble(*parts)


def chapter_line(chapter: Chapter, *, utc: bool, marked: bool = False) -> Content:
    """Give an event as a line: time, time since the one before, type, whether it is marked, what happened."""
    time = table_time(chapter.occurred_at, utc=utc, with_date=True)
    mark = (f"{DRIFT_MARK} ", "bold $warning") if chapter.drifted else ("", "")
    return Content.assemble(
        (f"{fit(time, TIME_WIDTH)} {fit(chapter.gap, GAP_WIDTH)} ", "$rex-faint"),
        (
            f"{fit(f'{glyph_of(chapter.type)} {clean(chapter.type, 60)}', TYPE_WIDTH)} ",
            colour_of(chapter.type) if chapter.about else f"{colour_of(chapter.type)} 80%",
        ),
        (f"{MARKED_SIGN} ", "bold $warning") if marked else ("", ""),
        mark,
        (chapter.summary, "$foreground" if chapter.about else "$rex-faint"),
    )


def left_out_words(story: Story) -> Content:
    """Say how many earlier events are not among those that are listed."""
    words = f" … {story.left_out:,} earlier event{'' if story.left_out == 1 else 's'} not shown here"
    return Content.styled(words, "$rex-faint italic")


def met_line(met: Met) -> Content:
    """Give somebody who was met as a line: in how many events, what it is, its name."""
    look = met.kind if met.kind in GLYPHS else OTHER
    return Content.assemble(
        (f"{met.count:>{MET_COUNT_WIDTH},} ", "$rex-faint"), (f"{GLYPHS[look]} ", colour_of_look(look)), met.name
    )


def _minute(occurred_at: str, *, utc: bool) -> str:
    moment = parse_time(occurred_at)
    if moment is None:
        return exact_time(occurred_at, utc=utc)
    return f"{in_zone(moment, utc=utc):%Y-%m-%d %H:%M}"


def _none(id_: str, *, is_cut: bool) -> str:
    if len(id_) > ID_MAX or any("\ud800" <= character <= "\udfff" for character in id_):
        return f"The index takes in no id that is longer than {ID_MAX} characters or no sound text: Esc leads back."
    which = "that is kept" if is_cut else "in this log"
    return f"No event {which} mentions this id. What comes will be shown here."


def _unlisted(count: int) -> str:
    events = f"{count:,} event{' has' if count == 1 else 's have'}"
    return f"{events} more or longer ids than the index takes in: what only they would add is not told here."
