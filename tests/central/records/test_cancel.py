"""Taking packages back, and diagnostic reports made outside encounters."""

from copy import deepcopy
from uuid import uuid4

import pytest

from esoz.central.records.model import ENTITIES
from tests.central import answers
from tests.factories import kinds, services
from tests.factories.records import Chart, concept, condition, diagnosis, observation, package, ref

TYPO = concept("eHealth/cancellation_reasons", "typo")
LETTER = "Помилка оператора"


async def stored(chart: Chart, kind: str, id: object | None = None) -> dict:
    id = id or kinds.id_of(chart.visiting, kind)
    got = await chart.doctor.get(f"{chart.path}/{kind}/{id}")
    assert got.status_code == 200, got.text
    return got.json()["data"]


async def whole(chart: Chart) -> dict:
    """Everything as it is answered now, as a cancellation that takes nothing back."""
    content: dict = {"encounter": await stored(chart, "encounters")}
    for kind in ENTITIES:
        content[kind.name] = [await stored(chart, kind.name) | {"explanatory_letter": LETTER}]
    content["encounter"] |= {"cancellation_reason": TYPO, "explanatory_letter": LETTER}
    return content


def taken_back(content: dict, *names: str) -> dict:
    """The cancellation with these lists (or the encounter) entered in error."""
    changed = deepcopy(content)
    for kind in ENTITIES:
        if kind.name in names:
            changed[kind.name][0][kind.status] = "entered_in_error"
    if "encounter" in names:
        changed["encounter"]["status"] = "entered_in_error"
    return changed


async def cancel(chart: Chart, content: dict, caller=None, signer=None):
    caller = caller or chart.doctor
    body = {"signed_data": (signer or caller).sign(content)}
    accepted = await caller.patch(f"{chart.path}/encounter_package", body)
    assert accepted.status_code == 202, accepted.text
    while await chart.worker.perform_one():
        pass
    return await caller.get(f"/api{accepted.json()['data']['links'][0]['href']}")


def refused(done, code: int) -> str:
    data = done.json()["data"]
    assert (data["status"], data["status_code"]) == ("failed", code), done.text
    return data["error"]["message"]


