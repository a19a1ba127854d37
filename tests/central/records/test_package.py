"""Encounter packages: the whole way of a right one, and each reason to refuse a wrong one."""

import base64
from datetime import timedelta
from uuid import uuid4

import pytest

from esoz.central.records.model import ENTITIES
from esoz.kernel import documents
from tests.central import answers
from tests.factories import kinds, services
from tests.factories.records import (
    ICPC2,
    concept,
    condition,
    diagnosis,
    encounter,
    immunization,
    moment,
    observation,
    package,
    ref,
    without_words,
)


def failed(done, code: str) -> dict:
    data = done.json()["data"]
    assert (done.status_code, data["status"], data["status_code"]) == (200, "failed", int(code)), done.text
    return data["error"]


def faults(done) -> list:
    return [(each["entry"], each["rules"][0]["description"]) for each in failed(done, "422")["invalid"]]


async def counts(db) -> list[int]:
    tables = ("visits", "encounters", *(kind.name for kind in ENTITIES))
    return [await db.fetchval(f"select count(*) from {table}") for table in tables]


class TestRight:
    # JB-1
    async def test_when_sent_then_a_job_that_leads_to_every_record(self, opened, drug, catalogued):
        of = opened.visiting
        done = await opened.send(kinds.whole_package(of, drug))
        places = [("encounter", "encounters")] + [(kind.one, kind.name) for kind in ENTITIES]
        links = [{"entity": one, "href": f"{opened.path}/{many}/{kinds.id_of(of, many)}"} for one, many in places]
        assert (done.status_code, done.json()["data"].get("links")) == (303, links), done.text
        assert "location" not in done.headers
        for link in links:
            assert (await opened.doctor.get(link["href"])).status_code == 200

    async def test_when_read_back_then_as_published_with_names_of_the_registers(self, written):
        of = written.visiting
        data = (await written.doctor.get(f"{written.path}/encounters/{of.encounter}")).json()["data"]
        sent = encounter(of)
        assert data["performer"]["display_value"] and data["division"]["display_value"]
        assert data["episode"]["display_value"] == "Гострий бронхіт"
        sent["diagnoses"] = [diagnosis(of.condition) | {"code": concept(ICPC2, "R80")}]
        assert data["diagnoses"][0]["condition"]["display_value"] == "Грип"
        now = moment(of.now)
        assert without_words(data) == sent | {"inserted_at": now, "updated_at": now}

    # EN-11
    async def test_when_a_name_is_sent_then_the_register_is_believed(self, opened):
        changed = encounter(opened.visiting)
        changed["performer"] = changed["performer"] | {"display_value": "Хтось Інший"}
        await opened.send(package(opened.visiting) | {"encounter": changed})
        data = (await opened.doctor.get(f"{opened.path}/encounters/{opened.visiting.encounter}")).json()["data"]
        assert data["performer"]["display_value"] not in ("", "Хтось Інший")

    async def test_when_a_second_one_comes_in_the_same_visit_then_its_diagnoses_are_current(self, written):
        later = written.again()
        first = written.visiting
        content = package(
            later,
            encounter_changes={"visit": ref("visit", first.visit)},
            conditions=[condition(later, code=concept(ICPC2, "R81"))],
        )
        body = {"signed_data": written.doctor.sign(content)}
        done = await written.outcome(await written.doctor.post(f"{written.path}/encounter_package", body))
        assert done.status_code == 303, done.text
        data = (await written.doctor.get(f"{written.path}/episodes/{first.episode}")).json()["data"]
        assert [each["code"]["coding"][0]["code"] for each in data["current_diagnoses"]] == ["R81"]
        assert len(data["diagnoses_history"]) == 2

    # EN-7
    async def test_when_a_diagnosis_names_a_stored_condition_then_its_code_is_copied(self, written):
        later, stored = written.again(), written.visiting.condition
        content = package(later, encounter_changes={"diagnoses": [diagnosis(stored)]}, conditions=[])
        assert (await written.send(content, visiting=later)).status_code == 303
        data = (await written.doctor.get(f"{written.path}/encounters/{later.encounter}")).json()["data"]
        assert data["diagnoses"][0]["code"] == concept(ICPC2, "R80")

    # BG-20
    async def test_when_stored_then_the_signed_document_is_kept(self, opened, db, dependencies):
        content = package(opened.visiting)
        body = opened.body(content)
        await opened.outcome(await opened.doctor.post(f"{opened.path}/encounter_package", body))
        name = await db.fetchval("select signed_document from encounters where id = $1", opened.visiting.encounter)
        assert await documents.read(db, dependencies.objects, name) == base64.b64decode(body["signed_data"])

    async def test_when_a_reaction_is_observed_then_the_immunization_tells_it(self, opened):
        of = opened.visiting
        content = package(
            of,
            observations=[observation(of, reaction_on=ref("immunization", of.immunization))],
            immunizations=[immunization(of)],
        )
        assert (await opened.send(content)).status_code == 303
        data = (await opened.doctor.get(f"{opened.path}/immunizations/{of.immunization}")).json()["data"]
        display = {"display_value": "Температура тіла"}
        assert data["reactions"] == [{"detail": ref("observation", of.observation) | display}]

    async def test_when_a_reaction_on_a_stored_immunization_then_it_is_appended(self, written):
        later, stored = written.again(), written.visiting.immunization
        reaction = observation(later, reaction_on=ref("immunization", stored))
        assert (await written.send(package(later, observations=[reaction]), visiting=later)).status_code == 303
        data = (await written.doctor.get(f"{written.path}/immunizations/{stored}")).json()["data"]
        assert without_words(data["reactions"]) == [{"detail": ref("observation", later.observation)}]


