"""Who speaks for a child signs them in or registers them; a register of the state must know the relation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import people, pis
from esoz.central.pis.periodic import end_tokens_without_relation
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.contract.checker import must_be_as_published
from tests.factories.world import CABINET_KEY, Caller

from .test_sign_up import SECRET, Cabinet, cabinet, newcomer, registration  # noqa: F401 fixtures

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments

CHILD_BORN = date(2020, 5, 4)
PAPER = "1-БК 123456"


@pytest.fixture
def parent(patient: Caller) -> Caller:
    """The adult of the world who has a КЕП and a token of their cabinet."""
    return patient


@pytest.fixture
async def act(parent: Caller, work: Work) -> pis.CivilAct:
    """The register of births knows the child and this parent."""
    found = pis.CivilAct(uuid4(), pis.ActKind.BIRTH, PAPER, "Малюк", "Марічка", CHILD_BORN, frozenset({parent.tax_id}))
    await pis.import_civil_acts(work, [found])
    return found


async def child(parent: Caller, newcomer: Caller, cabinet: Cabinet, **changes: Any) -> dict[str, Any]:
    """What a parent signs to register their child."""
    told = await registration(newcomer, cabinet)
    paper = {"type": "BIRTH_CERTIFICATE", "number": PAPER, "issued_by": "РАЦС", "issued_at": "2020-05-20"}
    about = {name: value for name, value in told["person"].items() if name not in ("tax_id", "authentication_methods")}
    about |= {
        "first_name": "Марічка",
        "last_name": "Малюк",
        "second_name": None,
        "birth_date": CHILD_BORN.isoformat(),
        "gender": "FEMALE",
        "no_tax_id": False,
        "documents": [paper],
        "confidant_person": {
            "person_id": str(parent.person_id),
            "relation_type": "PRIMARY",
            "documents_relationship": [paper],
        },
    }
    about = {name: value for name, value in (about | changes).items() if value is not None}
    return {"person": about, "patient_signed": True, "process_disclosure_data_consent": True}


class TestSignUpAtTrustedCabinet:
    PATH = "/api/pis/confidant/sign-up"

    async def test_child_is_registered_and_the_parent_acts_for_them(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct, db: Connection
    ) -> None:
        response = await cabinet.send(self.PATH, parent.sign(await child(parent, newcomer, cabinet)))
        data = answered(response, 201)["data"]
        assert data["token"]["details"]["applicant_person_id"] == str(parent.person_id)
        assert (await cabinet.own(response))["id"] == data["person"]["id"] != str(parent.person_id)
        relation = await db.fetchrow(
            "select confidant_person_id, is_active from confidant_person_relationships where person_id = $1",
            UUID(data["person"]["id"]),
        )
        assert tuple(relation) == (parent.person_id, True)
        told = await db.fetchval("select facts ->> 'applicant' from audit_events where event = 'patient.signed_up_for'")
        assert told == str(parent.person_id)

    async def test_relation_that_no_register_knows_is_not_confirmed(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, db: Connection
    ) -> None:
        before = await db.fetchval("select count(*) from persons")
        response = await cabinet.send(self.PATH, parent.sign(await child(parent, newcomer, cabinet)))
        refused(response, 409, "request_conflict", "Can’t confirm relationship")
        assert await db.fetchval("select count(*) from persons") == before

    @pytest.mark.parametrize(
        "changes",
        [
            {"tax_ids": frozenset({"3126509816"})},
            {"ends_on": date(2026, 11, 21)},
            {"first_name": "Оленка"},
            {"birth_date": date(2020, 5, 5)},
            {"number": "1-БК 654321"},
        ],
        ids=["of others", "ended", "other child", "other day", "other paper"],
    )
    async def test_act_that_says_something_else_confirms_nothing(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct, work: Work, changes: Any
    ) -> None:
        await pis.import_civil_acts(work, [replace(act, **changes)])
        response = await cabinet.send(self.PATH, parent.sign(await child(parent, newcomer, cabinet)))
        refused(response, 409, "request_conflict", "Can’t confirm relationship")

    async def test_registering_the_same_child_again_is_conflict(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct
    ) -> None:
        signed = parent.sign(await child(parent, newcomer, cabinet))
        await cabinet.send(self.PATH, signed)
        refused(await cabinet.send(self.PATH, signed), 409, "request_conflict", "Such person already exists")

    async def test_somebody_else_named_as_confidant_is_refused_at_the_field(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct, world: Any
    ) -> None:
        content = await child(parent, newcomer, cabinet)
        content["person"]["confidant_person"]["person_id"] = str(world.persons[3].id)
        found = faults(await cabinet.send(self.PATH, parent.sign(content)))
        assert found == [("$.person.confidant_person.person_id", "Confidant person must be the signer")]

    async def test_without_consent_is_refused(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct
    ) -> None:
        content = await child(parent, newcomer, cabinet) | {"patient_signed": False}
        assert faults(await cabinet.send(self.PATH, parent.sign(content)))[0][0] == "$.patient_signed"

    async def test_unknown_signer_is_conflict(
        self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct
    ) -> None:
        response = await cabinet.send(self.PATH, newcomer.sign(await child(parent, newcomer, cabinet)))
        refused(response, 409, "request_conflict", "Person is not found")


class Steps:
    """The steps of a cabinet that redirects: its people are known to central's pages by their token."""

    def __init__(self, parent: Caller) -> None:
        assert parent.client is not None
        self.http, self.parent = parent.client, parent

    async def send(self, path: str, token: str = "", **body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token or self.parent.token}"}
        given = {"signed_content_encoding": "base64"} | body
        response = await self.http.post(f"/api/pis/confidant/{path}", json=given, headers=headers)
        must_be_as_published(response)
        return response


