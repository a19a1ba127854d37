"""Whose entries a caller may touch."""

from collections.abc import Iterable
from uuid import UUID

from esoz.central.organisations import own
from esoz.central.workforce import Employee
from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor

HANDING_OVER = "PHARMACIST"


def must_be_ours(actor: Actor, legal_entity_id: UUID) -> None:
    """Another pharmacy's entry is not found."""
    if own(actor) not in (None, legal_entity_id):
        raise NotFound()


def must_be_pharmacist(employed: Iterable[Employee]) -> None:
    """A scope says what a system may ask for; handing over is a pharmacist's."""
    if not any(each.employee_type == HANDING_OVER for each in employed):
        raise Forbidden("Only a pharmacist of this legal entity can dispense")
