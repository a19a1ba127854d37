"""The signature that makes a prescription of a draft."""

import asyncio
import base64
import random
from dataclasses import replace
from datetime import timedelta

import pytest

from esoz.central.prescriptions.periodic import expire_drafts
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.work import Dependencies, Work
from esoz.signature import Authority, Subject
from tests.central.prescriptions.conftest import ready
from tests.central.prescriptions.test_drafts import refusal
from tests.factories.prescriptions import Prescribing, sent_code, set_programme, texts, use_paper
from tests.factories.world import Caller, World

FIELD = "$.signed_medication_request_request"


# MR-14
class TestSign:
    async def test_by_the_doctor_then_a_prescription_and_a_message(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        draft = await prescribing.draft()
        answer = await prescribing.sign(draft)
        assert answer.status_code == 200, answer.text
        signed = answer.json()["data"]
        form = signed.pop("printout_form")
        assert signed == draft | {"status": "ACTIVE"}
        code = await sent_code(db, draft["request_number"])
        assert await texts(db) == [f"Ваш рецепт: {draft['request_number']}. Код підтвердження: {code}"]
        assert code not in form and "надіслано повідомленням: Вам або Вашій довіреній особі" in form
        stored = await db.fetchrow("select verification_code, signed_document from medication_requests")
        assert code.encode() not in stored["verification_code"]
        assert stored["signed_document"].startswith(f"medication_requests/{draft['id']}/")

    # MR-12
    async def test_for_a_patient_without_phone_then_the_code_is_on_the_form_only(
        self, prescribing: Prescribing, db: Connection, work: Work
    ) -> None:
        await use_paper(db, prescribing.person_id, work.now)
        signed = await prescribing.prescribe()
        assert await texts(db) == []
        assert 'id="verification-code"' in signed["printout_form"]
        assert "verification_code" not in signed

    async def test_when_the_programme_sends_nothing_then_the_code_is_on_the_form(
        self, prescribing: Prescribing, db: Connection
    ) -> None:
        await set_programme(db, medication_request_notification_disabled=True)
        signed = await prescribing.prescribe()
        assert await texts(db) == [] and 'id="verification-code"' in signed["printout_form"]

    # MR-1
    async def test_of_a_plan_then_no_code_at_all(self, prescribing: Prescribing, db: Connection) -> None:
        signed = await prescribing.prescribe(intent="plan")
        assert await texts(db) == [] and "verification-code" not in signed["printout_form"]
        assert await db.fetchval("select verification_code from medication_requests") is None

    async def test_twice_then_the_second_is_409(self, prescribing: Prescribing) -> None:
        draft = await prescribing.draft()
        assert (await prescribing.sign(draft)).status_code == 200
        assert refusal(await prescribing.sign(draft)) == (
            409,
            "",
            "Invalid status Medication request Request for sign transition!",
        )

    async def test_after_half_an_hour_then_409(
        self, prescribing: Prescribing, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        draft = await prescribing.draft()
        clock.forward(timedelta(minutes=30))
        assert (await prescribing.sign(draft)).status_code == 409
        work.now = clock.now()
        await expire_drafts(work)
        assert await db.fetchval("select status from medication_request_requests") == "EXPIRED"
        assert [line.event for line in work.recorded][-1] == "prescription_draft.expired"

    # SG-4, SG-5
    async def test_with_a_colleagues_key_then_422(self, prescribing: Prescribing, foreign_doctor: Caller) -> None:
        answer = await prescribing.sign(await prescribing.draft(), signer=foreign_doctor)
        assert refusal(answer) == (422, FIELD, "Does not match the signer drfo")

    async def test_by_a_colleague_of_the_clinic_then_403(
        self, prescribing: Prescribing, db: Connection, foreign_doctor: Caller
    ) -> None:
        draft = await prescribing.draft()
        await db.execute("update medication_request_requests set employee_id = $1", foreign_doctor.employee_id)
        assert refusal(await prescribing.sign(draft)) == (
            403,
            "",
            "Only doctor that in Medication request Request can sign it",
        )

    async def test_by_another_clinic_then_not_found(self, prescribing: Prescribing, foreign_doctor: Caller) -> None:
        draft = await prescribing.draft()
        body = {"signed_medication_request_request": foreign_doctor.sign(draft), "signed_content_encoding": "base64"}
        path = f"/api/medication_request_requests/{draft['id']}/actions/sign"
        assert (await foreign_doctor.patch(path, body)).status_code == 404

    # SG-7
    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("$.medication_info.medication_qty", lambda draft: draft["medication_info"].update(medication_qty=200)),
            ("$.dosage_instruction[0].text", lambda draft: draft["dosage_instruction"][0].update(text="По 10")),
            ("$.note", lambda draft: draft.update(note="Ще")),
            ("$.employee", lambda draft: draft.pop("employee")),
        ],
    )
    async def test_over_changed_content_then_422_names_the_first_difference(
        self, prescribing: Prescribing, path: str, change
    ) -> None:
        draft = await prescribing.draft()
        change(draft)
        assert refusal(await prescribing.sign(draft)) == (
            422,
            path,
            "Signed content does not match the previously created content!",
        )

    # SG-3
    async def test_with_what_is_not_a_signature_then_422(self, prescribing: Prescribing) -> None:
        draft = await prescribing.draft()
        for document in (base64.b64encode(b"not a CMS").decode(), "***"):
            code, entry, _ = refusal(await prescribing.send(draft["id"], document))
            assert code == 422 and entry in (FIELD, "$.signed_content")

    async def test_with_an_expired_certificate_then_422(
        self, prescribing: Prescribing, authority: Authority, work: Work
    ) -> None:
        long_ago = work.now - timedelta(days=800)
        key = authority.issue(subject(prescribing.doctor), valid_from=long_ago, valid_to=long_ago + timedelta(days=365))
        answer = await prescribing.sign(await prescribing.draft(), signer=replace(prescribing.doctor, key=key))
        assert answer.status_code == 422, answer.text

    async def test_with_a_certificate_of_an_unknown_authority_then_422(
        self, prescribing: Prescribing, work: Work
    ) -> None:
        stranger = Authority.create(
            "Чужий КНЕДП", scheme="dstu-gost", random=random.Random(2).randbytes, at=work.now - timedelta(days=400)
        )
        start = work.now - timedelta(days=10)
        key = stranger.issue(subject(prescribing.doctor), valid_from=start, valid_to=start + timedelta(days=365))
        answer = await prescribing.sign(await prescribing.draft(), signer=replace(prescribing.doctor, key=key))
        assert answer.status_code == 422, answer.text


def subject(doctor: Caller) -> Subject:
    """The doctor as a certificate names them."""
    return Subject(surname="Лікар", given_name="Лікар", drfo=doctor.tax_id)


class TestRaces:
    async def test_of_two_signatures_then_exactly_one_wins(
        self, fresh_world: World, fresh_database: Database, dependencies: Dependencies, clock: FixedClock
    ) -> None:
        prescribing = await ready(fresh_world, fresh_database, dependencies, clock)
        draft = await prescribing.draft()
        answers = await asyncio.gather(*(prescribing.sign(draft) for _ in range(3)))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        async with fresh_database.connection() as db:
            assert await db.fetchval("select count(*) from medication_requests") == 1
            assert len(await texts(db)) == 1
