"""What the record says against a prescription: allergies by their words, medicines that are being taken."""

from datetime import UTC, date, datetime
from uuid import UUID

import httpx
import pytest

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.care.prescriptions.model.course import Programme
from esoz.mis.care.prescriptions.model.drugs import Drug
from esoz.mis.care.prescriptions.model.known_risks import KnownRisks, groups, risks
from esoz.mis.care.prescriptions.model.prescriptions import DISPENSE_STATUSES, STATUSES, Prescription, State
from esoz.mis.care.prescriptions.model.regimens import regimens
from esoz.mis.care.prescriptions.model.taken import (
    Stage,
    Taken,
    has_dispense,
    may_be_dispensed_in_part,
    of_draft,
    of_ours,
    of_request,
)
from tests.factories.world import World
from tests.summaries import summary_of

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
        found = risks(CAPSULES, KnownRisks(None, all_taken=False), TODAY)
        assert [each.id for each in found] == ["allergies_unknown", "medicines_unknown"]

    def test_of_the_groups_then_every_one_of_the_table_is_known_or_stands_alone(self) -> None:
        assert {row.group for row in regimens()} - {"other"} == set(groups())
        assert {name for each in groups().values() for name in each.crosses.split()} <= set(groups())


def issued(latin: str, *, was_dispensed: bool = False, **changes: object) -> Taken | None:
    return of_request(request(latin, **changes), was_dispensed=was_dispensed)


def ours(**form: str) -> Taken | None:
    """One of this clinic that nobody has signed."""
    some = UUID(int=1)
    moment = datetime(2026, 11, 22, 9, tzinfo=UTC)
    made = Prescription(
        id=some, clinic_id=some, user_id=some, patient_id=some, employee_id=some, division_id=some, encounter_id=some,
        programme=Programme(id=some, name="Програма"), drug=AZITHROMYCIN, state=State.DRAFT, form=form,
        created_at=moment, updated_at=moment,
    )  # fmt: skip
    return of_ours(made, date(2026, 11, 22))


