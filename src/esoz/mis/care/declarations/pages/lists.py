"""A doctor's patients: searched, narrowed, as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from esoz.kernel.pages import mark as _
from esoz.kernel.pages.reading import day_of
from esoz.mis.base import tables
from esoz.mis.base.explanations import Explanation
from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import offer
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused, CentralUnavailable

from .. import commands, queries, store
from ..model import AGES, ORDERS, DeclaredPatient, Doctor, Event, Wanted, is_stale
from .registry import READING, pages

HOME = "/declarations"
SIZE = 50
MOST_IN_FILE = 6000
MOST_WORDS = 5
BAD_DAY = _("Введіть справжню дату.")
HEADS = (
    *(_("Прізвище"), _("Ім’я"), _("По батькові"), _("Дата народження"), _("Вік")),
    *(_("Номер декларації"), _("Діє з"), _("Діє до"), _("Стан")),
)


@pages.add(f"GET {HOME}", roles=READING)
async def patients(page: MisPage) -> Response:
    """The user's own patients; those of any doctor of the clinic when they are asked for."""
    doctors = await queries.doctors(page, await calling(page))
    doctor = _doctor(page, doctors)
    if doctor is None:
        return page.redirect(f"{HOME}/doctors")
    office = store.Office(page.user.work.clinic_id, doctor.employee_id)
    told = await _refresh(page, office)
    wanted, errors = read_wanted(page.query)
    found = await store.page_of(page.db, office, wanted, page.list_page(SIZE), page.today)
    offer(page, [_patient(each) for each in found.rows])
    await record(page, Event.LIST_READ, doctor.employee_id, found=found.total)
    return page.render(
        "declarations/list.html",
        doctor=doctor,
        doctors=sorted(doctors, key=lambda each: (each.last_name, each.first_name)),
        found=found,
        values={**page.query, "doctor": str(doctor.employee_id)},
        errors=errors,
        ages=AGES,
        orders=ORDERS,
        read_at=(await store.read_at(page.db, office))[0],
        refused=told.refused,
        is_away=told.is_away,
    )


def _doctor(page: MisPage, doctors: Sequence[Doctor]) -> Doctor | None:
    """Whose list is asked for; the user's own without a word, None when they have none."""
    asked = page.query.get("doctor", "")
    own = page.user.employees
    return next((each for each in doctors if str(each.employee_id) == asked), None) or (
        None if asked else next((each for each in doctors if each.employee_id in own), None)
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What came of reading a list again."""

    refused: Sequence[Explanation] = ()
    is_away: bool = False


async def _refresh(page: MisPage, office: store.Office) -> Told:
    """Read an old list again; what stood there is shown when central does not tell it."""
    read_at, is_outdated = await store.read_at(page.db, office)
    if not is_stale(read_at, page.now, is_outdated=is_outdated):
        return Told()
    try:
        await commands.read_list(page, office.employee_id)
    except CentralRefused as refused:
        return Told(explain(page, refused))
    except CentralUnavailable:
        return Told(is_away=True)
    return Told()


@pages.add(f"POST {HOME}/refresh", roles=READING)
async def refresh(page: MisPage) -> Response:
    """Read a list again though it is not old."""
    asked = page.form.text("doctor")
    doctors = await queries.doctors(page, await calling(page))
    doctor = next((each for each in doctors if str(each.employee_id) == asked), None)
    if doctor is not None:
        await commands.read_list(page, doctor.employee_id)
    return page.redirect(f"{HOME}?doctor={doctor.employee_id}" if doctor else HOME)


def read_wanted(query: Mapping[str, str]) -> tuple[Wanted, dict[str, str]]:
    """What the address asks of a list, and what is wrong with it by field."""
    errors: dict[str, str] = {}

    def day(name: str) -> date | None:
        text = query.get(name, "").strip()
        found = day_of(text) if text else None
        if text and found is None:
            errors[name] = BAD_DAY
        return found

    age, order = AGES.get(query.get("age", "")), query.get("order", "")
    wanted = Wanted(
        tuple(query.get("q", "").split()[:MOST_WORDS]),
        age[1:] if age else None,
        day("since"),
        day("until"),
        order if order in ORDERS else "name",
    )
    return wanted, errors


def _patient(each: DeclaredPatient) -> Patient:
    return Patient(each.person_id, each.last_name, each.first_name, each.second_name, each.birth_date, "")


@pages.add(f"GET {HOME}/list.csv", roles=READING)
async def as_file(page: MisPage) -> Response:
    """The list as it is shown, whole."""
    doctors = await queries.doctors(page, await calling(page))
    doctor = _doctor(page, doctors)
    if doctor is None:
        return page.redirect(f"{HOME}/doctors")
    office = store.Office(page.user.work.clinic_id, doctor.employee_id)
    wanted, _errors = read_wanted(page.query)
    found = await store.all_of(page.db, office, wanted, page.today, MOST_IN_FILE)
    await record(page, Event.LIST_EXPORTED, doctor.employee_id, found=len(found))
    rows = [
        (
            *(each.last_name, each.first_name, each.second_name, each.birth_date, each.age(page.today)),
            *(each.declaration_number, each.start_date, each.last_day or "", page.gettext(each.shown_status[0])),
        )
        for each in found
    ]
    return tables.file(page, HEADS, rows, "declarations")
