"""Stories of companies: new accounts, what registries know of them, duplicates that go again."""

from __future__ import annotations

from functools import partial
from typing import Final

from rex_tui.demo.names import COORDINATES, INDUSTRIES
from rex_tui.demo.people import add_contact, enrich_contact, join_company
from rex_tui.demo.pipeline import open_deal
from rex_tui.demo.world import Company, Draft, Payload, World, drop

_CURRENCIES: Final = ("USD", "EUR", "GBP")
_CURRENCY_WEIGHTS: Final = (74, 17, 9)
_TECHNOLOGIES: Final = ("postgres", "sap", "excel", "shopware", "kubernetes", "fax", "matomo", "odoo")
_BANDS: Final = ("<1M", "1M-10M", "10M-50M", "50M-250M")


def add_company(world: World, likeness: Company | None = None) -> tuple[Company, Draft]:
    """Give a new company and its `company.created`; `likeness` is one of which it is a duplicate by mistake."""
    firm = world.names.firm()
    company = Company(
        id=world.new_id("comp"),
        name=likeness.name if likeness else firm.name,
        domain=likeness.domain if likeness else firm.domain,
        industry=firm.industry,
        place=firm.place,
        owner_id=world.rng.choice(world.users),
        currency=world.rng.choices(_CURRENCIES, _CURRENCY_WEIGHTS)[0],
        employees=int(world.rng.lognormvariate(4.2, 1.3)) + 2,
    )
    world.register[company.id] = company
    payload: Payload = {
        "company_id": company.id,
        "name": company.name,
        "domain": company.domain,
        "industry": company.industry,
        "address": {"city": company.place[0], "country": company.place[1]},
        "owner_id": company.owner_id,
    }
    return company, ("company.created", payload)


def new_account(world: World) -> list[Draft]:
    """Let a company come in with somebody who works there; both are enriched, and a deal may follow."""
    company, created = add_company(world)
    world.companies.append(company)
    contact, captured = add_contact(world, company)
    world.later(1, 5, partial(enrich_company, company=company))
    if world.chance(0.6):
        world.later(1, 6, partial(enrich_contact, contact=contact))
    if world.chance(0.45):
        world.later(6, 40, partial(open_deal, contact=contact))
    return [created, captured]


def find_company(world: World) -> list[Draft]:
    """Let it come out which company one of the contacts works for."""
    contact = world.recent(world.contacts)
    if contact is None or contact.company:
        return []
    company, created = add_company(world)
    world.companies.append(company)
    world.later(1, 5, partial(enrich_company, company=company))
    return [created, *join_company(contact, company)]


def enrich_company(world: World, company: Company | None = None) -> list[Draft]:
    """Let a data provider tell more about a company."""
    company = company or world.recent(world.companies)
    if company is None or not company.alive:
        return []
    rng = world.rng
    city, country, zone = company.place
    latitude, longitude = COORDINATES[city]
    payload: Payload = {
        "company_id": company.id,
        "domain": company.domain,
        "provider": world.one_of("openregistry", "firmographica"),
        "confidence": round(rng.uniform(0.6, 0.99), 2),
        "firmographics": {
            "industry": company.industry,
            "employees": {"min": company.employees // 2, "max": company.employees * 2},
            "revenue_band": world.rng.choice(_BANDS),
            "founded": rng.randrange(1899, 2024),
            "headquarters": {
                "city": city,
                "country": country,
                "timezone": zone,
                "geo": {"lat": latitude, "lon": longitude},
            },
        },
        "technologies": rng.sample(_TECHNOLOGIES, rng.randint(1, 4)),
        "signals": [
            {"kind": world.one_of("hiring", "funding", "expansion", "layoffs"), "score": round(rng.random(), 3)}
            for _ in range(rng.randint(0, 3))
        ],
    }
    if world.chance(0.4):
        world.later(2, 12, partial(update_company, company=company))
    return [("company.enriched", payload)]


def update_company(world: World, company: Company | None = None) -> list[Draft]:
    """Let somebody correct a company."""
    company = company or world.recent(world.companies)
    if company is None or not company.alive:
        return []
    name = world.one_of("employees", "industry", "owner_id")
    former: object
    reached: object
    if name == "employees":
        former = company.employees
        reached = company.employees = max(2, int(former * world.rng.uniform(0.8, 1.4)) + 1)
    elif name == "industry":
        former = company.industry
        reached = company.industry = world.rng.choice([other for other in INDUSTRIES if other != former])
    else:
        former = company.owner_id
        reached = company.owner_id = world.rng.choice([other for other in world.users if other != former])
    payload: Payload = {
        "company_id": company.id,
        "name": company.name,
        "changes": {name: {"from": former, "to": reached}},
    }
    return [("company.updated", payload)]


def duplicate_company(world: World) -> list[Draft]:
    """Let somebody enter a company that is there already; it goes again a little later."""
    original = world.recent(world.companies)
    if original is None:
        return []
    company, created = add_company(world, original)
    world.companies.append(company)
    world.later(1, 9, partial(delete_company, company=company, original=original))
    return [created]


def delete_company(world: World, company: Company, original: Company) -> list[Draft]:
    """Let a duplicate go in favour of the original, unless somebody has begun to use it."""
    if company.contacts or company.deals or not company.alive:
        return []
    company.alive = False
    drop(world.companies, company)
    world.register.pop(company.id, None)
    payload: Payload = {
        "company_id": company.id,
        "name": company.name,
        "reason": "duplicate",
        "merged_into_id": original.id,
        "deleted_by_id": world.rng.choice(world.users),
    }
    return [("company.deleted", payload)]
