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
from esoz.sdk import Answer, CentralError, CentralRefused, whole

from .model import NHS, Event, Offer, is_open, read_offer

MOST_DIVISIONS = 25  # to choose from at once; the others are found by their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What may be given by a prescription, and where. `reason`: central's words when the programme says no."""

    request: Mapping[str, Any]
    offers: Sequence[Offer] = ()
    divisions: Sequence[tuple[str, str]] = ()
    division: str = ""  # the chosen one
    in_all: int = 0  # divisions that the list holds, of which `divisions` are the first
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
    found = answer.record()
    await record(page, Event.READ, found["id"])
    return found


async def counter(
    page: MisPage, central: CentralSession, request: Mapping[str, Any], division: str, name: str = ""
) -> Counter:
    """Everything for the form of a dispense; only the prescription when nothing may be given. Raises CentralError.

    `name`: a part of the names of divisions to choose from.
    """
    if not is_open(request, page.today):
        return Counter(request=request)
    divisions, in_all = await _divisions(page, central, division, name)
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
    settings, found = programme.record()["medical_program_settings"], verdict.rows()[0]
    valid = found["status"] == "VALID"
    return Counter(
        request=request,
        divisions=divisions,
        division=chosen,
        in_all=in_all,
        reason="" if valid else found.get("rejection_reason") or found["status"],
        offers=[read_offer(each) for each in found["participants"]] if valid else (),
        in_parts=bool(settings.get("multi_medication_dispense_allowed")),
        unsigned=bool(settings.get("skip_medication_dispense_sign")),
        is_priced=programme.record().get("funding_source") == NHS,
    )


async def _divisions(
    page: MisPage, central: CentralSession, asked: str, name: str
) -> tuple[list[tuple[str, str]], int]:
    """The user's own division first, then the one asked for, then those with the name; and how many have it.

    A chain has hundreds: the list is never read whole, and one's own never depends on its place in it.
    """
    place = page.user.work
    path, own = "/api/divisions", str(place.division_id or "")
    certain = [each for each in dict.fromkeys((own, asked)) if each and _is_id(each)]
    listed, *answers = await several(
        central.get(
            path, legal_entity_id=place.clinic_id, status="ACTIVE", name=name or None, page_size=MOST_DIVISIONS
        ),
        *(central.get(f"{path}/{each}") for each in certain),
    )
    found: dict[str, str] = {}
    for id, answer in zip(certain, answers, strict=True):
        if isinstance(answer, Answer):
            division = answer.record()
            is_ours = division["legal_entity_id"] == str(place.clinic_id)
            found |= {id: division["name"]} if is_ours and division["status"] == "ACTIVE" else {}
        elif id == own and not (isinstance(answer, CentralRefused) and answer.status == 404):
            found[own] = place.division_name
    if not isinstance(listed, Answer):
        return list(found.items()), len(found)
    found |= {each["id"]: each["name"] for each in listed.rows() if each["id"] not in found}
    return list(found.items()), listed.total


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


async def dispense(page: MisPage, central: CentralSession, dispense_id: UUID) -> Mapping[str, Any]:
    """A dispense of this pharmacy. Raises NotFound, CentralError."""
    try:
        answer = await central.get(f"/api/pharmacy/medication_dispenses/{dispense_id}")
    except CentralRefused as refused:
        if refused.status == 404:
            raise NotFound() from refused
        raise
    await record(page, Event.DISPENSE_READ, dispense_id)
    return answer.record()


async def held_by_us(central: CentralSession, request_id: UUID) -> Sequence[Mapping[str, Any]]:
    """Dispenses of this pharmacy by a prescription that wait for a signature."""
    path = "/api/pharmacy/medication_dispenses"
    return (await whole(central, path, medication_request_id=request_id, status="NEW")).rows()


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
