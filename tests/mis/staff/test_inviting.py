"""Inviting somebody: form, signature, central, the answer, the mail, the first sign-in; correcting, repeating."""

import asyncio
import base64
import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from esoz.central import identity, workforce
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Work
from esoz.mis.clinic.staff.commands.invitations import deliver
from esoz.mis.clinic.staff.commands.roster import follow
from esoz.signature import sign as sign_cades
from tests.mis.conftest import NOW, Browser

from .conftest import FAMILY, MAKERS, PHARMACY, Door, Hired, Office

PASSWORD = "Жовтогарячий-77"


def filled(email: str = "") -> dict[str, str]:
    """A form of a therapist that central takes."""
    person = MAKERS.person(NOW.date(), (30, 60))
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "second_name": person.second_name or "",
        "birth_date": person.birth_date.isoformat(),
        "gender": person.gender,
        "tax_id": person.tax_id,
        "email": email or f"n{person.tax_id}@clinic.example",
        "position": "P10",
        "start_date": "2026-11-20",
        "division_id": str(FAMILY.division_id),
        "documents_1_type": "PASSPORT",
        "documents_1_number": person.passport,
        "phones_1_type": "MOBILE",
        "phones_1_number": "+380671112233",
        "educations_1_city": "Київ",
        "educations_1_institution_name": "Академія",
        "educations_1_degree": "MASTER",
        "educations_1_speciality": "Медицина",
        "educations_1_diploma_number": "DD123543",
        "specialities_1_speciality": "THERAPIST",
        "specialities_1_level": "FIRST",
        "specialities_1_speciality_officio": "yes",
        "specialities_1_qualification_type": "AWARDING",
        "specialities_1_attestation_name": "Академія",
        "specialities_1_attestation_date": "2017-02-28",
        "specialities_1_certificate_number": "AB/21331",
    }


class Desk:
    """A personnel officer at work."""

    def __init__(self, office: Office, hired: Hired, browser: Browser) -> None:
        self.office, self.hired, self.browser = office, hired, browser

    async def invite(self, values: dict[str, str], role: str = "DOCTOR") -> UUID:
        """Fill in, sign and send; the id of the invitation here."""
        await self.browser.get("/staff/new", role=role)
        await self.browser.send("/staff/new", **values)
        assert self.browser.path.endswith("/sign"), self.browser.text
        return await self.sign_and_send()

    async def sign_and_send(self) -> UUID:
        request_id = UUID(self.browser.path.split("/")[3])
        await self.sign(request_id)
        await deliver(self.office.mis.services)
        return request_id

    async def sign(self, request_id: UUID) -> None:
        office = self.office
        content = await office.value("select content from staff_requests where id = $1", request_id)
        async with office.central.connection() as db:
            key = office.key(self.hired, Work(NOBODY, office.clock.now(), db, office.dependencies))
        assert isinstance(content, bytes)
        signed = sign_cades(content, key.key, key.certificate, at=office.clock.now())
        await self.browser.send(f"/staff/requests/{request_id}/sign", signed_content=base64.b64encode(signed).decode())


@pytest.fixture
async def desk(office: Office, door: Door) -> Desk:
    hired = await office.hire("HR")
    return Desk(office, hired, await door.enter(hired, wanted="/staff"))


async def link_of(database: Database, email: str, word: str) -> str:
    """The token of the newest mail with such a link."""
    async with database.connection() as db:
        rows = await db.fetch("select body from messages where lower(recipient) = lower($1) order by id desc", email)
    found = [match[1] for row in rows if (match := re.search(rf"/{word}/(\S+)", row["body"]))]
    return found[0] if found else ""


async def agree(office: Office, email: str, *, yes: bool = True) -> None:
    """The invited person follows central's mail."""
    token = await link_of(office.central, email, "invitations")
    async with office.central.transaction() as db:
        work = Work(NOBODY, office.clock.now(), db, office.dependencies)
        request = await workforce.read_invitation(work, token)
        user = await identity.user_by_email(db, email)
        if user is not None:
            work = Work(replace(NOBODY, user_id=user.id), office.clock.now(), db, office.dependencies)
            await (workforce.approve_request if yes else workforce.reject_request)(work, request.id)
        elif yes:
            await workforce.accept_invitation(work, token, password="Пароль-Центральний-1")
        else:
            await workforce.reject_invitation(work, token)


