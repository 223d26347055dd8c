"""Every fault of the tables, on real parts: what is stored, what is said, how often Rex is asked, and the way back."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from faults.bench import Bench, bench, expected, look
from faults.case import Case, entry
from faults.certificates import Certificates
from faults.rows import CASES, GROUPS

from rex_tui.feed import CaughtUp, RateLimited

NEWS = entry(9_999)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_a_fault(case: Case, tmp_path: Path) -> None:
    by_certificate = case.trouble not in (None, "down")
    certificates = Certificates() if by_certificate else None
    tls = None
    if certificates is not None and case.trouble is not None:
        tls = (certificates.wrong(case.trouble), certificates.trusting)
    async with bench(tmp_path, case.page_max, deadline_s=case.deadline_s, body_max=case.body_max, tls=tls) as parts:
        await suffer(case, parts)
        await heal(case, parts, certificates)
        assert parts.states == case.says
        assert parts.rex.strays == 0
        assert case.words in parts.said
        cursors = [asked.cursor for asked in parts.rex.asked]
        assert {cursor for cursor in cursors if cursor is not None} <= parts.rex.given
        if case.user != "read_again":
            assert sorted(cursors, key=lambda cursor: cursor is not None) == cursors, "it started over"
        status = parts.poller.status
    found = look(tmp_path / "rex.db")
    assert found.events == expected([*case.log, NEWS])
    assert (len(found.set_aside), status.quarantined) == (case.set_aside, case.set_aside)
    assert {one.raw for one in case.log if one.kept is None} <= {*found.set_aside}
    assert found.sound


async def suffer(case: Case, parts: Bench) -> None:
    """Let the faults happen, and see that Rex is not hammered."""
    parts.happen(*case.log[: case.known])
    if case.known:
        await parts.recover()
    parts.happen(*case.log[case.known :])
    parts.rex.commit(*case.faults)
    if case.trouble == "down":
        await parts.rex.vanish()
    asked, reached = parts.source.pages, len(parts.rex.asked)
    await parts.hold(case.hold_s)
    assert parts.stopped == (case.user is not None), parts.poller.status
    assert 1 <= parts.source.pages - asked <= case.requests
    if isinstance(parts.poller.status.state, RateLimited):
        assert not parts.poller.poll_now()
    elif not parts.stopped:
        assert parts.source.pages - asked >= case.hold_s // 61, "it would be back late"
    if case.trouble is not None:
        assert len(parts.rex.asked) == reached, "the key was sent"
    committed = {name for request in parts.rex.asked for name in request.faults}
    assert committed == {fault.name for fault in case.faults}


async def heal(case: Case, parts: Bench, certificates: Certificates | None) -> None:
    """End the faults, do what a user must, and see that all comes back."""
    parts.rex.heal()
    parts.happen(NEWS)
    if case.trouble is not None:
        await parts.rex.vanish()
        await parts.rex.listen(certificates.right() if certificates else None)
    asked = parts.source.pages
    if case.user is not None:
        assert await parts.stays_stopped()
        assert parts.source.pages == asked
        if case.user == "read_again":
            await parts.poller.read_again()
        else:
            assert parts.poller.poll_now()
    await parts.recover()
    assert isinstance(parts.poller.status.state, CaughtUp)


def test_each_case_and_each_row_has_a_name_of_its_own() -> None:
    assert Counter(case.id for case in CASES).most_common(1)[0][1] == 1
    rows = [row for group in GROUPS for row in group.rows]
    assert len({row.rex for row in rows}) == len(rows) <= 45
