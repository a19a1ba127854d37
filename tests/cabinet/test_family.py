"""A parent sees for whom they speak, opens the child's data with a signature, acts, and comes back."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.cabinet.access.commands import let_leavers_go
from esoz.cabinet.app import Cabinet
from esoz.cabinet.family.model import Ward
from esoz.central import people
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import Work
from tests.factories import people as factory
from tests.factories.world import World

from .conftest import Browser, Road, last_events


@pytest.fixture
async def kid(work: Work, world: World) -> people.Person:
    """A child of six for whom the patient of the world speaks."""
    parent = await people.find_person(work.db, UUID(str(world.patient.person_id)))
    return await people.create_person(work, factory.child(work, parent))


async def opens(patient: Browser, kid: people.Person) -> None:
    """From the list to the child's pages."""
    await patient.open(f"/family/{kid.id}")
    assert patient.page.status_code == 200, patient.text
    await patient.post(
        f"/family/{kid.id}",
        signed_content=patient.world.patient.sign(patient.to_be_signed),
        form_token=patient.hidden("form_token"),
    )


def full_name(person: people.Person) -> str:
    return " ".join(part for part in (person.last_name, person.first_name, person.second_name) if part)


class TestList:
    async def test_when_opened_then_who_it_is_and_until_when(
        self, patient: Browser, kid: people.Person, own: Connection
    ):
        await patient.open("/family")
        assert full_name(kid) in patient.text and "6 років" in patient.text and "до" in patient.text
        assert [event for event, _ in await last_events(own, 1)] == ["family.read"]

    async def test_nobody_then_said_and_what_to_do(self, patient: Browser):
        await patient.open("/family")
        assert "не записано, що Ви за когось відповідаєте" in patient.text and "будь-якого закладу" in patient.text

    async def test_somebody_else_s_child_then_not_found(self, patient: Browser, world: World):
        other = next(each for each in world.persons if str(each.id) != str(world.patient.person_id))
        assert (await patient.open(f"/family/{other.id}")).status_code == 404

    async def test_right_over_meanwhile_then_not_found(
        self, patient: Browser, kid: people.Person, db: Connection, work: Work
    ):
        await patient.open(f"/family/{kid.id}")
        over = work.today - timedelta(days=1)
        await db.execute("update confidant_person_relationships set active_to = $1 where person_id = $2", over, kid.id)
        fields = {"form_token": patient.hidden("form_token"), "signed_content": "QQ=="}
        assert (await patient.post(f"/family/{kid.id}", **fields)).status_code == 404


