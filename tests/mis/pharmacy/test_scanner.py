"""A scanner at the counter, in a real browser: it types and presses Enter, whatever stands in the field."""

import re

import pytest
from playwright.async_api import Route, async_playwright, expect
from tools.browser import find as browser_program

from esoz.central.prescriptions.model import codes

from ..conftest import MIS_URL, Browser

pytestmark = pytest.mark.journey


SELECTED = """() => {
    const field = document.activeElement;
    return field.id === "number" && field.selectionStart === 0 && field.selectionEnd === field.value.length;
}"""


async def test_after_a_number_that_is_none_then_the_next_scan_takes_its_place(pharmacist: Browser) -> None:
    number = "0000-243P-1X53-EH38"
    assert codes.looks_like_number(number)

    async def serve(route: Route) -> None:
        """Pages and assets of the workplace, through the client that has signed in."""
        asked = route.request
        got = await pharmacist.client.request(
            asked.method,
            asked.url,
            content=asked.post_data_buffer or b"",
            headers={"Content-Type": asked.headers.get("content-type", ""), "Origin": MIS_URL},
            follow_redirects=True,
        )
        headers = {name: got.headers[name] for name in ("content-type",) if name in got.headers}
        await route.fulfill(status=got.status_code, headers=headers, body=got.content)

    async with async_playwright() as driver:
        chromium = await driver.chromium.launch(executable_path=browser_program())
        page = await chromium.new_page()
        await page.route(re.compile(".*"), serve)
        await page.goto(f"{MIS_URL}/pharmacy")
        await page.keyboard.type("4820000000000\n")
        await expect(page.locator("#number-error")).to_contain_text("Це не номер")
        await page.wait_for_function(SELECTED)  # the next package is taken up after the page has come
        await page.keyboard.type(number)
        await expect(page.locator("#number")).to_have_value(number)
        await chromium.close()
