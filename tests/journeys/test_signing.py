"""Every way to sign: many with one opening of the key, in another program without scripts, in Diia on the phone."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from esoz.signature import open_key_file, sign
from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Demo, Screens

pytestmark = pytest.mark.journey

DOCTOR = "doctor@kalyna.example"


async def assert_accessible_at_both_sizes(page: Page) -> None:
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)
        await assert_accessible(page)


async def prepares_visits(page: Page, demo: Demo, patient: dict[str, Any], count: int) -> list[str]:
    """Visits of one episode, each left at the page of its signature; the addresses of those pages."""
    await story.finds_the_patient(page, demo, patient)
    await story.opens_an_episode(page, "Гострий бронхіт")
    episode, addresses = page.url, []
    for _ in range(count):
        await page.goto(episode)
        await story.records_a_visit(page, "R05", "R78", "R31")
        addresses.append(page.url)
    return addresses


async def is_accepted(page: Page, address: str) -> None:
    """Without scripts the page is opened again until central has the record."""
    for _ in range(60):
        await page.goto(address)
        if await page.get_by_text("Передано до ЕСОЗ", exact=True).count():
            return
        await page.wait_for_timeout(500)
    raise AssertionError(f"{address} was not accepted")


async def test_many_documents_with_one_opening_of_the_key_by_keyboard(demo: Demo, screens: Screens) -> None:
    doctor = demo.worker(DOCTOR)
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    addresses = await prepares_visits(desk, demo, demo.patients()[1], 2)

    await desk.goto(f"{demo.address('mis')}/sync")
    await desk.get_by_role("button", name="Підписати все").click()
    await expect(desk.get_by_role("heading", level=1)).to_contain_text("Підписати все")
    await assert_accessible_at_both_sizes(desk)
    count = await desk.locator("[data-kep-address]").count()
    assert count >= 2

    # a key file can only be chosen with the browser's own window; everything else is typed
    await desk.get_by_label("Файл ключа").set_input_files(demo.key_file(doctor))
    await desk.get_by_label("Файл ключа").focus()
    await desk.keyboard.press("Tab")
    await desk.keyboard.type(doctor["key_password"])
    await desk.keyboard.press("Enter")
    await expect(desk.locator("[data-kep-step]")).to_have_text(f"Підписано й надіслано: {count} з {count}.")
    await expect(desk.locator("[data-kep-holder]")).to_contain_text("Сертифікат діє до")
    await expect(desk.get_by_label("Пароль ключа")).to_be_hidden()
    # nothing is left to edit or to sign, only the way on
    for left in ("Редагувати", "Відкрити рецепт"):
        await expect(desk.get_by_role("link", name=left)).to_have_count(0)
    await expect(desk.get_by_role("button", name="Підписати все")).to_be_hidden()
    await expect(desk.get_by_text("Підписати в іншому застосунку")).to_be_hidden()
    await expect(desk.get_by_role("button", name="До черги синхронізації")).to_be_visible()
    await assert_accessible_at_both_sizes(desk)
    for address in addresses:
        await is_accepted(desk, address.removesuffix("/sign"))


async def test_download_sign_elsewhere_upload_without_scripts(demo: Demo, screens: Screens, browser: Browser) -> None:
    doctor = demo.worker(DOCTOR)
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    [address] = await prepares_visits(desk, demo, demo.patients()[2], 1)
    kept = await desk.context.storage_state()
    plain = await browser.new_context(java_script_enabled=False, locale="uk-UA", storage_state=kept)
    page = await plain.new_page()
    await page.goto(address)
    await page.get_by_text("Підписати в іншому застосунку").click()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="Завантажити документ").click()
    download = await coming.value
    content = Path(await download.path()).read_bytes()
    assert download.suggested_filename.endswith(".json")
    assert content == base64.b64decode(await page.locator("[data-kep-content]").get_attribute("value") or "")

    # the document itself instead of a signature, and then a detached signature in base64
    await send(page, content)
    await expect(page.get_by_text("Це сам документ, а не підписаний файл").first).to_be_visible()
    fault = page.get_by_role("link", name="Це сам документ")
    assert await fault.get_attribute("href") == "#signed_file"
    await send(page, base64.b64encode(signed_elsewhere(demo, doctor, content)))
    await is_accepted(page, address.removesuffix("/sign"))
    await plain.close()


async def send(page: Page, content: bytes) -> None:
    file = {"name": "document.p7s", "mimeType": "application/pkcs7-signature", "buffer": content}
    await page.locator("#signed_file").set_input_files(file)
    await page.get_by_role("button", name="Надіслати підписане").click()


def signed_elsewhere(demo: Demo, person: dict[str, Any], content: bytes) -> bytes:
    key, certificate = open_key_file(demo.key_file(person).read_bytes(), person["key_password"]).signing
    return sign(content, key, certificate, at=datetime.now(UTC), detached=True)


async def signs_in_diia(page: Page, person: dict[str, Any]) -> None:
    """From the signing page through the phone; the page comes back by itself."""
    await page.get_by_text("Підписати в Дії на телефоні").click()
    await page.get_by_role("button", name="Підписати в Дії").click()
    await expect(page.get_by_role("heading", name="Підпишіть у застосунку Дія")).to_be_visible()
    await assert_accessible_at_both_sizes(page)
    async with page.context.expect_page() as opening:
        await page.get_by_role("button", name="Відкрити Дію").click()
    phone = await opening.value
    await story.takes_the_telephone(phone, person)
    await expect(phone.get_by_role("heading", name="Запит на підпис")).to_be_visible()
    await assert_accessible(phone)
    await phone.get_by_role("button", name="Підписати").click()
    await expect(phone.get_by_text("Підписано. Поверніться")).to_be_visible()
    await phone.close()


async def test_signing_in_diia(demo: Demo, screens: Screens) -> None:
    doctor = demo.worker(DOCTOR)
    desk = await screens.open()
    await story.signs_in_to_the_workplace(desk, demo, doctor)
    [_address] = await prepares_visits(desk, demo, demo.patients()[3], 1)
    await signs_in_diia(desk, doctor)
    await story.sees_it_accepted(desk)


async def test_a_patient_comes_in_with_diia(demo: Demo, screens: Screens) -> None:
    patient = demo.patients()[4]
    phone = await screens.open(PHONE)
    await phone.goto(demo.address("cabinet"))
    await signs_in_diia(phone, patient)
    await expect(phone.get_by_role("heading", name=patient["first_name"])).to_be_visible()
    await assert_accessible(phone)
