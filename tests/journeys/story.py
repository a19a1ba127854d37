"""What people of the stories do, in their own words: each function is one act of one person at their screen."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

import httpx
from playwright.async_api import Page, expect

from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import Demo

ADDRESS = re.compile(r"/documents/[^/]+$")


@dataclass
class Prescription:
    """What the patient has in hand: the number on the note, the code of the SMS."""

    number: str
    code: str


async def signs_in_to_the_workplace(page: Page, demo: Demo, worker: dict[str, Any]) -> None:
    """E-mail and password of the workplace, then central's own sign-in and consent."""
    await page.goto(demo.address("mis"))
    await assert_accessible(page)
    await page.get_by_label("Електронна пошта").fill(worker["email"])
    await page.get_by_label("Пароль", exact=True).fill(worker["password"])
    await page.get_by_role("button", name="Увійти").first.click()
    await expect(page.get_by_label("Пароль в ЕСОЗ").or_(page.get_by_role("button", name="Вийти"))).to_be_visible()
    if not page.url.startswith(demo.address("central")):
        return  # a consent of an earlier story still holds
    await assert_accessible(page)
    await page.get_by_label("Електронна пошта").fill(worker["email"])
    await page.get_by_label("Пароль в ЕСОЗ").fill(worker["password"])
    await page.get_by_role("button", name="Увійти").first.click()
    await expect(page.get_by_role("heading", name="Дозволити роботу від Вашого імені?")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Дозволити", exact=True).click()
    await expect(page.get_by_text("Доступ до ЕСОЗ надано.")).to_be_visible()
    await assert_accessible(page)


async def finds_the_patient(page: Page, demo: Demo, patient: dict[str, Any]) -> None:
    """One search box: surname, name, birth date."""
    year, month, day = patient["birth_date"].split("-")
    await page.goto(demo.address("mis"))
    box = page.get_by_label("Пошук пацієнта")
    await box.fill(f"{patient['last_name']} {patient['first_name']} {day}.{month}.{year}")
    await box.press("Enter")
    await assert_accessible(page)
    await page.get_by_role("link", name=re.compile(patient["second_name"])).first.click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text(patient["last_name"])
    await assert_accessible(page)


async def opens_an_episode(page: Page, name: str) -> None:
    await (
        page.get_by_role("link", name="Відкрити епізод")
        .or_(page.get_by_role("button", name="Відкрити епізод"))
        .first.click()
    )
    await page.get_by_label("Назва епізоду").fill(name)
    await assert_accessible(page)
    await page.get_by_role("button", name="Відкрити епізод").click()
    await expect(page.get_by_text("Передано до ЕСОЗ")).to_be_visible(timeout=30_000)
    await assert_accessible(page)


async def picks(page: Page, label: str, code: str) -> None:
    """A code from a dictionary, found by typing."""
    await page.get_by_label(label, exact=True).first.fill(code)
    await page.get_by_role("option", name=re.compile(f"^{code} ")).first.click()


async def records_a_visit(page: Page, reason: str, diagnosis: str, action: str) -> None:
    """From the accepted episode to the page of signing."""
    await page.get_by_role("button", name="Записати прийом").click()
    await page.get_by_label("Скарги").fill("Кашель, температура три дні")
    await picks(page, "Причина звернення (ICPC-2)", reason)
    await page.get_by_label("Виміряно").fill("t 38,2")
    await expect(page.get_by_text("Температура: 38,2")).to_be_visible()
    await picks(page, "Код за ICPC-2", diagnosis)
    await picks(page, "Дія 1 (ICPC-2)", action)
    await assert_accessible(page)
    await page.get_by_role("button", name="Перейти до підпису").click()
    await expect(page.get_by_role("heading", name="Перевірте й підпишіть")).to_be_visible()
    await assert_accessible(page)


async def signs(page: Page, demo: Demo, person: dict[str, Any]) -> None:
    """The key file and its password: the key stays in the browser."""
    await page.get_by_label("Файл ключа").set_input_files(demo.key_file(person))
    await page.get_by_label("Пароль ключа").fill(person["key_password"])
    await page.locator("form[data-kep-form] button[type=submit]").click()


async def sees_it_accepted(page: Page) -> None:
    await page.wait_for_url(ADDRESS)
    await expect(page.get_by_text("Передано до ЕСОЗ", exact=True)).to_be_visible(timeout=30_000)
    await assert_accessible(page)


async def writes_a_prescription(page: Page, demo: Demo, doctor: dict[str, Any], medicine: str) -> Prescription:
    """By substance, form and dose; checked by central, signed, told by SMS."""
    await page.get_by_role("link", name="Виписати рецепт").click()
    await page.get_by_label("Лікарський засіб", exact=True).fill(medicine)
    await page.get_by_role("option", name=re.compile(medicine)).first.click()
    visits = page.get_by_role("radio")  # asked only when there were several visits today
    if await visits.count():
        await visits.first.check()
    await assert_accessible(page)
    await page.get_by_role("button", name="Далі").click()
    await expect(page.get_by_label("Кількість на весь курс")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Перевірити рецепт").click()
    await expect(page.get_by_role("heading", name="Перевірка рецепта")).to_be_visible()
    await assert_accessible(page)
    await answers_doubts(page)
    await page.get_by_role("button", name="створити й перейти до підпису").click()
    await expect(page.get_by_role("heading", name="Підпишіть рецепт")).to_be_visible()
    await assert_accessible(page)
    await signs(page, demo, doctor)
    await expect(page.get_by_text("Рецепт виписано")).to_be_visible()
    await assert_accessible(page)
    text = await page.locator("main").inner_text()
    number = re.search(r"0000(?:-[0-9AEHKMPTX]{4}){3}", text)
    assert number
    return Prescription(number[0], await code_of_the_sms(demo, number[0]))


async def answers_doubts(page: Page) -> None:
    """A reason for everything that is doubted: stories share patients, who may take an antibiotic already."""
    for reason in await page.get_by_label("Чому призначаєте так").all():
        await reason.select_option("checked")


async def code_of_the_sms(demo: Demo, number: str) -> str:
    """The development inbox shows what the patient's phone would; not of who is signed in to Diia on the telephone."""
    async with httpx.AsyncClient() as client:
        for _ in range(60):
            for message in (await client.get(f"{demo.address('inbox')}/messages")).json():
                found = re.search(rf"{number}\. Код підтвердження: (\d+)", message["body"])
                if found:
                    return found[1]
            await asyncio.sleep(0.25)
    raise AssertionError(f"No SMS about {number}")


async def finds_the_prescription(page: Page, demo: Demo, number: str) -> None:
    await page.goto(f"{demo.address('mis')}/pharmacy")
    await page.get_by_label("Номер рецепта").fill(number)
    await page.get_by_role("button", name="Знайти рецепт").click()
    await expect(page.locator("main").get_by_text(number).first).to_be_visible()
    await assert_accessible(page)


async def begins_to_dispense(page: Page, units: int, code: str) -> None:
    await page.locator("input[name^=units-]").first.fill(str(units))
    await page.get_by_label("Код підтвердження").fill(code)
    await page.get_by_role("button", name="Почати відпуск").click()


async def dispenses(page: Page, demo: Demo, pharmacist: dict[str, Any], units: int, code: str) -> None:
    """Quantity and code, then the signature of the pharmacist."""
    await begins_to_dispense(page, units, code)
    await expect(page.get_by_role("heading", name="Підпишіть відпуск")).to_be_visible()
    await assert_accessible(page)
    await signs(page, demo, pharmacist)
    await expect(page.get_by_text("Відпущено").first).to_be_visible()
    await expect(page.get_by_text("Відпустити ще").or_(page.get_by_text("Наступний рецепт")).first).to_be_visible()
    await assert_accessible(page)


async def signs_in_to_the_cabinet(page: Page, demo: Demo, patient: dict[str, Any]) -> None:
    """The patient's own КЕП and nothing else."""
    await page.goto(demo.address("cabinet"))
    await assert_accessible(page)
    await signs(page, demo, patient)
    await expect(page.get_by_role("heading", name=re.compile(patient["first_name"]))).to_be_visible()
    await assert_accessible(page)


async def takes_the_telephone(page: Page, person: dict[str, Any]) -> None:
    """The telephone with Diia asks whose it is."""
    await page.get_by_label("Ім’я або РНОКПП").fill(person["tax_id"])
    await page.get_by_role("button", name="Знайти").click()
    await assert_accessible(page)
    await page.get_by_role("button", name="Це мій телефон").click()


async def puts_the_telephone_down(page: Page, demo: Demo) -> None:
    """Who stays signed in is told by Diia from then on, and no SMS comes to the other stories of the same patient."""
    await page.goto(demo.address("diia"))
    await page.get_by_role("button", name="Вийти").click()
    await expect(page.get_by_label("Ім’я або РНОКПП")).to_be_visible()


async def numbers_of_the_country(demo: Demo) -> tuple[int, int, int]:
    """Written, redeemed, dispensed: the public page of central."""
    async with httpx.AsyncClient() as client:
        html = (await client.get(f"{demo.address('central')}/statistics")).text
    written, redeemed, dispensed = re.findall(r'summary-list__value">(\d+)<', html)[:3]
    return int(written), int(redeemed), int(dispensed)
