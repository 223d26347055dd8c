"""The review: what a period brought to the pipeline, beside the period before, live."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from msgspec.structs import replace
from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from rex_tui.masking import Masking
from rex_tui.query.review.review import Review
from rex_tui.query.review.words import stage_words
from rex_tui.ui.counting_pace import CountingPace
from rex_tui.ui.repeated import Repeated
from rex_tui.ui.reviewed_log import BACK_MAX, ReviewedLog
from rex_tui.ui.screens.review_dialogs import DefinitionsScreen, PeriodScreen
from rex_tui.ui.screens.review_keys import REVIEW_KEYS, SIGNS
from rex_tui.ui.screens.review_taking import ReviewTaking, TakenScreen
from rex_tui.ui.screens.review_words import heading, name_and_time, period_words, unknown_words
from rex_tui.ui.shown_log import ShownLog
from rex_tui.ui.widgets.day_chart import DayChart
from rex_tui.ui.widgets.deals_pane import DealsPane
from rex_tui.ui.widgets.flow_pane import FlowPane
from rex_tui.ui.widgets.key_footer import KeyFooter
from rex_tui.ui.widgets.review_figures import ReviewFigures
from rex_tui.ui.widgets.saying import Saying
from rex_tui.ui.widgets.split import Least, Split

TICK_S: Final = 1.0
"""What comes is counted at most about so often."""


class ReviewScreen(TakenScreen):
    """Shows a review over the watch screen, which goes on below it."""

    CSS_PATH = "review.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - an instance variable to textual
        (0, "-narrow"),
        (96, "-medium"),
        (140, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-short"), (29, "-tall")]  # noqa: RUF012 - the same
    AUTO_FOCUS = "#deals"
    BINDINGS: ClassVar[list[BindingType]] = REVIEW_KEYS
    SIGNS = SIGNS

    flow = getters.query_one(FlowPane)

    def __init__(
        self,
        log: ShownLog,
        reviewed: ReviewedLog,
        open_lens: Callable[[str], None],
        mark_reviewed: Callable[[datetime], None],
        checkpoints: Callable[[], Mapping[str, datetime]],
        behind: Callable[[], str],
        taking: ReviewTaking,
    ) -> None:
        """Show what `reviewed` counts of `log`, and counts again when that grows.

        `open_lens` shows the story of a deal by its id; `mark_reviewed` keeps when the log was last reviewed;
        `checkpoints` gives the times at which some are made by now, by name;
        `behind` says why the log is behind Rex's, "" where it is not; `taking` takes the review along.
        """
        super().__init__(taking, behind)
        self._log = log
        self._reviewed = reviewed
        self._open_lens = open_lens
        self._mark_reviewed = mark_reviewed
        self._checkpoints = checkpoints
        self._reading: float | None = None
        self._counting = Repeated(self._counted, partial(self.run_worker, group="review"))
        self._pace = CountingPace()
        self._is_left = False

    @property
    def settled(self) -> bool:
        """Tell whether nothing is being counted or put in order."""
        return not self._counting.is_busy and self.deals.settled

    def compose(self) -> ComposeResult:
        """Lay out period, figures, flow, days, deals and what is not known."""
        self.know_size()
        yield Saying(id="review-head")
        yield ReviewFigures(id="figures")
        sizes = self.pane_sizes
        with Split(sized=0, size=sizes.of("review-body"), least=(Least(1, 5), Least(1, 6)), id="review-body"):
            with Split(sized=1, size=sizes.of("review-top"), least=(Least(40, 5), Least(24, 5)), id="review-top"):
                yield FlowPane(id="flow-pane")
                with Vertical(id="days-pane") as days:
                    days.border_title = Content("Days")
                    yield DayChart(id="days")
            yield DealsPane(id="deals-pane")
        yield Saying(id="unknown")
        yield KeyFooter()

    def on_mount(self) -> None:
        """Follow the log."""
        self._log.on_grown.append(self._log_grew)
        self.set_interval(TICK_S, self._tick)
        self._show(self.review)

    def on_screen_resume(self) -> None:
        """Count what came while another screen was shown."""
        if self._is_left:
            self.call_later(self._leave)
        else:
            self._counting.ask()

    def _leave(self) -> None:
        self.dismiss()

    def look(self) -> None:
        """Begin with the period that was shown last, seen from now."""
        self._is_left = False
        self._ask(checkpoints=self._checkpoints())

    def leave_when_seen(self) -> None:
        """Leave as soon as nothing lies over it: what is asked for is shown below."""
        self._is_left = True

    def begin_anew(self) -> None:
        """Count another log."""
        self._reviewed.begin_anew()
        if self.is_mounted:
            self._show(None)
            self._count_if_seen()

    def show_anew(self, masking: Masking | None) -> None:
        """Count again what then passes `masking`; until that is done, nothing is shown."""
        self._reviewed.masking = masking
        self.review = None
        if self.is_mounted:
            self._show(None)
            self._count_if_seen()

    def count_again(self) -> None:
        """Count anew what is seen, since the same is called otherwise now."""
        if self.is_mounted:
            self._count_if_seen()

    # ---- counting

    def _ask(self, **asked: object) -> None:
        self._reviewed.asked = replace(self._reviewed.asked, **asked)
        if self.is_mounted:
            self._show_head()
            self._counting.ask()

    @property
    def _is_seen(self) -> bool:
        """Tell whether it is on screen, at most under a dialog."""
        return self.is_current and (self.app.screen is self or self.app.screen.is_modal)

    def _count_if_seen(self) -> None:
        if self._is_seen:
            self._counting.ask()

    def _log_grew(self) -> None:
        if self._pace.came():
            self._count_if_seen()

    def _tick(self) -> None:
        self._show_head()
        if self._pace.ticked():
            self._count_if_seen()

    async def _counted(self) -> None:
        review = await self._reviewed.review(self._came_early)
        self._reading = None
        if review is not None:
            self._show(review)

    def _came_early(self, moment: float, review: Review | None) -> None:
        self._reading = moment
        if review is not None:
            self._show(review)
        else:
            self._show_head()

    # ---- showing

    def _show(self, review: Review | None) -> None:
        self.review = review
        self._show_head()
        tiles = self.query_one(ReviewFigures)
        tiles.show(*((None, None) if review is None else (review.figures, review.before)))
        self._show_flow()
        waiting = "The log is being read …" if review is None else ""
        self.query_one(DayChart).show(() if review is None else review.days, waiting)
        unknown = self.query_one("#unknown", Saying)
        unknown.say(unknown_words(review), layout=True)
        unknown.display = review is not None and len(review.unknown) > 0
        self.deals.show(review)

    def _show_head(self) -> None:
        now = self._reviewed.now
        period = self._reviewed.asked.period(now)
        is_same = self.review is not None and self.review.period.name == period.name
        shown = self.review if is_same else None
        masked = self._reviewed.masking is not None
        words = heading(period, now, shown, self._reading, self._behind(), masked=masked)
        self.query_one("#review-head", Saying).say(words, layout=True)

    def _show_flow(self) -> None:
        is_matrix = self.flow.is_matrix
        self.flow.border_title = Content("Moves from stage to stage" if is_matrix else "Flow")
        self.flow.show(self.review, is_matrix=is_matrix)

    # ---- from the widgets

    @on(DealsPane.DealChosen)
    def _deal_chosen(self, event: DealsPane.DealChosen) -> None:
        event.stop()
        self._open_lens(event.id)

    @on(FlowPane.StageChosen)
    def _stage_chosen(self, event: FlowPane.StageChosen) -> None:
        event.stop()
        stages = () if self.review is None else self.review.stages
        self.remove_class("-flow")
        self.deals.filter_by(stage_words(event.stage, stages))

    @on(events.Click, "#review-head")
    def _head_clicked(self) -> None:
        self.action_period()

    # ---- what the user does

    def action_period(self) -> None:
        """Choose the period."""
        now, made = self._reviewed.now, self._checkpoints()
        asked = replace(self._reviewed.asked, checkpoints=made)
        dialog = PeriodScreen(
            asked.key,
            lambda text: asked.named(text, now),
            lambda period: period_words(period, now),
            lambda period: "".join(name_and_time(period, now)),
            asked.offered(now),
        )
        self.app.push_screen(dialog, lambda key: self._ask(key=key, back=0, checkpoints=made) if key else None)

    def action_step(self, back: int) -> None:
        """Go to the period before, or after."""
        before = self._reviewed.asked.back
        back = max(0, min(before + back, BACK_MAX))
        if back == before:
            self.notify("There is no later period of this kind yet.", markup=False)
        else:
            self._ask(back=back)

    def action_filter(self) -> None:
        """Type words that the deals must have."""
        self.remove_class("-flow")
        self.deals.ask_words()

    def action_sort(self) -> None:
        """Put the deals in the next order."""
        self.deals.sort_next()

    def action_matrix(self) -> None:
        """Show the moves between stages as a matrix, or the flow again."""
        self.flow.is_matrix = not self.flow.is_matrix
        if self.has_class("-narrow") or not self.has_class("-tall"):
            self.add_class("-flow")
        self._show_flow()

    def action_view(self) -> None:
        """Show flow and days in the whole room, or the deals again."""
        self.toggle_class("-flow")
        (self.flow.lines if self.has_class("-flow") else self.deals.lines).focus()

    def action_define(self) -> None:
        """Say what the figures mean."""
        self.app.push_screen(DefinitionsScreen())

    def action_mark_reviewed(self) -> None:
        """Keep that the log was reviewed now; what is shown stays until it is chosen, or the next opening."""
        now = self._reviewed.now
        self._mark_reviewed(now)
        self.notify(f"Reviewed at {now:%H:%M}. The next review can begin there: since the last review.", markup=False)

    def action_back(self) -> None:
        """Drop the filter, else go from the flow back to the deals, else leave."""
        if self.deals.drop_filter():
            return
        if self.has_class("-flow"):
            self.action_view()
        else:
            self.dismiss()
