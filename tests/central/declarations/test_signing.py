"""The signature that makes a declaration: who, what, once, and what it ends."""

import asyncio
from dataclasses import replace
from datetime import date, datetime

import pytest

from esoz.central import people
from esoz.kernel import documents
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.conftest import NOW
from tests.factories.declarations import PATH, Declaring, answered, declarations_of, told
from tests.factories.people import make_adult
from tests.factories.world import Caller, World

FIELD = "$.signed_declaration_request"
DIFFERS = "Signed content does not match the previously created content"


class TestSign:
    # DC-19, DC-20, DC-22
    async def test_by_the_doctor_then_a_declaration_with_its_document(
        self, declaring: Declaring, db: Connection, dependencies: Dependencies
    ) -> None:
        request = await declaring.approved()
        made = answered(await declaring.sign(request))["data"]
        assert made == {
            "id": request["declaration_id"],
            "start_date": "2026-11-22",
            "end_date": "2126-11-22",
            "signed_at": "2026-11-22T10:00:00Z",
            "status": "active",
            "declaration_request_id": request["id"],
            "person_id": str(declaring.person.id),
            "legal_entity_id": str(declaring.doctor.client_id),
            "employee_id": str(declaring.doctor.employee_id),
            "division_id": str(declaring.doctor.division_id),
            "inserted_at": "2026-11-22T10:00:00Z",
            "is_active": True,
        }
        row = await db.fetchrow("select * from declarations where id = $1", made["id"])
        assert (row["declaration_number"], row["seed"]) == (
            request["declaration_number"],
            request["data_to_be_signed"]["seed"],
        )
        assert row["content"] == request["data_to_be_signed"]["content"]
        assert await documents.read(db, dependencies.objects, row["signed_document"])
        shown = answered(await declaring.doctor.get(f"{PATH}/{request['id']}"))["data"]
        assert shown["status"] == "SIGNED"
        listed = answered(await declaring.doctor.get(f"/api/persons/{declaring.person.id}/declaration"))["data"]
        assert [each["id"] for each in listed] == [made["id"]]

    async def test_then_the_patient_is_told(self, declaring: Declaring, db: Connection) -> None:
        await declaring.declared()
        told_by = await db.fetch("select channel, recipient, body from messages where not urgent")
        assert [(row["channel"], row["recipient"]) for row in told_by] == [("sms", "+380670000001")]
        assert "Декларація № 0001-" in told_by[0]["body"] and "припинено" not in told_by[0]["body"]

    # DC-21, DC-24
    async def test_of_somebody_declared_elsewhere_then_that_one_ends_and_its_doctor_is_told(
        self, declaring: Declaring, foreign_doctor: Caller, db: Connection
    ) -> None:
        await db.execute("update parties set email = 'former@esoz.example' where tax_id = $1", foreign_doctor.tax_id)
        await replace(declaring, doctor=foreign_doctor).declared()
        made = await declaring.declared()
        assert await declarations_of(db, declaring.person.id) == [
            ("terminated", "request_cancelled"),
            ("active", None),
        ]
        counts = await db.fetch(
            "select declaration_count from parties where tax_id = any($1) order by declaration_count",
            [declaring.doctor.tax_id, foreign_doctor.tax_id],
        )
        assert [row[0] for row in counts] == [0, 2]  # the world has one of the doctor's
        mail = await db.fetchrow("select recipient, body from messages where channel = 'mail'")
        assert mail["recipient"] == "former@esoz.example" and declaring.person.last_name not in mail["body"]
        assert (await foreign_doctor.get(f"/api/persons/{declaring.person.id}/declaration")).status_code == 403
        assert made["status"] == "active"

    # DC-23
    async def test_twice_then_422_and_one_declaration(self, declaring: Declaring, db: Connection) -> None:
        request = await declaring.approved()
        answered(await declaring.sign(request))
        assert told(await declaring.sign(request)) == (422, "$.status", "incorrect status")
        assert await declarations_of(db, declaring.person.id) == [("active", None)]

    # DC-19
    async def test_before_the_patient_approved_then_422(self, declaring: Declaring) -> None:
        made = answered(await declaring.create())["data"]
        answer = await declaring.act(made["id"], "sign", {"signed_declaration_request": declaring.doctor.sign({})})
        assert told(answer) == (422, "$.status", "incorrect status")

    # DC-19
    async def test_without_the_signature_of_the_patient_then_422(self, declaring: Declaring) -> None:
        request = await declaring.approved()
        answer = await declaring.sign(request, person=request["data_to_be_signed"]["person"])
        assert told(answer) == (422, "$.person.patient_signed", "Patient must sign declaration form")

    # DC-19, SG-7
    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"content": "Інший текст"}, "$.content"),
            ({"end_date": "2027-11-22"}, "$.end_date"),
            ({"seed": "1" * 64}, "$.seed"),
            ({"employee": {}}, "$.employee.id"),
            ({"person": {"patient_signed": True}}, "$.person.addresses"),
        ],
    )
    async def test_of_another_text_then_422_names_the_place(
        self, declaring: Declaring, db: Connection, change: dict, place: str
    ) -> None:
        answer = await declaring.sign(await declaring.approved(), **change)
        assert told(answer) == (422, place, DIFFERS)
        assert await declarations_of(db, declaring.person.id) == []

    # SG-4
    async def test_with_the_key_of_another_then_422(self, declaring: Declaring, foreign_doctor: Caller) -> None:
        answer = await declaring.sign(await declaring.approved(), key=foreign_doctor)
        assert told(answer) == (422, FIELD, "Does not match the signer drfo")

    @pytest.mark.parametrize("document", ["", "не base64", "bm90IGEgc2lnbmF0dXJl"])
    async def test_that_is_none_then_422(self, declaring: Declaring, document: str) -> None:
        request = await declaring.approved()
        answer = await declaring.act(request["id"], "sign", {"signed_declaration_request": document})
        assert told(answer)[:2] == (422, FIELD)

    async def test_by_another_clinic_then_not_found(self, declaring: Declaring, foreign_doctor: Caller) -> None:
        assert (await declaring.sign(await declaring.approved(), by=foreign_doctor)).status_code == 404

    async def test_by_a_receptionist_then_403(self, declaring: Declaring, registrar: Caller) -> None:
        assert (await declaring.sign(await declaring.approved(), by=registrar)).status_code == 403

    # DC-19
    @pytest.mark.parametrize(("employee_type", "status"), [("DOCTOR", 403), ("ADMIN", 200)])
    async def test_by_a_colleague_then_by_an_administrator_only(
        self, declaring: Declaring, registrar: Caller, db: Connection, employee_type: str, status: int
    ) -> None:
        request = await declaring.approved()
        await db.execute("update employees set employee_type = $2 where id = $1", registrar.employee_id, employee_type)
        colleague = replace(registrar, token=declaring.doctor.token)
        await db.execute(
            "update tokens set user_id = $2 where user_id = $1", declaring.doctor.user_id, registrar.user_id
        )
        assert (await declaring.sign(request, by=colleague)).status_code == status


