"""Who saw me: every built operation that reads a patient's data leaves a line in the log that this patient reads.

A new operation that reads is asked here without anybody's doing. It either answers about the patient of the world and
leaves its line, or stands in one of the two tables below.
"""

# ruff: noqa: F811  fixtures of others are imported, and asked for by the same names

import re
from collections.abc import Mapping, Sequence
from uuid import UUID

import httpx
import pytest

from esoz.central.compositions.model.rules import ENTRY_KINDS
from esoz.kernel.db import Connection
from esoz.kernel.http import API
from esoz.kernel.operation import Operation
from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.central.prescriptions.conftest import dispensing, prescribing  # noqa: F401 fixtures
from tests.central.records.conftest import (  # noqa: F401 fixtures
    catalogued,
    chart,
    drug,
    known_codes,
    opened,
    written,
)
from tests.central.test_odd_requests import READS, Asking
from tests.factories import kinds
from tests.factories.care_plans import Planning
from tests.factories.compositions import DRIVER, ILLNESS, Concluding, section
from tests.factories.declarations import Declaring
from tests.factories.prescriptions import Dispensing, Prescribing, sent_code
from tests.factories.records import Chart, ref
from tests.factories.service_requests import Referring
from tests.factories.world import World

LOG = "/api/pis/access_log"
NUMBERED = ("/api/service_requests", "/api/care_plans")  # lists by a number that the patient brings
# Registers, dictionaries, workers, clients, doctors who can be chosen: nobody's record is in the answer.
NOBODYS = (
    "/admin/",
    "/api/care_teams",
    "/api/clients",
    "/api/composition_configurations",
    "/api/device_definitions",
    "/api/diagnoses_groups",
    "/api/dictionaries",
    "/api/divisions",
    "/api/employee",
    "/api/equipment",
    "/api/events",
    "/api/forbidden_groups",
    "/api/healthcare_services",
    "/api/legal_entities",
    "/api/licenses",
    "/api/medical_programs",
    "/api/mis",
    "/api/parties",
    "/api/pharmacy/emergency_dispenses",
    "/api/pharmacy/innm_dosages",
    "/api/pharmacy/medication_dispense_counts",
    "/api/pharmacy/medications",
    "/api/pharmacy/paper_dispenses",
    "/api/pharmacy/paper_prescriptions",
    "/api/pharmacy/wholesale_",
    "/api/pis/bulk/",
    "/api/program_services",
    "/api/services",
    "/api/stats/",
    "/api/uaddresses/",
    "/api/v2/device_definitions",
    "/api/v2/dictionaries",
    "/api/v2/drugs",
    "/api/v2/legal_entities",
    "/api/v3/drugs",
    "/api/verifications/",
    "/api/war_territories",
    "/oauth/",
    "/reports/",
)
# Looking at the log is not told in it; of the others the world of this test has none, and the tests of their contexts
# look at their lines.
ELSEWHERE: Mapping[str, str] = {
    LOG: "the patient alone can read it",
    "/api/device_requests": "a pharmacist asks",
    "/api/merge_requests": "no request",
    "/api/patients/{patient_id}/device_requests/{device_request_id}": "no device is prescribed",
    "/api/patients/{patient_id}/device_requests/{device_request_id}/context": "no device is prescribed",
    "/api/pis/person/device_requests/{id}": "no device is prescribed",
    "/api/patients/{patient_id}/compositions/{id}/device_requests/{device_request_id}": "no device is prescribed",
    "/api/person_requests": "no request about the person",
    "/api/pharmacy/medication_dispenses": "a pharmacist asks",
    "/api/reimbursement_report": "nothing that the state pays for",
    "/api/reimbursement_report_download": "sums of nobody in particular",
    "/api/reimbursement_report_sums": "sums of nobody in particular",
    "/api/pis/apps/{id}": "no system but the cabinet that asks",
    "/api/prepersons/{id}": "nobody who is not identified",
    "/api/persons/{id}/confidant_person_relationship_requests/{confidant_person_relationship_request_id}": "no request",
    "/api/v2/person_requests/{id}": "no request about the person",
    "/api/v3/person_requests": "no request about the person",
    "/api/v3/person_requests/{id}": "no request about the person",
    "/api/pis/person_requests/{id}": "no request about the person",
    "/api/patients/{patient_id}/{medical_event_type}/{medical_event_id}/emergency_contact": "of two kinds of records",
    "/api/patients/{patient_id}/approvals/{id}": "no approval",
    "/api/jobs/{id}": "jobs are of who submitted them",
    "/api/patients/{patient_id}/summary/diagnostic_reports/{diagnostic_report_id}": "of codes that everybody may see",
    "/api/patients/{patient_id}/summary/procedures/{procedure_id}": "of codes that everybody may see",
    "/api/patients/{patient_id}/summary/clinical_impressions/{clinical_impression_id}": "of the same kind",
    "/api/pharmacy/medication_dispenses/{id}": "a pharmacist asks",
    "/api/persons/{person_id}/medication_request_requests/{id}": "the draft is signed",
    "/api/pharmacy/medication_requests": "a pharmacist asks",
    "/api/pharmacy/medication_requests/{id}": "a pharmacist asks",
    "/api/merge_requests/{id}": "no request",
}
PATIENTS = [each for each in READS if not each.path.startswith(NOBODYS)]
_VARIABLE = re.compile(r"\{(\w+)\}")


