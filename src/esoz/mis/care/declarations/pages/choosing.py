"""A patient chooses a doctor: what they have now, whom they may choose, how they will confirm."""

from collections.abc import Mapping

from starlette.responses import Response

from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.care.patients import known_patient
from esoz.mis.link.access import CentralSession, calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused

from .. import commands, queries
from ..forms import read_choice
from ..model import STATUSES, Request, Standing, is_primary_care
from ..queries import Choices
from .registry import ASKING, SEEING, pages

CENTRAL_FIELDS = {"$.employee_id": "doctor", "$.division_id": "division", "$.authorize_with": "way"}


@pages.add("GET /patients/{id}/declaration", roles=SEEING)
async def of_patient(page: MisPage) -> Response:
    """The patient's doctor, what is under way, and the button that begins."""
    patient, central = await known_patient(page, page.id()), await calling(page)
    return page.render(
        "declarations/of_patient.html",
        patient=patient,
        standing=await queries.standing(page, central, patient.id),
        waiting=await _under_way(page, central, patient),
        doctors={each.employee_id: each for each in await queries.doctors(page, central)},
        may_ask=bool(page.user.roles & ASKING),
        is_primary=is_primary_care(page.user.work.clinic_type),
        statuses=STATUSES,
    )


async def _under_way(page: MisPage, central: CentralSession, patient: Patient) -> list[Request]:
    found = await queries.open_requests(page, central)
    return [each for each in found if each.patient_id == patient.id]


@pages.add("GET /patients/{id}/declaration/new", roles=ASKING)
async def new(page: MisPage) -> Response:
    return await _choose(page, {}, {})


@pages.add("POST /patients/{id}/declaration/new", roles=ASKING)
async def ask(page: MisPage) -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    values = page.form.values()
    offered = await queries.choices(page, central, patient)
    standing = await queries.standing(page, central, patient.id)
    now_with = str(standing.here.employee_id) if standing.here else ""
    chosen, errors = read_choice(values, offered.doctors, offered.places, offered.ways, now_with=now_with)
    if chosen is None:
        return await _choose(page, values, errors)
    try:
        request_id = await commands.ask(page, patient.id, chosen)
    except CentralRefused as refused:
        faults = field_faults(page, refused, CENTRAL_FIELDS)
        return await _choose(page, values, faults, refused)
    return page.redirect(f"/declarations/requests/{request_id}")


async def _choose(
    page: MisPage, values: Mapping[str, str], errors: Mapping[str, str], refused: CentralRefused | None = None
) -> Response:
    patient, central = await known_patient(page, page.id()), await calling(page)
    offered = await queries.choices(page, central, patient)
    standing = await queries.standing(page, central, patient.id)
    return page.render(
        "declarations/new.html",
        status=422 if errors or refused else 200,
        keep=False,
        patient=patient,
        standing=standing,
        offered=offered,
        is_primary=is_primary_care(page.user.work.clinic_type),
        values=values or _usual(offered, standing),
        errors={name: text for name, text in errors.items() if name},
        refused=explain(page, refused) if refused else [],
    )


def _usual(offered: Choices, standing: Standing) -> dict[str, str]:
    """What is chosen when the page opens: the user, or nobody; the first way."""
    own = next(iter(offered.doctors), None) if not offered.is_user_unfit else None
    return {
        "doctor": str(own.employee_id) if own and own.free and standing.here is None else "",
        "way": str(offered.ways[0].id) if offered.ways else "",
    }
