"""Writing a prescription: prequalify, draft, signature."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from esoz.central.prescriptions.commands import drafts
from esoz.central.prescriptions.model import codes
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.factories.prescriptions import Prescribing, instruction, set_programme
from tests.factories.records import ref
from tests.factories.world import Caller, World

ROOT = "$.medication_request_request"


def refusal(answer) -> tuple[int, str, str]:
    """Status, the field named, the words."""
    error = answer.json()["error"]
    if not error.get("invalid"):
        return answer.status_code, "", error["message"]
    fault = error["invalid"][0]
    return answer.status_code, fault["entry"], fault["rules"][0]["description"]


class TestCreate:
    async def test_by_a_doctor_then_a_draft_as_published(self, prescribing: Prescribing, world: World) -> None:
        answer = await prescribing.create(note="Запити водою")
        assert answer.status_code == 201, answer.text
        body = answer.json()
        person = world.persons[0]
        draft = body["data"]
        assert draft["request_number"].startswith("0000-") and len(draft["request_number"]) == 19
        assert {
            name: draft[name]
            for name in (
                "status",
                "created_at",
                "started_at",
                "ended_at",
                "dispense_valid_from",
                "dispense_valid_to",
                "intent",
                "category",
                "priority",
                "note",
                "context",
            )
        } == {
            "status": "NEW",
            "created_at": "2026-11-22",
            "started_at": "2026-11-22",
            "ended_at": "2026-11-29",
            "dispense_valid_from": "2026-11-22",
            "dispense_valid_to": "2026-12-22",
            "intent": "order",
            "category": "community",
            "priority": "routine",
            "note": "Запити водою",
            "context": ref("encounter", prescribing.encounter_id),
        }
        assert draft["person"]["id"] == str(person.id) and person.first_name not in draft["person"]["short_name"]
        assert draft["medication_info"]["medication_qty"] == 20
        assert draft["medical_program"]["id"] == str(ANTIBIOTICS_PROGRAMME)
        assert draft["employee"]["id"] == str(world.doctor.employee_id)
        assert draft["division"]["id"] == str(world.doctor.division_id)
        assert draft["legal_entity"]["id"] == str(world.doctor.client_id)
        method = body["urgent"]["authentication_method_current"]
        assert method["type"] == "OTP" and "*****" in method["number"]

    # MR-4, MR-7, MR-10
    @pytest.mark.parametrize(
        ("changes", "entry", "message"),
        [
            ({"ended_at": "2026-11-21"}, f"{ROOT}.ended_at", "Ended date must be >= Started date!"),
            ({"started_at": "2026-11-21"}, f"{ROOT}.started_at", "Started date must be >= Created date!"),
            (
                {"created_at": "2026-11-18"},
                f"{ROOT}.created_at",
                "Create date must be >= Current date - MRR delay input!",
            ),
            (
                {"created_at": "2026-11-23", "started_at": "2026-11-23"},
                f"{ROOT}.created_at",
                "Create date must be <= Current date!",
            ),
            (
                {"dosage_instruction": [instruction(1), instruction(1)]},
                f"{ROOT}.dosage_instruction[1].sequence",
                "Sequence must be unique",
            ),
            (
                {"medication_qty": 7},
                f"{ROOT}.medication_qty",
                "The amount of medications in medication request must be divisible to package minimum quantity",
            ),
            ({"medication_qty": 0}, f"{ROOT}.medication_qty", "must be greater than 0"),
            ({"medication_qty": 0.00001}, f"{ROOT}.medication_qty", "must be greater than 0"),
            ({"medication_qty": 1e15}, f"{ROOT}.medication_qty", "expected the value to be <= 9999999999"),
            ({"medication_id": str(uuid4())}, f"{ROOT}.medication_id", "Medication not found"),
            ({"employee_id": str(uuid4())}, f"{ROOT}.employee_id", "Employee not found"),
            ({"division_id": str(uuid4())}, f"{ROOT}.division_id", "Division not found"),
            ({"person_id": str(uuid4())}, f"{ROOT}.person_id", "Person not found"),
            ({"medical_program_id": str(uuid4())}, f"{ROOT}.medical_program_id", "Medical program not found"),
            ({"context": ref("encounter", uuid4())}, f"{ROOT}.context.identifier.value", "Entity not found"),
            ({"inform_with": str(uuid4())}, f"{ROOT}.inform_with", "Person's authentication method doesn't exist"),
        ],
    )
    async def test_against_a_rule_then_422_names_the_field(
        self, prescribing: Prescribing, changes: dict, entry: str, message: str
    ) -> None:
        assert refusal(await prescribing.create(**changes)) == (422, entry, message)

    async def test_without_required_fields_then_422(self, prescribing: Prescribing) -> None:
        code, entry, message = refusal(await prescribing.create(intent=None))
        assert (code, entry) == (422, f"{ROOT}.intent") and "was not present" in message

    # MR-2
    async def test_for_a_colleague_of_another_clinic_then_422(
        self, prescribing: Prescribing, foreign_doctor: Caller
    ) -> None:
        answer = await prescribing.create(employee_id=str(foreign_doctor.employee_id))
        assert refusal(answer)[2] == "Only active employee with type DOCTOR can create medication request!"

    # MR-2
    async def test_in_a_foreign_division_then_422(self, prescribing: Prescribing, foreign_doctor: Caller) -> None:
        answer = await prescribing.create(division_id=str(foreign_doctor.division_id))
        assert refusal(answer)[2] == "Only employee of active divisions can create medication request!"

    # MR-2
    async def test_of_an_inactive_person_then_409(self, prescribing: Prescribing, db: Connection) -> None:
        await db.execute("update persons set is_active = false where id = $1", prescribing.person_id)
        assert refusal(await prescribing.create()) == (
            409,
            "",
            "Only for active MPI record can create medication request!",
        )

    # MR-6
    async def test_in_a_stopped_programme_then_409(self, prescribing: Prescribing, db: Connection) -> None:
        await db.execute("update medical_programs set is_active = false")
        assert refusal(await prescribing.create()) == (409, "", "Medical program is not active")

    # MR-9
    async def test_with_a_wrong_encounter_then_422(self, prescribing: Prescribing, db: Connection) -> None:
        await db.execute("update encounters set status = 'entered_in_error'")
        assert refusal(await prescribing.create())[2] == 'Entity in status "entered-in-error" can not be referenced'

    # MR-3
    async def test_in_a_programme_with_declarations_then_the_doctor_needs_one(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await set_programme(db, skip_medication_request_employee_declaration_verify=False)
        assert (await prescribing.create()).status_code == 201, "the family doctor has the declaration"
        await db.execute("update declarations set status = 'terminated'")
        assert refusal(await prescribing.create()) == (
            403,
            "",
            "Only doctors with an active declaration with the patient can create medication request!",
        )

    async def test_in_a_programme_with_a_clinics_declaration_then_404_without_it(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await set_programme(db, skip_medication_request_legal_entity_declaration_verify=False)
        await db.execute("update declarations set status = 'terminated'")
        assert refusal(await prescribing.create()) == (
            404,
            "",
            "Not found active declaration with person for this legal entity!",
        )

    @pytest.mark.parametrize(
        ("settings", "entry"),
        [
            ({"employee_types_to_create_medication_request": ["SPECIALIST"]}, "employee_id"),
            ({"speciality_types_allowed": ["SURGEON"]}, "employee_id"),
            ({"care_plan_required": True}, "based_on"),
            ({"medication_request_max_period_day": 6}, "ended_at"),
            ({"conditions_icpc2_allowed": ["A01"]}, "context.identifier.value"),
        ],
    )
    async def test_against_a_setting_of_the_programme_then_422(
        self, prescribing: Prescribing, db: Connection, settings: dict, entry: str
    ) -> None:
        await set_programme(db, **settings)
        assert refusal(await prescribing.create())[:2] == (422, f"{ROOT}.{entry}")

    async def test_for_a_condition_of_the_programme_then_it_is_taken(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await set_programme(db, conditions_icpc2_allowed=["R80"], medication_request_max_period_day=7)
        assert (await prescribing.create()).status_code == 201

    # MR-6
    async def test_of_a_drug_outside_the_programme_then_422(self, prescribing: Prescribing, db: Connection) -> None:
        await db.execute("update program_medications set medication_request_allowed = false")
        assert refusal(await prescribing.create())[2] == (
            "Not found any medications allowed for create medication request for this medical program!"
        )

    # MR-8
    async def test_again_too_early_then_422(self, prescribing: Prescribing, db: Connection) -> None:
        await set_programme(db, skip_mnn_in_treatment_period=False)
        await prescribing.prescribe()
        assert refusal(await prescribing.create()) == (
            422,
            f"{ROOT}.medical_program_id",
            "It's to early to create new medication request for such innm_dosage and medical_program_id",
        )

    async def test_by_a_specialist_without_declaration_then_it_is_taken_in_the_antibiotics_programme(
        self, prescribing: Prescribing, world: World, db: Connection
    ) -> None:
        await db.execute(
            "update encounters set managing_organization_id = $1, performer_id = $2",
            world.specialist.client_id,
            world.specialist.employee_id,
        )
        theirs = Prescribing(
            world.specialist,
            prescribing.person_id,
            prescribing.encounter_id,
            prescribing.medication_id,
            prescribing.today,
        )
        assert (await theirs.create()).status_code == 201

    async def test_without_scope_then_403(self, prescribing: Prescribing, pharmacist: Caller) -> None:
        answer = await pharmacist.post("/api/medication_request_requests", prescribing.order())
        assert answer.status_code == 403

    # MR-1
    async def test_as_a_plan_then_no_days_of_dispensing(self, prescribing: Prescribing) -> None:
        draft = await prescribing.draft(intent="plan")
        assert "dispense_valid_to" not in draft


# MR-15
class TestPrequalify:
    async def ask(self, prescribing: Prescribing, programme: object = ANTIBIOTICS_PROGRAMME, **changes: object):
        body = prescribing.order(medical_program_id=None, **changes)
        return await prescribing.doctor.post(
            "/api/medication_request_requests/prequalify", {**body, "programs": [{"id": str(programme)}]}
        )

    async def test_when_it_suits_then_valid_and_nothing_is_stored(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        answer = await self.ask(prescribing)
        assert answer.status_code == 200
        assert answer.json()["data"] == [
            {
                "program_id": str(ANTIBIOTICS_PROGRAMME),
                "program_name": "Антибактеріальні лікарські засоби",
                "status": "VALID",
            }
        ]
        assert await db.fetchval("select count(*) from medication_request_requests") == 0

    async def test_when_the_drug_is_not_in_the_programme_then_invalid_with_the_reason(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await db.execute("update program_medications set is_active = false")
        [verdict] = (await self.ask(prescribing)).json()["data"]
        assert verdict["status"] == "INVALID"
        assert verdict["rejection_reason"].startswith("Innm not on the list of approved innms for program")

    async def test_of_a_plan_then_409(self, prescribing: Prescribing) -> None:
        assert refusal(await self.ask(prescribing, intent="plan")) == (409, "", "Plan can't be qualified")

    async def test_with_an_unknown_programme_then_422(self, prescribing: Prescribing) -> None:
        assert refusal(await self.ask(prescribing, uuid4())) == (422, "$.programs[0].id", "Medical program not found")


class TestRead:
    async def test_by_our_clinic_then_list_and_details_are_the_same(self, prescribing: Prescribing) -> None:
        draft = await prescribing.draft()
        answer = await prescribing.doctor.get(prescribing.drafts, encounter_id=prescribing.encounter_id, intent="order")
        assert answer.json()["data"] == [draft]

    async def test_by_another_clinic_then_not_found_and_empty(
        self, prescribing: Prescribing, foreign_doctor: Caller
    ) -> None:
        draft = await prescribing.draft()
        assert (await foreign_doctor.get(f"{prescribing.drafts}/{draft['id']}")).status_code == 404
        assert (await foreign_doctor.get(prescribing.drafts)).json()["data"] == []
        theirs = await foreign_doctor.get(prescribing.drafts, legal_entity_id=prescribing.doctor.client_id)
        assert theirs.status_code == 403

    # CJ-1, MR-13
    async def test_after_half_an_hour_then_expired(self, prescribing: Prescribing, clock: FixedClock) -> None:
        draft = await prescribing.draft()
        clock.forward(timedelta(minutes=30))
        shown = await prescribing.doctor.get(f"{prescribing.drafts}/{draft['id']}")
        assert shown.json()["data"]["status"] == "EXPIRED"
        assert (await prescribing.doctor.get(prescribing.drafts)).json()["data"] == []
        expired = await prescribing.doctor.get(prescribing.drafts, status="EXPIRED")
        assert [each["id"] for each in expired.json()["data"]] == [draft["id"]]


class TestReject:
    async def test_of_a_new_draft_then_it_cannot_be_signed(self, prescribing: Prescribing) -> None:
        draft = await prescribing.draft()
        path = f"/api/medication_request_requests/{draft['id']}/actions/reject"
        assert (await prescribing.doctor.patch(path)).json()["data"] == draft | {"status": "REJECTED"}
        assert (await prescribing.doctor.patch(path)).status_code == 409
        assert (await prescribing.sign(draft)).status_code == 409

    async def test_by_another_clinic_then_not_found(self, prescribing: Prescribing, foreign_doctor: Caller) -> None:
        draft = await prescribing.draft()
        path = f"/api/medication_request_requests/{draft['id']}/actions/reject"
        assert (await foreign_doctor.patch(path)).status_code == 404


class TestNumber:
    """MR-11: drawn by chance, in the whole country one of a kind."""

    async def test_drawn_one_is_taken_then_another(
        self, prescribing: Prescribing, db: Connection, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = await prescribing.draft()
        drawn = iter([first["request_number"]])

        def draw(random: Callable[[int], bytes]) -> str:
            return next(drawn, None) or codes.new_number(random)

        monkeypatch.setattr(drafts, "new_number", draw)
        second = await prescribing.draft()
        assert second["request_number"] != first["request_number"]
        assert await db.fetchval("select count(*) from prescription_numbers where id = $1", UUID(second["id"])) == 1
