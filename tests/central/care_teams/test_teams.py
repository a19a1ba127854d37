"""Care teams: written, reached, begun and ended, and who belongs to them."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from esoz.central.dictionaries import dictionaries
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.central.answers import answered, faults, refused
from tests.factories.registries import with_scopes
from tests.factories.world import Caller, World

PATH, PEOPLE = "/api/care_teams", "/api/care_teams/participants"
SCOPES = ("care_team:read", "care_team:write")


@pytest.fixture(autouse=True)
async def known_codes(db: Connection) -> None:
    """The process knows the dictionaries, as a running one does."""
    await dictionaries.load(db)


@pytest.fixture
async def doctor(world: World, work: Work) -> Caller:
    return await with_scopes(work, world.doctor, *SCOPES)


@pytest.fixture
async def stranger(world: World, work: Work) -> Caller:
    return await with_scopes(work, world.foreign_doctor, *SCOPES)


def told(doctor: Caller, **changes: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "status": "draft",
        "category": "palliative_care_team",
        "name": "Виїзна бригада",
        "period_start": "2026-11-20",
        "email": "team@example.com",
        "phones": [{"type": "MOBILE", "number": "+380501234567"}],
        "note": "Щодня з 8 до 20",
        "author_employee_id": str(doctor.employee_id),
    } | changes
    return {name: value for name, value in content.items() if value is not None}


async def made(doctor: Caller, **changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = answered(await doctor.post(PATH, told(doctor, **changes)), 201)["data"]
    return found


async def joined(doctor: Caller, team: dict[str, Any], **changes: Any) -> Any:
    body = {
        "care_team_id": team["id"],
        "role": "participant",
        "member_type": "employee",
        "member_id": str(doctor.employee_id),
        "period_start": "2026-11-21",
        "status": "active",
    } | changes
    return await doctor.post(PEOPLE, body)


class TestCreate:
    # TM-1
    async def test_when_written_then_of_the_own_clinic(self, doctor: Caller) -> None:
        team = await made(doctor)
        assert (team["status"], team["legal_entity_id"]) == ("draft", str(doctor.client_id))
        assert answered(await doctor.get(f"{PATH}/{team['id']}"))["data"] == team

    # TM-1
    async def test_when_told_wrong_then_422_at_the_field(self, doctor: Caller, stranger: Caller) -> None:
        wrong = {
            "$.author_employee_id": {"author_employee_id": str(stranger.employee_id)},
            "$.status": {"status": "inactive"},
        }
        for entry, change in wrong.items():
            assert [each[0] for each in faults(await doctor.post(PATH, told(doctor, **change)))] == [entry]

    async def test_without_the_scope_then_403(self, world: World, work: Work) -> None:
        reader = await with_scopes(work, world.doctor, "care_team:read")
        assert (await reader.post(PATH, told(reader))).status_code == 403


class TestRead:
    # TM-1
    async def test_of_another_clinic_then_not_found(self, doctor: Caller, stranger: Caller) -> None:
        team = await made(doctor)
        assert (await stranger.get(f"{PATH}/{team['id']}")).status_code == 404
        assert (await stranger.patch(f"{PATH}/{team['id']}", {"note": "x"})).status_code == 404
        assert (await joined(stranger, team)).status_code == 404
        assert team["id"] not in [each["id"] for each in answered(await stranger.get(PATH))["data"]]

    async def test_list_is_narrowed_by_each_filter(self, doctor: Caller) -> None:
        team = await made(doctor)
        answered(await joined(doctor, team), 201)
        right = {
            "category": "palliative_care_team",
            "status": "draft",
            "legal_entity_id": doctor.client_id,
            "member_employee_id": doctor.employee_id,
            "period_start_from": date(2026, 11, 20),
            "period_start_to": date(2026, 11, 20),
        }
        wrong = {
            "category": "nobody",
            "status": "active",
            "legal_entity_id": uuid4(),
            "member_employee_id": uuid4(),
            "period_start_from": date(2026, 11, 21),
            "period_start_to": date(2026, 11, 19),
            "period_end_from": date(2026, 1, 1),
            "period_end_to": date(2030, 1, 1),
        }
        for name, value in right.items():
            found = answered(await doctor.get(PATH, **{name: value}))["data"]
            assert team["id"] in [each["id"] for each in found], name
        for name, value in wrong.items():
            found = answered(await doctor.get(PATH, **{name: value}))["data"]
            assert team["id"] not in [each["id"] for each in found], name


class TestChange:
    async def test_contacts_then_only_they_change(self, doctor: Caller) -> None:
        team = await made(doctor)
        body = {"email": "new@example.com", "note": "Цілодобово"}
        changed = answered(await doctor.patch(f"{PATH}/{team['id']}", body))["data"]
        assert changed == team | body | {"phones": []}

    # TM-2
    async def test_when_ended_then_why_and_when(self, doctor: Caller) -> None:
        team = await made(doctor, status="active")
        path = f"{PATH}/{team['id']}/actions/change_status"
        assert faults(await doctor.patch(path, {"status": "inactive"}))[0][0] == "$.status_reason"
        early = {"status": "inactive", "status_reason": "typo", "period_end": "2026-11-19"}
        assert faults(await doctor.patch(path, early))[0][0] == "$.period_end"
        ended = answered(await doctor.patch(path, early | {"period_end": "2026-11-22"}))["data"]
        assert (ended["status"], ended["period_end"], ended["status_reason"]) == ("inactive", "2026-11-22", "typo")
        assert (await doctor.patch(path, {"status": "draft"})).status_code == 409
        assert (await doctor.patch(f"{PATH}/{team['id']}", {"note": "x"})).status_code == 409
        again = answered(await doctor.patch(path, {"status": "active"}))["data"]
        assert "period_end" not in again and "status_reason" not in again


class TestParticipants:
    # TM-3, TM-4
    async def test_when_joined_then_until_they_leave(self, doctor: Caller) -> None:
        team = await made(doctor)
        member = answered(await joined(doctor, team), 201)["data"]
        again = refused(await joined(doctor, team), 409, "request_conflict")
        assert again["message"] == "Employee is already an active participant of the care team"
        for query, count in (({"role": "participant", "status": "active"}, 1), ({"status": "inactive"}, 0)):
            found = answered(await doctor.get(PEOPLE, care_team_id=team["id"], **query))["data"]
            assert len(found) == count
        path = f"{PEOPLE}/{member['id']}/actions/change_status"
        left = answered(await doctor.patch(path, {"status": "inactive", "status_reason": "typo"}))["data"]
        assert (left["status"], left["period_end"]) == ("inactive", "2026-11-22")
        assert (await doctor.patch(path, {"status": "active"})).status_code == 409
        assert (await joined(doctor, team)).status_code == 201

    # TM-3
    async def test_when_told_wrong_then_422_at_the_field(self, doctor: Caller, stranger: Caller) -> None:
        team = await made(doctor)
        wrong = {
            "$.member_id": {"member_id": str(stranger.employee_id)},
            "$.period_start": {"period_start": "2026-11-19"},
            "$.status": {"status": "inactive"},
        }
        for entry, change in wrong.items():
            assert [each[0] for each in faults(await joined(doctor, team, **change))] == [entry]

    # TM-3
    async def test_when_the_team_has_ended_then_409(self, doctor: Caller) -> None:
        team = await made(doctor)
        body = {"status": "inactive", "status_reason": "typo"}
        answered(await doctor.patch(f"{PATH}/{team['id']}/actions/change_status", body))
        refusal = refused(await joined(doctor, team), 409, "request_conflict")
        assert refusal["message"] == "Care team is not active"

    # TM-4
    async def test_of_another_clinic_then_not_found(self, doctor: Caller, stranger: Caller) -> None:
        member = answered(await joined(doctor, await made(doctor)), 201)["data"]
        path = f"{PEOPLE}/{member['id']}/actions/change_status"
        body = {"status": "inactive", "status_reason": "typo"}
        assert (await stranger.patch(path, body)).status_code == 404
        assert (await stranger.patch(f"{PEOPLE}/{uuid4()}/actions/change_status", body)).status_code == 404