class TestInvite:
    async def test_from_the_form_to_the_first_sign_in(self, desk: Desk, office: Office, door: Door) -> None:
        values = filled()
        request_id = await desk.invite(values)
        await desk.browser.get(f"/staff/requests/{request_id}")
        assert "Очікує відповіді людини" in desk.browser.text and values["email"] in desk.browser.text
        assert await link_of(office.mis.services.database, values["email"], "welcome") == ""
        await agree(office, values["email"])
        await office.follow()
        await desk.browser.get(f"/staff/requests/{request_id}")
        assert "Людина погодилася" in desk.browser.text and "Доступ тут" in desk.browser.text
        token = await link_of(office.mis.services.database, values["email"], "welcome")
        newcomer = door.browser()
        await newcomer.get(f"/welcome/{token}")
        assert values["email"] in newcomer.text
        await newcomer.send(f"/welcome/{token}", new="коротко", again="коротко")
        assert "не відповідає правилам" in newcomer.text
        await newcomer.send(f"/welcome/{token}", new=PASSWORD, again=PASSWORD)
        assert newcomer.path == "/sign-in" and "Пароль задано" in newcomer.text
        asked = await newcomer.send("/sign-in", follow=False, email=values["email"], password=PASSWORD)
        assert asked.headers["location"].startswith("/connect/start")  # one workplace: at it at once
        assert (await newcomer.get(f"/welcome/{token}")).status_code == 404
        await desk.browser.get("/staff", name=values["last_name"])
        assert values["first_name"] in desk.browser.text

    async def test_then_what_was_typed_is_forgotten_when_central_has_it(self, desk: Desk, office: Office) -> None:
        values = filled()
        request_id = await desk.invite(values)
        await agree(office, values["email"])
        await office.follow()
        assert await office.value("select content from staff_requests where id = $1", request_id) is None
        assert await office.value("select form::text from staff_requests where id = $1", request_id) == "{}"

    async def test_who_refuses_then_told_and_may_be_asked_again(self, desk: Desk, office: Office) -> None:
        values = filled()
        request_id = await desk.invite(values)
        await agree(office, values["email"], yes=False)
        await office.follow()
        await desk.browser.get(f"/staff/requests/{request_id}")
        assert "Людина відмовилася" in desk.browser.text
        await desk.browser.send(f"/staff/requests/{request_id}/again")
        assert desk.browser.path.endswith("/sign") and str(request_id) not in desk.browser.path
        again = await desk.sign_and_send()
        assert await office.value("select state from staff_requests where id = $1", again) == "sent"

    async def test_not_answered_in_29_days_then_expired(self, desk: Desk, office: Office, door: Door) -> None:
        request_id = await desk.invite(filled())
        office.clock.forward(timedelta(days=29))
        await door.enter(await office.hire("HR"))
        await office.follow()
        assert await office.value("select state from staff_requests where id = $1", request_id) == "expired"


class TestFaults:
    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("last_name", "", "Заповніть поле"),
            ("tax_id", "1234567890", "остання з них контрольна"),
            ("email", "no address", "Введіть електронну пошту"),
            ("birth_date", "2030-01-01", "не може бути в майбутньому"),
            ("birth_date", "1985-02-30", "справжню дату"),
            ("division_id", "", "Заповніть поле"),
            ("position", "P999", "Оберіть значення зі списку"),
            ("phones_1_number", "0671112233", "+380501234567"),
            ("specialities_1_speciality", "DIETETICS", "така спеціальність на посаді не дозволена"),
            ("specialities_1_level", "BASIC", "така категорія не дозволена"),
            ("educations_1_degree", "", "Заповніть поле"),
        ],
    )
    async def test_at_a_field_then_told_there_and_the_rest_is_kept(
        self, desk: Desk, field: str, value: str, words: str
    ) -> None:
        values = filled() | {field: value}
        await desk.browser.get("/staff/new", role="DOCTOR")
        page = await desk.browser.send("/staff/new", **values)
        assert page.status_code == 422 and words in desk.browser.text and f'href="#{field}"' in page.text
        assert values["documents_1_number"] in page.text

    async def test_a_row_more_then_shown_with_what_was_typed(self, desk: Desk) -> None:
        await desk.browser.get("/staff/new", role="DOCTOR")
        page = await desk.browser.send("/staff/new", more="educations", **filled())
        assert page.status_code == 200 and 'name="educations_2_city"' in page.text and "DD123543" in page.text

    async def test_of_a_role_that_the_clinic_may_not_have_then_not_found(self, desk: Desk) -> None:
        for role in ("OWNER", "PHARMACIST", "NONSENSE"):
            assert (await desk.browser.get("/staff/new", role=role)).status_code == 404

    async def test_found_by_central_then_at_the_field_and_the_corrected_one_is_taken(
        self, desk: Desk, office: Office
    ) -> None:
        values = filled()
        try:
            await _fill_in_and_close_the_division(office, desk, values)
            request_id = await desk.sign_and_send()
        finally:
            async with office.central.transaction() as db:
                await db.execute("update divisions set status = 'ACTIVE' where id = $1", FAMILY.division_id)
        await desk.browser.get(f"/staff/requests/{request_id}")
        assert "ЕСОЗ не прийняла" in desk.browser.text and "#division_id" in desk.browser.page.text
        await desk.browser.get(f"/staff/requests/{request_id}/edit")
        assert 'id="division_id-error"' in desk.browser.page.text
        await desk.browser.send(f"/staff/requests/{request_id}/edit")
        await desk.sign_and_send()
        assert await office.value("select state from staff_requests where id = $1", request_id) == "sent"

    async def test_signed_by_another_key_then_refused_at_the_signature(self, desk: Desk, office: Office) -> None:
        await desk.browser.get("/staff/new", role="DOCTOR")
        await desk.browser.send("/staff/new", **filled())
        stranger = await office.hire("HR", local=False)
        mine, desk.hired = desk.hired, stranger
        await desk.sign(UUID(desk.browser.path.split("/")[3]))
        desk.hired = mine
        assert desk.browser.page is not None and desk.browser.page.status_code == 422


