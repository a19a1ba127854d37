"""All own data in one file: everything that central gives, nothing by halves."""

# ruff: noqa: F811  central's fixtures are imported, and asked for by the same names

from datetime import datetime

from esoz.cabinet.own_data.model import file_name
from esoz.cabinet.record.model import KINDS
from tests.central.records.conftest import catalogued, chart, drug, known_codes, opened, written  # noqa: F401  its fixtures
from tests.factories.prescriptions import sent_code

from .conftest import error, last_events

PATH = "/own-data"


class TestFile:
    def test_after_midnight_in_kyiv_then_its_name_has_the_new_day(self):
        assert file_name(datetime.fromisoformat("2026-11-22T22:30:00Z")) == "moi-dani-esoz-2026-11-23.json"

    async def test_then_every_part_with_what_central_has(self, patient, world, prescribing, dispensing, db, own):
        made = await prescribing.prescribe()
        await dispensing.give(made["id"], 10, await sent_code(db, made["request_number"]))
        answer = await patient.open(f"{PATH}/file")
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
        assert "moi-dani-esoz-2026-11-22.json" in answer.headers["content-disposition"]
        found = answer.json()
        assert found["not_whole"] == [] and found["made_at"].startswith("2026-11-22")
        assert found["person"]["id"] == str(world.patient.person_id)
        assert [each["request_number"] for each in found["prescriptions"]] == [made["request_number"]]
        assert len(found["dispenses"]) == len(found["declarations"]) == len(found["systems"]) == 1
        assert {each["event"] for each in found["access_log"]} > {"patient.signed_in", "declarations.own_read"}
        assert await last_events(own, 1) == [("own_data.taken", world.patient.person_id)]

    async def test_record_then_every_kind_of_it(self, patient, written):
        found = (await patient.open(f"{PATH}/file")).json()
        assert found["not_whole"] == []
        assert [each["id"] for each in found["encounters"]] == [str(written.visiting.encounter)]
        assert len(found["episodes"]) == 1
        assert all(found[kind.name] for kind in KINDS)

    async def test_change_and_complaint_then_they_are_in_it(self, patient, world):
        text = "Хто дивився мої дані вночі?"
        await patient.open("/readings/complaint")
        await patient.post("/readings/complaint", complaint=text)
        found = (await patient.open(f"{PATH}/file")).json()
        assert [each["text"] for each in found["complaints"]] == [text] and found["changes"] == []

    async def test_one_part_refused_then_no_file(self, patient, road):
        road.answers["GET /api/pis/apps"] = error(403, "forbidden", "Access denied")
        await patient.open(f"{PATH}/file")
        assert patient.page.status_code == 403 and "Не вдалося показати" in patient.text

    async def test_central_away_then_no_file(self, patient, road):
        road.is_cut = True
        await patient.open(f"{PATH}/file")
        assert patient.page.status_code == 503

    async def test_list_longer_than_the_most_then_the_file_says_so(self, patient, monkeypatch, db, prescribing):
        await prescribing.prescribe()
        monkeypatch.setattr("esoz.cabinet.own_data.queries.MOST", 1)
        monkeypatch.setattr("esoz.sdk.lists.LARGEST", 1)
        found = (await patient.open(f"{PATH}/file")).json()
        assert found["not_whole"] == ["access_log"]


class TestOffer:
    async def test_then_what_stands_in_the_file_and_a_warning(self, patient, own, world):
        await patient.open(PATH)
        assert "рецепти" in patient.text and "медичні таємниці" in patient.text
        assert patient.text.count("медична картка: лікування") == 1
        assert f'href="{PATH}/file"' in patient.page.text
        assert await last_events(own, 1) == [("own_data.offered", world.patient.person_id)]

    async def test_nobody_signed_in_then_to_sign_in_and_back(self, visitor):
        answer = await visitor.open(f"{PATH}/file")
        assert answer.status_code == 303 and "sign-in" in answer.headers["location"]
