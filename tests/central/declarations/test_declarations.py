"""Declarations as clinics and patients see them."""

from dataclasses import replace
from uuid import UUID

import pytest

from esoz.central import declarations
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.people import choice, make_adult
from tests.factories.world import Caller, World


@pytest.fixture
async def declaration(work: Work, patient: Caller) -> declarations.Declaration:
    """The patient's declaration with the doctor, made with the world."""
    assert patient.person_id is not None
    found = await declarations.live_declaration(work.db, patient.person_id)
    assert found is not None
    return found


class TestDeclarations:
    PATH = "/api/declarations"

    # DC-27
    async def test_clinic_sees_its_own_whole(
        self, doctor: Caller, world: World, declaration: declarations.Declaration
    ) -> None:
        body = answered(await doctor.get(self.PATH))
        person = world.persons[0]
        assert body["data"] == [
            {
                "id": str(declaration.id),
                "declaration_number": declaration.declaration_number,
                "start_date": "2026-11-22",
                "end_date": "2126-11-22",
                "status": "active",
                "employee": {"id": str(doctor.employee_id), "position": "P7", "employee_type": "doctor"},
                "division": {"id": str(doctor.division_id), "name": "Амбулаторія № 1"},
                "legal_entity": {
                    "id": str(doctor.client_id),
                    "name": "КНП «Центр первинної допомоги «Калина»",
                    "edrpou": "40000013",
                    "short_name": "ЦПМСД «Калина»",
                },
                "person": {
                    "id": str(person.id),
                    "first_name": person.first_name,
                    "last_name": person.last_name,
                    "second_name": person.second_name,
                    "birth_date": person.birth_date.isoformat(),
                    "verification_status": "VERIFICATION_NEEDED",
                },
                "declaration_request_id": str(declaration.declaration_request_id),
                "inserted_at": "2026-11-22T10:00:00Z",
                "updated_at": "2026-11-22T10:00:00Z",
            }
        ]
        assert body["paging"]["total_entries"] == 1

    async def test_by_every_filter(self, doctor: Caller, declaration: declarations.Declaration) -> None:
        async def count(**query: object) -> int:
            return len(answered(await doctor.get(self.PATH, **query))["data"])

        assert await count(status="active", employee_id=doctor.employee_id, legal_entity_id=doctor.client_id) == 1
        assert await count(declaration_number=declaration.declaration_number) == 1
        assert await count(declaration_number="0001-0000-0000") == 0
        assert await count(status="terminated") == 0
        assert await count(reason="offline") == 0
        assert await count(employee_id=UUID(int=1)) == 0

    # DC-27
    async def test_another_clinic_sees_none_of_them(self, foreign_doctor: Caller, doctor: Caller) -> None:
        assert answered(await foreign_doctor.get(self.PATH))["data"] == []
        assert answered(await foreign_doctor.get(self.PATH, legal_entity_id=doctor.client_id))["data"] == []

    async def test_every_patient_shown_gets_a_line_in_the_log(
        self, doctor: Caller, patient: Caller, db: Connection
    ) -> None:
        await doctor.get(self.PATH)
        rows = await db.fetch(
            "select event from audit_events where patient_id = $1 and user_id = $2", patient.person_id, doctor.user_id
        )
        assert [row["event"] for row in rows] == ["declaration.read"]

    async def test_wrong_filter_is_named(self, doctor: Caller) -> None:
        assert [entry for entry, _ in faults(await doctor.get(self.PATH, employee_id="me"))] == ["$.employee_id"]

    async def test_without_scope_names_it(self, pharmacist: Caller) -> None:
        words = "Your scope does not allow to access this resource. Missing allowances: declaration:read"
        refused(await pharmacist.get(self.PATH), 403, "forbidden", words)

    async def test_without_token_is_denied(self, doctor: Caller) -> None:
        refused(await replace(doctor, token="").get(self.PATH), 401, "access_denied")


# AB-1
class TestDeclaration:
    @staticmethod
    def path(id: object) -> str:
        return f"/api/declarations/{id}"

    async def test_own_is_whole_with_everyone_and_the_masked_phone(
        self, doctor: Caller, patient: Caller, world: World, declaration: declarations.Declaration
    ) -> None:
        body = answered(await doctor.get(self.path(declaration.id)))
        data = body["data"]
        assert data["declaration_number"] == declaration.declaration_number
        assert (data["scope"], data["signed_at"]) == ("family_doctor", "2026-11-22T10:00:00Z")
        assert (data["person"]["id"], data["person"]["tax_id"]) == (str(patient.person_id), patient.tax_id)
        assert data["employee"]["id"] == str(doctor.employee_id)
        assert data["employee"]["doctor"]["specialities"][0]["speciality"] == "FAMILY_DOCTOR"
        assert (data["division"]["id"], data["legal_entity"]["id"]) == (str(doctor.division_id), str(doctor.client_id))
        phone = world.persons[0].phones[0].number
        assert body["urgent"] == {
            "authentication_method_current": {"type": "OTP", "number": f"{phone[:6]}*****{phone[-2:]}"}
        }
        assert "content" not in data

    async def test_of_another_clinic_is_not_found(
        self, foreign_doctor: Caller, declaration: declarations.Declaration
    ) -> None:
        refused(await foreign_doctor.get(self.path(declaration.id)), 404, "not_found")

    async def test_unknown_is_not_found(self, doctor: Caller) -> None:
        refused(await doctor.get(self.path(UUID(int=1))), 404, "not_found")


