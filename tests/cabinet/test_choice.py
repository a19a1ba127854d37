"""A patient chooses a doctor: reads the declaration, signs it, is declared; or is told why not, or gives up."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from esoz.cabinet import printed
from esoz.cabinet.printed import Line
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.declarations import Declaring, declarations_of
from tests.factories.people import make_adult
from tests.factories.world import Caller, World

from .conftest import Browser, Road, error, last_events

REQUESTS = "/api/pis/declaration_requests"


async def choose(patient: Browser, doctor: Caller, **changes: str) -> str:
    """Press «Обрати цього лікаря»; the address one is led to."""
    fields = {"employee_id": str(doctor.employee_id), "division_id": str(doctor.division_id), "form_token": "0" * 32}
    await patient.open("/declarations")
    answer = await patient.post("/choice", **fields | changes)
    return answer.headers.get("location", "")


async def sign(patient: Browser, place: str, key: Caller | None = None, **fields: str) -> Any:
    """Open the text, sign the bytes that it shows, send them."""
    await patient.open(place)
    signed = (key or patient.world.patient).sign(patient.to_be_signed)
    return await patient.post(place, signed_content=signed, form_token=patient.hidden("form_token"), **fields)


async def kept(db: Connection, world: World) -> set[tuple[str, str | None]]:
    """Statuses and reasons of the patient's declarations."""
    assert world.patient.person_id is not None
    return set(await declarations_of(db, world.patient.person_id))


class TestText:
    def test_form_then_title_headings_rows_and_paragraphs(self) -> None:
        html = (
            "<!doctype html><html><head><title>T</title><style>p{}</style></head><body><h1>Декларація</h1>"
            "<p>№ <strong>1</strong></p><h2>Лікар</h2><table><tr><th>Ім’я</th><td>А &lt;б&gt;</td></tr></table>"
            "<script>x()</script><p>Згода<br>друга</p></body></html>"
        )
        assert printed.lines(html) == [
            Line("title", "Декларація"),
            Line("text", "№ 1"),
            Line("heading", "Лікар"),
            Line("row", "А <б>", "Ім’я"),
            Line("text", "Згода"),
            Line("text", "друга"),
        ]

    @pytest.mark.parametrize("html", ["", "<p>", "<<>>", "<th>a", "<td></td>", "</p></table></script>"])
    def test_odd_markup_then_no_fault(self, html: str) -> None:
        printed.lines(html)

    def test_plain_words_then_they_are_the_line(self) -> None:
        assert printed.lines("Текст без розмітки") == [Line("text", "Текст без розмітки")]

    def test_row_whose_cell_is_empty_then_its_name_is_not_taken_over(self) -> None:
        html = "<table><tr><th>А</th><td></td></tr><tr><th>Б</th><td>б</td></tr></table><p>в</p>"
        assert printed.lines(html) == [Line("row", "б", "Б"), Line("text", "в")]