async def _fill_in_and_close_the_division(office: Office, desk: Desk, values: dict[str, str]) -> None:
    await desk.browser.get("/staff/new", role="DOCTOR")
    await desk.browser.send("/staff/new", **values)
    async with office.central.transaction() as db:
        await db.execute("update divisions set status = 'INACTIVE' where id = $1", FAMILY.division_id)


class TestOnce:
    async def test_when_the_answer_is_lost_then_sent_again_and_central_has_one(
        self, desk: Desk, office: Office, wire
    ) -> None:
        values = filled()
        wire.loses_answer = lambda request: request.method == "POST" and "employee_requests" in request.url.path
        request_id = await desk.invite(values)
        assert await office.value("select waits_for from staff_requests where id = $1", request_id) == "central"
        await desk.browser.get(f"/staff/requests/{request_id}")
        assert "ЕСОЗ не відповідає" in desk.browser.text
        wire.loses_answer = lambda _request: False
        office.clock.forward(timedelta(seconds=16))
        await deliver(office.mis.services)
        assert await office.value("select state from staff_requests where id = $1", request_id) == "sent"
        async with office.central.connection() as db:
            count = await db.fetchval("select count(*) from employee_requests where email = $1", values["email"])
        assert count == 1

    async def test_two_workers_at_once_then_one_invitation_one_user_one_mail(self, desk: Desk, office: Office) -> None:
        values = filled()
        await desk.browser.get("/staff/new", role="DOCTOR")
        await desk.browser.send("/staff/new", **values)
        await desk.sign(UUID(desk.browser.path.split("/")[3]))
        await asyncio.gather(*(deliver(office.mis.services) for _ in range(3)))
        async with office.central.connection() as db:
            count = await db.fetchval("select count(*) from employee_requests where email = $1", values["email"])
        assert count == 1
        await agree(office, values["email"])
        office.clock.forward(timedelta(seconds=31))
        await asyncio.gather(*(follow(office.mis.services) for _ in range(3)))
        await asyncio.gather(*(desk.browser.client.get("/staff") for _ in range(2)))
        users = await office.value("select count(*) from users where email = $1", values["email"])
        mails = await office.value("select count(*) from messages where recipient = $1", values["email"])
        assert (users, mails) == (1, 1)


class TestRegisterHasAnotherName:
    """Between the answer and our look another clinic, or an update (EM-17), may have written the name anew."""

    @pytest.mark.parametrize("name", ["МАР’ЯНЕНКО‑Левицька", "Одружена"])
    async def test_then_who_agreed_comes_in_all_the_same(self, desk: Desk, office: Office, name: str) -> None:
        values = filled() | {"last_name": "Мар'яненко-Левицька"}
        await desk.invite(values)
        await agree(office, values["email"])
        async with office.central.transaction() as db:
            await db.execute("update parties set last_name = $2 where tax_id = $1", values["tax_id"], name)
        await office.follow()
        assert await office.value("select count(*) from users where email = $1", values["email"]) == 1
        assert await link_of(office.mis.services.database, values["email"], "welcome")


