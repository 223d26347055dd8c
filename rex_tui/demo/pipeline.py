"""Stories of deals: opened, moved through the six stages, won or lost, or forgotten until a trigger tells."""

from __future__ import annotations

from functools import partial
from typing import Final

from rex_tui.demo.daily import create_task, log_activity
from rex_tui.demo.people import advance_contact
from rex_tui.demo.world import LOST, WON, Contact, Deal, Draft, Payload, World, drop

_WHATS: Final = ("rollout", "renewal", "pilot", "expansion", "annual licence", "migration", "støtteavtale", "audit")
_LOSS_REASONS: Final = ("price", "competitor", "no_decision", "timing", "missing_feature", "budget_cut")
_LOST_AT: Final = (0.16, 0.16, 0.18, 0.36)  # the share of moves out of each open stage that lose the deal
_PROBABILITY: Final = (10, 25, 50, 75, 100, 0)
_DORMANT_EVERY: Final = 12
_DORMANT_FIRST: Final = 3
_FORGOTTEN: Final = 0.06  # the share of moves after which nobody goes on
_THRESHOLDS_DAYS: Final = (7, 14, 21)
_MANY_OPEN: Final = 60
_CENTS_STEP: Final = 5000


def open_deal(world: World, contact: Contact | None = None) -> list[Draft]:
    """Let somebody at a company want to buy; one deal in many is then forgotten for a while."""
    contact = contact or world.recent(world.contacts)
    crowded = len(world.deals) > max(_MANY_OPEN, world.deals_made // 8)
    if contact is None or not contact.alive or contact.company is None or crowded:
        return []
    company = contact.company
    what = world.rng.choice(_WHATS)
    deal = Deal(
        id=world.new_id("deal"),
        name=f"{company.name} {what}",
        contact=contact,
        company=company,
        value=max(1, round(world.rng.lognormvariate(5.5, 1.0))) * _CENTS_STEP,
        stage=0,
        owner_id=company.owner_id,
        close_on=world.day(world.rng.randint(14, 120)),
        created=world.now,
        touched=world.now,
        dormant=world.deals_made % _DORMANT_EVERY == _DORMANT_FIRST,
    )
    world.deals_made += 1
    world.deals.append(deal)
    world.register[deal.id] = deal
    contact.deals += 1
    company.deals += 1
    payload: Payload = {
        **_summary(deal),
        "pipeline_id": world.pipeline_id,
        "stage_id": world.stages[0].id,
        "status": "open",
        "expected_close_on": deal.close_on,
    }
    if not deal.dormant:
        world.later(2, 20, partial(log_activity, deal=deal))
        world.later(5, 60, partial(advance, contact=contact, stage="opportunity"))
    return [("deal.created", payload)]


def advance(world: World, contact: Contact, stage: str) -> list[Draft]:
    """Let a contact come to a lifecycle stage because of a deal."""
    return advance_contact(world, contact, stage)


def move_deal(world: World, deal: Deal | None = None) -> list[Draft]:
    """Let a deal go on to the next stage, seldom back, and in the end be won or lost."""
    deal = deal or world.waiting_deal()
    if deal is None or not deal.open:
        return []
    if world.chance(_LOST_AT[deal.stage]):
        return lose_deal(world, deal)
    if deal.stage == WON - 1:
        return win_deal(world, deal)
    if deal.stage and world.chance(0.06):
        return _move(world, deal, deal.stage - 1)
    return _move(world, deal, deal.stage + 1)


def win_deal(world: World, deal: Deal | None = None) -> list[Draft]:
    """Let a deal be won, and its contact become a customer."""
    deal = deal or max(world.deals, key=lambda deal: deal.stage, default=None)
    if deal is None or not deal.open:
        return []
    moved = _move(world, deal, WON)
    _close(world, deal)
    won: Payload = {**_summary(deal), "stage_id": world.stages[WON].id, "days_open": _days_open(world, deal)}
    world.later(1, 15, partial(advance, contact=deal.contact, stage="customer"))
    world.later(1, 20, partial(create_task, contact=deal.contact, title=f"Plan the start with {deal.company.name}"))
    return [moved[0], ("deal.won", won), *moved[1:]]


def lose_deal(world: World, deal: Deal | None = None, reason: str | None = None) -> list[Draft]:
    """Let a deal be lost, for a reason."""
    deal = deal or world.recent(world.deals)
    if deal is None or not deal.open:
        return []
    reason = reason or world.rng.choice(_LOSS_REASONS)
    moved = _move(world, deal, LOST)
    _close(world, deal)
    lost: Payload = {
        **_summary(deal),
        "stage_id": world.stages[LOST].id,
        "reason": reason,
        "competitor": world.one_of("Zenith CRM", "a spreadsheet") if reason == "competitor" else None,
        "days_open": _days_open(world, deal),
    }
    return [moved[0], ("deal.lost", lost), *moved[1:]]


def revise_deal(world: World) -> list[Draft]:
    """Let somebody change what a deal is worth, or when it should close."""
    deal = world.waiting_deal()
    if deal is None:
        return []
    deal.touched = world.now
    changes: Payload = {}
    if world.chance(0.6):
        former, deal.value = (
            deal.value,
            max(1, round(deal.value / _CENTS_STEP * world.rng.uniform(0.7, 1.5))) * _CENTS_STEP,
        )
        changes["value"] = {"from": former, "to": deal.value}
    if not changes or world.chance(0.3):
        before, deal.close_on = deal.close_on, world.day(world.rng.randint(7, 90))
        changes["expected_close_on"] = {"from": before, "to": deal.close_on}
    return [("deal.updated", {**_summary(deal), "changes": changes})]


def delete_deal(world: World) -> list[Draft]:
    """Let a deal that was entered by mistake go, while it is still a lead."""
    deal = next((deal for deal in reversed(world.deals) if deal.stage == 0), None)
    if deal is None:
        return []
    _close(world, deal)
    world.register.pop(deal.id, None)
    payload: Payload = {**_summary(deal), "reason": "entered_by_mistake", "deleted_by_id": deal.owner_id}
    return [("deal.deleted", payload)]


def go_stale(world: World, *, surely: bool = False) -> list[Draft]:
    """Let Rex notice a deal that nobody touched for days; it is lost, or somebody calls at last, or nobody reacts.

    `surely` takes the deal that waited longest, even where that is less than the threshold.
    """
    overdue = [deal for deal in world.deals if _idle_days(world, deal) >= _THRESHOLDS_DAYS[deal.warned]]
    deal = min(overdue or (world.deals if surely else ()), key=lambda deal: deal.touched, default=None)
    if deal is None:
        return []
    threshold = _THRESHOLDS_DAYS[deal.warned] if overdue else 1
    days = max(_idle_days(world, deal), threshold)
    payload: Payload = {
        **_summary(deal),
        "stage_id": world.stages[deal.stage].id,
        "days_inactive": days,
        "threshold_days": threshold,
        "last_activity_on": world.day(-days),
    }
    if overdue and deal.warned < len(_THRESHOLDS_DAYS) - 1 and world.chance(0.4):
        deal.warned += 1
        return [("trigger.deal.stale", payload)]
    deal.touched, deal.dormant, deal.warned = world.now, False, 0
    if world.chance(0.4):
        world.later(1, 12, partial(lose_deal, deal=deal, reason="no_decision"))
    else:
        world.later(1, 8, partial(log_activity, deal=deal, subject="Is this still of interest?"))
        world.later(4, 25, partial(move_deal, deal=deal))
    return [("trigger.deal.stale", payload)]


def _move(world: World, deal: Deal, stage: int) -> list[Draft]:
    former, deal.stage, deal.touched = deal.stage, stage, world.now
    deal.dormant, deal.warned = world.chance(_FORGOTTEN), 0
    left, reached = world.stages[former], world.stages[stage]
    summary = _summary(deal)
    moved: Payload = {
        "deal_id": deal.id,
        "from_stage_id": left.id,
        "to_stage_id": reached.id,
        "pipeline_id": world.pipeline_id,
        **summary,
    }
    drafts: list[Draft] = [("deal.stage_changed", moved)]
    if world.chance(0.55):
        changes: Payload = {
            "stage_id": {"from": left.id, "to": reached.id},
            "probability": {"from": _PROBABILITY[former], "to": _PROBABILITY[stage]},
        }
        drafts.append(("deal.updated", {**summary, "changes": changes}))
    return drafts


def _close(world: World, deal: Deal) -> None:
    deal.open = False
    drop(world.deals, deal)
    deal.contact.deals -= 1
    deal.company.deals -= 1


def _summary(deal: Deal) -> Payload:
    return {
        "deal_id": deal.id,
        "name": deal.name,
        "value": deal.value,
        "currency": deal.company.currency,
        "company_id": deal.company.id,
        "contact_id": deal.contact.id,
        "owner_id": deal.owner_id,
    }


def _idle_days(world: World, deal: Deal) -> int:
    return (world.now - deal.touched).days


def _days_open(world: World, deal: Deal) -> int:
    return (world.now - deal.created).days
