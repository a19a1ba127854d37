"""What is open here by our own books, and what central tells: each of its answers may be missing by itself."""

from datetime import date

from esoz.mis import exceptions, pharmacy, stock
from esoz.mis.base.services import MisPage
from esoz.mis.clinic import organisation, staff
from esoz.mis.link.access import calling, several
from esoz.sdk import Answer, CentralError, whole

from . import model
from .model import WAYS, Desk, Told


async def desk(page: MisPage) -> Desk:
    """The whole page. Raises ConsentNeeded."""
    first, clinic_id = model.first_of_week(page.today), page.user.work.clinic_id
    licences, divisions, counts, *journals, sums = await _told(page, first)
    states = [
        (each, *organisation.licence_state(each, page.today))
        for each in (licences.rows() if isinstance(licences, Answer) else ())
    ]
    return Desk(
        licences=states if isinstance(licences, Answer) else None,
        divisions=divisions.total if isinstance(divisions, Answer) else None,
        staff=await staff.at_work(page.db, clinic_id),
        open=await _open(page),
        week=_week(page.today, first, counts, journals),
        month=model.month_of(sums.record()) if isinstance(sums, Answer) else None,
        since=first,
    )


async def _told(page: MisPage, first: date) -> list[Answer | CentralError]:
    """Licences, divisions, dispenses of the week, the journals of three exceptions, sums of the month."""
    central, today = await calling(page), page.today
    days = {"dispensed_from": first, "dispensed_to": today}
    done, one = {"status": "COMPLETED"}, {"page": 1, "page_size": 1}  # how many there are is all that is asked
    supplied = {"supplied_from": first, "supplied_to": today}
    month = {"date_from_dispense": today.replace(day=1), "date_to_dispense": today, "by": "month"}
    return await several(
        whole(central, "/api/licenses"),
        central.get("/api/divisions", status="ACTIVE", legal_entity_id=page.user.work.clinic_id, **one),
        central.get("/api/pharmacy/medication_dispense_counts", **days),
        central.get("/api/pharmacy/paper_dispenses", **days, **done, **one),
        central.get("/api/pharmacy/emergency_dispenses", **days, **done, **one),
        central.get("/api/pharmacy/wholesale_supplies", **supplied, **done, **one),
        central.get("/api/reimbursement_report_sums", **month),
    )


def _week(today: date, first: date, counts: Answer | CentralError, journals: list[Answer | CentralError]) -> list[Told]:
    days = f"from={first}&to={today}"
    number = counts.record()["dispensed"] if isinstance(counts, Answer) else None
    told = [Told(model.PRESCRIPTIONS, number, f"/journals?journal=prescriptions&{days}")]
    for (kind, (text, _href)), answer in zip(WAYS.items(), journals, strict=True):
        number = answer.total if isinstance(answer, Answer) else None
        told.append(Told(text, number, f"/journals?journal={kind}&{days}"))
    return told


async def _open(page: MisPage) -> list[Told]:
    """What somebody has to settle, the urgent first; what there is nothing of is not told."""
    clinic_id = page.user.work.clinic_id
    unsent, held = await pharmacy.unsettled(page.db, clinic_id, page.now)
    documents = await exceptions.unsettled(page.db, clinic_id, page.now)
    books = await stock.questions(page.db, clinic_id, page.today)
    signed = [(model.PRESCRIPTIONS, unsent, "/pharmacy")]
    signed += [(text, documents.get(kind, (0, 0))[0], href) for kind, (text, href) in WAYS.items()]
    unsigned = [(text, documents.get(kind, (0, 0))[1], href) for kind, (text, href) in WAYS.items()]
    found = [
        *(
            Told(f"{page.gettext(model.UNSENT)}: {page.gettext(text)}", number, href, "red")
            for text, number, href in signed
        ),
        Told(page.gettext(model.LACKING), books["lacking"], "/stock", "red"),
        Told(page.gettext(model.EXPIRED), books["expired"], "/stock/expiring", "red"),
        *(
            Told(f"{page.gettext(model.TO_SIGN)}: {page.gettext(text)}", number, href, "yellow")
            for text, number, href in unsigned
        ),
        Told(page.gettext(model.EXPIRING), books["expiring"], "/stock/expiring", "yellow"),
        Told(page.gettext(model.RECEIPTS), books["receipts"], "/stock/receipts", "yellow"),
        Told(page.gettext(model.HELD), held, "/pharmacy", "blue"),
    ]
    return [each for each in found if each.number]
