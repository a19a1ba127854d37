"""A referral as its doctor signs it, and the rules for what may be asked for."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import msgspec

from esoz.central.approvals import EPISODES
from esoz.central.care_plans import Kind, Wish, named_pair
from esoz.kernel.clock import kyiv_date
from esoz.kernel.faults import Faults, fault, one_too_many
from esoz.kernel.fhir import CodeableConcept, Moment, Period, Reference
from esoz.kernel.references import Referent, Target

ACTIVE = "active"
INTENTS = frozenset({"order", "plan"})
LABORATORY = "laboratory_procedure"
SERVICE, GROUP = "service", "service_group"
UNIT = "SERVICE_UNIT"

# What each reference of a referral may point at.
KINDS: Mapping[str, frozenset[str]] = {
    "code": frozenset({SERVICE, GROUP}),
    "program": frozenset({"medical_program"}),
    "context": frozenset({"encounter"}),
    "requester_employee": frozenset({"employee"}),
    "requester_legal_entity": frozenset({"legal_entity"}),
    "performer": frozenset({"legal_entity"}),
    "location_reference": frozenset({"division"}),
    "based_on": frozenset({"care_plan", "activity"}),
    "reason_reference": frozenset({"condition", "observation", "diagnostic_report"}),
    "supporting_info": frozenset(
        {
            *EPISODES,
            "encounter",
            "condition",
            "observation",
            "diagnostic_report",
            "procedure",
            "immunization",
            "allergy_intolerance",
            "clinical_impression",
            "specimen",
        }
    ),
    "permitted_resources": frozenset(EPISODES),
    "specimens": frozenset({"specimen"}),
    "focus": frozenset({"specimen"}),
}
_TITLES = {
    SERVICE: "Service with such ID",
    GROUP: "Service group with such ID",
    "employee": "Employee with such ID",
    "division": "Division with such ID",
    "legal_entity": "LegalEntity with such ID",
    "medical_program": "Medical program",
}


class InformWith(msgspec.Struct, frozen=True, omit_defaults=True):
    """By which of their authentication methods the patient is told."""

    auth_method_id: UUID | None = None


class Quantity(msgspec.Struct, frozen=True):
    """How many times the service is asked for."""

    value: Decimal
    system: str
    code: str


class PrequalifiedOrder(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked for, before it is signed: without an id and without a programme."""

    status: str
    intent: str
    priority: str
    category: CodeableConcept
    code: Reference
    requester_employee: Reference
    requester_legal_entity: Reference
    context: Reference | None = None
    based_on: tuple[Reference, ...] = ()
    reason_reference: tuple[Reference, ...] = ()
    supporting_info: tuple[Reference, ...] = ()
    permitted_resources: tuple[Reference, ...] = ()
    specimens: tuple[Reference, ...] = ()
    focus: tuple[Reference, ...] = ()
    note: str | None = None
    patient_instruction: str | None = None
    performer: Reference | None = None
    location_reference: Reference | None = None
    performer_type: CodeableConcept | None = None
    quantity: Quantity | None = None
    inform_with: InformWith | None = None
    occurrence_period: Period | None = None
    occurrence_date_time: Moment | None = None

    @property
    def method_id(self) -> UUID | None:
        return self.inform_with.auth_method_id if self.inform_with else None

    @property
    def care_plan_id(self) -> UUID | None:
        return next((each.id for each in self.based_on if each.kind == "care_plan"), None)

    @property
    def activity_id(self) -> UUID | None:
        return next((each.id for each in self.based_on if each.kind == "activity"), None)

    def placed(self) -> Iterator[tuple[str, str, Reference]]:
        """Every reference with the name of its field and its place."""
        for name in KINDS:
            value = getattr(self, name, None)
            if isinstance(value, Reference):
                yield name, f"$.{name}", value
            elif value:
                yield from ((name, f"$.{name}[{number}]", each) for number, each in enumerate(value))

    def targets(self) -> set[Target]:
        return {(each.kind, each.id) for _, _, each in self.placed()}


class Order(PrequalifiedOrder, frozen=True, kw_only=True, omit_defaults=True):
    """A signed referral; its id is the client's."""

    id: UUID
    program: Reference | None = None


class Orderable(msgspec.Struct, frozen=True):
    """What the rules ask of a service or a group of services; a group has no category of its own."""

    category: str | None
    is_active: bool
    request_allowed: bool


class Surroundings(msgspec.Struct, frozen=True):
    """Everything that a referral names, as it was found; what is not here does not exist."""

    now: datetime
    clinic: UUID | None
    orderable: Orderable | None
    found: Mapping[Target, Referent]
    programmes: Collection[UUID] = ()


