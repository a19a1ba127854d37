"""A dispense that is held: signed, given up, read, counted; and two pharmacies at once."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central import statistics
from esoz.central.prescriptions.periodic import expire_dispenses
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import Dependencies, Work
from esoz.signature import Authority, Subject
from tests.central.prescriptions.conftest import ready
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import (
    Dispensing,
    Prescribing,
    package_of,
    sent_code,
    wrong,
)
from tests.factories.world import Caller, World, with_key


# MD-10
class TestProcess:
    async def test_with_a_signature_then_processed_and_the_prescription_completed(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        answer = await dispensing.process(held)
        assert answer.status_code == 200, answer.text
        done = answer.json()["data"]
        assert (done["status"], done["payment_id"], done["payment_amount"]) == ("PROCESSED", "1239804", 250)
        assert done["medication_request"]["status"] == "COMPLETED"
        assert await db.fetchval("select status from medication_requests") == "COMPLETED"
        assert refusal(await dispensing.process(held)) == (
            409,
            "",
            "Can't update medication dispense status from PROCESSED to PROCESSED",
        )

    # MD-9
    async def test_after_ten_minutes_then_409(
        self, *, dispensing: Dispensing, prescription: dict, code: str, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        clock.forward(timedelta(minutes=10))
        assert refusal(await dispensing.process(held)) == (
            409,
            "",
            "Can't update medication dispense status from EXPIRED to PROCESSED",
        )
        work.now = clock.now()
        await expire_dispenses(work)
        assert await db.fetchval("select status from medication_dispenses") == "EXPIRED"

    # SG-4, SG-5
    async def test_with_another_pharmacists_key_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str, other_pharmacist: Caller
    ) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        answer = await dispensing.process(held, signer=other_pharmacist)
        assert refusal(answer)[:2] == (422, "$.signed_medication_dispense")

    # SG-6
    async def test_with_a_key_in_another_surname_then_422(
        self, dispensing: Dispensing, prescription: dict, code: str, authority: Authority, work: Work
    ) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        subject = Subject(surname="Інакша", given_name="Олена", drfo=dispensing.pharmacist.tax_id)
        begins = work.now - timedelta(days=1)
        key = authority.issue(subject, valid_from=begins, valid_to=begins + timedelta(days=365))
        married = replace(dispensing.pharmacist, key=key)
        assert refusal(await dispensing.process(held, signer=married)) == (
            422,
            "$.signed_medication_dispense",
            "Does not match the signer last name",
        )

    # SG-6
    @pytest.mark.parametrize("in_key", ['МАР"ЯНЕНКО Левицька', "Мар`яненко-левицька", "Маряненко  ЛЕВИЦЬКA"])
    async def test_with_a_key_in_the_surname_spelt_otherwise_then_dispensed(
        self,
        dispensing: Dispensing,
        prescription: dict,
        code: str,
        authority: Authority,
        db: Connection,
        in_key: str,
    ) -> None:
        await db.execute("update parties set last_name = 'Мар’яненко–Левицька'")
        held = await dispensing.held(prescription["id"], 20, code)
        subject = Subject(surname=in_key, given_name="Олена", drfo=dispensing.pharmacist.tax_id)
        answer = await dispensing.process(held, signer=with_key(authority, dispensing.pharmacist, subject))
        assert answer.status_code == 200, answer.text

    async def test_over_changed_content_then_422(self, dispensing: Dispensing, prescription: dict, code: str) -> None:
        held = await dispensing.held(prescription["id"], 10, code)
        held["details"][0]["medication_qty"] = 20
        code_, entry, message = refusal(await dispensing.process(held))
        assert (code_, entry) == (422, "$.details[0].medication_qty")
        assert message == "Signed content does not match the previously created content!"

    async def test_by_another_pharmacy_then_not_found(
        self, dispensing: Dispensing, prescription: dict, code: str, other_pharmacist: Caller
    ) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        assert (await dispensing.by(other_pharmacist).process(held)).status_code == 404

    async def test_without_a_signature_then_422(self, dispensing: Dispensing, prescription: dict, code: str) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        assert (await dispensing.process(held, document="bm90IGEgQ01T")).status_code == 422

    async def test_paid_by_the_state_then_the_amount_is_required(
        self, dispensing: Dispensing, prescription: dict, code: str, db: Connection
    ) -> None:
        await db.execute("update medical_programs set funding_source = 'NHS'")
        held = await dispensing.held(prescription["id"], 20, code)
        answer = await dispensing.process(held, payment_amount=None)
        assert refusal(answer)[:2] == (422, "$.payment_amount")


# MD-11
class TestReject:
    async def test_of_what_is_held_then_it_may_be_held_again(
        self, dispensing: Dispensing, prescription: dict, code: str, other_pharmacist: Caller
    ) -> None:
        held = await dispensing.held(prescription["id"], 20, code)
        path = f"/api/pharmacy/medication_dispenses/{held['id']}/actions/reject"
        assert (await other_pharmacist.patch(path)).status_code == 404
        answer = await dispensing.pharmacist.patch(path)
        assert (answer.status_code, answer.json()["data"]["status"]) == (200, "REJECTED")
        assert (await dispensing.pharmacist.patch(path)).status_code == 409
        assert (await dispensing.by(other_pharmacist).hold(prescription["id"], 20, code)).status_code == 201


class TestRead:
    async def test_by_the_pharmacy_then_its_own_only(
        self, dispensing: Dispensing, prescription: dict, code: str, other_pharmacist: Caller, pharmacist: Caller
    ) -> None:
        held = await dispensing.held(prescription["id"], 10, code)
        listed = await pharmacist.get(
            "/api/pharmacy/medication_dispenses",
            status="NEW",
            medication_request_id=prescription["id"],
            dispensed_from="2026-11-22",
            dispensed_to="2026-11-22",
            division_id=pharmacist.division_id,
        )
        assert listed.json()["data"] == [held]
        assert (await other_pharmacist.get("/api/pharmacy/medication_dispenses")).json()["data"] == []
        assert (await other_pharmacist.get(f"/api/pharmacy/medication_dispenses/{held['id']}")).status_code == 404

    async def test_by_the_clinic_then_without_pharmacy_and_price(
        self,
        *,
        dispensing: Dispensing,
        prescribing: Prescribing,
        prescription: dict,
        code: str,
        doctor: Caller,
        foreign_doctor: Caller,
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 10, code)
        path = f"{prescribing.requests}/{prescription['id']}/medication_dispenses"
        [listed] = (await doctor.get(path, status="PROCESSED")).json()["data"]
        assert set(listed) == {
            "id",
            "medication_request",
            "dispensed_at",
            "medical_program",
            "status",
            "inserted_at",
            "updated_at",
        }
        one = f"/api/persons/{prescribing.person_id}/medication_dispenses/{dispense['id']}"
        assert (await doctor.get(one)).json()["data"] == listed
        assert (await doctor.get(path, status="NEW")).json()["data"] == []
        assert (await foreign_doctor.get(path)).status_code == 404
        assert (await foreign_doctor.get(one)).status_code == 404

    async def test_by_the_patient_then_the_whole_dispense(
        self, dispensing: Dispensing, prescription: dict, code: str, patient: Caller
    ) -> None:
        dispense = await dispensing.give(prescription["id"], 20, code)
        [listed] = (await patient.get("/api/cabinet/medication_dispenses")).json()["data"]
        assert (listed["id"], listed["legal_entity"], listed["details"]) == (
            dispense["id"],
            dispense["legal_entity"],
            dispense["details"],
        )
        details = await patient.get(f"/api/cabinet/medication_dispenses/{dispense['id']}")
        assert details.json()["data"] == listed
        assert (await patient.get(f"/api/cabinet/medication_dispenses/{uuid4()}")).status_code == 404


class TestStatistics:
    async def test_after_a_prescription_and_two_dispenses_then_they_are_counted(
        self, *, dispensing: Dispensing, prescription: dict, code: str, db: Connection, work: Work, doctor: Caller
    ) -> None:
        await dispensing.give(prescription["id"], 10, code)
        assert await statistics.totals(db) == statistics.Totals(1, 0, 1)
        await dispensing.give(prescription["id"], 10, code)
        assert await statistics.totals(db) == statistics.Totals(1, 1, 2)


async def stocked_pharmacies(
    world: World, database: Database, dependencies: Dependencies, clock: FixedClock
) -> tuple[Dispensing, Dispensing, dict, str]:
    """A signed prescription of twenty, its code, and two pharmacies that have packages of ten."""
    prescribing = await ready(world, database, dependencies, clock)
    prescription = await prescribing.prescribe()
    async with database.connection() as db:
        code = await sent_code(db, prescription["request_number"])
        one = Dispensing(world.pharmacist, await package_of(db, prescribing.medication_id, 10), prescribing.today)
    # All connections of the pool are opened first: otherwise the first request is done before the second begins.
    path = f"/api/pharmacy/medication_requests/{prescription['id']}"
    await asyncio.gather(*(world.pharmacist.get(path) for _ in range(8)))
    return one, one.by(world.other_pharmacist), prescription, code


class TestRaces:
    async def test_of_two_pharmacies_for_all_then_exactly_one_holds(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        one, other, prescription, code = await stocked_pharmacies(fresh_world, fresh_database, dependencies, clock)
        asked = [each.hold(prescription["id"], 20, code) for each in (one, other) * 4]
        answers = await asyncio.gather(*asked)
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7

    async def test_of_many_parts_then_never_more_than_prescribed(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        one, other, prescription, code = await stocked_pharmacies(fresh_world, fresh_database, dependencies, clock)
        answers = await asyncio.gather(*(each.hold(prescription["id"], 10, code) for each in (one, other) * 3))
        held = [answer.json()["data"] for answer in answers if answer.status_code == 201]
        assert len(held) == 2 and {answer.status_code for answer in answers} == {201, 409}
        by = {str(each.pharmacist.client_id): each for each in (one, other)}
        done = await asyncio.gather(*(by[dispense["legal_entity"]["id"]].process(dispense) for dispense in held))
        assert {answer.status_code for answer in done} == {200}
        async with fresh_database.connection() as db:
            assert await db.fetchval("select status from medication_requests") == "COMPLETED"
            assert await statistics.totals(db) == statistics.Totals(1, 1, 2)

    async def test_of_wrong_codes_at_once_then_each_is_counted(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        one, other, prescription, code = await stocked_pharmacies(fresh_world, fresh_database, dependencies, clock)
        answers = await asyncio.gather(*(each.hold(prescription["id"], 20, wrong(code)) for each in (one, other) * 4))
        assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 3
