"""What stands beside a visit: the patient as central tells of them, and the visit before, copied when asked."""

import asyncio
import gzip
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.mis.app import Mis
from esoz.mis.care.visits import delete_old_cards, forms, model, queries
from tests.factories.world import World

from .conftest import Browser, Post, Wire
from .long_lists import LongLists
from .test_visits import begin_visit, episode_of, open_episode, signed_visit

ICPC2 = "eHealth/ICPC2/condition_codes"
LOINC = "eHealth/LOINC/observation_codes"
PARTS = 6  # questions of a card


def coded(system: str, code: str, text: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}], "text": text}


def pulse(value: int, day: int) -> dict[str, Any]:
    return {
        "code": coded(LOINC, "8867-4"),
        "effective_date_time": f"2026-11-{day:02}T10:00:00Z",
        "value_quantity": {"value": value, "unit": "уд./хв", "code": "{Beats}/min"},
    }


LISTS: dict[str, list[dict[str, Any]]] = {
    "/summary/allergy_intolerances": [
        {"id": "1", "code": coded("", "", "Пеніциліни"), "type": "allergy", "criticality": "high"},
        {"id": "2", "code": coded("", "", "Горіхи"), "verification_status": "refuted"},
    ],
    "/summary/diagnoses": [{"code": coded(ICPC2, "T90")} for _ in range(11)],
    "/medication_requests": [{"medication_info": {"medication_name": "метформін 850 мг"}, "ended_at": "2026-12-20"}],
    "/summary/observations": [pulse(99, 1)],
    "/observations": [pulse(71, 20), pulse(70, 10)],
    "/summary/encounters": [
        {"period": {"start": "2026-11-03T10:00:00Z"}, "type": coded("eHealth/encounter_types", "home")}
    ],
}


@pytest.fixture
async def visit(doctor: Browser, mis: Mis, patient_id: UUID) -> str:
    opening = await open_episode(doctor, patient_id)
    return await begin_visit(doctor, patient_id, await episode_of(mis, opening))


async def opened_anew(mis: Mis, doctor: Browser, visit: str) -> None:
    """The visit as it is opened for the first time."""
    async with mis.services.database.connection() as db:
        await db.execute("delete from visit_cards")
    await doctor.get(f"/visits/{visit}")


async def times_read(mis: Mis) -> int:
    """How often a card was read, by the audit log."""
    async with mis.services.database.connection() as db:
        found: int = await db.fetchval("select count(*) from audit_events where event = 'visit.card_read'")
    return found


class TestCard:
    async def test_then_tells_what_central_has(self, doctor: Browser, mis: Mis, visit: str, wire: Wire) -> None:
        wire.inner = LongLists(wire.inner, LISTS)
        before = await times_read(mis)
        await opened_anew(mis, doctor, visit)
        for words in (
            "Пеніциліни",
            "T90",
            "Ще 3",
            "метформін 850 мг",
            "до 20.12.2026",
            "71",
            "20.11.2026",
            "03.11.2026",
        ):
            assert words in doctor.text, words
        assert "Горіхи" not in doctor.text and "10.11.2026" not in doctor.text
        assert doctor.page and len(gzip.compress(doctor.page.content)) < 60_000
        assert await times_read(mis) == before + 1

    async def test_is_asked_once_for_a_visit_and_again_after_ten_minutes_or_at_the_button(
        self, *, doctor: Browser, visit: str, wire: Wire, clock: FixedClock
    ) -> None:
        async def asked() -> int:
            wire.seen.clear()
            await doctor.get(f"/visits/{visit}")
            return len(wire.seen)

        assert await asked() == 0
        clock.forward(timedelta(minutes=9, seconds=59))
        assert await asked() == 0
        clock.forward(timedelta(seconds=1))
        assert await asked() == PARTS
        wire.seen.clear()
        await doctor.send(f"/visits/{visit}", do="card", complaints="Кашель")
        assert len(wire.seen) == PARTS
        assert "Кашель" in doctor.text

    async def test_while_central_is_away_then_the_form_opens_and_tells_so(
        self, *, doctor: Browser, mis: Mis, visit: str, wire: Wire, clock: FixedClock
    ) -> None:
        wire.is_cut = True
        await opened_anew(mis, doctor, visit)
        assert doctor.page and doctor.page.status_code == 200
        assert "Дані про алергії зараз недоступні" in doctor.text and "ЕСОЗ зараз не відповідає" in doctor.text
        await doctor.send(f"/visits/{visit}", complaints="Кашель")
        assert doctor.page.status_code == 200
        wire.is_cut = False
        clock.forward(timedelta(seconds=46))  # what did not come is asked for again soon
        await doctor.get(f"/visits/{visit}")
        assert "не відповідає" not in doctor.text

    async def test_of_what_central_refuses_then_the_rest_stands(
        self, doctor: Browser, mis: Mis, visit: str, wire: Wire, patient_id: UUID
    ) -> None:
        wire.inner = LongLists(
            wire.inner, {name: rows for name, rows in LISTS.items() if name != "/medication_requests"}
        )
        refusal = {"meta": {"code": 403}, "error": {"type": "forbidden", "message": "Access denied"}}
        wire.answers[f"GET /api/persons/{patient_id}/medication_requests"] = httpx.Response(403, json=refusal)
        await opened_anew(mis, doctor, visit)
        assert doctor.page and doctor.page.status_code == 200
        assert "T90" in doctor.text and "Чинних рецептів немає" not in doctor.text

    async def test_of_answers_that_cannot_be_read_then_missing(
        self, doctor: Browser, mis: Mis, visit: str, wire: Wire, patient_id: UUID
    ) -> None:
        odd = httpx.Response(200, json={"meta": {"code": 200}, "data": "щось"})
        wire.answers[f"GET /api/patients/{patient_id}/summary/diagnoses"] = odd
        await opened_anew(mis, doctor, visit)
        assert doctor.page and doctor.page.status_code == 200
        assert "Чинних діагнозів немає" not in doctor.text

    async def test_when_central_is_slow_then_the_form_does_not_wait(
        self, doctor: Browser, mis: Mis, visit: str, wire: Wire, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries, "SECONDS", 0.01)
        wire.inner = slow = Slow(wire.inner)
        await opened_anew(mis, doctor, visit)
        assert "Дані про алергії зараз недоступні" in doctor.text
        slow.go.set()

    async def test_old_ones_then_forgotten(self, mis: Mis, visit: str, clock: FixedClock) -> None:
        async with mis.services.database.connection() as db:
            await delete_old_cards(db, clock.now())
            assert await db.fetchval("select count(*) from visit_cards") == 1
            await delete_old_cards(db, clock.now() + timedelta(seconds=1))
            assert await db.fetchval("select count(*) from visit_cards") == 0