@pytest.fixture
def steps(parent: Caller) -> Steps:
    return Steps(parent)


class TestStepsOfRedirect:
    async def test_validated_registration_is_carried_out_and_its_session_authorises_the_cabinet(
        self, steps: Steps, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct, db: Connection
    ) -> None:
        signed = parent.sign(await child(parent, newcomer, cabinet))
        found = answered(await steps.send("sign-up_validation", signed_content=signed))["data"]
        assert found["person"]["confidant_person"]["person_id"] == str(parent.person_id)
        assert await db.fetchval("select count(*) from persons where last_name = 'Малюк'") == 0
        made = answered(await steps.send("register", signed_content=signed, jwt=found["token"]), 201)["data"]
        assert made["person"]["authentication_methods"] == [{"type": "THIRD_PERSON", "value": str(parent.person_id)}]
        access = await authorised(steps, cabinet, made["access_token"])
        assert access["details"]["applicant_user_id"] == str(parent.user_id)
        assert (await cabinet.own(httpx.Response(201, json={"data": access})))["id"] == made["person"]["id"]

    async def test_validation_of_one_child_registers_no_other(
        self, steps: Steps, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct
    ) -> None:
        first = await child(parent, newcomer, cabinet)
        token = (await steps.send("sign-up_validation", signed_content=parent.sign(first))).json()["data"]["token"]
        second = await child(parent, newcomer, cabinet, secret="інше слово")
        response = await steps.send("register", signed_content=parent.sign(second), jwt=token)
        assert faults(response) == [("$.signed_content", "Signed content does not match the validated one")]

    async def test_registration_signed_by_somebody_else_is_refused(
        self, steps: Steps, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct
    ) -> None:
        signed = newcomer.sign(await child(parent, newcomer, cabinet))
        response = await steps.send("sign-up_validation", signed_content=signed)
        assert faults(response) == [("$.signed_content", "Does not match the signer drfo")]

    async def test_made_up_jwt_registers_nobody(
        self, steps: Steps, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct
    ) -> None:
        signed = parent.sign(await child(parent, newcomer, cabinet))
        refused(await steps.send("register", signed_content=signed, jwt=await cabinet.jwt()), 401, "jwt_invalid")