class TestCancelPackage:
    # CN-4, CN-7
    async def test_when_whole_then_everything_is_entered_in_error(self, written):
        names = [kind.name for kind in ENTITIES]
        done = await cancel(written, taken_back(await whole(written), "encounter", *names))
        assert done.status_code == 303, done.text
        for kind in ENTITIES:
            data = await stored(written, kind.name)
            assert (data[kind.status], data["explanatory_letter"], data["cancellation_reason"]) == (
                "entered_in_error",
                LETTER,
                TYPO,
            )
        assert (await stored(written, "encounters"))["status"] == "entered_in_error"
        episode = await stored(written, "episodes", written.visiting.episode)
        assert episode["current_diagnoses"] == []
        assert [line["is_active"] for line in episode["diagnoses_history"]] == [False]

    # CN-6
    async def test_when_an_earlier_encounter_stands_then_its_diagnoses_are_current_again(self, written):
        later = written.again()
        content = package(later, conditions=[condition(later, code=concept("eHealth/ICPC2/condition_codes", "R81"))])
        assert (await written.send(content, visiting=later)).status_code == 303
        encounter = await stored(written, "encounters", later.encounter)
        encounter |= {"status": "entered_in_error", "cancellation_reason": TYPO, "explanatory_letter": LETTER}
        assert (await cancel(written, {"encounter": encounter})).status_code == 303
        episode = await stored(written, "episodes", written.visiting.episode)
        assert [each["code"]["coding"][0]["code"] for each in episode["current_diagnoses"]] == ["R80"]

    # CN-8
    async def test_when_only_an_observation_then_the_encounter_stands(self, written):
        done = await cancel(written, taken_back(await whole(written), "observations"))
        assert done.status_code == 303, done.text
        assert (await stored(written, "observations"))["status"] == "entered_in_error"
        encounter = await stored(written, "encounters")
        assert (encounter["status"], "cancellation_reason" in encounter) == ("finished", False)

    async def test_when_signed_as_it_was_sent_once_then_taken_too(self, written, drug):
        content = kinds.whole_package(written.visiting, drug)
        content["encounter"] |= {"cancellation_reason": TYPO, "explanatory_letter": LETTER}
        for kind in ENTITIES:
            content[kind.name][0]["explanatory_letter"] = LETTER
        names = ("specimens", "device_dispenses", "immunizations")
        done = await cancel(written, taken_back(content, *names))
        assert done.status_code == 303, done.text

    async def test_when_the_episode_is_empty_then_it_can_be_cancelled(self, written):
        content = {"encounter": (await whole(written))["encounter"] | {"status": "entered_in_error"}}
        reason = {"status_reason": TYPO, "explanatory_letter": LETTER}
        held = await written.act("/actions/cancel", reason)
        assert refused(held, 409) == "Episode can not be canceled while it has not canceled encounters"
        assert (await cancel(written, content)).status_code == 303
        assert (await written.act("/actions/cancel", reason)).status_code == 303

    # CN-2
    async def test_when_nothing_is_taken_back_then_409(self, written):
        message = 'At least one entity should have status "entered_in_error"'
        assert refused(await cancel(written, await whole(written)), 409) == message

    # CN-2
    async def test_when_taken_back_already_then_409(self, written):
        content = taken_back(await whole(written), "observations")
        await cancel(written, content)
        message = "Invalid transition for observation - already entered_in_error"
        assert refused(await cancel(written, content), 409) == message

    # CN-5
    async def test_when_a_diagnosis_alone_then_409(self, written):
        done = await cancel(written, taken_back(await whole(written), "conditions"))
        assert refused(done, 409) == "The condition can not be canceled while encounter is not canceled"
        assert (await stored(written, "conditions"))["verification_status"] == "confirmed"

    # CN-3
    @pytest.mark.parametrize(
        ("change", "place"),
        [
            (
                lambda it: it["observations"][0]["value_quantity"].update(value=36.6),
                "$.observations[0].value_quantity.value",
            ),
            (lambda it: it["encounter"]["period"].update(start="2026-11-22T09:00:01Z"), "$.encounter.period.start"),
            (lambda it: it["procedures"][0].pop("reason_references"), "$.procedures[0].reason_references"),
            (lambda it: it["specimens"][0].update(note="нове"), "$.specimens[0].note"),
        ],
    )
    async def test_when_it_differs_from_what_is_kept_then_409_names_the_place(self, written, change, place):
        content = taken_back(await whole(written), "encounter")
        change(content)
        message = f"Submitted signed content does not correspond to previously created content: {place}"
        assert refused(await cancel(written, content), 409) == message

    async def test_when_a_record_is_of_another_encounter_then_422(self, written):
        later = written.again()
        assert (await written.send(package(later), visiting=later)).status_code == 303
        content = taken_back(await whole(written), "encounter")
        content["observations"] = [
            await stored(written, "observations", later.observation) | {"explanatory_letter": LETTER}
        ]
        done = await cancel(written, content)
        fault = done.json()["data"]["error"]["invalid"][0]
        assert (fault["entry"], fault["rules"][0]["description"]) == (
            "$.observations[0].id",
            "Observation with such id is not found",
        )

    # CN-7
    async def test_when_without_a_reason_then_422(self, written):
        content = taken_back(await whole(written), "encounter")
        del content["encounter"]["cancellation_reason"]
        answer = await written.doctor.patch(
            f"{written.path}/encounter_package", {"signed_data": written.doctor.sign(content)}
        )
        assert [entry for entry, _ in answers.faults(answer)] == ["$.encounter.cancellation_reason"]

    async def test_when_unknown_then_404(self, written):
        content = taken_back(await whole(written), "encounter")
        content["encounter"]["id"] = str(uuid4())
        assert refused(await cancel(written, content), 404) == "Encounter not found"

    # CN-1
    async def test_when_signed_by_another_then_refused(self, written, foreign_doctor):
        content = taken_back(await whole(written), "encounter")
        done = await cancel(written, content, signer=foreign_doctor)
        assert done.json()["data"]["error"]["invalid"][0]["entry"] == "$.signed_data"
        own = await cancel(written, content, caller=foreign_doctor)
        assert own.json()["data"]["status"] == "failed"
        assert (await stored(written, "encounters"))["status"] == "finished"

    async def test_without_the_scope_then_403(self, written, registrar):
        assert (await registrar.patch(f"{written.path}/encounter_package", {"signed_data": "0"})).status_code == 403


def report_package(chart: Chart, **changes: object) -> dict:
    """A report of a laboratory with one observation."""
    report = kinds.diagnostic_report(chart.visiting, **changes)
    del report["encounter"]
    found = observation(
        chart.visiting,
        diagnostic_report=ref("diagnostic_report", report["id"]),
        reaction_on=ref("immunization", uuid4()),
    )
    del found["context"]
    return {"diagnostic_report": report, "observations": [found]}


