"""Stories of contacts: how they come in, what is learnt about them, how they go."""

from __future__ import annotations

from functools import partial
from typing import Final

from rex_tui.demo.names import ascii_slug
from rex_tui.demo.world import Company, Contact, Draft, Payload, World, drop

_LIFECYCLE: Final = ("lead", "marketing_qualified", "sales_qualified", "opportunity", "customer")
_SOURCES: Final = ("web_form", "web_form", "referral", "trade_fair", "newsletter", "manual", "email")
_TAGS: Final = ("vip", "newsletter", "trial", "partner", "event-2026", "価格表", "reseller", "do-not-call")
_MESSAGES: Final = (
    "Could you send me a quote for 40 seats?",
    "We met at the fair in Köln. Please call me back.",
    "Bonjour, je souhaite une démonstration la semaine prochaine.",
    "Is there an integration with our ERP?",
    "資料を送ってください。",
)
_DELETE_REASONS: Final = ("gdpr_request", "bounced", "left_company", "duplicate")


def add_contact(world: World, company: Company | None, source: str | None = None) -> tuple[Contact, Draft]:
    """Give a new contact, at `company` where there is one, and its `contact.created`."""
    person = world.names.person()
    if person.hostile:
        company, source = None, source or "web_form"
    owner = company.owner_id if company else world.rng.choice(world.users)
    contact = Contact(
        id=world.new_id("cont"),
        name=person.name,
        email=world.names.email(person, company.domain if company else None),
        company=company,
        owner_id=owner,
        extra={"title": None, "phone": None, "lifecycle_stage": "lead", "tags": []},
    )
    source = source or world.rng.choice(_SOURCES)
    payload: Payload = {
        "contact_id": contact.id,
        "email": contact.email,
        "name": contact.name,
        "company_id": company.id if company else None,
        "owner_id": owner,
        "lifecycle_stage": "lead",
        "source": source,
    }
    if company:
        company.contacts += 1
        if world.chance(0.5):
            payload["title"] = contact.extra["title"] = world.names.title()
    if source == "web_form":
        payload["form"] = {
            "page": world.one_of("/pricing", "/contact", "/demo"),
            "message": person.name if person.hostile else world.rng.choice(_MESSAGES),
            "utm": {"source": world.one_of("search", "newsletter", "partner"), "campaign": "spring-launch"},
        }
    world.contacts.append(contact)
    world.register[contact.id] = contact
    return contact, ("contact.created", payload)


def capture_contact(world: World) -> list[Draft]:
    """Let somebody come in, who is enriched a little later."""
    company = world.recent(world.companies) if world.chance(0.6) else None
    contact, draft = add_contact(world, company)
    if world.chance(0.6):
        world.later(1, 6, partial(enrich_contact, contact=contact))
    return [draft]


def enrich_contact(world: World, contact: Contact | None = None) -> list[Draft]:
    """Let a data provider tell more about a contact, which changes some of its fields."""
    contact = contact or world.recent(world.contacts)
    if contact is None or not contact.alive:
        return []
    rng = world.rng
    title = contact.extra["title"] or world.names.title()
    changed = [] if contact.extra["title"] else ["title"]
    contact.extra["title"] = title
    city, country, zone = contact.company.place if contact.company else ("Boston", "US", "America/New_York")
    handle = ascii_slug(contact.email.partition("@")[0])
    payload: Payload = {
        "contact_id": contact.id,
        "email": contact.email,
        "provider": world.one_of("peoplegraph", "openregistry"),
        "confidence": round(rng.uniform(0.55, 0.99), 2),
        "person": {
            "title": title,
            "seniority": world.one_of("staff", "manager", "director", "executive"),
            "location": {"city": city, "country": country, "timezone": zone},
            "profiles": [
                {"network": network, "url": f"https://{network}.example/{handle}", "followers": rng.randrange(20, 9000)}
                for network in rng.sample(("linkedin", "mastodon", "github"), rng.randint(1, 3))
            ],
            "skills": rng.sample(("budgeting", "sourcing", "python", "negotiation", "lean", "español"), 3),
        },
        "fields_changed": [*changed, "location", "profiles"],
    }
    if contact.company:
        payload["company"] = {"company_id": contact.company.id, "domain": contact.company.domain}
    if world.chance(0.35):
        world.later(1, 8, partial(update_contact, contact=contact))
    return [("contact.enriched", payload)]


def update_contact(world: World, contact: Contact | None = None) -> list[Draft]:
    """Let somebody correct or advance a contact."""
    contact = contact or world.recent(world.contacts)
    if contact is None or not contact.alive:
        return []
    name = world.one_of("title", "phone", "lifecycle_stage", "lifecycle_stage", "tags", "owner_id")
    if name == "owner_id":
        former, contact.owner_id = contact.owner_id, _other_user(world, contact.owner_id)
        return [_contact_updated(contact, {name: {"from": former, "to": contact.owner_id}})]
    if name == "lifecycle_stage":
        return advance_contact(world, contact, None)
    return [_set_fields(contact, {name: _new_value(world, contact, name)})]


def advance_contact(world: World, contact: Contact, stage: str | None) -> list[Draft]:
    """Let a contact come to the lifecycle `stage`, or to the next one; nothing where it is there already."""
    former = str(contact.extra["lifecycle_stage"])
    reached = stage or _LIFECYCLE[min(_LIFECYCLE.index(former) + 1, len(_LIFECYCLE) - 1)]
    if reached == former or not contact.alive:
        return []
    fields: Payload = {"lifecycle_stage": reached}
    if world.chance(0.2):
        fields["phone"] = _new_value(world, contact, "phone")
    return [_set_fields(contact, fields)]


def join_company(contact: Contact, company: Company) -> list[Draft]:
    """Let it come out which company a contact works for."""
    if not (contact.alive and company.alive) or contact.company:
        return []
    contact.company = company
    company.contacts += 1
    return [_contact_updated(contact, {"company_id": {"from": None, "to": company.id}})]


def delete_contact(world: World) -> list[Draft]:
    """Let a contact without open deals go, often because it was there twice."""
    contact = world.recent(world.contacts)
    if contact is None or contact.deals:
        return []
    contact.alive = False
    drop(world.contacts, contact)
    world.register.pop(contact.id, None)
    if contact.company:
        contact.company.contacts -= 1
    payload: Payload = {"contact_id": contact.id, "email": contact.email, "reason": world.rng.choice(_DELETE_REASONS)}
    kept = world.recent(world.contacts)
    if payload["reason"] == "duplicate" and kept:
        payload["merged_into_id"] = kept.id
    payload["deleted_by_id"] = world.rng.choice(world.users)
    return [("contact.deleted", payload)]


def _new_value(world: World, contact: Contact, name: str) -> object:
    former = contact.extra[name]
    if name == "tags":
        tags = sorted(world.rng.sample(_TAGS, world.rng.randint(1, 3)))
        return tags if tags != former else []
    made = world.names.title() if name == "title" else world.names.phone()
    return made if made != former else None


def _set_fields(contact: Contact, fields: Payload) -> Draft:
    changes: Payload = {name: {"from": contact.extra[name], "to": value} for name, value in fields.items()}
    contact.extra.update(fields)
    return _contact_updated(contact, changes)


def _contact_updated(contact: Contact, changes: Payload) -> Draft:
    return "contact.updated", {"contact_id": contact.id, "email": contact.email, "changes": changes}


def _other_user(world: World, user: str) -> str:
    return world.rng.choice([other for other in world.users if other != user])
