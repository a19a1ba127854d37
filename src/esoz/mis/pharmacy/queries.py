"""What a pharmacist needs to know from central."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any
from uuid import UUID

from esoz.kernel.db import Paged
from esoz.kernel.errors import NotFound
from esoz.mis import stock
from esoz.mis.base.journal import record
from esoz.mis.base.paging import newest_first
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling, several
from esoz.sdk import Answer, CentralError, CentralRefused, whole

from .model import NHS, Event, Goods, Offer, Sums, in_order, is_open, read_offer, sums_of


@dataclass(frozen=True, slots=True)
class CataloguePrice:
    """What a package costs by the price catalogue; `is_best`: one of the three that a doctor tells of."""

    package: Decimal
    unit: Decimal
    is_best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What may be given by a prescription, and where. `reason`: central's words when the programme says no."""

    request: Mapping[str, Any]
    offers: Sequence[Offer] = ()
    at_hand: Goods = field(default_factory=dict)  # what the division has, by medicine
    keeps_books: bool = False  # the division keeps its stock here
    prices: Mapping[UUID, CataloguePrice] = field(default_factory=dict)  # by medicine; empty where nobody tells them
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


async def is_of_device(page: MisPage, central: CentralSession, number: str) -> bool:
    """Whether the number is one of a device on prescription. Raises CentralError."""
    rows = (await central.get("/api/device_requests", requisition=number)).rows()
    for each in rows:
        await record(page, Event.READ, each["id"])
    return bool(rows)


async def counter(
    page: MisPage, central: CentralSession, request: Mapping[str, Any], division: str, name: str = ""
) -> Counter:
    """Everything for the form of a dispense; only the prescription when nothing may be given. Raises CentralError.

    `name`: a part of the names of divisions to choose from.
    """
    if not is_open(request, page.today):
        return Counter(request=request)
    here = await stock.counter(page)
    division = division or (str(here.place.division_id) if here else "")
    divisions, in_all = await stock.divisions(page, central, division, name)
    chosen = division if division in dict(divisions) else divisions[0][0] if divisions else ""
    if not chosen:
        return Counter(request=request)
    found, programme, prices = await _verdict(page, central, request, chosen)
    settings = programme["medical_program_settings"]
    valid = found["status"] == "VALID"
    participants = [read_offer(each) for each in found["participants"]] if valid else []
    known = Counter(
        request=request,
        divisions=divisions,
        division=chosen,
        in_all=in_all,
        reason="" if valid else found.get("rejection_reason") or found["status"],
        in_parts=bool(settings.get("multi_medication_dispense_allowed")),
        unsigned=bool(settings.get("skip_medication_dispense_sign")),
        is_priced=programme.get("funding_source") == NHS,
        prices=prices,
    )
    return await _stocked(page, known, participants)


async def _verdict(
    page: MisPage, central: CentralSession, request: Mapping[str, Any], division: str
) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[UUID, CataloguePrice]]:
    """What the programme says of a dispense at a division, the programme itself, and prices of what fits.

    Raises CentralError. Medicines are given without prices as well.
    """
    programme_id = request["medical_program"]["id"]
    body = {"division_id": division, "programs": [{"id": programme_id}]}
    verdict, programme, prices = await several(
        central.post(f"/api/medication_requests/{request['id']}/actions/qualify", body),
        central.get(f"/api/medical_programs/{programme_id}"),
        central.get(f"/api/pharmacy/innm_dosages/{request['medication_info']['medication_id']}/prices"),
    )
    if isinstance(verdict, CentralError):
        raise verdict
    if isinstance(programme, CentralError):
        raise programme
    await record(page, Event.QUALIFIED, request["id"])
    return verdict.rows()[0], programme.record(), _prices(prices) if isinstance(prices, Answer) else {}


def _prices(answer: Answer) -> Mapping[UUID, CataloguePrice]:
    return {
        UUID(each["medication_id"]): CataloguePrice(
            Decimal(str(each["package_price"])), Decimal(str(each["unit_price"])), bool(each["best"])
        )
        for each in answer.record()["packages"]
    }


async def _stocked(page: MisPage, counter: Counter, found: Sequence[Offer]) -> Counter:
    """The packages in the order in which they are offered, with what the division has of them where it keeps books."""
    place = stock.Place(page.user.work.clinic_id, UUID(counter.division))
    prices = {id: each.package for id, each in counter.prices.items()}
    if not found or await stock.keeps_stock(page.db, place) is None:
        return replace(counter, offers=in_order(found, {}, prices))
    await stock.know(page, {each.id: _medicine(each) for each in found})
    at_hand = await stock.at_hand(page.db, place, [each.medication_id for each in found], page.today)
    return replace(counter, offers=in_order(found, at_hand, prices), at_hand=at_hand, keeps_books=True)


def _medicine(offer: Offer) -> stock.Medicine:
    return stock.Medicine(
        medication_id=offer.medication_id,
        name=offer.name,
        manufacturer=offer.manufacturer,
        form=offer.form,
        unit=offer.unit,
        package_qty=offer.qty,
        package_min_qty=offer.min_qty,
    )


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


async def done_by_us(central: CentralSession, request_id: UUID) -> Sequence[Mapping[str, Any]]:
    """What this pharmacy has handed over by a prescription: the answer of one that needs no signature may be lost."""
    path = "/api/pharmacy/medication_dispenses"
    return (await whole(central, path, medication_request_id=request_id, status="PROCESSED")).rows()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one day was: dispenses that are done, their sums, and which of them the stock does not know."""

    dispenses: Sequence[Mapping[str, Any]]
    total: int
    programmes: Sequence[tuple[str, Sums]]
    sums: Sums
    keeps_books: bool
    unbooked: Collection[str]


async def day(page: MisPage, central: CentralSession, day: date, here: stock.Counter | None) -> Day:
    """The dispenses of a day at a division; of the whole pharmacy for who works at none. Raises CentralError."""
    answer = await whole(
        central,
        "/api/pharmacy/medication_dispenses",
        status="PROCESSED",
        dispensed_from=day,
        dispensed_to=day,
        division_id=here.place.division_id if here else None,
    )
    rows = answer.rows()
    by_programme = sums_of(rows)
    since = await stock.keeps_stock(page.db, here.place) if here else None
    noted = await stock.noted(page.db, [UUID(each["id"]) for each in rows])
    unbooked = [
        each["id"]
        for each in rows
        if since and datetime.fromisoformat(each["inserted_at"]) >= since and UUID(each["id"]) not in noted
    ]
    await record(page, Event.LIST_READ, page.user.work.clinic_id)
    return Day(
        dispenses=rows,
        total=answer.total,
        programmes=sorted(by_programme.items()),
        sums=reduce(Sums.__add__, by_programme.values(), Sums()),
        keeps_books=since is not None,
        unbooked=frozenset(unbooked),
    )
