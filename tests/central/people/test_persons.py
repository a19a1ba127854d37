"""Persons as clinics see them: search, personal data, ways to authenticate, verification."""

import unicodedata
from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
import pytest

from esoz.central import people
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.country import KYIV
from tests.central.answers import answered, faults, refused
from tests.factories.people import PHONE, adult, child, make_adult
from tests.factories.world import Caller, World

NAMES = {"first_name": "Дем'ян", "last_name": "Їжакевич", "birth_date": "1991-08-19"}
TOO_MANY = "This API method returns only exact match results, please retry with more specific search result"


@pytest.fixture
async def person(work: Work) -> people.Person:
    return await make_adult(work)


class TestSearch:
    PATH = "/api/persons"

    async def test_by_name_and_birth_date_tells_no_more_than_tells_namesakes_apart(
        self, doctor: Caller, person: people.Person
    ) -> None:
        body = answered(await doctor.get(self.PATH, **NAMES))
        assert body["meta"]["type"] == "list"
        assert body["data"] == [
            {
                "id": str(person.id),
                "first_name": "Дем'ян",
                "last_name": "Їжакевич",
                "second_name": "Ґонтович",
                "birth_date": "1991-08-19",
                "gender": "MALE",
                "birth_settlement": "Вінниця",
                "birth_country": "Україна",
                "merged_persons": [],
            }
        ]

    async def test_fields_searched_by_are_echoed(self, doctor: Caller, person: people.Person) -> None:
        """PS-16: the caller learns nothing that they did not know."""
        query = {**NAMES, "tax_id": person.tax_id, "phone_number": PHONE.number}
        [found] = answered(await doctor.get(self.PATH, **query))["data"]
        assert (found["tax_id"], found["phones"]) == (person.tax_id, [msgspec.to_builtins(PHONE)])

    @pytest.mark.usefixtures("person")
    @pytest.mark.parametrize(
        "spelling",
        [
            {"first_name": "ДЕМ’ЯН"},
            {"first_name": "демʼян", "last_name": "їжакевич"},
            {"first_name": " Дем`ян "},
            {"second_name": "ґОНТОВИЧ"},
            {"birth_place": "ВІННИЦЯ"},
            {"birth_place": "Вінниця\u200b"},
            {"last_name": unicodedata.normalize("NFD", "Їжакевич")},
            {"last_name": "Їжaкeвич", "second_name": "Ґoнтoвич"},
        ],
    )
    async def test_letter_case_and_kind_of_apostrophe_make_no_difference(
        self, doctor: Caller, spelling: dict[str, str]
    ) -> None:
        assert len(answered(await doctor.get(self.PATH, **NAMES | spelling))["data"]) == 1

    @pytest.mark.usefixtures("person")
    @pytest.mark.parametrize(
        "other",
        [
            {"first_name": "Демид"},
            {"last_name": "Їжак"},
            {"birth_date": "1991-08-20"},
            {"second_name": "Гонтович"},
            {"tax_id": "3184710691"},
            {"phone_number": "+380670000000"},
            {"birth_place": "Київ"},
            {"birth_certificate": "АА000001"},
        ],
    )
    async def test_anything_that_differs_finds_nobody(self, doctor: Caller, other: dict[str, str]) -> None:
        assert answered(await doctor.get(self.PATH, **NAMES | other))["data"] == []

    async def test_child_is_found_by_birth_certificate_typed_with_latin_letters(
        self, doctor: Caller, work: Work, person: people.Person
    ) -> None:
        made = await people.create_person(work, child(work, person))
        query = {"first_name": "Марічка", "last_name": "Їжакевич", "birth_date": made.birth_date.isoformat()}
        [found] = answered(await doctor.get(self.PATH, **query, birth_certificate="1бK-000777"))["data"]
        assert found["id"] == str(made.id)

    async def test_more_than_one_page_is_too_many(self, doctor: Caller, work: Work) -> None:
        for number in (1, 2, 3):
            await make_adult(work, number)
        assert len(answered(await doctor.get(self.PATH, **NAMES, page_size=3))["data"]) == 3
        refused(await doctor.get(self.PATH, **NAMES, page_size=2), 403, "too_many_results", TOO_MANY)

    # PS-18
    async def test_inactive_is_not_found(self, doctor: Caller, person: people.Person, db: Connection) -> None:
        await db.execute("update persons set is_active = false, status = 'inactive' where id = $1", person.id)
        assert answered(await doctor.get(self.PATH, **NAMES))["data"] == []

    # PS-27
    async def test_merged_records_are_shown(self, doctor: Caller, person: people.Person, work: Work) -> None:
        await work.db.execute(
            "insert into merged_persons (person_id, id, merge_person_id, inserted_at, updated_at)"
            " values ($1, $2, $3, $4, $4)",
            person.id,
            UUID(int=1),
            UUID(int=2),
            work.now,
        )
        [found] = answered(await doctor.get(self.PATH, **NAMES))["data"]
        assert found["merged_persons"] == [
            {
                "id": str(UUID(int=1)),
                "person_id": str(person.id),
                "merge_person_id": str(UUID(int=2)),
                "inserted_at": "2026-11-22T10:00:00Z",
                "updated_at": "2026-11-22T10:00:00Z",
            }
        ]

    @pytest.mark.parametrize("missing", ["first_name", "last_name", "birth_date"])
    async def test_without_a_mandatory_field_is_refused(self, doctor: Caller, missing: str) -> None:
        query = {name: value for name, value in NAMES.items() if name != missing}
        found = faults(await doctor.get(self.PATH, **query))
        assert len(found) == 1
        assert missing in str(found)

    async def test_wrong_date_is_named(self, doctor: Caller) -> None:
        response = await doctor.get(self.PATH, **NAMES | {"birth_date": "19.08.1991"})
        assert [entry for entry, _ in faults(response)] == ["$.birth_date"]

    async def test_every_person_shown_gets_a_line_in_the_log(
        self, doctor: Caller, person: people.Person, db: Connection
    ) -> None:
        await doctor.get(self.PATH, **NAMES)
        rows = await db.fetch(
            "select event, user_id from audit_events where patient_id = $1 and user_id is not null", person.id
        )
        assert [(row["event"], row["user_id"]) for row in rows] == [("persons.searched", doctor.user_id)]

    async def test_without_token_is_denied(self, doctor: Caller) -> None:
        refused(await replace(doctor, token="").get(self.PATH, **NAMES), 401, "access_denied")

    async def test_without_scope_names_it(self, pharmacist: Caller) -> None:
        words = "Your scope does not allow to access this resource. Missing allowances: person:read"
        refused(await pharmacist.get(self.PATH, **NAMES), 403, "forbidden", words)


