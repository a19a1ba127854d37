"""The story that must always work: a prescription travels from the doctor through the pharmacy to the patient."""

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey


async def test_antibiotic_from_the_doctor_to_the_patient(demo: Demo, screens: Screens) -> None:
    doctor = demo.worker("doctor@kalyna.example")
    pharmacist = demo.worker("pharmacist@romashka.example")
    patient = demo.patients()[0]
    written, redeemed, dispensed = await story.numbers_of_the_country(demo)

    # a doctor examines the patient: the visit is signed in the browser and acknowledged by central
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Гострий бронхіт")
    await story.records_a_visit(desk, "R05", "R78", "R31")
    await story.signs(desk, demo, doctor)
    await story.sees_it_accepted(desk)

    # and writes an electronic prescription for an antibiotic, with the note for the patient
    await story.finds_the_patient(desk, demo, patient)
    prescription = await story.writes_a_prescription(desk, demo, doctor, "амоксицилін 500 мг капсули")
    note = await desk.locator("main a[href$='note.pdf']").get_attribute("href")
    pdf = await desk.request.get(f"{demo.address('mis')}{note}")
    assert (pdf.status, (await pdf.body())[:5]) == (200, b"%PDF-")

    # any pharmacy dispenses by number and code, here in two parts
    counter = await screens.open()
    await story.signs_in_to_the_workplace(counter, demo, pharmacist)
    await story.finds_the_prescription(counter, demo, prescription.number)
    await story.begins_to_dispense(counter, 8, "0000" if prescription.code != "0000" else "1111")
    await expect(counter.get_by_text("Код не підходить до цього рецепта").first).to_be_visible()
    await story.finds_the_prescription(counter, demo, prescription.number)
    await story.dispenses(counter, demo, pharmacist, 8, prescription.code)
    await story.finds_the_prescription(counter, demo, prescription.number)
    await story.dispenses(counter, demo, pharmacist, 8, prescription.code)

    # the patient sees the prescription, its dispense, and who read the record
    phone = await screens.open(PHONE)
    await story.signs_in_to_the_cabinet(phone, demo, patient)
    await phone.goto(f"{demo.address('cabinet')}/prescriptions")
    await assert_accessible(phone)
    await expect(phone.get_by_text("амоксицилін").first).to_be_visible()
    await phone.get_by_role("link", name="амоксицилін").first.click()
    await expect(phone.get_by_text(prescription.number).first).to_be_visible()
    await expect(phone.get_by_text("Ромашка").first).to_be_visible()
    await assert_accessible(phone)
    await phone.goto(f"{demo.address('cabinet')}/readings")
    await expect(phone.get_by_text(doctor["name"]).first).to_be_visible()
    await assert_accessible(phone)

    # the statistics grew by one
    after = await story.numbers_of_the_country(demo)
    assert after == (written + 1, redeemed + 1, dispensed + 2)


async def test_workplace_on_a_phone(demo: Demo, screens: Screens) -> None:
    """The same pages at 375 px: nothing scrolls sideways, axe finds nothing."""
    phone = await screens.open(PHONE)
    await story.signs_in_to_the_workplace(phone, demo, demo.worker("therapist@likarnia.example"))
    for path in ("/", "/patients", "/sync", "/prescriptions", "/status"):
        await phone.goto(f"{demo.address('mis')}{path}")
        await assert_accessible(phone)


async def test_a_key_of_another_person_is_refused(demo: Demo, screens: Screens) -> None:
    doctor, patient = demo.worker("doctor@polissia.example"), demo.patients()[5]
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    await story.finds_the_patient(desk, demo, patient)
    await story.opens_an_episode(desk, "Огляд")
    await story.records_a_visit(desk, "A29", "A97", "A31")
    await story.signs(desk, demo, demo.worker("pharmacist@romashka.example"))
    await expect(desk.locator("[data-kep-error]")).to_be_visible()
    await assert_accessible(desk)


async def test_public_pages_of_central_and_inbox(demo: Demo, screens: Screens) -> None:
    for size in (PHONE, {"width": 1280, "height": 900}):
        page = await screens.open(size)
        for address in ("central", "inbox"):
            await page.goto(demo.address(address))
            await assert_accessible(page)
        await page.goto(f"{demo.address('central')}/statistics")
        await assert_accessible(page)


async def test_every_process_tells_of_its_health(demo: Demo) -> None:
    async with httpx.AsyncClient() as client:
        for part in ("central", "mis", "cabinet"):
            for path in ("/health/live", "/health/ready", "/metrics"):
                response = await client.get(f"{demo.address(part)}{path}")
                assert response.status_code == 200, (part, path)
