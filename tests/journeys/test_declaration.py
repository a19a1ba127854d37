"""A patient chooses a doctor at the clinic: asked by the doctor, confirmed by the code of the SMS, signed, listed."""

import asyncio
import re

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey

CODE = re.compile(r"^Код (\d{4}) підтверджує вибір")


async def codes(demo: Demo) -> dict[str, str]:
    """Codes of choices that patients' telephones have got, by message."""
    async with httpx.AsyncClient() as client:
        messages = (await client.get(f"{demo.address('inbox')}/messages")).json()
    return {str(each): found[1] for each in messages if (found := CODE.search(each["body"]))}


async def new_code(demo: Demo, before: dict[str, str]) -> str:
    for _ in range(240):
        if more := {key: code for key, code in (await codes(demo)).items() if key not in before}:
            return next(iter(more.values()))
        await asyncio.sleep(0.25)
    raise AssertionError("no code came")


async def asks(desk: Page, demo: Demo) -> str:
    """From the patient's page to the request; the code that the patient got."""
    before = await codes(demo)
    await desk.locator("main").get_by_role("link", name="Декларація", exact=True).click()
    await assert_accessible(desk)
    await desk.get_by_role("button", name=re.compile("Укласти")).click()
    await assert_accessible(desk)
    doctors = desk.get_by_label("Лікар", exact=True)
    own = await doctors.locator("option").nth(1).get_attribute("value")
    await doctors.select_option(own)
    await desk.get_by_role("button", name="Надіслати запит").click()
    await expect(desk.get_by_label("Код із SMS")).to_be_visible()
    await assert_accessible(desk)
    return await new_code(demo, before)


async def test_patient_chooses_a_doctor_at_the_clinic(demo: Demo, screens: Screens) -> None:
    doctor, patient = demo.worker("doctor@kalyna.example"), demo.patients()[1]
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    code = await asks(desk, demo)

    # a wrong code first: what was typed stays, and the right one is still good
    await desk.get_by_label("Код із SMS").fill("1000" if code != "1000" else "1001")
    await desk.get_by_role("button", name="Підтвердити").click()
    await expect(desk.get_by_text("Код неправильний").first).to_be_visible()
    await assert_accessible(desk)
    await desk.get_by_label("Код із SMS").fill(code)
    await desk.get_by_role("button", name="Підтвердити").click()
    await expect(desk.get_by_text("Я даю згоду на обробку персональних даних")).to_be_visible()
    await assert_accessible(desk)
    form = await desk.locator("main a[href$='form.pdf']").get_attribute("href")
    pdf = await desk.request.get(f"{demo.address('mis')}{form}")
    assert (pdf.status, (await pdf.body())[:5]) == (200, b"%PDF-")

    await story.signs(desk, demo, doctor)
    await expect(desk.get_by_role("heading", name="Декларацію підписано")).to_be_visible(timeout=30_000)
    await assert_accessible(desk)

    # the doctor's list has the patient, on a desk and on a phone
    await desk.goto(f"{demo.address('mis')}/declarations?q={patient['last_name']}")
    await expect(desk.get_by_role("row", name=re.compile(patient["last_name"])).first).to_be_visible()
    await assert_accessible(desk)
    phone = await screens.open(PHONE)
    await story.signs_in_to_the_workplace(phone, demo, doctor)
    for path in ("/declarations", "/declarations/requests", "/declarations/doctors"):
        await phone.goto(f"{demo.address('mis')}{path}")
        await assert_accessible(phone)
