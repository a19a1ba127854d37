"""What medicines cost, and where a patient finds the one of a prescription."""

from uuid import UUID

from esoz.central import prescriptions
from esoz.kernel.db import Page, Paged
from esoz.kernel.errors import NotFound
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Work

from . import store
from .model import Catalogued, Event, OfferFilter, link, must_be_open, place_faults, shown_since


async def offers(work: Work, request_id: UUID, wanted: OfferFilter, page: Page) -> Paged:
    """Where the medicine of the patient's own prescription is at hand, the cheapest first (DR-8)."""
    must_hold(place_faults(wanted))
    request, status = await prescriptions.request_of_patient(work, request_id)
    must_be_open(status)
    work.record(Event.OFFERS_READ, request.id, patient_id=request.person_id)
    return await store.offers(
        work.db,
        page,
        wanted,
        dosage_id=request.medication_id,
        programme_id=request.medical_program_id,
        since=shown_since(work.now, work.dependencies.settings.number("ESOZ_ASSORTMENT_HOURS")),
        today=work.today,
    )


async def catalogue(work: Work, words: str | None, page: Page) -> Paged:
    """A page of dosages that have prices, by a part of a name: for everybody."""
    work.record(Event.PRICES_READ, "")
    return await store.catalogued(work.db, page, words, today=work.today)


async def prices(work: Work, dosage_id: UUID) -> Catalogued:
    """What the packages of a dosage cost today, for everybody. Raises NotFound."""
    found = await store.find_catalogued(work.db, dosage_id, today=work.today)
    if found is None:
        raise NotFound()
    work.record(Event.PRICES_READ, dosage_id)
    return found


async def price_link(work: Work, person_id: UUID, request_id: UUID) -> tuple[UUID, str]:
    """Where the prices of what our clinic prescribed stand, to be shown to the patient (DR-12)."""
    request = await prescriptions.request_of_clinic(work, person_id, request_id)
    work.record(Event.LINK_READ, request.id, patient_id=person_id)
    settings = work.dependencies.settings
    template = settings.text("ESOZ_PRICE_CATALOGUE_URL") or f"{settings.url('central')}/prices/{{medication_id}}"
    return request.id, link(template, request.medication_id)