class Slow(httpx.AsyncBaseTransport):
    """Central that answers when it is let."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner, self.go = inner, asyncio.Event()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self.go.wait()
        return await self.inner.handle_async_request(request)


def test_measurements_then_the_newest_of_each_code() -> None:
    found = model.latest_of_each([pulse(70, 1), pulse(80, 3), {"code": coded(LOINC, "8310-5"), "issued": "2026-11-02"}])
    assert [each["code"]["coding"][0]["code"] for each in found] == ["8867-4", "8310-5"]
    assert found[0]["value_quantity"]["value"] == 80
    assert model.latest_of_each([{}, {"code": None}, {"code": {"coding": []}}]) == []


BEFORE = {
    "klass": "PHC",
    "rows": "2",
    "complaints": "Кашель",
    "measured": "t 37",
    "reason_1": "R05",
    "reason_1_text": "R05 Кашель",
    "diagnosis_1": "R78",
    "diagnosis_1_text": "R78 Бронхіт",
    "onset_1": "2026-11-01",
    "clinical_1": "active",
    "diagnosis_2": "T90",
    "role_2": "comorbidity",
    "action_1": "*30",
    "prescriptions": "Пити воду",
    "day": "2026-11-01",
}


class TestRepeated:
    def test_into_an_empty_form_then_all_but_what_is_of_its_day(self) -> None:
        new = {"klass": "PHC", "rows": "1", "day": "2026-11-22", "clinical_1": "active", "onset_1": "2026-11-22"}
        found = forms.repeated_from(BEFORE, new)
        assert found == {
            **{name: text for name, text in BEFORE.items() if name not in {"complaints", "measured"}},
            "day": "2026-11-22",
        }

    def test_into_a_form_with_something_typed_then_that_stays_with_its_status(self) -> None:
        new = {"klass": "PHC", "rows": "1", "diagnosis_1": "R74", "onset_1": "2026-11-22", "reason_1_text": "шу"}
        found = forms.repeated_from(BEFORE, new)
        assert (found["diagnosis_1"], found["onset_1"], found["diagnosis_2"]) == ("R74", "2026-11-22", "T90")
        assert "reason_1" not in found and "diagnosis_1_text" not in found

    def test_into_a_form_of_another_class_then_only_the_advice(self) -> None:
        found = forms.repeated_from(BEFORE, {"klass": "AMB", "rows": "1"})
        assert found == {"klass": "AMB", "rows": "1", "prescriptions": "Пити воду"}


async def test_visit_before_then_shown_and_copied_at_the_button(
    doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
) -> None:
    first = await signed_visit(doctor, mis, patient_id, connected.doctor, post, prescriptions="Пити багато води")
    await post.carry()
    document_id = await begin_visit(doctor, patient_id, await episode_of(mis, first))
    assert "Пити багато води" in doctor.text and "R74" in doctor.text
    await doctor.send(f"/visits/{document_id}", do="repeat", complaints="Нові скарги")
    assert "Скопійовано з попереднього прийому" in doctor.text and "Нові скарги" in doctor.text
    await doctor.send(f"/visits/{document_id}", do="sign")
    assert doctor.path == f"/documents/{document_id}/sign", doctor.text
    assert "Пити багато води" in doctor.text and "Кашель другий день" not in doctor.text
