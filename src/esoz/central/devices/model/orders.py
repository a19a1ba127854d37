"""What a doctor asks for when they prescribe a device, and may they."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import msgspec

from esoz.central.care_plans import Kind, Wish, named_pair
from esoz.central.device_definitions import Definition, ProgramDevice
from esoz.central.programmes import Programme, Settings
from esoz.kernel.amounts import amount_faults
from esoz.kernel.clock import SKEW, is_ahead, kyiv_date
from esoz.kernel.errors import Conflict, Forbidden, NotFound, rejected
from esoz.kernel.faults import AT_LEAST_ONE, ONLY_ONE, Faults, fault
from esoz.kernel.fhir import CodeableConcept, Moment, Period, Reference

ORDER, ACTIVE = "order", "active"
DELAY_INPUT = timedelta(days=3)  # DVR-3: how late a request may be typed in, as for medicines (MR-4)
PRESCRIBING_TYPES = frozenset({"MSP", "MSP_PHARMACY", "PRIMARY_CARE", "OUTPATIENT"})
DEVICE_PROGRAMME = "DEVICE"
UNIT = "device_unit"

NO_PARTICIPANTS = "No appropriate participants found for this medical program"
OVERLAPS = "Device request for such device with overlapping occurrence period already exists in this medical program"
INDIVISIBLE = "The quantity of devices must be divisible to the packaging count of a device of the medical program"
NOT_DEVICES = "Medical program is not a program of medical devices"

# A device that takes part in a programme.
Participation: TypeAlias = tuple[Definition, ProgramDevice]


class Quantity(msgspec.Struct, frozen=True):
    """How many of a unit."""

    value: Decimal
    system: str
    code: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it is signed; before the signature it has neither id nor status nor programme."""

    id: UUID | None = None
    status: str | None = None
    intent: str
    encounter: Reference
    requester: Reference
    authored_on: Moment
    occurrence_period: Period
    quantity: Quantity | None = None
    code: CodeableConcept | None = None
    code_reference: Reference | None = None
    reason: Sequence[Reference] = ()
    based_on: Sequence[Reference] = ()
    priority: str | None = None
    parameter: Sequence[Mapping[str, Any]] = ()
    performer: Reference | None = None
    supporting_info: Sequence[Reference] = ()
    note: str | None = None
    program: Reference | None = None
    inform_with: UUID | None = None

    @property
    def ended_at(self) -> datetime:
        """The end of the period; a rule has seen that there is one."""
        assert self.occurrence_period.end is not None
        return self.occurrence_period.end

    @property
    def days(self) -> int:
        """Days in Kyiv for which the devices are meant, the first and the last included."""
        return (kyiv_date(self.ended_at) - kyiv_date(self.occurrence_period.start)).days + 1

    @property
    def amount(self) -> Quantity:
        """How many; a rule has seen that it is told."""
        assert self.quantity is not None
        return self.quantity

    def care_plan_id(self) -> UUID | None:
        """The care plan that the request carries out."""
        return next((each.id for each in self.based_on if each.kind == "care_plan"), None)

    def activity_id(self) -> UUID | None:
        """What of the care plan it carries out."""
        return next((each.id for each in self.based_on if each.kind == "activity"), None)


@dataclass(frozen=True, slots=True)
class Requester:
    """What the rules ask about the doctor."""

    employee_type: str
    works: bool
    legal_entity_id: UUID
    specialities: frozenset[str]


def order_faults(order: Order, now: datetime, root: str) -> Faults:
    """DVR-1, DVR-3: what can be told of a request by itself."""
    if order.intent != ORDER:
        yield fault(f"{root}.intent", "value is not allowed in enum", rule="inclusion")
    if order.status not in (None, ACTIVE):
        yield fault(f"{root}.status", "value is not allowed in enum", rule="inclusion")
    if order.code is not None and order.code_reference is not None:
        yield fault(f"{root}.code_reference", ONLY_ONE, rule="oneOf")
    if not (order.code and order.code.code) and order.code_reference is None:
        yield fault(root, AT_LEAST_ONE, rule="oneOf")
    yield from _quantity_faults(order.quantity, root)
    yield from _date_faults(order, now, root)


def _quantity_faults(quantity: Quantity | None, root: str) -> Faults:
    if quantity is None:
        yield fault(f"{root}.quantity", "required property quantity was not present", rule="required")
        return
    yield from amount_faults(f"{root}.quantity.value", quantity.value, may_be_zero=False)
    if quantity.system != UNIT:
        yield fault(f"{root}.quantity.system", "value is not allowed in enum", rule="inclusion")


def _date_faults(order: Order, now: datetime, root: str) -> Faults:
    authored, period = order.authored_on, order.occurrence_period
    if is_ahead(authored, now):
        yield fault(f"{root}.authored_on", "must be in past")
    elif kyiv_date(authored) < kyiv_date(now - SKEW) - DELAY_INPUT:
        yield fault(f"{root}.authored_on", "authored_on is too far in the past")
    if kyiv_date(period.start) < kyiv_date(authored):
        yield fault(f"{root}.occurrence_period.start", "Start date must be greater than or equal the authored_on")
    if period.end is None:
        yield fault(f"{root}.occurrence_period.end", "required property end was not present", rule="required")
    elif period.end < period.start:
        yield fault(f"{root}.occurrence_period.end", "End date must be greater than or equal the start date")
    elif kyiv_date(period.end) < kyiv_date(now - SKEW):
        yield fault(f"{root}.occurrence_period.end", "End date must be greater than or equal the current date")


