"""Pages of the contact centre: find a person with a reason, see their requests and why something was refused."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from starlette.responses import Response

from esoz.central import contact_centre, identity, people, verifications
from esoz.central.contact_centre import Case, Reason
from esoz.central.dictionaries import dictionaries
from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import Pages, faults, mark
from esoz.kernel.pages.reading import moment_of

from . import acts
from .frame import CentralServices, Page, Visitor, working

pages: Pages[CentralServices, Visitor] = Pages()

OPERATORS = (identity.CONTACT_CENTRE,)
PATH = "/contact-centre"
REASONS: Mapping[Reason, str] = {
    Reason.CALL: mark("Людина зателефонувала"),
    Reason.LETTER: mark("Письмове звернення"),
    Reason.CLINIC: mark("Запитує заклад"),
}
NO_REASON = mark("Виберіть, чому Ви шукаєте цю людину.")
FAULTS: Mapping[str, str] = {
    "tax_id": mark("Введіть РНОКПП, УНЗР або телефон, чи прізвище, ім’я та дату народження разом."),
    "last_name": mark("Введіть прізвище або один із номерів вище."),
    "first_name": mark("Введіть ім’я або один із номерів вище."),
    "birth_date": mark("Введіть справжню дату народження."),
    "note": mark("Опишіть звернення: від 10 до 500 знаків."),
}
BAD_PHONE = mark("Введіть номер у вигляді +380671234567.")
CROWD = mark("Таких людей більше десяти. Додайте ще один номер або ім’я.")
OVER = mark("Час перегляду минув або справу відкрито не Вами. Знайдіть людину знову й поясніть причину.")

VERIFICATION: Mapping[str, tuple[str, str]] = {  # words and colour of the tag
    "VERIFIED": (mark("підтверджено"), "green"),
    "NOT_VERIFIED": (mark("не підтверджено"), "red"),
    "VERIFICATION_NEEDED": (mark("ще не звірено"), "yellow"),
    "VERIFICATION_NOT_NEEDED": (mark("не потрібно"), "grey"),
    "CHANGES_NEEDED": (mark("дані треба виправити"), "red"),
    "IN_REVIEW": (mark("перевіряють"), "yellow"),
}
REGISTERS: Mapping[str, str] = {
    "drfo": mark("РНОКПП (податкова)"),
    "unzr": mark("УНЗР"),
    "dracs_death": mark("Актові записи про смерть"),
    "dracs_birth": mark("Актові записи про народження"),
    "dracs_name_change": mark("Актові записи про зміну імені"),
    "mvs_passport": mark("Паспорт-книжечка"),
    "nhs": mark("Документи, які показала людина"),
    "dms_passport": mark("Паспорт-картка"),
}
STATUSES: Mapping[str, tuple[str, str]] = {
    "active": (mark("діє"), "green"),
    "pending_verification": (mark("чекає перевірки"), "yellow"),
    "terminated": (mark("припинено"), "grey"),
    "closed": (mark("строк минув"), "grey"),
    "rejected": (mark("відхилено"), "red"),
    "NEW": (mark("чекає підтвердження"), "yellow"),
    "APPROVED": (mark("підтверджено, не підписано"), "yellow"),
    "SIGNED": (mark("підписано"), "green"),
    "COMPLETED": (mark("виконано"), "green"),
    "REJECTED": (mark("відхилено"), "red"),
    "CANCELLED": (mark("скасовано"), "grey"),
    "EXPIRED": (mark("строк минув"), "grey"),
}
KINDS: Mapping[str, str] = {
    "declaration": mark("Декларація з лікарем"),
    "person": mark("Реєстрація або зміна даних"),
    "method": mark("Спосіб підтвердження"),
    "confidant": mark("Законний представник"),
}
METHODS: Mapping[str, str] = {
    "OTP": mark("Код на телефон"),
    "OFFLINE": mark("Документи в закладі"),
    "THIRD_PERSON": mark("Через іншу людину"),
    "NA": mark("Ще не вибрано"),
}


@pages.add(f"GET {PATH}", roles=OPERATORS)
async def home(page: Page) -> Response:
    return await _home(page, {})


@pages.add(f"POST {PATH}", roles=OPERATORS)
async def look_up(page: Page) -> Response:
    """Personal data travels in the body: addresses are kept by browsers, proxies and logs."""
    asked, reason, errors = _asked(page)
    if errors or reason is None:
        return await _home(page, errors)
    try:
        async with working(page, f"POST {PATH}") as work:
            case = await contact_centre.look_up(work, asked, reason, page.form.text("note"))
    except contact_centre.TooManyFound:
        return await _home(page, {"last_name": CROWD}, searched=True)
    except Rejected as refusal:
        return await _home(page, {name: FAULTS[name] for name in faults(refusal)})
    if case is None:
        return await _home(page, {}, nobody=True, searched=True)
    return page.redirect(_address(case))


def _address(case: Case) -> str:
    """The only one who was found is shown at once."""
    place = f"{PATH}/cases/{case.id}"
    return f"{place}/persons/{case.person_ids[0]}" if len(case.person_ids) == 1 else place


def _asked(page: Page) -> tuple[people.LookUp, Reason | None, dict[str, str]]:
    form, errors = page.form, dict[str, str]()
    reason = next((each for each in REASONS if each == form.text("reason")), None)
    phone = "".join(letter for letter in form.text("phone") if letter not in " ()-") or None
    if phone and not verifications.is_phone(phone):
        errors["phone"] = BAD_PHONE
    birth_date = None
    try:
        birth_date = form.date("birth_date")
    except Rejected:
        errors["birth_date"] = FAULTS["birth_date"]
    if reason is None:
        errors["reason"] = NO_REASON
    asked = people.LookUp(
        tax_id=form.text("tax_id") or None,
        unzr=form.text("unzr") or None,
        phone=phone,
        last_name=form.text("last_name") or None,
        first_name=form.text("first_name") or None,
        birth_date=birth_date,
    )
    return asked, reason, errors


async def _home(page: Page, errors: Mapping[str, str], *, nobody: bool = False, searched: bool = False) -> Response:
    async with working(page, f"GET {PATH}") as work:
        cases = await contact_centre.open_cases(work)
    return page.render(
        "contact_centre/home.html",
        status=422 if errors else 200,
        keep=searched,  # that somebody was looked for stays in the audit log
        errors=errors,
        values=page.form.values(),
        cases=cases,
        nobody=nobody,
        reasons=REASONS,
        path=PATH,
        address=_address,
    )


@pages.add(f"GET {PATH}/cases/{{id}}", roles=OPERATORS)
async def case(page: Page) -> Response:
    try:
        async with working(page, f"GET {PATH}/cases/{{id}}") as work:
            found, persons = await contact_centre.case(work, page.id())
    except NotFound:
        return over(page)
    return page.render("contact_centre/case.html", case=found, persons=persons, path=PATH, mask=people.mask_number)


@pages.add(f"GET {PATH}/cases/{{id}}/persons/{{person_id}}", roles=OPERATORS)
async def card(page: Page) -> Response:
    return await shown_card(page, {})


async def shown_card(page: Page, errors: Mapping[str, str]) -> Response:
    """The card, with what was wrong in a form of it."""
    before = _before(page)
    try:
        async with working(page, f"GET {PATH}/cases/{{id}}/persons/{{person_id}}") as work:
            found, shown = await contact_centre.card(work, page.id(), page.id("person_id"), before)
    except NotFound:
        return over(page)
    return page.render(
        "contact_centre/card.html",
        status=422 if errors else 200,
        keep=True,  # that the card was read stays in the audit log
        errors=errors,
        values=page.form.values(),
        case=found,
        card=shown,
        person=shown.person,
        before=before,
        path=PATH,
        mask=people.mask_number,
        mask_phone=people.mask_phone,
        document=lambda code: dictionaries.describe("DOCUMENT_TYPE", code) or code,
        position=lambda code: dictionaries.describe("POSITION", code) or code,
        described=acts.described,
        refusals=acts.REFUSALS,
        other_refusal=acts.OTHER_REFUSAL,
        verification=VERIFICATION,
        registers=REGISTERS,
        statuses=STATUSES,
        kinds=KINDS,
        methods=METHODS,
    )


def _before(page: Page) -> tuple[datetime, UUID] | None:
    """The line of the log before which to go on: its moment and its id."""
    at, last = moment_of(page.query.get("before", "")), page.query.get("line", "")
    try:
        return (at, UUID(last)) if at else None
    except ValueError:
        return None


def over(page: Page) -> Response:
    """To the search again, where the reason is told anew."""
    page.flash(OVER, "important")
    return page.redirect(PATH)