@pytest.fixture
async def reported(chart: Chart, catalogued: None) -> Chart:
    """A report without any encounter."""
    done = await chart.outcome(
        await chart.doctor.post(
            f"{chart.path}/diagnostic_report_package", {"signed_data": chart.doctor.sign(report_package(chart))}
        )
    )
    assert done.status_code == 303, done.text
    return chart


# DG-1
class TestReport:
    async def test_when_sent_then_it_is_read_by_the_own_clinic(self, reported):
        own = {"managing_organization_id": reported.doctor.client_id}
        got = await reported.doctor.get(f"{reported.path}/diagnostic_reports", **own)
        (report,) = got.json()["data"]
        assert report["code"]["display_value"] == "Інша електрокардіографія [ЕКГ]"
        found = await reported.doctor.get(f"{reported.path}/observations", diagnostic_report_id=report["id"], **own)
        (measured,) = found.json()["data"]
        assert "reaction_on" not in measured
        context = await reported.doctor.get(f"{reported.path}/diagnostic_reports/{report['id']}/context")
        assert context.json()["data"] == {}

    async def test_when_its_rules_are_broken_then_the_job_names_the_place(self, chart, catalogued):
        content = report_package(chart, code=ref("service", services.id_of(services.OUT_OF_USE)))
        content["observations"][0]["diagnostic_report"] = ref("diagnostic_report", uuid4())
        done = await chart.outcome(
            await chart.doctor.post(
                f"{chart.path}/diagnostic_report_package", {"signed_data": chart.doctor.sign(content)}
            )
        )
        assert [each["entry"] for each in done.json()["data"]["error"]["invalid"]] == [
            "$.diagnostic_report.code.identifier.value"
        ]

    # BG-6
    async def test_when_signed_by_another_then_refused(self, chart, catalogued, foreign_doctor):
        body = {"signed_data": foreign_doctor.sign(report_package(chart))}
        done = await chart.outcome(await chart.doctor.post(f"{chart.path}/diagnostic_report_package", body))
        assert done.json()["data"]["error"]["invalid"][0]["entry"] == "$.signed_data"

    async def test_without_the_scope_then_403(self, chart, registrar):
        path = f"{chart.path}/diagnostic_report_package"
        assert (await registrar.post(path, {"signed_data": "0"})).status_code == 403
        assert (await registrar.patch(path, {"signed_data": "0"})).status_code == 403


# DG-2
class TestCancelReport:
    async def sent(self, chart: Chart, status: str, observed: str | None = "valid") -> object:
        report = await stored(chart, "diagnostic_reports")
        report |= {"status": status, "cancellation_reason": TYPO}
        content = {"diagnostic_report": report}
        if observed:
            content["observations"] = [await stored(chart, "observations") | {"status": observed}]
        path = f"{chart.path}/diagnostic_report_package"
        return await chart.outcome(await chart.doctor.patch(path, {"signed_data": chart.doctor.sign(content)}))

    async def test_when_taken_back_then_entered_in_error(self, reported):
        done = await self.sent(reported, "entered_in_error", "entered_in_error")
        assert done.status_code == 303, done.text
        assert (await stored(reported, "diagnostic_reports"))["status"] == "entered_in_error"
        assert (await stored(reported, "observations"))["status"] == "entered_in_error"
        message = "Invalid transition for diagnostic_report - already entered_in_error"
        assert refused(await self.sent(reported, "entered_in_error"), 409) == message

    async def test_when_nothing_is_taken_back_then_409(self, reported):
        message = 'At least one entity should have status "entered_in_error"'
        assert refused(await self.sent(reported, "final"), 409) == message

    async def test_when_made_in_an_encounter_then_404(self, written):
        assert refused(await self.sent(written, "entered_in_error", None), 404) == "Diagnostic report not found"


async def test_diagnosis_when_its_condition_was_taken_back_then_not_found(written):
    later = written.again()
    content = {"encounter": (await whole(written))["encounter"] | {"status": "entered_in_error"}}
    content["conditions"] = [
        (await stored(written, "conditions"))
        | {
            "verification_status": "entered_in_error",
            "explanatory_letter": LETTER,
        }
    ]
    assert (await cancel(written, content)).status_code == 303
    again = package(later, encounter_changes={"diagnoses": [diagnosis(written.visiting.condition)]}, conditions=[])
    done = await written.send(again, visiting=later)
    (rule,) = done.json()["data"]["error"]["invalid"][0]["rules"]
    assert rule["description"] == "Condition with such id is not found"
