"""Central's own pages: the second factor, a system on its way into the register and out of it, information."""

import asyncio
import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey

CODE = re.compile(r"\b\d{6}\b")


async def is_accessible(page: Page) -> None:
    """On a desk and on a phone; the window is left as it was."""
    before = page.viewport_size
    for size in (DESK, PHONE):
        await page.set_viewport_size(size)
        await assert_accessible(page)
    await page.set_viewport_size(before or DESK)


async def messages(demo: Demo, recipient: str) -> list[str]:
    """What came to a telephone or a mailbox, the newest last."""
    async with httpx.AsyncClient() as client:
        kept = (await client.get(f"{demo.address('inbox')}/messages")).json()
    return [each["body"] for each in sorted(kept, key=lambda each: each["at"]) if each["recipient"] == recipient]


async def next_message(demo: Demo, recipient: str, known: int) -> str:
    """The first message after those that are known."""
    for _ in range(60):
        found = await messages(demo, recipient)
        if len(found) > known:
            return found[-1]
        await asyncio.sleep(0.25)
    raise AssertionError(f"Nothing came to {recipient}")


async def gives_the_password(page: Page, demo: Demo, person: dict[str, Any], wanted: str) -> None:
    await page.goto(f"{demo.address('central')}{wanted}")
    await page.get_by_label("Електронна пошта").fill(person["email"])
    await page.get_by_label("Пароль в ЕСОЗ").fill(person["password"])
    await page.get_by_role("button", name="Увійти").first.click()


async def gives_the_code(page: Page, code: str) -> None:
    await page.get_by_label("Код підтвердження").fill(code)
    await page.get_by_role("button", name="Підтвердити").click()


async def administrator_comes_in(page: Page, demo: Demo, wanted: str) -> None:
    """Password, a wrong code, then the code that came by SMS."""
    person = next(each for each in demo.table["people"] if each["name"] == "Адміністратор ЕСОЗ")
    known = len(await messages(demo, person["phone"]))
    await gives_the_password(page, demo, person, wanted)
    await expect(page.get_by_role("heading", name="Введіть код із SMS")).to_be_visible()
    await is_accessible(page)
    found = CODE.search(await next_message(demo, person["phone"], known))
    assert found
    await gives_the_code(page, "000000" if found[0] != "000000" else "000001")
    await expect(page.locator(".govuk-error-summary")).to_be_visible()
    await is_accessible(page)
    await gives_the_code(page, found[0])


async def vendor_applies(page: Page, demo: Demo, product: str) -> None:
    """First an empty form: every field that is missing is named."""
    await page.goto(f"{demo.address('central')}/mis-register/apply")
    await is_accessible(page)
    await page.get_by_role("button", name="Подати заявку").click()
    assert await page.locator(".govuk-error-summary li").count() >= 4
    await is_accessible(page)
    await page.get_by_label("Назва системи").fill(product)
    await page.get_by_label("Версія").fill("3.2")
    await page.get_by_label("Розробник", exact=True).fill("ТОВ «Ялинка-Софт»")
    await page.get_by_label("Код ЄДРПОУ або РНОКПП розробника").fill("40404040")
    await page.get_by_label(re.compile("апте|Апте")).first.check()
    await page.get_by_label("Пошта для листування щодо заявки").fill("register@yalynka.example")
    await page.get_by_label("Телефон підтримки").fill("+380 44 000 00 01")
    await page.get_by_label("Пошта підтримки").fill("help@yalynka.example")
    await page.get_by_label("Години підтримки").fill("щодня 8–20")
    await page.get_by_label("Сайт").fill("https://yalynka.example")
    await page.get_by_label("Сторінка стану системи").fill("https://status.yalynka.example")
    await page.get_by_role("button", name="Подати заявку").click()
    await expect(page.get_by_role("heading", name="Заявку подано")).to_be_visible()
    await is_accessible(page)


async def decides(page: Page, name: str, reason: str = "") -> None:
    await page.get_by_label("Підстава").fill(reason)
    await page.get_by_role("button", name=name, exact=True).click()


async def listed(demo: Demo, product: str) -> dict[str, Any] | None:
    """The system in the public register for programs."""
    async with httpx.AsyncClient() as client:
        found = (await client.get(f"{demo.address('central')}/api/mis_register", params={"name": product})).json()
    return next((each for each in found["data"] if each["name"] == product), None)


async def asked_with(demo: Demo, api_key: str, psk: str) -> httpx.Response:
    """A call of a vendor's program, before anybody signs in."""
    headers = {"API-key": api_key, "X-Custom-PSK": psk}
    async with httpx.AsyncClient() as client:
        return await client.get(f"{demo.address('central')}/api/v2/dictionaries?name=GENDER", headers=headers)


async def passes_every_test(page: Page) -> None:
    while (
        await page.get_by_role("button", name=re.compile("^Пройдено")).count()
        > await page.get_by_text("пройдено", exact=True).count()
    ):
        rows = page.get_by_role("row").filter(has=page.get_by_role("button", name=re.compile("^Пройдено")))
        row = rows.filter(has_not=page.get_by_text("пройдено", exact=True)).first
        await row.get_by_role("button", name=re.compile("^Пройдено")).click()
        await page.wait_for_load_state()