class TestDeclarationOfPerson:
    @staticmethod
    def path(person_id: object) -> str:
        return f"/api/persons/{person_id}/declaration"

    async def test_with_us_is_shown(
        self, doctor: Caller, patient: Caller, declaration: declarations.Declaration
    ) -> None:
        body = answered(await doctor.get(self.path(patient.person_id)))
        assert [each["id"] for each in body["data"]] == [str(declaration.id)]

    async def test_with_another_clinic_is_forbidden(self, foreign_doctor: Caller, patient: Caller) -> None:
        response = await foreign_doctor.get(self.path(patient.person_id))
        refused(response, 403, "forbidden", "Active declaration belongs to another msp")

    async def test_of_a_person_without_one_is_not_found(self, doctor: Caller, work: Work) -> None:
        made = await make_adult(work)
        words = "Not found active declaration with person for this legal entity!"
        refused(await doctor.get(self.path(made.id)), 404, "not_found", words)

    async def test_waiting_for_verification_is_not_found(self, doctor: Caller, patient: Caller, db: Connection) -> None:
        await db.execute("update declarations set status = 'pending_verification'")
        refused(await doctor.get(self.path(patient.person_id)), 404, "not_found")


class TestOwnDeclarations:
    PATH = "/api/pis/declarations"

    async def test_patient_sees_all_of_them_with_the_doctor_and_the_place(
        self, patient: Caller, doctor: Caller, declaration: declarations.Declaration
    ) -> None:
        [found] = answered(await patient.get(self.PATH))["data"]
        assert found == {
            "id": str(declaration.id),
            "declaration_number": declaration.declaration_number,
            "start_date": "2026-11-22",
            "end_date": "2126-11-22",
            "status": "active",
            "person": {"id": str(patient.person_id)},
            "employee": {
                "id": str(doctor.employee_id),
                "position": "P7",
                "speciality": "FAMILY_DOCTOR",
                "party": found["employee"]["party"],
            },
            "division": {
                "id": str(doctor.division_id),
                "name": "Амбулаторія № 1",
                "addresses": found["division"]["addresses"],
            },
            "legal_entity": {
                "id": str(doctor.client_id),
                "name": "КНП «Центр первинної допомоги «Калина»",
                "short_name": "ЦПМСД «Калина»",
            },
            "inserted_at": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:00:00Z",
        }
        assert found["employee"]["party"]["last_name"] == "Юрченко"
        assert found["division"]["addresses"][0]["street"] == "Садова"

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"status": "active"}, 1),
            ({"status": "closed"}, 0),
            ({"start_date_from": "2026-11-22", "start_date_to": "2026-11-22"}, 1),
            ({"start_date_from": "2026-11-23"}, 0),
            ({"start_date_to": "2026-11-21"}, 0),
            ({"end_date_from": "2126-11-22", "end_date_to": "2126-11-22"}, 1),
            ({"end_date_from": "2126-11-23"}, 0),
        ],
    )
    async def test_by_every_filter(self, patient: Caller, query: dict[str, str], count: int) -> None:
        assert len(answered(await patient.get(self.PATH, **query))["data"]) == count

    # CB-6
    async def test_of_other_people_are_not_shown(self, patient: Caller, doctor: Caller, work: Work) -> None:
        other = await make_adult(work)
        await declarations.declare(work, choice(other.id, doctor))
        assert len(answered(await patient.get(self.PATH))["data"]) == 1

    async def test_by_a_doctor_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(self.PATH), 403, "forbidden")


class TestOwnDeclaration:
    async def test_has_the_text_that_was_signed(self, patient: Caller, declaration: declarations.Declaration) -> None:
        body = answered(await patient.get(f"/api/pis/declarations/{declaration.id}"))
        assert body["data"]["content"] == "Декларація навчальної країни"
        assert body["urgent"] == {"links": []}

    async def test_names_doctor_clinic_and_place(self, patient: Caller, declaration: declarations.Declaration) -> None:
        data = answered(await patient.get(f"/api/pis/declarations/{declaration.id}"))["data"]
        assert (data["employee"]["party"]["last_name"], data["employee"]["speciality"]) == ("Юрченко", "FAMILY_DOCTOR")
        assert data["legal_entity"]["short_name"] == "ЦПМСД «Калина»"
        assert data["division"]["addresses"][0]["settlement"] == "Київ"
        assert data["division"]["phones"] == [{"type": "MOBILE", "number": "+380501112233"}]

    # CB-6
    async def test_of_another_person_is_not_found(self, patient: Caller, doctor: Caller, work: Work) -> None:
        other = await make_adult(work)
        made = await declarations.declare(work, choice(other.id, doctor))
        refused(await patient.get(f"/api/pis/declarations/{made.id}"), 404, "not_found")
