"""What is for legal entities that the НСЗУ has verified (LE-25), and what a clinic that lost it may still do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.central import declarations, organisations
from esoz.central.organisations.commands.status import suspend_unverified
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.kernel.clock import FixedClock
from esoz.kernel.errors import Conflict
from esoz.kernel.work import Work
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.people import choice, make_adult
from tests.factories.prescriptions import Dispensing, Prescribing
from tests.factories.world import Caller

REFUSED = (409, "", "Legal entity is not verified")
TERM = timedelta(days=90)
SECOND = timedelta(seconds=1)


async def never_verified(work: Work, id: UUID) -> None:
    """As a registration leaves it (LE-7)."""
    changes = "nhs_verified = false, nhs_reviewed = false, nhs_unverified_at = null"
    await work.db.execute(f"update legal_entities set {changes} where id = $1", id)


async def taken_back(work: Work, id: UUID) -> None:
    await organisations.unverify_legal_entity(work, id)


async def told_otherwise(work: Work, id: UUID) -> None:
    """The state register has another name (LE-23)."""
    edr = (await organisations.find_legal_entity(work.db, id)).edr
    fields = {name: getattr(edr, name) for name in edr.__struct_fields__}
    await organisations.import_state_register(work, [organisations.EDR(**fields | {"name": "Нова назва"})])


UNVERIFIED = pytest.mark.parametrize("lose", [never_verified, taken_back])


# LE-25
class TestRefused:
    @UNVERIFIED
    async def test_draft_of_a_prescription(self, prescribing: Prescribing, work: Work, lose: Any) -> None:
        await lose(work, prescribing.doctor.client_id)
        assert refusal(await prescribing.create()) == REFUSED

    @UNVERIFIED
    async def test_question_whether_it_may_be_prescribed(self, prescribing: Prescribing, work: Work, lose: Any) -> None:
        await lose(work, prescribing.doctor.client_id)
        body = {**prescribing.order(medical_program_id=None), "programs": [{"id": str(ANTIBIOTICS_PROGRAMME)}]}
        path = "/api/medication_request_requests/prequalify"
        assert refusal(await prescribing.doctor.post(path, body)) == REFUSED

    @UNVERIFIED
    async def test_dispense(self, dispensing: Dispensing, prescription: dict, code: str, work: Work, lose: Any) -> None:
        await lose(work, dispensing.pharmacist.client_id)
        assert refusal(await dispensing.hold(prescription["id"], 20, code)) == REFUSED
        assert await work.db.fetchval("select wrong_codes from medication_requests") == 0

    @UNVERIFIED
    async def test_declaration(self, doctor: Caller, work: Work, lose: Any) -> None:
        person = await make_adult(work)
        await lose(work, doctor.client_id)
        with pytest.raises(Conflict, match=r"^Legal entity is not verified$"):
            await declarations.declare(work, choice(person.id, doctor))

    async def test_not_active_is_told_first(self, prescribing: Prescribing, work: Work) -> None:
        await never_verified(work, prescribing.doctor.client_id)
        await organisations.change_status(work, prescribing.doctor.client_id, organisations.LegalEntityStatus.SUSPENDED)
        status, _, message = refusal(await prescribing.create())
        assert (status, message) == (409, "Only active legal entity with type MSP can provide medication request!")


# LE-25, LE-22
class TestStillTaken:
    @pytest.mark.parametrize(
        ("since", "status"),
        [(timedelta(0), 201), (TERM - SECOND, 201), (TERM, 201), (TERM + SECOND, 409)],
    )
    async def test_dispense_while_only_the_register_differs(
        self, dispensing: Dispensing, prescription: dict, code: str, work: Work, since: timedelta, status: int
    ) -> None:
        earlier = replace(work, now=work.now - since, recorded=[])
        await told_otherwise(earlier, dispensing.pharmacist.client_id)
        assert (await dispensing.hold(prescription["id"], 20, code)).status_code == status

    async def test_verified_again_then_taken(self, prescribing: Prescribing, work: Work) -> None:
        await taken_back(work, prescribing.doctor.client_id)
        await organisations.verify_legal_entity(work, prescribing.doctor.client_id)
        assert (await prescribing.create()).status_code == 201

    @UNVERIFIED
    async def test_what_was_begun_is_finished(
        self,
        prescribing: Prescribing,
        dispensing: Dispensing,
        prescription: dict,
        code: str,
        work: Work,
        clock: FixedClock,
        lose: Any,
    ) -> None:
        draft, held = await prescribing.draft(), await dispensing.held(prescription["id"], 10, code)
        for each in (prescribing.doctor, dispensing.pharmacist):
            await lose(work, each.client_id)
        clock.forward(timedelta(minutes=5))
        answers: list[httpx.Response] = [await prescribing.sign(draft), await dispensing.process(held)]
        answers.append(await prescribing.reject(answers[0].json()["data"]["id"]))
        answers.append(await dispensing.pharmacist.get(f"/api/pharmacy/medication_requests/{prescription['id']}"))
        assert [each.status_code for each in answers] == [200] * 4, [each.text for each in answers]

    async def test_suspended_by_term_then_activated_then_still_to_be_verified(
        self, prescribing: Prescribing, work: Work
    ) -> None:
        clinic = prescribing.doctor.client_id
        await told_otherwise(replace(work, now=work.now - TERM - SECOND, recorded=[]), clinic)
        assert await suspend_unverified(work) == 1
        await organisations.change_status(work, clinic, organisations.LegalEntityStatus.ACTIVE)
        assert refusal(await prescribing.create()) == REFUSED
