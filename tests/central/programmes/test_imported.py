"""Programmes of the operator's file: taken in, refreshed, taken out of use; a faulty file changes nothing."""

import json
from typing import Any

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.central.programmes import (
    ANTIBIOTICS_PROGRAMME,
    common_programmes,
    import_programmes,
    read_programmes,
)
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.world import Caller

NEW: dict[str, Any] = {
    "id": "00000000-0000-4000-8000-000000000001",
    "name": "Нова програма",
    "funding_source": "PATIENT",
    "mr_blank_type": "F-1",
    "medical_program_settings": {"medication_dispense_period_day": 45},
}


@pytest.fixture(autouse=True)
async def known_codes(db: Connection) -> None:
    await dictionaries.load(db)


def file(*programmes: dict[str, Any]) -> bytes:
    return json.dumps(programmes).encode()


async def names(db: Connection) -> list[str]:
    return [row["name"] for row in await db.fetch("select name from medical_programs where is_active order by name")]


class TestCommon:
    async def test_when_imported_twice_then_six_and_nothing_changes(self, work: Work, db: Connection) -> None:
        first = await import_programmes(work, common_programmes())
        again = await import_programmes(work, common_programmes())
        assert (first.added, first.changed, first.removed) == (6, 0, 0)
        assert (again.added, again.changed, again.removed) == (0, 0, 0)
        assert len(await names(db)) == 6

    @pytest.mark.parametrize(
        ("name", "days", "in_parts"),
        [
            ("Антибактеріальні лікарські засоби", 30, True),
            ("Рецептурні лікарські засоби за кошти пацієнта", 90, True),
            ("Доступні ліки", 30, False),
            ("Доступні ліки: препарати інсуліну", 30, True),
            ("Наркотичні (психотропні) лікарські засоби", 10, False),
            ("Доступні ліки: тест-смужки для глюкометра", 30, True),
        ],
    )
    def test_then_the_days_and_parts_are_those_of_the_law(self, name: str, days: int, in_parts: bool) -> None:
        settings = {each.name: each.medical_program_settings for each in common_programmes()}[name]
        assert settings.dispense_period == days
        assert settings.multi_medication_dispense_allowed is in_parts

    async def test_when_shown_then_as_published(self, work: Work, doctor: Caller) -> None:
        await import_programmes(work, common_programmes())
        found = (await doctor.get("/api/medical_programs", mr_blank_type="F-3")).json()["data"]
        assert [each["medical_program_settings"]["license_types_allowed"] for each in found] == [["NARCOTIC_DRUGS"]]


class TestFile:
    async def test_when_it_lacks_a_programme_then_that_one_is_out_of_use(self, work: Work, db: Connection) -> None:
        await import_programmes(work, common_programmes())
        done = await import_programmes(work, read_programmes(file(NEW)))
        assert (done.added, done.removed) == (1, 5)
        # That of medical devices is of another type, of which the file tells nothing.
        assert await names(db) == ["Доступні ліки: тест-смужки для глюкометра", "Нова програма"]

    async def test_when_a_setting_changes_then_it_is_told(self, work: Work, db: Connection) -> None:
        await import_programmes(work, read_programmes(file(NEW)))
        later = {**NEW, "medical_program_settings": {"medication_dispense_period_day": 60}}
        assert (await import_programmes(work, read_programmes(file(later)))).changed == 1
        settings = await db.fetchval("select settings from medical_programs where name = 'Нова програма'")
        assert settings["medication_dispense_period_day"] == 60

    async def test_when_it_tells_no_services_then_their_programmes_stay(self, work: Work, db: Connection) -> None:
        service = {**NEW, "id": "00000000-0000-4000-8000-000000000002", "name": "Послуги", "type": "SERVICE"}
        await import_programmes(work, read_programmes(file(service)))
        await import_programmes(work, read_programmes(file(NEW)))
        assert await names(db) == ["Нова програма", "Послуги"]

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"name": " "}, "no name"),
            ({"type": "LOTTERY"}, "type: LOTTERY is not in its dictionary"),
            ({"medical_program_settings": {"medication_dispense_period_day": 0}}, "less than a day"),
            ({"medical_program_settings": {"license_types_allowed": ["DRIVING"]}}, "DRIVING is not in its dictionary"),
        ],
    )
    async def test_when_faulty_then_refused_with_the_field(
        self, work: Work, change: dict[str, Any], fault: str
    ) -> None:
        with pytest.raises(ValueError, match=fault):
            await import_programmes(work, read_programmes(file({**NEW, **change})))

    async def test_when_a_programme_is_told_twice_then_refused(self, work: Work) -> None:
        with pytest.raises(ValueError, match="told twice"):
            await import_programmes(work, read_programmes(file(NEW, NEW)))

    @pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b"\xff", file({"id": "1"})])
    def test_when_no_list_of_programmes_then_refused(self, raw: bytes) -> None:
        with pytest.raises(ValueError, match="not a list of medical programmes"):
            read_programmes(raw)

    def test_when_a_setting_is_misspelt_then_refused(self) -> None:
        wrong = {**NEW, "medical_program_settings": {"medication_dispense_period_days": 45}}
        with pytest.raises(ValueError, match="no such setting: medication_dispense_period_days"):
            read_programmes(file(wrong))

    def test_antibiotics_keep_their_id(self) -> None:
        assert ANTIBIOTICS_PROGRAMME in {each.id for each in common_programmes()}
