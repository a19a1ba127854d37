"""GET /api/persons/{id}/confidant_person_relationships: who speaks for a person, masked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from esoz.central import people
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import Rejected
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.central.conftest import NOW
from tests.factories.people import child, make_adult
from tests.factories.world import Caller


def path(person: people.Person) -> str:
    return f"/api/persons/{person.id}/confidant_person_relationships"


async def ward(work: Work, parent: people.Person, days: int) -> people.Person:
    """A child whose paper of the parent ends in so many days."""
    details = child(work, parent)
    (confidant,) = details.confidant_persons
    papers = tuple(
        people.RelationshipDocument(p.type, p.number, p.issued_by, p.issued_at, work.today + timedelta(days=days))
        for p in confidant.documents_relationship
    )
    return await people.create_person(
        work, replace(details, confidant_persons=(replace(confidant, documents_relationship=papers),))
    )


class TestRelationships:
    async def test_parent_then_masked(self, doctor: Caller, work: Work, db: Connection) -> None:
        parent = await make_adult(work)
        young = await ward(work, parent, days=0)
        (found,) = answered(await doctor.get(path(young)))["data"]
        assert found["confidant_person"]["name"] == "Їжакевич Д.Ґ."
        assert found["confidant_person"]["tax_id"] == "********" + (parent.tax_id or "")[-2:]
        assert found["documents_relationship"] == [{"type": "BIRTH_CERTIFICATE", "number": "*******77"}]
        assert found["relationship_verification_details"] == {
            "verification_status": "VERIFICATION_NEEDED",
            "verification_reason": "MANUAL_CREATED_BY_DOCTOR",
        }
        told = await db.fetch("select patient_id from audit_events where event = 'person.confidants_read'")
        assert {row["patient_id"] for row in told} == {young.id, parent.id}

    @pytest.mark.parametrize(("hours", "is_expired"), [(0, False), (12, True)])
    async def test_filter_then_by_the_last_day_in_kyiv(
        self, doctor: Caller, work: Work, clock: FixedClock, hours: int, is_expired: bool
    ) -> None:
        young = await ward(work, await make_adult(work), days=0)
        clock.moment = NOW + timedelta(hours=hours)
        for asked, count in ((is_expired, 1), (not is_expired, 0)):
            answer = await doctor.get(path(young), is_expired=str(asked).lower())
            assert len(answered(answer)["data"]) == count
        assert answered(await doctor.get(path(young)))["paging"]["total_entries"] == 1

    async def test_ended_then_not_shown(self, doctor: Caller, work: Work, db: Connection) -> None:
        young = await ward(work, await make_adult(work), days=1)
        (found,) = await people.relationships(db, young.id)
        await people.end_confidant(work, young.id, found.id)
        assert answered(await doctor.get(path(young)))["data"] == []
        assert not await people.speaks_for(db, found.confidant_person_id, young.id, work.today)

    # PS-15
    async def test_who_speaks_when_inactive_then_speaks_no_more(self, work: Work, db: Connection) -> None:
        parent = await make_adult(work)
        young = await ward(work, parent, days=1)
        assert await people.speaks_for(db, parent.id, young.id, work.today)
        await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", parent.id)
        assert not await people.speaks_for(db, parent.id, young.id, work.today)
        assert await people.confidants(db, young.id, work.today) == []
        assert await people.represented_by(db, parent.id, work.today) == []
        with pytest.raises(Rejected):
            await people.way_to_confirm(work, young.id, None)

    async def test_person_when_inactive_then_refused(self, doctor: Caller, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", person.id)
        refused(await doctor.get(path(person)), 403, "forbidden", "Such person not found")

    async def test_pharmacist_may_not(self, pharmacist: Caller, work: Work) -> None:
        refused(await pharmacist.get(path(await make_adult(work))), 403, "forbidden")
