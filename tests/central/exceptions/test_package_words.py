"""Packages of the register, as a pharmacy looks for them."""

from typing import Any
from uuid import UUID

import pytest

from esoz.kernel.db import Connection
from tests.factories.prescriptions import AMOXICILLIN
from tests.factories.world import Caller

PATH = "/api/pharmacy/medications"


async def found(pharmacist: Caller, **query: object) -> list[dict[str, Any]]:
    answer = await pharmacist.get(PATH, **query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


class TestPackages:
    async def test_by_words_of_the_substance_then_packages_with_what_they_hold(
        self, stocked: None, pharmacist: Caller
    ) -> None:
        rows = await found(pharmacist, name="капсули амоксицилін 500")
        assert rows and {row["dosage_name"] for row in rows} == {AMOXICILLIN}
        [again] = await found(pharmacist, id=rows[0]["id"])
        assert again == rows[0] and again["package_qty"] >= again["package_min_qty"] > 0
        assert again["manufacturer"]["name"] and again["container"]["denumerator_unit"] == "PILL"

    @pytest.mark.parametrize("name", ["100%", "_", "\\", "'; drop table medications; --"])
    async def test_by_signs_of_a_pattern_then_they_are_letters(
        self, stocked: None, pharmacist: Caller, name: str
    ) -> None:
        assert await found(pharmacist, name=name) == []

    async def test_out_of_use_then_not_offered(self, stocked: None, pharmacist: Caller, db: Connection) -> None:
        [first, *_rest] = await found(pharmacist, name="амоксицилін")
        await db.execute("update medications set is_active = false where id = $1", UUID(first["id"]))
        assert await found(pharmacist, id=first["id"]) == []

    async def test_by_nonsense_or_by_a_doctor_then_refused(
        self, stocked: None, pharmacist: Caller, doctor: Caller
    ) -> None:
        assert (await pharmacist.get(PATH, id="x")).status_code == 422
        assert (await pharmacist.get(PATH, colour="red")).status_code == 422
        assert (await doctor.get(PATH)).status_code == 403