class TestEnvelope:
    async def test_without_signed_data_then_422_at_once(self, opened):
        got = await opened.doctor.post(f"{opened.path}/encounter_package", {})
        assert got.status_code == 422
        assert [each["entry"] for each in got.json()["error"]["invalid"]] == ["$.signed_data"]

    async def test_without_the_scope_then_403(self, opened, registrar):
        got = await registrar.post(f"{opened.path}/encounter_package", {"signed_data": "0"})
        assert got.status_code == 403

    # JB-1
    async def test_of_an_unknown_patient_then_404(self, opened):
        body = opened.body(package(opened.visiting))
        assert (await opened.doctor.post(f"/api/patients/{uuid4()}/encounter_package", body)).status_code == 404

    # JB-2
    async def test_sent_twice_while_pending_then_the_same_job(self, opened, db):
        body = opened.body(package(opened.visiting))
        first = await opened.doctor.post(f"{opened.path}/encounter_package", body)
        second = await opened.doctor.post(f"{opened.path}/encounter_package", body)
        assert first.json()["data"]["links"] == second.json()["data"]["links"]
        await opened.outcome(second)
        assert (await counts(db))[1] == 1

    async def test_sent_again_when_stored_then_nothing_is_doubled(self, opened, db):
        body = opened.body(package(opened.visiting))
        await opened.outcome(await opened.doctor.post(f"{opened.path}/encounter_package", body))
        before = await counts(db)
        again = await opened.outcome(await opened.doctor.post(f"{opened.path}/encounter_package", body))
        assert ("$.visit.id", "Visit with such id already exists") in faults(again)
        assert await counts(db) == before


