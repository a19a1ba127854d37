"""A dispense of devices as the pharmacist is shown it and signs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from esoz.central.device_definitions import Definition, ProgramDevice
from esoz.central.dictionaries import dictionaries
from esoz.central.organisations import Division, LegalEntity
from esoz.central.programmes import Programme
from esoz.central.workforce import Employee
from esoz.kernel.amounts import MONEY, rounded
from esoz.kernel.fhir import reference
from esoz.kernel.payload import JSON, number, omit_none

from ..model.dispenses import Dispense, Handover, Line, allowed_discount
from ..model.orders import UNIT

_CHANGING = frozenset({"updated_at", "updated_by"})


@dataclass(frozen=True, slots=True)
class Counter:
    """The pharmacy's side of a dispense."""

    legal_entity: LegalEntity
    performer: Employee
    division: Division


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its device and, where a programme pays, the device's part in it."""

    line: Line
    definition: Definition
    part: ProgramDevice | None


def dispense_document(
    handover: Handover, person_id: UUID, counter: Counter, programme: Programme | None, lines: Iterable[PricedLine]
) -> JSON:
    """`Device_Dispense_Response` of what is held, with the words of our registers."""
    performer, division, pharmacy = counter.performer, counter.division, counter.legal_entity
    whole = omit_none(
        {
            "id": handover.id,
            "based_on": reference("device_request", handover.based_on.id, ""),
            "status": handover.status,
            "subject": reference("patient", person_id, ""),
            "primary_source": True,
            "performer": reference("employee", performer.id, performer.party.full_name),
            "location": reference("division", division.id, division.name),
            "when_handed_over": handover.when_handed_over,
            "note": handover.note,
            "performer_legal_entity": reference("legal_entity", pharmacy.id, pharmacy.name),
            "program": None if programme is None else reference("medical_program", programme.id, programme.name),
            "details": [_shown_line(each) for each in lines],
        }
    )
    return dict(msgspec.to_builtins(whole))


def _shown_line(priced: PricedLine) -> JSON:
    line, definition, part = priced.line, priced.definition, priced.part
    name = definition.device_names[0].name
    unit = line.quantity.code
    return omit_none(
        {
            "device": reference("device_definition", definition.id, name),
            "program_device": None if part is None else reference("program_device", part.id, ""),
            "quantity": {
                "value": number(line.quantity.value),
                "system": UNIT,
                "code": unit,
                "unit": dictionaries.describe(UNIT, unit) or unit,
            },
            "sell_price": number(line.sell_price),
            "discount_amount": number(line.discount_amount),
            "reimbursement_amount": None if part is None else number(rounded(allowed_discount(line, part), MONEY)),
        }
    )


def lasting_dispense(content: Mapping[str, Any], *own: str) -> JSON:
    """What of a dispense stays while its next state is being signed; `own` is what the signed document says itself."""
    return {name: value for name, value in content.items() if name not in _CHANGING and name not in own}


def expected_dispense(dispense: Dispense, *own: str) -> JSON:
    """The dispense as the document of its next state must tell it."""
    shown = {**dispense.document, "inserted_at": dispense.inserted_at}
    return lasting_dispense(msgspec.to_builtins(shown), *own)