class Reading:
    """Asks every read operation about one patient who has something of everything."""

    def __init__(self, asking: Asking, person_id: UUID, ids: Mapping[str, str]) -> None:
        self._asking, self._person_id, self._ids = asking, str(person_id), ids

    def path(self, operation: Operation) -> str:
        """By what stands before a variable, `declarations/{id}`, or by its own name."""
        parts, before = [], ""
        for part in operation.path.split("/"):
            named = f"{before}/{part}"
            known = self._ids.get(named) or self._ids.get(part) or self._person_id
            parts.append(known if part.startswith("{") else part)
            before = part
        return "/".join(parts)

    async def ask(self, operation: Operation) -> httpx.Response:
        http = self._asking.world.doctor.client
        assert http is not None
        query = self._query(operation)
        headers = await self._asking.headers(operation)
        return await http.get(self.path(operation), params=query, headers=headers)

    async def told(self) -> set[str]:
        """The operations that the patient reads of in the log."""
        found: set[str] = set()
        log = next(each for each in READS if each.path == LOG)
        page, pages = 0, 1
        while page < pages:
            page += 1
            query = {"page": str(page), "page_size": "300"}
            body = answered(await self._asking.ask(log, query))
            found |= {each["operation"] for each in body["data"]}
            pages = body["paging"]["total_pages"]
        return found

    def _query(self, operation: Operation) -> dict[str, str]:
        world = self._asking.world
        person = world.persons[0]
        if operation.path == "/api/persons/verifications":
            return {"employee_id": str(world.doctor.employee_id), "verification_status": person.verification_status}
        if operation.path in NUMBERED:
            return {"requisition": self._ids[operation.path]}
        if operation.path.endswith("/print_form"):
            return {"form_type": "INFO_CERTIFICATE", "composition_id": self._ids["compositions/{id}"]}
        if operation.path not in ("/api/persons", "/api/v2/persons"):
            return {}
        language = {"language": "uk"} if operation.path == "/api/v2/persons" else {}
        return language | {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birth_date": person.birth_date.isoformat(),
            "tax_id": person.tax_id or "",
        }


@pytest.fixture
async def reading(
    world: World,
    work: Work,
    api: API,
    written: Chart,
    prescribing: Prescribing,
    dispensing: Dispensing,
    db: Connection,
) -> Reading:
    person_id = world.patient.person_id
    assert person_id is not None
    made = await prescribing.prescribe()
    await dispensing.give(made["id"], 10, await sent_code(db, made["request_number"]))
    referral = await Referring(written).written()
    planning = Planning(written)
    plan = await planning.written()
    activity = await planning.planned(
        plan["id"],
        kind="medication_request",
        product_reference=ref("medication", prescribing.medication_id),
        quantity=None,
    )
    request = answered(await Declaring(world.doctor, world.persons[0], db).create(), 201)["data"]
    visiting = written.visiting
    dispense = await db.fetchval("select id from medication_dispenses")
    records = {
        re.sub("ies$", "y", kind).removesuffix("s"): str(kinds.id_of(visiting, kind))
        for kind in kinds.whole_package(visiting, prescribing.person_id)
    }
    ids = {f"{{{kind}_id}}": id for kind, id in records.items()}
    ids |= {f"{kind}s/{{id}}": id for kind, id in records.items()}
    ids |= {"{episode_id}": str(visiting.episode), "{encounter_id}": str(visiting.encounter)}
    ids |= {"{kind}": "conditions", "{kind}/{id}": str(visiting.condition)}
    ids |= {"encounter_packages/{id}": str(visiting.encounter), "episodes/{id}": str(visiting.episode)}
    ids |= {
        "medication_requests/{id}": made["id"],
        "{service_request_id}": referral["id"],
        "service_requests/{id}": referral["id"],
        "/api/service_requests": referral["requisition"],
        "{care_plan_id}": plan["id"],
        "care_plans/{id}": plan["id"],
        "activities/{id}": activity["id"],
        "/api/care_plans": plan["requisition"],
        "declaration_requests/{id}": request["id"],
        "declarations/{id}": str(await db.fetchval("select id from declarations where person_id = $1", person_id)),
        "medication_dispenses/{id}": str(dispense),
    }
    pointed = [("medication_request", made["id"]), ("medication_dispense", dispense), ("condition", visiting.condition)]
    ids["{composition_id}"] = await concluded(written, pointed, DRIVER)
    pointed = [(kind, id) for kind, id in records.items() if kind in ENTRY_KINDS - {"encounter"}]
    pointed += [("episode", visiting.episode), ("service_request", referral["id"])]
    pointed += [("encounter", visiting.encounter), ("composition", ids["{composition_id}"])]
    ids["compositions/{id}"] = await concluded(written, pointed, ILLNESS)
    return Reading(Asking(world, work, api), person_id, ids)


async def concluded(chart: Chart, pointed: Sequence[tuple[str, object]], kind: tuple[str, str]) -> str:
    """The id of a conclusion that points at these records."""
    entries = [ref(kind, str(id)) for kind, id in pointed]
    section_ = section(chart.visiting.doctor, entries)
    return str((await Concluding(chart).written(kind, days=10, section=[section_]))["id"])


async def test_every_reading_when_answered_then_in_the_log_of_the_patient(reading: Reading) -> None:
    unanswered = set()
    for operation in PATIENTS:
        answer = await reading.ask(operation)
        if answer.status_code != 200:
            unanswered.add(operation.path)
    told = await reading.told()
    silent = {each.path for each in PATIENTS if each.id not in told}
    assert silent | unanswered == ELSEWHERE.keys()


def test_every_path_of_the_tables_is_built() -> None:
    paths = {each.path for each in READS}
    assert {each for each in NOBODYS if not any(path.startswith(each) for path in paths)} == set()
    assert ELSEWHERE.keys() - paths == set()
