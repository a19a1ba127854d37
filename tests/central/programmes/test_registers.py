"""Programmes and drugs through the API."""

from uuid import uuid4

from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.db import Connection
from tests.factories.prescriptions import AMOXICILLIN
from tests.factories.world import Caller


class TestProgrammes:
    async def test_of_antibiotics_then_its_settings_are_shown(self, stocked: None, doctor: Caller) -> None:
        answer = await doctor.get(f"/api/medical_programs/{ANTIBIOTICS_PROGRAMME}")
        assert answer.status_code == 200
        programme = answer.json()["data"]
        settings = programme.pop("medical_program_settings")
        assert programme == {
            "id": str(ANTIBIOTICS_PROGRAMME),
            "name": "Антибактеріальні лікарські засоби",
            "type": "MEDICATION",
            "funding_source": "PATIENT",
            "mr_blank_type": "F-1",
            "is_active": True,
            "medication_request_allowed": True,
            "medication_dispense_allowed": True,
            "inserted_at": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:00:00Z",
        }
        assert settings["employee_types_to_create_medication_request"] == ["DOCTOR", "SPECIALIST"]
        assert settings["medication_dispense_period_day"] == 30
        assert settings["multi_medication_dispense_allowed"] and settings["skip_contract_provision_verify"]
        assert not settings["skip_dispense_division_dls_verify"]

    async def test_list_then_only_active_ones_by_the_filters(
        self, stocked: None, doctor: Caller, db: Connection
    ) -> None:
        async def found(**query: object) -> int:
            return (await doctor.get("/api/medical_programs", **query)).json()["paging"]["total_entries"]

        assert await found(mr_blank_type="F-1", type="MEDICATION", name="антибакт") == 1
        assert await found(mr_blank_type="F-3") == 0
        await db.execute("update medical_programs set is_active = false")
        assert (await found(), await found(is_active="false")) == (0, 1)

    async def test_unknown_then_not_found(self, doctor: Caller) -> None:
        assert (await doctor.get(f"/api/medical_programs/{uuid4()}")).status_code == 404

    async def test_without_scope_then_403_and_without_token_401(self, patient: Caller, doctor: Caller) -> None:
        assert (await patient.get("/api/medical_programs")).status_code == 403
        assert doctor.client is not None
        assert (await doctor.client.get("/api/medical_programs")).status_code == 401


# DR-5
class TestDrugs:
    async def test_by_substance_form_and_dose_then_one_dosage_with_packages(
        self, stocked: None, doctor: Caller
    ) -> None:
        query = {"innm_name": "amoxi", "innm_dosage_form": "CAPSULE", "innm_dosage_name": "500"}
        answer = await doctor.get("/api/v3/drugs", **query)
        [drug] = answer.json()["data"]
        packages = drug.pop("packages")
        assert {name: drug[name] for name in drug if name != "id"} == {
            "name": AMOXICILLIN,
            "mr_blank_type": "F-1",
            "dosage_form_is_dosed": True,
            "form": "CAPSULE",
            "daily_dosage": 0,
            "program_medications": [],
            "ingredients": [
                {
                    "id": drug["ingredients"][0]["id"],
                    "name": "амоксицилін",
                    "name_original": "amoxicillin",
                    "is_primary": True,
                    "dosage": {
                        "numerator_unit": "MG",
                        "numerator_value": 500,
                        "denumerator_unit": "PILL",
                        "denumerator_value": 1,
                    },
                }
            ],
        }
        assert {(each["package_qty"], each["package_min_qty"]) for each in packages} >= {(10, 10), (16, 8)}
        assert all(each["program_medications"] for each in packages)

    async def test_by_group_then_a_shorter_code_finds_it(self, stocked: None, doctor: Caller) -> None:
        async def names(**query: object) -> set[str]:
            found = (await doctor.get("/api/v2/drugs", page_size=300, **query)).json()["data"]
            return {drug["ingredients"][0]["name"] for drug in found}

        assert await names(medication_code_atc="J01") == {"амоксицилін", "азитроміцин"}
        assert await names(medication_code_atc="J01CA04") == {"амоксицилін"}
        assert await names(medical_program_id=uuid4()) == set()
        assert await names(innm_name="азит", medication_request_allowed="true") == {"азитроміцин"}

    async def test_v2_of_a_dosage_without_packages_then_only_v3_shows_it(
        self, stocked: None, doctor: Caller, db: Connection
    ) -> None:
        await db.execute(
            "update program_medications set medication_id = null where id ="
            " (select p.id from program_medications p join innm_dosages d on d.id = p.innm_dosage_id"
            "  where d.name = $1 limit 1)",
            AMOXICILLIN,
        )
        await db.execute("update medications set is_active = false")
        assert (await doctor.get("/api/v2/drugs")).json()["data"] == []
        [drug] = (await doctor.get("/api/v3/drugs")).json()["data"]
        assert (drug["name"], drug["packages"], len(drug["program_medications"])) == (AMOXICILLIN, [], 1)

    async def test_in_pages_then_ukrainian_order(self, stocked: None, doctor: Caller) -> None:
        answer = (await doctor.get("/api/v3/drugs", page_size=2, page=1)).json()
        assert answer["paging"]["total_entries"] > 2
        assert all(drug["name"].startswith("азитроміцин") for drug in answer["data"])

    async def test_with_unknown_filter_then_422(self, doctor: Caller) -> None:
        answer = await doctor.get("/api/v3/drugs", colour="red")
        assert (answer.status_code, answer.json()["error"]["invalid"][0]["entry"]) == (422, "$.colour")
