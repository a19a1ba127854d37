"""The holder's doctor: searched, chosen, signed with Diia.Signature, seen, ended."""

import json
import re
from html import unescape
from uuid import UUID, uuid4

import pytest

from esoz.kernel.db import Connection
from esoz.sandbox.door.printout import shown
from esoz.sandbox.identities import Identity
from tests.diia.conftest import Road, Screen
from tests.factories.world import World

REQUESTS = "/declarations/requests/"


async def asks(screen: Screen, doctor_id: UUID | None) -> None:
    """Choose a doctor; the text to be signed is on the screen."""
    await screen.open(f"/doctors/{doctor_id}")
    await screen.send(f"/doctors/{doctor_id}")
    await screen.follow()


async def signs(screen: Screen) -> None:
    await screen.send(str(screen.page.url.path))
    await screen.follow()


async def declarations(db: Connection, person: Identity) -> list[tuple[str, UUID]]:
    rows = await db.fetch(
        "select d.status, d.employee_id from declarations d join persons p on p.id = d.person_id"
        " where p.tax_id = $1 order by d.inserted_at",
        person.tax_id,
    )
    return [(row["status"], row["employee_id"]) for row in rows]


class TestSearch:
    async def test_by_speciality_then_doctors_with_places(self, screen: Screen, undeclared: Identity, world: World):
        await screen.enter(undeclared)
        await screen.open("/doctors")
        assert str(world.doctor.employee_id) in screen.page.text and "Є місця" in screen.text

    async def test_by_settlement_then_others_are_left_out(self, screen: Screen, undeclared: Identity, world: World):
        await screen.enter(undeclared)
        await screen.open("/doctors", settlement="полтава")
        assert str(world.foreign_doctor.employee_id) in screen.page.text
        assert str(world.doctor.employee_id) not in screen.page.text

    async def test_nobody_then_said(self, screen: Screen, undeclared: Identity):
        await screen.enter(undeclared)
        await screen.open("/doctors", name="Ніхтошенко")
        assert "Таких лікарів не знайдено" in screen.text

    async def test_page_past_the_end_then_the_list_is_not_broken(self, screen: Screen, undeclared: Identity):
        await screen.enter(undeclared)
        assert (await screen.open("/doctors", page="99999")).status_code == 200

    async def test_unknown_speciality_then_family_doctors(self, screen: Screen, undeclared: Identity):
        await screen.enter(undeclared)
        await screen.open("/doctors", speciality="<script>")
        assert "Є місця" in screen.text

    async def test_no_such_doctor_then_not_found(self, screen: Screen, undeclared: Identity):
        await screen.enter(undeclared)
        assert (await screen.open(f"/doctors/{uuid4()}")).status_code == 404
        assert "Такого запису у Вас немає" in screen.text


