"""What is registered of a patient is changed: a surname after marriage, a new passport, telephone, address."""

from typing import Any

from starlette.responses import Response

from esoz.mis.base.journal import record
from esoz.mis.base.patient import Patient
from esoz.mis.base.services import MisPage
from esoz.mis.base.workplace import PERSONAL, REGISTERING
from esoz.mis.care.patients import known_patient
from esoz.mis.link.access import calling
from esoz.sdk import CentralRefused

from .. import forms, queries, store
from ..commands import drafts
from ..model.carried import before_of
from ..model.registrations import Event
from .registry import HOME, pages

FORBIDDEN = 403


@pages.add("GET /patients/{id}/change", roles=REGISTERING)
async def change_form(page: MisPage) -> Response:
    """What a change is; one that is not finished is gone on with."""
    known = await known_patient(page, page.id())
    begun = await store.open_change(page.db, page.user.work.clinic_id, known.id)
    return page.render("registration/change.html", patient=known, begun=begun)


@pages.add("POST /patients/{id}/change", roles=REGISTERING)
async def change(page: MisPage) -> Response:
    """The form of what central keeps, as far as it shows that to this worker."""
    known = await known_patient(page, page.id())
    person = await _kept(page, known)
    form = forms.form_of(person, queries.place_of(person)) if person else _names(known)
    told = drafts.Beginning(
        known.last_name, known.first_name, known.second_name, known.birth_date, form, known, before_of(person)
    )
    return page.redirect(f"{HOME}/{await drafts.begin(page, told)}/edit")


async def _kept(page: MisPage, known: Patient) -> dict[str, Any]:
    """The personal data; nothing where central does not show them: to a registrar, of a patient without a doctor here.

    Raises CentralError.
    """
    if page.user.roles.isdisjoint(PERSONAL):
        return {}
    central = await calling(page)
    try:
        answer = await central.get(f"/api/persons/{known.id}/personal_data")
    except CentralRefused as refused:
        if refused.status != FORBIDDEN:
            raise
        return {}
    await record(page, Event.PERSONAL_READ, known.id, patient_id=known.id)
    return dict(next(iter(answer.some()), {}))


def _names(known: Patient) -> dict[str, str]:
    return {
        "last_name": known.last_name,
        "first_name": known.first_name,
        "second_name": known.second_name,
        "birth_date": known.birth_date.isoformat(),
        "gender": known.gender,
        "street_type": "STREET",
    }
