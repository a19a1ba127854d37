"""Programmes: made and refreshed by an operator, any number of times."""

from datetime import date
from uuid import uuid5

from esoz.central.medications import PAPER_FORM
from esoz.kernel.work import Work
from esoz.spec.drugs.tree import NAMESPACE

from . import store
from .model import Event, Programme, Settings

ANTIBIOTICS_PROGRAMME = uuid5(NAMESPACE, "PROGRAMME antibiotics")
ANTIBIOTICS_NAME = "Антибактеріальні лікарські засоби"
ANTIBIOTICS_ATC = "J01"
START = date(2022, 8, 1)  # electronic prescriptions of antibiotics began
# Orders of the Ministry of Health 1284 (2022) and 494 (2023): any doctor, no declaration, 30 days, parts allowed; the
# patient pays, so there is no contract with the state to check.
ANTIBIOTICS = Settings(
    employee_types_to_create_medication_request=("DOCTOR", "SPECIALIST"),
    skip_mnn_in_treatment_period=True,
    skip_medication_request_employee_declaration_verify=True,
    skip_medication_request_legal_entity_declaration_verify=True,
    multi_medication_dispense_allowed=True,
    skip_contract_provision_verify=True,
    medication_dispense_period_day=30,
)


async def make_antibiotics_programme(work: Work) -> Programme:
    """Make or refresh the programme of antibiotics and enrol every package of the group."""
    by = work.actor.user_id
    programme = Programme(
        id=ANTIBIOTICS_PROGRAMME,
        name=ANTIBIOTICS_NAME,
        type="MEDICATION",
        funding_source="PATIENT",
        mr_blank_type=PAPER_FORM,
        settings=ANTIBIOTICS,
        is_active=True,
        medication_request_allowed=True,
        medication_dispense_allowed=True,
        inserted_at=work.now,
        inserted_by=by,
        updated_at=work.now,
        updated_by=by,
    )
    await store.save(work.db, programme)
    new = await store.enrol(work.db, programme.id, ANTIBIOTICS_ATC, START, work.now)
    work.record(Event.PROGRAMME_MADE, programme.id, enrolled=new)
    return programme
