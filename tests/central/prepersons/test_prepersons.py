"""Unidentified patients: taken in, read and changed by the clinic that treats them."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.central.people.model import NotActive as PersonNotActive
from esoz.central.prepersons import must_be_patient
from esoz.central.prepersons.model import NotActive
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Actor, Work
from tests.central.answers import answered, faults, refused
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

PATH = "/api/prepersons"


def told(**changes: Any) -> dict[str, Any]:
    """What is told of somebody; None leaves a field out."""
    content: dict[str, Any] = {
        "external_id": "#1234-FDS-aa",
        "first_name": "Петро",
        "last_name": "Невідомий",
        "gender": "MALE",
        "birth_date": "1980-01-01",
        "emergency_contact": {
            "first_name": "Анна",
            "last_name": "Знайома",
            "phones": [{"type": "MOBILE", "number": "+380503410870"}],
        },
        "note": "Знайдений на вокзалі, близько 40 років",
    }
    return {name: value for name, value in (content | changes).items() if value is not None}


@pytest.fixture(autouse=True)
async def _known_codes(work: Work) -> None:
    await dictionaries.load(work.db)


@pytest.fixture
async def specialist(world: World, work: Work) -> Caller:
    return await with_scopes(work, world.specialist, "preperson:read", "preperson:write")


@pytest.fixture
async def foreign(world: World, work: Work) -> Caller:
    return await with_scopes(work, world.foreign_doctor, "preperson:read", "preperson:write")


@pytest.fixture
async def made(specialist: Caller) -> dict[str, Any]:
    data: dict[str, Any] = answered(await specialist.post(PATH, told()), 201)["data"]
    return data


class TestCreate:
    async def test_whole_then_read_as_it_was_told(self, specialist: Caller, made: dict[str, Any]) -> None:
        hands = dict.fromkeys(("inserted_by", "updated_by"), str(specialist.user_id))
        times = dict.fromkeys(("inserted_at", "updated_at"), "2026-11-22T10:00:00Z")
        assert made == told(id=made["id"], status="ACTIVE", **hands, **times)
        assert answered(await specialist.get(f"{PATH}/{made['id']}"))["data"] == made

    async def test_number_and_gender_alone_then_taken_in(self, specialist: Caller) -> None:
        answered(await specialist.post(PATH, {"external_id": "x", "gender": "FEMALE"}), 201)

    async def test_sent_twice_then_one_patient(self, specialist: Caller, made: dict[str, Any]) -> None:
        words = "Preperson with such external_id already exists"
        refused(await specialist.post(PATH, told(external_id=" #1234-FDS-aa ")), 409, "request_conflict", words)

    async def test_number_of_another_clinic_is_free(self, foreign: Caller, made: dict[str, Any]) -> None:
        answered(await foreign.post(PATH, told()), 201)

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"external_id": None}, "$.external_id"),
            ({"external_id": "x" * 256}, "$.external_id"),
            ({"external_id": "   "}, "$.external_id"),
            ({"gender": "OTHER"}, "$.gender"),
            ({"gender": None}, "$.gender"),
            ({"birth_date": "2026-11-23"}, "$.birth_date"),
            ({"birth_date": "1800-01-01"}, "$.birth_date"),
            ({"birth_date": "01.01.1980"}, "$.birth_date"),
            ({"note": "x" * 4001}, "$.note"),
            ({"nickname": "Ветеран"}, "$.nickname"),
            ({"emergency_contact": {"first_name": "Анна"}}, "$.emergency_contact.last_name"),
        ],
    )
    async def test_wrong_field_then_named(self, specialist: Caller, changes: dict[str, Any], entry: str) -> None:
        assert entry in [place for place, _ in faults(await specialist.post(PATH, told(**changes)))]

    async def test_clinic_that_does_not_act_then_conflict(self, specialist: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", specialist.client_id)
        refused(await specialist.post(PATH, told()), 409, "request_conflict", "Legal entity is not active")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.post(PATH, told()), 403, "forbidden")

    async def test_without_token_is_denied(self, specialist: Caller) -> None:
        refused(await replace(specialist, token="").post(PATH, told()), 401, "access_denied")


class TestRead:
    async def test_of_another_clinic_is_not_found(self, foreign: Caller, made: dict[str, Any]) -> None:
        refused(await foreign.get(f"{PATH}/{made['id']}"), 404, "not_found")
        refused(await foreign.get(f"{PATH}/{uuid4()}"), 404, "not_found")
        refused(await foreign.get(f"{PATH}/5"), 404, "not_found")

    async def test_read_then_in_the_log_of_the_patient(
        self, specialist: Caller, made: dict[str, Any], db: Connection
    ) -> None:
        answered(await specialist.get(f"{PATH}/{made['id']}"))
        events = await db.fetch("select event from audit_events where patient_id = $1", UUID(made["id"]))
        assert {row["event"] for row in events} == {"preperson.created", "preperson.read"}

    async def test_without_scope_is_forbidden(self, doctor: Caller, made: dict[str, Any]) -> None:
        refused(await doctor.get(f"{PATH}/{made['id']}"), 403, "forbidden")


class TestUpdate:
    async def test_some_fields_then_the_others_stay(self, specialist: Caller, made: dict[str, Any]) -> None:
        changes = {"external_id": "#2", "first_name": "Павло", "death_date": "2026-11-21", "note": made["note"]}
        changed = answered(await specialist.patch(f"{PATH}/{made['id']}", changes))["data"]
        assert changed == made | changes
        assert answered(await specialist.get(f"{PATH}/{made['id']}"))["data"] == changed

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"note": "інше"}, "$.note"),
            ({"death_date": "2026-11-23"}, "$.death_date"),
            ({"death_date": "1979-12-31"}, "$.death_date"),
            ({"first_name": " "}, "$.first_name"),
        ],
    )
    async def test_wrong_field_then_named(
        self, specialist: Caller, made: dict[str, Any], changes: dict[str, Any], entry: str
    ) -> None:
        assert [place for place, _ in faults(await specialist.patch(f"{PATH}/{made['id']}", changes))] == [entry]

    async def test_number_of_another_patient_then_conflict(self, specialist: Caller, made: dict[str, Any]) -> None:
        answered(await specialist.post(PATH, told(external_id="#2")), 201)
        refused(await specialist.patch(f"{PATH}/{made['id']}", {"external_id": "#2"}), 409, "request_conflict")

    async def test_merged_already_then_conflict(self, specialist: Caller, made: dict[str, Any], db: Connection) -> None:
        await db.execute("update prepersons set status = 'INACTIVE' where id = $1", UUID(made["id"]))
        words = "Preperson is not active"
        refused(await specialist.patch(f"{PATH}/{made['id']}", {"gender": "MALE"}), 409, "request_conflict", words)
        answered(await specialist.post(PATH, told()), 201)  # the number is free again

    async def test_of_another_clinic_is_not_found(self, foreign: Caller, made: dict[str, Any]) -> None:
        refused(await foreign.patch(f"{PATH}/{made['id']}", {"gender": "MALE"}), 404, "not_found")

    async def test_without_scope_is_forbidden(self, doctor: Caller, made: dict[str, Any]) -> None:
        refused(await doctor.patch(f"{PATH}/{made['id']}", {"gender": "MALE"}), 403, "forbidden")


class TestPatient:
    @pytest.fixture
    def work(self, work: Work, world: World) -> Work:
        """Work of the clinic that took somebody in."""
        return replace(work, actor=Actor(client_id=world.specialist.client_id))

    async def test_person_or_unidentified_then_records_may_be_made(
        self, work: Work, world: World, made: dict[str, Any]
    ) -> None:
        await must_be_patient(work, world.persons[0].id)
        await must_be_patient(work, UUID(made["id"]))

    async def test_nobody_or_not_active_then_refused(
        self, db: Connection, work: Work, world: World, made: dict[str, Any]
    ) -> None:
        with pytest.raises(NotFound):
            await must_be_patient(work, uuid4())
        await db.execute("update prepersons set status = 'INACTIVE' where id = $1", UUID(made["id"]))
        with pytest.raises(NotActive):
            await must_be_patient(work, UUID(made["id"]))
        await db.execute("update persons set is_active = false where id = $1", world.persons[0].id)
        with pytest.raises(PersonNotActive):
            await must_be_patient(work, world.persons[0].id)
