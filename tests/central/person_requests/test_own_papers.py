"""A person hands in scans of their own papers: which are asked for, and every outcome."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.central import people
from esoz.central.person_requests.commands import papers as commands
from esoz.central.person_requests.periodic import end_requests
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work
from tests.central.answers import answered, refused
from tests.factories.world import Caller

from .test_own import complete as sign_change
from .test_own import create as create_change
from .test_own import hand_in

PATH = "/api/pis/documents"
COMPLETE = f"{PATH}/actions/complete"
FOUND_RIGHT = {"verification_status": "VERIFIED", "verification_reason": "MANUAL"}


@pytest.fixture
async def asked(patient: Caller, work: Work) -> Caller:
    """The patient, whose papers somebody wants to see."""
    assert patient.person_id
    await commands.ask(work, patient.person_id, people.papers_wanted("MANUAL", "Покажіть паспорт", work.now))
    return patient


async def links(patient: Caller) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answered(await patient.post(PATH, {}), 201)["data"]
    return found


async def word(patient: Caller) -> dict[str, Any]:
    """What stands in the patient's record about their papers."""
    shown = answered(await patient.get("/api/pis/person/verification"))["data"]["person_verification"]
    found: dict[str, Any] = shown["details"].get("nhs", {})
    return found


# PS-41
class TestStart:
    async def test_when_nobody_asks_then_nothing_is_handed_in(self, patient: Caller, db: Connection) -> None:
        assert await links(patient) == []
        assert answered(await patient.patch(COMPLETE, {}))["data"] == []
        assert await db.fetchval("select count(*) from own_papers") == 0

    async def test_when_asked_then_a_link_for_each_document_and_the_reason_is_told(
        self, asked: Caller, door: httpx.AsyncClient
    ) -> None:
        found = await links(asked)
        assert [each["type"] for each in found] == ["PASSPORT"]
        assert await hand_in(door, found[0]["url"]) == 200
        assert (await word(asked))["verification_comment"] == "Покажіть паспорт"

    async def test_twice_then_the_same_links(self, asked: Caller, db: Connection) -> None:
        assert await links(asked) == await links(asked)
        assert await db.fetchval("select count(*) from own_papers") == 1

    async def test_after_their_day_then_new_links(self, asked: Caller, clock: FixedClock, db: Connection) -> None:
        before = await links(asked)
        await db.execute("update own_papers set expires_at = $1", clock.now())
        refused(await asked.patch(COMPLETE, {}), 409, "request_conflict", "Documents upload is not initialized")
        assert await links(asked) != before
        states = await db.fetch("select status from own_papers order by status")
        assert [row["status"] for row in states] == ["CANCELLED", "NEW"]

    async def test_by_a_clinic_then_refused(self, doctor: Caller) -> None:
        assert (await doctor.post(PATH, {})).status_code == 403


# PS-41
class TestComplete:
    async def test_before_the_scans_then_told_what_is_missing(self, asked: Caller) -> None:
        found = await links(asked)
        assert answered(await asked.patch(COMPLETE, {}))["data"] == found
        assert (await word(asked))["verification_status"] == "VERIFICATION_NEEDED"

    async def test_with_the_scans_then_somebody_looks_at_them(
        self, asked: Caller, door: httpx.AsyncClient, db: Connection
    ) -> None:
        (link,) = await links(asked)
        await hand_in(door, link["url"])
        assert answered(await asked.patch(COMPLETE, {}))["data"] == []
        assert (await word(asked))["verification_status"] == "IN_REVIEW"
        assert await db.fetchval("select status from own_papers") == "COMPLETED"
        assert await hand_in(door, link["url"]) == 409
        # A lost answer is asked for again.
        assert answered(await asked.patch(COMPLETE, {}))["data"] == []

    async def test_without_a_start_then_refused(self, asked: Caller) -> None:
        refused(await asked.patch(COMPLETE, {}), 409, "request_conflict", "Documents upload is not initialized")

    async def test_when_the_address_changes_then_the_demand_stays(self, asked: Caller) -> None:
        made = answered(await create_change(asked, email="a@b.ua"), 201)["data"]
        answered(await sign_change(asked, made))
        assert (await word(asked))["verification_status"] == "VERIFICATION_NEEDED"


# PS-41
class TestJudge:
    async def test_what_came_then_once(
        self, asked: Caller, door: httpx.AsyncClient, work: Work, db: Connection
    ) -> None:
        (link,) = await links(asked)
        await hand_in(door, link["url"])
        answered(await asked.patch(COMPLETE, {}))
        id = await db.fetchval("select id from own_papers")
        assert asked.person_id
        await commands.judge(work, asked.person_id, id, FOUND_RIGHT)
        assert (await word(asked))["verification_status"] == "VERIFIED"
        with pytest.raises(NotFound):
            await commands.judge(work, asked.person_id, id, FOUND_RIGHT)
        # The scans stay for as long as the judgement may be contested, that they were asked for does not.
        assert await db.fetchval("select forget_at from uploads") > work.now + timedelta(days=1000)
        await db.execute("update own_papers set updated_at = $1", work.now - timedelta(days=31))
        await end_requests(work)
        assert await db.fetchval("select count(*) from own_papers") == 0

    async def test_when_asked_anew_then_what_came_is_not_judged(
        self, asked: Caller, door: httpx.AsyncClient, work: Work, db: Connection
    ) -> None:
        (link,) = await links(asked)
        await hand_in(door, link["url"])
        answered(await asked.patch(COMPLETE, {}))
        id = await db.fetchval("select id from own_papers")
        assert asked.person_id
        await commands.ask(work, asked.person_id, people.papers_wanted("MANUAL", "Нечітко", work.now))
        with pytest.raises(NotFound):
            await commands.judge(work, asked.person_id, id, FOUND_RIGHT)
        assert [each["type"] for each in await links(asked)] == ["PASSPORT"]
