"""Who may touch which prescription. What a caller may not see is not found."""

from uuid import UUID

from esoz.central.organisations import LegalEntity
from esoz.central.workforce import Employee, Party
from esoz.kernel.errors import Forbidden, NotFound
from esoz.kernel.work import Actor

from .model import Draft, Request
from .model.dispenses import DISPENSING_TYPES, Dispense


def must_be_ours(actor: Actor, record: Draft | Request | Dispense) -> None:
    """MR-20: a clinic sees what it wrote, a pharmacy what it dispensed."""
    if record.legal_entity_id != actor.client_id:
        raise NotFound()


def must_be_within_reach(actor: Actor, request: Request, legal_entity: LegalEntity) -> None:
    """MR-20: any prescription for a pharmacy, its own for a clinic."""
    if legal_entity.type not in DISPENSING_TYPES:
        must_be_ours(actor, request)


# The publication asks for the first, and gives it to no pharmacist, whose system must qualify before it dispenses.
MAY_QUALIFY = ("medication_request:details", "medication_request:details_pharm")


def must_be_let_qualify(actor: Actor) -> None:
    """A doctor's or a pharmacist's right to details of prescriptions."""
    if actor.scopes.isdisjoint(MAY_QUALIFY):
        raise Forbidden(f"Your scope does not allow to access this resource. Missing allowances: {MAY_QUALIFY[0]}")


def patient_of(actor: Actor) -> UUID:
    """The patient in their cabinet; raise Forbidden for anybody else."""
    if actor.person_id is None:
        raise Forbidden("Only patients may use the cabinet")
    return actor.person_id


def must_be_doctor(party: Party, employee: Employee) -> None:
    """MR-14: only the doctor named in the draft signs it."""
    if employee.party.id != party.id:
        raise Forbidden("Only doctor that in Medication request Request can sign it")


def user_of(actor: Actor) -> UUID:
    """The signed-in user."""
    if actor.user_id is None:
        raise Forbidden()
    return actor.user_id


def client_of(actor: Actor) -> UUID:
    """The legal entity that the caller acts for."""
    if actor.client_id is None:
        raise Forbidden()
    return actor.client_id
