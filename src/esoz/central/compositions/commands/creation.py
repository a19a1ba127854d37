"""Writing a conclusion: its number first, then the signed document."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from esoz.central.organisations import client_of, known_legal_entity, must_be_acting
from esoz.central.prepersons import must_be_patient
from esoz.central.workforce import Employee, known_party_of_user
from esoz.kernel import documents
from esoz.kernel.clock import kyiv_date
from esoz.kernel.decoding import read_signed
from esoz.kernel.errors import Conflict, Forbidden, rejected
from esoz.kernel.faults import must_hold
from esoz.kernel.signed import must_be_signed_by, open_signed
from esoz.kernel.work import Signer, Work
from esoz.spec.compositions import Settings

from .. import store
from ..content import words
from ..model import Composition, Event, Status
from ..model.compositions import new_title, read_title
from ..model.configurations import configuration, is_type
from ..model.drafts import APPENDS, REPLACES, Draft
from ..model.filters import TitleQuery
from ..model.jobs import SignedDraft
from ..model.rules import draft_faults, form_faults
from .notices import contact_of, tell_created
from .submissions import CREATE_PATH, FIELD
from .surroundings import Gathered, gather


async def reserve_title(work: Work, person_id: UUID, wanted: TitleQuery) -> str:
    """CM-1: the number under which a conclusion of this type will be written. Raises NotFound, Conflict, Rejected."""
    await must_be_patient(work, person_id)
    clinic_id = client_of(work.actor)
    if not is_type(wanted.composition_type):
        raise rejected("$.composition_type", "value is not allowed in enum", rule="inclusion")
    title, kind = read_title(wanted.composition_title or ""), wanted.composition_type
    if not (title and await store.reserved(work.db, title, person_id=person_id, type=kind, clinic_id=clinic_id)):
        title = new_title(work.dependencies.random)
        await store.reserve(
            work.db, title, person_id=person_id, type=kind, clinic_id=clinic_id, inserted_at=work.performed_at
        )
    work.record(Event.TITLE_RESERVED, person_id, patient_id=person_id)
    return title


async def create(work: Work, job: SignedDraft) -> Composition:
    """CM-1 … CM-10, CM-12, CM-14: check and store a signed conclusion, and tell the patient its number.

    Raises Rejected, Conflict.
    """
    signed = await open_signed(work, job.signed_data, field=FIELD, proven=job.proven)
    draft = read_signed(signed.content, Draft, work.dependencies.schemas.signed("POST", CREATE_PATH))
    must_hold(form_faults(draft))
    settings = _settings(draft)
    gathered = await gather(work, job.person_id, draft, settings)
    must_hold(draft_faults(draft, gathered.around))
    await _must_be_signed(work, signed.signer, draft, gathered)
    await _must_be_new(work, job.person_id, draft)
    contact = await contact_of(work, job.person_id, draft.inform_with)
    name = await documents.keep(work.db, f"compositions/{draft.id}", signed.document)
    composition = _composition(work, job.person_id, draft, gathered, content=signed.content, document=name)
    await store.add(work.db, composition)
    await tell_created(work, composition, contact)
    work.record(Event.CREATED, composition.id, patient_id=composition.person_id, type=composition.type)
    return composition


def _settings(draft: Draft) -> Settings:
    # CM-2
    found = configuration(draft.type.code, draft.category.code)
    if found is None:
        raise rejected("$.category", "Composition type and category have no active configuration")
    return found.rules


async def _must_be_new(work: Work, person_id: UUID, draft: Draft) -> None:
    """CM-1: the number was given for this, and neither it nor the id was used. Raises Rejected."""
    clinic_id = work.actor.client_id
    if not await store.reserved(work.db, draft.title, person_id=person_id, type=draft.type.code, clinic_id=clinic_id):
        raise rejected("$.title", "Composition title is not reserved or is already used")
    if await store.is_known(work.db, draft.id):
        raise rejected("$.id", f"Composition with id '{draft.id}' already exists")


async def _must_be_signed(work: Work, signer: Signer, draft: Draft, gathered: Gathered) -> None:
    """CM-3: who attests it by law signs and is the caller. Raises Conflict, Rejected."""
    if work.actor.client_id is not None:
        must_be_acting(await known_legal_entity(work, work.actor.client_id))
    employees = gathered.around.employees
    for id in draft.legal_attesters:
        if await _is_caller(work, employees[id]):
            if not signer.drfo:
                raise Conflict("Invalid drfo")
            must_be_signed_by(signer, employees[id].party.tax_id, field=FIELD)
            return
    raise Conflict("Employee is not a legal attester of the composition")


async def _is_caller(work: Work, employee: Employee) -> bool:
    if work.actor.user_id is None:
        return False
    try:
        party = await known_party_of_user(work, work.actor.user_id)
    except Forbidden:
        return False
    return party.id == employee.party.id


def _composition(
    work: Work, person_id: UUID, draft: Draft, gathered: Gathered, *, content: Mapping[str, Any], document: str
) -> Composition:
    assert work.actor.user_id is not None and gathered.around.visit is not None  # both were looked at
    now, period = work.performed_at, draft.validity
    return Composition(
        person_id=person_id,
        id=draft.id,
        title=draft.title,
        status=Status.FINAL,
        type=draft.type.code,
        category=draft.category.code,
        date=draft.date,
        custodian_id=draft.custodian.id,
        encounter_id=draft.encounter.id,
        episode_id=gathered.around.visit.episode_id,
        author_id=draft.author.id,
        attester_ids=tuple(each.party.id for each in draft.attester),
        content=content,
        names=words(gathered.names),
        signed_document=document,
        inserted_at=now,
        inserted_by=work.actor.user_id,
        updated_at=now,
        valid_from=kyiv_date(period.start) if period else None,
        valid_to=kyiv_date(period.end) if period else None,
        replaces_id=draft.related(REPLACES),
        appends_id=draft.related(APPENDS),
        inform_with=draft.inform_with,
    )
