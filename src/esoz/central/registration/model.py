"""Rules of a signed registration: who signed it, for whom, which owner."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec

from esoz.central.organisations import EDR, LegalEntity, same_type
from esoz.central.workforce import age, tax_id_is_valid
from esoz.kernel.clock import Days
from esoz.kernel.errors import Conflict, Invalid, Rejected, rejected
from esoz.kernel.signed import must_be_signed_by
from esoz.kernel.spelling import plain_number, same_number
from esoz.kernel.work import Signer

NHS_EDRPOU = "42032422"  # the code of the Національна служба здоров'я in the state register
OLDEST = 150  # EM-7
# LE-5: a code of the state register; a sole proprietor has a tax id or a passport number instead.
_CODE = re.compile(r"[0-9]{8,10}|[0-9]{9,10}|[А-ЯҐЇІЄ]{2}[0-9]{6}")
# LE-15 (first version): whom the owner becomes.
OWNER_TYPES: Mapping[str, str] = {"PHARMACY": "PHARMACY_OWNER"}


class NamedLegalEntity(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A legal entity as who signs sees it."""

    id: UUID
    name: str
    edrpou: str


def owner_type(legal_entity_type: str) -> str:
    """The type of employee that the owner of such a legal entity is."""
    return OWNER_TYPES.get(legal_entity_type, "OWNER")


def must_be_signed_for(signer: Signer, edrpou: str) -> None:
    """Raise Rejected unless the certificate is of this legal entity (LE-5)."""
    code = (signer.edrpou or "").strip() or (signer.drfo or "").strip()
    if not code:
        raise rejected("$.edrpou", "EDRPOU and DRFO is empty in digital sign")
    if not _CODE.fullmatch(plain_number(code)):
        raise rejected("$.edrpou", "Invalid edrpou")
    if not same_number(code, edrpou):
        message = "EDRPOU does not match legal_entity edrpou" if signer.edrpou else "DRFO does not match signer drfo"
        raise rejected("$.edrpou", message)


def must_be_signed_by_nhs(signer: Signer, tax_id: str | None, *, field: str) -> None:
    """Raise Rejected unless somebody of the НСЗУ signed, the user themselves where their tax id is known (LE-20)."""
    if not same_number(signer.edrpou, NHS_EDRPOU):
        raise rejected(field, "Does not match the signer edrpou")
    if tax_id is not None:
        must_be_signed_by(signer, tax_id, field=field)


def must_be_as_stored(entity: LegalEntity, named: NamedLegalEntity, place: str) -> None:
    """Raise Rejected unless name and code are those that we know: who signs has seen whom they merge (LE-20)."""
    for name in ("name", "edrpou"):
        if getattr(entity, name) != getattr(named, name):
            raise rejected(f"{place}.{name}", "value does not match the legal entity")


def known_as(entities: Sequence[LegalEntity], type: str) -> LegalEntity | None:
    """The one of these that a registration of a type means: of this very type, else the old type that became it."""
    meant = [each for each in entities if same_type(type, each.type)]
    return min(meant, key=lambda each: each.type != type, default=None)


def must_be_changeable(entity: LegalEntity, record: EDR) -> None:
    """Raise Conflict with the published texts unless the legal entity may be changed by this record (LE-11, LE-12)."""
    if not entity.acts:
        raise Conflict("Legal entity with such edrpou and type already exists")
    if entity.edr.id != record.id:
        # The code was given anew: the one before has to end first.
        raise Conflict("Invalid edr state. Previous legal entity must be closed")


def must_be_owner(*, tax_id: str, no_tax_id: bool, birth_date: date, days: Days) -> None:
    """Raise Rejected naming the fields of an owner who cannot be one (LE-3)."""
    faults = tuple(_owner_faults(tax_id, no_tax_id, birth_date, days))
    if faults:
        raise Rejected(invalid=faults)


def _owner_faults(tax_id: str, no_tax_id: bool, birth_date: date, days: Days) -> Iterator[Invalid]:
    # LE-3: an owner never goes without the tax id.
    if no_tax_id:
        yield Invalid("$.owner.no_tax_id", "invalid", "'no_tax_id' must be false")
    elif not tax_id_is_valid(tax_id):
        yield Invalid("$.owner.tax_id", "invalid", "invalid tax_id value")
    if not (birth_date <= days.latest and age(birth_date, days.today) <= OLDEST):
        yield Invalid("$.owner.birth_date", "invalid", "invalid birth_date value")
