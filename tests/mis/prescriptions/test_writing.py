"""From today's encounter to a signed prescription: the form, the check, the signature, lost answers, second clicks."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from tests.factories.prescriptions import sent_code, set_programme, use_paper
from tests.factories.world import World

from ..conftest import Browser, Wire
from .conftest import begin, count, offered, reasons, sign, to_signature


@pytest.fixture
async def draft(doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID) -> str:
    """Path of a begun prescription; the browser shows its form."""
    return await begin(doctor, patient_id, encounter_id, medication_id)


def loses(wire: Wire, ending: str, method: str = "POST") -> None:
    """Answers to these requests are lost from now on; central does what they ask."""
    wire.loses_answer = lambda request: request.method == method and request.url.path.endswith(ending)


def answers(wire: Wire) -> None:
    wire.loses_answer = lambda _request: False


class TestFirstStep:
    async def test_from_the_finished_visit_then_the_form_with_this_visit_and_its_diagnosis(
        self, doctor: Browser, mis: Mis, patient_id: UUID, encounter_id: UUID
    ) -> None:
        async with mis.services.database.connection() as db:
            document_id = await db.fetchval("select id from documents where record_id = $1", encounter_id)
        await doctor.get(f"/documents/{document_id}")
        path = f"/patients/{patient_id}/prescriptions/new?encounter={encounter_id}"
        assert doctor.page is not None and f'href="{path}"' in doctor.page.text
        await doctor.get(path)
        assert f'name="encounter" value="{encounter_id}"' in doctor.page.text and "R74" in doctor.text

    async def test_from_a_visit_that_is_none_then_the_newest_of_today_is_chosen(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/prescriptions/new", encounter="nonsense")
        assert doctor.page is not None and f'name="encounter" value="{encounter_id}"' in doctor.page.text

    async def test_without_an_encounter_of_today_then_told_what_to_do(
        self, doctor: Browser, connected: World, medication_id: UUID
    ) -> None:
        person = connected.persons[1]
        await doctor.get(
            "/patients", q=f"{person.last_name} {person.first_name} {person.second_name} {person.birth_date:%d.%m.%Y}"
        )
        await doctor.get(f"/patients/{person.id}/prescriptions/new")
        assert "завершили сьогодні" in doctor.text and 'name="drug"' not in doctor.page.text

    async def test_search_by_substance_then_strengths_with_the_mark_of_antibiotics(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/prescriptions/new")
        source = doctor.page.text.split('data-picker-source="')[1].split('"')[0]
        found = (await doctor.client.get(f"{source}&q=амоксицилін")).json()
        assert "амоксицилін 500 мг капсули · J01" in [each["text"] for each in found]

    async def test_search_without_scripts_then_choices_in_the_form(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/prescriptions/new")
        await doctor.send(find="drug", drug_text="амоксицилін 500 мг капсули")
        assert f'value="{medication_id}"' in doctor.page.text

    async def test_without_a_medicine_then_refused_at_the_field(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/prescriptions/new")
        answer = await doctor.send(encounter=encounter_id)
        assert answer.status_code == 422 and "Оберіть лікарський засіб" in doctor.text

    async def test_with_an_encounter_of_another_doctor_then_refused(
        self, doctor: Browser, patient_id: UUID, encounter_id: UUID, medication_id: UUID, of_central: Connection
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/prescriptions/new")
        answer = await doctor.send(drug=medication_id, encounter="00000000-0000-4000-8000-000000000000")
        assert answer.status_code == 422 and "Оберіть прийом" in doctor.text


class TestForm:
    async def test_opened_then_a_usual_course_in_whole_packages(self, doctor: Browser, draft: str) -> None:
        assert 'value="2026-11-22"' in doctor.page.text and 'value="2026-11-26"' in doctor.page.text
        assert "Кратно упаковці" in doctor.text and "капс." in doctor.text

    async def test_with_faults_then_each_at_its_field_and_what_was_typed_is_kept(
        self, doctor: Browser, draft: str
    ) -> None:
        answer = await doctor.send(draft, dose="багато", ended_at="2026-11-01", note="Після їди")
        assert answer.status_code == 422
        assert 'href="#dose"' in answer.text and 'href="#ended_at"' in answer.text
        await doctor.get(draft)
        assert "Після їди" in doctor.page.text

    async def test_without_signature_then_made_of_the_fields(self, doctor: Browser, draft: str) -> None:
        await doctor.send(draft, dose="1", times="3", when="PC", quantity="")
        assert doctor.path == f"{draft}/check"
        assert "По 1 капс. 3 рази на день протягом 5 днів, після їди, перорально." in doctor.text

    async def test_too_little_for_the_course_then_warned(
        self, doctor: Browser, draft: str, medication_id: UUID
    ) -> None:
        await doctor.send(draft, dose="1", times="4", quantity="10", ended_at="2026-12-05")
        assert "не вистачить на весь курс" in doctor.text

    async def test_the_programme_refuses_then_the_reason_in_ukrainian_and_no_way_on(
        self, doctor: Browser, draft: str, of_central: Connection
    ) -> None:
        await set_programme(of_central, employee_types_to_create_medication_request=["SPECIALIST"])
        try:
            await doctor.send(draft)
        finally:
            await set_programme(of_central, employee_types_to_create_medication_request=["DOCTOR", "SPECIALIST"])
        assert "Програма не дозволяє виписувати рецепт Вашій посаді" in doctor.text
        assert f'action="{draft}/make"' not in doctor.page.text

    async def test_central_does_not_answer_then_what_was_typed_is_kept(
        self, doctor: Browser, draft: str, wire: Wire
    ) -> None:
        wire.is_cut = True
        answer = await doctor.send(draft, note="Не загубити")
        wire.is_cut = False
        assert answer.status_code == 503
        await doctor.get(draft)
        assert "Не загубити" in doctor.page.text

    async def test_of_another_user_then_not_found(
        self, doctor: Browser, draft: str, mis: Mis, connected: World, people: dict[str, UUID]
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("update prescriptions set user_id = $1", people["RECEPTIONIST"])
        assert (await doctor.get(draft)).status_code == 404


class TestSignature:
    async def test_signed_then_number_masked_phone_and_one_prescription(
        self, doctor: Browser, draft: str, connected: World, patient_id: UUID, of_central: Connection
    ) -> None:
        before = await count(of_central, "medication_requests", patient_id)
        await to_signature(doctor, draft)
        content = msgspec.json.decode(offered(doctor))
        assert content["status"] == "NEW" and content["request_number"] in doctor.text
        await sign(doctor, connected.doctor, f"{draft}/sign")
        assert doctor.path == f"{draft}/done"
        assert content["request_number"] in doctor.text
        assert "Код надіслано пацієнтові: у Дію або на номер +380" in doctor.text
        assert await sent_code(of_central, content["request_number"]) not in doctor.page.text
        assert await count(of_central, "medication_requests", patient_id) == before + 1

    async def test_the_bytes_are_what_central_shows(
        self, doctor: Browser, draft: str, wire: Wire, patient_id: UUID
    ) -> None:
        await to_signature(doctor, draft)
        content = offered(doctor)
        await doctor.get(f"{draft}/sign")
        assert offered(doctor) == content
        shown = [path for path in wire.paths("GET") if path.endswith(msgspec.json.decode(content)["id"])]
        assert len(shown) == 1

    async def test_other_content_is_signed_then_refused_and_nothing_sent(
        self, doctor: Browser, draft: str, connected: World, wire: Wire
    ) -> None:
        await to_signature(doctor, draft)
        answer = await sign(doctor, connected.doctor, f"{draft}/sign", b"{}")
        assert answer.status_code == 422 and "інший документ" in doctor.text
        assert not [path for path in wire.paths("PATCH") if path.endswith("/actions/sign")]

    async def test_without_a_phone_then_the_code_is_on_the_note_only(
        self, doctor: Browser, draft: str, connected: World, patient_id: UUID, of_central: Connection, clock: FixedClock
    ) -> None:
        methods = await of_central.fetch("select * from authentication_methods where person_id = $1", patient_id)
        await use_paper(of_central, patient_id, clock.now())
        try:
            await to_signature(doctor, draft)
            await sign(doctor, connected.doctor, f"{draft}/sign")
            assert "Обов’язково роздрукуйте" in doctor.text and "Надіслати код ще раз" not in doctor.text
            note = await doctor.get(_note(doctor))
            assert note.headers["content-type"] == "application/pdf"
            assert note.headers["content-disposition"].startswith("inline") and note.content.startswith(b"%PDF")
        finally:
            await of_central.execute(
                "delete from authentication_methods where person_id = $1 and type = 'OFFLINE'", patient_id
            )
            for method in methods:
                await of_central.execute(
                    "update authentication_methods set is_active = $2 where id = $1", method["id"], method["is_active"]
                )

    async def test_after_half_an_hour_then_back_to_the_draft(
        self, doctor: Browser, draft: str, connected: World, clock: FixedClock
    ) -> None:
        await to_signature(doctor, draft)
        clock.forward(timedelta(minutes=31))
        await sign(doctor, connected.doctor, f"{draft}/sign")
        assert doctor.path == draft and "прострочена" in doctor.text

    async def test_changed_then_central_gives_up_its_draft_and_the_form_is_open(
        self, doctor: Browser, draft: str, patient_id: UUID, of_central: Connection
    ) -> None:
        await to_signature(doctor, draft)
        made = UUID(msgspec.json.decode(offered(doctor))["id"])
        await doctor.send(f"{draft}/reopen")
        assert doctor.path == draft
        asked = "select status from medication_request_requests where person_id = $1 and id = $2"
        assert await of_central.fetchval(asked, patient_id, made) == "REJECTED"

    async def test_discarded_then_in_no_list(self, doctor: Browser, draft: str, patient_id: UUID) -> None:
        await doctor.get(f"{draft}/discard")
        await doctor.send(f"{draft}/discard")
        assert doctor.path == f"/patients/{patient_id}/prescriptions" and "видалено" in doctor.text
        await doctor.get("/prescriptions")
        assert "Рецептів ще немає" in doctor.text


def _note(browser: Browser) -> str:
    return next(part.split('"')[0] for part in browser.page.text.split('href="') if "note.pdf" in part.split('"')[0])


class TestLostAnswers:
    async def test_of_the_draft_then_the_next_click_takes_it_up(
        self, doctor: Browser, draft: str, wire: Wire, patient_id: UUID, of_central: Connection
    ) -> None:
        await doctor.send(draft)
        before = await count(of_central, "medication_request_requests", patient_id)
        loses(wire, "/medication_request_requests")
        answer = await doctor.send(f"{draft}/make", **reasons(doctor))
        assert answer.status_code == 503 and "другого не буде" in doctor.text
        answers(wire)
        await doctor.send(f"{draft}/make")
        assert doctor.path == f"{draft}/sign"
        assert await count(of_central, "medication_request_requests", patient_id) == before + 1

    async def test_of_the_signature_then_found_without_signing_again(
        self, doctor: Browser, draft: str, wire: Wire, connected: World, patient_id: UUID, of_central: Connection
    ) -> None:
        before = await count(of_central, "medication_requests", patient_id)
        await to_signature(doctor, draft)
        loses(wire, "/actions/sign", "PATCH")
        await sign(doctor, connected.doctor, f"{draft}/sign")
        assert doctor.path == f"{draft}/done" and "Підписувати ще раз не треба" in doctor.text
        answers(wire)
        await doctor.send(f"{draft}/settle")
        assert "Рецепт виписано" in doctor.text
        assert await count(of_central, "medication_requests", patient_id) == before + 1
        assert len([path for path in wire.paths("PATCH") if path.endswith("/actions/sign")]) == 1

    async def test_the_signature_never_arrived_then_sent_again_as_it_was(
        self, doctor: Browser, draft: str, wire: Wire, connected: World
    ) -> None:
        await to_signature(doctor, draft)
        content = offered(doctor)
        inner, wire.inner = wire.inner, Deaf(wire.inner)
        await sign(doctor, connected.doctor, f"{draft}/sign", content)
        assert "Підписувати ще раз не треба" in doctor.text
        wire.inner = inner
        await doctor.send(f"{draft}/settle")
        assert "Рецепт виписано" in doctor.text

    async def test_central_still_away_then_the_page_says_so_and_nothing_is_lost(
        self, doctor: Browser, draft: str, wire: Wire, connected: World
    ) -> None:
        await to_signature(doctor, draft)
        loses(wire, "/actions/sign", "PATCH")
        await sign(doctor, connected.doctor, f"{draft}/sign")
        wire.is_cut = True
        await doctor.send(f"{draft}/settle")
        wire.is_cut = False
        assert doctor.path == f"{draft}/done" and "спробуйте за хвилину" in doctor.text


class Deaf(httpx.AsyncBaseTransport):
    """A way on which signatures get lost before they arrive."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "PATCH":
            raise httpx.ReadTimeout("lost")
        return await self._inner.handle_async_request(request)