async def authorised(steps: Steps, cabinet: Cabinet, session: str) -> Any:
    """The tokens that the cabinet gets for a session, by consent and code."""
    asked = {
        "client_id": str(steps.parent.client_id),
        "redirect_uri": "https://cabinet.test",
        "scope": "person:sign_in",
    }
    headers = {"API-key": CABINET_KEY, "Authorization": f"Bearer {session}"}
    response = await steps.http.post("/oauth/apps/authorize", json={"app": asked}, headers=headers)
    token = {
        "grant_type": "authorization_code",
        "client_id": asked["client_id"],
        "client_secret": SECRET,
        "code": answered(response, 201)["data"]["value"],
        "redirect_uri": asked["redirect_uri"],
    }
    return answered(await steps.http.post("/oauth/tokens", json={"token": token}), 201)["data"]


class TestLogInFor:
    @pytest.fixture
    async def ward(self, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct) -> str:
        response = await cabinet.send("/api/pis/confidant/sign-up", parent.sign(await child(parent, newcomer, cabinet)))
        return str(response.json()["data"]["person"]["id"])

    def asked(self, parent: Caller, **changes: Any) -> dict[str, Any]:
        named = {
            "last_name": "Малюк",
            "given_name": "Марічка",
            "document": {"type": "BIRTH_CERTIFICATE", "number": PAPER},
        }
        return {
            "signed_content": parent.sign(named | changes),
            "client_id": str(parent.client_id),
            "grant_type": "pis-auth",
            "scope": "app:authorize",
        }

    async def test_session_opens_the_record_of_the_child_after_consent(
        self, steps: Steps, cabinet: Cabinet, parent: Caller, ward: str
    ) -> None:
        data = answered(await steps.send("login", **self.asked(parent)), 201)["data"]
        assert data["token"]["details"]["applicant_person_id"] == str(parent.person_id)
        access = await authorised(steps, cabinet, data["access_token"])
        assert (await cabinet.own(httpx.Response(201, json={"data": access})))["id"] == ward

    async def test_somebody_not_spoken_for_is_refused(self, steps: Steps, parent: Caller, ward: str) -> None:
        response = await steps.send("login", **self.asked(parent, given_name="Оленка"))
        refused(response, 403, "forbidden", "Relation between persons is not found")

    async def test_other_scope_or_grant_is_refused(self, steps: Steps, parent: Caller, ward: str) -> None:
        asked = self.asked(parent)
        assert (await steps.send("login", **asked | {"scope": "person:sign_in"})).status_code == 422
        assert (await steps.send("login", **asked | {"grant_type": "password"})).status_code == 422

    async def test_worker_s_client_is_no_cabinet(self, steps: Steps, parent: Caller, ward: str, doctor: Caller) -> None:
        response = await steps.send("login", **self.asked(parent) | {"client_id": str(doctor.client_id)})
        assert response.status_code == 422

    async def test_tokens_end_with_the_relation(
        self, cabinet: Cabinet, parent: Caller, ward: str, work: Work, db: Connection
    ) -> None:
        live = "select count(*) from tokens where applicant_user_id is not null and expires_at > $1"
        await end_tokens_without_relation(work)
        assert await db.fetchval(live, work.now) == 2
        await db.execute("update confidant_person_relationships set active_to = $1", work.today - timedelta(days=1))
        await end_tokens_without_relation(work)
        assert await db.fetchval(live, work.now) == 0


