"""Every list of the API: a page that is too long is cut and told, one that is none is refused, pages make the whole."""

from dataclasses import replace

import httpx
import pytest

from esoz.central.dictionaries import dictionaries, place_id
from esoz.central.records.api.reads import PAGE_LIMIT
from esoz.kernel.http import API
from esoz.kernel.jobs import Worker
from esoz.kernel.operation import Operation
from esoz.kernel.work import Work
from tests.central.answers import answered
from tests.central.dictionaries.test_addresses import LVIV_REGION
from tests.central.prescriptions.conftest import seen_by
from tests.central.test_odd_requests import READS, Asking, parameters
from tests.factories.care_plans import Planning
from tests.factories.prescriptions import Prescribing, dosage, stock
from tests.factories.records import Chart
from tests.factories.world import World

LONGEST = 300
LISTS = [operation for operation in READS if "page" in operation.handler.__code__.co_names]
# It is published without a count: who finds more people than the page holds is refused (too_many_results).
UNCOUNTED = {"/api/persons", "/api/v2/persons"}


class Lists:
    """Asks for pages of every list as somebody who may read it, about what is there."""

    def __init__(self, asking: Asking, known: dict[str, str], prescription_id: str) -> None:
        self._prescription = {"id": prescription_id}
        person = asking.world.persons[0]
        self._asking, self._known = asking, known
        self._plan = {"id": known["care_plan_id"]}
        self._needed = {
            "/api/persons": {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "birth_date": person.birth_date.isoformat(),
                "tax_id": person.tax_id or "",
            },
            "/api/v2/persons": {
                "first_name": person.first_name,
                "last_name": person.last_name,
                "birth_date": person.birth_date.isoformat(),
                "tax_id": person.tax_id or "",
                "language": "uk",
            },
            "/api/persons/verifications": {
                "employee_id": str(asking.world.doctor.employee_id),
                "verification_status": "VERIFIED",
            },
            "/api/uaddresses/streets": {"settlement_id": known["district_id"]},
            "/api/program_services": {"medical_program_id": known["district_id"]},
            "/api/employee_roles": {"employee_id": str(asking.world.doctor.employee_id)},
            "/api/service_requests": {"requisition": "0000-0000-0000-0000"},
            "/api/care_plans": {"requisition": "0000-0000-0000-0000"},
            "/api/parties/verifications": {"verification_status": "VERIFIED"},
        }

    async def ask(self, operation: Operation, **paging: object) -> httpx.Response:
        known = self._known | (self._prescription if "/medication_requests/{id}/" in operation.path else {})
        known |= self._plan if "/care_plans/{id}/" in operation.path else {}
        query = self._needed.get(operation.path, {}) | {
            name: value if isinstance(value, list) else str(value) for name, value in paging.items()
        }
        return await self._asking.ask(operation, query, known=known)


@pytest.fixture
async def lists(world: World, work: Work, api: API, worker: Worker) -> Lists:
    await dictionaries.load(work.db)
    await stock(work, "амоксицилін")
    doctor, person_id = world.doctor, world.patient.person_id
    assert person_id is not None
    encounter_id = await seen_by(doctor, worker, person_id)
    prescribing = Prescribing(doctor, person_id, encounter_id, await dosage(work.db), work.today)
    districts = answered(await doctor.get("/api/uaddresses/districts"))["data"]
    episodes = answered(await doctor.get(f"/api/patients/{person_id}/episodes"))["data"]
    chart = Chart(doctor, worker, person_id)
    chart.visiting = replace(chart.visiting, encounter=encounter_id)
    known = {
        "care_plan_id": (await Planning(chart).written())["id"],
        "region_id": str(place_id(LVIV_REGION)),
        "district_id": districts[0]["id"],
        "episode_id": episodes[0]["id"],
        "kind": "encounters",
    }
    return Lists(Asking(world, work, api), known, (await prescribing.prescribe())["id"])


# GW-8
async def test_page_when_longer_than_the_most_then_cut_and_told(lists: Lists) -> None:
    wrong = {}
    for operation in LISTS:
        most = PAGE_LIMIT if "PAGE_LIMIT" in operation.handler.__code__.co_names else LONGEST
        for asked in (1000, "0" * 40 + "500", "9" * 5000):
            answer = await lists.ask(operation, page_size=asked)
            told = answer.json().get("paging", {}).get("page_size")
            if answer.status_code != 200 or (told != most and operation.path not in UNCOUNTED):
                wrong[f"{operation.path} {asked}"[:90]] = answer.text[:300]
    assert wrong == {}


# GW-8
@pytest.mark.parametrize("name", ["page", "page_size"])
async def test_page_when_none_then_refused_by_name(lists: Lists, name: str) -> None:
    wrong = {}
    for operation in LISTS:
        for asked in ("0", "000", "-1", "1.0", "ten", "", "\u0663", *(["9" * 30] if name == "page" else [])):
            answer = await lists.ask(operation, **{name: asked})
            entries = [each["entry"] for each in answer.json().get("error", {}).get("invalid", ())]
            if (answer.status_code, entries) != (422, [f"$.{name}"]):
                wrong[f"{operation.path} {asked!r}"] = answer.text[:300]
    assert wrong == {}


async def refused(lists: Lists, operation: Operation, **asked: object) -> list[str]:
    """The parameters at fault, in the order in which they are told."""
    answer = await lists.ask(operation, **asked)
    faults = answer.json().get("error", {}).get("invalid", ())
    return [each["entry"] for each in faults if each["entry_type"] == "query_parameter"]


# GW-8
async def test_parameters_when_several_are_wrong_then_all_are_told_in_one_order(lists: Lists) -> None:
    """What each is refused for alone: names nobody knows, filters as they are published, the page last."""
    wrong, filters = {}, 0
    for operation in LISTS:
        unfit = {name: "\0?" for name in parameters(operation) if name not in ("page", "page_size", "nobody_knows")}
        alone = {name for name, value in unfit.items() if await refused(lists, operation, **{name: value})}
        page = {"page_size": "x", "page": "0"}
        told = await refused(lists, operation, **page, nobody_knows="1", aaa="1", **unfit)
        filters += len(alone)
        if (told[:2], set(told[2:-2]), told[-2:]) != (
            ["$.aaa", "$.nobody_knows"],
            {f"$.{name}" for name in alone},
            ["$.page", "$.page_size"],
        ) or alone != unfit.keys():
            wrong[operation.path] = told
    assert wrong == {}
    assert filters > 100


async def test_parameter_when_it_has_two_values_then_refused_by_name(lists: Lists) -> None:
    wrong = {}
    for operation in LISTS:
        for name in parameters(operation)[:-1]:
            entries = await refused(lists, operation, **{name: ["1", "2"]})
            if entries[:1] != [f"$.{name}"]:
                wrong[f"{operation.path} {name}"] = entries
    assert wrong == {}


# GW-8
async def test_page_when_walked_one_by_one_then_the_whole_without_gap_or_copy(lists: Lists) -> None:
    wrong = {}
    for operation in (each for each in LISTS if each.path not in UNCOUNTED):
        whole = answered(await lists.ask(operation, page_size=LONGEST))
        if not 2 <= whole["paging"]["total_entries"] <= 20:
            continue
        pages = [
            answered(await lists.ask(operation, page=number, page_size=1))["data"]
            for number in range(1, whole["paging"]["total_entries"] + 2)
        ]
        if [row for page in pages for row in page] != whole["data"]:
            wrong[operation.path] = len(whole["data"])
    assert wrong == {}
