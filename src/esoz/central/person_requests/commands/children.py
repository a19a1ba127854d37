"""A parent registers a child through a cabinet: writes the data down, sends the birth certificate, signs."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from esoz.central import people
from esoz.central.people import (
    AuthenticationDetails,
    AuthenticationType,
    ConfidantDetails,
    PersonDetails,
    RelationshipDocument,
)
from esoz.central.uploads import Expected, abandon, expect
from esoz.kernel.work import Work

from ..content import printed_form
from ..model.events import Event
from ..model.requests import (
    FOLDER,
    OWN_CHANNEL,
    TERM,
    THREE_FIELDS,
    PersonRequest,
    Status,
    identity_of,
    must_be_child,
    must_speak_for_themselves,
)
from ..store import requests

SOURCE = "Особистий кабінет одного з батьків"


async def create(
    work: Work, details: PersonDetails, papers: Sequence[RelationshipDocument]
) -> tuple[PersonRequest, list[Expected]]:
    """Write down a child of the person who asks (PS-31); a newer request about the same child ends the one before.

    Raises Forbidden, NotActive (PS-18), Rejected naming the fields, Conflict (PS-19).
    """
    must_speak_for_themselves(work.actor)
    parent = await people.find_person(work.db, people.patient_of(work.actor))
    people.must_be_active(parent)
    must_be_child(details, work.today)
    details = replace(
        details,
        authentication_methods=(AuthenticationDetails(type=AuthenticationType.THIRD_PERSON, value=parent.id),),
        confidant_persons=(ConfidantDetails(person_id=parent.id, documents_relationship=tuple(papers)),),
    )
    await people.must_be_acceptable(work, details)
    await people.must_be_nobody_yet(work, details)
    request = _request(work, parent.id, details)
    older = await requests.cancel_older_of_child(work.db, parent.id, request.identity, work.now)
    await abandon(work, FOLDER, older)
    await requests.add(work.db, request)
    types = [paper.type for paper in details.documents]
    types += [paper.type for paper in papers if paper.type not in types]
    documents = await expect(work, FOLDER, request.id, types, until=request.expires_at, patient_id=parent.id)
    work.record(Event.CHILD_CREATED, request.id, patient_id=parent.id)
    return request, documents


def _request(work: Work, parent_id: UUID, details: PersonDetails) -> PersonRequest:
    return PersonRequest(
        id=work.new_id(),
        version=THREE_FIELDS,
        status=Status.APPROVED,
        channel=OWN_CHANNEL,
        legal_entity_id=None,
        person_id=work.new_id(),
        is_new=True,
        identity=identity_of(details, None),
        details=details,
        method=AuthenticationType.NA,
        confirmed_by=parent_id,
        content=printed_form(details, SOURCE, work.today, is_new=True),
        expires_at=work.now + TERM,
        inserted_at=work.now,
        inserted_by=work.actor.user_id,
        updated_at=work.now,
        updated_by=work.actor.user_id,
    )
