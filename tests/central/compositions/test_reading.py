"""Reading conclusions: who may, what lists are narrowed by, what is read with them, what the patient sees."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.factories import devices, services
from tests.factories.compositions import DRIVER, section
from tests.factories.devices import stock_devices
from tests.factories.prescriptions import Dispensing, Prescribing, dosage, package_of, sent_code, texts
from tests.factories.records import ref
from tests.factories.service_requests import Referring

NAMED = (
    "episodes",
    "encounters",
    "conditions",
    "observations",
    "diagnostic_reports",
    "procedures",
    "clinical_impressions",
    "immunizations",
    "device_dispenses",
    "service_requests",
    "device_requests",
    "compositions",
)


@pytest.fixture
async def whole(concluding):
    """A conclusion that points at everything which the chart's encounter has."""
    of = concluding.chart.visiting
    entries = [
        ref("condition", of.condition),
        ref("observation", of.observation),
        ref("episode_of_care", of.episode),
        ref("encounter", of.encounter),
    ]
    return await concluding.written(section=[section(of.doctor, entries)])


class TestSearch:
    async def test_when_narrowed_then_only_what_fits(self, concluding):
        draft = await concluding.written()
        doctor, of = concluding.doctor, concluding.chart.visiting
        day = of.now.date()
        right = {
            "encounter_id": of.encounter,
            "context_episode_id": of.episode,
            "type": "TEMPORARY_DISABILITY",
            "category": "TD_ILLNESS",
            "status": "FINAL",
            "title": draft["title"].lower().replace("-", " "),
            "author": of.doctor,
            "attester": of.doctor,
            "custodian": of.clinic,
            "date": day,
            "date_from": day,
            "date_to": day,
            "patient_id": concluding.person_id,
        }
        for name, value in right.items():
            got = await doctor.get(f"{concluding.path}/search", **{name: value})
            assert [each["id"] for each in got.json()["data"]] == [draft["id"]], name
        wrong = {name: uuid4() for name in ("encounter_id", "context_episode_id", "author", "attester", "custodian")}
        wrong |= {"type": "DRIVERS", "category": "TD_CHILD", "status": "ENTERED_IN_ERROR", "title": "AAAA-AAAA"}
        wrong |= {"date": day - timedelta(days=1), "date_from": day + timedelta(days=1)}
        wrong |= {"date_to": day - timedelta(days=1)}
        for name, value in wrong.items():
            got = await doctor.get(f"{concluding.path}/search", **{name: value})
            assert got.json()["data"] == [], name

    async def test_when_of_another_patient_or_with_odd_parameters_then_422(self, concluding):
        for odd in ({"patient_id": uuid4()}, {"colour": "red"}, {"status": "DONE"}, {"date": "tomorrow"}):
            assert (await concluding.doctor.get(f"{concluding.path}/search", **odd)).status_code == 422, odd

    async def test_when_many_then_the_newest_first_and_paged(self, concluding):
        written = [await concluding.written(DRIVER, days=100 + each) for each in range(3)]
        got = await concluding.doctor.get(f"{concluding.path}/search", page=1, page_size=2)
        assert (len(got.json()["data"]), got.json()["paging"]["total_entries"]) == (2, 3)
        rest = await concluding.doctor.get(f"{concluding.path}/search", page=2, page_size=2)
        found = {each["id"] for each in (*got.json()["data"], *rest.json()["data"])}
        assert found == {each["id"] for each in written}