class TestPersonalData:
    @staticmethod
    def path(person_id: object) -> str:
        return f"/api/persons/{person_id}/personal_data"

    # AB-1
    async def test_of_own_patient_is_whole(self, doctor: Caller, patient: Caller, world: World) -> None:
        body = answered(await doctor.get(self.path(patient.person_id)))
        person = world.persons[0]
        [data] = body["data"]
        assert data == {
            "id": str(person.id),
            "first_name": person.first_name,
            "last_name": person.last_name,
            "second_name": person.second_name,
            "birth_date": person.birth_date.isoformat(),
            "birth_country": "Україна",
            "birth_settlement": "Київ",
            "gender": person.gender,
            "tax_id": patient.tax_id,
            "no_tax_id": False,
            "secret": "калинонька",
            "documents": msgspec.to_builtins(list(person.documents)),
            "addresses": [msgspec.to_builtins(build.address(KYIV, "Незалежності", "1"))],
            "phones": msgspec.to_builtins(list(person.phones)),
            "unzr": person.unzr,
            "emergency_contact": msgspec.json.decode(msgspec.json.encode(person.emergency_contact)),
            "verification_status": "VERIFICATION_NEEDED",
            "minfin_validation_status": "VERIFICATION_NEEDED",
            "confidant_person": [],
        }

    async def test_of_anothers_patient_is_forbidden(self, foreign_doctor: Caller, patient: Caller) -> None:
        refused(await foreign_doctor.get(self.path(patient.person_id)), 403, "forbidden", "Access denied")

    # AB-1
    async def test_of_a_person_without_declaration_is_forbidden(self, doctor: Caller, person: people.Person) -> None:
        refused(await doctor.get(self.path(person.id)), 403, "forbidden", "Access denied")

    async def test_of_nobody_looks_the_same(self, doctor: Caller) -> None:
        refused(await doctor.get(self.path(UUID(int=1))), 403, "forbidden", "Access denied")

    async def test_after_the_declaration_ended_is_forbidden(
        self, doctor: Caller, patient: Caller, db: Connection
    ) -> None:
        await db.execute("update declarations set status = 'terminated' where person_id = $1", patient.person_id)
        refused(await doctor.get(self.path(patient.person_id)), 403, "forbidden", "Access denied")

    async def test_without_scope_is_forbidden(self, registrar: Caller, patient: Caller) -> None:
        words = "Your scope does not allow to access this resource. Missing allowances: personal_data:read"
        refused(await registrar.get(self.path(patient.person_id)), 403, "forbidden", words)


