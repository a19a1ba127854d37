"""What the record says against a prescription: allergies by their words, medicines that are being taken."""

from datetime import date
from uuid import UUID

import httpx
import pytest

from esoz.mis.app import Mis
from esoz.mis.care.prescriptions.model.drugs import Drug
from esoz.mis.care.prescriptions.model.known_risks import KnownRisks, groups, risks
from esoz.mis.care.prescriptions.model.regimens import regimens
from tests.factories.world import World

from ..conftest import Browser, Post, Wire
from ..test_visits import signed_visit
from .conftest import begin, reasons, sign, to_signature
from .test_rules import TODAY, drug
from .test_safety import AZITHROMYCIN, CAPSULES, CIPROFLOXACIN

CEFUROXIME = drug(("10", "10", "1"), form="TABLET", substance=("cefuroxime", "500"))
SULFA = drug(("20", "20", "1"), form="TABLET", substance=("sulfamethoxazole + trimethoprim", "400"))


def allergy(words: str, **changes: object) -> dict[str, object]:
    return {
        "clinical_status": "active",
        "verification_status": "confirmed",
        "code": {"coding": [{"code": "default_allergy_intolerance"}], "text": words},
        **changes,
    }


def request(latin: str, **changes: object) -> dict[str, object]:
    parts = [{"name_original": each, "is_primary": place == 0} for place, each in enumerate(latin.split(" + "))]
    info = {"medication_name": latin, "ingredients": parts}
    return {
        "status": "ACTIVE",
        "ended_at": "2026-11-28",
        "request_number": "0000-1",
        "medication_info": info,
        **changes,
    }


def told(medicine: Drug, *words: str) -> list[str]:
    return [each.id for each in risks(medicine, KnownRisks([allergy(each) for each in words]), TODAY)]


class TestAllergies:
    @pytest.mark.parametrize(
        ("medicine", "words", "found"),
        [
            (CAPSULES, "Амоксициліну не переносить: висип", ["allergy"]),
            (CAPSULES, "AMOXICILLIN", ["allergy"]),
            (CAPSULES, "пеніциліни", ["allergy"]),
            (CAPSULES, "Аугментин", ["allergy"]),
            (CAPSULES, "ампіцилін", ["allergy"]),
            (CAPSULES, "на всі антибіотики", ["allergy"]),
            (CAPSULES, "цефтріаксон", ["cross_allergy"]),
            (CEFUROXIME, "Пеніцилін, набряк Квінке", ["cross_allergy"]),
            (CEFUROXIME, "цефазолін", ["allergy"]),
            (SULFA, "Бісептол", ["allergy"]),
            (AZITHROMYCIN, "кларитроміцин", ["allergy"]),
            (CIPROFLOXACIN, "левофлоксацин", ["allergy"]),
            (CIPROFLOXACIN, "пеніциліни", []),
            (CAPSULES, "пилок берези, новокаїн, горіхи", []),
            (CAPSULES, "", []),
        ],
    )
    def test_of_words_then_asked_when_they_mean_the_medicine_or_its_group(
        self, medicine: Drug, words: str, found: list[str]
    ) -> None:
        assert told(medicine, words) == found

    def test_of_every_substance_of_the_table_then_its_own_names_are_an_allergy_to_it(self) -> None:
        for row in regimens():
            medicine = drug(("10", "10", "1"), form="TABLET", substance=(row.substance, "500"))
            for name in (row.substance, row.ukrainian):
                if row.group in groups() or name == row.substance:
                    assert told(medicine, f"Реакція на {name.upper()}") == ["allergy"], name

    def test_of_several_then_one_question_that_quotes_all(self) -> None:
        known = KnownRisks([allergy("Пеніциліни"), allergy("Амоксил"), allergy("амоксицилін")])
        [asked] = risks(CAPSULES, known, TODAY)
        assert "«Пеніциліни»; «амоксицилін»" in asked.told

    @pytest.mark.parametrize(
        "changes",
        [
            {"verification_status": "refuted"},
            {"verification_status": "entered_in_error"},
            {"clinical_status": "resolved"},
            {"clinical_status": "inactive"},
        ],
    )
    def test_of_one_that_is_not_in_force_then_none(self, changes: dict[str, object]) -> None:
        assert risks(CAPSULES, KnownRisks([allergy("Пеніциліни", **changes)]), TODAY) == []

    def test_when_central_told_nothing_then_the_patient_is_to_be_asked(self) -> None:
        found = risks(CAPSULES, KnownRisks(None, None), TODAY)
        assert [each.id for each in found] == ["allergies_unknown", "medicines_unknown"]

    def test_of_the_groups_then_every_one_of_the_table_is_known_or_stands_alone(self) -> None:
        assert {row.group for row in regimens()} - {"other"} == set(groups())
        assert {name for each in groups().values() for name in each.crosses.split()} <= set(groups())