class TestTwice:
    async def test_two_forms_of_one_draft_at_once_then_one_draft_in_central(
        self, doctor: Browser, draft: str, patient_id: UUID, of_central: Connection
    ) -> None:
        await doctor.send(draft)
        before = await count(of_central, "medication_request_requests", patient_id)
        page, given = doctor.page, reasons(doctor)
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        await asyncio.gather(
            *(
                doctor.client.post(f"{draft}/make", data={"csrf": csrf, "form_token": token, **given})
                for token in ("a" * 8, "b" * 8)
            )
        )
        assert await count(of_central, "medication_request_requests", patient_id) == before + 1

    async def test_two_signatures_at_once_then_one_prescription(
        self, doctor: Browser, draft: str, connected: World, patient_id: UUID, of_central: Connection
    ) -> None:
        before = await count(of_central, "medication_requests", patient_id)
        await to_signature(doctor, draft)
        signed = connected.doctor.sign(offered(doctor))
        csrf = doctor.page.text.split('name="csrf" value="')[1].split('"')[0]
        both = await asyncio.gather(
            *(
                doctor.client.post(f"{draft}/sign", data={"csrf": csrf, "form_token": token, "signed_content": signed})
                for token in ("a" * 8, "b" * 8)
            )
        )
        assert {answer.headers.get("location") for answer in both} == {f"{draft}/done"}
        assert await count(of_central, "medication_requests", patient_id) == before + 1
