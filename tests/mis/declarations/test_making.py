"""A declaration made in the clinic: chosen, confirmed by the patient, signed; lost answers, second clicks, refusals."""

import asyncio
import re
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central import people
from esoz.central.people import AuthenticationDetails, AuthenticationType
from esoz.kernel.db import Connection
from esoz.mis.app import Mis
from tests.factories.scans import jpeg
from tests.factories.world import World

from ..conftest import NOW, Browser, Consent, Wire, come_in, form_of
from ..test_visits import begin_visit, episode_of, open_episode
from .conftest import (
    MakePerson,
    WithUploads,
    begin,
    code_of,
    confirm,
    declare,
    live,
    offered,
    open_patient,
    sign,
    sms,
    status_of,
    to_signature,
)

ON_PAPER = (AuthenticationDetails(type=AuthenticationType.OFFLINE),)


@pytest.fixture
async def person(make_person: MakePerson) -> people.Person:
    """Somebody without a doctor."""
    return await make_person()


class TestChoosing:
    async def test_when_opened_then_free_places_and_the_user_first(
        self, doctor: Browser, person: people.Person, connected: World
    ) -> None:
        await open_patient(doctor, person)
        await doctor.get(f"/patients/{person.id}/declaration")
        assert "Чинної декларації в пацієнта немає" in doctor.text
        await doctor.get(f"/patients/{person.id}/declaration/new")
        _action, given = form_of(doctor.page.text, f"/patients/{person.id}/declaration/new")
        assert given["doctor"] == str(connected.doctor.employee_id) and given["way"]
        assert "із 1800" in doctor.text and "вільних місць" in doctor.text and "+380" in doctor.text

    async def test_patient_of_this_doctor_then_the_declaration_that_ends_is_told(
        self, doctor: Browser, patient_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/declaration")
        assert "безстроково" in doctor.text and "Припинити декларацію може сам пацієнт" in doctor.text
        await doctor.get(f"/patients/{patient_id}/declaration/new")
        assert "Вона припиниться, щойно підпишуть нову" in doctor.text

    async def test_nothing_chosen_then_told_at_the_fields(self, doctor: Browser, person: people.Person) -> None:
        await open_patient(doctor, person)
        await doctor.get(f"/patients/{person.id}/declaration/new")
        page = await doctor.send(doctor="", division=uuid4(), way="")
        assert page.status_code == 422
        for words in ("Оберіть лікаря зі списку", "Оберіть місце прийому зі списку", "Оберіть, як пацієнт підтвердить"):
            assert words in doctor.text

    async def test_person_nobody_opened_then_not_found(self, doctor: Browser) -> None:
        page = await doctor.get(f"/patients/{uuid4()}/declaration/new")
        assert page.status_code == 404

    async def test_full_doctor_then_told_before_an_sms(
        self, doctor: Browser, person: people.Person, connected: World, wire: Wire, of_central: Connection
    ) -> None:
        query = "select party_id from employees where id = $1"
        party = await of_central.fetchval(query, connected.doctor.employee_id)
        before = await of_central.fetchval("select declaration_count from parties where id = $1", party)
        await of_central.execute("update parties set declaration_count = 1800 where id = $1", party)
        try:
            await open_patient(doctor, person)
            await doctor.get(f"/patients/{person.id}/declaration/new")
            assert "місць немає" in doctor.text
            await doctor.send(doctor=connected.doctor.employee_id)
        finally:
            await of_central.execute("update parties set declaration_count = $2 where id = $1", party, before)
        assert "У лікаря немає вільних місць" in doctor.text
        assert "/api/v3/declaration_requests" not in wire.paths("POST")

    async def test_double_click_then_one_sms(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        await open_patient(doctor, person)
        path = f"/patients/{person.id}/declaration/new"
        await doctor.get(path)
        action, given = form_of(doctor.page.text, path)
        before = len(await sms(of_central))
        data = given | {"doctor": str(connected.doctor.employee_id)}
        answers = await asyncio.gather(*(doctor.client.post(action, data=data) for _ in range(2)))
        assert len({answer.headers["location"] for answer in answers}) == 1
        assert len(await sms(of_central)) == before + 1

    async def test_lost_answer_then_the_same_form_makes_no_second(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection, wire: Wire
    ) -> None:
        await open_patient(doctor, person)
        path = f"/patients/{person.id}/declaration/new"
        await doctor.get(path)
        action, given = form_of(doctor.page.text, path)
        data = given | {"doctor": str(connected.doctor.employee_id)}
        wire.loses_answer = lambda request: request.method == "POST"
        away = await doctor.client.post(action, data=data)
        assert away.status_code == 503
        wire.loses_answer = lambda _request: False
        before = len(await sms(of_central))
        again = await doctor.client.post(action, data=data)
        assert again.headers["location"].startswith("/declarations/requests/")
        assert len(await sms(of_central)) == before


class TestCode:
    async def test_right_then_the_whole_text_to_be_signed(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        assert "Код із SMS" in doctor.text and "Чекає на пацієнта" in doctor.text
        await confirm(doctor, path, f" {' '.join(await code_of(of_central))} ")
        for words in (person.last_name, "Декларація про вибір лікаря", "Я даю згоду на обробку персональних даних"):
            assert words in doctor.text
        pdf = await doctor.client.get(f"{path}/form.pdf")
        assert pdf.content.startswith(b"%PDF") and pdf.headers["content-type"] == "application/pdf"

    @pytest.mark.parametrize(
        ("typed", "words"), [("", "Введіть код"), ("12", "чотири цифри"), ("абвг", "чотири цифри"), ("١٢٣٤", "чотири")]
    )
    async def test_no_code_then_central_is_not_asked(
        self, doctor: Browser, person: people.Person, connected: World, wire: Wire, typed: str, words: str
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        await confirm(doctor, path, typed)
        assert words in doctor.text
        assert f'value="{typed}"' in doctor.page.text or not typed
        assert not [each for each in wire.paths("PATCH") if each.endswith("/approve")]

    async def test_wrong_then_told_and_the_right_one_is_still_good(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        code = await code_of(of_central)
        await confirm(doctor, path, 1000 + (int(code) - 999) % 9000)
        assert "Код неправильний" in doctor.text
        await confirm(doctor, path, code)
        assert "Підпис декларації" in doctor.text

    async def test_sent_again_then_the_new_one_only(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        old = await code_of(of_central)
        await doctor.send(f"{path}/resend")
        assert "Новий код надіслано" in doctor.text
        new = await code_of(of_central)
        if new != old:
            await confirm(doctor, path, old)
            assert "Код неправильний" in doctor.text
        await confirm(doctor, path, new)
        assert await status_of(of_central, path) == "APPROVED"

    async def test_sent_too_often_then_told_how_long_to_wait(
        self, doctor: Browser, person: people.Person, connected: World
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        for _ in range(3):
            await doctor.send(f"{path}/resend")
        assert "Повторіть дію через 60 с" in doctor.text and "Код із SMS" in doctor.text

    async def test_lost_answer_then_the_code_typed_again_goes_on(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection, wire: Wire
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        code = await code_of(of_central)
        wire.loses_answer = lambda request: request.url.path.endswith("/approve")
        action, given = form_of(doctor.page.text, f"{path}/confirm")
        away = await doctor.client.post(action, data=given | {"code": code})
        assert away.status_code == 503
        wire.loses_answer = lambda _request: False
        await doctor.get(path)
        assert "Підпис декларації" in doctor.text


class TestScans:
    @pytest.fixture
    async def on_paper(self, make_person: MakePerson) -> people.Person:
        return await make_person(authentication_methods=ON_PAPER)

    async def test_all_then_confirmed_and_our_keys_stay_here(
        self, doctor: Browser, on_paper: people.Person, connected: World, of_central: Connection, uploads: WithUploads
    ) -> None:
        path = await begin(doctor, on_paper, connected.doctor)
        assert "РНОКПП" in doctor.text and "Код із SMS" not in doctor.text
        await self.send(doctor, path, {"scan-1": jpeg()})
        assert "Додайте цей скан" in doctor.text and "Надіслано. Оберіть файл" in doctor.text
        await self.send(doctor, path, {"scan-2": jpeg()})
        assert await status_of(of_central, path) == "APPROVED"
        assert len(uploads.sent) == 2
        assert not {"api-key", "authorization", "x-custom-psk"} & set(uploads.sent[0].headers)
        await sign(doctor, path, connected.doctor)
        assert "ще перевіряє НСЗУ" in doctor.text

    async def test_no_jpeg_then_told_at_the_field_and_nothing_is_sent(
        self, doctor: Browser, on_paper: people.Person, connected: World, uploads: WithUploads
    ) -> None:
        path = await begin(doctor, on_paper, connected.doctor)
        await self.send(doctor, path, {"scan-1": b"%PDF-1.4", "scan-2": jpeg()})
        assert "Оберіть зображення JPEG" in doctor.text and not uploads.sent

    async def test_broken_jpeg_then_centrals_refusal_is_explained(
        self, doctor: Browser, on_paper: people.Person, connected: World, uploads: WithUploads
    ) -> None:
        path = await begin(doctor, on_paper, connected.doctor)
        await self.send(doctor, path, {"scan-1": b"\xff\xd8\xff\xe0nothing"})
        assert "потрібне одне зображення JPEG" in doctor.text and uploads.sent

    async def send(self, doctor: Browser, path: str, scans: dict[str, bytes]) -> None:
        action, given = form_of(doctor.page.text, f"{path}/confirm")
        given = {name: value for name, value in given.items() if not name.startswith("scan-")}
        files = {name: (f"{name}.jpg", content, "image/jpeg") for name, content in scans.items()}
        doctor.page = await doctor.client.post(action, data=given, files=files, follow_redirects=True)


class TestSigning:
    async def test_signed_then_one_declaration_and_the_patient_has_it(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection, mis: Mis
    ) -> None:
        await declare(doctor, person, connected, of_central)
        assert "Декларація чинна" in doctor.text
        assert await live(of_central, person.id) == 1
        await doctor.get(f"/patients/{person.id}/declaration")
        assert "Чинна" in doctor.text and "Ковальчук" in doctor.text
        [form] = re.findall(r'href="(/declarations/[^"]+/form\.pdf)"', doctor.page.text)
        assert (await doctor.client.get(form)).content.startswith(b"%PDF")
        assert (await doctor.get(f"/declarations/{uuid4()}/form.pdf")).status_code == 404
        async with mis.services.database.connection() as db:
            events = await db.fetch(
                "select event from audit_events where patient_id = $1 order by at, event", person.id
            )
        assert {"declaration_request.created", "declaration_request.approved", "declaration_request.signed"} <= {
            row["event"] for row in events
        }

    async def test_answer_lost_then_told_and_signed_once(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection, wire: Wire
    ) -> None:
        path = await to_signature(doctor, person, connected.doctor, of_central)
        wire.loses_answer = lambda request: request.url.path.endswith("/sign")
        await sign(doctor, path, connected.doctor)
        assert "підписане двічі дає одну декларацію" in doctor.text and "Декларацію підписано" in doctor.text
        assert await live(of_central, person.id) == 1

    async def test_sent_twice_at_once_then_one_declaration(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await to_signature(doctor, person, connected.doctor, of_central)
        action, given = form_of(doctor.page.text, f"{path}/sign")
        data = given | {"signed_content": connected.doctor.sign(offered(doctor)), "form_token": ""}
        answers = await asyncio.gather(*(doctor.client.post(action, data=data) for _ in range(2)))
        assert {answer.status_code for answer in answers} == {303}
        assert await live(of_central, person.id) == 1

    async def test_other_bytes_then_refused_here(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await to_signature(doctor, person, connected.doctor, of_central)
        await sign(doctor, path, connected.doctor, b'{"id": "1"}')
        assert doctor.page.status_code == 422 and await status_of(of_central, path) == "APPROVED"

    async def test_by_a_registrar_then_told_who_signs(
        self, browser: Browser, consent: Consent, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        await come_in(browser, consent, "RECEPTIONIST", connected.registrar)
        path = await to_signature(browser, person, connected.doctor, of_central)
        assert "Підписує лікар, якого обрав пацієнт" in browser.text and "data-kep-form" not in browser.page.text
        page = await browser.client.post(f"{path}/sign", data=form_of(browser.page.text, "/sign-out")[1])
        assert page.status_code == 403

    async def test_request_of_another_clinic_then_not_found(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        foreign = connected.foreign_doctor.client_id
        await of_central.execute(
            "update declaration_requests set legal_entity_id = $2 where id = $1", UUID(path.rsplit("/", 1)[-1]), foreign
        )
        page = await doctor.get(path)
        assert page.status_code == 404


class TestWithdrawing:
    async def test_by_a_registrar_then_over(
        self, browser: Browser, consent: Consent, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        await come_in(browser, consent, "RECEPTIONIST", connected.registrar)
        path = await begin(browser, person, connected.doctor)
        await browser.get(f"{path}/withdraw")
        await browser.send()
        assert "Запит відкликано" in browser.text and await status_of(of_central, path) == "REJECTED"
        await browser.get(f"{path}/withdraw")
        assert browser.path == path

    async def test_by_a_doctor_then_not_offered(self, doctor: Browser, person: people.Person, connected: World) -> None:
        path = await begin(doctor, person, connected.doctor)
        assert "Відкликати" not in doctor.text
        assert (await doctor.get(f"{path}/withdraw")).status_code == 403


class TestQueue:
    async def test_open_ones_then_listed_with_their_state_and_gone_on_with(
        self, doctor: Browser, make_person: MakePerson, connected: World, of_central: Connection
    ) -> None:
        waiting, ready = await make_person(), await make_person()
        path = await begin(doctor, waiting, connected.doctor)
        await to_signature(doctor, ready, connected.doctor, of_central)
        await doctor.get("/declarations/requests")
        assert waiting.last_name in doctor.text and ready.last_name in doctor.text
        assert doctor.text.index(ready.last_name) < doctor.text.index(waiting.last_name)
        assert path in doctor.page.text
        await doctor.get("/declarations/requests", status="APPROVED")
        assert ready.last_name in doctor.text and waiting.last_name not in doctor.text
        await doctor.get("/declarations/requests", channel="PIS")
        assert ready.last_name not in doctor.text

    async def test_odd_filters_then_as_without(self, doctor: Browser) -> None:
        page = await doctor.get("/declarations/requests", status="x", channel="y", doctor="z", page="99")
        assert page.status_code == 200

    async def test_of_yesterday_then_over_and_nothing_is_to_be_done(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection
    ) -> None:
        path = await begin(doctor, person, connected.doctor)
        await of_central.execute(
            "update declaration_requests set expires_at = $2 where id = $1", UUID(path.rsplit("/", 1)[-1]), NOW
        )
        await doctor.get(path)
        assert "Час вийшов" in doctor.text and "Запит діяв добу" in doctor.text and "/confirm" not in doctor.page.text
        await doctor.get("/declarations/requests", status="EXPIRED")
        assert person.last_name in doctor.text

    async def test_central_away_then_said(self, doctor: Browser, wire: Wire) -> None:
        wire.is_cut = True
        page: httpx.Response = await doctor.get("/declarations/requests")
        assert page.status_code == 503


class TestLine:
    async def test_on_the_patients_page_and_at_a_visit(
        self, doctor: Browser, patient_id: UUID, mis: Mis, wire: Wire
    ) -> None:
        await doctor.get(f"/patients/{patient_id}")
        assert "Декларація: з Вами" in doctor.text
        episode = await episode_of(mis, await open_episode(doctor, patient_id))
        document = await begin_visit(doctor, patient_id, episode)
        asked = wire.paths("GET").count(f"/api/persons/{patient_id}/declaration")
        await doctor.get(f"/visits/{document}")
        assert "Декларація: з Вами" in doctor.text
        assert wire.paths("GET").count(f"/api/persons/{patient_id}/declaration") == asked

    async def test_nobody_chosen_then_said(self, doctor: Browser, person: people.Person) -> None:
        await open_patient(doctor, person)
        assert "Чинної декларації немає" in doctor.text

    async def test_elsewhere_then_said_and_nobody_doubts_the_user(
        self, doctor: Browser, person: people.Person, connected: World, of_central: Connection, wire: Wire
    ) -> None:
        refused = {"type": "forbidden", "message": "Active declaration belongs to another msp"}
        path = f"GET /api/persons/{person.id}/declaration"
        wire.answers[path] = httpx.Response(403, json={"meta": {"code": 403}, "error": refused})
        await open_patient(doctor, person)
        assert "з лікарем іншого закладу" in doctor.text
        await doctor.get(f"/patients/{person.id}/declaration/new")
        assert "в іншому закладі. Вона припиниться" in doctor.text

    async def test_not_answered_then_the_page_without_it(
        self, doctor: Browser, person: people.Person, wire: Wire
    ) -> None:
        wire.loses_answer = lambda request: request.url.path.endswith("/declaration")
        await open_patient(doctor, person)
        assert doctor.page.status_code == 200 and "Декларація:" not in doctor.text
