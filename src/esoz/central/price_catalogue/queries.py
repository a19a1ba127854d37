"""Where a patient finds the medicine of a prescription."""

from uuid import UUID

from esoz.central import prescriptions
from esoz.kernel.db import Page, Paged
from esoz.kernel.faults import must_hold
from esoz.kernel.work import Work

from . import store
from .model import Event, OfferFilter, must_be_open, place_faults, shown_since


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
