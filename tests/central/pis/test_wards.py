"""Whom a patient speaks for; what they do for another is told apart, and each who acts has a session of their own."""

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments

from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from esoz.central import pis
from esoz.central.people.model import RelationshipDocument, last_day_of
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.factories.world import CABINET_KEY, Caller

from .test_confidant import PAPER, act, child, parent  # noqa: F401 fixtures
from .test_sign_up import Cabinet, cabinet, newcomer  # noqa: F401 fixtures

BIRTH = RelationshipDocument("BIRTH_CERTIFICATE", "1")
COURT = RelationshipDocument("COURT_DECISION", "2")


class TestLastDay:
    """PS-15, GP-1."""

    @pytest.mark.parametrize(
        ("documents", "active_to", "born", "last"),
        [
            ([BIRTH], None, date(2020, 5, 4), date(2038, 5, 3)),
            ([BIRTH], None, date(2020, 2, 29), date(2038, 2, 28)),
            ([BIRTH], date(2030, 1, 1), date(2020, 5, 4), date(2030, 1, 1)),
            ([BIRTH], date(2040, 1, 1), date(2020, 5, 4), date(2038, 5, 3)),
            ([COURT], None, date(1980, 5, 4), None),
            ([BIRTH, COURT], date(2040, 1, 1), date(2020, 5, 4), date(2040, 1, 1)),
        ],
    )
    def test_when_then(
        self, documents: list[RelationshipDocument], active_to: date | None, born: date, last: date | None
    ) -> None:
        assert last_day_of(documents, active_to, born) == last


def bearer(token: dict[str, Any]) -> dict[str, str]:
    return {"API-key": CABINET_KEY, "Authorization": f"Bearer {token['value']}"}


NAMED = {"last_name": "Малюк", "given_name": "Марічка", "document": {"type": "BIRTH_CERTIFICATE", "number": PAPER}}


@pytest.fixture
async def token(cabinet: Cabinet, newcomer: Caller, parent: Caller, act: pis.CivilAct) -> dict[str, Any]:
    """The parent's token for the child, whom they have registered."""
    response = await cabinet.send("/api/pis/confidant/sign-up", parent.sign(await child(parent, newcomer, cabinet)))
    found: dict[str, Any] = answered(response, 201)["data"]["token"]
    return found


async def own(parent: Caller, path: str) -> Any:
    return answered(await parent.get(path))["data"]


class TestWards:
    PATH = "/api/pis/person/wards"

    async def test_when_asked_then_who_it_is_and_until_when(self, parent: Caller, token: dict[str, Any]) -> None:
        [found] = await own(parent, self.PATH)
        assert (found["last_name"], found["birth_date"], found["relation_type"]) == ("Малюк", "2020-05-04", "PRIMARY")
        assert found["documents"] == [{"type": "BIRTH_CERTIFICATE", "number": PAPER}]
        assert found["speaks_until"] == "2038-05-03"

    async def test_named_so_then_signed_in_for(self, parent: Caller, token: dict[str, Any], cabinet: Cabinet) -> None:
        [found] = await own(parent, self.PATH)
        named = {
            "last_name": found["last_name"],
            "given_name": " ".join(filter(None, (found["first_name"], found.get("second_name")))),
            "document": found["documents"][0],
        }
        answered(await cabinet.send("/api/pis/confidant/sign-in", parent.sign(named)), 201)

    async def test_right_over_then_nobody(
        self, parent: Caller, token: dict[str, Any], work: Work, db: Connection
    ) -> None:
        await db.execute("update confidant_person_relationships set active_to = $1", work.today - timedelta(days=1))
        assert await own(parent, self.PATH) == []

    async def test_of_somebody_without_wards_then_nobody(self, parent: Caller) -> None:
        assert await own(parent, self.PATH) == []

    async def test_of_a_clinic_s_worker_then_refused(self, doctor: Caller) -> None:
        assert (await doctor.get(self.PATH)).status_code == 403

    async def test_asked_then_the_ward_finds_it_in_their_log_with_the_name(
        self, parent: Caller, token: dict[str, Any], cabinet: Cabinet, db: Connection
    ) -> None:
        await own(parent, self.PATH)
        log = await cabinet.http.get("/api/pis/access_log", headers=bearer(token))
        line = next(each for each in log.json()["data"] if each["event"] == "person.confidants_read")
        name = await db.fetchval(
            "select concat_ws(' ', last_name, first_name, second_name) from persons where id = $1", parent.person_id
        )
        assert line["is_own"] is False and line["confidant"] == {"name": name}


class TestActing:
    async def test_reads_for_another_then_told_apart_in_the_log(
        self, cabinet: Cabinet, token: dict[str, Any], db: Connection, parent: Caller
    ) -> None:
        answered(await cabinet.http.get("/api/pis/person", headers=bearer(token)))
        log = await cabinet.http.get("/api/pis/access_log", headers=bearer(token))
        line = next(each for each in log.json()["data"] if each["event"] == "person.own_record_read")
        assert line["is_own"] is False and line["confidant"]["name"]
        told = await db.fetchval(
            "select facts ->> 'applicant' from audit_events where event = 'person.own_record_read'"
            " order by id desc limit 1"
        )
        assert told == str(parent.person_id)

    async def test_own_reads_then_own_still(self, parent: Caller) -> None:
        await own(parent, "/api/pis/person")
        line = next(
            each for each in await own(parent, "/api/pis/access_log") if each["event"] == "person.own_record_read"
        )
        assert line["is_own"] is True and "confidant" not in line

    async def test_signed_in_for_again_then_the_earlier_session_of_this_parent_ends(
        self, cabinet: Cabinet, token: dict[str, Any], parent: Caller
    ) -> None:
        second = answered(await cabinet.send("/api/pis/confidant/sign-in", parent.sign(NAMED)), 201)["data"]
        assert (await cabinet.http.get("/api/pis/person", headers=bearer(token))).status_code == 401
        assert (await cabinet.http.get("/api/pis/person", headers=bearer(second))).status_code == 200

    async def test_own_session_of_the_ward_then_it_outlives_those_of_the_parent(
        self, cabinet: Cabinet, token: dict[str, Any], parent: Caller, db: Connection
    ) -> None:
        """AUTH-24 for each who acts: coming in and going out for a youth leaves the youth signed in."""
        await db.execute("update tokens set applicant_user_id = null where user_id = $1", token["user_id"])
        second = answered(await cabinet.send("/api/pis/confidant/sign-in", parent.sign(NAMED)), 201)["data"]
        assert (await cabinet.http.get("/api/pis/person", headers=bearer(token))).status_code == 200
        out: httpx.Response = await cabinet.http.post("/auth/logout", headers=bearer(second))
        assert out.is_success
        assert (await cabinet.http.get("/api/pis/person", headers=bearer(second))).status_code == 401
        assert (await cabinet.http.get("/api/pis/person", headers=bearer(token))).status_code == 200
