"""A log in which every sensitive value begins with one word, and every amount with the same digits."""

from __future__ import annotations

import json
from typing import Any

from textual.app import App

from rex_tui.demo import DemoEvent, DemoLog

CANARY = "Quux"
CENTS = 765432100
AMOUNTS = ("765432", "7,654")
DEAL = "deal_01JQ0000000000000000000ABC"
CONTACT = "cont_01JQ0000000000000000000ANN"
COMPANY = "comp_01JQ0000000000000000000ACM"
STAGES = ("stg_01JQ00000000000000000000ST1", "stg_01JQ00000000000000000000ST2")
OWNER = {"owner_id": "usr_01JQ0000000000000000000WNR"}
BOTH: dict[str, Any] = {"company_id": COMPANY, "contact_id": CONTACT}


def canary_log() -> DemoLog:
    """Give a log of an organisation in which all that is sensitive can be found again."""
    log = DemoLog([])

    def add(type_: str, **data: object) -> None:
        number = len(log)
        log.append(DemoEvent(f"evt_{number:026}", type_, f"2026-03-{number % 15 + 1:02}T10:00:00Z", json.dumps(data)))

    deal = {"deal_id": DEAL, "name": "Quuxroll out", "currency": "EUR", "owner": "Quuxown Er", **BOTH}
    person = {"contact_id": CONTACT, "name": "Quuxann Lee", "email": "quuxann@quuxcorp.com"}
    add("company.created", company_id=COMPANY, name="Quuxcorp Ltd", domain="quuxcorp.com", industry="media", **OWNER)
    add("contact.created", **person, first_name="Quuxann", last_name="Quuxlee", phone="+49 30 7654321")
    add("contact.enriched", **person, person={"title": "Quux Officer", "profiles": [{"url": "https://x.y/quuxann"}]})
    add("deal.created", **deal, value=CENTS, stage_id=STAGES[0], stage_name="Qualified")
    add("activity.created", activity_id="act_1234", kind="note", subject="Quux said", note="Quux! " * 40, deal_id=DEAL)
    add("deal.stage_changed", **deal, value=CENTS, from_stage_id=STAGES[0], to_stage_id=STAGES[1], to_stage="Proposal")
    add("deal.updated", **deal, value=CENTS + 1)
    add("deal.updated", **deal, value=CENTS + 200, changes={"value": {"from": CENTS + 1, "to": CENTS + 200}})
    add("contact.updated", **person, changes={"phone": {"from": None, "to": "030 7654321 / Quux"}})
    add("contact.met", contact_id={"name": "Quuxnobody Atall"}, text="Quux about nobody")
    add("form.sent", **{"quux@quuxcorp.com": {"plan": "Quux plan"}, "answers": ["Quux", "quux@quuxcorp.com"]})
    add("task.created", task_id="task_1234", title="Quux: call back", status="open", contact_id=CONTACT)
    add("deal.won", **deal, value=CENTS + 300, reason="Quux liked it")
    add("deal.created", deal_id=f"{DEAL[:-1]}D", name="Quuxother", value=CENTS + 400, owner_id="Quux Twoman")
    add("trigger.deal.stale", deal_id=f"{DEAL[:-1]}D", name="Quuxother", value=CENTS + 400, days_inactive=7)
    return log


def leaks(text: str) -> list[str]:
    """Give the lines of a text that tell something sensitive."""
    return [line for line in text.split("\n") if CANARY.lower() in line.lower() or any(one in line for one in AMOUNTS)]


def painted(app: App[Any]) -> str:
    """Give all that is on the terminal now, toasts included, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips)
