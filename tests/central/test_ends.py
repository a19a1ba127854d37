"""What has an end is over at its end, whatever its stored status says and whether or not a periodic task was there.

Every column of central that holds an end is named here: as a right, with the question that must be answered by it, or
with the test that asks it elsewhere, or as a fact that gives nobody anything.
"""

# ruff: noqa: F811 fixtures of other tests are imported and then named as arguments

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from esoz.central import declarations, organisations, people
from esoz.central.approvals import store as approvals
from esoz.central.prescriptions.model import dispenses as dispense_rules
from esoz.central.prescriptions.store import dispenses, drafts, requests
from esoz.central.programmes import ANTIBIOTICS_PROGRAMME
from esoz.central.programmes import store as programmes
from esoz.kernel.clock import KYIV, FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.errors import Problem
from esoz.kernel.work import Work
from tests.central.organisations.test_drug_control import line, take
from tests.central.prescriptions.conftest import code, dispensing, prescribing, prescription  # noqa: F401 fixtures
from tests.factories.people import child, choice, make_adult
from tests.factories.prescriptions import Dispensing, Prescribing
from tests.factories.records import ref
from tests.factories.world import Caller, World

TESTS = Path(__file__).parent.parent
SECOND = timedelta(seconds=1)
MIDNIGHT = datetime.combine(date(2026, 12, 1), time(), tzinfo=KYIV)


@dataclass
class Scene:
    """Somebody with every right that ends, and the questions about them."""

    world: World
    work: Work
    clock: FixedClock
    ward: UUID
    parent: UUID
    draft: UUID
    request: UUID
    held: UUID
    dosage: UUID

    @property
    def patient(self) -> UUID:
        assert self.world.patient.person_id is not None
        return self.world.patient.person_id

    async def token(self, at: datetime) -> bool:
        self.clock.moment = at
        return (await self.world.doctor.get("/api/divisions")).status_code == 200

    async def declaration(self, at: datetime) -> bool:
        return await declarations.has_active_declaration(replace(self.work, now=at), self.patient)

    async def relationship(self, at: datetime) -> bool:
        return await people.speaks_for(self.work.db, self.parent, self.ward, replace(self.work, now=at).today)

    async def approval(self, at: datetime) -> bool:
        doctor = self.world.foreign_doctor.employee_id
        assert doctor is not None
        return (await approvals.granted_access(self.work.db, self.patient, [doctor], at)).whole

    async def draft_(self, at: datetime) -> bool:
        return (await drafts.find(self.work.db, self.patient, self.draft)).status_at(at) == "NEW"

    async def prescription(self, at: datetime) -> bool:
        found = await requests.find(self.work.db, self.patient, self.request)
        return found.status_on(replace(self.work, now=at).today) == "ACTIVE"

    async def block(self, at: datetime) -> bool:
        return (await requests.find(self.work.db, self.patient, self.request)).is_blocked_at(at)

    async def pause(self, at: datetime) -> bool:
        found = await requests.find(self.work.db, self.patient, self.request)
        try:
            dispense_rules.must_be_open(found.locked_until, at)
        except Problem:
            return True
        return False

    async def hold(self, at: datetime) -> bool:
        return (await dispenses.find(self.work.db, self.patient, self.held)).status_at(at) == "NEW"

    async def participation(self, at: datetime) -> bool:
        today = replace(self.work, now=at).today
        db, programme = self.work.db, ANTIBIOTICS_PROGRAMME
        return bool(await programmes.participants(db, [self.dosage], today=today, programme_id=programme))

    async def place(self, at: datetime) -> bool:
        return await organisations.is_place_licensed(self.work.db, "АПТ-1", replace(self.work, now=at).today)


Question = Callable[[Scene, datetime], Awaitable[bool]]