# DC-18
class TestDeclaration:
    async def test_signed_then_declared_seen_and_ended(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        await screen.open("/")
        assert "Лікаря ще не обрано" in screen.text
        await asks(screen, world.doctor.employee_id)
        assert "Декларація про вибір лікаря" in screen.text and undeclared.full_name in screen.text
        await signs(screen)
        assert "Декларацію підписано" in screen.text
        assert await declarations(db, undeclared) == [("active", world.doctor.employee_id)]

        end = re.search(r'href="(/declarations/[^"]+/end)"', screen.page.text)
        assert end is not None
        await screen.open(end.group(1))
        await screen.send(end.group(1), reason="Переїзд")
        await screen.follow()
        assert "Декларацію припинено" in screen.text and "Чинної декларації немає" in screen.text
        assert [status for status, _ in await declarations(db, undeclared)] == ["terminated"]
        told = await db.fetchrow("select reason, reason_description from declarations where status = 'terminated'")
        assert tuple(told) == ("manual_person", "Переїзд")

    async def test_text_on_the_page_then_it_is_what_is_signed(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        await asks(screen, world.doctor.employee_id)
        text = re.search(r"<pre[^>]*>(.*?)</pre>", screen.page.text, re.DOTALL)
        assert text is not None
        read = json.loads(unescape(text.group(1)))
        assert read["person"]["patient_signed"] is True and read["content"].startswith("<!doctype html>")

    async def test_another_doctor_then_the_former_declaration_ends(
        self, screen: Screen, declared: Identity, world: World, db: Connection
    ):
        await screen.enter(declared)
        await asks(screen, world.foreign_doctor.employee_id)
        await signs(screen)
        assert dict(await declarations(db, declared)) == {
            "terminated": world.doctor.employee_id,
            "active": world.foreign_doctor.employee_id,
        }
        assert "Попередні декларації" in screen.text

    async def test_asked_twice_by_a_double_click_then_one_request(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        path = f"/doctors/{world.doctor.employee_id}"
        await screen.open(path)
        fields = {"csrf": screen.hidden("csrf"), "form_token": screen.hidden("form_token")}
        first, second = [await screen.client.post(path, data=fields) for _ in range(2)]
        assert first.headers["location"] == second.headers["location"]
        assert await db.fetchval("select count(*) from declaration_requests where channel = 'PIS'") == 1

    async def test_answer_to_the_signature_lost_then_signing_again_is_done(
        self, screen: Screen, undeclared: Identity, world: World, road: Road, db: Connection
    ):
        await screen.enter(undeclared)
        await asks(screen, world.doctor.employee_id)
        path = screen.page.url.path
        road.losing.add(f"/api/pis/declaration_requests/{path.rpartition('/')[2]}/actions/sign")
        fields = {"csrf": screen.hidden("csrf"), "form_token": screen.hidden("form_token")}
        assert (await screen.client.post(path, data=fields)).status_code == 503
        assert (await screen.client.post(path, data=fields)).headers["location"] == "/doctor"
        assert len(await declarations(db, undeclared)) == 1

    async def test_doctor_full_then_the_reason_and_the_next_step(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        path = f"/doctors/{world.doctor.employee_id}"
        await screen.open(path)
        await db.execute(
            "update parties set declaration_count = 3000 where id = (select party_id from employees where id = $1)",
            world.doctor.employee_id,
        )
        assert (await screen.send(path)).status_code == 422
        assert "вже немає вільних місць" in screen.text and "Для контакт-центру" in screen.text
        assert "зараз не укладає декларацій" in screen.text

    async def test_pediatrician_of_a_grown_up_then_refused_in_words(self, screen: Screen, undeclared: Identity):
        await screen.enter(undeclared)
        await screen.open("/doctors", speciality="PEDIATRICIAN")
        found = re.search(r'href="(/doctors/[0-9a-f-]+)"', screen.page.text)
        assert found is not None
        await screen.open(found.group(1))
        assert (await screen.send(found.group(1))).status_code == 422
        assert "не веде пацієнтів Вашого віку" in screen.text

    async def test_cancelled_then_it_waits_no_more(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        await asks(screen, world.doctor.employee_id)
        path = screen.page.url.path
        await screen.open("/doctor")
        assert "Чекає на Ваш підпис" in screen.text
        await screen.open(path)
        await screen.send(f"{path}/cancel")
        await screen.follow()
        assert "Запит скасовано" in screen.text and "Чекає на Ваш підпис" not in screen.text
        await screen.open(path)
        await screen.follow()
        assert "уже не чекає" in screen.text
        assert await declarations(db, undeclared) == []

    async def test_verified_still_then_shown_and_not_to_be_ended(
        self, screen: Screen, declared: Identity, db: Connection
    ):
        await screen.enter(declared)
        await db.execute("update declarations set status = 'pending_verification'")
        await screen.open("/doctor")
        assert "НСЗУ перевіряє" in screen.text and "Чинної декларації немає" not in screen.text
        assert "Припинити декларацію" not in screen.text
        await screen.open("/")
        assert "Лікаря ще не обрано" not in screen.text

    async def test_cancelled_in_another_tab_then_signing_says_so(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        await asks(screen, world.doctor.employee_id)
        path = screen.page.url.path
        fields = {"csrf": screen.hidden("csrf"), "form_token": "of-another-tab"}
        await screen.send(f"{path}/cancel")
        answer = await screen.client.post(path, data=fields)
        assert (answer.status_code, answer.headers["location"]) == (303, "/doctor")
        await screen.open("/doctor")
        assert "уже не чекає" in screen.text
        assert await declarations(db, undeclared) == []

    async def test_signed_in_another_tab_then_it_is_done(
        self, screen: Screen, undeclared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        await asks(screen, world.doctor.employee_id)
        path = screen.page.url.path
        fields = {"csrf": screen.hidden("csrf"), "form_token": "of-another-tab"}
        await signs(screen)
        assert (await screen.client.post(path, data=fields)).headers["location"] == "/doctor"
        assert len(await declarations(db, undeclared)) == 1

    async def test_of_another_person_then_not_found(
        self, screen: Screen, undeclared: Identity, declared: Identity, world: World, db: Connection
    ):
        await screen.enter(undeclared)
        other = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        assert (await screen.open(f"/declarations/{other}/end")).status_code == 404

    async def test_reason_too_long_then_kept_and_said(
        self, screen: Screen, declared: Identity, world: World, db: Connection
    ):
        await screen.enter(declared)
        id = await db.fetchval("select id from declarations where person_id = $1", world.patient.person_id)
        await screen.open(f"/declarations/{id}/end")
        long = "причина " * 200
        assert (await screen.send(f"/declarations/{id}/end", reason=long)).status_code == 422
        assert "Скоротіть причину" in screen.text and long.strip() in screen.page.text
        assert await db.fetchval("select status from declarations where id = $1", id) == "active"


class TestPrintout:
    @pytest.mark.parametrize(
        ("form", "page"),
        [
            ("<p onclick='x'>a &amp; b</p>", '<p class="govuk-body">a &amp; b</p>'),
            ("<title>no</title><script>no</script><style>no</style>yes", "yes"),
            ("<p><strong>open", '<p class="govuk-body"><strong>open</strong></p>'),
            ("<p><strong>a</p>b</strong>", '<p class="govuk-body"><strong>a</strong></p>b'),
            ("<img src=x onerror=y><iframe>z</iframe>", "z"),
            ("&lt;script&gt;", "&lt;script&gt;"),
            ("<h1>T</h1>", '<h2 class="govuk-heading-m">T</h2>'),
            ("", ""),
        ],
    )
    def test_then_known_elements_without_attributes(self, form: str, page: str) -> None:
        assert shown(form) == page
