"""Fields of passwords, the way out and the words about SMS on central's pages, as a browser gets them."""

import re

from esoz.central import identity

from .conftest import EMAIL, PASSWORD, Browser

FIELD = re.compile(r"<input[^>]*type=\"password\"[^>]*>")


async def come_in(browser: Browser) -> None:
    await browser.get("/sign-in")
    await browser.send("/sign-in", email=EMAIL, password=PASSWORD)


async def test_field_of_a_password_then_masked_and_known_to_password_managers(browser: Browser, worker_id) -> None:
    pages = [(await browser.get("/sign-in")).text]
    await come_in(browser)
    pages += [(await browser.get(path)).text for path in ("/password", "/account/phone")]
    for page in pages:
        fields = FIELD.findall(page)
        assert fields
        for field in fields:
            assert re.search(r'autocomplete="(current|new)-password"', field)
            assert "maxlength" not in field and "onpaste" not in field
    assert sum(len(FIELD.findall(page)) for page in pages) == 4  # nowhere a field of a password is of another type


async def test_signed_in_then_every_page_has_the_way_out(browser: Browser, worker_id) -> None:
    await come_in(browser)
    for path in ("/account", "/password", "/account/phone", "/", "/statistics", "/mis-register"):
        assert 'action="/sign-out"' in (await browser.get(path)).text, path


async def test_phone_for_codes_then_its_risk_is_told(browser: Browser, worker_id, work) -> None:
    await come_in(browser)
    assert "захищає слабше за КЕП" in (await browser.get("/account/phone")).text
    await browser.send("/sign-out")
    await identity.require_factor(work, worker_id)
    await browser.get("/sign-in")
    place = (await browser.send("/sign-in", email=EMAIL, password=PASSWORD)).headers["location"]
    assert "захищає слабше за КЕП" in (await browser.get(place)).text
