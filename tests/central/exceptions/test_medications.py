"""Packages for who hands over without an electronic prescription: found by any of their names."""

from uuid import UUID

import pytest

from esoz.kernel.db import Connection
from tests.central.answers import answered
from tests.factories.world import Caller

PATH = "/api/pharmacy/medications"


@pytest.mark.usefixtures("stocked")
class TestMedications:
    async def test_by_name_then_with_what_is_needed_to_count(self, pharmacist: Caller) -> None:
        body = answered(await pharmacist.get(PATH, name="амоксицилін 500", code_atc="J01", page_size=5))
        assert body["paging"]["total_entries"] > 0
        [first, *_] = body["data"]
        assert {"id", "name", "manufacturer", "innm_dosage_id", "package_qty", "package_min_qty"} <= first.keys()
        assert "амоксицилін 500" in first["dosage_name"] and first["mr_blank_type"] == "F-1"

    async def test_filters_then_what_they_name(self, pharmacist: Caller, db: Connection) -> None:
        [one] = answered(await pharmacist.get(PATH, name="азитроміцин", page_size=1))["data"]
        for query, count in (
            ({"id": one["id"]}, 1),
            ({"id": one["id"], "code_atc": "N02"}, 0),
            ({"name": "%"}, 0),
            ({"name": "щось зовсім інше"}, 0),
        ):
            assert answered(await pharmacist.get(PATH, **query))["paging"]["total_entries"] == count, query
        of_dosage = answered(await pharmacist.get(PATH, innm_dosage_id=one["innm_dosage_id"]))["data"]
        assert {each["innm_dosage_id"] for each in of_dosage} == {one["innm_dosage_id"]}
        await db.execute("update medications set is_active = false where id = $1::uuid", one["id"])
        assert answered(await pharmacist.get(PATH, id=one["id"]))["data"] == []

    async def test_several_ids_then_those_and_no_other(self, pharmacist: Caller) -> None:
        rows = answered(await pharmacist.get(PATH, name="амоксицилін", page_size=3))["data"]
        ids = {each["id"] for each in rows}
        found = answered(await pharmacist.get(PATH, ids=", ".join(sorted(ids))))["data"]
        assert {each["id"] for each in found} == ids and len(ids) > 1
        dosages = {each["innm_dosage_id"] for each in rows}
        found = answered(await pharmacist.get(PATH, innm_dosage_ids=",".join(dosages)))["data"]
        assert {each["innm_dosage_id"] for each in found} == dosages and ids <= {each["id"] for each in found}

    @pytest.mark.parametrize("name", ["ids", "innm_dosage_ids"])
    @pytest.mark.parametrize("text", ["", "nonsense", f"{UUID(int=1)},", ",".join([str(UUID(int=1))] * 101)])
    async def test_ids_when_unfit_then_422_at_their_name(self, pharmacist: Caller, name: str, text: str) -> None:
        answer = await pharmacist.get(PATH, **{name: text})
        assert answer.status_code == 422
        assert answer.json()["error"]["invalid"][0]["entry"] == f"$.{name}"

    async def test_by_the_latin_name_then_found(self, pharmacist: Caller) -> None:
        assert answered(await pharmacist.get(PATH, name="AMOXICILLIN"))["paging"]["total_entries"] > 0

    async def test_by_a_doctor_then_403(self, doctor: Caller) -> None:
        assert (await doctor.get(PATH)).status_code == 403
