"""Keys that must be refused: the operator of the trust centre issues and revokes one, and its holder cannot come in."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey


async def is_refused_at_the_cabinet(page: Page, demo: Demo, patient: dict[str, Any], words: str) -> None:
    await page.goto(demo.address("cabinet"))
    await story.signs(page, demo, patient)
    await expect(page.get_by_text(words).first).to_be_visible()
    await assert_accessible(page)


async def signs_in_as_operator(page: Page, demo: Demo) -> None:
    await page.goto(f"{demo.address('trust-centre')}/about")
    await assert_accessible(page)
    await page.get_by_role("link", name="Вхід оператора").click()
    await assert_accessible(page)
    await page.get_by_label("Ключ оператора", exact=True).fill(demo.table["trust_centre"]["api_key"])
    await page.get_by_role("button", name="Увійти").click()
    await expect(page.get_by_role("link", name="Видати ключ")).to_be_visible()


async def issues_a_key(page: Page, demo: Demo, patient: dict[str, Any], file: Path) -> None:
    """Another key of the patient, as the file that the page gives."""
    await page.goto(f"{demo.address('trust-centre')}/enrol")
    await assert_accessible(page)
    await page.goto(f"{demo.address('trust-centre')}/issue")
    await assert_accessible(page)
    await page.get_by_label("Прізвище").fill(patient["last_name"])
    await page.get_by_label("Ім’я та по батькові").fill(f"{patient['first_name']} {patient['second_name']}")
    await page.get_by_label("РНОКПП").fill(patient["tax_id"])
    await page.get_by_label("Пароль до ключа").fill(patient["key_password"])
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Видати й завантажити").click()
    await (await download.value).save_as(file)


async def revokes_the_newest_key(page: Page, demo: Demo, patient: dict[str, Any]) -> None:
    await page.goto(demo.address("trust-centre"))
    await page.get_by_label("Ім’я, код або номер").fill(patient["tax_id"])
    await page.get_by_role("button", name="Показати").click()
    await assert_accessible(page)
    await page.get_by_role("link", name=re.compile("Відкрити")).first.click()
    await page.get_by_label("Причина").select_option("key_compromise")
    await assert_accessible(page)
    await page.get_by_role("button", name="Скасувати").click()
    await expect(page.get_by_text("Сертифікат скасовано.")).to_be_visible()
    await assert_accessible(page)


async def test_keys_made_to_be_refused(demo: Demo, screens: Screens) -> None:
    refused = {patient["key_state"]: patient for patient in demo.patients() if patient["key_state"] != "valid"}
    phone = await screens.open(PHONE)
    await is_refused_at_the_cabinet(phone, demo, refused["revoked"], "Сертифікат скасовано або заблоковано.")
    # the signer in the browser sees by itself that a term is over
    await is_refused_at_the_cabinet(phone, demo, refused["expired"], "Строк дії сертифіката скінчився")


async def test_key_issued_and_revoked_by_the_operator(demo: Demo, screens: Screens, tmp_path: Path) -> None:
    patient = demo.patients()[11]
    desk, phone = await screens.open(), await screens.open(PHONE)
    await signs_in_as_operator(desk, demo)
    await issues_a_key(desk, demo, patient, tmp_path / "key.jks")
    await revokes_the_newest_key(desk, demo, patient)
    stolen = patient | {"key_file": str(tmp_path / "key.jks")}
    await is_refused_at_the_cabinet(phone, demo, stolen, "Сертифікат скасовано або заблоковано.")
    await story.signs_in_to_the_cabinet(phone, demo, patient)
    await phone.goto(demo.address("trust-centre"))
    await assert_accessible(phone)