def must_be_prescribing(legal_entity_type: str, *, acts: bool) -> None:
    """DVR-2: the clinic works, and is of a kind that prescribes."""
    if not acts:
        raise Conflict("Legal entity is not active")
    if legal_entity_type not in PRESCRIBING_TYPES:
        raise Conflict("Invalid legal entity type")


def must_be_working(requester: Requester, clinic_id: UUID, root: str) -> None:
    """DVR-2: who asks is an approved employee of this very clinic."""
    if not requester.works or requester.legal_entity_id != clinic_id:
        raise rejected(f"{root}.requester.identifier.value", "Employee is not an active doctor")


def must_be_for_devices(programme: Programme) -> None:
    """DVR-6: the programme is of devices, works and takes new requests."""
    if programme.type != DEVICE_PROGRAMME:
        raise Conflict(NOT_DEVICES)
    if not programme.is_active:
        raise Conflict("Medical program is not active")
    if not programme.medication_request_allowed:
        raise Conflict("Forbidden to create device request for this medical program")


def must_be_in_programme(requester: Requester, settings: Settings, root: str) -> None:
    """DVR-6: kinds of employees and specialities that the programme lets prescribe."""
    entry = f"{root}.requester.identifier.value"
    types = settings.employee_types_to_create_medication_request
    if not settings.skip_employee_validation and requester.employee_type not in types:
        raise rejected(entry, "Employee type is not allowed by the medical program")
    allowed = settings.specialities
    if allowed is not None and requester.specialities.isdisjoint(allowed):
        raise rejected(entry, "Employee's speciality doesn't match the medical program")


def must_have_declaration(settings: Settings, *, with_employee: bool, with_clinic: bool) -> None:
    """DVR-6 and the two settings that waive it: with the doctor; else with the clinic; else none at all."""
    if not settings.skip_medication_request_employee_declaration_verify:
        if not with_employee:
            raise Forbidden("Only doctors with an active declaration with the patient can create device request!")
    elif not settings.skip_medication_request_legal_entity_declaration_verify and not with_clinic:
        raise NotFound("Not found active declaration with person for this legal entity!")


def must_fit_settings(order: Order, settings: Settings, conditions: Mapping[str, Collection[str]], root: str) -> None:
    """DVR-6: care plan, kind of code, longest period and diagnoses that the programme asks for."""
    if settings.care_plan_required and order.care_plan_id() is None:
        raise rejected(f"{root}.based_on", "Care plan is required by the medical program")
    systems = settings.device_request_allowed_code_types
    if systems is not None and order.code is not None and order.code.system not in systems:
        raise rejected(f"{root}.code", "Type of the code is not allowed by the medical program")
    longest = settings.medication_request_max_period_day
    if longest is not None and order.days > longest:
        message = "Occurrence period exceeds the maximum of the medical program"
        raise rejected(f"{root}.occurrence_period.end", message, params=[longest])
    wanted = {
        "eHealth/ICD10_AM/condition_codes": settings.conditions_icd10_am_allowed,
        "eHealth/ICPC2/condition_codes": settings.conditions_icpc2_allowed,
    }
    lists = {system: codes for system, codes in wanted.items() if codes is not None}
    if lists and not any(set(conditions.get(system, ())) & set(codes) for system, codes in lists.items()):
        raise rejected(
            f"{root}.encounter.identifier.value", "Diagnoses of the encounter don't match the medical program"
        )


def must_be_available(order: Order, found: Sequence[Participation], root: str) -> None:
    """DVR-7: the programme has such a device, in whole packages, and lets the patient have so many a day."""
    allowed = [each for each in found if each[1].device_request_allowed is not False]
    if not allowed:
        raise Conflict(NO_PARTICIPANTS)
    amount = order.amount
    same = [each for each in allowed if each[0].packaging.packaging_unit == amount.code]
    if not same:
        raise rejected(
            f"{root}.quantity.code", "Unit of quantity doesn't match the unit of the packaging of the device"
        )
    whole = [each for each in same if is_whole(amount.value, each[0])]
    if not whole:
        raise rejected(f"{root}.quantity.value", INDIVISIBLE)
    most = max(each.max_daily_count for _, each in whole)
    if amount.value > Decimal(str(most)) * order.days:
        message = "Quantity of devices exceeds the maximum daily count of the medical program"
        raise rejected(f"{root}.quantity.value", message, params=[most])


def is_whole(quantity: Decimal, definition: Definition) -> bool:
    """Whether a quantity is one of whole packages of a device."""
    count = Decimal(str(definition.packaging.packaging_count))
    return count > 0 and quantity % count == 0


def last_day(order: Order, settings: Settings) -> date:
    """DVR-8: the last day of dispensing in Kyiv, itself included."""
    return kyiv_date(order.authored_on) + timedelta(days=settings.dispense_period)


def wish_of(order: Order, request_id: UUID, root: str = "$") -> Wish | None:
    """CP-12: what a request takes of a care plan; None when it stands on none."""
    place = f"{root}.based_on"
    pair = named_pair(order.care_plan_id(), order.activity_id(), place)
    if pair is None:
        return None
    return Wish(
        kind=Kind.DEVICE,
        request_id=request_id,
        care_plan_id=pair[0],
        activity_id=pair[1],
        place=place,
        product_id=order.code_reference.id if order.code_reference else None,
        product_code=(order.code.system, order.code.code) if order.code else None,
        quantity=order.amount.value,
        first=kyiv_date(order.occurrence_period.start),
        last=kyiv_date(order.ended_at),
    )
