"""Records that answer a referral: an encounter, a report or a procedure of the clinic that has taken it."""

from uuid import uuid4

import pytest

from esoz.central.services import group_id
from tests.central.service_requests.test_writing import faults
from tests.factories import kinds, services
from tests.factories.records import Chart, concept, package, ref
from tests.factories.service_requests import CATEGORIES


@pytest.fixture
async def answering(referring, foreign_doctor) -> Chart:
    """The doctor of another clinic with an episode of the patient."""
    chart = Chart(foreign_doctor, referring.chart.worker, referring.person_id)
    done = await chart.open()
    assert done.json()["data"]["status"] == "processed", done.text
    return chart


def answer(chart: Chart, request: dict, **changes: object) -> dict:
    """A visit for a referral with the ECG that was asked for."""
    of = chart.visiting
    report = kinds.diagnostic_report(of, based_on=ref("service_request", request["id"]), **changes)
    return package(
        of,
        encounter_changes={"incoming_referral": ref("service_request", request["id"])},
        diagnostic_reports=[report],
    )


ENCOUNTER = "$.encounter.incoming_referral.identifier.value"
REPORT = "$.diagnostic_reports[0].based_on.identifier.value"


class TestPackage:
    # EN-9, CE-10
    async def test_when_taken_and_of_its_service_then_stored_and_found_by_it(self, referring, answering):
        request = await referring.written()
        await referring.use(answering.doctor, request["id"])
        done = await answering.send(answer(answering, request))
        assert done.json()["data"]["status"] == "processed", done.text
        path = f"{answering.path}/encounters/{answering.visiting.encounter}"
        named = (await answering.doctor.get(path)).json()["data"]["incoming_referral"]
        assert named["display_value"] == request["requisition"]
        body = {"completed_with": ref("encounter", answering.visiting.encounter)}
        assert (await referring.act(answering.doctor, request["id"], "complete", body)).status_code == 303

    # EN-9
    async def test_when_nobody_has_taken_it_then_refused(self, referring, answering):
        request = await referring.written()
        done = await answering.send(answer(answering, request))
        assert (REPORT, "Service request must be used") in faults(done)

    # EN-9
    async def test_when_another_clinic_has_taken_it_then_refused(self, referring, answering, specialist):
        request = await referring.written()
        await referring.use(specialist, request["id"])
        done = await answering.send(answer(answering, request))
        assert (REPORT, "Service request is used by another legal_entity") in faults(done)

    # EN-9
    async def test_when_answered_already_then_refused(self, referring, answering):
        request = await referring.written()
        await referring.use(answering.doctor, request["id"])
        await answering.send(answer(answering, request))
        body = {"completed_with": ref("encounter", answering.visiting.encounter)}
        await referring.act(answering.doctor, request["id"], "complete", body)
        answering.visiting = answering.again()
        done = await answering.send(answer(answering, request))
        assert (REPORT, "Service request is not active or in progress") in faults(done)

    # EN-9
    async def test_when_there_is_no_such_referral_then_refused(self, answering):
        done = await answering.send(answer(answering, {"id": str(uuid4())}))
        assert (REPORT, "Service request with such id is not found") in faults(done)

    # EN-9
    async def test_when_only_the_visit_names_it_then_refused_at_the_visit(self, referring, answering):
        request = await referring.written()
        content = answer(answering, request)
        del content["diagnostic_reports"]
        assert faults(await answering.send(content)) == [(ENCOUNTER, "Service request must be used")]

    # CE-10
    async def test_when_of_another_service_then_refused(self, referring, answering):
        request = await referring.written(
            code=ref("service", services.id_of(services.CONSULTATION)), category=concept(CATEGORIES, "counselling")
        )
        await referring.use(answering.doctor, request["id"])
        message = "Should reference the same service that is referenced in diagnostic report"
        assert faults(await answering.send(answer(answering, request))) == [(REPORT, message)]

    # CE-10
    @pytest.mark.parametrize(
        ("group", "category", "message"),
        [
            ("B", "diagnostic_procedure", None),
            ("A", "diagnostic_procedure", "Service referenced in diagnostic report should belong to service group"),
            ("B", "imaging", "Service request category should be equal to service category"),
        ],
    )
    async def test_when_a_group_was_asked_for_then_one_of_its_services_answers(
        self, *, referring, answering, group, category, message
    ):
        request = await referring.written(
            code=ref("service_group", group_id(group)), category=concept(CATEGORIES, category)
        )
        await referring.use(answering.doctor, request["id"])
        done = await answering.send(answer(answering, request))
        if message is None:
            assert done.json()["data"]["status"] == "processed", done.text
        else:
            assert faults(done) == [(REPORT, message)]
