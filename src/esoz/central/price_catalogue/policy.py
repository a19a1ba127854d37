"""Who tells what a pharmacy has."""

from esoz.central.organisations import Division, LegalEntity
from esoz.kernel.errors import Conflict, NotFound
from esoz.kernel.work import Actor

SELLING = frozenset({"PHARMACY", "MSP_PHARMACY"})


def must_be_own_pharmacy(actor: Actor, entity: LegalEntity, division: Division) -> None:
    """DR-7: a working division of the pharmacy that asks; another's is not found."""
    if division.legal_entity_id != actor.client_id:
        raise NotFound()
    if entity.type not in SELLING:
        raise Conflict("Invalid legal entity type")
    if not entity.acts:
        raise Conflict("Legal entity is not active")
    if not division.acts:
        raise Conflict("Division is not active")