class TestTaken:
    @pytest.mark.parametrize(
        ("taken", "found"),
        [
            (issued("amoxicillin"), ["same_substance"]),
            (issued("amoxicillin + clavulanic acid"), ["same_substance"]),
            (issued("azithromycin"), ["another_antibiotic"]),
            (issued("paracetamol"), []),
            (issued("amoxicillin", ended_at="2026-11-21"), []),
            (issued("amoxicillin", ended_at="2026-11-22"), ["same_substance"]),
            # Nobody fetched it, and a pharmacy still gives it.
            (issued("amoxicillin", ended_at="2026-11-21", dispense_valid_to="2026-11-22"), ["same_substance"]),
            (issued("amoxicillin", ended_at="2026-11-20", dispense_valid_to="2026-11-21"), []),
            (issued("amoxicillin", status="COMPLETED"), ["same_substance_dispensed"]),
            (issued("azithromycin", status="COMPLETED"), ["another_antibiotic_dispensed"]),
            (issued("paracetamol", status="COMPLETED"), []),
            (issued("amoxicillin", status="COMPLETED", ended_at="2026-11-21"), []),
            (
                issued("amoxicillin", status="COMPLETED", ended_at="2026-11-21", dispense_valid_to="2026-12-20"),
                [],
            ),
            (issued("amoxicillin", status="EXPIRED"), []),
            (issued("amoxicillin", status="EXPIRED", was_dispensed=True), ["same_substance_dispensed"]),
            (issued("amoxicillin", status="REJECTED"), []),
            (issued("azithromycin", status="REJECTED", was_dispensed=True), ["another_antibiotic_dispensed"]),
            (issued("amoxicillin", intent="plan"), []),
            (issued("amoxicillin", status="COMPLETED", intent="plan"), []),
            (of_request({"status": "ACTIVE", "ended_at": "2026-12-01"}), []),
            (of_request({"status": "ACTIVE"}), []),
            (of_draft(request("azithromycin", status="NEW")), ["another_antibiotic_unsigned"]),
            (of_draft(request("amoxicillin", status="NEW")), ["same_substance_unsigned"]),
            (of_draft(request("amoxicillin", status="EXPIRED")), []),
            (of_draft(request("amoxicillin", status="NEW", intent="plan")), []),
            (ours(started_at="2026-11-22", ended_at="2026-11-24"), ["another_antibiotic_unsigned"]),
            (ours(started_at="2026-11-21", ended_at="2026-11-24"), []),  # it cannot be signed as it stands
            (ours(), []),
        ],
    )
    def test_of_a_medicine_then_told_as_long_as_it_is_taken_or_can_be_fetched(
        self, taken: Taken | None, found: list[str]
    ) -> None:
        known = KnownRisks((), [taken] if taken else [])
        assert [each.id for each in risks(CAPSULES, known, date(2026, 11, 22))] == found

    @pytest.mark.parametrize(
        ("own", "taken", "found"),
        [
            ("ibuprofen", "diclofenac sodium", ["same_group"]),
            ("ibuprofen", "ibuprofen", ["same_substance"]),
            ("ramipril", "losartan potassium + hydrochlorothiazide", ["same_group"]),
            ("bisoprolol", "amlodipine", []),
            ("ibuprofen", "paracetamol", []),
            ("paracetamol", "diclofenac", []),
            ("doxycycline", "azithromycin", ["another_antibiotic"]),
        ],
    )
    def test_of_a_medicine_of_the_same_group_then_told_once(self, own: str, taken: str, found: list[str]) -> None:
        medicine = drug(("10", "10", "1"), form="TABLET", substance=(own, "100"))
        known = KnownRisks((), [each for each in [issued(taken)] if each])
        assert [each.id for each in risks(medicine, known, date(2026, 11, 22))] == found

    def test_of_the_same_group_then_named_with_the_medicine(self) -> None:
        medicine = drug(("10", "10", "1"), form="TABLET", substance=("ibuprofen", "200"))
        waiting = of_draft(request("diclofenac", status="NEW"))
        assert waiting is not None
        [concern] = risks(medicine, KnownRisks((), [waiting]), date(2026, 11, 22))
        assert concern.id == "same_group_unsigned" and "нестероїдні" in concern.told and "{" not in concern.told

    def test_of_every_status_of_a_prescription_then_it_is_known_whether_the_patient_has_it(self) -> None:
        has = {status for status in STATUSES if issued("amoxicillin", status=status) is not None}
        may = {status for status in STATUSES if may_be_dispensed_in_part(request("amoxicillin", status=status))}
        assert (has, may) == ({"ACTIVE", "COMPLETED"}, {"EXPIRED", "REJECTED"})

    def test_of_dispenses_then_only_what_was_handed_over_counts(self) -> None:
        assert [has_dispense([{"status": status}]) for status in DISPENSE_STATUSES] == [
            status == "PROCESSED" for status in DISPENSE_STATUSES
        ]

    def test_of_each_stage_then_the_doubts_have_ids_of_their_own(self) -> None:
        every = [
            Taken(stage=stage, name=name, substances=(name,), last_day=date(2026, 11, 22))
            for stage in Stage
            for name in ("amoxicillin", "azithromycin")
        ]
        found = risks(CAPSULES, KnownRisks((), every), date(2026, 11, 22))
        assert len({each.id for each in found}) == len({each.text for each in found}) == 2 * len(Stage)


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
        told = "У записі пацієнта: «Пеніциліни». Це та сама речовина або її група: пеніциліни – "
        assert any(line.startswith(told) for line in summary_of(answer.text))  # tests share patients, who take more
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

    async def test_a_second_antibiotic_when_the_first_was_dispensed_whole_then_told(
        self, doctor: Browser, connected: World, patient_id: UUID, encounter_id: UUID, medication_id: UUID,
        central_database: Database,
    ) -> None:  # fmt: skip
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await to_signature(doctor, path)
        await sign(doctor, connected.doctor)
        async with central_database.connection() as db:
            await db.execute("update medication_requests set status = 'COMPLETED' where person_id = $1", patient_id)
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(path)
        assert "вже відпустили цю речовину, і курс ще триває" in doctor.text
        assert 'name="reason-same_substance_dispensed"' in (doctor.page.text if doctor.page else "")

    async def test_a_second_antibiotic_when_the_first_waits_for_its_signature_then_told(
        self, doctor: Browser, mis: Mis, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> None:
        first = await begin(doctor, patient_id, encounter_id, medication_id)
        await to_signature(doctor, first)
        async with mis.services.database.connection() as db:
            number = await db.fetchval("select request_number from prescriptions where state = 'made'")
        second = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(second)
        assert doctor.text.count("Ще один рецепт на цю речовину чекає на підпис") == doctor.text.count(number) == 1
        await doctor.get(f"{first}/discard")
        await doctor.send(f"{first}/discard")
        await doctor.get(f"{second}/check")
        assert doctor.path == f"{second}/check" and number not in doctor.text

    async def test_an_answer_of_central_was_lost_then_the_order_itself_is_no_second_one(
        self, doctor: Browser, wire: Wire, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> None:
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(path)
        asked = reasons(doctor)
        wire.loses_answer = lambda request: (
            (request.method, request.url.path)
            == (
                "POST",
                "/api/medication_request_requests",
            )
        )
        await doctor.send(f"{path}/make", **asked)
        assert "ЕСОЗ не відповіла" in doctor.text and reasons(doctor) == {}

    @pytest.mark.parametrize("list_", ["medication_requests", "medication_request_requests"])
    async def test_a_list_that_is_not_told_then_what_is_known_is_told_and_the_rest_is_asked(
        self, doctor: Browser, wire: Wire, patient_id: UUID, encounter_id: UUID, medication_id: UUID, list_: str
    ) -> None:
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        await doctor.send(path)
        path = await begin(doctor, patient_id, encounter_id, medication_id)
        wire.answers[f"GET /api/persons/{patient_id}/{list_}"] = httpx.Response(
            403, json={"error": {"type": "forbidden", "message": "Access denied"}}
        )
        await doctor.send(path)
        assert "Чинні рецепти пацієнта зараз недоступні" in doctor.text
        assert "Ще один рецепт на цю речовину чекає на підпис" in doctor.text

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