class TestAccess:
    # CM-13, AB-1: a stranger sees nothing of the patient, and is not told what there is
    async def test_when_another_clinic_then_403_for_what_is_there_and_what_is_not(
        self, whole, concluding, foreign_doctor
    ):
        for id in (whole["id"], uuid4()):
            assert (await foreign_doctor.get(f"{concluding.path}/{id}")).status_code == 403
        assert (await foreign_doctor.get(f"{concluding.path}/search")).status_code == 403
        assert (await foreign_doctor.get(f"{concluding.path}/{whole['id']}/encounters/{uuid4()}")).status_code == 403
        assert (await concluding.doctor.get(f"{concluding.path}/{uuid4()}")).status_code == 404

    # CM-13, AP-1: an approval for the conclusion opens it with what it points at, and nothing beside
    async def test_when_the_patient_opens_it_then_read_with_what_it_points_at(
        self, whole, concluding, foreign_doctor, db
    ):
        of, path = concluding.chart.visiting, f"{concluding.path}/{whole['id']}"
        asked = {
            "granted_to": ref("employee", foreign_doctor.employee_id),
            "access_level": "read",
            "composition": ref("composition", whole["id"]),
        }
        lost = await foreign_doctor.post(
            f"{concluding.chart.path}/approvals", asked | {"composition": ref("composition", uuid4())}
        )
        assert lost.json()["error"]["invalid"][0]["entry"] == "$.composition.identifier.value"
        got = await foreign_doctor.post(f"{concluding.chart.path}/approvals", asked)
        assert got.status_code == 201, got.text
        if not got.json()["data"]["is_verified"]:
            code = int((await texts(db))[-1].split(": ")[1][:4])
            id = got.json()["data"]["id"]
            await foreign_doctor.patch(f"{concluding.chart.path}/approvals/{id}", {"code": code})
        assert (await concluding.read(whole["id"], by=foreign_doctor))["title"] == whole["title"]
        pointed = {
            f"encounters/{of.encounter}": of.encounter,
            f"conditions/{of.condition}": of.condition,
            f"observations/{of.observation}": of.observation,
            f"episodes/{of.episode}": of.episode,
        }
        for place, id in pointed.items():
            found = await foreign_doctor.get(f"{path}/{place}")
            assert (found.status_code, found.json()["data"]["id"]) == (200, str(id)), place
        assert (await foreign_doctor.get(f"{concluding.chart.path}/conditions/{of.condition}")).status_code == 403

    # CM-13
    @pytest.mark.parametrize(
        "plural",
        NAMED,
    )
    async def test_what_it_does_not_point_at_then_404(self, whole, concluding, plural):
        got = await concluding.doctor.get(f"{concluding.path}/{whole['id']}/{plural}/{uuid4()}")
        assert got.status_code == 404

    async def test_medicines_that_it_does_not_point_at_then_404(self, whole, concluding):
        for plural in ("medication_requests", "medication_dispenses"):
            path = f"/api/persons/{concluding.person_id}/compositions/{whole['id']}/{plural}/{uuid4()}"
            assert (await concluding.doctor.get(path)).status_code == 404

    # CM-13
    async def test_when_it_points_at_another_conclusion_then_that_one(self, concluding):
        of = concluding.chart.visiting
        first = await concluding.written(DRIVER, days=100)
        entries = [ref("condition", of.condition), ref("composition", first["id"])]
        second = await concluding.written(section=[section(of.doctor, entries)])
        got = await concluding.doctor.get(f"{concluding.path}/{second['id']}/compositions/{first['id']}")
        assert got.json()["data"]["title"] == first["title"]

    async def test_context_then_the_episode(self, whole, concluding, foreign_doctor):
        got = await foreign_doctor.get(f"{concluding.path}/{whole['id']}/context")
        episode = got.json()["data"]["episode"]
        assert episode["identifier"]["value"] == str(concluding.chart.visiting.episode)
        assert (await foreign_doctor.get(f"{concluding.path}/{uuid4()}/context")).status_code == 404

    async def test_when_read_then_the_patient_finds_it_in_the_log(self, whole, concluding, db):
        await concluding.read(whole["id"])
        await concluding.doctor.get(f"{concluding.path}/{whole['id']}/conditions/{concluding.chart.visiting.condition}")
        rows = await db.fetch("select event from audit_events where patient_id = $1", concluding.person_id)
        found = {row["event"] for row in rows}
        assert {"composition.created", "composition.viewed", "medical_record.viewed"} <= found