class TestChangedMeanwhile:
    """What was right when the patient approved need not be when it is signed."""

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ("persons set death_date = '2026-11-22'", 409),
            ("legal_entities set status = 'CLOSED'", 409),
            ("employees set status = 'DISMISSED'", 422),
            ("divisions set status = 'INACTIVE'", 422),
        ],
    )
    async def test_then_refused_and_nothing_is_made(
        self, declaring: Declaring, db: Connection, change: str, status: int
    ) -> None:
        request = await declaring.approved()
        await db.execute(f"update {change}")
        assert (await declaring.sign(request)).status_code in (status, 403)
        assert await declarations_of(db, declaring.person.id) == []

    # DC-5, DC-7: the 18th birthday begins at midnight in Kyiv, two hours before it does in UTC.
    @pytest.mark.parametrize(("moment", "status"), [("21:59:59", 200), ("22:00:00", 422)])
    async def test_birthday_came_then_no_pediatrician_takes_an_adult(
        self, declaring: Declaring, work: Work, db: Connection, clock: FixedClock, moment: str, status: int
    ) -> None:
        await db.execute("update employees set speciality = 'PEDIATRICIAN' where id = $1", declaring.doctor.employee_id)
        young = await make_adult(work, 2, birth_date=date(2008, 11, 23))
        its = replace(declaring, person=young)
        request = await its.approved()
        assert request["end_date"] == "2026-11-22"
        clock.moment = datetime.fromisoformat(f"2026-11-22T{moment}+00:00")
        assert (await its.sign(request)).status_code == status

    # DC-17
    async def test_doctor_is_full_then_the_published_refusal(self, declaring: Declaring, db: Connection) -> None:
        request = await declaring.approved()
        await db.execute("update parties set declaration_count = 1800")
        assert told(await declaring.sign(request))[2] == "This doctor has 1800 declarations and could not sign more"


