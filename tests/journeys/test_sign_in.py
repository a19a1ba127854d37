"""Sign-in when it goes wrong: wrong passwords and the pause, a forgotten password, a password whose term is over."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.async_api import Page, expect

from esoz.kernel.db import Database
from esoz.kernel.passwords import Passwords
from esoz.mis.sign_in import login
from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey

FORGIVEN = 4  # wrong passwords until the pause, by the settings of the demo
NEW, WITHOUT_DIGIT = "Лісова-стежка-47", "Лісова-стежка"
OLD = "Торішній-сніг-25"


async def is_accessible(page: Page) -> None:
    """On a desk and on a phone; the window is left as it was."""
    before = page.viewport_size
    for size in (DESK, PHONE):
        await page.set_viewport_size(size)
        await assert_accessible(page)
    await page.set_viewport_size(before or DESK)


async def tries(page: Page, demo: Demo, email: str, password: str) -> None:
    """E-mail and password at sign-in of the workplace, wherever that leads."""
    await page.goto(f"{demo.address('mis')}/sign-in")
    await page.get_by_label("Електронна пошта").fill(email)
    await page.get_by_label("Пароль", exact=True).fill(password)
    await page.get_by_role("button", name="Увійти").click()


async def comes_in(page: Page, demo: Demo, email: str, password: str) -> None:
    """The workplace has let them in and sends them on to central; their own pages are open already."""
    await tries(page, demo, email, password)
    await expect(page.get_by_label("Пароль в ЕСОЗ")).to_be_visible()
    await opens(page, demo, "/account", "Мої входи")


async def opens(page: Page, demo: Demo, path: str, heading: str) -> None:
    """A page of the workplace, by its address."""
    await page.goto(demo.address("mis") + path)
    await expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    await is_accessible(page)


async def is_paused(page: Page, minutes: int) -> None:
    await expect(page.get_by_role("heading", name="Вхід призупинено")).to_be_visible()
    await expect(page.get_by_text(re.compile(rf"Залишилося ({minutes}|{minutes - 1}) хвилин"))).to_be_visible()
    await is_accessible(page)


async def types_a_new_password(page: Page, password: str, *, kept: int) -> None:
    """Twice; the rules mark themselves while it is typed: so many are kept."""
    await page.get_by_label("Новий пароль", exact=True).press_sequentially(password)
    await expect(page.get_by_label("Надійність")).to_have_attribute("value", str(kept))
    await page.get_by_label("Новий пароль ще раз").fill(password)


async def saves_the_password(page: Page) -> None:
    await page.get_by_role("button", name="Змінити пароль").click()


async def link_of_the_mail(demo: Demo, email: str) -> str:
    """The development inbox shows what the worker's mailbox would."""
    async with httpx.AsyncClient() as client:
        for _ in range(60):
            for message in (await client.get(f"{demo.address('inbox')}/messages")).json():
                found = re.search(rf"{re.escape(demo.address('mis'))}/recover/\S+", message["body"])
                if found and message["recipient"] == email:
                    return found[0]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No mail to {email}")


async def is_taken_on(demo: Demo, colleague: dict[str, Any], days_ago: int) -> str:
    """Another user in the place of a colleague, with a password set so many days ago; their address."""
    last_name, first_name, second_name = colleague["name"].split()
    person = login.Person(
        last_name=last_name, first_name=first_name, second_name=second_name, tax_id=colleague["tax_id"]
    )
    email, at = f"{uuid4().hex}@kalyna.example", datetime.now(UTC) - timedelta(days=days_ago)
    clinic_id, employee_id = UUID(colleague["client_id"]), UUID(colleague["employee_id"])
    database = Database(demo.table["databases"]["mis"], size=1)
    await database.open()
    try:
        async with database.transaction() as db:
            user_id = await login.add_user(db, Passwords(), email, OLD, person=person, at=at)
            await login.add_workplace(db, user_id, clinic_id, role=colleague["role"], employee_id=employee_id)
    finally:
        await database.close()
    return email