class TestComingOfAge:
    """Parents speak for a child until the 18th birthday in Kyiv; a guardian of an adult keeps it by their paper."""

    EVE = datetime(2026, 11, 22, 21, 59, 59, tzinfo=UTC)  # the last second before the birthday

    @pytest.fixture
    async def token(
        self, *, cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct, clock: FixedClock, work: Work
    ) -> httpx.Response:
        """The parent acts for the child on the eve of the birthday."""
        data = await child(parent, newcomer, cabinet)
        response = await cabinet.send("/api/pis/confidant/sign-up", parent.sign(data))
        born = "update persons set birth_date = '2008-11-23' where id = $1"
        await work.db.execute(born, UUID(answered(response, 201)["data"]["person"]["id"]))
        clock.moment = self.EVE
        return response

    async def asked(self, cabinet: Cabinet, parent: Caller) -> httpx.Response:
        paper = {"type": "BIRTH_CERTIFICATE", "number": PAPER}
        named = {"last_name": "Малюк", "given_name": "Марічка", "document": paper}
        return await cabinet.send("/api/pis/confidant/sign-in", parent.sign(named))

    async def test_before_then_the_parent_signs_in_and_after_not(
        self, token: httpx.Response, cabinet: Cabinet, parent: Caller, clock: FixedClock
    ) -> None:
        answered(await self.asked(cabinet, parent), 201)
        clock.forward(timedelta(seconds=1))
        refused(await self.asked(cabinet, parent), 403, "forbidden", "Relation between persons is not found")

    async def test_token_of_before_then_opens_nothing_after(
        self, token: httpx.Response, cabinet: Cabinet, clock: FixedClock
    ) -> None:
        assert (await cabinet.own(token))["first_name"] == "Марічка"
        clock.forward(timedelta(seconds=1))
        assert (await cabinet.opened(token)).status_code == 401

    async def test_periodic_task_then_the_token_ends(
        self, token: httpx.Response, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        live = "select count(*) from tokens where applicant_user_id is not null and expires_at > $1"
        for moment, count in ((self.EVE, 2), (self.EVE + timedelta(seconds=1), 0)):
            work.now = moment
            await end_tokens_without_relation(work)
            assert await db.fetchval(live, moment) == count

    async def test_by_a_paper_of_guardianship_then_kept(
        self, token: httpx.Response, cabinet: Cabinet, clock: FixedClock, db: Connection
    ) -> None:
        papers = [{"type": "COURT_DECISION", "number": "2/11", "issued_by": "Суд", "issued_at": "2026-01-02"}]
        await db.execute("update confidant_person_relationships set documents_relationship = $1", papers)
        clock.forward(timedelta(seconds=1))
        assert (await cabinet.own(token))["first_name"] == "Марічка"

    async def test_code_of_an_approval_then_does_not_go_to_the_parent(
        self, token: httpx.Response, clock: FixedClock, work: Work, parent: Caller
    ) -> None:
        id = UUID(token.json()["data"]["person"]["id"])
        for moment, has_phone in ((self.EVE, True), (self.EVE + timedelta(seconds=1), False)):
            work.now = moment
            contact = await people.contact_method(work, id, None, field="$.inform_with")
            assert (contact.phone is not None) is has_phone


class TestRegister:
    HEADER = "id,kind,number,last_name,first_name,birth_date,tax_ids,ends_on\n"

    def test_file_is_read(self) -> None:
        line = "7b0e4c1e-6a51-4a53-9b44-0d3b6f0f8a11,GUARDIANSHIP,2/11-с,Ніхто,Іван,1980-01-02,3126509816 1234567899,\n"
        (found,) = pis.read_civil_acts((self.HEADER + line).encode())
        assert (found.kind, found.tax_ids, found.ends_on) == (
            pis.ActKind.GUARDIANSHIP,
            frozenset({"3126509816", "1234567899"}),
            None,
        )

    @pytest.mark.parametrize("line", ["x,BIRTH,1,А,Б,2020-01-01,1,\n", ",".join(["x"] * 8) + "\n"])
    def test_wrong_line_is_named(self, line: str) -> None:
        with pytest.raises(ValueError, match="line 2"):
            pis.read_civil_acts((self.HEADER + line).encode())

    def test_missing_columns_are_told(self) -> None:
        with pytest.raises(ValueError, match="columns"):
            pis.read_civil_acts(b"id,kind\n")
