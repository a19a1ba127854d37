"""Stories of a pharmacy beside the electronic prescription: paper, war, wholesale, its stock, what is brought back."""

import re
import secrets
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Page, expect

from esoz.kernel.clock import KYIV
from tests.factories.scans import jpeg
from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey

MEDICINE = re.compile("амоксицилін 500 мг", re.IGNORECASE)
PICTURE = {"name": "blank.jpg", "mimeType": "image/jpeg", "buffer": jpeg(width=400)}


def number() -> str:
    """One that no other story has: a blank is recorded once in the country."""
    return str(secrets.randbelow(10**9))


async def at_the_counter(screens: Screens, demo: Demo, email: str, size: dict[str, int] = DESK) -> Page:
    page = await screens.open(size)
    await story.signs_in_to_the_workplace(page, demo, demo.worker(email))
    return page


async def opens(page: Page, demo: Demo, path: str) -> None:
    await page.goto(f"{demo.address('mis')}{path}")
    await assert_accessible(page)


async def fills(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        await page.locator(f"#{name}").fill(text)


async def picks(page: Page, field: str, text: str, wanted: re.Pattern[str]) -> None:
    """The first medicine that is found by these letters."""
    await page.locator(f"#{field}").fill(text)
    await page.get_by_role("option", name=wanted).first.click()


async def hands_over(page: Page, button: str, packages: str) -> None:
    """A package of what stands on the blank or in the request, to the page of the signature."""
    await page.locator("#package_1").select_option(index=1)
    await fills(page, packages_1=packages)
    await page.get_by_role("button", name=button).click()
    await expect(page.get_by_label("Файл ключа")).to_be_visible()
    await assert_accessible(page)


def today() -> str:
    return datetime.now(KYIV).date().isoformat()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_paper_then_recorded_pictured_and_handed_over(demo: Demo, screens: Screens, size: dict[str, int]) -> None:
    page = await at_the_counter(screens, demo, "pharmacist@romashka.example", size)
    await opens(page, demo, "/paper")
    await page.get_by_role("link", name="Записати").or_(page.get_by_role("button", name="Записати")).first.click()
    blank = number()
    await fills(page, series="АБ", number=blank, institution_name="Лікарня швидкої допомоги")
    await fills(page, institution_edrpou="40000029", doctor_name="Ковальчук Олена Іванівна", issued_at=today())
    await picks(page, "medicine_1", "амоксицилін 500", MEDICINE)
    await fills(page, quantity_1="600")
    await assert_accessible(page)
    await page.get_by_role("button", name="Записати рецепт").click()
    await expect(page.get_by_text("Рецепт записано").first).to_be_visible()
    await assert_accessible(page)

    # without a picture nothing is handed over
    await expect(page.get_by_role("button", name="Далі: підпис")).to_have_count(0)
    await page.locator("#picture").set_input_files(PICTURE)
    await page.get_by_role("button", name="Додати фото").click()
    await assert_accessible(page)
    await hands_over(page, "Далі: підпис", "1")
    await story.signs(page, demo, demo.worker("pharmacist@romashka.example"))
    await expect(page.get_by_text("Відпуск записано").first).to_be_visible()
    await assert_accessible(page)

    # the journal has it, and is printed
    await opens(page, demo, f"/journals?journal=paper&from={today()}&to={today()}")
    await expect(page.get_by_role("heading", name="Журнал відпуску за паперовими рецептами")).to_be_visible()
    pdf = await page.request.get(f"{demo.address('mis')}/journals.pdf?journal=paper&from={today()}&to={today()}")
    assert (pdf.status, (await pdf.body())[:5]) == (200, b"%PDF-")
    file = await page.request.get(f"{demo.address('mis')}/journals.csv?journal=paper&from={today()}&to={today()}")
    assert blank in await file.text()


async def writes_down_without_a_prescription(page: Page, demo: Demo, pharmacist: str) -> None:
    await opens(page, demo, "/emergency/new")
    await picks(page, "medication_1", "амоксицилін", re.compile(".+"))
    await fills(page, packages_1="1")
    await page.get_by_label("Немає зв’язку або електропостачання").check()
    await assert_accessible(page)
    await page.get_by_role("button", name="Далі: підпис").click()
    await expect(page.get_by_label("Файл ключа")).to_be_visible()
    await assert_accessible(page)
    await story.signs(page, demo, demo.worker(pharmacist))


async def test_without_a_prescription_then_in_a_territory_of_war_only(demo: Demo, screens: Screens) -> None:
    near = await at_the_counter(screens, demo, "pharmacist@polyn.example")
    await writes_down_without_a_prescription(near, demo, "pharmacist@polyn.example")
    await expect(near.get_by_role("heading", level=1)).to_contain_text("Відпуск без рецепта")
    await expect(near.get_by_text("Відпущено", exact=True).first).to_be_visible()
    await assert_accessible(near)

    # elsewhere central refuses, and says what to do
    far = await at_the_counter(screens, demo, "pharmacist@romashka.example")
    await writes_down_without_a_prescription(far, demo, "pharmacist@romashka.example")
    await expect(far.get_by_text("без рецепта відпускати не можна").first).to_be_visible()
    await assert_accessible(far)
    await far.get_by_role("button", name="Видалити чернетку").click()
    await expect(far.get_by_text("Чернетку видалено")).to_be_visible()
    await assert_accessible(far)


async def test_wholesale_then_requested_scanned_and_supplied(demo: Demo, screens: Screens) -> None:
    page = await at_the_counter(screens, demo, "pharmacist@romashka.example")
    await opens(page, demo, "/wholesale/new")
    await page.get_by_label("Військова частина").check()
    await fills(page, requester_name="Військова частина А0000", requester_edrpou="40000029")
    await fills(page, responsible_name="Ковальчук Ґалина", responsible_position="начальниця медичної служби")
    await fills(page, number=number(), requested_at=today())
    await picks(page, "medicine_1", "амоксицилін 500", MEDICINE)
    await fills(page, quantity_1="2000")
    await assert_accessible(page)
    await page.get_by_role("button", name="Записати вимогу").click()
    await expect(page.get_by_text("Вимогу записано").first).to_be_visible()
    await assert_accessible(page)
    await page.locator("#scan").set_input_files(PICTURE)
    await page.get_by_role("button", name="Додати скан").click()
    await expect(page.get_by_label("Хто отримує")).to_be_visible()
    await assert_accessible(page)
    await fills(page, received_by="Ткаченко Остап Андрійович")
    await hands_over(page, "Далі: підпис", "2")
    await story.signs(page, demo, demo.worker("pharmacist@romashka.example"))
    await expect(page.get_by_text("Видачу записано").first).to_be_visible()
    await assert_accessible(page)


async def receives(page: Page, demo: Demo, packages: str) -> None:
    """A delivery of one medicine, entered into the books."""
    await opens(page, demo, "/stock/receipts/new")
    await fills(page, supplier="ТОВ «Оптова база»", document=f"ВН-{number()}")
    await page.get_by_role("button", name="Далі: препарати").click()
    await assert_accessible(page)
    await picks(page, "medicine", "амоксицилін", re.compile(".+"))
    ends = (datetime.now(KYIV).date() + timedelta(days=300)).isoformat()
    await fills(page, series="A1", expires_on=ends, packages=packages, price="125,50")
    await page.get_by_role("button", name="Додати", exact=True).last.click()
    await expect(page.get_by_role("button", name="Оприбуткувати")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Оприбуткувати").click()
    await expect(page.get_by_text("Накладну оприбутковано")).to_be_visible()
    await assert_accessible(page)


async def counts(page: Page, demo: Demo) -> None:
    """An inventory that finds one package less, confirmed."""
    await opens(page, demo, "/stock/inventory")
    box = page.locator("input[name^=packages-]").first
    await box.fill("4")
    await page.get_by_role("button", name="Показати різницю").click()
    await expect(page.get_by_text("Перевірте різницю")).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name="Записати інвентаризацію").click()
    await expect(page.get_by_text("нвентаризаці").first).to_be_visible()
    await assert_accessible(page)


async def test_delivery_dispense_return_and_inventory(demo: Demo, screens: Screens) -> None:
    doctor, patient = demo.worker("doctor@kalyna.example"), demo.patients()[6]
    pharmacist = demo.worker("pharmacist@romashka.example")
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Гострий бронхіт")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)
    await story.finds_the_patient(desk, demo, patient)
    prescription = await story.writes_a_prescription(desk, demo, doctor, "амоксицилін 500 мг капсули")

    page = await at_the_counter(screens, demo, "pharmacist@romashka.example")
    await receives(page, demo, "5")
    await story.finds_the_prescription(page, demo, prescription.number)
    await story.dispenses(page, demo, pharmacist, 8, prescription.code)

    # the patient brings it back: signed, and the prescription may be dispensed by again
    await page.get_by_role("button", name="Повернення").or_(page.get_by_role("link", name="Повернення")).first.click()
    await page.locator("#return_reason_code").select_option("PATIENT_REFUSED")
    await assert_accessible(page)
    await page.get_by_role("button", name="Далі: підпис").click()
    await expect(page.get_by_role("heading", name="Підпишіть повернення")).to_be_visible()
    await assert_accessible(page)
    await story.signs(page, demo, pharmacist)
    await expect(page.get_by_text("Повернення записано").first).to_be_visible()
    await assert_accessible(page)
    await opens(page, demo, f"/journals?journal=returns&from={today()}&to={today()}")
    await expect(page.get_by_role("heading", name="Журнал повернень")).to_be_visible()
    await counts(page, demo)

    # the head sees all of it on one page
    head = await at_the_counter(screens, demo, "owner@romashka.example")
    await opens(head, demo, "/head")
    await expect(head.get_by_role("heading", level=1)).to_contain_text("Огляд аптеки")
    await head.set_viewport_size(PHONE)
    await assert_accessible(head)
