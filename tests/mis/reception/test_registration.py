"""Registering somebody: looked for, written down, confirmed, signed on paper and with the key, taken by central."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from esoz.mis.reception.registration.commands.signing import deliver
from tests.factories.scans import jpeg
from tests.factories.world import World
from tests.mis.conftest import NOW, Browser, Consent, come_in

from .conftest import HOME, Desk, filled


class TestGrownUp:
    async def test_from_the_search_to_the_record_then_anybody_of_the_clinic_finds_them(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.confirm(values)
        printed = await desk.browser.client.get(f"{HOME}/{id}/print")
        assert values["last_name"] in printed.text and "даю згоду" in printed.text
        await desk.sign(id)
        assert await desk.state(id) == "queued" and "Надсилаємо до ЕСОЗ" in desk.browser.text
        await deliver(desk.mis.services)
        await desk.browser.get(f"{HOME}/{id}")
        assert "Пацієнта зареєстровано в ЕСОЗ" in desk.browser.text
        found = await desk.browser.get("/patients", q="Їжаченко Ґанна Дем'янівна 19.08.1991")
        person_id = await desk.value("select person_id from registrations where id = $1", id)
        assert str(person_id) in found.text
        await desk.browser.get(f"/patients/{person_id}")
        assert desk.browser.path == f"/patients/{person_id}"

    async def test_in_central_then_what_was_typed_is_forgotten_here(self, desk: Desk) -> None:
        await desk.register(filled(desk.settlement))
        row = await desk.value("select form::text || person::text || papers::text from registrations")
        assert row == "{}{}[]"
        assert await desk.value("select content is null and signed is null from registrations") is True

    async def test_each_step_leaves_a_line_in_the_audit_log(self, desk: Desk) -> None:
        id = await desk.confirm(filled(desk.settlement))
        await desk.browser.client.get(f"{HOME}/{id}/print")
        await desk.sign(id)
        await deliver(desk.mis.services)
        async with desk.mis.services.database.connection() as db:
            rows = await db.fetch("select event from audit_events where resource_id = $1", str(id))
        wanted = {"begun", "written", "phone_code_asked", "phone_confirmed", "asked", "confirmed", "printed"}
        wanted |= {"signed_on_paper", "signed", "done"}
        assert {row["event"].removeprefix("registration.") for row in rows} >= wanted

    async def test_telephone_that_is_confirmed_already_then_one_code(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        async with desk.central.connection() as db:
            await db.execute("insert into verified_phones values ($1, now())", values["method_phone"])
        id = await desk.write(values)
        await desk.browser.send(f"{HOME}/{id}/check")
        assert desk.browser.path == f"{HOME}/{id}" and "*****" in desk.browser.text

    async def test_papers_in_the_place_of_a_telephone_then_scans_are_carried_to_central(self, desk: Desk) -> None:
        values = filled(desk.settlement, method="OFFLINE", method_phone="")
        id = await desk.ask(values)
        assert "РНОКПП: картка" in desk.browser.text and "бракує" in desk.browser.text
        await desk.browser.send(f"{HOME}/{id}/confirm")
        assert "Додайте спершу всі скани" in desk.browser.text
        for number in (1, 2):
            answer = await _scan(desk, id, number, jpeg())
            assert answer.status_code == 303, answer.text
        await desk.browser.get(f"{HOME}/{id}")
        assert "бракує" not in desk.browser.text
        await desk.browser.send(f"{HOME}/{id}/confirm")
        await desk.sign(id)
        await deliver(desk.mis.services)
        assert await desk.state(id) == "done"

    @pytest.mark.parametrize(("content", "words"), [(b"%PDF-1.7", "JPEG"), (b"", "Оберіть файл")])
    async def test_file_that_is_no_photograph_then_told_at_its_field(
        self, desk: Desk, content: bytes, words: str
    ) -> None:
        id = await desk.ask(filled(desk.settlement, method="OFFLINE", method_phone=""))
        answer = await _scan(desk, id, 1, content)
        assert answer.status_code == 422 and words in answer.text and 'href="#scan_1"' in answer.text


async def _scan(desk: Desk, id: UUID, number: int, content: bytes) -> httpx.Response:
    page = await desk.browser.client.get(f"{HOME}/{id}")
    csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
    data = {"csrf": csrf, "number": str(number)}
    files = {"scan": ("скан.jpg", content, "image/jpeg")} if content else {"other": ("", b"")}
    return await desk.browser.client.post(f"{HOME}/{id}/scan", data=data, files=files)


class TestDuplicates:
    async def test_somebody_of_these_names_is_registered_then_shown_with_what_differs(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        person_id = await desk.register(values)
        await desk.browser.get(f"{HOME}/new")
        asked = {name: values[name] for name in ("last_name", "first_name")}
        page = await desk.browser.send(
            f"{HOME}/new", **asked, second_name="Інша", birth_date="19.08.1991", tax_id=values["tax_id"]
        )
        assert desk.browser.path == f"{HOME}/new" and f"/patients/{person_id}" in page.text
        assert "той самий РНОКПП" in desk.browser.text and "інше по батькові" in desk.browser.text

    async def test_registered_with_this_tax_id_already_then_central_says_no_and_the_form_says_why(
        self, desk: Desk
    ) -> None:
        values = filled(desk.settlement)
        await desk.register(values)
        other = filled(desk.settlement, tax_id=values["tax_id"], last_name="Щербань")
        async with desk.central.connection() as db:
            await db.execute("insert into verified_phones values ($1, now())", other["method_phone"])
        id = await desk.write(other)
        await desk.browser.send(f"{HOME}/{id}/check")
        assert desk.browser.path == f"{HOME}/{id}/edit"
        assert "уже зареєстровано в ЕСОЗ" in desk.browser.text
        assert other["document_1_number"] in str(desk.browser.page and desk.browser.page.text)

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("last_name", "", "Введіть прізвище"),
            ("birth_date", "30.02.1991", "справжню дату"),
            ("birth_date", "01.01.2099", "в майбутньому"),
            ("tax_id", "12", "10 цифр"),
        ],
    )
    async def test_search_that_cannot_be_asked_then_told(self, desk: Desk, field: str, value: str, words: str) -> None:
        await desk.browser.get(f"{HOME}/new")
        told = {"last_name": "Їжак", "first_name": "Ганна", "birth_date": "19.08.1991"} | {field: value}
        page = await desk.browser.send(f"{HOME}/new", **told)
        assert page.status_code == 422 and words in desk.browser.text


class TestForm:
    async def test_numbers_as_people_type_them_then_as_they_are_printed(self, desk: Desk) -> None:
        """The first letter is typed on the Latin keyboard."""
        values = filled(desk.settlement, unzr="1991081900001")
        whole = values["document_1_number"]
        id = await desk.write(values | {"document_1_number": f"a\u0431 {whole[2:5]} {whole[5:]}"})
        assert desk.browser.path == f"{HOME}/{id}/check", desk.browser.text
        told = "select concat_ws(' ', person->'documents'->0->>'number', person->>'unzr') from registrations"
        assert await desk.value(told) == f"{whole} 19910819-00001"

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("last_name", "", "Заповніть поле"),
            ("last_name", "Їжаченкоы", "українськими літерами"),
            ("gender", "", "Заповніть поле"),
            ("birth_date", "2099-01-01", "не може бути в майбутньому"),
            ("birth_date", "1870-01-01", "понад 150 років"),
            ("tax_id", "1234567890", "остання з них контрольна"),
            ("tax_id", "", "поставте позначку"),
            ("no_tax_id", "yes", "відмовилася"),
            ("unzr", "19910818-00001", "починається з дати народження"),
            ("document_1_type", "", "Заповніть поле"),
            ("document_1_type", "NATIONAL_ID", "Номер не схожий"),
            ("document_1_number", "АБ12", "Номер не схожий"),
            ("document_1_issued_at", "1991-08-18", "до народження"),
            ("document_1_issued_at", "2099-01-01", "в майбутньому"),
            ("document_1_expiration_date", "2020-01-01", "недійсний"),
            ("settlement", "", "Оберіть населений пункт"),
            ("settlement", "не id", "Оберіть населений пункт"),
            ("zip", "123", "5 цифр"),
            ("phone", "111", "+380501234567"),
            ("email", "не пошта", "електронну пошту"),
            ("contact_phone", "", "Заповніть поле"),
            ("code_word", "12345", "від 6 до 20"),
            ("method", "", "Оберіть, як"),
            ("method_phone", "", "Заповніть поле"),
        ],
    )
    async def test_fault_at_a_field_then_told_there_and_the_rest_is_kept(
        self, desk: Desk, field: str, value: str, words: str
    ) -> None:
        values = filled(desk.settlement) | {field: value}
        id = await desk.begin(values | {"birth_date": "1991-08-19", "last_name": "Їжаченко"})
        page = await desk.browser.send(f"{HOME}/{id}/edit", **values)
        assert page.status_code == 422 and words in desk.browser.text
        assert values["code_word"] in page.text and values["street"] in page.text

    async def test_one_document_more_then_a_place_for_it_and_what_was_typed_stays(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.begin(values)
        page = await desk.browser.send(f"{HOME}/{id}/edit", more="documents", **values)
        assert page.status_code == 200 and 'name="document_2_number"' in page.text and values["code_word"] in page.text

    async def test_settlement_without_scripts_then_offered_to_choose(self, desk: Desk) -> None:
        name = await desk.at_central("select name from settlements where id = $1", desk.settlement)
        id = await desk.begin(filled(desk.settlement))
        page = await desk.browser.send(f"{HOME}/{id}/edit", find="settlement", settlement_text=name)
        assert str(desk.settlement) in page.text

    async def test_corrected_after_the_code_was_sent_then_the_patient_confirms_the_new_one(self, desk: Desk) -> None:
        values = filled(desk.settlement)
        id = await desk.ask(values)
        first = await desk.value("select central_id from registrations where id = $1", id)
        await desk.browser.get(f"{HOME}/{id}/edit")
        await desk.browser.send(f"{HOME}/{id}/edit", **(values | {"street": "Лісова"}))
        desk.clock.forward(timedelta(minutes=2))
        await desk.browser.send(f"{HOME}/{id}/check")
        second = await desk.value("select central_id from registrations where id = $1", id)
        assert second != first
        assert await desk.at_central("select status from person_requests where id = $1", first) == "REJECTED"


class TestChild:
    async def test_child_then_a_grown_up_speaks_and_confirms(self, desk: Desk) -> None:
        mother = filled(desk.settlement)
        mother_id = await desk.register(mother)
        child = filled(
            desk.settlement,
            first_name="Марічка",
            birth_date="2020-11-22",
            tax_id="",
            document_1_type="BIRTH_CERTIFICATE",
            document_1_number="1-БК654321",
            document_1_issued_at="2020-12-01",
        )
        del child["method"], child["method_phone"]
        id = await desk.write(child)
        assert desk.browser.path == f"{HOME}/{id}/confidant"
        await desk.browser.get(
            f"{HOME}/{id}/confidant", last_name="Їжаченко", first_name="Ґанна", birth_date="19.08.1991"
        )
        await desk.browser.send(f"{HOME}/{id}/confidant/{mother_id}")
        paper = {"type": "BIRTH_CERTIFICATE", "number": "1-БК654321", "issued_by": "ДРАЦС", "issued_at": "2020-12-01"}
        await desk.browser.send(f"{HOME}/{id}/confidant", **{f"relation_{name}": text for name, text in paper.items()})
        assert desk.browser.path == f"{HOME}/{id}/check" and "Законний представник" in desk.browser.text
        desk.clock.forward(timedelta(minutes=2))
        await desk.browser.send(f"{HOME}/{id}/check")
        assert desk.browser.path == f"{HOME}/{id}", desk.browser.text
        await desk.browser.send(f"{HOME}/{id}/confirm", code=await desk.code(mother["method_phone"]))
        await desk.sign(id)
        await deliver(desk.mis.services)
        assert await desk.state(id) == "done"

    async def test_child_who_is_chosen_to_speak_then_refused(self, desk: Desk, connected: World) -> None:
        values = filled(desk.settlement, method="THIRD_PERSON", method_phone="")
        id = await desk.write(values)
        kept = {str(UUID(int=5)): ["Їжаченко", "Марічка", "", (NOW.date() - timedelta(days=17 * 365)).isoformat(), ""]}
        async with desk.mis.services.database.connection() as db:
            await db.execute(
                "update sessions set data = data || $1 where user_id is not null", {"found_patients": kept}
            )
        page = await desk.browser.client.get(f"{HOME}/{id}/confidant")
        csrf = page.text.split('name="csrf" value="')[1].split('"')[0]
        await desk.browser.client.post(f"{HOME}/{id}/confidant/{UUID(int=5)}", data={"csrf": csrf})
        await desk.browser.get(f"{HOME}/{id}/confidant")
        assert "лише повнолітня" in desk.browser.text


class TestWhoMay:
    async def test_another_clinic_s_registration_is_not_found(self, desk: Desk) -> None:
        id = await desk.write(filled(desk.settlement))
        async with desk.mis.services.database.transaction() as db:
            other = await db.fetchval(
                "select id from clinics where id <> (select clinic_id from registrations limit 1) limit 1"
            )
            await db.execute("update registrations set clinic_id = $1", other)
        for path in ("", "/edit", "/check", "/phone", "/confidant", "/sign", "/print", "/progress", "/discard"):
            assert (await desk.browser.client.get(f"{HOME}/{id}{path}")).status_code == 404

    async def test_head_of_a_clinic_registers_nobody(
        self, browser: Browser, consent: Consent, connected: World, head: UUID
    ) -> None:
        await come_in(browser, consent, "OWNER", connected.owner)
        for path in ("", "/new"):
            assert (await browser.get(f"{HOME}{path}")).status_code == 403

    async def test_list_then_what_is_not_finished_stands_there(self, desk: Desk) -> None:
        await desk.write(filled(desk.settlement))
        await desk.browser.get(HOME)
        assert "Їжаченко Ґанна" in desk.browser.text and "Не завершено" in desk.browser.text
        await desk.browser.get(HOME, state="done")
        assert "Нічого не знайдено" in desk.browser.text