class TestSign:
    # CB-5, DC-18, DC-21
    async def test_then_the_whole_text_is_shown_signed_and_declared(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        await patient.open(place)
        document = json.loads(patient.to_be_signed)
        assert document["person"]["patient_signed"] is True
        for word in printed.lines(document["content"]):
            assert word.text in patient.text
        assert "припиниться Ваша чинна декларація" in patient.text
        answer = await sign(patient, place)
        assert answer.status_code == 303
        await patient.open(answer.headers["location"])
        assert "Тепер це Ваш лікар" in patient.text and "Чинна" in patient.text
        assert await kept(db, world) == {("terminated", "request_cancelled"), ("active", None)}
        events = [event for event, _ in await last_events(own, 3)]
        assert events == ["choice.read", "choice.signed", "declaration.read"]

    async def test_chosen_twice_then_one_request(self, patient: Browser, world: World, db: Connection) -> None:
        first = await choose(patient, world.foreign_doctor)
        assert await choose(patient, world.foreign_doctor, form_token="1" * 32) == first
        assert await choose(patient, world.foreign_doctor) == first
        assert await db.fetchval("select count(*) from declaration_requests") == 1

    async def test_double_click_then_one_request(self, patient: Browser, world: World, db: Connection) -> None:
        await patient.open("/declarations")
        fields = {
            "csrf": patient.csrf,
            "employee_id": str(world.foreign_doctor.employee_id),
            "division_id": str(world.foreign_doctor.division_id),
            "form_token": "2" * 32,
        }
        answers = await asyncio.gather(*(patient.client.post("/choice", data=fields) for _ in range(3)))
        assert {each.status_code for each in answers} == {303}
        assert len({each.headers["location"] for each in answers}) == 1
        assert await db.fetchval("select count(*) from declaration_requests") == 1

    async def test_answer_of_the_request_lost_then_sent_again_makes_one(
        self, patient: Browser, world: World, db: Connection, road: Road
    ) -> None:
        road.losing.append(f"after POST {REQUESTS}")
        assert await choose(patient, world.foreign_doctor) == ""
        assert patient.page.status_code == 503
        place = await choose(patient, world.foreign_doctor)
        assert place.startswith("/choice/")
        assert await db.fetchval("select count(*) from declaration_requests") == 1

    async def test_answer_of_the_signature_lost_then_the_declaration_is_found(
        self, patient: Browser, world: World, db: Connection, road: Road
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        await patient.open(place)
        fields = {
            "csrf": patient.csrf,
            "signed_content": world.patient.sign(patient.to_be_signed),
            "form_token": patient.hidden("form_token"),
        }
        road.losing.append(f"after {REQUESTS}/{place.removeprefix('/choice/')}/actions/sign")
        assert (await patient.client.post(place, data=fields)).status_code == 503
        answer = await patient.client.post(place, data=fields)
        assert answer.status_code == 303
        await patient.open(place)
        assert patient.page.headers["location"].startswith("/declarations/")
        assert await kept(db, world) == {("terminated", "request_cancelled"), ("active", None)}

    async def test_with_the_key_of_another_then_said_and_the_text_stays(
        self, patient: Browser, world: World, db: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        answer = await sign(patient, place, key=world.doctor)
        assert answer.status_code == 422
        assert "ключем іншої людини" in patient.text and "Підписати декларацію" in patient.text
        assert await kept(db, world) == {("active", None)}

    async def test_another_text_then_said(self, patient: Browser, world: World, db: Connection) -> None:
        place = await choose(patient, world.foreign_doctor)
        await patient.open(place)
        document = json.loads(patient.to_be_signed) | {"end_date": "2030-01-01"}
        await patient.post(place, signed_content=world.patient.sign(document), form_token=patient.hidden("form_token"))
        assert patient.page.status_code == 422 and "не той текст" in patient.text
        assert await kept(db, world) == {("active", None)}

    async def test_nothing_sent_then_asked_for(self, patient: Browser, world: World) -> None:
        place = await choose(patient, world.foreign_doctor)
        await patient.open(place)
        await patient.post(place, form_token=patient.hidden("form_token"))
        assert patient.page.status_code == 422 and "Підпишіть" in patient.text

    # DC-17
    async def test_last_place_taken_between_choice_and_signature_then_said(
        self, patient: Browser, world: World, db: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        await db.execute("update parties set declaration_count = 1800")
        answer = await sign(patient, place)
        assert answer.status_code == 422 and "стільки пацієнтів, скільки дозволено" in patient.text
        assert "Оберіть іншого лікаря" in patient.text

    # DC-26
    async def test_a_day_later_then_the_time_is_over(
        self, patient: Browser, world: World, clock: FixedClock, db: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        clock.forward(timedelta(days=1, minutes=1))
        await patient.sign_in()
        await patient.open(place)
        assert "Час минув" in patient.text and "data-kep-content" not in patient.page.text
        assert await kept(db, world) == {("active", None)}


class TestChoose:
    # DC-17, DC-5, DC-4
    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            ("update parties set declaration_count = 1800", "стільки пацієнтів, скільки дозволено"),
            ("update employees set speciality = 'PEDIATRICIAN'", "не веде людей Вашого віку"),
            ("update employees set status = 'DISMISSED'", "зараз не приймає декларацій"),
            ("update divisions set status = 'INACTIVE'", "зараз не приймає декларацій"),
            ("update legal_entities set status = 'CLOSED', is_active = false", "зараз не приймає декларацій"),
        ],
    )
    async def test_refused_then_why_in_words_and_what_next(
        self, patient: Browser, world: World, db: Connection, spoil: str, words: str
    ) -> None:
        await db.execute(spoil)
        assert await choose(patient, world.foreign_doctor) == ""
        assert patient.page.status_code == 422 and words in patient.text
        assert 'href="/doctors"' in patient.page.text
        assert await db.fetchval("select count(*) from declaration_requests") == 0

    @pytest.mark.parametrize("id", ["", "5", "%00"])
    async def test_odd_id_then_not_found(self, patient: Browser, world: World, id: str) -> None:
        await choose(patient, world.foreign_doctor, employee_id=id)
        assert patient.page.status_code == 404


class TestOthers:
    async def test_request_of_another_person_then_not_found(
        self, patient: Browser, world: World, work: Work, db: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        somebody = await make_adult(work, 9)
        await db.execute("update declaration_requests set person_id = $1", somebody.id)
        for address in (place, f"{place}/withdraw"):
            await patient.open(address)
            assert patient.page.status_code == 404

    async def test_request_of_a_clinic_then_told_what_to_do_and_not_signed_here(
        self, patient: Browser, world: World, db: Connection
    ) -> None:
        person = world.persons[0]
        declaring = Declaring(world.foreign_doctor, person, db)
        made = (await declaring.create()).json()["data"]
        await patient.open("/declarations")
        assert "Цю декларацію готує заклад" in patient.text and "Прочитати й підписати" not in patient.text
        await patient.open(f"/choice/{made['id']}")
        assert "Назвіть там код" in patient.text and "data-kep-content" not in patient.page.text


class TestWithdraw:
    # DC-1
    async def test_then_given_up_and_shown_among_the_unfinished(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        await patient.open("/declarations")
        assert "Чекає на Ваш підпис" in patient.text and "Прочитати й підписати" in patient.text
        await patient.open(f"{place}/withdraw")
        await patient.post(f"{place}/withdraw", form_token=patient.hidden("form_token"))
        assert await last_events(own, 1) == [("choice.withdrawn", world.patient.person_id)]
        await patient.open("/declarations")
        assert "декларації не буде" in patient.text and "Не завершені спроби" in patient.text
        await patient.open(place)
        assert "Скасовано" in patient.text and "Декларації не створено" in patient.text
        assert await db.fetchval("select status from declaration_requests") == "REJECTED"

    async def test_twice_then_it_stays_so(self, patient: Browser, world: World) -> None:
        place = await choose(patient, world.foreign_doctor)
        await patient.open("/declarations")
        for token in ("3" * 32, "4" * 32):
            answer = await patient.post(f"{place}/withdraw", form_token=token, csrf=patient.csrf)
            assert answer.status_code == 303
            await patient.open("/declarations")

    async def test_signed_meanwhile_then_the_declaration_stays(
        self, patient: Browser, world: World, db: Connection
    ) -> None:
        place = await choose(patient, world.foreign_doctor)
        await sign(patient, place)
        await patient.open("/declarations")
        answer = await patient.post(f"{place}/withdraw", form_token="5" * 32)
        assert answer.status_code == 422
        assert ("active", None) in await kept(db, world)


class TestEnd:
    # CB-6
    async def test_then_ended_with_the_patients_words(
        self, patient: Browser, world: World, db: Connection, own: Connection
    ) -> None:
        id = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await patient.open(f"/declarations/{id}")
        assert "Завершити декларацію" in patient.text
        await patient.open(f"/declarations/{id}/end")
        answer = await patient.post(
            f"/declarations/{id}/end", reason="Переїжджаю", form_token=patient.hidden("form_token")
        )
        assert answer.status_code == 303
        assert (await last_events(own, 1))[0][0] == "declaration.ended"
        await patient.open(f"/declarations/{id}")
        assert "Переїжджаю" in patient.text and "За бажанням пацієнта" in patient.text
        assert await kept(db, world) == {("terminated", "manual_person")}
        await patient.open(f"/declarations/{id}/end")
        assert patient.page.status_code == 303

    async def test_answer_lost_then_sent_again_is_no_fault(
        self, patient: Browser, world: World, db: Connection, road: Road
    ) -> None:
        id = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await patient.open(f"/declarations/{id}/end")
        fields = {"csrf": patient.csrf, "reason": "", "form_token": patient.hidden("form_token")}
        road.losing.append(f"after /api/pis/declarations/{id}/actions/terminate")
        assert (await patient.client.post(f"/declarations/{id}/end", data=fields)).status_code == 503
        assert (await patient.client.post(f"/declarations/{id}/end", data=fields)).status_code == 303

    async def test_words_too_long_then_said_beside_them_and_kept(
        self, patient: Browser, world: World, db: Connection
    ) -> None:
        id = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await patient.open(f"/declarations/{id}/end")
        await patient.post(f"/declarations/{id}/end", reason="я" * 1001, form_token=patient.hidden("form_token"))
        assert patient.page.status_code == 422 and "до 1000 знаків" in patient.text and "я" * 1001 in patient.text
        assert await kept(db, world) == {("active", None)}

    async def test_another_status_meanwhile_then_said(self, patient: Browser, world: World, db: Connection) -> None:
        id = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await patient.open(f"/declarations/{id}/end")
        await db.execute("update declarations set status = 'terminated', reason = 'auto_reorganization'")
        await patient.post(f"/declarations/{id}/end", reason="Так", form_token=patient.hidden("form_token"))
        assert patient.page.status_code == 422 and "вже не чинна" in patient.text and "Так" in patient.text

    async def test_of_another_person_then_not_found(self, patient: Browser, world: World, db: Connection) -> None:
        id = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await db.execute("delete from declaration_status_history")
        await db.execute("update declarations set person_id = $1", world.persons[5].id)
        for end in ("", "/end", "/text"):
            await patient.open(f"/declarations/{id}{end}")
            assert patient.page.status_code == 404


class TestPrinted:
    async def test_text_of_a_declaration_then_all_of_it(
        self, patient: Browser, world: World, own: Connection, db: Connection
    ) -> None:
        await sign(patient, await choose(patient, world.foreign_doctor))
        row = await db.fetchrow("select id, content from declarations where status = 'active'")
        await patient.open(f"/declarations/{row['id']}/text")
        assert all(line.text in patient.text for line in printed.lines(row["content"]))
        assert (await last_events(own, 1))[0][0] == "declaration.text_read"

    async def test_request_in_a_status_of_the_future_then_left_out(
        self, patient: Browser, world: World, road: Road, db: Connection
    ) -> None:
        await choose(patient, world.foreign_doctor)
        odd = {"meta": {"code": 200}, "data": [{"id": "1", "status": "paused"}], "paging": {"total_pages": 1}}
        road.answers[f"GET {REQUESTS}"] = httpx.Response(200, json=odd)
        for path in ("/", "/declarations"):
            await patient.open(path)
            assert patient.page.status_code == 200 and "paused" not in patient.text

    async def test_list_of_requests_away_then_declarations_are_shown(self, patient: Browser, road: Road) -> None:
        road.answers[f"GET {REQUESTS}"] = error(500, "internal_error", "away")
        await patient.open("/declarations")
        assert patient.page.status_code == 200 and "Чинна" in patient.text
