"""What clients have sent for years beside the published spelling: read as it is meant, kept and shown in one form."""

from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.central.answers import answered, faults, refused
from tests.central.workforce.test_requests import LIST, PATH, body, told
from tests.factories import kinds, services
from tests.factories.prescriptions import Prescribing
from tests.factories.records import Chart, concept, condition, diagnosis, immunization, moment, package, ref
from tests.factories.world import Caller, World

from .conftest import Client

NOT_GIVEN = "eHealth/reason_not_given_explanations"
TYPO = concept("eHealth/cancellation_reasons", "typo")


@pytest.fixture
def owner(stocked: None, world: World) -> Caller:
    return world.owner


class TestJob:
    # JB-3
    async def test_processed_when_the_client_follows_redirects_then_it_still_reads_the_job(
        self, clinic: Client, chart: Chart
    ) -> None:
        path = f"{chart.path}/encounter_package"
        job = await clinic.job(await clinic.send("POST", path, chart.body(package(chart.visiting))))
        assert (job["status"], job["status_code"]) == ("processed", 200)
        assert {link["entity"] for link in job["links"]} == {"encounter", "condition", "observation"}

    async def test_processed_then_no_header_sends_the_client_away(self, chart: Chart) -> None:
        again = chart.again()
        done = await chart.send(package(again), visiting=again)
        assert (done.status_code, "location" in done.headers) == (303, False)


class TestEmployeeRequest:
    async def test_with_the_own_clinic_and_an_end_then_taken_and_shown(self, owner: Caller) -> None:
        content = told(owner, legal_entity_id=str(owner.client_id), end_date="2030-12-31")
        made = answered(await owner.post(PATH, body(owner.sign(content))))["data"]
        shown = answered(await owner.get(f"{LIST}/{made['id']}"))["data"]
        for data in (made, shown):
            assert (data["legal_entity_id"], data["start_date"], data["end_date"]) == (
                str(owner.client_id),
                "2026-11-01",
                "2030-12-31",
            )

    @pytest.mark.parametrize(
        ("changes", "entry"),
        [
            ({"legal_entity_id": str(UUID(int=5))}, "$.employee_request.legal_entity_id"),
            ({"end_date": "2026-10-31"}, "$.employee_request.end_date"),
        ],
    )
    async def test_of_another_clinic_or_ending_before_it_begins_then_refused_by_name(
        self, owner: Caller, changes: dict[str, str], entry: str
    ) -> None:
        refused = faults(await owner.post(PATH, body(owner.sign(told(owner, **changes)))))
        assert [place for place, _ in refused] == [entry]


AUTHORS = [
    ("conditions", "asserter"),
    ("observations", "performer"),
    ("diagnostic_reports", "recorded_by"),
    ("procedures", "performer"),
    ("procedures", "recorded_by"),
    ("clinical_impressions", "assessor"),
    ("devices", "recorder"),
    ("risk_assessments", "performer"),
    ("medication_administrations", "performer"),
    ("device_dispenses", "performer"),
]


class TestAuthors:
    @pytest.fixture
    async def drug(self, prescribing: Prescribing) -> UUID:
        return prescribing.medication_id

    @pytest.mark.parametrize(("kind", "field"), AUTHORS)
    async def test_author_when_a_list_of_one_then_the_same_as_the_object(
        self, chart: Chart, prescribing: Prescribing, work: Any, kind: str, field: str
    ) -> None:
        await services.fill(work)
        of = chart.again()
        content = kinds.whole_package(of, prescribing.medication_id)
        record = content[kind][0]
        author = record.setdefault(field, ref("employee", of.doctor))
        record[field] = [author]
        done = await chart.send(content, visiting=of)
        assert done.json()["data"]["status"] == "processed", done.text
        shown = answered(await chart.doctor.get(f"{chart.path}/{kind}/{record['id']}"))["data"]
        assert shown[field]["identifier"]["value"] == str(of.doctor)

    @pytest.mark.parametrize("authors", [[], "two", "nested", ["text"]])
    async def test_authors_when_none_or_several_then_refused_at_the_field(self, chart: Chart, authors: Any) -> None:
        of = chart.again()
        one = ref("employee", of.doctor)
        wrong = {"two": [one, one], "nested": [[one]]}.get(authors, authors) if isinstance(authors, str) else authors
        body = chart.body(package(of, conditions=[condition(of, asserter=wrong)]), visiting=of)
        error = refused(await chart.doctor.post(f"{chart.path}/encounter_package", body), 422, "validation_failed")
        assert {each["entry"].partition("]")[2].split(".")[1].split("[")[0] for each in error["invalid"]} == {
            "asserter"
        }


class TestVaccineNotGiven:
    @pytest.mark.parametrize("reasons", ["one", "list", "several"])
    async def test_reasons_when_an_object_or_a_list_then_kept_and_shown_as_a_list(
        self, chart: Chart, reasons: str
    ) -> None:
        of, reason = chart.again(), concept(NOT_GIVEN, "IMMUNE")
        sent = {"one": reason, "list": [reason], "several": [reason, concept(NOT_GIVEN, "OSTOCK")]}[reasons]
        record = immunization(
            of, not_given=True, explanation={"reasons_not_given": sent}, date=moment(of.now - timedelta(hours=2))
        )
        done = await chart.send(package(of, immunizations=[record]), visiting=of)
        assert done.json()["data"]["status"] == "processed", done.text
        shown = answered(await chart.doctor.get(f"{chart.path}/immunizations/{of.immunization}"))["data"]
        codes = [each["coding"][0]["code"] for each in shown["explanation"]["reasons_not_given"]]
        assert codes == (["IMMUNE", "OSTOCK"] if reasons == "several" else ["IMMUNE"])