class TestAtOnce:
    """Each of these is done by several in the same moment, over connections of their own."""

    @pytest.fixture
    async def some(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies
    ) -> list[people.Person]:
        async with fresh_database.transaction() as db:
            work = Work(NOBODY, NOW, db, dependencies)
            return [await make_adult(work, number) for number in (1, 2, 3)]

    # DC-23
    async def test_one_request_signed_then_one_declaration(
        self, fresh_world: World, fresh_database: Database, some: list[people.Person]
    ) -> None:
        async with fresh_database.connection() as db:
            declaring = Declaring(fresh_world.doctor, some[0], db)
            request = await declaring.approved()
            answers = await asyncio.gather(*(declaring.sign(request) for _ in range(4)))
            assert sorted(each.status_code for each in answers) == [200, 422, 422, 422]
            assert await declarations_of(db, some[0].id) == [("active", None)]

    # DC-21
    async def test_two_clinics_then_one_is_active_and_the_counts_are_right(
        self, fresh_world: World, fresh_database: Database, some: list[people.Person]
    ) -> None:
        async with fresh_database.connection() as db:
            both = [Declaring(doctor, some[0], db) for doctor in (fresh_world.doctor, fresh_world.foreign_doctor)]
            requests = [await each.approved() for each in both]
            answers = await asyncio.gather(*(each.sign(one) for each, one in zip(both, requests, strict=True)))
            assert [each.status_code for each in answers] == [200, 200]
            assert sorted(await declarations_of(db, some[0].id)) == [
                ("active", None),
                ("terminated", "request_cancelled"),
            ]
            live = await db.fetchval("select count(*) from declarations where status = 'active'")
            assert await db.fetchval("select sum(declaration_count) from parties") == live

    # DC-17
    async def test_the_last_place_then_one_has_it(
        self, fresh_world: World, fresh_database: Database, some: list[people.Person]
    ) -> None:
        async with fresh_database.connection() as db:
            await db.execute("update parties set declaration_count = 1799")
            all_three = [Declaring(fresh_world.doctor, person, db) for person in some]
            made = []
            for each in all_three:
                made.append((each, answered(await each.create())["data"]["id"], await each.code()))
            answers = await asyncio.gather(
                *(each.act(id, "approve", {"verification_code": code}) for each, id, code in made)
            )
            assert sorted(each.status_code for each in answers) == [201, 422, 422]

    # DC-6
    async def test_created_then_one_stays_open(
        self, fresh_world: World, fresh_database: Database, some: list[people.Person]
    ) -> None:
        async with fresh_database.connection() as db:
            declaring = Declaring(fresh_world.doctor, some[0], db)
            answers = await asyncio.gather(*(declaring.create() for _ in range(3)))
            assert [each.status_code for each in answers] == [201] * 3
            rows = await db.fetch("select status from declaration_requests order by status")
            assert [row["status"] for row in rows] == ["CANCELLED", "CANCELLED", "NEW"]
