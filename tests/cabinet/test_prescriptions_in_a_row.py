"""Prescriptions of a series as the patient sees them: which of how many, and from which day."""

from datetime import date, timedelta

from esoz.cabinet.prescriptions.model import Prescription, places
from tests.factories.records import ref

MONTH = 30


def month(today: date, number: int) -> dict[str, str]:
    begin = today + timedelta(days=MONTH * number)
    return {"started_at": str(begin), "ended_at": str(begin + timedelta(days=MONTH - 1))}


async def in_a_row(prescribing, count: int = 3) -> list[dict]:
    """A series, signed."""
    found: list[dict] = []
    for number in range(count):
        prior = {"prior_prescription": ref("medication_request", found[-1]["id"])} if found else {}
        found.append(await prescribing.prescribe(**month(prescribing.today, number), **prior))
    return found


class TestList:
    async def test_then_place_and_first_day_of_each(self, patient, prescribing):
        await in_a_row(prescribing)
        await patient.open("/prescriptions")
        for number in (1, 2, 3):
            assert f"Рецепт {number} з 3 поспіль" in patient.text
        assert patient.text.count("Того дня надішлемо код.") == 2
        assert "Ліки видадуть з 14 грудня 2026" in patient.text.replace("\u00a0", " ")

    async def test_alone_then_no_place(self, patient, prescribing):
        await prescribing.prescribe()
        await patient.open("/prescriptions")
        assert "поспіль" not in patient.text and "Того дня надішлемо код." not in patient.text


class TestAtTheCounter:
    async def test_whose_days_have_not_come_then_not_offered(self, patient, prescribing):
        first, second, _third = await in_a_row(prescribing)
        await patient.open("/prescriptions/together")
        assert f'value="{first["id"]}"' in patient.page.text and second["id"] not in patient.page.text
        await patient.open("/prescriptions/together", rx=[first["id"], second["id"]])
        assert first["request_number"] in patient.text and second["request_number"] not in patient.text


class TestPlaces:
    """Chains as they come: broken, turned upon themselves, or naming what is not there."""

    def rx(self, id: str, follows: str = "", created_at: str = "2026-11-22") -> Prescription:
        prior = {"prior_prescription": {"identifier": {"value": follows}}} if follows else {}
        return Prescription({"id": id, "created_at": created_at, "status": "ACTIVE", **prior})

    def test_chain_in_any_order_then_counted_from_its_first(self) -> None:
        found = places([self.rx("c", "b"), self.rx("b", "a"), self.rx("a")])
        assert found == {"a": (1, 3), "b": (2, 3), "c": (3, 3)}

    def test_prior_of_another_day_or_unknown_then_no_series(self) -> None:
        assert places([self.rx("a", created_at="2026-10-01"), self.rx("b", "a"), self.rx("c", "gone")]) == {}

    def test_circle_then_it_ends(self) -> None:
        assert places([self.rx("a", "b"), self.rx("b", "a")]) == {}
