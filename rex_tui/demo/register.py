"""What the organisation's Rex says when it is asked for one thing by its id, or for its pipelines."""

from __future__ import annotations

from typing import Final, Protocol, TypeAlias

from rex_tui.demo.world import LOST, STAGE_COLOURS, WON, Company, Contact, Deal, Payload, World

Entity: TypeAlias = Company | Contact | Deal
KINDS: Final[dict[str, type[Entity]]] = {"deals": Deal, "contacts": Contact, "companies": Company}


class Register(Protocol):
    """Who can be asked: an `Organisation`, from any thread."""

    def pipelines(self) -> list[Payload]:
        """Give the pipelines with their stages, as JSON has them."""

    def entity(self, kind: str, id_: str) -> Payload | None:
        """Give one of the `deals`, `contacts` or `companies`, as JSON has it; None where there is no such one."""


def pipelines_of(world: World) -> list[Payload]:
    """Give the pipelines with their stages, as JSON has them."""
    stages: list[Payload] = [
        {
            "id": stage.id,
            "name": stage.name,
            "position": stage.position,
            "type": {WON: "won", LOST: "lost"}.get(stage.position, "open"),
            "color": STAGE_COLOURS[stage.position],
        }
        for stage in world.stages
    ]
    return [{"id": world.pipeline_id, "name": "Sales", "stages": stages}]


def entity_of(world: World, kind: str, id_: str) -> Payload | None:
    """Give one of the `deals`, `contacts` or `companies`, as JSON has it; None where there is no such one."""
    found = world.register.get(id_)
    if kind not in KINDS or not isinstance(found, KINDS[kind]):
        return None
    match found:
        case Deal():
            return {
                "id": found.id,
                "name": found.name,
                "value": found.value,
                "currency": found.company.currency,
                "status": "open" if found.open else "won" if found.stage == WON else "lost",
                "pipeline_id": world.pipeline_id,
                "stage_id": world.stages[found.stage].id,
                "company_id": found.company.id,
                "contact_id": found.contact.id,
                "owner_id": found.owner_id,
            }
        case Contact():
            return {
                "id": found.id,
                "name": found.name,
                "email": found.email,
                "company_id": found.company.id if found.company else None,
                "owner_id": found.owner_id,
                **found.extra,
            }
        case Company():
            return {
                "id": found.id,
                "name": found.name,
                "domain": found.domain,
                "industry": found.industry,
                "owner_id": found.owner_id,
            }
