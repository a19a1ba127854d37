"""A clinic registers somebody: request, confirmation by a code, signature."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from esoz.central import people
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.central.conftest import NOW
from tests.factories.people import adult, child, make_adult, tax_id
from tests.factories.person_requests import (
    PATH,
    approved,
    body,
    code_sent_to,
    create,
    person_of,
    sign,
    verify_phone,
)
from tests.factories.world import Caller, World

PHONE = "+380670000001"
OFFLINE = (people.AuthenticationDetails(type=people.AuthenticationType.OFFLINE),)


class TestCreate:
    async def test_somebody_new_then_stored_and_asked_by_a_code(self, doctor: Caller, db: Connection) -> None:
        answer = answered(await create(doctor, db), 201)
        data, urgent = answer["data"], answer["urgent"]
        assert (data["status"], data["channel"], data["patient_signed"]) == ("NEW", "MIS", False)
        assert data["person"] == person_of(adult())
        assert urgent == {
            "authentication_method_current": [{"type": "OTP", "phone_number": "+38067*****01"}],
            "documents": [],
        }
        assert 1000 <= await code_sent_to(db, PHONE) <= 9999

    async def test_receptionist_may_too(self, registrar: Caller, db: Connection) -> None:
        answered(await create(registrar, db), 201)

    async def test_pharmacist_may_not(self, pharmacist: Caller, db: Connection) -> None:
        refused(await create(pharmacist, db), 403, "forbidden")

    # PS-11
    async def test_phone_when_nobody_verified_it_then_refused(self, doctor: Caller) -> None:
        answer = await doctor.post(PATH, body(person_of(adult())))
        refused(answer, 422, "unverified", "Unverified phone number")

    # PS-14
    @pytest.mark.parametrize("field", [{"patient_signed": True}, {"process_disclosure_data_consent": False}])
    async def test_consent_when_not_as_it_must_be_then_named(self, doctor: Caller, field: dict[str, bool]) -> None:
        answer = await doctor.post(PATH, body(person_of(adult())) | field)
        assert [place for place, _ in faults(answer)] == [f"$.{next(iter(field))}"]

    # PS-19
    async def test_tax_id_when_registered_then_conflict(self, doctor: Caller, work: Work, db: Connection) -> None:
        await make_adult(work)
        answer = await create(doctor, db, adult(2, tax_id=tax_id(310_000_001)))
        refused(answer, 409, "request_conflict", "Such person already exists")

    # PS-17
    async def test_passport_when_who_has_it_is_registered_then_conflict(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        await make_adult(work, tax_id=None, no_tax_id=True)
        same = adult().documents
        answer = await create(doctor, db, adult(2, tax_id=None, no_tax_id=True, documents=same))
        refused(answer, 409, "request_conflict", "Such person already exists")

    async def test_passport_when_of_another_birthday_then_taken_for_a_mistake(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        await make_adult(work, tax_id=None, no_tax_id=True)
        born = adult().birth_date + timedelta(days=1)
        details = adult(2, tax_id=None, no_tax_id=True, documents=adult().documents, birth_date=born)
        answered(await create(doctor, db, details), 201)

    async def test_method_when_missing_then_required(self, doctor: Caller) -> None:
        person = person_of(adult())
        del person["authentication_methods"]
        assert faults(await doctor.post(PATH, body(person))) == [
            ("$.person.authentication_methods", "required property authentication_methods was not present")
        ]

    async def test_method_when_not_chosen_then_refused(self, doctor: Caller) -> None:
        person = person_of(adult()) | {"authentication_methods": [{"type": "NA"}]}
        assert [place for place, _ in faults(await doctor.post(PATH, body(person)))] == [
            "$.person.authentication_methods[0].type"
        ]

    async def test_method_when_of_somebody_else_then_refused(
        self, doctor: Caller, world: World, db: Connection
    ) -> None:
        await verify_phone(db, PHONE)
        answer = await doctor.post(PATH, body(person_of(adult()), authorize_with=world.persons[0].id))
        assert faults(answer) == [("$.authorize_with", "Person's authentication method doesn't exist")]

    async def test_faults_then_all_are_told_at_their_places(self, doctor: Caller, db: Connection) -> None:
        details = adult(tax_id="1234567890", first_name="Ivan", birth_settlement="і" * 256)
        places = [place for place, _ in faults(await create(doctor, db, details))]
        assert places == ["$.person.first_name", "$.person.tax_id", "$.person.birth_settlement"]

    async def test_shape_when_odd_then_named(self, doctor: Caller, db: Connection) -> None:
        details = adult(email="not an address", birth_settlement=" ")
        places = [place for place, _ in faults(await create(doctor, db, details))]
        assert places == ["$.person.birth_settlement", "$.person.email"]

    async def test_member_when_nobody_knows_it_then_named(self, doctor: Caller) -> None:
        answer = await doctor.post(PATH, body(person_of(adult()) | {"names": []}))
        assert [place for place, _ in faults(answer)] == ["$.person.names"]

    # DC-6
    async def test_newer_request_then_the_older_one_ends(self, doctor: Caller, db: Connection) -> None:
        first = answered(await create(doctor, db), 201)["data"]["id"]
        db_moved = await create(doctor, db)
        assert answered(db_moved, 201)["data"]["id"] != first
        assert answered(await doctor.get(f"{PATH}/{first}"))["data"]["status"] == "CANCELLED"

    async def test_codes_when_one_phone_got_too_many_then_refused(self, doctor: Caller, db: Connection) -> None:
        for _ in range(12):
            answered(await create(doctor, db), 201)
        refused(await create(doctor, db), 429, "too_many_requests")

    # OT-4
    async def test_codes_when_one_phone_got_too_many_in_a_day_then_refused(
        self, doctor: Caller, db: Connection, clock: FixedClock
    ) -> None:
        for _ in range(30):
            clock.forward(timedelta(minutes=10))
            answered(await create(doctor, db), 201)
        clock.forward(timedelta(hours=2))
        answer = await create(doctor, db)
        refused(answer, 429, "too_many_requests")
        assert answer.headers["Retry-After"] == str(24 * 60 * 60)
        clock.forward(timedelta(hours=24))
        answered(await create(doctor, db), 201)

    # OT-4
    async def test_codes_when_too_many_about_one_person_in_a_day_then_refused_to_every_phone(
        self, doctor: Caller, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        person = await make_adult(work)
        changed = body(person_of(adult(), person.id))
        for _ in range(30):
            clock.forward(timedelta(minutes=10))
            answered(await doctor.post(PATH, changed), 201)
        clock.forward(timedelta(hours=2))
        await db.execute("update authentication_methods set phone_number = '+380671239999'")
        refused(await doctor.post(PATH, changed), 429, "too_many_requests")

    # OT-4
    async def test_codes_when_sent_anew_for_older_requests_then_counted_too(
        self, doctor: Caller, db: Connection, clock: FixedClock
    ) -> None:
        shared = adult().authentication_methods
        made = [await create(doctor, db, adult(n, authentication_methods=shared)) for n in range(1, 13)]
        sent = [f"/api/person_requests/{answered(each, 201)['data']['id']}/actions/resend_otp" for each in made]
        clock.forward(timedelta(hours=1))
        for path in sent:
            answered(await doctor.post(path))
        clock.forward(timedelta(minutes=1))
        for path in sent:
            refused(await doctor.post(path), 429, "too_many_requests")


class TestApprove:
    async def test_right_code_then_form_to_sign(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        assert (data["status"], data["patient_signed"]) == ("APPROVED", False)
        assert "Їжакевич Дем&#x27;ян Ґонтович" in data["content"]

    async def test_code_when_used_twice_then_conflict(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        code = {"verification_code": await code_sent_to(db, PHONE)}
        answer = await doctor.patch(f"{PATH}/{data['id']}/actions/approve", code)
        refused(answer, 409, "request_conflict", "Invalid transition")

    # OT-2
    async def test_code_when_wrong_three_times_then_the_right_one_serves_no_more(
        self, doctor: Caller, db: Connection
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        right = await code_sent_to(db, PHONE)
        wrong = {"verification_code": 1000 if right != 1000 else 1001}
        for _ in range(3):
            answer = await doctor.patch(f"{PATH}/{id}/actions/approve", wrong)
            refused(answer, 422, "forbidden", "Invalid verification code")
        answer = await doctor.patch(f"{PATH}/{id}/actions/approve", {"verification_code": right})
        refused(answer, 403, "forbidden", "Maximum attempts exceed")

    # DC-15
    @pytest.mark.parametrize("empty", [{}, []])
    async def test_code_when_absent_then_required_and_no_try(
        self, doctor: Caller, db: Connection, empty: object
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        for _ in range(4):
            assert [place for place, _ in faults(await doctor.patch(f"{PATH}/{id}/actions/approve", empty))] == [
                "$.verification_code"
            ]
        code = {"verification_code": await code_sent_to(db, PHONE)}
        answered(await doctor.patch(f"{PATH}/{id}/actions/approve", code), 201)

    async def test_code_when_its_time_is_over_then_expired(
        self, doctor: Caller, db: Connection, clock: FixedClock
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        clock.forward(timedelta(minutes=15))
        code = {"verification_code": await code_sent_to(db, PHONE)}
        answer = await doctor.patch(f"{PATH}/{id}/actions/approve", code)
        refused(answer, 403, "forbidden", "Verification code expired")

    async def test_by_another_clinic_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        code = {"verification_code": await code_sent_to(db, PHONE)}
        refused(await foreign_doctor.patch(f"{PATH}/{id}/actions/approve", code), 404, "not_found")

    # DC-26
    async def test_request_when_its_day_is_over_then_cancelled(
        self, doctor: Caller, db: Connection, clock: FixedClock
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        clock.forward(timedelta(days=1))
        code = {"verification_code": await code_sent_to(db, PHONE)}
        refused(await doctor.patch(f"{PATH}/{id}/actions/approve", code), 409, "request_conflict")
        assert answered(await doctor.get(f"{PATH}/{id}"))["data"]["status"] == "CANCELLED"


class TestResend:
    """DC-13"""

    async def test_then_only_the_new_code_counts(self, doctor: Caller, db: Connection, clock: FixedClock) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        old = await code_sent_to(db, PHONE)
        clock.forward(timedelta(minutes=1))
        data = answered(await doctor.post(f"/api/person_requests/{id}/actions/resend_otp"))["data"]
        assert (data["id"], data["status"], data["active"]) == (id, "NEW", True)
        new = await code_sent_to(db, PHONE)
        if new != old:
            answer = await doctor.patch(f"{PATH}/{id}/actions/approve", {"verification_code": old})
            refused(answer, 422, "forbidden")
        answered(await doctor.patch(f"{PATH}/{id}/actions/approve", {"verification_code": new}), 201)

    async def test_at_once_then_too_early(self, doctor: Caller, db: Connection) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        answer = await doctor.post(f"/api/person_requests/{id}/actions/resend_otp")
        refused(answer, 429, "too_many_requests")

    async def test_when_approved_then_conflict(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        answer = await doctor.post(f"/api/person_requests/{data['id']}/actions/resend_otp")
        refused(answer, 409, "request_conflict")

    async def test_when_papers_are_shown_then_forbidden(self, doctor: Caller, db: Connection) -> None:
        id = (await create(doctor, db, adult(authentication_methods=OFFLINE))).json()["data"]["id"]
        answer = await doctor.post(f"/api/person_requests/{id}/actions/resend_otp")
        refused(answer, 403, "forbidden")

    async def test_by_another_clinic_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        answer = await foreign_doctor.post(f"/api/person_requests/{id}/actions/resend_otp")
        refused(answer, 404, "not_found")


class TestSign:
    """DC-12, DC-19"""

    async def test_then_person_is_registered(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        signed = answered(await sign(doctor, data))["data"]
        assert (signed["id"], signed["status"]) == (data["id"], "SIGNED")
        person = await people.find_person(db, UUID(signed["person_id"]))
        assert (person.tax_id, person.last_name, person.patient_signed) == (adult().tax_id, "Їжакевич", True)
        (method,) = await people.authentication_methods(db, person.id)
        assert (method.type, method.phone_number) == (people.AuthenticationType.OTP, PHONE)
        events = await db.fetch("select event from audit_events where patient_id = $1 order by event", person.id)
        assert [row["event"] for row in events] == ["person.created", "person_request.signed"]

    async def test_twice_then_conflict(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        answered(await sign(doctor, data))
        refused(await sign(doctor, data), 409, "request_conflict", "Invalid transition")

    async def test_before_it_is_approved_then_conflict(self, doctor: Caller, db: Connection) -> None:
        data = (await create(doctor, db)).json()["data"]
        refused(await sign(doctor, data), 409, "request_conflict", "Invalid transition")

    async def test_by_the_key_of_a_colleague_then_refused(
        self, doctor: Caller, registrar: Caller, db: Connection
    ) -> None:
        data = await approved(doctor, db)
        document = registrar.sign({**data, "patient_signed": True})
        answer = await doctor.patch(f"{PATH}/{data['id']}/actions/sign", {"signed_content": document})
        assert faults(answer) == [("$.signed_content", "Does not match the signer drfo")]

    async def test_by_a_receptionist_then_taken(self, doctor: Caller, registrar: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        answered(await sign(registrar, data))

    async def test_by_another_clinic_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        refused(await sign(foreign_doctor, await approved(doctor, db)), 404, "not_found")

    async def test_without_the_sign_of_the_person_then_refused(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        answer = await sign(doctor, data, patient_signed=False)
        assert [place for place, _ in faults(answer)] == ["$.patient_signed"]

    @pytest.mark.parametrize("change", [{"content": "<p>Інше</p>"}, {"channel": "PIS"}, {"status": "SIGNED"}])
    async def test_content_when_changed_then_refused_and_nobody_registered(
        self, doctor: Caller, db: Connection, change: dict[str, Any]
    ) -> None:
        data = await approved(doctor, db)
        answer = await sign(doctor, data, **change)
        refused(answer, 422, "validation_failed")
        assert await people.find_person_by_tax_id(db, adult().tax_id or "") is None

    async def test_person_when_registered_meanwhile_then_conflict(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        data = await approved(doctor, db)
        await make_adult(work)
        refused(await sign(doctor, data), 409, "request_conflict", "Such person already exists")

    async def test_over_midnight_of_the_fourteenth_birthday_then_what_was_shown_is_signed(
        self, doctor: Caller, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        """Judged by the day on which it was told: the parent confirmed it, and a new form would say another thing."""
        parent = await make_adult(work)
        born = work.today.replace(year=work.today.year - 14) + timedelta(days=1)
        young = replace(child(work, parent), birth_date=born)
        young = replace(young, documents=(replace_born(young, born),))
        made = (await create(doctor, db, young)).json()["data"]
        code = {"verification_code": await code_sent_to(db, PHONE)}
        data = (await doctor.patch(f"{PATH}/{made['id']}/actions/approve", code)).json()["data"]
        clock.moment = NOW + timedelta(hours=13)  # 01:00 in Kyiv
        answered(await sign(doctor, data))


def replace_born(details: people.PersonDetails, born: Any) -> people.Document:
    paper = details.documents[0]
    return people.Document(paper.type, paper.number, paper.issued_by, born)


class TestReject:
    """DC-1"""

    async def test_then_over(self, doctor: Caller, db: Connection) -> None:
        data = await approved(doctor, db)
        answer = await doctor.patch(f"{PATH}/{data['id']}/actions/reject")
        assert answered(answer, 201)["data"]["status"] == "REJECTED"
        refused(await sign(doctor, data), 409, "request_conflict")
        refused(await doctor.patch(f"{PATH}/{data['id']}/actions/reject"), 409, "request_conflict")

    async def test_by_another_clinic_then_not_found(
        self, doctor: Caller, foreign_doctor: Caller, db: Connection
    ) -> None:
        id = (await create(doctor, db)).json()["data"]["id"]
        refused(await foreign_doctor.patch(f"{PATH}/{id}/actions/reject"), 404, "not_found")
