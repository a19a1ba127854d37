"""Events: told once from the audit log, by every filter, in hours that do not change any more."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeAlias
from uuid import UUID, uuid4

import pytest

from esoz.central.events import periodic_tasks, tell
from esoz.central.events.commands import MOST_DELETED, forget_old
from esoz.kernel import audit
from esoz.kernel.db import Connection
from esoz.kernel.work import Actor, AuditEntry, Work
from tests.central.answers import answered, faults, refused
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

PATH = "/api/events"
SECOND = timedelta(seconds=1)
USER = uuid4()
Happen: TypeAlias = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def follower(world: World, work: Work) -> Caller:
    """A system that follows events."""
    return await with_scopes(work, world.doctor, "event:read")


@pytest.fixture
def happen(work: Work, db: Connection) -> Happen:
    """Write a line of the audit log, as acts do."""

    async def write(event: str, *, at: timedelta = -SECOND, outcome: str = "done", **facts: object) -> UUID:
        id = uuid4()
        about = audit.AuditContext(work.now + at, "test", "test", Actor(user_id=USER))
        await audit.write(db, about, [AuditEntry(event, str(id), None, facts)], outcome=outcome)
        return id

    return write


@pytest.fixture
async def told(work: Work, db: Connection) -> Callable[[], Awaitable[None]]:
    """Chain the log and tell events, a second after the moment of the test."""
    await db.execute(
        "update events_told set number = (select coalesce(max(number), 0) from audit_chain), until = $1",
        work.now - timedelta(hours=5),
    )
    later = replace(work, now=work.now + SECOND)

    async def go_on() -> None:
        await audit.chain(db)
        await tell(later)

    return go_on


async def found(caller: Caller, **query: object) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = answered(await caller.get(PATH, **query))["data"]
    return events


class TestTelling:
    async def test_act_then_its_event_is_there_once(
        self, follower: Caller, happen: Happen, told: Callable[[], Awaitable[None]]
    ) -> None:
        id = await happen("medication_request.rejected", reason="x")
        await happen("medication_request.read")
        await happen("medication_request.rejected", outcome="conflict")
        await told()
        await told()
        [event] = await found(follower, entity_type="MedicationRequest")
        assert event["entity_id"] == str(id)
        assert event["properties"] == {"status": {"new_value": "REJECTED"}}
        assert (event["event_type"], event["changed_by"]) == ("StatusChangeEvent", str(USER))
        [same] = answered(await follower.get(f"{PATH}/{event['id']}"))["data"]
        assert same == event

    async def test_line_about_nothing_in_particular_then_passed_over(
        self, follower: Caller, happen: Happen, told: Callable[[], Awaitable[None]], work: Work, db: Connection
    ) -> None:
        about = audit.AuditContext(work.now - SECOND, "test", "test", Actor(user_id=USER))
        await audit.write(db, about, [AuditEntry("person.created", "several", None, {})])
        id = await happen("person.created")
        await told()
        assert [each["entity_id"] for each in await found(follower, entity_type="Person")] == [str(id)]

    async def test_real_act_through_the_api_then_told(
        self, follower: Caller, world: World, work: Work, told: Callable[[], Awaitable[None]], db: Connection
    ) -> None:
        owner = world.owner
        answered(await owner.patch(f"/api/employees/{world.doctor.employee_id}/actions/deactivate"))
        # The act is of this very moment, so its hour is settled by the next turn.
        await told()
        [event] = await found(follower, entity_type="Employee", date="2026-11-22T09:59:00")
        assert event["entity_id"] == str(world.doctor.employee_id)
        assert event["properties"] == {"status": {"new_value": "DISMISSED"}}
        assert event["changed_by"] == str(owner.user_id)

    async def test_what_comes_late_is_told_with_a_later_moment(
        self, follower: Caller, happen: Happen, told: Callable[[], Awaitable[None]], work: Work, db: Connection
    ) -> None:
        until = work.now - timedelta(minutes=30)
        await db.execute("update events_told set until = $1", until)
        await happen("person.created", at=-timedelta(hours=1))
        await told()
        [event] = await found(follower, entity_type="Person")
        assert event["event_time"] == until.isoformat().replace("+00:00", "Z")

    async def test_line_that_is_not_chained_yet_then_its_moment_is_not_settled(
        self, follower: Caller, happen: Happen, told: Callable[[], Awaitable[None]], work: Work, db: Connection
    ) -> None:
        await audit.chain(db)
        await happen("person.created", at=-timedelta(minutes=1))
        await tell(replace(work, now=work.now + SECOND))  # the chain is behind
        assert await db.fetchval("select until from events_told") == work.now - timedelta(minutes=1)
        assert await found(follower, entity_type="Person") == []
        await told()
        assert len(await found(follower, entity_type="Person")) == 1

    async def test_old_ones_are_forgotten_after_a_month(
        self, happen: Happen, told: Callable[[], Awaitable[None]], work: Work, db: Connection
    ) -> None:
        await happen("person.created")
        await told()
        await forget_old(replace(work, now=work.now + timedelta(days=30)))
        assert await db.fetchval("select count(*) from events") == 1
        await forget_old(replace(work, now=work.now + timedelta(days=32)))
        assert await db.fetchval("select count(*) from events") == 0

    def test_forgotten_as_fast_as_a_country_makes_them(self) -> None:
        [every] = [every for _, every, task in periodic_tasks if task is forget_old]
        assert timedelta(days=1) / every * MOST_DELETED > 10_000_000


class TestFilters:
    async def test_every_filter(self, follower: Caller, happen: Happen, told: Callable[[], Awaitable[None]]) -> None:
        rejected = str(await happen("medication_request.rejected"))
        blocked = str(await happen("medication_request.blocked"))
        approved = str(await happen("employee_request.approved"))
        await told()

        async def ids(**query: object) -> set[str]:
            return {each["entity_id"] for each in await found(follower, **query)} & {rejected, blocked, approved}

        assert await ids() == {rejected, blocked, approved}
        assert await ids(event_type="StateChangeEvent") == {blocked}
        assert await ids(entity_type="EmployeeRequest") == {approved}
        assert await ids(attribute_name="is_blocked") == {blocked}
        assert await ids(attribute_name="status", new_value="REJECTED") == {rejected}
        assert await ids(new_value="APPROVED") == {approved}
        assert await ids(new_value="NOTHING") == set()
        assert await ids(date="2026-11-22T09:30:00") == {rejected, blocked, approved}
        assert await ids(date="2026-11-22T09:30:00", date_to="2026-11-22T09:45:00Z") == set()
        assert await ids(date="2026-11-22T06:00:00") == set()

    async def test_wrong_filter_then_named(self, follower: Caller) -> None:
        assert [place for place, _ in faults(await follower.get(PATH, date="yesterday"))] == ["$.date"]
        query = {"date": "2026-11-22T09:00:00", "date_to": "2026-11-22T09:00:00"}
        assert faults(await follower.get(PATH, **query)) == [("$.date_to", "must be greater than date")]

    async def test_trailing_slash_of_the_publication_then_the_same(self, follower: Caller) -> None:
        answered(await follower.get(f"{PATH}/"))


class TestWho:
    async def test_without_scope_is_forbidden(self, doctor: Caller) -> None:
        refused(await doctor.get(PATH), 403, "forbidden")
        refused(await doctor.get(f"{PATH}/{uuid4()}"), 403, "forbidden")

    async def test_patient_is_forbidden_though_the_token_allowed(self, world: World, work: Work) -> None:
        patient = await with_scopes(work, world.patient, "event:read")
        refused(await patient.get(PATH), 403, "forbidden")
        refused(await patient.get(f"{PATH}/{uuid4()}"), 403, "forbidden")

    async def test_unknown_then_not_found(self, follower: Caller) -> None:
        refused(await follower.get(f"{PATH}/{uuid4()}"), 404, "not_found")
        refused(await follower.get(f"{PATH}/5"), 404, "not_found")
