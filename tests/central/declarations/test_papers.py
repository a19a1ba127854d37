"""Declarations of people without a phone: scans are handed in, the НСЗУ looks at them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from esoz.central import people, uploads
from esoz.central.declarations.periodic import verify_old_declarations
from esoz.central.people import AuthenticationDetails, AuthenticationType
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.conftest import NOW
from tests.factories.declarations import PATH, Declaring, answered, declarations_of, told
from tests.factories.people import child, make_adult
from tests.factories.registries import official
from tests.factories.scans import jpeg
from tests.factories.world import Caller

ON_PAPER = (AuthenticationDetails(type=AuthenticationType.OFFLINE),)


async def hand_in(work: Work, request: dict, types: list[str]) -> None:
    for type in types:
        await uploads.receive(work, uploads.Place("declaration_requests", UUID(request["id"]), type), jpeg())


@pytest.fixture
async def on_paper(declaring: Declaring, work: Work) -> Declaring:
    return replace(declaring, person=await make_adult(work, 2, authentication_methods=ON_PAPER))


async def declared(declaring: Declaring, work: Work) -> dict:
    body = answered(await declaring.create())
    await hand_in(work, body["data"], [each["type"] for each in body["urgent"]["documents"]])
    approved = answered(await declaring.act(body["data"]["id"], "approve"))["data"]
    made: dict = answered(await declaring.sign(approved))["data"]
    return made


class TestScans:
    # DC-11, DC-14
    async def test_of_an_adult_then_links_and_no_code(self, on_paper: Declaring, db: Connection) -> None:
        body = answered(await on_paper.create())
        urgent = body["urgent"]
        assert urgent["authentication_method_current"] == {"type": "OFFLINE"}
        assert [each["type"] for each in urgent["documents"]] == ["person.tax_id", "person.PASSPORT"]
        assert await db.fetchval("select count(*) from messages") == 0
        shown = answered(await on_paper.doctor.get(f"{PATH}/{body['data']['id']}"))
        assert {each["type"] for each in shown["urgent"]["documents"]} == {"person.tax_id", "person.PASSPORT"}

    # DC-15
    async def test_one_is_missing_then_409_names_it(self, on_paper: Declaring, work: Work) -> None:
        request = answered(await on_paper.create())["data"]
        await hand_in(work, request, ["person.PASSPORT"])
        answer = await on_paper.act(request["id"], "approve")
        assert told(answer) == (409, "", "Documents person.tax_id is not uploaded")
        await hand_in(work, request, ["person.tax_id"])
        approved = answered(await on_paper.act(request["id"], "approve"))["data"]
        assert approved["status"] == "APPROVED"
        assert "documents" not in answered(await on_paper.doctor.get(f"{PATH}/{request['id']}"))["urgent"]

    async def test_of_a_request_that_was_given_up_or_replaced_then_come_no_more(
        self, on_paper: Declaring, registrar: Caller, work: Work
    ) -> None:
        first, second = [answered(await on_paper.create())["data"] for _ in "12"]
        with pytest.raises(uploads.Closed):
            await hand_in(work, first, ["person.PASSPORT"])
        answered(await on_paper.act(second["id"], "reject", by=registrar))
        with pytest.raises(uploads.Closed):
            await hand_in(work, second, ["person.PASSPORT"])

    # DC-14, DC-16
    async def test_of_who_refused_the_tax_id_then_code_and_paper(self, declaring: Declaring, work: Work) -> None:
        its = replace(declaring, person=await make_adult(work, 2, tax_id=None, no_tax_id=True))
        body = answered(await its.create())
        assert [each["type"] for each in body["urgent"]["documents"]] == ["person.no_tax_id"]
        code = {"verification_code": await its.code()}
        assert told(await its.act(body["data"]["id"], "approve", code))[0] == 409
        await hand_in(work, body["data"], ["person.no_tax_id"])
        approved = answered(await its.act(body["data"]["id"], "approve", code))["data"]
        made = answered(await its.sign(approved))["data"]
        assert (made["status"], made["reason"]) == ("pending_verification", "no_tax_id")

    # DC-15: what a wrong code leaves is that it was tried.
    async def test_wrong_code_then_papers_may_still_come(
        self, declaring: Declaring, work: Work, db: Connection
    ) -> None:
        its = replace(declaring, person=await make_adult(work, 2, tax_id=None, no_tax_id=True))
        request = answered(await its.create())["data"]
        wrong = {"verification_code": 1000 + (await its.code() + 1 - 1000) % 9000}
        assert told(await its.act(request["id"], "approve", wrong))[0] == 403
        assert await db.fetchval("select closed_at from uploads") is None

    # DC-11
    async def test_of_a_child_then_papers_of_who_speaks_for_it(self, on_paper: Declaring, work: Work) -> None:
        young = await people.create_person(work, child(work, on_paper.person))
        body = answered(await replace(on_paper, person=young).create())
        assert [each["type"] for each in body["urgent"]["documents"]] == [
            "person.BIRTH_CERTIFICATE",
            "confidant_person.PRIMARY.PASSPORT",
        ]


@pytest.fixture
async def official_of_nhs(work: Work, doctor: Caller) -> Caller:
    return await official(work, doctor, "NHS_ADMIN", "declaration:approve", "declaration:reject")


# DC-25
class TestVerification:
    async def test_made_then_it_waits_and_opens_nothing(self, on_paper: Declaring, work: Work) -> None:
        made = await declared(on_paper, work)
        assert (made["status"], made["reason"]) == ("pending_verification", "offline")
        answer = await on_paper.doctor.get(f"/api/persons/{on_paper.person.id}/declaration")
        assert answer.status_code == 404

    async def test_verified_then_active_once(
        self, on_paper: Declaring, work: Work, db: Connection, official_of_nhs: Caller
    ) -> None:
        path = f"/api/declarations/{(await declared(on_paper, work))['id']}/actions/approve"
        assert answered(await official_of_nhs.patch(path, {"status": "active"}))["data"]["status"] == "active"
        assert await declarations_of(db, on_paper.person.id) == [("active", "offline")]
        assert told(await official_of_nhs.patch(path)) == (409, "", "Invalid transition")

    async def test_refused_then_the_doctor_has_the_place_back(
        self, on_paper: Declaring, work: Work, db: Connection, official_of_nhs: Caller
    ) -> None:
        before = await db.fetchval("select sum(declaration_count) from parties")
        path = f"/declarations/{(await declared(on_paper, work))['id']}/reject"
        assert answered(await official_of_nhs.patch(path))["data"]["status"] == "rejected"
        assert await db.fetchval("select sum(declaration_count) from parties") == before
        assert told(await official_of_nhs.patch(path)) == (409, "", "Invalid transition")

    async def test_with_another_status_then_422(self, official_of_nhs: Caller, on_paper: Declaring, work: Work) -> None:
        path = f"/api/declarations/{(await declared(on_paper, work))['id']}/actions/approve"
        assert told(await official_of_nhs.patch(path, {"status": "closed"}))[:2] == (422, "$.status")

    async def test_by_a_clinic_then_403(self, on_paper: Declaring, work: Work) -> None:
        made = await declared(on_paper, work)
        assert (await on_paper.doctor.patch(f"/api/declarations/{made['id']}/actions/approve")).status_code == 403

    async def test_of_an_unknown_one_then_not_found(self, official_of_nhs: Caller) -> None:
        assert (await official_of_nhs.patch(f"/api/declarations/{uuid4()}/actions/approve")).status_code == 404

    @pytest.mark.parametrize(
        ("later", "status"), [(timedelta(0), "pending_verification"), (timedelta(seconds=1), "active")]
    )
    async def test_nobody_looked_for_a_day_then_taken(
        self, on_paper: Declaring, work: Work, db: Connection, later: timedelta, status: str
    ) -> None:
        await declared(on_paper, work)
        work.now = NOW + timedelta(days=1) + later
        await verify_old_declarations(work)
        assert [each for each, _ in await declarations_of(db, on_paper.person.id)] == [status]

    async def test_who_refused_the_tax_id_is_not_taken_by_time(
        self, declaring: Declaring, work: Work, db: Connection, clock: FixedClock
    ) -> None:
        its = replace(
            declaring, person=await make_adult(work, 2, tax_id=None, no_tax_id=True, authentication_methods=ON_PAPER)
        )
        await declared(its, work)
        work.now = clock.now() + timedelta(days=40)
        await verify_old_declarations(work)
        assert await declarations_of(db, its.person.id) == [("pending_verification", "no_tax_id")]