async def test_system_from_its_application_to_the_register_and_out_of_it(demo: Demo, screens: Screens) -> None:
    vendor, office = await screens.open(PHONE), await screens.open()
    product = f"Ялинка {uuid4().hex[:6]}"
    await vendor_applies(vendor, demo, product)
    assert await listed(demo, product) is None  # an application is nobody's business yet
    await administrator_comes_in(office, demo, "/administration")
    await expect(office.get_by_role("heading", name="Заявки та підключені МІС")).to_be_visible()
    await is_accessible(office)
    await office.get_by_role("link", name=f"Відкрити {product}").click()
    await decides(office, "Почати тестування")
    await is_accessible(office)
    await decides(office, "Визнати відповідною")
    await expect(office.locator(".govuk-error-summary")).to_be_visible()  # no test is passed yet
    await passes_every_test(office)
    await decides(office, "Визнати відповідною", "Протокол № 1")
    await decides(office, "Підключити", "Договір № 7")
    await expect(office.get_by_role("heading", name="Ключі МІС")).to_be_visible()
    await is_accessible(office)
    keys = dict(
        zip(
            await office.locator(".govuk-summary-list__key").all_inner_texts(),
            await office.locator(".govuk-summary-list__value").all_inner_texts(),
            strict=True,
        )
    )
    api_key, psk = keys["API-key"], keys["X-Custom-PSK"]
    await vendor.goto(f"{demo.address('central')}/mis-register")
    await expect(vendor.get_by_role("link", name=product, exact=True)).to_be_visible()
    await is_accessible(vendor)
    entry = await listed(demo, product)
    assert entry and entry["status"] == "CONNECTED"
    assert (await asked_with(demo, api_key, psk)).status_code == 200
    await office.get_by_role("link", name=re.compile("Ключі передано")).click()
    await decides(office, "Заблокувати")
    await expect(office.locator(".govuk-error-summary")).to_be_visible()  # not without a reason
    await decides(office, "Заблокувати", "Порушення умов договору")
    await is_accessible(office)
    refused = await asked_with(demo, api_key, psk)
    assert refused.status_code == 401
    assert refused.json()["error"]["message"] == "API-KEY header is invalid."
    entry = await listed(demo, product)
    assert entry and entry["status"] == "BLOCKED"


async def test_information_is_written_by_an_administrator_and_read_by_everybody(demo: Demo, screens: Screens) -> None:
    office, reader = await screens.open(), await screens.open(PHONE)
    title = f"Курс для лікарів {uuid4().hex[:6]}"
    await administrator_comes_in(office, demo, "/administration/information")
    await is_accessible(office)
    await office.get_by_role("button", name="Додати запис").click()
    await is_accessible(office)
    await office.get_by_label("Назва").fill(title)
    await office.get_by_label("Текст").fill("Безкоштовний курс.")
    await office.get_by_label("Посилання").fill("не адреса")
    await office.get_by_role("button", name="Зберегти").click()
    await expect(office.locator(".govuk-error-summary")).to_be_visible()
    await is_accessible(office)
    await office.get_by_label("Посилання").fill("https://courses.example/doctors")
    await office.get_by_label("Перевірено").fill("2024-02-01")
    await office.get_by_role("button", name="Зберегти").click()
    await expect(office.get_by_role("heading", name="Довідкова інформація")).to_be_visible()
    await reader.goto(f"{demo.address('central')}/information")
    await is_accessible(reader)
    entry = reader.get_by_role("heading", name=title)
    await expect(entry).to_contain_text("Може бути застарілим")  # nobody has looked at it since 2024
    await office.get_by_role("button", name=f"Перевірено сьогодні {title}").click()
    await reader.reload()
    await expect(reader.get_by_role("heading", name=title)).not_to_contain_text("застарілим")


async def test_telephone_for_signing_in_is_set_and_then_asked_for(demo: Demo, screens: Screens) -> None:
    person, phone = demo.worker("laborant@kalyna.example"), f"+38050{uuid4().int % 10**7:07d}"
    desk, other = await screens.open(), await screens.open(PHONE)
    await gives_the_password(desk, demo, person, "/account")
    await is_accessible(desk)
    await desk.get_by_role("link", name="Додати телефон для входу").click()
    await is_accessible(desk)
    await desk.get_by_label("Номер мобільного телефону").fill(phone)
    await desk.get_by_label("Пароль в ЕСОЗ").fill("не той пароль")
    await desk.get_by_role("button", name="Надіслати код").click()
    await expect(desk.locator(".govuk-error-summary")).to_be_visible()
    await is_accessible(desk)
    await desk.get_by_label("Номер мобільного телефону").fill(phone)
    await desk.get_by_label("Пароль в ЕСОЗ").fill(person["password"])
    await desk.get_by_role("button", name="Надіслати код").click()
    found = CODE.search(await next_message(demo, phone, 0))
    assert found
    await gives_the_code(desk, found[0])
    await expect(desk.get_by_role("heading", name="Обліковий запис")).to_be_visible()
    await is_accessible(desk)
    known = len(await messages(demo, phone))
    await gives_the_password(other, demo, person, "/account")
    found = CODE.search(await next_message(demo, phone, known))
    assert found
    await gives_the_code(other, found[0])
    await expect(other.get_by_role("heading", name="Обліковий запис")).to_be_visible()
    await is_accessible(other)