class TestActing:
    async def test_signed_then_the_pages_are_the_child_s_and_say_so(self, patient: Browser, kid: people.Person):
        await opens(patient, kid)
        assert patient.page.headers["location"] == "/", patient.text
        for path in ("/", "/person", "/prescriptions", "/declarations", "/record", "/readings", "/accesses", "/family"):
            answer = await patient.open(path)
            assert answer.status_code == 200 and f"Показано дані: {full_name(kid)}" in patient.text, path
        await patient.open("/person")
        assert kid.first_name in patient.text

    async def test_text_then_names_and_the_number_and_nothing_else(self, patient: Browser, kid: people.Person):
        await patient.open(f"/family/{kid.id}")
        assert (
            patient.to_be_signed
            == Ward(
                {
                    "id": str(kid.id),
                    "last_name": kid.last_name,
                    "first_name": kid.first_name,
                    "second_name": kid.second_name,
                    "tax_id": kid.tax_id,
                    "documents": [{"type": each.type, "number": each.number} for each in kid.documents],
                }
            ).to_be_signed()
        )

    async def test_signed_by_somebody_else_then_refused_in_words(
        self, patient: Browser, kid: people.Person, world: World
    ):
        await patient.open(f"/family/{kid.id}")
        fields = {"form_token": patient.hidden("form_token")}
        signed = world.doctor.sign(patient.to_be_signed)
        assert (await patient.post(f"/family/{kid.id}", signed_content=signed, **fields)).status_code == 422
        assert "Відкрити дані не вдалося" in patient.text
        await patient.open("/person")
        assert "Показано дані" not in patient.text

    async def test_read_then_the_log_tells_who_acted(self, patient: Browser, kid: people.Person, world: World):
        await opens(patient, kid)
        await patient.open("/person")
        await patient.open("/readings")
        assert "Діє від Вашого імені:" in patient.text

    async def test_every_act_then_the_audit_tells_parent_and_child(
        self, patient: Browser, kid: people.Person, own: Connection, world: World
    ):
        await opens(patient, kid)
        await patient.open("/readings")
        row = await own.fetchrow("select user_id, person_id, facts from audit_events order by id desc limit 1")
        assert row["person_id"] == kid.id and row["facts"]["applicant"] == str(world.patient.person_id)
        assert row["user_id"] == await own.fetchval("select id from patients where applicant_id is null")

    async def test_back_then_own_pages_again_without_signing(self, patient: Browser, kid: people.Person):
        await opens(patient, kid)
        await patient.open("/family")
        await patient.post("/family/back", form_token=patient.hidden("form_token"))
        await patient.open("/family")
        assert "Показано дані" not in patient.text and full_name(kid) in patient.text
        assert (await patient.post("/family/back")).status_code == 303

    async def test_relation_ends_meanwhile_then_signed_in_again_as_oneself(
        self, patient: Browser, kid: people.Person, db: Connection, work: Work
    ):
        await opens(patient, kid)
        over = work.today - timedelta(days=1)
        await db.execute("update confidant_person_relationships set active_to = $1 where person_id = $2", over, kid.id)
        assert (await patient.open("/person")).status_code == 303

    async def test_signed_out_then_nothing_of_either_stays(self, patient: Browser, kid: people.Person, own: Connection):
        await opens(patient, kid)
        await patient.open("/")
        await patient.post("/sign-out")
        assert await own.fetchval("select count(*) from patients") == 0
        assert (await patient.open("/")).headers["location"].startswith("/sign-in")

    async def test_leavers_while_acting_then_the_way_back_stays(
        self, patient: Browser, kid: people.Person, own: Connection, cabinet: Cabinet, clock: FixedClock
    ):
        await opens(patient, kid)
        await let_leavers_go(cabinet.services, clock.now())
        assert await own.fetchval("select count(*) from patients") == 2
        await patient.open("/family")
        await patient.post("/family/back", form_token=patient.hidden("form_token"))
        await let_leavers_go(cabinet.services, clock.now())
        assert await own.fetchval("select count(*) from patients where applicant_id is null") == 1
        assert await own.fetchval("select count(*) from patients") == 1

    async def test_answer_lost_then_done_at_the_next_try(self, patient: Browser, kid: people.Person, road: Road):
        await patient.open(f"/family/{kid.id}")
        road.losing.append("after /api/pis/confidant/sign-in")
        signed = patient.world.patient.sign(patient.to_be_signed)
        form = {"csrf": patient.csrf, "form_token": patient.hidden("form_token"), "signed_content": signed}
        assert (await patient.client.post(f"/family/{kid.id}", data=form)).status_code == 503
        await opens(patient, kid)
        assert patient.page.headers["location"] == "/"


class TestDoctor:
    async def test_chosen_for_the_child_and_signed_by_the_parent(
        self, patient: Browser, kid: people.Person, db: Connection, own_database: Database, world: World
    ):
        await opens(patient, kid)
        doctor = await db.fetchrow(
            "select e.id, e.division_id from employees e where e.employee_type = 'DOCTOR' and e.id = $1",
            world.doctor.employee_id,
        )
        await patient.open("/family")
        fields = {"employee_id": str(doctor["id"]), "division_id": str(doctor["division_id"])}
        await patient.post("/choice", **fields, form_token="0" * 32)
        assert patient.page.status_code == 303, patient.text
        address = patient.page.headers["location"]
        await patient.open(address)
        assert re.search(r"data-kep-content", patient.page.text), patient.text
        signed = world.patient.sign(patient.to_be_signed)
        await patient.post(address, signed_content=signed, form_token=patient.hidden("form_token"))
        assert patient.page.headers["location"].startswith("/declarations/"), patient.text
        assert await db.fetchval("select count(*) from declarations where person_id = $1", kid.id) == 1


class TestWard:
    """A youth has a cabinet of their own; birthdays are whole days."""

    @pytest.mark.parametrize(
        ("born", "age", "is_youth"),
        [("2012-11-22", 14, True), ("2012-11-23", 13, False), ("2008-11-22", 18, False), ("2008-11-23", 17, True)],
    )
    def test_age_at_the_birthday(self, born: str, age: int, is_youth: bool) -> None:
        ward = Ward({"id": "", "birth_date": born})
        today = ward.birth_date.replace(year=2026, month=11, day=22)
        assert (ward.age(today), ward.is_youth(today)) == (age, is_youth)

    def test_without_any_number_then_it_cannot_be_named(self) -> None:
        assert not Ward({"documents": []}).is_nameable and Ward({"tax_id": "1"}).is_nameable
