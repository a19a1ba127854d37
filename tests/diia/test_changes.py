"""The holder changes their own data."""

import json
import re
from html import unescape

import pytest

from esoz.kernel.db import Connection
from esoz.sandbox.identities import Identity
from tests.diia.conftest import Drawer, Road, Screen
from tests.factories.world import World

TOLD = {
    "phone": "067 123-45-67",
    "email": "t@example.com",
    "last_name": "Олійник",
    "first_name": "Ганна",
    "other_phone": "0671234568",
}


async def tells(screen: Screen, person: Identity, **changed: str) -> None:
    await screen.enter(person)
    await screen.open("/person/change")
    await screen.send("/person/change", **(TOLD | changed))


# CB-4
class TestChange:
    async def test_told_and_signed_then_changed_at_once(self, screen: Screen, declared: Identity, db: Connection):
        await tells(screen, declared)
        await screen.follow()
        assert "+380671234567" in screen.text and "Зміна даних особи в ЕСОЗ" in screen.text
        await screen.send(screen.page.url.path)
        await screen.follow()
        assert "Дані змінено" in screen.text
        for told in ("+380671234567", "t@example.com", "Олійник Ганна", declared.passport, "Незалежності"):
            assert told in screen.text
        client = await db.fetchval("select channel from person_requests where status = 'SIGNED'")
        assert client == "PIS"

    async def test_address_of_the_papers_then_taken(self, screen: Screen, declared: Identity, drawer: Drawer):
        row = drawer.rows[0]
        row["papers"]["address"] |= {"street": "Вишнева", "building": "7"}
        (drawer.folder / "demo.json").write_text(json.dumps({"people": [row]}), "utf-8")
        await tells(screen, declared, address="yes")
        await screen.follow()
        assert "Вишнева" in screen.text
        await screen.send(screen.page.url.path)
        await screen.follow()
        assert "Вишнева 7" in screen.text and "Незалежності" not in screen.text
        await screen.open("/person/change")
        assert "Узяти адресу з Дії" not in screen.text

    async def test_text_on_the_page_then_it_is_the_request(self, screen: Screen, declared: Identity):
        await tells(screen, declared)
        await screen.follow()
        text = re.search(r"<pre[^>]*>(.*?)</pre>", screen.page.text, re.DOTALL)
        assert text is not None
        assert json.loads(unescape(text.group(1)))["person"]["email"] == "t@example.com"

    async def test_nothing_changed_then_said(self, screen: Screen, declared: Identity):
        await screen.enter(declared)
        await screen.open("/person/change")
        same = {name: screen.page.text.split(f'name="{name}"')[1].split('value="')[1].split('"')[0] for name in TOLD}
        same = {name: unescape(value) if value else "" for name, value in same.items()} | {"email": ""}
        assert (await screen.send("/person/change", **same)).status_code == 422
        assert "Ви нічого не змінили" in screen.text

    async def test_cancelled_then_as_it_was(self, screen: Screen, declared: Identity):
        await tells(screen, declared)
        await screen.follow()
        path = screen.page.url.path
        await screen.send(f"{path}/cancel")
        await screen.follow()
        assert "Зміну скасовано" in screen.text and "t@example.com" not in screen.text
        await screen.open(path)
        await screen.follow()
        assert "вже не чекає" in screen.text

    async def test_answer_lost_then_signing_again_is_done(self, screen: Screen, declared: Identity, road: Road):
        await tells(screen, declared)
        await screen.follow()
        path = screen.page.url.path
        road.losing.add(f"/api/pis/person_requests/{path.rpartition('/')[2]}/actions/complete")
        fields = {"csrf": screen.hidden("csrf"), "form_token": screen.hidden("form_token")}
        assert (await screen.client.post(path, data=fields)).status_code == 503
        assert (await screen.client.post(path, data=fields)).headers["location"] == "/person"

    async def test_refused_by_central_then_why_and_what_was_typed(self, screen: Screen, declared: Identity):
        await tells(screen, declared, email="т@example..com")
        assert screen.page.status_code == 422
        assert "ЕСОЗ не прийняла зміни" in screen.text and 'value="т@example..com"' in screen.page.text

    async def test_of_another_person_then_not_found(
        self, screen: Screen, declared: Identity, undeclared: Identity, world: World, db: Connection
    ):
        await tells(screen, declared)
        path = screen.page.headers["location"]
        await screen.enter(undeclared)
        assert (await screen.open(path)).status_code == 404

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("phone", "1", "наприклад 067 123 45 67"),
            ("email", "немає", "Перевірте адресу електронної пошти"),
            ("email", f"{'a' * 300}@example.com", "Перевірте адресу електронної пошти"),
            ("last_name", "", "Введіть прізвище"),
            ("first_name", "1", "Введіть ім’я"),
            ("other_phone", "", "Введіть номер телефону"),
        ],
    )
    async def test_wrong_then_said_at_the_field(
        self, screen: Screen, declared: Identity, field: str, value: str, words: str
    ):
        await tells(screen, declared, **{field: value})
        assert screen.page.status_code == 422
        assert words in screen.text and f'href="#{field}"' in screen.page.text
