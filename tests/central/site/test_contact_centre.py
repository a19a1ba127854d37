"""Pages of the contact centre: a person is found with a reason only, and what was refused is explained."""

import random
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import httpx
import pytest

from esoz.central import people
from esoz.central.contact_centre import Reason
from esoz.central.contact_centre.model import KEEP, MOST_FOUND
from esoz.central.contact_centre.periodic import forget_cases
from esoz.central.site import acts, contact_centre
from esoz.central.site.app import CONTEXTS
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.work import Work
from tests.factories.declarations import Declaring, answered
from tests.factories.people import adult, make_adult
from tests.factories.world import Caller
from tests.odd_forms import OddForms

from .conftest import CHIEF, EMAIL, OPERATOR, PHONE, Browser

PATH = "/contact-centre"
WHY = {"reason": "CALL", "note": "Не може вибрати лікаря"}
REFUSED = "Employee does not exist"


async def look_up(operator: Browser, **fields: str) -> httpx.Response:
    await operator.get(PATH)
    return await operator.send(PATH, **(WHY | fields))


async def opened(operator: Browser, person: people.Person) -> httpx.Response:
    """The card of a person who was found by the tax id."""
    assert person.tax_id
    return await operator.get((await look_up(operator, tax_id=person.tax_id)).headers["location"])


async def told(patient: Caller, **query: object) -> list[dict[str, Any]]:
    """What a patient reads about operators in their own log."""
    rows: list[dict[str, Any]] = answered(await patient.get("/api/pis/access_log", **query))["data"]
    return [row for row in rows if row["event"].startswith("contact_centre.")]


class TestLookUp:
    # CC-1
    async def test_without_a_reason_then_nobody_is_looked_for(
        self, operator: Browser, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        for fields, words in (
            ({"reason": ""}, contact_centre.NO_REASON),
            ({"reason": "COMPLAINT"}, contact_centre.NO_REASON),
            ({"note": "дзвінок"}, contact_centre.FAULTS["note"]),
            ({"note": "я" * 501}, contact_centre.FAULTS["note"]),
        ):
            page = await look_up(operator, tax_id=person.tax_id or "", **fields)
            assert page.status_code == 422 and words in page.text, fields
            assert f'value="{person.tax_id}"' in page.text  # what was typed stays
        assert await db.fetchval("select count(*) from contact_centre_cases") == 0
        assert await db.fetchval("select count(*) from audit_events where event like 'contact_centre.%'") == 0

    # CC-1
    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({}, "tax_id"),
            ({"last_name": "Їжакевич"}, "first_name"),
            ({"last_name": "Їжакевич", "first_name": "Дем’ян"}, "birth_date"),
            ({"birth_date_day": "31", "birth_date_month": "2", "birth_date_year": "1991"}, "birth_date"),
        ],
    )
    async def test_with_less_than_a_number_or_a_name_with_birthday_then_says_what_is_missing(
        self, operator: Browser, fields: dict[str, str], fault: str
    ) -> None:
        page = await look_up(operator, **fields)
        assert page.status_code == 422 and contact_centre.FAULTS[fault] in page.text

    async def test_by_each_way_then_found(self, operator: Browser, work: Work) -> None:
        person = await people.create_person(work, adult(7, unzr="19910819-00015"))
        name = {"last_name": "їжакевич", "first_name": "Дем`ян"}
        birthday = {"birth_date_day": "19", "birth_date_month": "8", "birth_date_year": "1991"}
        for fields in (
            {"tax_id": person.tax_id or ""},
            {"unzr": "19910819-00015"},
            {"phone": "+38 (067) 000-00-07"},
            name | birthday,
            name | birthday | {"tax_id": person.tax_id or ""},
        ):
            place = (await look_up(operator, **fields)).headers["location"]
            assert place.endswith(f"/persons/{person.id}"), fields
        page = await look_up(operator, tax_id=person.tax_id or "", last_name="Інша", first_name="Інша", **birthday)
        assert page.status_code == 200 and "Нікого не знайдено" in page.text

    async def test_several_then_told_apart_with_numbers_hidden(self, operator: Browser, work: Work) -> None:
        persons = [await make_adult(work, number=number) for number in (1, 2)]
        fields = {"last_name": "Їжакевич", "first_name": "Дем'ян", "birth_date": "1991-08-19"}
        page = await operator.get((await look_up(operator, **fields)).headers["location"])
        for person in persons:
            assert person.tax_id and person.tax_id not in page.text
            assert people.mask_number(person.tax_id) in page.text

    # CC-1
    async def test_a_crowd_then_nobody_is_shown(self, operator: Browser, work: Work, db: Connection) -> None:
        for number in range(MOST_FOUND + 1):
            await make_adult(work, number=number)
        fields = {"last_name": "Їжакевич", "first_name": "Дем'ян", "birth_date": "1991-08-19"}
        page = await look_up(operator, **fields)
        assert page.status_code == 422 and contact_centre.CROWD in page.text
        assert await db.fetchval("select count(*) from audit_events where event = 'contact_centre.found'") == 0
        facts = await db.fetchval("select facts from audit_events where event = 'contact_centre.searched'")
        assert facts == {"found": MOST_FOUND + 1, "reason": "CALL"}

    async def test_nobody_found_then_the_search_is_audited(self, operator: Browser, db: Connection) -> None:
        assert "Нікого не знайдено" in (await look_up(operator, tax_id="3126509816")).text
        facts = await db.fetchval("select facts from audit_events where event = 'contact_centre.searched'")
        assert facts == {"found": 0, "reason": "CALL"}


