"""A refusal is found with the person it was about: the published error, who asked, when, and nothing they wrote."""

from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

from esoz.central.app import CONTEXTS
from esoz.central.subjects import PATHS, whose
from esoz.kernel import strangers
from esoz.kernel.db import Connection
from esoz.kernel.errors import Conflict, Invalid, Rejected
from esoz.kernel.refused import facts_of
from esoz.kernel.work import Work
from tests.factories.declarations import PATH, Declaring, answered
from tests.factories.people import make_adult
from tests.factories.world import Caller

# First variables of paths that name no person and nothing of a person's.
OF_NOBODY = {
    "actions",
    "apps",
    "care_teams",
    "clients",
    "connections",
    "device_definitions",
    "diagnoses_groups",
    "districts",
    "division",
    "divisions",
    "emergency_dispenses",
    "employee_requests",
    "employee_roles",
    "employees",
    "equipment",
    "events",
    "forbidden_groups",
    "healthcare_services",
    "innm_dosages",
    "jobs",
    "legal_entities",
    "licenses",
    "medical_programs",
    "paper_dispenses",
    "paper_prescriptions",
    "participants",
    "parties",
    "program_services",
    "regions",
    "roles",
    "settlements",
    "verifications",
    "wholesale_requests",
    "wholesale_supplies",
}

# Patients name by them only what is their own, so that the refusal is of who asks.
OF_WHO_ASKS = {
    "approvals",
    "authentication_method_requests",
    "authentication_methods",
    "compositions",
    "encounter_packages",
    "episodes",
    "medical_events",
}


async def refusals_of(db: Connection, person_id: UUID) -> list[dict[str, Any]]:
    rows = await db.fetch(
        "select operation, outcome, user_id, facts from audit_events where patient_id = $1 and outcome <> 'done'"
        " order by id",
        person_id,
    )
    return [dict(row) for row in rows]


def test_every_path_says_whose_it_is() -> None:
    named = {
        (next(before for before, part in pairwise(parts) if part.startswith("{")), "pis" in parts)
        for context in CONTEXTS
        for operation in context
        if "{" in operation.path and (parts := operation.path.split("/"))
    }
    known = {(name, is_own) for name in PATHS.keys() | OF_NOBODY for is_own in (False, True)}
    of_who_asks = {(name, True) for name in OF_WHO_ASKS}
    assert named - known - of_who_asks == set(), "a row of PATHS, of no person, or of a patient who asks"


class TestOfPerson:
    async def test_by_the_body_then_found_with_the_published_error(
        self, doctor: Caller, work: Work, db: Connection
    ) -> None:
        declaring = Declaring(doctor, await make_adult(work), db)
        assert (await declaring.create(employee_id=uuid4())).status_code == 422
        [line] = await refusals_of(db, declaring.person.id)
        [fault] = line["facts"]["invalid"]
        assert (line["facts"]["status"], fault["entry"]) == (422, "$.employee_id")
        assert (line["outcome"], line["user_id"]) == ("validation_failed", doctor.user_id)

    async def test_by_the_path_of_a_request_then_found(
        self, doctor: Caller, foreign_doctor: Caller, work: Work, db: Connection
    ) -> None:
        declaring = Declaring(doctor, await make_adult(work), db)
        request = answered(await declaring.create())["data"]
        assert (await foreign_doctor.get(f"{PATH}/{request['id']}")).status_code == 404
        [line] = await refusals_of(db, declaring.person.id)
        assert (line["outcome"], line["facts"]) == ("not_found", {"status": 404, "message": "Not found"})

    async def test_of_the_patient_themselves_then_found(self, patient: Caller, doctor: Caller, db: Connection) -> None:
        body = {"employee_id": uuid4(), "division_id": doctor.division_id}
        assert (await patient.post("/api/pis/declaration_requests", body)).status_code == 422
        assert patient.person_id is not None
        [line] = await refusals_of(db, patient.person_id)
        [fault] = line["facts"]["invalid"]
        assert fault == {"entry": "$.employee_id", "rule": "invalid", "description": "Employee does not exist"}

    async def test_of_nobody_then_of_nobody(self, doctor: Caller, db: Connection) -> None:
        strangers._counts.clear()
        assert (await doctor.post(PATH, {"person_id": "Шевченко"})).status_code == 422
        assert await db.fetchval("select count(*) from audit_events where patient_id is not null") == 0

    async def test_body_of_a_registration_then_whose_tax_id_it_is(self, work: Work, db: Connection) -> None:
        person = await make_adult(work)
        body = f'{{"person": {{"tax_id": "{person.tax_id}"}}}}'.encode()
        assert await whose(db, "/api/v2/person_requests", {}, body) == person.id
        for odd in (
            b"[]",
            b"\xff",
            b"",
            b'{"person": 1, "medication_dispense": []}',
            b'{"person": {"tax_id": "\\u0000"}}',
            b'{"person": {"tax_id": "\\ud800"}}',
            b"[" * 100_000,
        ):
            assert await whose(db, "/api/v2/person_requests", {}, odd) is None


class TestFacts:
    def test_words_of_the_error_then_kept_and_numbers_hidden(self) -> None:
        assert facts_of(Conflict("Declaration 0000-12H4-245D of 3126509816")) == {
            "status": 409,
            "message": "Declaration 0000-12H4-245D of …",
        }

    def test_faults_then_without_names_that_the_caller_gave(self) -> None:
        faults = tuple(
            Invalid(entry, "schema", "schema does not allow additional properties")
            for entry in ("$.person.Шевченко", "$.380671234567", "$.person.documents[0].number", "$." + "x" * 3000)
        )
        facts = facts_of(Rejected(invalid=faults))
        found = facts["invalid"]
        assert isinstance(found, list) and "message" not in facts
        assert [each["entry"] for each in found] == ["$.person.…", "$.…", "$.person.documents[0].number", "$.…"]

    def test_thousands_of_faults_then_the_first_ten(self) -> None:
        facts = facts_of(Rejected(invalid=tuple(Invalid(f"$.a[{n}]", "cast", "type mismatch") for n in range(5000))))
        found = facts["invalid"]
        assert isinstance(found, list) and len(found) == 10