class TestTaken:
    @pytest.mark.parametrize(
        ("taken", "found"),
        [
            (request("amoxicillin"), ["same_substance"]),
            (request("amoxicillin + clavulanic acid"), ["same_substance"]),
            (request("azithromycin"), ["another_antibiotic"]),
            (request("paracetamol"), []),
            (request("amoxicillin", ended_at="2026-11-21"), []),
            (request("amoxicillin", ended_at="2026-11-22"), ["same_substance"]),
            (request("amoxicillin", status="COMPLETED"), []),
            (request("amoxicillin", intent="plan"), []),
            ({"status": "ACTIVE", "ended_at": "2026-12-01"}, []),
        ],
    )
    def test_of_a_prescription_in_force_then_told(self, taken: dict[str, object], found: list[str]) -> None:
        assert [each.id for each in risks(CAPSULES, KnownRisks((), [taken]), date(2026, 11, 22))] == found


class TestPages:
    async def test_recorded_at_a_visit_then_on_the_banner_and_asked_about_at_prescribing(
        self, doctor: Browser, mis: Mis, connected: World, post: Post, patient_id: UUID, medication_id: UUID
    ) -> None:
        document_id = await signed_visit(
            doctor, mis, patient_id, connected.doctor, post, allergy_1="Пеніциліни", allergy_verification_1="confirmed"
        )
        await post.carry()
        await doctor.get(f"/patients/{patient_id}")
        assert "Алергії та непереносимість: Пеніциліни" in doctor.text
        await doctor.get(f"/patients/{patient_id}/summary")
        assert "Пеніциліни" in doctor.text
        async with mis.services.database.connection() as db:
            encounter_id = await db.fetchval("select record_id from documents where id = $1", UUID(document_id))
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        assert "Алергії та непереносимість: Пеніциліни" in doctor.text
        await doctor.send(path)
        assert "Це та сама речовина або її група: пеніциліни" in doctor.text
        answer = await doctor.send(f"{path}/make")
        assert answer.status_code == 422
        given = {"reason-allergy": "other", "words-allergy": "Проба негативна"}
        await doctor.send(f"{path}/make", **{**reasons(doctor), **given})
        assert doctor.path == f"{path}/sign", doctor.text

    async def test_a_second_antibiotic_then_told(
        self, doctor: Browser, connected: World, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> None:
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await to_signature(doctor, path)
        await sign(doctor, connected.doctor)
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(path)
        assert "уже має чинний рецепт на цю речовину" in doctor.text

    async def test_when_allergies_are_not_told_then_the_page_says_so_and_asks(
        self, doctor: Browser, wire: Wire, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> None:
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        wire.answers[f"GET /api/patients/{patient_id}/summary/allergy_intolerances"] = httpx.Response(
            403, json={"error": {"type": "forbidden", "message": "Access denied"}}
        )
        await doctor.send(path)
        assert (
            "Дані про алергії зараз недоступні" in doctor.text and 'name="reason-allergies_unknown"' in doctor.page.text
        )
