"""Invitations to work: signed, mailed, answered, listed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from esoz.central import identity, workforce
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, NotFound, Rejected
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.people import tax_id
from tests.factories.registries import last_mail, with_scopes
from tests.factories.world import Caller, World

PATH = "/api/v2/employee_requests"
LIST = "/api/employee_requests"
EMAIL = "newcomer@esoz.example"
NEWCOMER = tax_id(330_000_001)
PASSWORD = "Дуже-Довгий-Пароль-26"


def told(owner: Caller, party: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """What a clinic signs to invite a doctor."""
    speciality = {
        "speciality": "THERAPIST",
        "speciality_officio": True,
        "level": "FIRST",
        "qualification_type": "AWARDING",
        "attestation_name": "Академія",
        "attestation_date": "2017-02-28",
        "certificate_number": "AB/21331",
    }
    education = {
        "country": "UA",
        "city": "Київ",
        "institution_name": "Академія",
        "diploma_number": "DD123543",
        "degree": "MASTER",
        "speciality": "Терапевт",
    }
    person = {
        "first_name": "Нова",
        "last_name": "Лікарка",
        "tax_id": NEWCOMER,
        "no_tax_id": False,
        "email": EMAIL,
        "birth_date": "1990-05-07",
        "gender": "FEMALE",
        "documents": [{"type": "PASSPORT", "number": "АА120518"}],
        "phones": [{"type": "MOBILE", "number": "+380671112233"}],
    }
    content = {
        "position": "P7",
        "start_date": "2026-11-01",
        "status": "NEW",
        "employee_type": "DOCTOR",
        "division_id": str(owner.division_id),
        "party": person | (party or {}),
        "doctor": {"educations": [education], "specialities": [speciality]},
    }
    return {"employee_request": {name: value for name, value in (content | changes).items() if value is not None}}


def body(document: str) -> dict[str, str]:
    return {"signed_content": document, "signed_content_encoding": "base64"}


@pytest.fixture
def owner(world: World) -> Caller:
    return world.owner


@pytest.fixture
async def request_(owner: Caller) -> dict[str, Any]:
    data: dict[str, Any] = answered(await owner.post(PATH, body(owner.sign(told(owner)))))["data"]
    return data


async def newcomer(work: Work, like: Caller, *, email: str = EMAIL) -> Caller:
    """Somebody with an account of this e-mail and a session, without any role."""
    user = await identity.create_user(work, email=email, password=None, tax_id=NEWCOMER)
    return await with_scopes(work, replace(like, user_id=user.id))


class TestCreate:
    async def test_signed_then_stored_and_the_link_mailed(
        self, owner: Caller, request_: dict[str, Any], db: Connection
    ) -> None:
        expected = told(owner)["employee_request"]
        assert request_ == expected | {
            "id": request_["id"],
            "legal_entity_id": str(owner.client_id),
            "status": "NEW",
            "start_date": "2026-11-01",
            "inserted_at": "2026-11-22T10:00:00Z",
            "updated_at": "2026-11-22T10:00:00Z",
            "party": {name: value for name, value in expected["party"].items() if name != "no_tax_id"},
        }
        mail = await last_mail(db, EMAIL)
        assert "«Калина»" in mail
        assert f"https://api.test/invitations/{request_['id']}." in mail
        assert "до 21.12.2026" in mail

    # AD-1, DV-2, DV-3
    @pytest.mark.parametrize(
        ("changes", "entry", "words"),
        [
            ({"status": "APPROVED"}, "$.employee_request.status", "value is not allowed in enum"),
            ({"employee_type": "PHARMACIST"}, "$.employee_request.doctor", "field doctor is not allowed"),
            ({"employee_type": "HR"}, "$.employee_request.doctor", "field doctor is not allowed"),
            (
                {"employee_type": "SPECIALIST", "doctor": None},
                "$.employee_request.employee_type",
                "value is not allowed in enum",
            ),
            ({"doctor": None}, "$.employee_request.doctor", "required property doctor was not present"),
            ({"division_id": None}, "$.employee_request.division_id", "required property division_id was not present"),
            ({"division_id": str(UUID(int=1))}, "$.employee_request.division_id", "Division does not exist"),
            ({"employee_id": str(UUID(int=1))}, "$.employee_request.employee_id", "Employee not found"),
            ({"party": {"tax_id": "1234567890"}}, "$.employee_request.party.tax_id", "invalid tax_id value"),
            (
                {"party": {"phones": [{"type": "MOBILE", "number": "112"}]}},
                "$.employee_request.party.phones[0].number",
                r"string does not match pattern \+38[0-9]{10}",
            ),
            (
                {"party": {"gender": "CAT"}},
                "$.employee_request.party.gender",
                "value is not allowed in dictionary GENDER",
            ),
        ],
    )
    async def test_wrong_field_then_named(self, owner: Caller, changes: dict[str, Any], entry: str, words: str) -> None:
        response = await owner.post(PATH, body(owner.sign(told(owner, **changes))))
        assert (entry, words) in faults(response)

    # EM-2
    async def test_block_of_another_type_with_a_wrong_code_then_named_there(self, owner: Caller) -> None:
        block = told(owner)["employee_request"]["doctor"]
        block["educations"][0]["degree"] = "WIZARD"
        content = told(owner, employee_type="ASSISTANT", doctor=None, assistant=block)
        place = "$.employee_request.assistant.educations[0].degree"
        assert [entry for entry, _ in faults(await owner.post(PATH, body(owner.sign(content))))] == [place]

    # EM-10
    async def test_owner_then_conflict(self, owner: Caller) -> None:
        content = told(owner, employee_type="OWNER", doctor=None)
        words = "Forbidden to create OWNER"
        refused(await owner.post(PATH, body(owner.sign(content))), 409, "request_conflict", words)

    # EM-13
    async def test_signed_by_somebody_else_then_refused(self, owner: Caller, doctor: Caller) -> None:
        response = await owner.post(PATH, body(doctor.sign(told(owner))))
        assert faults(response) == [("$.signed_content", "Does not match the signer drfo")]

    # EM-8
    async def test_legal_entity_does_not_act_then_conflict(self, owner: Caller, db: Connection) -> None:
        await db.execute("update legal_entities set status = 'SUSPENDED' where id = $1", owner.client_id)
        response = await owner.post(PATH, body(owner.sign(told(owner))))
        refused(response, 409, "request_conflict", "Legal entity is not active")

    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.post(PATH, body("x")), 403, "forbidden")

    async def test_without_token_is_denied(self, owner: Caller) -> None:
        refused(await replace(owner, token="").post(PATH, body("x")), 401, "access_denied")


class TestAnswer:
    @staticmethod
    def path(request: dict[str, Any], action: str = "approve") -> str:
        return f"/employee_requests/{request['id']}/actions/{action}"

    # EM-19
    async def test_approved_then_employee_party_and_role(
        self, owner: Caller, request_: dict[str, Any], work: Work, db: Connection
    ) -> None:
        who = await newcomer(work, owner)
        assert answered(await who.post(self.path(request_)))["data"]["status"] == "APPROVED"
        party = await workforce.party_of_user(db, who.user_id)
        assert (party.tax_id, party.email) == (NEWCOMER, EMAIL)
        [employee] = await workforce.employees_of_user(db, who.user_id, owner.client_id)
        assert (employee.employee_type, employee.speciality) == ("DOCTOR", "THERAPIST")
        assert employee.start_date == date(2026, 11, 1)
        roles = await db.fetch("select role from user_roles where user_id = $1", who.user_id)
        assert [row["role"] for row in roles] == ["DOCTOR"]
        words = "Employee request status is APPROVED and cannot be updated"
        refused(await who.post(self.path(request_)), 409, "request_conflict", words)

    async def test_by_a_session_without_any_client_then_approved(
        self, owner: Caller, request_: dict[str, Any], work: Work
    ) -> None:
        who = await newcomer(work, owner)
        session = await identity.issue_session(work, who.user_id, None, identity.AUTHORIZE)
        answered(await replace(who, token=session.value).post(self.path(request_)))

    async def test_rejected_then_nobody_is_hired(
        self, owner: Caller, request_: dict[str, Any], work: Work, db: Connection
    ) -> None:
        who = await newcomer(work, owner)
        assert answered(await who.post(self.path(request_, "reject")))["data"]["status"] == "REJECTED"
        assert await workforce.employees_of_user(db, who.user_id, owner.client_id) == []
        refused(await who.post(self.path(request_)), 409, "request_conflict")

    # EM-15
    async def test_by_somebody_else_is_forbidden(self, owner: Caller, request_: dict[str, Any], work: Work) -> None:
        refused(await owner.post(self.path(request_)), 403, "forbidden")
        other = await newcomer(work, owner, email="other@esoz.example")
        refused(await other.post(self.path(request_, "reject")), 403, "forbidden")

    async def test_too_late_is_forbidden(
        self, owner: Caller, request_: dict[str, Any], work: Work, clock: FixedClock
    ) -> None:
        who = await newcomer(work, owner)
        clock.forward(timedelta(days=29))
        refused(await who.post(self.path(request_)), 403, "forbidden", "Employee request is expired")

    async def test_account_of_another_human_being_then_conflict(
        self, owner: Caller, request_: dict[str, Any], work: Work, db: Connection
    ) -> None:
        who = await newcomer(work, owner)
        await db.execute("update users set tax_id = $2 where id = $1", who.user_id, tax_id(5))
        words = "Email is already used by another person"
        refused(await who.post(self.path(request_)), 409, "request_conflict", words)

    async def test_division_closed_meanwhile_then_named(
        self, owner: Caller, request_: dict[str, Any], work: Work, db: Connection
    ) -> None:
        await db.execute("update divisions set status = 'INACTIVE' where id = $1", owner.division_id)
        who = await newcomer(work, owner)
        words = "Division is not active"
        assert faults(await who.post(self.path(request_))) == [("$.employee_request.division_id", words)]

    async def test_unknown_request_or_action_is_not_found(self, owner: Caller, request_: dict[str, Any]) -> None:
        refused(await owner.post(self.path({"id": UUID(int=1)})), 404, "not_found")
        refused(await owner.post(self.path(request_, "forget")), 404, "not_found")

    async def test_without_token_is_denied(self, owner: Caller, request_: dict[str, Any]) -> None:
        refused(await replace(owner, token="").post(self.path(request_)), 401, "access_denied")


class TestUpdateOfEmployee:
    async def test_same_human_being_then_changed_in_place(
        self, owner: Caller, doctor: Caller, work: Work, db: Connection
    ) -> None:
        before = await workforce.find_employee(db, doctor.employee_id or UUID(int=0))
        party = {
            "tax_id": doctor.tax_id,
            "birth_date": before.party.birth_date.isoformat(),
            "email": before.party.email,
            "last_name": "Нове",
        }
        content = told(
            owner, party, employee_id=str(doctor.employee_id), start_date=before.start_date.isoformat(), position="P8"
        )
        made = answered(await owner.post(PATH, body(owner.sign(content))))["data"]
        answered(await doctor.post(f"/employee_requests/{made['id']}/actions/approve"))
        after = await workforce.find_employee(db, before.id)
        assert (after.position, after.speciality, after.party.last_name) == ("P8", "THERAPIST", "Нове")
        assert (after.party.id, after.start_date, after.party.declaration_count) == (
            before.party.id,
            before.start_date,
            1,
        )

    # EM-12, EM-17
    async def test_passport_in_another_spelling_then_the_same_human_being(
        self, owner: Caller, doctor: Caller, work: Work, db: Connection
    ) -> None:
        known = await workforce.find_employee(db, doctor.employee_id or UUID(int=0))
        numbers = "update parties set no_tax_id = true, tax_id = 'КС000017' where id = $1"
        await db.execute(numbers, known.party.id)
        await db.execute("update users set tax_id = 'КС000017' where id = $1", doctor.user_id)
        party = {"tax_id": "KC000017", "no_tax_id": True, "birth_date": known.party.birth_date.isoformat()}
        party["email"] = known.party.email
        content = told(owner, party, employee_id=str(known.id), start_date=known.start_date.isoformat())
        made = answered(await owner.post(PATH, body(owner.sign(content))))["data"]
        answered(await doctor.post(f"/employee_requests/{made['id']}/actions/approve"))
        assert (await workforce.find_employee(db, known.id)).party.id == known.party.id

    # EM-12
    @pytest.mark.parametrize(
        ("party", "changes", "words"),
        [
            ({}, {}, "tax_id doesn't match"),
            ({"tax_id": None}, {"start_date": "2026-11-02"}, "start_date doesn't match"),
            ({"tax_id": None, "birth_date": "1990-05-08"}, {}, "birth_date doesn't match"),
        ],
    )
    async def test_another_human_being_then_conflict(
        self, owner: Caller, doctor: Caller, db: Connection, party: dict[str, Any], changes: dict[str, Any], words: str
    ) -> None:
        known = await workforce.find_employee(db, doctor.employee_id or UUID(int=0))
        own = {"birth_date": known.party.birth_date.isoformat()}
        same = {name: value if value is not None else known.party.tax_id for name, value in (own | party).items()}
        content = told(
            owner, same, **{"employee_id": str(known.id), "start_date": known.start_date.isoformat()} | changes
        )
        refused(await owner.post(PATH, body(owner.sign(content))), 409, "request_conflict", words)

    async def test_dismissed_then_conflict(self, owner: Caller, doctor: Caller, db: Connection) -> None:
        await db.execute("update employees set status = 'DISMISSED' where id = $1", doctor.employee_id)
        content = told(owner, employee_id=str(doctor.employee_id))
        response = await owner.post(PATH, body(owner.sign(content)))
        refused(response, 409, "request_conflict", "employee is dismissed")


class TestInvitation:
    async def test_link_of_the_mail_then_account_and_employee(
        self, owner: Caller, request_: dict[str, Any], work: Work, db: Connection
    ) -> None:
        token = (await last_mail(db, EMAIL)).split("/invitations/", 1)[1].split()[0]
        assert (await workforce.read_invitation(work, token)).status == "NEW"
        with pytest.raises(Rejected):
            await workforce.accept_invitation(work, token, password="коротко")
        done = await workforce.accept_invitation(work, token, password=PASSWORD)
        assert done.status == "APPROVED"
        user = await identity.user_by_email(db, EMAIL)
        assert user is not None
        assert user.tax_id == NEWCOMER
        with pytest.raises(Conflict):
            await workforce.accept_invitation(work, token, password=PASSWORD)

    async def test_made_up_link_is_not_found(self, request_: dict[str, Any], work: Work) -> None:
        for token in ("x", f"{request_['id']}.abc", f"{request_['id']}"):
            with pytest.raises(NotFound):
                await workforce.read_invitation(work, token)

    # EM-16
    async def test_nobody_answers_then_it_expires(self, request_: dict[str, Any], work: Work, db: Connection) -> None:
        [(_, _, task)] = workforce.periodic_tasks
        await task(replace(work, now=work.now + timedelta(days=28)))
        assert await db.fetchval("select status from employee_requests") == "NEW"
        await task(replace(work, now=work.now + timedelta(days=29)))
        assert await db.fetchval("select status from employee_requests") == "EXPIRED"


class TestReads:
    async def test_clinic_sees_its_own_by_every_filter(
        self, owner: Caller, request_: dict[str, Any], foreign_doctor: Caller
    ) -> None:
        shown = {
            "id": request_["id"],
            "status": "NEW",
            "inserted_at": "2026-11-22T10:00:00Z",
            "edrpou": "40000013",
            "legal_entity_name": "КНП «Центр первинної допомоги «Калина»",
            "no_tax_id": False,
            "first_name": "Нова",
            "last_name": "Лікарка",
        }
        query = {
            "id": request_["id"],
            "edrpou": "40000013",
            "legal_entity_name": "калина",
            "no_tax_id": "false",
            "status": "NEW",
        }
        assert answered(await owner.get(LIST, **query))["data"] == [shown]
        for other in ({"status": "APPROVED"}, {"no_tax_id": "true"}, {"edrpou": "1"}, {"legal_entity_name": "волошка"}):
            assert answered(await owner.get(LIST, **other))["data"] == []
        assert answered(await foreign_doctor.get(LIST))["data"] == []

    async def test_overdue_then_shown_as_expired(
        self, owner: Caller, request_: dict[str, Any], clock: FixedClock
    ) -> None:
        clock.forward(timedelta(days=29))
        assert answered(await owner.get(LIST, status="EXPIRED"))["data"][0]["status"] == "EXPIRED"
        assert answered(await owner.get(LIST, status="NEW"))["data"] == []
        assert answered(await owner.get(f"{LIST}/{request_['id']}"))["data"]["status"] == "EXPIRED"

    async def test_one_then_whole_with_the_user_who_may_answer(
        self, owner: Caller, request_: dict[str, Any], work: Work, foreign_doctor: Caller
    ) -> None:
        path = f"{LIST}/{request_['id']}"
        found = answered(await owner.get(path))
        assert (found["data"], found["urgent"]) == (request_, {})
        who = await newcomer(work, owner)
        assert answered(await owner.get(path))["urgent"] == {"user_id": str(who.user_id)}
        refused(await foreign_doctor.get(path), 404, "not_found")

    async def test_without_scope_is_forbidden(self, world: World) -> None:
        refused(await world.registrar.get(LIST), 403, "forbidden")
        refused(await world.registrar.get(f"{LIST}/{UUID(int=1)}"), 403, "forbidden")
        refused(await world.owner.get(f"/api/mis/employee_requests/{UUID(int=1)}"), 403, "forbidden")
