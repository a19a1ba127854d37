"""What a pharmacist needs to know from central about devices on prescription."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.fhir import reference
from esoz.mis import stock
from esoz.mis.base.journal import record
from esoz.mis.base.paging import paged
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer, CentralError, CentralRefused, JobOutcome, job_outcome, whole

from . import model, store
from .model import NHS, Begun, Event, Offer

DISPENSES = "/api/device_dispenses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What may be given by a request, and where. `reason`: central's words when the programme says no."""

    request: Mapping[str, Any]
    identity: Mapping[str, Any]
    offers: Sequence[Offer] = ()
    divisions: Sequence[tuple[str, str]] = ()
    division: str = ""  # the chosen one
    in_all: int = 0  # divisions that the list holds, of which `divisions` are the first
    reason: str = ""
    in_parts: bool = True
    is_priced: bool = False


async def by_number(page: MisPage, central: CentralSession, number: str) -> Counter:
    """A request by its number, with what is left of it. Raises NotFound, CentralError."""
    rows = (await central.get("/api/device_requests", requisition=number)).rows()
    if not rows:
        raise NotFound()
    found = rows[0]
    patient_id = model.patient_of(found)
    shown = (await central.get(f"/api/patients/{patient_id}/device_requests/{found['id']}")).record()
    await record(page, Event.REQUEST_READ, found["id"], patient_id=patient_id)
    return Counter(request=shown, identity=found["identity"])


async def counter(page: MisPage, central: CentralSession, number: str, division: str, name: str = "") -> Counter:
    """Everything for the form of a dispense; only the request when nothing may be given. Raises NotFound, CentralError.

    `name`: a part of the names of divisions to choose from.
    """
    known = await by_number(page, central, number)
    if not model.is_open(known.request, page.today):
        return known
    here = await stock.counter(page)
    division = division or (str(here.place.division_id) if here else "")
    divisions, in_all = await stock.divisions(page, central, division, name)
    chosen = division if division in dict(divisions) else divisions[0][0] if divisions else ""
    if not chosen:
        return known
    placed = replace(known, divisions=divisions, division=chosen, in_all=in_all)
    return await _offered(page, central, placed)


async def _offered(page: MisPage, central: CentralSession, known: Counter) -> Counter:
    """The same with what fits there."""
    request, programme_id = known.request, model.programme_of(known.request)
    if programme_id is None:
        return replace(known, offers=await _of_register(central, request))
    verdict, programme = await _verdict(central, request, programme_id, known.division)
    await record(page, Event.QUALIFIED, request["id"], patient_id=model.patient_of(request))
    valid = verdict["status"] == "VALID"
    return replace(
        known,
        offers=[model.read_offer(each) for each in verdict["participants"]] if valid else (),
        reason="" if valid else verdict.get("rejection_reason") or verdict["status"],
        in_parts=bool(programme["medical_program_settings"].get("multi_medication_dispense_allowed")),
        is_priced=programme.get("funding_source") == NHS,
    )


async def _verdict(
    central: CentralSession, request: Mapping[str, Any], programme_id: UUID, division: str
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What the programme says of a dispense at a division, and the programme itself. Raises CentralError."""
    body = {
        "location": reference("division", UUID(division)),
        "programs": [reference("medical_program", programme_id)],
    }
    verdict, programme = await several(
        central.post(f"/api/device_requests/{request['id']}/actions/qualify", body),
        central.get(f"/api/medical_programs/{programme_id}"),
    )
    if isinstance(verdict, CentralError):
        raise verdict
    if isinstance(programme, CentralError):
        raise programme
    return verdict.rows()[0], programme.record()


async def _of_register(central: CentralSession, request: Mapping[str, Any]) -> Sequence[Offer]:
    """Devices that are what was asked for, where no programme names them."""
    code = next(iter(request.get("code", {}).get("coding", ())), None)
    asked = {"classification_type_system": code["system"], "classification_type_code": code["code"]} if code else {}
    rows = (await whole(central, "/api/v2/device_definitions", **asked)).rows()
    wanted = (request.get("code_reference") or {}).get("identifier", {}).get("value")
    return [model.read_definition(row) for row in rows if wanted in (None, row["id"])]


async def dispense(
    page: MisPage, central: CentralSession, patient_id: UUID, dispense_id: UUID
) -> Mapping[str, Any] | None:
    """A dispense of this pharmacy; None while central has none. Raises CentralError."""
    try:
        answer = await central.get(f"/api/patients/{patient_id}/device_dispenses/{dispense_id}")
    except CentralRefused as refused:
        if refused.status in (403, 404):
            return None
        raise
    found = answer.record()
    if found["performer_legal_entity"]["identifier"]["value"] != str(page.user.work.clinic_id):
        return None
    await record(page, Event.READ, dispense_id, patient_id=patient_id)
    return found


async def outcome(page: MisPage, begun: Begun) -> JobOutcome | None:
    """What became of what was asked last; None when the answer to it was lost. Raises CentralError."""
    return await job_outcome(await calling(page), begun.job_id) if begun.job_id else None


async def request_of(central: CentralSession, dispense: Mapping[str, Any], patient_id: UUID) -> Mapping[str, Any]:
    """The request by which devices are handed over. Raises CentralError."""
    id = dispense["based_on"]["identifier"]["value"]
    return (await central.get(f"/api/patients/{patient_id}/device_requests/{id}")).record()


async def journal(page: MisPage, values: Mapping[str, str]) -> tuple[Paged, Sequence[Begun]]:
    """A page of what this pharmacy handed over, the newest first, and what is under way."""
    part, central = page.list_page(), await calling(page)
    answer = await central.get(DISPENSES, **_filters(values), page=part.number, page_size=part.size)
    await record(page, Event.LISTED, page.user.work.clinic_id)
    return paged(answer, part), await store.under_way(page.db, page.user.work.clinic_id, page.now - model.HOLD)


def _filters(values: Mapping[str, str]) -> dict[str, str | None]:
    """By state, and by the days on which it was recorded, both of which belong to it."""
    return {
        "status": values["status"] or None,
        "inserted_at_from": values["from"] or None,
        "inserted_at_to": values["to"] or None,
    }


async def everything(page: MisPage, values: Mapping[str, str]) -> Answer:
    """The same, whole, for a file."""
    central, wanted = await calling(page), _filters(values)
    answer = await whole(
        central,
        DISPENSES,
        status=wanted["status"],
        inserted_at_from=wanted["inserted_at_from"],
        inserted_at_to=wanted["inserted_at_to"],
    )
    await record(page, Event.EXPORTED, page.user.work.clinic_id, found=len(answer.rows()))
    return answer