async def test_wrong_passwords_then_a_pause_until_the_head_lifts_it(demo: Demo, screens: Screens) -> None:
    nurse, head = demo.worker("nurse@kalyna.example"), demo.worker("owner@kalyna.example")
    email = await is_taken_on(demo, nurse, days_ago=10)
    desk, office = await screens.open(), await screens.open()
    for left in range(FORGIVEN - 1, 0, -1):
        await tries(desk, demo, email, "Неправильний-2026")
        await expect(desk.get_by_text(re.compile(rf"Залишил(а|о)ся {left} спроб"))).to_be_visible()
        await is_accessible(desk)
    await tries(desk, demo, email, "Неправильний-2026")
    await is_paused(desk, 10)
    await tries(desk, demo, email, OLD)  # the right one is not looked at
    await is_paused(desk, 10)
    await story.signs_in_to_the_workplace(office, demo, head)
    await opens(office, demo, "/staff/pauses", "Паузи входу")
    await office.get_by_role("button", name=f"Зняти паузу {nurse['name']}").click()
    await expect(office.get_by_text("Паузу знято")).to_be_visible()
    await expect(office.get_by_text("Зараз нікого не призупинено.")).to_be_visible()
    await is_accessible(office)
    await comes_in(desk, demo, email, OLD)
    shown = await desk.locator("tbody .govuk-tag").all_inner_texts()
    assert shown == ["Вхід", "Під час паузи", *["Неправильний пароль"] * FORGIVEN]


async def test_forgotten_password_then_a_new_one_by_mail(demo: Demo, screens: Screens) -> None:
    email = await is_taken_on(demo, demo.worker("hr@kalyna.example"), days_ago=10)
    desk, phone = await screens.open(), await screens.open(PHONE)
    await comes_in(desk, demo, email, OLD)
    await phone.goto(f"{demo.address('mis')}/sign-in")
    await phone.get_by_role("link", name="Забули пароль?").click()
    await expect(phone.get_by_role("heading", name="Забули пароль?")).to_be_visible()
    await is_accessible(phone)
    await phone.get_by_label("Електронна пошта").fill(email)
    await phone.get_by_role("button", name="Надіслати посилання").click()
    await expect(phone.get_by_role("heading", name="Перевірте пошту")).to_be_visible()
    await is_accessible(phone)
    link = await link_of_the_mail(demo, email)
    await phone.goto(link)
    await is_accessible(phone)
    await types_a_new_password(phone, WITHOUT_DIGIT, kept=4)
    await saves_the_password(phone)
    await expect(phone.get_by_text("Пароль не відповідає правилам.").first).to_be_visible()
    await is_accessible(phone)
    await types_a_new_password(phone, NEW, kept=5)
    await saves_the_password(phone)
    await expect(phone.get_by_text("Пароль змінено, усі сеанси завершено.")).to_be_visible()
    await is_accessible(phone)
    await opens(desk, demo, "/account", "Вхід до робочого місця")  # the other session is over
    await phone.goto(link)
    await expect(phone.get_by_role("heading", name="Посилання не діє")).to_be_visible()
    await is_accessible(phone)
    await tries(desk, demo, email, OLD)
    await expect(desk.get_by_role("heading", name="Пошта або пароль неправильні")).to_be_visible()
    await comes_in(desk, demo, email, NEW)


async def test_password_over_its_term_then_changed_and_work_goes_on(demo: Demo, screens: Screens) -> None:
    email = await is_taken_on(demo, demo.worker("laborant@kalyna.example"), days_ago=100)
    desk = await screens.open()
    await tries(desk, demo, email, OLD)
    await expect(desk.get_by_text("Строк дії Вашого пароля минув.")).to_be_visible()
    await is_accessible(desk)
    await opens(desk, demo, "/account", "Зміна пароля")  # nothing else opens
    await desk.get_by_label("Поточний пароль").fill(OLD)
    await types_a_new_password(desk, NEW, kept=5)
    await saves_the_password(desk)
    await expect(desk.get_by_role("heading", level=1, name="Мої входи")).to_be_visible()  # where they were going
    await expect(desk.get_by_text("Пароль змінено.")).to_be_visible()
    await is_accessible(desk)


async def sets_the_term(page: Page, days: str) -> None:
    await page.get_by_label("Строк, днів").fill(days)
    await page.get_by_role("button", name="Зберегти").click()


async def test_term_of_the_clinic_then_its_end_is_told_on_the_desk(demo: Demo, screens: Screens) -> None:
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, demo.worker("owner@kalyna.example"))
    await opens(desk, demo, "/staff/password-term", "Строк паролів")
    await sets_the_term(desk, "3")
    await expect(desk.get_by_text("не менше 7").first).to_be_visible()
    await is_accessible(desk)
    await sets_the_term(desk, "7")
    await expect(desk.get_by_text("Строк паролів збережено.")).to_be_visible()
    await opens(desk, demo, "/", "Робочий стіл")
    await expect(desk.get_by_text("Пароль діє ще 7 днів.")).to_be_visible()
    await opens(desk, demo, "/staff/password-term", "Строк паролів")
    await sets_the_term(desk, "")
    await opens(desk, demo, "/", "Робочий стіл")
    await expect(desk.get_by_text("Пароль діє ще")).to_have_count(0)
