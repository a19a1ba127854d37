"""Device definitions: shape, and what a file of them may not say."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from esoz.kernel.amounts import amount_faults
from esoz.kernel.fhir import CodeableConcept

CLASSIFICATION = "device_definition_classification_type"  # the only system that the first version of the API knows
FIXED, PERCENTAGE = "FIXED", "PERCENTAGE"  # how the state pays: a sum for one device, or a part of its price
AMOUNTS = (
    "reimbursement_amount",
    "percentage_discount",
    "wholesale_price",
    "consumer_price",
    "estimated_payment_amount",
)
NAME_TYPES = frozenset({"user_friendly", "registered", "patient_reported"})


class Event(StrEnum):
    """What the audit log tells of this context."""

    LIST_READ = "device_definitions.read"
    READ = "device_definition.read"
    IMPORTED = "device_definitions.imported"


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name and for whom it is."""

    name: str
    type: str


class Manufacturer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    country: str


class Packaging(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the device is sold: `packaging_count` of `packaging_unit` in one package."""

    packaging_type: str
    packaging_count: float
    packaging_unit: str


class Coding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    system: str
    code: str


class Property(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One property with one value."""

    type: Coding
    value_integer: int | None = None
    value_decimal: float | None = None
    value_boolean: bool | None = None
    value_string: str | None = None
    value_codeable_concept: CodeableConcept | None = None

    @property
    def values(self) -> int:
        """How many values are told."""
        return sum(getattr(self, name) is not None for name in self.__struct_fields__ if name != "type")


class ProgramDevice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The device in a medical programme."""

    id: UUID
    medical_program_id: UUID
    max_daily_count: float
    start_date: date | None = None
    end_date: date | None = None
    device_request_allowed: bool | None = None
    care_plan_activity_allowed: bool | None = None
    registry_number: str | None = None
    # Of one device (reimbursement) or of one package (prices), in hryvnias: told to pharmacies, not in the register.
    reimbursement_type: str = FIXED
    reimbursement_amount: Decimal | None = None
    percentage_discount: Decimal | None = None
    reimbursement_daily_count: float | None = None
    wholesale_price: Decimal | None = None
    consumer_price: Decimal | None = None
    estimated_payment_amount: Decimal | None = None

    def takes_part(self, day: date) -> bool:
        """Whether the device takes part on this day; both ends belong to it."""
        return (self.start_date or day) <= day <= (self.end_date or day)


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One device as the register has it."""

    id: UUID
    device_names: Sequence[Name]
    packaging: Packaging
    classification_types: Sequence[Coding]
    external_id: str | None = None
    description: str | None = None
    manufacturer: Manufacturer | None = None
    model_number: str | None = None
    part_number: str | None = None
    note: str | None = None
    parent_id: UUID | None = None
    properties: Sequence[Property] = ()
    program_devices: Sequence[ProgramDevice] = ()


def must_be_whole(definitions: Sequence[Definition]) -> None:
    """Raise ValueError naming the first faults of a file."""
    faults = list(_faults(definitions))
    if faults:
        raise ValueError("; ".join(faults[:5]))


def _faults(definitions: Sequence[Definition]) -> Iterator[str]:
    ids = [each.id for each in definitions]
    yield from (f"{id}: told twice" for id in _repeated(ids))
    yield from (
        f"{id}: program_devices told twice"
        for id in _repeated(program.id for each in definitions for program in each.program_devices)
    )
    known = set(ids)
    for each in definitions:
        yield from (f"{each.id}: {message}" for message in _own_faults(each, known))


def _own_faults(definition: Definition, known: Collection[UUID]) -> Iterator[str]:
    if not definition.device_names:
        yield "no device_names"
    if not {each.type for each in definition.device_names} <= NAME_TYPES:
        yield "a type of device_names is unknown"
    if not definition.classification_types:
        yield "no classification_types"
    if definition.parent_id is not None and definition.parent_id not in known:
        yield "parent_id is not in the file"
    if any(each.values != 1 for each in definition.properties):
        yield "a property has not exactly one value"
    if definition.packaging.packaging_count <= 0:
        yield "packaging_count is not above zero"
    for each in definition.program_devices:
        yield from (f"{each.id}: {message}" for message in _program_faults(each))


def _program_faults(device: ProgramDevice) -> Iterator[str]:
    if device.reimbursement_type not in (FIXED, PERCENTAGE):
        yield "reimbursement_type is unknown"
    for name in AMOUNTS:
        yield from (f"{name}: {each.description}" for each in amount_faults(name, getattr(device, name)))
    if device.percentage_discount is not None and device.percentage_discount > 100:
        yield "percentage_discount is more than the whole"
    if device.start_date is not None and device.end_date is not None and device.end_date < device.start_date:
        yield "it ends before it begins"


def _repeated(ids: Iterable[UUID]) -> Iterator[UUID]:
    seen: set[UUID] = set()
    for id in ids:
        if id in seen:
            yield id
        seen.add(id)


class DeviceDefinitionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Filters of the list by their published names; None means any. Out of use are shown only when asked for."""

    classification_type_system: str | None = None
    classification_type_code: str | None = None
    model_number: str | None = None
    name: str | None = None
    name_type: str | None = None
    medical_program_id: UUID | None = None
    is_active: bool = True