class TestIntervention:
    # EN-6
    @pytest.mark.parametrize("diagnoses", [None, []])
    async def test_encounter_when_an_intervention_then_needs_no_diagnoses(self, chart: Chart, diagnoses: Any) -> None:
        of = chart.again()
        content = package(of, encounter_changes={"type": concept("eHealth/encounter_types", "intervention")})
        content["encounter"].pop("diagnoses")
        content["encounter"] |= {} if diagnoses is None else {"diagnoses": diagnoses}
        content["conditions"] = []
        done = await chart.send({name: value for name, value in content.items() if value}, visiting=of)
        assert done.json()["data"]["status"] == "processed", done.text
        shown = answered(await chart.doctor.get(f"{chart.path}/encounters/{of.encounter}"))["data"]
        assert shown["diagnoses"] == []

    async def test_encounter_when_of_another_type_then_refused_without_diagnoses(self, chart: Chart) -> None:
        of = chart.again()
        content = package(of)
        del content["encounter"]["diagnoses"]
        error = (await chart.send(content, visiting=of)).json()["data"]["error"]
        assert [each["entry"] for each in error["invalid"]] == ["$.encounter.diagnoses"]


class TestCancellation:
    """CN-7: the letter is asked for where a record is entered in error, and nowhere else."""

    @pytest.fixture
    async def content(self, chart: Chart) -> dict[str, Any]:
        of = chart.visiting
        done = await chart.send(package(of))
        assert done.json()["data"]["status"] == "processed", done.text
        paths = {"encounter": f"encounters/{of.encounter}", "conditions": f"conditions/{of.condition}"}
        paths["observations"] = f"observations/{of.observation}"
        stored = {
            name: answered(await chart.doctor.get(f"{chart.path}/{path}"))["data"] for name, path in paths.items()
        }
        encounter = stored["encounter"] | {"cancellation_reason": TYPO}
        return {
            "encounter": encounter,
            "conditions": [stored["conditions"]],
            "observations": [stored["observations"] | {"status": "entered_in_error"}],
        }

    async def cancel(self, chart: Chart, content: dict[str, Any]) -> dict[str, Any]:
        signed = {"signed_data": chart.doctor.sign(content)}
        done = await chart.outcome(await chart.doctor.patch(f"{chart.path}/encounter_package", signed))
        told: dict[str, Any] = done.json()["data"]
        return told

    async def test_one_observation_when_it_says_why_then_the_others_need_not(
        self, chart: Chart, content: dict[str, Any]
    ) -> None:
        content["observations"][0]["explanatory_letter"] = "Помилка"
        assert (await self.cancel(chart, content))["status"] == "processed"
        shown = answered(await chart.doctor.get(f"{chart.path}/observations/{chart.visiting.observation}"))["data"]
        assert (shown["status"], shown["explanatory_letter"]) == ("entered_in_error", "Помилка")

    async def test_one_observation_when_the_package_says_why_then_it_is_told_with_it(
        self, chart: Chart, content: dict[str, Any]
    ) -> None:
        content["encounter"]["explanatory_letter"] = "Помилка"
        assert (await self.cancel(chart, content))["status"] == "processed"

    async def test_one_observation_when_nobody_says_why_then_refused_at_this_one(
        self, chart: Chart, content: dict[str, Any]
    ) -> None:
        error = (await self.cancel(chart, content))["error"]
        assert [each["entry"] for each in error["invalid"]] == ["$.observations[0].explanatory_letter"]

    async def test_whole_visit_when_it_had_no_diagnoses_then_taken_back(self, chart: Chart) -> None:
        of = chart.again()
        changes = {"type": concept("eHealth/encounter_types", "intervention"), "diagnoses": []}
        content = package(of, encounter_changes=changes)
        content.pop("conditions"), content.pop("observations")
        assert (await chart.send(content, visiting=of)).json()["data"]["status"] == "processed"
        shown = answered(await chart.doctor.get(f"{chart.path}/encounters/{of.encounter}"))["data"]
        shown.pop("diagnoses")
        shown |= {"status": "entered_in_error", "cancellation_reason": TYPO, "explanatory_letter": "Помилка"}
        assert (await self.cancel(chart, {"encounter": deepcopy(shown)}))["status"] == "processed"


class TestPlan:
    # MR-1
    async def test_plan_when_without_a_programme_then_written_and_signed(self, prescribing: Prescribing) -> None:
        plan = await prescribing.prescribe(intent="plan", medical_program_id=None)
        assert (plan["intent"], "medical_program" in plan, "dispense_valid_from" in plan) == ("plan", False, False)

    async def test_order_when_without_a_programme_then_refused_by_name(self, prescribing: Prescribing) -> None:
        response = await prescribing.create(medical_program_id=None)
        entry = "$.medication_request_request.medical_program_id"
        assert faults(response) == [(entry, "required property medical_program_id was not present")]


async def test_diagnosis_history_when_read_then_flags_are_flags_and_changes_have_their_author(
    chart: Chart, prescribing: Prescribing
) -> None:
    data = answered(await chart.doctor.get(f"{chart.path}/episodes/{chart.visiting.episode}"))["data"]
    assert [line["is_active"] for line in data["diagnoses_history"]] == [True]
    assert [line["inserted_by"] for line in data["status_history"]] == [str(chart.doctor.user_id)]
    assert diagnosis(chart.visiting.condition)["condition"]["identifier"] == {
        **data["current_diagnoses"][0]["condition"]["identifier"]
    }


async def test_employees_when_listed_then_with_days_and_whether_they_work(doctor: Caller) -> None:
    rows = answered(await doctor.get("/api/employees"))["data"]
    assert rows and all(len(row["start_date"]) == 10 and row["is_active"] is True for row in rows)
