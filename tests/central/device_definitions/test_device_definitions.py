"""The register of device definitions: from a file, listed in both versions, named by equipment."""

import json
from typing import Any
from uuid import UUID

import pytest

from esoz.central import app, device_definitions
from esoz.central.device_definitions import read_device_definitions
from esoz.central.dictionaries import ImportCounts
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.world import Caller

PATH, OLD = "/api/v2/device_definitions", "/api/device_definitions"
STRIPS, METER, OTHER = (str(UUID(int=number)) for number in (11, 12, 13))
PROGRAMME = str(UUID(int=77))


def definition(id: str = STRIPS, name: str = "Тест-смужки", **changes: Any) -> dict[str, Any]:
    told = {
        "id": id,
        "device_names": [{"name": name, "type": "user_friendly"}],
        "packaging": {"packaging_type": "undefined", "packaging_count": 50, "packaging_unit": "pcs"},
        "classification_types": [{"system": "device_definition_classification_type", "code": "30221"}],
        "model_number": "M23N76",
        "manufacturer": {"name": "Завод", "country": "UA"},
        "properties": [{"type": {"system": "device_properties", "code": "default"}, "value_integer": 10}],
    }
    return {key: value for key, value in (told | changes).items() if value is not None}


async def take(work: Work, *definitions: dict[str, Any]) -> ImportCounts:
    return await device_definitions.import_device_definitions(
        work, read_device_definitions(json.dumps(definitions).encode())
    )


@pytest.fixture
async def _register(work: Work) -> None:
    programme = {"id": str(UUID(int=5)), "medical_program_id": PROGRAMME, "max_daily_count": 200}
    await take(
        work,
        definition(program_devices=[programme]),
        definition(METER, "Ґлюкометр", model_number="G-1", properties=None, parent_id=STRIPS),
        definition(OTHER, "Глюкометр 100%", classification_types=[{"system": "nk_024", "code": "1"}]),
    )


class TestImport:
    async def test_twice_then_the_second_changes_nothing_and_what_is_missing_goes_out_of_use(self, work: Work) -> None:
        assert await take(work, definition(), definition(METER)) == ImportCounts(2, 0, 0)
        assert await take(work, definition(), definition(METER)) == ImportCounts(0, 0, 0)
        assert await take(work, definition(name="Нові")) == ImportCounts(0, 1, 1)
        assert await take(work, definition(name="Нові"), definition(METER)) == ImportCounts(0, 1, 0)

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"device_names": []}, "no device_names"),
            ({"classification_types": []}, "no classification_types"),
            ({"parent_id": OTHER}, "parent_id is not in the file"),
            ({"device_names": [{"name": "а", "type": "nonsense"}]}, "type of device_names"),
            ({"properties": [{"type": {"system": "a", "code": "b"}}]}, "exactly one value"),
            ({"nonsense": 1}, "unknown field"),
            ({"packaging": None}, "missing required field"),
        ],
    )
    async def test_fault_of_a_file_then_named_and_nothing_is_written(
        self, work: Work, changes: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(ValueError, match=words):
            await take(work, definition(METER), definition(**changes))
        assert await work.db.fetchval("select count(*) from device_definitions") == 0

    async def test_same_id_twice_then_refused(self, work: Work) -> None:
        with pytest.raises(ValueError, match="told twice"):
            await take(work, definition(), definition())


@pytest.mark.usefixtures("_register")
class TestList:
    async def test_active_ones_in_the_order_of_the_alphabet(self, doctor: Caller) -> None:
        data = answered(await doctor.get(PATH))["data"]
        assert [each["device_names"][0]["name"] for each in data] == ["Глюкометр 100%", "Ґлюкометр", "Тест-смужки"]
        assert "program_devices" not in data[2]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"name": "глюк"}, [OTHER]),
            ({"name": "%"}, [OTHER]),
            ({"name": "_"}, []),
            ({"name": "ґлюк", "name_type": "user_friendly"}, [METER]),
            ({"name_type": "registered"}, []),
            ({"model_number": "G-1"}, [METER]),
            ({"classification_type_code": "1"}, [OTHER]),
            ({"classification_type_system": "device_definition_classification_type"}, [METER, STRIPS]),
            ({"medical_program_id": PROGRAMME}, [STRIPS]),
            ({"medical_program_id": STRIPS}, []),
            ({"is_active": "false"}, []),
        ],
    )
    async def test_each_filter(self, doctor: Caller, query: dict[str, str], found: list[str]) -> None:
        assert [each["id"] for each in answered(await doctor.get(PATH, **query))["data"]] == found

    async def test_programme_asked_for_then_its_terms_are_told(self, doctor: Caller) -> None:
        data = answered(await doctor.get(PATH, medical_program_id=PROGRAMME))["data"]
        assert data[0]["program_devices"] == [{"id": str(UUID(int=5)), "max_daily_count": 200}]

    async def test_old_version_then_only_its_system_and_a_plain_code(self, doctor: Caller) -> None:
        data = answered(await doctor.get(OLD, classification_type="30221"))["data"]
        assert [each["id"] for each in data] == [METER, STRIPS]
        assert (data[1]["classification_type"], data[1]["properties"]) == (
            "30221",
            [{"type": "default", "value_integer": 10}],
        )
        assert "classification_types" not in data[1]

    async def test_scope_is_missing_then_forbidden(self, registrar: Caller) -> None:
        refused(await registrar.get(PATH), 403, "forbidden")