def form_faults(order: PrequalifiedOrder) -> Faults:
    """SR-1: what the published shape leaves open: the words of statuses, how many, the kinds of references."""
    if order.status != ACTIVE:
        yield fault("$.status", "value is not allowed in enum", rule="inclusion")
    if order.intent not in INTENTS:
        yield fault("$.intent", "value is not allowed in enum", rule="inclusion")
    if not order.category.code:
        yield fault("$.category.coding", "expected at least 1 items", rule="length")
    for name, place, each in order.placed():
        if each.kind not in KINDS[name]:
            yield fault(f"{place}.identifier.type.coding[0].code", "value is not allowed in enum", rule="inclusion")
    if order.quantity is not None:
        if order.quantity.value <= 0:
            yield fault("$.quantity.value", "expected the value to be > 0", rule="number")
        if order.quantity.system != UNIT:
            yield fault("$.quantity.system", "value is not allowed in enum", rule="inclusion")


def order_faults(order: PrequalifiedOrder, around: Surroundings) -> Faults:
    """SR-1 … SR-4: the own clinic asks for an active service, for the future, and names what is there."""
    if order.requester_legal_entity.id != around.clinic:
        # The published sentence, with its misprint.
        yield fault("$.requester_legal_entity.identifier.value", "Must be current legal enity")
    yield from _service_faults(order, around.orderable)
    yield from _resource_faults(order)
    yield from _occurrence_faults(order, around.now)
    for name, place, each in order.placed():
        if name != "code":
            yield from _reference_faults(place, each, around.found)


def _service_faults(order: PrequalifiedOrder, orderable: Orderable | None) -> Faults:
    # SR-2
    entry, title = "$.code.identifier.value", _TITLES.get(order.code.kind, "Service")
    if orderable is None:
        yield fault(entry, f"{title} is not found")
    elif not orderable.is_active:
        yield fault(entry, "Service should be active")
    elif not orderable.request_allowed:
        yield fault(entry, "Request is not allowed for the service")
    elif orderable.category is not None and orderable.category != order.category.code:
        yield fault("$.category.coding[0].code", "Service request category should be equal to service category")


def _resource_faults(order: PrequalifiedOrder) -> Faults:
    # SR-3
    if order.permitted_resources and order.category.code == LABORATORY:
        message = "Permitted resources are not allowed for laboratory category of service request"
        yield fault("$.permitted_resources", message)


def _occurrence_faults(order: PrequalifiedOrder, now: datetime) -> Faults:
    # SR-4: the term of a period ends ahead of us, its beginning may be now.
    period, moment = order.occurrence_period, order.occurrence_date_time
    if period is not None and moment is not None:
        yield one_too_many("$.occurrence_date_time", "$.occurrence_period", "$.occurrence_date_time")
    if moment is not None and moment <= now:
        yield fault("$.occurrence_date_time", "Occurrence date must be in the future")
    if period is None:
        return
    if period.end is not None and period.end < period.start:
        yield fault("$.occurrence_period.end", "End date must be greater or equal than start date")
    elif (period.end or period.start) <= now:
        yield fault("$.occurrence_period", "Occurrence date must be in the future")


def _reference_faults(place: str, each: Reference, found: Mapping[Target, Referent]) -> Faults:
    referent = found.get((each.kind, each.id))
    if referent is None:
        title = _TITLES.get(each.kind, f"{each.kind.replace('_', ' ').capitalize()} with such id")
        yield fault(f"{place}.identifier.value", f"{title} is not found")
    elif referent.refusal is not None:
        yield fault(f"{place}.identifier.value", referent.refusal)


def wish_of(order: PrequalifiedOrder, request_id: UUID) -> Wish | None:
    """CP-12: what a referral takes of a care plan; None when it stands on none. No quantity is one service."""
    place = "$.based_on"
    pair = named_pair(order.care_plan_id, order.activity_id, place)
    if pair is None:
        return None
    period, moment = order.occurrence_period, order.occurrence_date_time
    first = period.start if period else moment
    last = period.end if period and period.end else first
    return Wish(
        kind=Kind.SERVICE,
        request_id=request_id,
        care_plan_id=pair[0],
        activity_id=pair[1],
        place=place,
        product_id=order.code.id,
        quantity=order.quantity.value if order.quantity else Decimal(1),
        first=kyiv_date(first) if first else None,
        last=kyiv_date(last) if last else None,
    )
