"""Ways into the workplace besides a password, in a real browser: code, recovery code, passkey, КЕП, what the head sees.

The workplace runs in this process at http://localhost, where browsers make passkeys; central is not needed for it.
"""

# ruff: noqa: F811 fixtures of other folders are imported and then named as arguments

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from playwright.async_api import Page, expect

from esoz.kernel.clock import FixedClock
from esoz.kernel.settings import Settings
from esoz.mis.app import Mis
from esoz.mis.sign_in.factors.model import code_at, step_of
from esoz.sdk import Central
from esoz.signature import Authority, write_jks
from tests.central.conftest import authority, central_template, clock, dependencies, world_template  # noqa: F401 its fixtures
from tests.factories.keys import Keys
from tests.factories.world import API_KEY, World
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import DESK, PHONE, Screens
from tests.mis.conftest import (  # noqa: F401 the workplace of the faster tests, in a real browser
    NOW,
    PASSWORD,
    books,
    central_database,
    connected,
    email_of,
    head,
    mis,
    mis_database,
    password_hash,
    people,
    process_name,
    wire,
)

pytestmark = pytest.mark.journey

SECRET = "a secret of the tests, long enough"


@pytest.fixture
async def address(mis: Mis) -> AsyncIterator[str]:
    """The workplace on a free port, by a name that passkeys work at; its own door at the bare address is central's."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://localhost:{port}"
    central = Central(f"http://127.0.0.1:{port}", api_key=API_KEY)
    services = replace(mis.services, base_url=url, central=central)
    app = Mis(Settings({"ESOZ_MIS_URL": url, "ESOZ_SECRET": SECRET}), services)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.05)
    yield url
    server.should_exit = True
    await running
    await central.close()


async def is_let_in(page: Page) -> None:
    """The road goes on at central."""
    await page.wait_for_url("http://127.0.0.1:*/sign-in?client_id=**")


async def is_accessible(page: Page) -> None:
    for size in (PHONE, DESK):
        await page.set_viewport_size(size)
        await assert_accessible(page)


async def sees(page: Page, heading: str) -> None:
    await expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible()
    await is_accessible(page)


async def types_the_password(page: Page, address: str, role: str) -> None:
    await page.goto(f"{address}/sign-in")
    await page.get_by_label("Електронна пошта").fill(email_of(role))
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Увійти", exact=True).click()
    await page.wait_for_load_state()


async def confirms(page: Page) -> None:
    await sees(page, "Підтвердьте, що це Ви")
    await page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Продовжити").click()


async def leaves(page: Page, address: str) -> None:
    await page.goto(f"{address}/account")
    await page.get_by_role("button", name="Вийти").click()
    await sees(page, "Вхід до робочого місця")


async def adds_a_factor(page: Page, address: str, clock: FixedClock) -> tuple[str, str]:
    """By the keyboard alone; the secret, and one recovery code."""
    await page.goto(f"{address}/account/second-factor")
    await sees(page, "Другий фактор")
    await page.get_by_role("button", name="Додати другий фактор").click()
    await confirms(page)
    await sees(page, "Додати другий фактор")
    await page.locator("summary", has_text="Ввести ключ руками").press("Enter")
    await is_accessible(page)
    secret = (await page.locator("code").inner_text()).replace(" ", "")
    await page.get_by_label("Код із застосунку").fill("000000")
    await page.get_by_label("Код із застосунку").press("Enter")
    await expect(page.get_by_text("Код не підійшов").first).to_be_visible()
    await is_accessible(page)
    await page.get_by_label("Код із застосунку").fill(code_at(secret, step_of(clock.now())))
    await page.get_by_label("Код із застосунку").press("Enter")
    await sees(page, "Коди відновлення")
    codes = await page.locator("li code").all_inner_texts()
    assert len(codes) == 10
    await page.get_by_role("button", name="Коди збережено, до роботи").click()
    return secret, codes[0]


async def test_second_factor_then_asked_for_at_the_door_and_a_recovery_code_stands_for_it(
    address: str,
    screens: Screens,
    clock: FixedClock,
) -> None:
    page = await screens.open()
    await types_the_password(page, address, "DOCTOR")
    secret, recovery_code = await adds_a_factor(page, address, clock)
    await leaves(page, address)
    await types_the_password(page, address, "DOCTOR")
    await sees(page, "Введіть код із застосунку")
    await page.get_by_label("Код: шість цифр").fill("000000")
    await page.get_by_role("button", name="Увійти", exact=True).click()
    await expect(page.get_by_text("Залишилося 3 спроби")).to_be_visible()
    await is_accessible(page)
    clock.moment = clock.moment.replace(minute=clock.moment.minute + 1)
    await page.get_by_label("Код: шість цифр").fill(code_at(secret, step_of(clock.now())))
    await page.get_by_role("button", name="Увійти", exact=True).click()
    await is_let_in(page)
    await leaves(page, address)
    await types_the_password(page, address, "DOCTOR")
    await page.get_by_text("Немає телефона під рукою?").click()
    await is_accessible(page)
    await page.get_by_label("Код відновлення").fill(recovery_code)
    await page.get_by_role("button", name="Увійти з кодом відновлення").click()
    await is_let_in(page)
    await page.goto(f"{address}/account/second-factor")
    await expect(page.get_by_text("лишилося 9 кодів")).to_be_visible()
    await is_accessible(page)


async def has_a_device(page: Page) -> None:
    """Chromium's own authenticator, with a finger on it."""
    developer = await page.context.new_cdp_session(page)
    await developer.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await developer.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def test_passkey_then_opens_the_door_and_the_locked_screen(address: str, screens: Screens) -> None:
    page = await screens.open()
    await has_a_device(page)
    await types_the_password(page, address, "DOCTOR")
    await page.goto(f"{address}/account/passkeys")
    await sees(page, "Ключі доступу")
    await page.get_by_role("button", name="Додати ключ доступу").click()
    await confirms(page)
    await sees(page, "Додати ключ доступу")
    await page.get_by_label("Назва ключа").fill("Робочий ноутбук")
    await page.get_by_role("button", name="Створити ключ").click()
    await expect(page.get_by_text("Ключ доступу додано.")).to_be_visible()
    await is_accessible(page)
    await page.get_by_role("button", name="Додати ключ доступу").click()
    await page.get_by_label("Назва ключа").fill("Той самий")
    await page.get_by_role("button", name="Створити ключ").click()
    await expect(page.get_by_text("На цьому пристрої Ваш ключ доступу вже є.")).to_be_visible()
    await is_accessible(page)
    await leaves(page, address)
    await page.get_by_role("link", name="Увійти ключем доступу").click()
    await sees(page, "Вхід ключем доступу")
    await page.get_by_role("button", name="Увійти ключем доступу").press("Enter")
    await is_let_in(page)
    await page.goto(f"{address}/account")
    await expect(page.locator("tbody tr").first).to_contain_text("Ключ доступу")
    await page.locator('form[action="/lock"] button').first.click()
    await page.get_by_role("link", name="Розблокувати ключем доступу").click()
    await sees(page, "Розблокування ключем доступу")
    await page.get_by_role("button", name="Розблокувати ключем доступу").click()
    await expect(page.get_by_role("heading", level=1, name="Мої входи")).to_be_visible()