class TestOrders:
    """What was prescribed and asked for is read with the conclusion that points at it (CM-6, CM-13)."""

    async def pointing(self, concluding, *entries):
        of = concluding.chart.visiting
        return await concluding.written(section=[section(of.doctor, [ref("condition", of.condition), *entries])])

    async def test_a_prescription_and_its_dispense(self, concluding, world, work, stocked, db):
        medication_id = await dosage(db)
        of = concluding.chart.visiting
        prescribing = Prescribing(world.doctor, concluding.person_id, of.encounter, medication_id, work.today)
        dispensing = Dispensing(world.pharmacist, await package_of(db, medication_id, 10), work.today)
        made = await prescribing.prescribe()
        await dispensing.give(made["id"], 10, await sent_code(db, made["request_number"]))
        dispense = await db.fetchval("select id from medication_dispenses where medication_request_id = $1", made["id"])
        entries = (ref("medication_request", made["id"]), ref("medication_dispense", dispense))
        draft = await self.pointing(concluding, *entries)
        path = f"/api/persons/{concluding.person_id}/compositions/{draft['id']}"
        got = await concluding.doctor.get(f"{path}/medication_requests/{made['id']}")
        assert got.json()["data"]["request_number"] == made["request_number"]
        got = await concluding.doctor.get(f"{path}/medication_dispenses/{dispense}")
        assert got.json()["data"]["id"] == str(dispense)

    async def test_a_referral(self, concluding, work):
        await services.fill(work)
        asked = await Referring(concluding.chart).written()
        draft = await self.pointing(concluding, ref("service_request", asked["id"]))
        got = await concluding.doctor.get(f"{concluding.path}/{draft['id']}/service_requests/{asked['id']}")
        assert got.json()["data"]["requisition"] == asked["requisition"]

    async def test_a_device_and_no_code_of_it(self, concluding, world, work):
        await stock_devices(work, world.pharmacist)
        of = concluding.chart.visiting
        doctor = devices.Prescribing(
            world.doctor, concluding.chart.worker, concluding.person_id, of.encounter, work.now
        )
        asked = await doctor.made()
        draft = await self.pointing(concluding, ref("device_request", asked["id"]))
        got = await concluding.doctor.get(f"{concluding.path}/{draft['id']}/device_requests/{asked['id']}")
        assert got.json()["data"]["requisition"] == asked["requisition"]
        assert "verification_code" not in got.text


class TestPrint:
    async def test_when_asked_then_a_page_with_number_and_words(self, whole, concluding):
        path = f"{concluding.path}/{whole['id']}/print_form"
        got = await concluding.doctor.get(path, form_type="INFO_CERTIFICATE", composition_id=whole["id"])
        assert got.headers["content-type"].startswith("text/html")
        assert whole["title"] in got.text
        assert "Захворювання або травма загального характеру" in got.text

    # CM-14: an employer reads the certificate of an illness, and not what the illness is
    async def test_of_illness_then_no_diagnosis_and_of_driving_with_it(self, whole, concluding):
        driver = await concluding.written(DRIVER, days=100)
        for draft, is_told in ((whole, False), (driver, True)):
            path = f"{concluding.path}/{draft['id']}/print_form"
            got = await concluding.doctor.get(path, form_type="INFO_CERTIFICATE", composition_id=draft["id"])
            assert ("Гострий бронхіт" in got.text) == is_told

    async def test_when_of_another_form_or_id_then_422(self, whole, concluding):
        path = f"{concluding.path}/{whole['id']}/print_form"
        right = {"form_type": "INFO_CERTIFICATE", "composition_id": whole["id"]}
        for odd in ({"form_type": "POSTER"}, {"composition_id": uuid4()}, {"composition_id": None}):
            asked = {name: value for name, value in (right | odd).items() if value is not None}
            assert (await concluding.doctor.get(path, **asked)).status_code == 422, odd


class TestConfigurations:
    # CM-2
    async def test_when_asked_then_kinds_with_their_rules(self, concluding):
        path = "/api/composition_configurations"
        got = await concluding.doctor.get(path, type="DRIVERS")
        categories = [each["category"]["coding"][0]["code"] for each in got.json()["data"]]
        assert categories == ["DRIVERS_GROUP1", "DRIVERS_GROUP2"]
        assert '"COMPOSITION_SECTION_NESTING_LEVEL":{"check":5}' in got.json()["data"][0]["settings"]
        assert (await concluding.doctor.get(path, is_active="false")).json()["data"] == []
        assert (await concluding.doctor.get(path, updated_at_to="2020-01-01")).json()["data"] == []
        page = await concluding.doctor.get(path, page=2, page_size=10)
        assert (len(page.json()["data"]), page.json()["paging"]["total_entries"]) == (3, 13)


class TestOwn:
    async def test_when_the_patient_asks_then_their_own(self, whole, concluding, patient):
        got = await patient.get("/api/pis/person/compositions", status="FINAL")
        assert [each["title"] for each in got.json()["data"]] == [whole["title"]]
        assert (await patient.get("/api/pis/person/compositions", status="ENTERED_IN_ERROR")).json()["data"] == []
        one = await patient.get(f"/api/pis/person/compositions/{whole['id']}")
        assert one.json()["data"]["section"][0]["title"] == "Діагноз"
        assert (await patient.get(f"/api/pis/person/compositions/{uuid4()}")).status_code == 404

    async def test_when_a_doctor_asks_then_403(self, concluding):
        assert (await concluding.doctor.get("/api/pis/person/compositions")).status_code == 403
