"""Who is new to ЕСОЗ registers with the papers of Diia."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape

import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection, Database
from esoz.kernel.vault import Vault
from esoz.kernel.work import Work
from esoz.sandbox import build
from esoz.sandbox.identities import Identity
from tests.diia.conftest import Drawer, Road, Screen
from tests.factories.world import World

TOLD = {
    "phone": "067 123-45-67",
    "secret": "калинонька",
    "last_name": "Олійник",
    "first_name": "Ганна",
    "other_phone": "+380671234568",
    "consent": "yes",
}


async def tells(screen: Screen, person: Identity, **changed: str) -> None:
    """From the telephone in the hand to the text to be signed."""
    await screen.hold(person)
    await screen.open("/register")
    await screen.send("/register", **(TOLD | changed))


async def code_of(db: Connection) -> str:
    body: str = await db.fetchval("select body from messages order by id desc limit 1")
    found = re.search(r"\d{4}", body)
    assert found is not None, body
    return found.group(0)


async def registered(db: Connection, person: Identity) -> Mapping[str, object] | None:
    return await db.fetchrow("select * from persons where tax_id = $1", person.tax_id)


class TestRegister:
    async def test_told_signed_and_confirmed_then_a_person_who_is_signed_in(
        self, screen: Screen, newcomer: Identity, db: Connection, own_database: Database
    ):
        await tells(screen, newcomer)
        await screen.follow()
        for told in (newcomer.full_name, newcomer.passport, "+380671234567", "Олійник Ганна"):
            assert told in screen.text
        await screen.send("/register/sign")
        assert screen.page.headers["location"] == "/register/code"
        await screen.follow()
        await screen.send("/register/code", code=await code_of(db))
        await screen.follow()
        assert "Вас зареєстровано" in screen.text and f"Вітаємо, {newcomer.first_name}!" in screen.text
        assert await registered(db, newcomer) is not None
        async with own_database.connection() as own:
            assert await own.fetchval("select count(*) from registrations") == 0

    async def test_text_then_it_is_what_is_signed_and_has_the_papers(self, screen: Screen, newcomer: Identity):
        await tells(screen, newcomer)
        await screen.follow()
        text = re.search(r"<pre[^>]*>(.*?)</pre>", screen.page.text, re.DOTALL)
        assert text is not None
        content = json.loads(unescape(text.group(1)))
        person = content["person"]
        assert content["patient_signed"] is content["process_disclosure_data_consent"] is True and content["jwt"]
        assert (person["tax_id"], person["unzr"]) == (newcomer.tax_id, newcomer.unzr)
        assert person["documents"][0]["number"] == newcomer.passport
        assert person["authentication_methods"] == [{"type": "OTP", "phone_number": "+380671234567"}]

    async def test_wrong_code_then_said_and_another_try(self, screen: Screen, newcomer: Identity, db: Connection):
        await tells(screen, newcomer)
        await screen.follow()
        await screen.send("/register/sign")
        await screen.follow()
        right = await code_of(db)
        assert (await screen.send("/register/code", code="0000" if right != "0000" else "1111")).status_code == 422
        assert "Код неправильний" in screen.text
        await screen.send("/register/code", code=right)
        assert screen.page.headers["location"] == "/"

    async def test_code_then_what_was_signed_is_sent_again_and_nobody_signs_twice(
        self, screen: Screen, newcomer: Identity, drawer: Drawer, db: Connection
    ):
        await tells(screen, newcomer)
        await screen.follow()
        await screen.send("/register/sign")
        await screen.follow()
        (drawer.folder / f"{newcomer.tax_id}.jks").unlink()
        await screen.send("/register/code", code=await code_of(db))
        assert screen.page.headers["location"] == "/"

    async def test_read_anew_before_the_code_then_signed_anew(self, screen: Screen, newcomer: Identity, db: Connection):
        await tells(screen, newcomer)
        await screen.follow()
        await screen.send("/register/sign")
        await screen.open("/register/sign")
        assert (await screen.open("/register/code")).headers["location"] == "/register/sign"

    async def test_codes_asked_for_without_end_then_to_wait_and_not_that_esoz_is_away(
        self, screen: Screen, newcomer: Identity, db: Connection
    ):
        await tells(screen, newcomer)
        await screen.follow()
        await screen.send("/register/sign")
        for _ in range(10):
            await screen.open("/register/code")
            if (await screen.send("/register/code", act="again")).status_code != 303:
                break
        assert screen.page.status_code == 422 and "Зачекайте хвилину" in screen.text
        assert "Код надіслано ще раз" not in screen.text

    @pytest.mark.parametrize("code", ["", "12", "abcd", "1" * 50, "１２３４"])
    async def test_code_that_is_none_then_not_sent(self, screen: Screen, newcomer: Identity, code: str):
        await tells(screen, newcomer)
        await screen.follow()
        await screen.send("/register/sign")
        await screen.follow()
        assert (await screen.send("/register/code", code=code)).status_code == 422
        assert "Код складається з чотирьох цифр" in screen.text

    async def test_text_too_old_then_a_fresh_one_is_shown(
        self, screen: Screen, newcomer: Identity, clock: FixedClock, db: Connection
    ):
        await tells(screen, newcomer)
        await screen.follow()
        clock.forward(timedelta(minutes=16))
        assert (await screen.send("/register/sign")).status_code == 422
        assert "Запит застарів" in screen.text
        await screen.send("/register/sign")
        assert screen.page.headers["location"] == "/register/code"

    async def test_answer_lost_then_done_at_the_next_try(
        self, screen: Screen, newcomer: Identity, road: Road, db: Connection
    ):
        await tells(screen, newcomer)
        await screen.follow()
        await screen.send("/register/sign")
        await screen.follow()
        code, token, csrf = await code_of(db), screen.hidden("form_token"), screen.hidden("csrf")
        road.losing.add("/api/pis/sign-up")
        fields = {"code": code, "form_token": token, "csrf": csrf}
        assert (await screen.client.post("/register/code", data=fields)).status_code == 503
        await screen.open("/register/sign")
        await screen.send("/register/sign")
        assert screen.page.headers["location"] == "/"
        assert await db.fetchval("select count(*) from persons where tax_id = $1", newcomer.tax_id) == 1

    async def test_known_to_central_then_registering_only_signs_in(
        self, screen: Screen, declared: Identity, db: Connection
    ):
        await tells(screen, declared)
        await screen.follow()
        await screen.send("/register/sign")
        assert screen.page.headers["location"] == "/"
        assert await db.fetchval("select count(*) from persons where tax_id = $1", declared.tax_id) == 1

    async def test_worker_who_is_no_patient_yet_then_registered_with_the_same_key(
        self, screen: Screen, drawer: Drawer, world: World, work: Work, db: Connection
    ):
        doctor = drawer.put(build.worker_identities(work.today)["family-doctor"], world.doctor.key)
        await tells(screen, doctor)
        await screen.follow()
        await screen.send("/register/sign")
        await screen.follow()
        await screen.send("/register/code", code=await code_of(db))
        assert screen.page.headers["location"] == "/"

    async def test_signed_in_already_then_home(self, screen: Screen, declared: Identity):
        await screen.enter(declared)
        assert (await screen.open("/register")).headers["location"] == "/"

    @pytest.mark.parametrize("path", ["/register/sign", "/register/code"])
    async def test_nothing_told_then_to_the_beginning(self, screen: Screen, newcomer: Identity, path: str):
        await screen.hold(newcomer)
        assert (await screen.open(path)).headers["location"] == "/register"

    async def test_kept_then_sealed_and_forgotten_after_a_day(
        self, screen: Screen, newcomer: Identity, own_database: Database, telephone, clock: FixedClock
    ):
        await tells(screen, newcomer)
        async with own_database.connection() as own:
            kept = await own.fetchval("select content from registrations")
            assert newcomer.tax_id.encode() not in kept and isinstance(telephone.services.vault, Vault)
            clock.forward(timedelta(days=1, minutes=1))
            await telephone.clean()
            assert await own.fetchval("select count(*) from registrations") == 0


class TestForm:
    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("phone", "", "Введіть номер телефону."),
            ("phone", "12345", "наприклад 067 123 45 67"),
            ("phone", "+380" + "9" * 40, "наприклад 067 123 45 67"),
            ("secret", "абв", "від 6 до 20 знаків"),
            ("secret", "а" * 21, "від 6 до 20 знаків"),
            ("last_name", "", "Введіть прізвище"),
            ("last_name", "Smith", "Введіть прізвище"),
            ("first_name", "а" * 500, "Введіть ім’я"),
            ("other_phone", "немає", "наприклад 067 123 45 67"),
            ("consent", "", "Без згоди"),
        ],
    )
    async def test_wrong_then_said_at_the_field_and_kept(
        self, screen: Screen, newcomer: Identity, field: str, value: str, words: str
    ):
        await tells(screen, newcomer, **{field: value})
        assert screen.page.status_code == 422
        assert words in screen.text and f'href="#{field}"' in screen.page.text
        if field != "secret":
            assert "калинонька" in screen.page.text

    async def test_without_papers_then_what_to_do(self, screen: Screen, newcomer: Identity, drawer: Drawer):
        row = {name: value for name, value in drawer.rows[0].items() if name != "papers"}
        (drawer.folder / "demo.json").write_text(json.dumps({"people": [row]}), "utf-8")
        await tells(screen, newcomer)
        assert screen.page.status_code == 422 and "немає Ваших документів" in screen.text
