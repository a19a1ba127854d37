"""Whether there is what an activity plans, and whether a programme pays for it."""

from collections.abc import Collection
from uuid import UUID

from esoz.central.device_definitions import definitions, participations
from esoz.central.device_definitions import known as known_devices
from esoz.central.medications import known_dosage
from esoz.central.programmes import Programme, find_programme, known_participants
from esoz.central.services import known_groups, known_services, offered_services, services_of_group
from esoz.kernel.errors import NotFound, rejected
from esoz.kernel.references import Target
from esoz.kernel.work import Work

from ..model.activities import Detail, Kind
from ..model.programmes import Verdict, refusal

GROUP = "service_group"


async def must_be_there(work: Work, detail: Detail, root: str) -> dict[Target, str]:
    """CP-8: the product is in its register and in use; its words. Raises Rejected."""
    named, code = detail.product_reference, detail.product_codeable_concept
    if named is None:
        assert code is not None  # a rule has seen that one of the two is there
        if not await definitions(work.db, (code.system, code.code)):
            entry = f"{root}.detail.product_codeable_concept.coding[0].code"
            raise rejected(entry, "Device definition with such code is not found")
        return {}
    name, message = await _named(work, named.kind, named.id)
    if message:
        raise rejected(f"{root}.detail.product_reference.identifier.value", message)
    return {(named.kind, named.id): name}


async def _named(work: Work, kind: str, id: UUID) -> tuple[str, str]:
    if kind == "medication":
        return await _medication(work, id)
    if kind == "device_definition":
        name, active = (await known_devices(work.db, [id])).get(id, ("", None))
        missing = "Device definition with such id is not found"
        return name, missing if active is None else "" if active else "Device definition is not active"
    if kind == GROUP:
        group = (await known_groups(work.db, [id])).get(id)
        if group is None:
            return "", "Service group with such ID is not found"
        return group.name, _orderable(group.is_active, group.request_allowed)
    service = (await known_services(work.db, [id])).get(id)
    if service is None:
        return "", "Service with such ID is not found"
    return service.name, _orderable(service.is_active, service.request_allowed)


async def _medication(work: Work, id: UUID) -> tuple[str, str]:
    try:
        dosage = await known_dosage(work, id)
    except NotFound:
        return "", "Medication with such id is not found"
    return dosage.name, "" if dosage.is_active else "Medication is not active"


def _orderable(active: bool, allowed: bool) -> str:
    if not active:
        return "Service should be active"
    return "" if allowed else "Request is not allowed for the service"


async def verdict(
    work: Work, detail: Detail, programme_id: UUID, specialities: Collection[str], *, place: str
) -> Verdict:
    """CP-10: whether a programme takes it. Raises Rejected naming `place` when there is no such programme."""
    try:
        programme = await find_programme(work.db, programme_id)
    except NotFound as fault:
        raise rejected(place, "Medical program not found") from fault
    takes_part = await _takes_part(work, detail, programme)
    return Verdict(programme, refusal(programme, detail.kind, specialities, takes_part=takes_part))


async def _takes_part(work: Work, detail: Detail, programme: Programme) -> bool:
    named, code = detail.product_reference, detail.product_codeable_concept
    if detail.kind is Kind.DEVICE:
        device = named.id if named else (code.system, code.code) if code else None
        assert device is not None  # a rule has seen that one of the two is there
        found = await participations(work.db, programme.id, device, work.today)
        return any(part.care_plan_activity_allowed is not False for _, part in found)
    assert named is not None  # only devices are planned by a code
    if detail.kind is Kind.MEDICATION:
        parts = await known_participants(work, named.id, programme.id)
        return any(each.care_plan_activity_allowed for each, _ in parts)
    services = await services_of_group(work.db, named.id) if named.kind == GROUP else [named.id]
    return bool(await offered_services(work.db, [programme.id], services))