@pytest.mark.usefixtures("_register")
class TestDetails:
    async def test_whole_answer(self, doctor: Caller) -> None:
        nobody = str(UUID(int=0))
        assert answered(await doctor.get(f"{PATH}/{STRIPS}"))["data"] == definition() | {
            "is_active": True,
            "inserted_at": "2026-11-22T10:00:00Z",
            "inserted_by": nobody,
            "updated_at": "2026-11-22T10:00:00Z",
            "updated_by": nobody,
        }

    async def test_old_version_of_another_system_or_unknown_then_not_found(self, doctor: Caller) -> None:
        assert answered(await doctor.get(f"{OLD}/{STRIPS}"))["data"]["classification_type"] == "30221"
        refused(await doctor.get(f"{OLD}/{OTHER}"), 404, "not_found")
        refused(await doctor.get(f"{PATH}/{PROGRAMME}"), 404, "not_found")


@pytest.mark.usefixtures("_register")
class TestEquipment:
    def body(self, doctor: Caller, id: str) -> dict[str, Any]:
        return {
            "recorder": str(doctor.employee_id),
            "type": "7",
            "status": "active",
            "availability_status": "available",
            "names": [{"name": "Глюкометр", "type": "user_friendly"}],
            "device_definition_id": id,
        }

    async def test_of_a_known_device_then_bound_and_found_by_it(self, doctor: Caller) -> None:
        made = answered(await doctor.post("/api/equipment", self.body(doctor, METER)), 201)["data"]
        assert made["device_definition_id"] == METER
        data = answered(await doctor.get("/api/equipment", device_definition_id=METER))["data"]
        assert [each["id"] for each in data] == [made["id"]]
        assert answered(await doctor.get("/api/equipment", device_definition_id=STRIPS))["data"] == []

    async def test_unknown_or_out_of_use_then_refused(self, doctor: Caller, work: Work) -> None:
        field = "$.device_definition_id"
        assert faults(await doctor.post("/api/equipment", self.body(doctor, PROGRAMME))) == [
            (field, "Device definition with such ID is not found")
        ]
        await take(work, definition())
        assert faults(await doctor.post("/api/equipment", self.body(doctor, METER))) == [
            (field, "Device definition is not active")
        ]


@pytest.mark.usefixtures("_register")
async def test_records_may_name_a_device_that_is_in_use(work: Work) -> None:
    await take(work, definition())
    kinds = [("device_definition", UUID(each)) for each in (STRIPS, METER, PROGRAMME)]
    found = await app.REFERENCES.resolve(work.db, UUID(int=1), kinds)
    assert {id: referent.refusal for (_, id), referent in found.items()} == {
        UUID(STRIPS): None,
        UUID(METER): "Device definition is not active",
    }
