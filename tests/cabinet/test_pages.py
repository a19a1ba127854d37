"""Declarations, own data, the status page, and what holds for all pages."""

import uuid

import httpx
import pytest

from esoz.cabinet.app import CONTEXTS
from esoz.cabinet.declarations.model import Declaration
from esoz.kernel.pages.translations import untranslated

from .conftest import last_events

PACKAGE = "esoz.cabinet"


class TestDeclarations:
    async def test_list_and_details_then_number_days_and_status(self, patient, db, world, own):
        row = await db.fetchrow(
            "select id, declaration_number from declarations where person_id = $1", world.patient.person_id
        )
        await patient.open("/declarations")
        assert row["declaration_number"] in patient.text
        assert "Чинна" in patient.text
        assert "Юрченко Тетяна Миколаївна, " in patient.text
        await patient.open(f"/declarations/{row['id']}")
        assert "Діє з 22 листопада 2026 року" in patient.text
        for words in (
            "Юрченко Тетяна Миколаївна",
            "Спеціальність Сімейн",
            "ЦПМСД «Калина»",
            "Амбулаторія № 1",
            "Садова 1",
            "+380501112233",
        ):
            assert words in patient.text, words
        assert "Діє до без строку" in patient.text
        assert await last_events(own, 1) == [("declaration.read", world.patient.person_id)]

    async def test_central_tells_names_then_doctor_and_clinic_are_shown(self, patient, road):
        party = {"last_name": "Юрченко", "first_name": "Тетяна", "second_name": "Миколаївна"}
        content = {
            "id": str(uuid.uuid4()),
            "declaration_number": "0001-AAAA-0000",
            "status": "active",
            "start_date": "2026-11-22",
            "end_date": "2126-11-22",
            "employee": {"position": "P7", "party": party},
            "legal_entity": {"name": "КНП", "public_name": "ЦПМСД «Калина»"},
            "division": {"name": "Амбулаторія № 1"},
        }
        path = f"/declarations/{content['id']}"
        road.answers[f"GET /api/pis{path}"] = httpx.Response(200, json={"meta": {}, "data": content})
        await patient.open(path)
        for words in ("Юрченко Тетяна Миколаївна", "ЦПМСД «Калина»", "Амбулаторія № 1"):
            assert words in patient.text, words

    async def test_ended_then_why(self, patient, db, world):
        await db.execute(
            "update declarations set status = 'terminated', reason = 'manual_person', reason_description = 'переїзд'"
            " where person_id = $1",
            world.patient.person_id,
        )
        found = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await patient.open(f"/declarations/{found}")
        assert "Припинена" in patient.text
        assert "За бажанням пацієнта" in patient.text
        assert "переїзд" in patient.text

    async def test_of_nobody_then_not_found(self, patient):
        assert (await patient.open(f"/declarations/{uuid.uuid4()}")).status_code == 404

    def test_end_when_it_is_near_then_shown(self):
        content = {"id": "1", "start_date": "2020-01-01", "end_date": "2026-05-05"}
        assert Declaration(content).end == "2026-05-05"
        assert Declaration(content | {"end_date": "2119-12-31"}).end == ""


class TestPerson:
    async def test_then_own_data_in_words_and_phones_masked(self, patient, own, world):
        await patient.open("/person")
        for words in (
            "Савченко Тетяна Андріївна",
            "13 листопада 1956 року",
            "жіноча",
            "Паспорт громадянина України",
            "Код у SMS на телефон +380 ** *** ** 01",
        ):
            assert words in patient.text, words
        assert "+380507000001" not in patient.page.text
        assert await last_events(own, 1) == [("person.read", world.patient.person_id)]

    async def test_secret_word_then_not_shown(self, patient, db, world):
        word = await db.fetchval("select secret from persons where id = $1", world.patient.person_id)
        await patient.open("/person")
        assert word and word not in patient.page.text


class TestStatus:
    async def test_when_all_works_then_says_so_to_anybody(self, visitor):
        assert (await visitor.open("/status.json")).json()["components"] == {
            "cabinet": "operational",
            "database": "operational",
            "central": "operational",
            "tasks": "operational",
        }
        await visitor.open("/status")
        assert visitor.text.count("Працює") == 4

    async def test_when_central_is_away_then_says_so(self, visitor, road):
        road.is_cut = True
        assert (await visitor.open("/status.json")).json()["components"]["central"] == "unreachable"
        await visitor.open("/status")
        assert "Не відповідає" in visitor.text

    async def test_asked_many_times_then_central_is_asked_once(self, visitor, road):
        before = road.count("/api/v2/dictionaries")
        for _ in range(5):
            await visitor.open("/status")
        assert road.count("/api/v2/dictionaries") == before + 1


class TestAllPages:
    @pytest.mark.parametrize(
        "route", [route for pages in CONTEXTS for route in pages if not route.public], ids=lambda r: r.name
    )
    async def test_without_signing_in_then_sent_to_sign_in(self, visitor, route):
        path = route.path.replace("{id}", str(uuid.uuid4()))
        if route.method == "GET":
            assert (await visitor.open(path)).headers["location"].startswith("/sign-in")
        else:
            assert (await visitor.client.post(path)).status_code == 403

    async def test_without_a_place_then_told_to_come_later(self, patient, cabinet, monkeypatch):
        monkeypatch.setattr("esoz.cabinet.errors.pages.TURN_SECONDS", 0.05)
        places = cabinet.services.places
        taken = 0
        while not places.locked():
            await places.acquire()
            taken += 1
        assert (await patient.open("/person")).status_code == 503
        for _ in range(taken):
            places.release()
        assert (await patient.open("/person")).status_code == 200

    async def test_in_english_then_no_ukrainian_word_of_ours(self, patient):
        await patient.open("/status", lang="en")
        assert "Patient cabinet" in patient.text
        assert "Стан системи" not in patient.text

    @pytest.mark.parametrize("language", ["en", "uk"])
    def test_texts_then_all_are_in_the_catalogue(self, language):
        assert untranslated(PACKAGE, language) == []