async def test_browser_without_passkeys_then_says_what_to_use(address: str, screens: Screens) -> None:
    page = await screens.open()
    await page.add_init_script("delete window.PublicKeyCredential")
    await page.goto(f"{address}/sign-in/passkey")
    await expect(page.get_by_text("Цей браузер не працює з ключами доступу")).to_be_visible()
    await expect(page.get_by_role("button", name="Увійти ключем доступу")).to_be_hidden()
    await is_accessible(page)


async def test_key_file_then_in(
    address: str,
    screens: Screens,
    authority: Authority,
    connected: World,
    tmp_path: Path,
) -> None:
    page, file = await screens.open(), tmp_path / "key.jks"
    # The signer goes by the clock of this machine, so the key is good for long.
    own = Keys(authority, NOW).person(connected.doctor.tax_id, begins=-300, ends=3000)
    file.write_bytes(write_jks(own.key, own.chain, PASSWORD))
    await page.goto(f"{address}/sign-in")
    await page.get_by_role("link", name="Увійти за КЕП").click()
    await sees(page, "Вхід за КЕП")
    await page.get_by_text("Що саме Ви підписуєте").click()
    await expect(page.get_by_text(f'"Сайт": "{address}"')).to_be_visible()
    await is_accessible(page)
    await page.get_by_label("Файл ключа").set_input_files(file)
    await page.get_by_label("Пароль ключа").fill(PASSWORD)
    await page.locator("form[data-kep-form] button[type=submit]").click()
    await is_let_in(page)
    await page.goto(f"{address}/account")
    await expect(page.locator("tbody tr").first).to_contain_text("КЕП")
    await is_accessible(page)


async def test_head_then_requires_a_factor_and_resets_one(
    address: str,
    screens: Screens,
    head: UUID,
    clock: FixedClock,
) -> None:
    doctor, office = await screens.open(), await screens.open()
    await types_the_password(doctor, address, "DOCTOR")
    await adds_a_factor(doctor, address, clock)
    await types_the_password(office, address, "OWNER")
    await office.goto(f"{address}/staff/second-factor")
    await sees(office, "Другий фактор")
    await office.get_by_label("Вимагати від усіх з дня").fill(NOW.date().isoformat())
    await office.get_by_role("button", name="Зберегти").click()
    await expect(office.get_by_text("Вимогу збережено.")).to_be_visible()
    await is_accessible(office)
    await office.get_by_role("link", name="Скинути").click()
    await expect(office.get_by_role("heading", level=1)).to_contain_text("Скинути другий фактор: Ковальчук")
    await is_accessible(office)
    await office.get_by_role("button", name="Скинути").click()
    await expect(office.get_by_text("сеанси працівника завершено")).to_be_visible()
    await doctor.goto(f"{address}/account")
    await sees(doctor, "Вхід до робочого місця")
    await types_the_password(doctor, address, "DOCTOR")
    await doctor.goto(f"{address}/account")
    await expect(doctor.get_by_text("Ваш заклад вимагає другий фактор.")).to_be_visible()
    await is_accessible(doctor)