class TestSignature:
    async def test_not_base64_then_422_at_once(self, opened):
        answer = await opened.doctor.post(f"{opened.path}/encounter_package", {"signed_data": "не base64"})
        assert answers.faults(answer) == [("$.signed_data", "Not a base64 string")]

    async def test_of_a_changed_document_then_422_at_once_and_nothing_is_stored(self, opened, db):
        body = opened.body(package(opened.visiting))
        document = base64.b64decode(body["signed_data"])
        changed = document.replace(b'"R80"', b'"R81"')
        assert changed != document
        body["signed_data"] = base64.b64encode(changed).decode()
        answer = await opened.doctor.post(f"{opened.path}/encounter_package", body)
        assert [entry for entry, _ in answers.faults(answer)] == ["$.signed_data"]
        assert await counts(db) == [0] * 17
        assert await db.fetchval("select count(*) from jobs where kind = 'encounter_package.create'") == 0

    # EN-2
    async def test_by_somebody_else_then_the_job_fails(self, opened, foreign_doctor, db):
        body = opened.body(package(opened.visiting), signer=foreign_doctor)
        done = await opened.outcome(await opened.doctor.post(f"{opened.path}/encounter_package", body))
        assert faults(done) == [("$.signed_data", "Does not match the signer drfo")]
        assert await counts(db) == [0] * 17

    async def test_by_a_performer_of_another_clinic_then_the_job_fails(self, opened, foreign_doctor):
        changes = {"performer": ref("employee", foreign_doctor.employee_id)}
        body = opened.body(package(opened.visiting, encounter_changes=changes), signer=foreign_doctor)
        done = await opened.outcome(await opened.doctor.post(f"{opened.path}/encounter_package", body))
        assert failed(done, "409")["message"] == "Performer does not belong to current legal entity"

    async def test_by_a_performer_who_is_not_the_caller_then_the_job_fails(self, opened, db):
        accepted = await opened.doctor.post(f"{opened.path}/encounter_package", opened.body(package(opened.visiting)))
        await db.execute(
            "update jobs set actor = jsonb_set(actor, '{user_id}', to_jsonb($1::text)) where status = 'pending'",
            str(uuid4()),
        )
        assert failed(await opened.outcome(accepted), "409")["message"] == "Employee is not performer of encounter"

    async def test_by_an_unknown_performer_then_the_job_fails(self, opened):
        content = package(opened.visiting, encounter_changes={"performer": ref("employee", uuid4())})
        entry = "$.encounter.performer.identifier.value"
        assert faults(await opened.send(content)) == [(entry, "Employee with such ID is not found")]


