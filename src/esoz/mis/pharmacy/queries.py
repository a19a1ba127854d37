"""What a pharmacist needs to know from central."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.paging import newest_first
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer, CentralError, CentralRefused

from .model import NHS, Event, Offer, is_open, read_offer

MOST_DIVISIONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What may be given by a prescription, and where. `reason`: central's words when the programme says no."""

    request: Mapping[str, Any]
    offers: Sequence[Offer] = ()
    divisions: Sequence[tuple[str, str]] = ()
    reason: str = ""
    in_parts: bool = True
    unsigned: bool = False  # handed over at once, without a signature
    is_priced: bool = False  # by the programme as it is now: the prescription keeps how it was when it was written


async def prescription(page: MisPage, central: CentralSession, number: str) -> Mapping[str, Any]:
    """A prescription by its number. Raises NotFound when central has none, CentralError."""
    try:
        answer = await central.get(f"/api/pharmacy/medication_requests/{number}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, Event.READ, answer.data["id"])
    found: Mapping[str, Any] = answer.data
    return found


async def counter(page: MisPage, central: CentralSession, request: Mapping[str, Any], division: str) -> Counter:
    """Everything for the form of a dispense; only the prescription when nothing may be given. Raises CentralError."""
    if not is_open(request, page.today):
        return Counter(request=request)
    divisions = await _divisions(page, central)
    chosen = division if division in dict(divisions) else divisions[0][0] if divisions else ""
    if not chosen:
        return Counter(request=request)
    programme_id = request["medical_program"]["id"]
    body = {"division_id": chosen, "programs": [{"id": programme_id}]}
    verdict, programme = await several(
        central.post(f"/api/medication_requests/{request['id']}/actions/qualify", body),
        central.get(f"/api/medical_programs/{programme_id}"),
    )
    if isinstance(verdict, CentralError):
        raise verdict
    if isinstance(programme, CentralError):
        raise programme
    await record(page, Event.QUALIFIED, request["id"])
    settings, found = programme.data["medical_program_settings"], verdict.data[0]
    valid = found["status"] == "VALID"
    return Counter(
        request=request,
        divisions=divisions,
        reason="" if valid else found.get("rejection_reason") or found["status"],
        offers=[read_offer(each) for each in found["participants"]] if valid else (),
        in_parts=bool(settings.get("multi_medication_dispense_allowed")),
        unsigned=bool(settings.get("skip_medication_dispense_sign")),
        is_priced=programme.data.get("funding_source") == NHS,
    )


async def _divisions(page: MisPage, central: CentralSession) -> list[tuple[str, str]]:
    """The pharmacy's divisions, the user's own first; only that one when central does not list them."""
    place = page.user.work
    own = [(str(place.division_id), place.division_name)] if place.division_id else []
    [answer] = await several(
        central.get("/api/divisions", legal_entity_id=place.clinic_id, status="ACTIVE", page_size=MOST_DIVISIONS)
    )
    if not isinstance(answer, Answer):
        return own
    listed = [(each["id"], each["name"]) for each in answer.data or ()]
    return sorted(listed, key=lambda division: division[0] != str(place.division_id)) or own


async def dispense(page: MisPage, central: CentralSession, dispense_id: UUID) -> Mapping[str, Any]:
    """A dispense of this pharmacy. Raises NotFound, CentralError."""
    try:
        answer = await central.get(f"/api/pharmacy/medication_dispenses/{dispense_id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, Event.DISPENSE_READ, dispense_id)
    found: Mapping[str, Any] = answer.data
    return found


async def held_by_us(central: CentralSession, request_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Dispenses of this pharmacy by a prescription that wait for a signature."""
    answer = await central.get(
        "/api/pharmacy/medication_dispenses", medication_request_id=request_id, status="NEW", page_size=100
    )
    return answer.data or ()


async def journal(page: MisPage, query: Mapping[str, str], number: str) -> Paged | None:
    """Dispenses of this pharmacy by status, days and the prescription's number, the newest first.

    None when there is no such number.
    """
    central = await calling(page)
    request_id = None
    if number:
        try:
            request_id = (await prescription(page, central, number))["id"]
        except NotFound:
            return None
    await record(page, Event.LIST_READ, page.user.work.clinic_id)

    async def ask(number: int, size: int) -> Answer:
        return await central.get(
            "/api/pharmacy/medication_dispenses",
            medication_request_id=request_id,
            status=query["status"] or None,
            dispensed_from=query["from"] or None,
            dispensed_to=query["to"] or None,
            page=number,
            page_size=size,
        )

    return await newest_first(ask, page.list_page())