class TestKnownPerson:
    async def test_who_has_a_user_here_then_one_more_workplace_and_no_link(
        self, desk: Desk, office: Office, door: Door
    ) -> None:
        known = await office.hire("PHARMACIST", at=PHARMACY, speciality="PHARMACIST")
        person = known.identity
        values = filled(known.email) | {
            "last_name": person.last_name,
            "first_name": person.first_name,
            "second_name": person.second_name or "",
            "birth_date": person.birth_date.isoformat(),
            "gender": person.gender,
            "tax_id": person.tax_id,
        }
        await desk.invite(values)
        await agree(office, known.email)
        await office.follow()
        assert await office.value("select count(*) from workplaces where user_id = $1", known.local_id) == 2
        assert await link_of(office.mis.services.database, known.email, "welcome") == ""
        body = await office.value("select body from messages where recipient = $1", known.email)
        assert isinstance(body, str) and "додала Вам місце роботи" in body
        browser = door.browser()
        await browser.get("/sign-in")
        await browser.send("/sign-in", email=known.email, password="Правильний-2026")
        assert browser.path == "/workplaces" and browser.text.count("Працювати тут") == 2

    async def test_who_was_dismissed_then_hired_again_comes_in_as_before(
        self, desk: Desk, office: Office, door: Door
    ) -> None:
        leaver = await office.hire("DOCTOR", speciality="THERAPIST")
        await office.follow()
        await office.dismiss(leaver)
        await office.follow()
        person = leaver.identity
        values = filled(leaver.email) | {
            "last_name": person.last_name,
            "first_name": person.first_name,
            "second_name": person.second_name or "",
            "birth_date": person.birth_date.isoformat(),
            "gender": person.gender,
            "tax_id": person.tax_id,
        }
        await desk.invite(values)
        await agree(office, leaver.email)
        await office.follow()
        browser = await door.enter(leaver, wanted="/sync")
        assert browser.path == "/sync" and browser.page is not None and browser.page.status_code == 200

    async def test_whose_address_is_anothers_then_nothing_changes_and_the_page_does_not_tell(
        self, desk: Desk, office: Office
    ) -> None:
        other = await office.hire("PHARMACIST", at=PHARMACY, speciality="PHARMACIST")
        newcomer = await office.hire("DOCTOR", speciality="THERAPIST", local=False)
        office.clock.forward(timedelta(seconds=31))
        await desk.browser.get("/staff")
        told = []
        for email in (other.email, f"free-{newcomer.email}"):
            await desk.browser.get(f"/staff/{newcomer.employee_id}")
            page = await desk.browser.send(f"/staff/{newcomer.employee_id}/access", email=email)
            told.append("Лист надіслано" in page.text)
            places = await office.value("select count(*) from workplaces where user_id = $1", other.local_id)
            assert places == 1
        assert told == [True, True]
        assert await link_of(office.mis.services.database, f"free-{newcomer.email}", "welcome")


class TestLink:
    async def newcomer(self, desk: Desk, office: Office) -> tuple[str, Hired]:
        hired = await office.hire("DOCTOR", speciality="THERAPIST", local=False)
        office.clock.forward(timedelta(seconds=31))
        await desk.browser.get("/staff")
        await desk.browser.get(f"/staff/{hired.employee_id}")
        await desk.browser.send(f"/staff/{hired.employee_id}/access", email=hired.email)
        return await link_of(office.mis.services.database, hired.email, "welcome"), hired

    async def test_seven_days_old_then_over_and_a_second_before_open(
        self, desk: Desk, office: Office, door: Door
    ) -> None:
        token, _ = await self.newcomer(desk, office)
        office.clock.forward(timedelta(days=7) - timedelta(seconds=1))
        assert (await door.browser().get(f"/welcome/{token}")).status_code == 200
        office.clock.forward(timedelta(seconds=1))
        assert (await door.browser().get(f"/welcome/{token}")).status_code == 404

    async def test_sent_again_then_the_first_one_leads_nowhere(self, desk: Desk, office: Office, door: Door) -> None:
        first, hired = await self.newcomer(desk, office)
        await desk.browser.get(f"/staff/{hired.employee_id}")
        assert "ще не скористалася" in desk.browser.text
        await desk.browser.send(f"/staff/{hired.employee_id}/mail")
        assert "Повторити можна за хвилину" in desk.browser.text
        office.clock.forward(timedelta(minutes=1))
        await desk.browser.get(f"/staff/{hired.employee_id}")
        await desk.browser.send(f"/staff/{hired.employee_id}/mail")
        second = await link_of(office.mis.services.database, hired.email, "welcome")
        assert second != first
        assert (await door.browser().get(f"/welcome/{first}")).status_code == 404
        assert (await door.browser().get(f"/welcome/{second}")).status_code == 200

    async def test_made_up_then_over(self, door: Door, office: Office) -> None:
        for token in ("x", "A" * 43, "A" * 200):
            assert (await door.browser().get(f"/welcome/{token}")).status_code == 404
