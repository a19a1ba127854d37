"""Help before sign-in and one's own key: an incident told to everybody, a key registered and checked, data cleared."""

import asyncio
import re
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from esoz.kernel.settings import Settings
from esoz.mis.help.banners.commands.operator import BannerRequest, run
from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey

INCIDENT = "ЕСОЗ відповідає повільно. Записи зберігаються й будуть надіслані самі."
NOTE = "Сьогодні о 15:00 у другому корпусі не буде інтернету."
LOOKS = 40  # the workplace looks at central every 15 seconds and at banners every five


async def reads_the_door(page: Page, demo: Demo) -> None:
    """Before sign-in: what happens, whether central answers, whom to call."""
    for _ in range(LOOKS):
        await page.goto(f"{demo.address('mis')}/sign-in")
        if await page.get_by_text("ЕСОЗ працює").count() and await page.get_by_text(INCIDENT).count():
            break
        await asyncio.sleep(1)
    await expect(page.get_by_text("ЕСОЗ працює")).to_be_visible()
    await expect(page.get_by_text(INCIDENT)).to_be_visible()
    await page.get_by_text("Не вдається увійти?").click()
    await expect(page.get_by_text("Контакт-центр МОЗ")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="Усі поради й контакти").click()
    await expect(page.get_by_role("heading", name="Які браузери підходять")).to_be_visible()
    await assert_accessible(page)
    await page.goto(f"{demo.address('mis')}/status")
    await expect(page.locator("th", has_text=INCIDENT)).to_be_visible()
    await assert_accessible(page)


async def registers_the_key(page: Page, demo: Demo, worker: dict[str, str]) -> None:
    """The key file is opened in the browser; the trust centre says that the certificate is good."""
    await page.goto(f"{demo.address('mis')}/account/key")
    while await (known := page.get_by_role("link", name=re.compile("^Прибрати"))).count():  # a story has signed with it
        await known.first.click()
        await page.get_by_role("button", name="Прибрати").click()
        await expect(page).to_have_url(re.compile("/account/key$"))
    await page.get_by_text("Узяти сертифікат із файлу ключа").click()
    await page.get_by_label("Файл ключа").set_input_files(demo.key_file(worker))
    await page.get_by_label("Пароль ключа").fill(worker["key_password"])
    await page.get_by_role("button", name="Узяти сертифікат").click()
    await expect(page.get_by_text("Сертифікат зареєстровано")).to_be_visible()
    for words in ("чинний", "збігається з Вашим", "Ваш заклад"):
        await expect(page.locator("dd").get_by_text(words, exact=True)).to_be_visible()
    await assert_accessible(page)


async def tells_colleagues(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.address('mis')}/staff/banner")
    await page.get_by_label("Текст").fill(NOTE)
    await page.get_by_label("Новина: блакитна смуга").check()
    await page.get_by_role("button", name="Переглянути").click()
    await expect(page.get_by_role("heading", name="Так його побачать")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Опублікувати").click()
    await expect(page.get_by_text("Оголошення опубліковано")).to_be_visible()


async def hides_it(page: Page, demo: Demo) -> None:
    await page.goto(demo.address("mis"))
    band = page.locator(".app-banner", has_text=NOTE)
    await expect(band).to_be_visible()
    await band.get_by_role("link", name="Сховати").click()
    await assert_accessible(page)
    await page.get_by_role("button", name="Сховати").click()
    await expect(page.locator(".app-banner", has_text=INCIDENT)).to_be_visible()
    await expect(band).to_have_count(0)


async def clears_local_data(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.address('mis')}/help/clear")
    await page.get_by_label("Усе, також вхід").check()
    await assert_accessible(page)
    await page.get_by_role("button", name="Очистити").click()
    await expect(page.get_by_role("heading", name="Локальні дані очищено")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Увійти").click()
    await expect(page).to_have_url(re.compile("/sign-in"))


async def test_an_incident_a_key_and_help_at_the_door(demo: Demo, screens: Screens) -> None:
    settings = Settings({"ESOZ_MIS_DATABASE": demo.table["databases"]["mis"]})
    [line] = await run(settings, BannerRequest(INCIDENT, "danger"))
    try:
        await reads_the_door(await screens.open(PHONE), demo)
        doctor, head = demo.worker("doctor@kalyna.example"), demo.worker("owner@kalyna.example")
        desk = await screens.open(DESK)
        await story.signs_in_to_the_workplace(desk, demo, doctor)
        await registers_the_key(desk, demo, doctor)
        office = await screens.open(DESK)
        await story.signs_in_to_the_workplace(office, demo, head)
        await tells_colleagues(office, demo)
        await hides_it(desk, demo)
        await clears_local_data(desk, demo)
        await office.goto(f"{demo.address('mis')}/staff/banner")
        await office.get_by_role("button", name="Зняти").click()
        await expect(office.get_by_text("Оголошення знято")).to_be_visible()
    finally:
        assert await run(settings, BannerRequest(end=line_id(line))) == []


def line_id(line: str) -> UUID:
    """The id of a banner in a line of the operator's list."""
    return UUID(line.partition(" ")[0])
