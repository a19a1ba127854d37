"""What a pharmacist does at the counter."""

import base64

import httpx

from tests.factories.world import World

from ..conftest import Browser


async def find(browser: Browser, number: str, code: str = "") -> httpx.Response:
    await browser.get("/pharmacy")
    return await browser.send("/pharmacy", number=number, code=code)


async def hold(browser: Browser, number: str, code: str, **quantities: object) -> httpx.Response:
    """Open the prescription and begin to hand over."""
    await find(browser, number, code)
    return await browser.send(f"/pharmacy/prescriptions/{number}", **quantities)


async def sign(browser: Browser, world: World) -> httpx.Response:
    assert browser.page is not None
    offered = browser.page.text.split('data-kep-content value="')[1].split('"')[0]
    return await browser.send(signed_content=world.pharmacist.sign(base64.b64decode(offered)))