MOMENTS: dict[str, tuple[str, Question]] = {
    "tokens.expires_at": ("update tokens set expires_at = $1", Scene.token),
    "approvals.expires_at": ("update approvals set expires_at = $1", Scene.approval),
    "medication_request_requests.expires_at": (
        "update medication_request_requests set expires_at = $1",
        Scene.draft_,
    ),
    "medication_requests.blocked_to": (
        "update medication_requests set is_blocked = true, blocked_to = $1",
        Scene.block,
    ),
    "medication_requests.locked_until": ("update medication_requests set locked_until = $1", Scene.pause),
    "medication_dispenses.held_until": ("update medication_dispenses set held_until = $1", Scene.hold),
}
DAYS: dict[str, tuple[str, Question]] = {
    "declarations.end_date": ("update declarations set end_date = $1", Scene.declaration),
    "confidant_person_relationships.active_to": (
        "update confidant_person_relationships set active_to = $1",
        Scene.relationship,
    ),
    "medication_requests.last_day": (
        "update medication_requests set last_day = $1, dispense_valid_to = $1",
        Scene.prescription,
    ),
    "program_medications.end_date": ("update program_medications set end_date = $1", Scene.participation),
    "licensed_places.expiry_date": ("update licensed_places set expiry_date = $1", Scene.place),
}
ASKED_ELSEWHERE = {
    "declaration_requests.expires_at": "central/declarations/test_requests.py::test_a_day_later_then_nothing_goes_on",
    "uploads.expires_at": "central/uploads/test_door.py::test_scan_when_link_has_expired_then_refused",
    "approvals.code_expires_at": "central/approvals/test_approvals.py::test_when_the_code_is_old_then_403",
    "person_requests.expires_at": (
        "central/person_requests/test_registration.py::test_request_when_its_day_is_over_then_cancelled"
    ),
    "person_requests.code_expires_at": (
        "central/person_requests/test_registration.py::test_code_when_its_time_is_over_then_expired"
    ),
    "own_papers.expires_at": "central/person_requests/test_own_papers.py::test_after_their_day_then_new_links",
    "authentication_method_requests.expires_at": (
        "central/person_requests/test_methods.py::test_after_its_day_then_conflict"
    ),
    "authentication_method_requests.code_expires_at": (
        "central/person_requests/test_methods.py::test_code_when_its_time_is_over_then_expired"
    ),
    "relationship_requests.expires_at": (
        "central/person_requests/test_relationships.py::test_list_then_by_status_and_over_after_a_day"
    ),
    "relationship_requests.code_expires_at": (
        "central/person_requests/test_relationships.py::test_code_when_its_time_is_over_then_expired"
    ),
    "contact_centre_cases.expires_at": (
        "central/site/test_contact_centre.py::test_after_an_hour_then_the_reason_is_asked_anew"
    ),
    "access_complaints.answer_until": "central/site/test_complaints.py::test_after_its_term_then_marked",
    "paper_prescriptions.valid_to": (
        "central/exceptions/test_paper.py::test_day_then_within_the_blank_and_after_an_outage"
    ),
    "renewals.expires_at": (
        "central/identity/test_replay.py::"
        "test_refresh_token_when_it_comes_again_after_the_grace_then_the_newer_pair_ends"
    ),
    "sign_in_codes.expires_at": "central/identity/test_login_steps.py::test_code_lives_300_seconds",
    "password_resets.expires_at": "central/site/test_sign_in.py::test_link_lives_twenty_five_minutes",
    "reimbursement_contracts.end_date": (
        "central/contracts/test_contracts.py::test_when_not_then_refused_in_the_published_words"
    ),
    "care_plans.ended_at": "central/care_plans/test_plans.py::test_when_its_period_is_over_then_terminated",
    "device_requests.last_day": (
        "central/devices/test_requests.py::test_qualify_when_asked_by_a_pharmacy_then_devices_with_prices"
    ),
    "device_requests.locked_until": (
        "central/devices/test_holds.py::test_when_the_code_is_wrong_then_refused_at_once_and_counted"
    ),
    "licenses.expiry_date": "central/healthcare_services/test_services.py::test_license_over_then_named",
    "service_requests.expires_at": "central/service_requests/test_using.py::test_when_its_term_is_over_then_409",
    "medication_requests.dispense_valid_to": (
        "central/prescriptions/test_dispenses.py::test_on_the_last_day_then_held_and_the_day_after_409"
    ),
    "medication_requests.ended_at": (
        "central/prescriptions/test_moments.py::test_after_its_last_day_before_the_periodic_task_then_taken"
    ),
}
FACTS = {
    "declaration_requests.end_date": "what is asked for, copied to the declaration",
    "mis_register.attestation_until": "what a vendor tells of a paper; the register blocks by hand",
    "legal_entities.end_date": "written with the status CLOSED, which ends the rights",
    "employees.end_date": "written with the status DISMISSED, which ends the rights",
    "employee_roles.end_date": "written with the status INACTIVE",
    "black_list.ended_at": "when somebody was taken off the list",
    "medication_versions.valid_until": "until when a package was as an earlier register told it",
    "notices.ended_at": "when a message was over",
    "compositions.valid_to": "what a doctor stated; who reads a conclusion compares it with the day",
    "authentication_methods.ended_at": "when a method was given up",
    "episodes.ended_at": "when an illness was over",
    "visits.ended_at": "when a visit was over",
    "care_plan_activities.ended_at": "until when something is planned; a plan ends for all of it",
    "device_requests.ended_at": "the last day for which devices are meant; until when they are given is last_day",
    "encounters.ended_at": "when a visit was over",
    "medication_request_requests.ended_at": "the last day of a course, copied to the prescription",
    "medication_request_requests.dispense_valid_to": "copied to the prescription",
}
ENDS = r"(expires|expiry|end_date|ended_at|_until|_to$|not_after|last_day)"