class TestCard:
    async def test_refusals_then_the_published_error_who_and_when(
        self, operator: Browser, doctor: Caller, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        await Declaring(doctor, person, db).create(employee_id=uuid4())
        page = (await opened(operator, person)).text
        for words in ("Запит на декларацію: створити", REFUSED, "$.employee_id", "422", "Їжакевич"):
            assert words in page, words
        name = await db.fetchval("select name from legal_entities where id = $1", doctor.client_id)
        assert name.replace("'", "&#39;").replace('"', "&#34;") in page and "test mis" in page

    # CC-2
    async def test_numbers_then_hidden(self, operator: Browser, work: Work) -> None:
        person = await make_adult(work)
        page = (await opened(operator, person)).text
        phone = person.phones[0].number
        for secret in (person.tax_id or "", person.documents[0].number, phone, "+380670000001", person.secret):
            assert secret and secret not in page, secret
        assert people.mask_phone("+380670000001") in page

    async def test_requests_and_declarations_then_listed(
        self, operator: Browser, doctor: Caller, work: Work, db: Connection
    ) -> None:
        declaring = Declaring(doctor, await make_adult(work), db)
        await declaring.declared()
        number = await db.fetchval(
            "select declaration_number from declarations where person_id = $1", declaring.person.id
        )
        await declaring.create()
        page = (await opened(operator, declaring.person)).text
        for words in (number, "чекає підтвердження", "підписано", "Декларація з лікарем"):
            assert words in page, words

    async def test_person_without_anything_then_says_so(self, operator: Browser, work: Work) -> None:
        page = (await opened(operator, await make_adult(work))).text
        for words in (
            "ЕСОЗ не відмовляла",
            "Заявок і запитів немає",
            "Декларацій немає",
            "Законних представників немає",
        ):
            assert words in page, words

    async def test_more_refusals_than_a_page_then_each_is_reached_once(
        self, operator: Browser, doctor: Caller, clock: FixedClock, work: Work, db: Connection
    ) -> None:
        person = await make_adult(work)
        for _ in range(25):  # all at one moment
            await Declaring(doctor, person, db).create(employee_id=uuid4())
        clock.forward(timedelta(milliseconds=1))
        page = await opened(operator, person)
        found = re.search(r'rel="next" href="([^"#]+)', page.text)
        assert found is not None
        rest = await operator.get(unescape(found[1]))
        assert (page.text.count(REFUSED), rest.text.count(REFUSED)) == (20, 5)
        assert 'rel="next"' not in rest.text
        for odd in ("before=x", "before=2026-11-22T10:00:00Z", "before=2026-11-22T10:00:00Z&line=x", "line=x"):
            assert (await operator.get(f"{page.url}?{odd}")).text.count(REFUSED) == 20

    async def test_patient_then_reads_the_office_and_the_reason(
        self, operator: Browser, patient: Caller, work: Work, db: Connection
    ) -> None:
        assert patient.person_id is not None
        await opened(operator, await people.find_person(db, patient.person_id))
        lines = await told(patient)
        assert {line["event"] for line in lines} == {"contact_centre.found", "contact_centre.card_read"}
        assert all(line["user"] == {"role": "CONTACT_CENTRE", "reason": "CALL"} for line in lines)


class TestCase:
    # CC-3
    async def test_after_an_hour_then_the_reason_is_asked_anew(
        self, operator: Browser, work: Work, clock: FixedClock
    ) -> None:
        page = await opened(operator, await make_adult(work))
        clock.forward(timedelta(minutes=59, seconds=59))
        assert (await operator.get(str(page.url))).status_code == 200
        clock.forward(timedelta(seconds=1))
        answer = await operator.get(str(page.url))
        assert answer.headers["location"] == PATH
        assert contact_centre.OVER in (await operator.get(PATH)).text

    # CC-3
    async def test_of_another_operator_or_person_then_not_there(
        self, operator: Browser, work: Work, db: Connection
    ) -> None:
        person, other = await make_adult(work, number=1), await make_adult(work, number=2)
        place = str((await opened(operator, person)).url)
        assert (await operator.get(place.replace(str(person.id), str(other.id)))).headers["location"] == PATH
        await db.execute("update contact_centre_cases set operator_id = $1", await _somebody(db))
        assert (await operator.get(place)).headers["location"] == PATH

    # CC-3
    async def test_after_three_years_then_forgotten(self, operator: Browser, work: Work, db: Connection) -> None:
        await opened(operator, await make_adult(work))
        await db.execute("update contact_centre_cases set inserted_at = $1", work.now - KEEP)
        await forget_cases(work)
        assert await db.fetchval("select count(*) from contact_centre_cases") == 1
        await db.execute("update contact_centre_cases set inserted_at = $1", work.now - KEEP - timedelta(seconds=1))
        await forget_cases(work)
        assert await db.fetchval("select count(*) from contact_centre_cases") == 0

    async def test_open_cases_then_listed_with_their_reason(self, operator: Browser, work: Work) -> None:
        await opened(operator, await make_adult(work))
        assert WHY["note"] in (await operator.get(PATH)).text


async def _somebody(db: Connection) -> Any:
    return await db.fetchval("select id from users where email is distinct from $1 limit 1", OPERATOR)


class TestRole:
    async def test_administrator_then_sees_no_person(self, administrator: Browser) -> None:
        assert (await administrator.get(PATH)).status_code == 403
        assert (await administrator.send(PATH, tax_id="3126509816", **WHY)).status_code == 403

    async def test_operator_then_administers_nothing(self, operator: Browser) -> None:
        for path in ("/administration", "/administration/users", "/administration/operators"):
            assert (await operator.get(path)).status_code == 403

    async def test_stranger_then_asked_to_sign_in(self, browser: Browser) -> None:
        assert (await browser.get(PATH)).status_code == 303


class TestOperators:
    PATH = "/administration/operators"

    async def test_somebody_new_then_sets_a_password_by_mail_and_comes_in(
        self, administrator: Browser, db: Connection
    ) -> None:
        await administrator.get(self.PATH)
        answer = await administrator.send(self.PATH, email="New@esoz.example", phone="+380 50 000 00 09")
        assert answer.headers["location"] == self.PATH
        assert "new@esoz.example" in (await administrator.get(self.PATH)).text
        row = await db.fetchrow("select recipient, body from messages where channel = 'mail' order by id desc limit 1")
        assert row["recipient"] == "new@esoz.example" and "/password/reset?token=" in row["body"]
        factor = "select factor from authentication_factors f join users u on u.id = f.user_id where u.email = $1"
        assert await db.fetchval(factor, "new@esoz.example") == "+380500000009"

    async def test_wrong_fields_then_said_at_them(self, administrator: Browser, db: Connection) -> None:
        await administrator.get(self.PATH)
        page = await administrator.send(self.PATH, email="nobody", phone="+380500000009")
        assert page.status_code == 422 and "Введіть електронну адресу" in page.text and 'value="nobody"' in page.text
        page = await administrator.send(self.PATH, email="new@esoz.example", phone="12")
        assert page.status_code == 422 and "Введіть номер" in page.text
        assert await db.fetchval("select count(*) from global_roles where role = 'CONTACT_CENTRE'") == 0
        # Each showing of the list leaves its line, those with a fault too.
        assert await db.fetchval("select count(*) from audit_events where event = 'role.read'") == 3

    async def test_somebody_known_then_keeps_password_and_factor(
        self, administrator: Browser, worker_id: Any, db: Connection
    ) -> None:
        before = await db.fetchval("select password_hash from users where id = $1", worker_id)
        await administrator.get(self.PATH)
        await administrator.send(self.PATH, email=EMAIL, phone="+380500000009")
        assert await db.fetchval("select password_hash from users where id = $1", worker_id) == before
        await administrator.send(self.PATH, email=CHIEF, phone="+380500000009")
        chief = await db.fetchval(
            "select factor from authentication_factors f join users u on u.id = f.user_id where u.email = $1", CHIEF
        )
        assert chief == PHONE

    async def test_dismissed_then_shut_out_at_once(self, administrator: Browser, work: Work, db: Connection) -> None:
        await administrator.get(self.PATH)
        await administrator.send(self.PATH, email="new@esoz.example", phone="+380500000009")
        id = await db.fetchval("select id from users where email = 'new@esoz.example'")
        await db.execute(
            "insert into sessions (id, user_id, data, created_at, seen_at, expires_at)"
            " values ('x', $1, '{}', $2, $2, $2)",
            id,
            work.now,
        )
        await administrator.get(self.PATH)
        assert (await administrator.send(f"{self.PATH}/{id}/dismiss")).headers["location"] == self.PATH
        assert await db.fetchval("select count(*) from global_roles where role = 'CONTACT_CENTRE'") == 0
        assert await db.fetchval("select count(*) from sessions where user_id = $1", id) == 0
        assert (await administrator.send(f"{self.PATH}/{id}/dismiss")).status_code == 404


class TestWords:
    def test_operations_then_told_as_a_thing_and_an_act(self) -> None:
        for operation, expected in (
            ("API-005-014-0004", ("Запит на декларацію", "підписати")),
            ("API-010-055-0015", ("Заявка на реєстрацію або зміну даних", "створити")),
            ("get_api_persons_ID_verification", ("Верифікація", "переглянути")),
            ("encounter_package.create", ("Записи про прийом", "")),
            ("nonsense", ("nonsense", "")),
        ):
            assert acts.described(operation) == expected

    def test_each_reason_that_is_offered_is_one(self) -> None:
        assert set(contact_centre.REASONS) | {Reason.COMPLAINT, Reason.PAPERS} == set(Reason)


async def test_odd_forms_then_answered_in_words(operator: Browser, work: Work) -> None:
    person = await make_adult(work)
    place = (await look_up(operator, tax_id=person.tax_id or "")).headers["location"]
    names = ["reason", "note", "tax_id", "unzr", "phone", "last_name", "first_name", "birth_date", "birth_date_year"]
    forms = OddForms(operator.http, names, random.Random(3))
    posts = sorted(
        route.path
        for context in CONTEXTS
        for route in context
        if route.method == "POST" and route.path.startswith(PATH)
    )
    for path in posts:
        await operator.get(PATH)
        await forms.send(path.replace("{id}", place.split("/")[3]), operator.csrf, 30)
    assert forms.broken == {}
