"""A patient looks for a doctor: where they live, around, by name; what of a doctor is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.cabinet.app import Cabinet
from esoz.cabinet.doctors import commands, store
from esoz.cabinet.doctors.model import Speciality, fitting, takes, week
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.sdk import CentralUnavailable
from tests.factories.world import Caller, World

from .conftest import Browser, Road, error, last_events

PATH = "/doctors"


@pytest.fixture
async def registers(cabinet: Cabinet, own: Connection) -> Cabinet:
    """The cabinet with the registers read once."""
    await commands.refresh(cabinet.services)
    return cabinet


async def name_of(db: Connection, doctor: Caller) -> str:
    row = await db.fetchrow(
        "select p.last_name, p.first_name from parties p join employees e on e.party_id = p.id where e.id = $1",
        doctor.employee_id,
    )
    return f"{row['last_name']} {row['first_name']}"


async def settle(own: Connection, doctor: Caller, **changes: Any) -> None:
    """Move the place of a doctor in the copy of the register."""
    for name, value in changes.items():
        await own.execute(f"update places set {name} = $2 where id = $1", doctor.division_id, value)


class TestSpeciality:
    # DC-5
    @pytest.mark.parametrize(
        ("speciality", "age", "is_taken"),
        [
            (Speciality.THERAPIST, 17, False),
            (Speciality.THERAPIST, 18, True),
            (Speciality.PEDIATRICIAN, 17, True),
            (Speciality.PEDIATRICIAN, 18, False),
            (Speciality.FAMILY_DOCTOR, 0, True),
            (Speciality.FAMILY_DOCTOR, 90, True),
        ],
    )
    def test_takes_by_age(self, speciality: Speciality, age: int, is_taken: bool) -> None:
        assert takes(speciality, age) is is_taken
        assert (speciality in fitting(age)) is is_taken


class TestWeek:
    def test_equal_days_together_and_days_off_said(self) -> None:
        day = [["08.00", "18.00"]]
        hours = {"mon": day, "tue": day, "wed": [["08.00", "12.00"], ["13.00", "18.00"]], "sat": []}
        assert [(each.first, each.last, list(each.times)) for each in week(hours)] == [
            ("mon", "tue", ["8:00–18:00"]),
            ("wed", "wed", ["8:00–12:00", "13:00–18:00"]),
            ("thu", "sun", []),
        ]

    def test_nothing_told_then_nothing(self) -> None:
        assert week({}) == [] and week({"mon": []}) == []


class TestRegisters:
    async def test_read_whole_then_by_changes_and_not_before_its_time(
        self, registers: Cabinet, road: Road, clock: FixedClock
    ) -> None:
        asked = [each for each in road.asked if each.url.path == "/api/pis/bulk/employees"]
        assert [each.url.params.get("depth") for each in asked] == [None]
        await commands.refresh(registers.services)
        assert road.count("/api/pis/bulk/employees") == 1
        clock.forward(timedelta(days=2))
        await commands.refresh(registers.services)
        assert road.asked[-2].url.params["depth"] == "3"
        assert road.asked[-1].url.path.endswith("declarations_limit") and "depth" not in road.asked[-1].url.params

    async def test_dismissed_then_gone_from_the_copy(
        self, registers: Cabinet, world: World, db: Connection, own: Connection, clock: FixedClock
    ) -> None:
        id = world.foreign_doctor.employee_id
        assert id is not None and await store.doctor(own, id) is not None
        clock.forward(timedelta(hours=1))
        await db.execute("update employees set status = 'DISMISSED', updated_at = $2 where id = $1", id, clock.now())
        await commands.refresh(registers.services)
        assert await store.doctor(own, id) is None

    async def test_central_away_then_tried_again_soon(
        self, registers: Cabinet, road: Road, clock: FixedClock, own: Connection
    ) -> None:
        clock.forward(timedelta(hours=1))
        road.is_cut = True
        with pytest.raises(CentralUnavailable):
            await commands.refresh(registers.services)
        road.is_cut, asked = False, len(road.asked)
        clock.forward(timedelta(minutes=2))
        await commands.refresh(registers.services)
        assert len(road.asked) == asked + 5 and await store.is_filled(own)

    async def test_only_doctors_with_declarations_are_kept(
        self, registers: Cabinet, world: World, own: Connection
    ) -> None:
        assert (
            world.specialist.employee_id is not None and await store.doctor(own, world.specialist.employee_id) is None
        )
        assert await own.fetchval("select count(*) from doctors where not acts") == 0


@pytest.mark.usefixtures("registers")
class TestSearch:
    async def test_opened_then_doctors_where_the_patient_lives(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        await patient.open(PATH)
        assert patient.page.status_code == 200
        assert await name_of(db, world.doctor) in patient.text
        assert await name_of(db, world.foreign_doctor) not in patient.text
        assert 'value="Київ"' in patient.page.text
        assert await last_events(own, 1) == [("doctors.searched", world.patient.person_id)]

    async def test_somebody_else_comes_in_by_the_same_browser_then_around_their_home(
        self, patient: Browser, world: World, own: Connection
    ) -> None:
        """Two tabs: the sign-in page of one was opened before the other came in."""
        await patient.open(PATH)
        assert 'value="Київ"' in patient.page.text
        await own.execute(
            "update sessions set data = jsonb_set(data, '{who_chooses,user}', to_jsonb($1::text))", str(UUID(int=1))
        )
        await own.execute("update sessions set data = jsonb_set(data, '{who_chooses,home}', '\"elsewhere\"')")
        await patient.open(PATH)
        assert 'value="Київ"' in patient.page.text

    async def test_pediatrician_then_not_shown_to_an_adult(self, patient: Browser, db: Connection) -> None:
        await patient.open(PATH, settlement_text="Київ", speciality="PEDIATRICIAN")
        assert "Педіатр" not in patient.text and "Сімейний лікар" in patient.text

    async def test_another_settlement_typed_over_the_earlier_one_then_the_typed_one(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        kyiv = await own.fetchval("select settlement_id from places where id = $1", world.doctor.division_id)
        await patient.open(PATH, settlement=kyiv, settlement_text="полтава")
        assert await name_of(db, world.foreign_doctor) in patient.text

    async def test_name_of_several_settlements_then_asked_which(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        for doctor, region in ((world.doctor, "Львівська"), (world.foreign_doctor, "Полтавська")):
            address = {"settlement": "Садове", "area": region, "region": "Перший", "settlement_id": region}
            key = f"{region.lower()} перший"
            await settle(own, doctor, address=address, settlement_id=region, settlement_key="садове", district_key=key)
        await patient.open(PATH, settlement_text="Садове")
        assert patient.page.status_code == 422 and "Оберіть потрібний" in patient.text
        assert "Садове, Перший, Полтавська" in patient.text
        await patient.open(PATH, settlement="Полтавська", settlement_text="Садове")
        assert await name_of(db, world.foreign_doctor) in patient.text
        assert await name_of(db, world.doctor) not in patient.text

    @pytest.mark.parametrize(("typed", "words"), [("Атлантида", "лікарі не приймають"), ("я", "дві літери")])
    async def test_settlement_that_is_not_there_then_said_beside_it(
        self, patient: Browser, typed: str, words: str
    ) -> None:
        await patient.open(PATH, settlement_text=typed, words="Коваль")
        assert patient.page.status_code == 422 and words in patient.text
        assert f'value="{typed}"' in patient.page.text and 'value="Коваль"' in patient.page.text

    async def test_name_alone_then_in_the_whole_country(self, patient: Browser, world: World, db: Connection) -> None:
        name = await name_of(db, world.foreign_doctor)
        await patient.open(PATH, settlement_text="", words=name.upper())
        assert name in patient.text and "Знайдено 1 лікаря" in patient.text
        await patient.open(PATH, settlement_text="", words="полісся")
        assert name in patient.text
        await patient.open(PATH, settlement_text="", words="%")
        assert "Лікарів не знайдено" in patient.text

    async def test_nothing_asked_then_no_list_of_a_country(self, patient: Browser) -> None:
        await patient.open(PATH, settlement_text="", words="")
        assert "Знайдено" not in patient.text and "Введіть населений пункт або прізвище" in patient.text

    async def test_around_then_the_nearest_first_with_kilometres(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        await settle(own, world.doctor, latitude=50.45, longitude=30.52)
        await settle(own, world.foreign_doctor, latitude=50.45, longitude=30.66)
        kyiv = await own.fetchval("select settlement_id from places where id = $1", world.doctor.division_id)
        await patient.open(PATH, settlement=kyiv, around="10")
        near, far = await name_of(db, world.doctor), await name_of(db, world.foreign_doctor)
        assert patient.text.index(near) < patient.text.index(far)
        assert "10 км від центру" in patient.text
        await settle(own, world.foreign_doctor, longitude=30.67)
        await patient.open(PATH, settlement=kyiv, around="10")
        assert far not in patient.text
        await patient.open(PATH, settlement=kyiv, around="30")
        assert far in patient.text

    async def test_no_coordinates_then_said_and_those_of_the_place_shown(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        await own.execute("update places set latitude = null, longitude = null")
        await patient.open(PATH, settlement_text="Київ", around="30")
        assert "не вказав свого місця на карті" in patient.text
        assert await name_of(db, world.doctor) in patient.text

    async def test_district_then_all_of_it(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        key = await own.fetchval("select district_key from places where id = $1", world.doctor.division_id)
        await settle(own, world.foreign_doctor, district_key=key)
        await patient.open(PATH, settlement_text="Київ", around="district")
        assert await name_of(db, world.foreign_doctor) in patient.text

    # DC-17
    async def test_full_then_last_and_said_or_left_out(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        full, free = await name_of(db, world.doctor), await name_of(db, world.foreign_doctor)
        party = await own.fetchval("select practitioner_id from doctors where id = $1", world.doctor.employee_id)
        await own.execute("update loads set taken = most where practitioner_id = $1", party)
        await patient.open(PATH, settlement_text="", words="лікар")
        await own.execute("update places set settlement_id = 'x', settlement_key = 'усюди'")
        await patient.open(PATH, settlement="x")
        assert patient.text.index(free) < patient.text.index(full)
        assert "Місць немає" in patient.text and "Є місця" in patient.text
        await patient.open(PATH, settlement="x", free="yes")
        assert full not in patient.text and free in patient.text

    async def test_more_than_a_page_of_where_the_patient_lives_then_the_next_page_is_of_there_too(
        self, patient: Browser, world: World, own: Connection
    ) -> None:
        kyiv = world.doctor.division_id
        await own.execute(
            "insert into doctors select gen_random_uuid(), practitioner_id, clinic_id, $1, speciality, position, true"
            " from doctors, generate_series(1, 10) where place_id = $1 and speciality = 'FAMILY_DOCTOR'",
            kyiv,
        )
        await patient.open(PATH, page="2")
        assert "Знайдено 11 лікарів" in patient.text and 'value="Київ"' in patient.page.text
        assert patient.page.text.count('href="/doctors/') == 1

    async def test_before_the_registers_came_then_not_said_that_there_is_nobody(
        self, patient: Browser, own: Connection
    ) -> None:
        await own.execute("update registers set read_at = null where name = 'doctors'")
        await patient.open(PATH)
        assert "ще завантажується" in patient.text and "не знайдено" not in patient.text

    async def test_picker_then_settlements_that_begin_so(self, patient: Browser) -> None:
        answer = await patient.client.get(f"{PATH}/settlements", params={"q": "полт"})
        assert [each["text"] for each in answer.json()] == ["Полтава, Полтавський, Полтавська"]
        assert (await patient.client.get(f"{PATH}/settlements", params={"q": "%"})).json() == []

    async def test_person_then_asked_of_central_once_in_a_session(self, patient: Browser, road: Road) -> None:
        before = road.count("/api/pis/person")
        for _ in range(3):
            await patient.open(PATH)
        assert road.count("/api/pis/person") == before + 1


@pytest.mark.usefixtures("registers")
class TestDoctor:
    async def test_then_all_that_helps_to_choose(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        await patient.open(f"{PATH}/{world.foreign_doctor.employee_id}")
        assert await name_of(db, world.foreign_doctor) in patient.text
        assert "Понеділок – п’ятниця: 8:00–18:00" in patient.text and "Субота – неділя: не приймає" in patient.text
        assert "1800" in patient.text and "Полтава" in patient.text
        assert await last_events(own, 1) == [("doctor.read", world.patient.person_id)]

    async def test_taken_meanwhile_then_central_says_it(self, patient: Browser, world: World, db: Connection) -> None:
        await db.execute("update parties set declaration_count = 1800")
        await patient.open(f"{PATH}/{world.foreign_doctor.employee_id}")
        assert "Місць немає" in patient.text and "Оберіть іншого" in patient.text

    @pytest.mark.parametrize("id", [uuid4(), "5"])
    async def test_nobody_then_not_found(self, patient: Browser, id: UUID | str) -> None:
        await patient.open(f"{PATH}/{id}")
        assert patient.page.status_code == 404

    async def test_left_since_the_copy_then_not_found(self, patient: Browser, world: World, road: Road) -> None:
        id = world.foreign_doctor.employee_id
        road.answers[f"GET /api/stats/employees/{id}"] = error(404, "not_found", "Not found")
        await patient.open(f"{PATH}/{id}")
        assert patient.page.status_code == 404

    async def test_central_silent_about_them_then_the_copy_is_shown(
        self, patient: Browser, world: World, db: Connection, road: Road
    ) -> None:
        await patient.open(PATH)
        id = world.foreign_doctor.employee_id
        road.answers[f"GET /api/stats/employees/{id}"] = error(500, "internal_error", "away")
        await patient.open(f"{PATH}/{id}")
        assert patient.page.status_code == 200 and await name_of(db, world.foreign_doctor) in patient.text

    async def test_pediatrician_to_an_adult_then_said(self, patient: Browser, own: Connection, db: Connection) -> None:
        id = await own.fetchval("select id from doctors where speciality = 'PEDIATRICIAN'")
        await patient.open(f"{PATH}/{id}")
        assert "не веде людей Вашого віку" in patient.text