async def test_column_that_holds_an_end_then_it_is_known_here_what_it_ends(db: Connection) -> None:
    rows = await db.fetch(
        "select table_name || '.' || column_name as name from information_schema.columns"
        " where table_schema = 'public' and data_type in ('date', 'timestamp with time zone') and column_name ~ $1",
        ENDS,
    )
    kernel = {"sessions.expires_at", "ended_sessions.expires_at", "remote_signings.expires_at"}
    assert {row["name"] for row in rows} - kernel == {*MOMENTS, *DAYS, *ASKED_ELSEWHERE, *FACTS}


@pytest.mark.parametrize("place", ASKED_ELSEWHERE.values())
def test_question_when_asked_elsewhere_then_it_is_there(place: str) -> None:
    file, name = place.split("::")
    assert f"def {name}(" in (TESTS / file).read_text("utf-8")


@pytest.fixture
async def scene(
    world: World,
    work: Work,
    clock: FixedClock,
    doctor: Caller,
    prescribing: Prescribing,
    prescription: dict[str, Any],
    code: str,
    dispensing: Dispensing,
) -> Scene:
    parent = await make_adult(work, 7)
    ward = await people.create_person(work, child(work, parent))
    await declarations.declare(work, choice(prescribing.person_id, doctor))
    held = await dispensing.held(prescription["id"], 10, code)
    draft = await prescribing.draft(intent="plan")
    other = world.foreign_doctor
    asked = {"granted_to": ref("employee", other.employee_id), "access_level": "read"}
    path = f"/api/patients/{prescribing.person_id}/approvals"
    assert (await other.post(path, asked | {"patient": ref("patient", prescribing.person_id)})).status_code == 201
    await work.db.execute("update approvals set status = 'active'")
    await take(work, line())
    ids = (UUID(each["id"]) for each in (draft, prescription, held))
    return Scene(world, work, clock, ward.id, parent.id, *ids, prescribing.medication_id)


async def test_scene_when_made_then_everything_is_open(scene: Scene) -> None:
    later = scene.work.now + SECOND
    for _, ask in DAYS.values():
        assert await ask(scene, later)


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("beside", [-SECOND, timedelta(0), SECOND])
async def test_right_of_a_moment_when_asked_then_until_its_end_on_both_sides_of_midnight(
    scene: Scene, db: Connection, name: str, beside: timedelta
) -> None:
    change, ask = MOMENTS[name]
    end = (MIDNIGHT + beside).astimezone(UTC)
    await db.execute(change, end)
    asked = [await ask(scene, at) for at in (end - SECOND, end, end + SECOND)]
    assert asked == [True, False, False]


@pytest.mark.parametrize("name", DAYS)
async def test_right_of_a_day_when_asked_then_until_midnight_in_kyiv(scene: Scene, db: Connection, name: str) -> None:
    change, ask = DAYS[name]
    await db.execute(change, (MIDNIGHT - SECOND).date())
    moments = (MIDNIGHT - timedelta(days=1), MIDNIGHT - SECOND, MIDNIGHT, MIDNIGHT + SECOND)
    asked = [await ask(scene, at.astimezone(UTC)) for at in moments]
    assert asked == [True, True, False, False]