class TestAuthenticationMethods:
    @staticmethod
    def path(person_id: object) -> str:
        return f"/api/persons/{person_id}/authentication_methods"

    async def test_phone_is_masked(self, doctor: Caller, person: people.Person) -> None:
        [method] = answered(await doctor.get(self.path(person.id)))["data"]
        assert (method["type"], method["phone_number"], method["is_active"]) == ("OTP", "+38067*****01", True)
        assert method["person_id"] == str(person.id)

    async def test_parent_behind_a_child_is_masked(self, doctor: Caller, person: people.Person, work: Work) -> None:
        made = await people.create_person(work, child(work, person))
        [method] = answered(await doctor.get(self.path(made.id)))["data"]
        assert (method["type"], method["value"], method["alias"]) == ("THIRD_PERSON", str(person.id), "тато")
        assert method["confidant_person"] == {
            "id": str(person.id),
            "name": "Їжакевич Д.Ґ.",
            "gender": "MALE",
            "tax_id": f"********{str(person.tax_id)[-2:]}",
            "no_tax_id": False,
            "documents_person": [{"type": "PASSPORT", "number": "******01"}],
            "phones": {"number": "+38067*****33"},
        }
        assert person.tax_id not in str(method)

    @pytest.mark.parametrize("status", ["inactive", None])
    async def test_of_nobody_or_an_inactive_person_is_forbidden(
        self, doctor: Caller, person: people.Person, db: Connection, status: str | None
    ) -> None:
        await db.execute("update persons set is_active = false where id = $1", person.id)
        path = self.path(person.id if status else UUID(int=1))
        refused(await doctor.get(path), 403, "forbidden", "Such person not found")


class TestVerification:
    async def test_tells_the_state_of_every_register(self, doctor: Caller, person: people.Person) -> None:
        data = answered(await doctor.get(f"/api/persons/{person.id}/verification"))["data"]
        needed = {"verification_status": "VERIFICATION_NEEDED", "verification_reason": "AUTO"}
        absent = {"verification_status": "VERIFICATION_NOT_NEEDED", "verification_reason": "AUTO_DATA_ABSENT"}
        assert data == {
            "verification_status": "VERIFICATION_NEEDED",
            "details": {
                "drfo": needed,
                "unzr": absent,
                "dracs_death": needed,
                "dracs_birth": absent,
                "mvs_passport": needed,
                "dms_passport": absent,
            },
        }

    async def test_of_nobody_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.get(f"/api/persons/{UUID(int=1)}/verification"), 404, "not_found")

    async def test_without_scope_is_forbidden(self, registrar: Caller, person: people.Person) -> None:
        refused(await registrar.get(f"/api/persons/{person.id}/verification"), 403, "forbidden")


async def test_front_door_when_asked_by_tax_id_then_the_active_person(work: Work) -> None:
    made = await make_adult(work)
    assert made.tax_id is not None
    found = await people.find_person_by_tax_id(work.db, made.tax_id)
    assert found is not None
    assert found.id == made.id
    assert await people.find_person_by_tax_id(work.db, "3184710691") is None


def test_builders_when_numbers_differ_then_tax_ids_differ() -> None:
    ids: set[Any] = {adult(number).tax_id for number in range(20)}
    assert len(ids) == 20
    assert all(people.tax_id_is_valid(each) for each in ids)


class TestMergedPersons:
    """One merge after the other ends in the same person."""

    async def test_then_the_whole_chain_by_pages(self, doctor: Caller, work: Work, db: Connection) -> None:
        last, middle, first = [await make_adult(work, number) for number in (1, 2, 3)]
        for number, (to, away) in enumerate(((last, middle), (middle, first))):
            await db.execute(
                "insert into merged_persons (person_id, id, merge_person_id, inserted_at, updated_at)"
                " values ($1, gen_random_uuid(), $2, now() + $3 * interval '1 s', now())",
                to.id,
                away.id,
                number,
            )
        path = f"/api/persons/{last.id}/merged_persons"
        found = answered(await doctor.get(path))
        pairs = [(each["master_person_id"], each["merge_person_id"]) for each in found["data"]]
        assert pairs == [(str(last.id), str(middle.id)), (str(middle.id), str(first.id))]
        assert {each["status"] for each in found["data"]} == {"MERGED"}
        page = answered(await doctor.get(path, page=2, page_size=1))
        assert (len(page["data"]), page["paging"]["total_entries"]) == (1, 2)
        assert answered(await doctor.get(path, status="DECLINED"))["data"] == []
        assert answered(await doctor.get(path, status="MERGED"))["paging"]["total_entries"] == 2
        count = "select count(*) from audit_events where event = 'person.merged_read' and patient_id = $1"
        assert await db.fetchval(count, last.id) == 4

    async def test_of_nobody_then_not_found(self, doctor: Caller) -> None:
        refused(
            await doctor.get(f"/api/persons/{UUID(int=7)}/merged_persons"), 404, "not_found", "Such person not found"
        )
