"""Pages of the contact centre: complaints of patients about accesses to their records, and the answers."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.central import contact_centre, identity
from esoz.central.contact_centre import ComplaintStatus
from esoz.central.dictionaries import dictionaries
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.pages import Pages, mark

from .acts import described
from .contact_centre import PATH as HOME
from .frame import CentralServices, Page, Visitor, working

pages: Pages[CentralServices, Visitor] = Pages()

OPERATORS = (identity.CONTACT_CENTRE,)
PATH = f"{HOME}/complaints"
STATUSES: Mapping[ComplaintStatus, tuple[str, str]] = {
    ComplaintStatus.NEW: (mark("чекає відповіді"), "yellow"),
    ComplaintStatus.ANSWERED: (mark("є відповідь"), "green"),
}
# Who is told by the office and not by the name.
OFFICES: Mapping[str, str] = {"CONTACT_CENTRE": mark("Оператор контакт-центру")}
OFFICIAL = mark("Посадова особа ЕСОЗ")
NO_ANSWER = mark("Напишіть відповідь: від 10 до 2000 знаків.")
ANSWERED = mark("Відповідь записано. Пацієнт прочитає її у своєму кабінеті.")
OWN_DEED = mark("Скарга на Ваш перегляд даних. Відповісти на неї має інший оператор.")
ALREADY = mark("На цю скаргу вже відповіли. Відповідь нижче, Вашу не записано.")


@pages.add(f"GET {PATH}", roles=OPERATORS)
async def complaints(page: Page) -> Response:
    asked = page.query.get("status", "NEW")
    status = next((each for each in ComplaintStatus if each == asked), None)
    async with working(page, f"GET {PATH}") as work:
        rows, found = await contact_centre.complaints(work, page.list_page(), status)
    return page.render(
        "contact_centre/complaints.html",
        complaints=rows,
        found=found,
        statuses=STATUSES,
        values={"status": status or "ALL"},
        path=PATH,
        home=HOME,
        today=page.today,
    )


@pages.add(f"GET {PATH}/{{id}}", roles=OPERATORS)
async def complaint(page: Page) -> Response:
    return await _complaint(page, {})


@pages.add(f"POST {PATH}/{{id}}", roles=OPERATORS)
async def answer(page: Page) -> Response:
    try:
        async with working(page, f"POST {PATH}/{{id}}") as work:
            await contact_centre.answer(work, page.id(), page.form.text("answer"))
    except Rejected:
        return await _complaint(page, {"answer": NO_ANSWER})
    except Conflict as fault:
        page.flash(OWN_DEED if isinstance(fault, contact_centre.OwnDeed) else ALREADY, "important")
        return page.redirect(f"{PATH}/{page.id()}")
    page.flash(ANSWERED)
    return page.redirect(PATH)


@pages.add(f"POST {PATH}/{{id}}/case", roles=OPERATORS)
async def open_card(page: Page) -> Response:
    """The card of who complains, the complaint being the reason."""
    async with working(page, f"POST {PATH}/{{id}}/case") as work:
        case = await contact_centre.open_case_of(work, page.id())
    return page.redirect(f"{HOME}/cases/{case.id}/persons/{case.person_ids[0]}")


async def _complaint(page: Page, errors: Mapping[str, str]) -> Response:
    async with working(page, f"GET {PATH}/{{id}}") as work:
        found, person, line = await contact_centre.complaint(work, page.id())
    return page.render(
        "contact_centre/complaint.html",
        status=422 if errors else 200,
        keep=True,  # that the complaint was read stays in the audit log
        complaint=found,
        person=person,
        line=line,
        described=described,
        office=page.gettext(OFFICES.get(line.role, OFFICIAL)) if line and line.role else "",
        position=lambda code: dictionaries.describe("POSITION", code) or code,
        statuses=STATUSES,
        errors=errors,
        values=page.form.values(),
        path=PATH,
        today=page.today,
    )
