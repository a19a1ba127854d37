"""Joiner and leaver: a personnel officer invites by mail, the newcomer agrees, comes in, is dismissed and is out."""

import asyncio
import random
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from playwright.async_api import Page, expect

from esoz.sandbox.identities import Identity, People
from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey

CENTRAL_PASSWORD, OWN_PASSWORD = "Центральний-ліс-47", "Лісова-стежка-47"


async def link_of_the_mail(demo: Demo, email: str, part: str, word: str) -> str:
    """The development inbox shows what the newcomer's mailbox would."""
    async with httpx.AsyncClient() as client:
        for _ in range(240):
            for message in (await client.get(f"{demo.address('inbox')}/messages")).json():
                found = re.search(rf"{re.escape(demo.address(part))}/{word}/\S+", message["body"])
                if found and message["recipient"] == email:
                    return found[0]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No mail to {email}")


async def fills_in(page: Page, person: Identity, email: str) -> None:
    """What is known of a registrar: no education is asked."""
    for label, text in (
        ("Прізвище", person.last_name),
        ("Ім’я", person.first_name),
        ("По батькові (за наявності)", person.second_name),
        ("РНОКПП", person.tax_id),
        ("Електронна пошта", email),
        ("Дата народження", person.birth_date.isoformat()),
        ("Перший день роботи", (datetime.now(UTC).date() - timedelta(days=1)).isoformat()),
        ("Номер документа", person.passport),
    ):
        await page.get_by_label(label, exact=True).fill(text)
    await page.get_by_label("чоловіча" if person.gender == "MALE" else "жіноча").check()
    await page.get_by_label("Посада").select_option("P15")
    await page.get_by_label("Вид документа").select_option("PASSPORT")


async def test_newcomer_invited_by_mail_then_works_and_once_dismissed_is_out(demo: Demo, screens: Screens) -> None:
    officer = demo.worker("hr@kalyna.example")
    person = People(random.randrange(10**6)).person(datetime.now(UTC).date(), (30, 60))
    email = f"n{person.tax_id}@kalyna.example"
    office, phone = await screens.open(), await screens.open(PHONE)

    await story.signs_in_to_the_workplace(office, demo, officer)
    await expect(office.get_by_role("heading", level=1, name="Персонал")).to_be_visible()
    await office.get_by_role("button", name="Запросити працівника").click()
    await office.get_by_label("Роль").select_option("RECEPTIONIST")
    await assert_accessible(office)
    await office.get_by_role("button", name="Продовжити").click()
    await fills_in(office, person, email)
    await assert_accessible(office)
    await office.get_by_role("button", name="Перевірити й підписати").click()
    await expect(office.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await story.signs(office, demo, officer)
    await expect(office.get_by_text("Очікує відповіді людини")).to_be_visible(timeout=30_000)
    await assert_accessible(office)

    await phone.goto(await link_of_the_mail(demo, email, "central", "invitations"))
    await phone.get_by_label("Новий пароль", exact=True).fill(CENTRAL_PASSWORD)
    await phone.get_by_role("button", name="Прийняти запрошення").click()
    await expect(phone.get_by_role("heading", name="Запрошення прийнято")).to_be_visible()
    await phone.goto(await link_of_the_mail(demo, email, "mis", "welcome"))
    await assert_accessible(phone)
    await phone.get_by_label("Пароль", exact=True).fill(OWN_PASSWORD)
    await phone.get_by_label("Пароль ще раз").fill(OWN_PASSWORD)
    await phone.get_by_role("button", name="Зберегти пароль").click()
    await expect(phone.get_by_text("Пароль задано")).to_be_visible()
    await comes_in_for_the_first_time(phone, email)
    await assert_accessible(phone)

    await office.goto(f"{demo.address('mis')}/staff?name={person.last_name}")
    await office.get_by_role("link", name=re.compile(f"Відкрити {person.last_name} {person.first_name}")).click()
    await expect(office.get_by_text(email)).to_be_visible()
    await assert_accessible(office)
    await office.get_by_role("link", name="Звільнити").click()
    await office.get_by_label("За власним бажанням").check()
    await assert_accessible(office)
    await office.get_by_role("button", name="Звільнити").click()
    await expect(office.get_by_text("Доступ до робочого місця завершено")).to_be_visible()

    await phone.goto(f"{demo.address('mis')}/patients")
    await expect(phone.get_by_role("heading", name="Вхід до робочого місця")).to_be_visible()


async def comes_in_for_the_first_time(page: Page, email: str) -> None:
    """The password chosen a moment ago, then central's own, then consent."""
    await page.get_by_label("Електронна пошта").fill(email)
    await page.get_by_label("Пароль", exact=True).fill(OWN_PASSWORD)
    await page.get_by_role("button", name="Увійти").first.click()
    await page.get_by_label("Електронна пошта").fill(email)
    await page.get_by_label("Пароль в ЕСОЗ").fill(CENTRAL_PASSWORD)
    await page.get_by_role("button", name="Увійти").first.click()
    await page.get_by_role("button", name="Дозволити", exact=True).click()
    await expect(page.get_by_text("Доступ до ЕСОЗ надано.")).to_be_visible()
