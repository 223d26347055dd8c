"""The lens: the story of one entity, first event to last, live, with a way to everybody it met."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode

from rex_tui.event import Event
from rex_tui.feed import Clock
from rex_tui.query.entity import Chapter, Met, Story
from rex_tui.ui.choice import Choice
from rex_tui.ui.screens.lens_history import LensHistory
from rex_tui.ui.screens.lens_keys import LENS_KEYS
from rex_tui.ui.screens.lens_words import chapter_line, heading, left_out_words, met_line, stage_path
from rex_tui.ui.screens.over_watch import OverWatch
from rex_tui.ui.screens.taking import Taking
from rex_tui.ui.shown_log import ShownLog
from rex_tui.ui.widgets.event_detail import EventDetail
from rex_tui.ui.widgets.key_footer import KeyFooter
from rex_tui.ui.widgets.line_list import LineList
from rex_tui.ui.widgets.payload_tree import PayloadTree
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.split import Least, Split


class Chapters(LineList[Chapter]):
    """The events of a story."""


class Others(LineList[Met]):
    """Those who were met."""


class LensScreen(OverWatch[PayloadTree.ValueAsked]):
    """Shows the story of an entity over the watch screen, which goes on below it."""

    CSS_PATH = "lens.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - an instance variable to textual
        (0, "-narrow"),
        (100, "-medium"),
        (140, "-wide"),
    ]
    AUTO_FOCUS = "#chapters"
    BINDINGS: ClassVar[list[BindingType]] = LENS_KEYS

    chapters = getters.query_one("#chapters", Chapters)
    met = getters.query_one("#met", Others)
    detail = getters.query_one("#lens-detail", EventDetail)

    def __init__(
        self, log: ShownLog, history: LensHistory, clock: Clock, taking: Taking, go_to: Callable[[str], None]
    ) -> None:
        """Show, once `look` was called, the id at which `history` stands, with what `log` has of it.

        `taking` takes along what is shown; `go_to` goes to a marked event, by its id, in the screen below.
        """
        super().__init__()
        self._taking = taking
        self._go_to_below = go_to
        self._log = log
        self._history = history
        self._clock = clock
        self._utc = False
        self._entity = ""
        self._story: Story | None = None
        self._event: Event | None = None
        self.column_switched: Callable[[str], None] = lambda _path: None
        """Told of the path of a field that is to be a column of the table, or not any more."""

    @property
    def story(self) -> Story | None:
        """Give the story that is shown, None while it is being read."""
        return self._story

    def compose(self) -> ComposeResult:
        """Lay out head, events, detail and whom it met."""
        self.know_size()
        sizes = self.pane_sizes
        yield Saying(id="lens-head")
        yield Saying(id="lens-path")
        with Split(sized=1, size=sizes.of("lens-body"), least=(Least(30, 6), Least(24, 6)), id="lens-body"):
            with Vertical(id="chapters-pane"):
                yield Saying(id="chapters-left")
                yield Chapters(self._chapter_line, id="chapters")
            with Split(sized=1, size=sizes.of("lens-side"), least=(Least(24, 5), Least(20, 3)), id="lens-side"):
                yield EventDetail(id="lens-detail")
                with Vertical(id="met-pane"):
                    yield Others(met_line, id="met")
        yield KeyFooter()

    def on_mount(self) -> None:
        """Read the story."""
        self.detail.drifts_of, self.detail.event_before = self._log.drifts, self._log.before
        self.detail.names = lambda: self._log.names
        self.detail.compare = self._log.changes
        self._log.on_grown.append(self._log_grew)
        self._taking.marked.on_changed.append(self.chapters.show_anew)
        self._open()

    def on_screen_resume(self) -> None:
        """Read what came while another screen was shown."""
        self._log_grew()

    def look(self, *, utc: bool) -> None:
        """Show the id at which the history stands, in a screen that may have shown another one before."""
        self._utc = utc
        self._entity = self._history.ids[self._history.position]
        if self.is_mounted:
            self.detail.remove_class("-changes")
            self.action_close()
            self._open()

    def _open(self) -> None:
        self._entity, self._story = self._history.ids[self._history.position], None
        self._event = None
        self._say_head(None)
        self.query_one("#lens-path").display = False
        self.query_one("#chapters-left").display = False
        self.query_one("#chapters-pane").border_title = Content("Events")
        self.chapters.show((), None)
        self.met.show((), None)
        self._show_event()
        self.run_worker(self._read(), group="lens", exclusive=True)

    def _say_head(self, story: Story | None) -> None:
        masking = self._log.masking
        shown = self._entity if masking is None else masking.id(self._entity)
        words = heading(shown, story, utc=self._utc, masked=masking is not None)
        self.query_one("#lens-head", Saying).say(words, layout=True)

    def show_anew(self) -> None:
        """Tell all of it again, masked now or not any more."""
        if self.is_mounted:
            self._event = None
            self.detail.forget()
            self._show_event()
            self.run_worker(self._read(), group="lens", exclusive=True)

    async def _read(self) -> None:
        story = await self._log.story(self._entity)
        if story is not None:
            self._show(story)

    def _log_grew(self) -> None:
        if self._story is not None and self.is_current:
            self.run_worker(self._read_on(self._story), group="lens", exclusive=True)

    async def _read_on(self, story: Story) -> None:
        last = story.chapters[-1].seq if story.chapters else 0
        if await self._log.mentioned_after(self._entity, last):
            await self._read()

    def _show(self, story: Story) -> None:
        before, self._story = self._story, story
        self._say_head(story)
        path = self.query_one("#lens-path", Saying)
        path.say(stage_path(story), layout=True)
        path.display = len(story.path) > 0
        left = self.query_one("#chapters-left", Saying)
        left.say(left_out_words(story))
        left.display = story.left_out > 0
        chosen, seqs = self._chosen(before), [one.seq for one in story.chapters]
        reads_last = before is None or chosen is None or (bool(before.chapters) and chosen == before.chapters[-1].seq)
        place = len(seqs) - 1 if chosen is None or reads_last or chosen not in seqs else seqs.index(chosen)
        self.chapters.show(story.chapters, place)
        shown = f"{len(story.chapters):,} of {story.total:,}" if story.left_out else f"{story.total:,}"
        self.query_one("#chapters-pane").border_title = Content(f"Events · {shown}")
        where = f"Met in these {len(story.chapters):,}" if story.left_out else "Met on the way"
        self.query_one("#met-pane").border_title = Content(where)
        met = self.met.highlighted
        self.met.show(story.met, None if met is None else min(met, len(story.met) - 1))
        self.set_class(not story.met, "-alone")
        self._show_event()

    def _chapter_line(self, chapter: Chapter) -> Content:
        marked = chapter.seq in self._taking.marked.places
        return chapter_line(chapter, utc=self._utc, marked=marked)

    def _chosen(self, story: Story | None) -> int | None:
        place = self.chapters.highlighted
        return None if story is None or place is None else story.chapters[place].seq

    def _show_event(self) -> None:
        seq = self._chosen(self._story)
        if seq is None:
            self._event = None
        elif self._event is None or self._event.seq != seq:
            self._event = self._log.event(seq)
        self.detail.show(self._event, self._clock.now(), utc=self._utc)

    # ---- from the widgets

    @on(LineList.Highlighted, "#chapters")
    def _highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()
        self._show_event()

    @on(LineList.Selected, "#chapters")
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        self.action_open()

    @on(LineList.Selected, "#met")
    def _met_selected(self, event: LineList.Selected) -> None:
        event.stop()
        if self._story is not None:
            self._visit(self._story.met[event.index].id)

    @on(PayloadTree.IdChosen)
    def _id_chosen(self, event: PayloadTree.IdChosen) -> None:
        event.stop()
        self._visit(event.id)

    @on(PayloadTree.ValueAsked)
    def _value_asked(self, event: PayloadTree.ValueAsked) -> None:
        """Leave with it: what is asked for is shown in the table."""
        event.stop()
        self.dismiss(event)

    @on(PayloadTree.PathChosen)
    def _path_chosen(self, event: PayloadTree.PathChosen) -> None:
        event.stop()
        self.column_switched(event.path)

    def _visit(self, id_: str) -> None:
        self._history.visit(id_)
        self._open()
        self.action_close()

    # ---- what the user does

    def action_walk(self, steps: int) -> None:
        """Go back or forth through the lenses that were opened."""
        if self._history.walk(steps) is None:
            self.notify(f"There is no lens {'before' if steps < 0 else 'after'} this one.", markup=False)
        else:
            self._open()

    def action_open(self) -> None:
        """Go to the payload, opening it where the screen is too narrow to have it open."""
        self._open_detail()
        self.detail.inner.focus()

    def _open_detail(self) -> None:
        self.add_class("-detail")
        self.call_after_refresh(self.chapters.scroll_to_highlight)

    def action_close(self) -> None:
        """Go to the events."""
        self.remove_class("-detail")
        self.chapters.focus()

    def action_back(self) -> None:
        """Leave the payload for the events, and the events for the screen below."""
        covered = self.has_class("-narrow") and self.has_class("-detail")
        if covered or self.detail.has_pseudo_class("focus-within"):
            self.action_close()
        else:
            self.dismiss()

    def action_toggle_changes(self) -> None:
        """Show what the event changed, or its payload again."""
        self._open_detail()
        self.detail.toggle_changes()

    def action_copy_menu(self) -> None:
        """Offer what can be copied of the event."""
        self._taking.offer_copies(self, self._event, self.detail.payload, self._entity)

    def action_mark(self) -> None:
        """Mark the event, or take its mark away."""
        self._taking.toggle_mark(self._event)

    def action_marks(self) -> None:
        """List the marked events; the one that is chosen is gone to in the table."""

        def go(event_id: str) -> None:
            self.dismiss()
            self._go_to_below(event_id)

        self._taking.list_marks(self, go, utc=self._utc)
        self.chapters.show_anew()  # another rex-tui may have made some

    def action_export(self) -> None:
        """Write the story's events, all of them, to a file."""
        id_, total = self._entity, 0 if self._story is None else self._story.total
        story = Choice("the whole story", total, lambda reader: reader.stories.seqs_mentioning(id_))
        self._taking.export(self, first=[story])

    def nodes_with_keys(self) -> tuple[DOMNode, ...]:
        """Give the screen and the payload."""
        return self, self.detail.payload
