"""The register of medical information systems for everyone, and the application of a vendor."""

from collections.abc import Iterable, Mapping

from starlette.responses import Response

from esoz.central import mis_register
from esoz.central.mis_register import Application, Contacts, RegisterFilter, Status
from esoz.kernel.errors import Conflict, Rejected
from esoz.kernel.pages import Pages, faults, mark

from .frame import CentralServices, Page, Visitor, must_be_calm, working
from .lists import query_choice, query_text

pages: Pages[CentralServices, Visitor] = Pages()

STATUSES: Mapping[Status, tuple[str, str]] = {  # words and colour of the tag
    Status.SUBMITTED: (mark("Подано заявку"), "yellow"),
    Status.TESTING: (mark("Тестується"), "blue"),
    Status.TESTED: (mark("Протестовано"), "blue"),
    Status.CONNECTED: (mark("Підключено"), "green"),
    Status.BLOCKED: (mark("Заблоковано"), "red"),
    Status.DISCONNECTED: (mark("Відключено"), "grey"),
    Status.REJECTED: (mark("Відхилено"), "grey"),
}
AREAS = {
    "PRIMARY_CARE": mark("Первинна допомога"),
    "OUTPATIENT": mark("Спеціалізована допомога"),
    "EMERGENCY": mark("Екстрена допомога"),
    "PHARMACY": mark("Аптеки"),
}
FAULTS = {
    "product": mark("Введіть назву системи, до 200 символів."),
    "version": mark("Введіть версію, до 200 символів."),
    "oldest_version": mark("Введіть версію цифрами, наприклад 1.4.2, не новішу за протестовану, або нічого."),
    "vendor": mark("Введіть назву розробника, до 200 символів."),
    "edrpou": mark("Введіть код ЄДРПОУ: 8 цифр, або РНОКПП: 10 цифр."),
    "areas": mark("Оберіть, для яких закладів призначено систему."),
    "contact_email": mark("Введіть адресу пошти, наприклад olena@example.com."),
    "support_phone": mark("Введіть телефон підтримки."),
    "support_email": mark("Введіть адресу пошти підтримки."),
    "support_hours": mark("Введіть години підтримки, наприклад «щодня 8–20»."),
    "website": mark("Введіть адресу сайту, що починається з https://."),
    "status_page": mark("Введіть адресу сторінки стану системи, що починається з https://."),
    "attestation_until": mark("Введіть справжню дату."),
    "reason": mark("Поясніть рішення."),
}
ALREADY = mark("Така система цього розробника вже є в реєстрі або її заявку розглядають.")


@pages.add("GET /mis-register", public=True)
async def register(page: Page) -> Response:
    filters = filters_of(page, mis_register.PUBLISHED)
    async with working(page, "GET /mis-register") as work:
        entries, found = await mis_register.published(work, filters, page.list_page())
    return page.render(
        "register/list.html",
        entries=entries,
        found=found,
        values=page.query,
        is_filtered=filters != RegisterFilter(),
        statuses=STATUSES,
        areas=AREAS,
        offered=mis_register.PUBLISHED,
    )


def filters_of(page: Page, statuses: Iterable[Status]) -> RegisterFilter:
    """The filters of a list of systems as the address has them; nonsense asks for nothing."""
    status = query_choice(page, "status", {str(each) for each in statuses})
    return RegisterFilter(
        name=query_text(page, "name"),
        status=Status(status) if status else None,
        legal_entity_type=query_choice(page, "legal_entity_type", AREAS),
    )


@pages.add("GET /mis-register/apply", public=True)
async def application_form(page: Page) -> Response:
    return _form(page, {})


@pages.add("POST /mis-register/apply", public=True)
async def apply(page: Page) -> Response:
    await must_be_calm(page, "application")
    try:
        async with working(page, "POST /mis-register/apply") as work:
            entry = await mis_register.apply(work, read_application(page))
    except Rejected as refusal:
        return _form(page, messages_by_field(refusal))
    except Conflict:
        return _form(page, {"product": ALREADY})
    return page.render("register/applied.html", entry=entry, programme=mis_register.missing_tests)


def read_application(page: Page) -> Application:
    """The application as the form has it. Raises Rejected for a date that is none."""
    text = page.form.text
    return Application(
        product=text("product"),
        version=text("version"),
        vendor=text("vendor"),
        edrpou=text("edrpou"),
        areas=tuple(page.form.all("areas")),
        contact_email=text("contact_email"),
        contacts=read_contacts(page),
        attestation=text("attestation")[:200],
        attestation_until=page.form.date("attestation_until"),
    )


def read_contacts(page: Page) -> Contacts:
    text = page.form.text
    return Contacts(
        text("support_phone"), text("support_email"), text("support_hours"), text("website"), text("status_page")
    )


def messages_by_field(refusal: Rejected) -> dict[str, str]:
    """Field → sentence for people."""
    return {name: FAULTS.get(name, message) for name, message in faults(refusal).items()}


def _form(page: Page, errors: Mapping[str, str]) -> Response:
    return page.render(
        "register/apply.html",
        status=422 if errors else 200,
        keep=False,
        values=page.form.values(),
        errors=errors,
        areas=AREAS,
        chosen=page.form.all("areas"),
    )