class TestContent:
    @staticmethod
    async def refused(chart, content) -> list:
        """The faults that are told when the package is submitted."""
        return answers.faults(await chart.doctor.post(f"{chart.path}/encounter_package", chart.body(content)))

    async def test_with_an_unknown_code_then_named_at_once(self, opened, db):
        content = package(opened.visiting, conditions=[condition(opened.visiting, code=concept(ICPC2, "T99X"))])
        assert await self.refused(opened, content) == [
            (
                "$.conditions[0].code.coding[0].code",
                "Value T99X not found in the dictionary eHealth/ICPC2/condition_codes",
            )
        ]
        assert await counts(db) == [0] * 17

    async def test_corrected_and_sent_again_with_the_same_ids_then_stored(self, opened):
        wrong = package(opened.visiting, conditions=[condition(opened.visiting, clinical_status="x")])
        assert await self.refused(opened, wrong)
        assert (await opened.send(package(opened.visiting))).status_code == 303

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"performer_": 1}, "$.encounter.performer_"),
            ({"period": {"start": "9999-12-31T00:00:00Z"}}, "$.encounter.period.start"),
            ({"explanatory_letter": "a\0b"}, "$.encounter.explanatory_letter"),
            ({"rank": 10**400}, "$.encounter.rank"),
        ],
    )
    async def test_with_what_nobody_can_keep_then_named_at_once(self, opened, changes, entry):
        content = package(opened.visiting, encounter_changes=changes)
        assert entry in [place for place, _ in await self.refused(opened, content)]

    async def test_with_a_lone_surrogate_then_no_json(self, opened):
        signed = opened.doctor.sign(b'{"encounter": {"id": "\\ud800"}}')
        answer = await opened.doctor.post(f"{opened.path}/encounter_package", {"signed_data": signed})
        assert answers.faults(answer) == [("$.signed_data", "Signed content is not a valid JSON")]

    async def test_with_a_service_out_of_use_then_the_job_names_it(self, opened, catalogued):
        of = opened.visiting
        wrong = kinds.procedure(of, code=ref("service", services.id_of(services.OUT_OF_USE)))
        entry = "$.procedures[0].code.identifier.value"
        assert faults(await opened.send(package(of, procedures=[wrong]))) == [(entry, "Service should be active")]

    # CE-9
    async def test_with_a_prescription_of_another_patient_then_the_job_names_it(self, opened):
        of = opened.visiting
        statement = kinds.medication_statement(of, based_on=ref("medication_request", uuid4()))
        entry = "$.medication_statements[0].based_on.identifier.value"
        message = "Medication request with such id is not found"
        assert faults(await opened.send(package(of, medication_statements=[statement]))) == [(entry, message)]

    async def test_with_a_number_of_a_container_that_is_taken_then_the_job_fails(self, written, db):
        later = written.again()
        taken = kinds.specimen(later, container=kinds.specimen(written.visiting)["container"])
        done = await written.send(package(later, specimens=[taken]), visiting=later)
        message = "Specimen with such container identifier already exists"
        assert faults(done) == [("$.specimens[0].container", message)]
        assert await db.fetchval("select count(*) from encounters") == 1

    async def test_in_an_ambulance_then_services_instead_of_actions(self, opened, catalogued):
        of = opened.visiting
        changes = {
            "class": {"system": "eHealth/encounter_classes", "code": "AMB"},
            "actions": [],
            "action_references": [ref("service", services.id_of(services.CONSULTATION))],
        }
        illness = condition(of, code=concept("eHealth/ICD10_AM/condition_codes", "J20.9"))
        done = await opened.send(package(of, encounter_changes=changes, conditions=[illness]))
        assert done.status_code == 303, done.text
        data = (await opened.doctor.get(f"{opened.path}/encounters/{of.encounter}")).json()["data"]
        assert data["action_references"][0]["display_value"] == "Інше обстеження, консультування або оцінка"

    async def test_with_ids_repeated_then_the_job_fails(self, opened):
        content = package(opened.visiting, observations=[observation(opened.visiting)] * 2)
        assert faults(await opened.send(content)) == [("$.observations", "All primary keys must be unique")]

    async def test_with_ids_stored_already_then_the_job_fails(self, written):
        later = written.again()
        content = package(later, observations=[observation(later, id=str(written.visiting.observation))])
        message = f"Observation with id '{written.visiting.observation}' already exists"
        assert faults(await written.send(content, visiting=later)) == [("$.observations[0].id", message)]

    # EN-1
    async def test_with_several_faults_then_the_first_stage_answers(self, opened):
        of = opened.visiting
        content = package(
            of,
            encounter_changes={"diagnoses": []},
            observations=[observation(of, issued=moment(of.now + timedelta(hours=1)))],
        )
        assert faults(await opened.send(content)) == [("$.observations[0].issued", "Issued must be in past")]

    async def test_of_an_episode_of_another_patient_then_the_job_fails(self, chart):
        entry = "$.encounter.episode.identifier.value"
        assert faults(await chart.send(package(chart.visiting))) == [(entry, "Encounter's episode not found")]

    @pytest.mark.parametrize("ago", [timedelta(days=7), timedelta(days=30)])
    async def test_when_a_week_old_then_the_job_names_the_period(self, opened, ago):
        end = opened.visiting.now - ago
        period = {"start": moment(end - timedelta(hours=1)), "end": moment(end)}
        (fault,) = faults(await opened.send(package(opened.visiting, encounter_changes={"period": period})))
        assert fault[0] == "$.encounter.period.end"


class TestFineMoments:
    async def test_with_seven_digits_of_a_second_then_stored_on_its_day(self, opened, db):
        period = {"start": "2026-11-21T22:00:00Z", "end": "2026-11-21T23:59:59.9999999Z"}
        done = await opened.send(package(opened.visiting, encounter_changes={"period": period}))
        assert done.status_code == 303, done.text
        assert str(await db.fetchval("select ended_at from encounters")) == "2026-11-21 23:59:59.999999+00:00"
