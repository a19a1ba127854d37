"""Storage that the browser forbids (a strict policy, a private window of old): each use throws, and pages work on.

Errors of scripts are counted by the fixture of the screens.
"""

import pytest
from playwright.async_api import expect

from tests.journeys import story
from tests.journeys.conftest import Demo, Screens

pytestmark = pytest.mark.journey

FORBIDDEN = """
for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
  Object.defineProperty(window, name, {
    configurable: true,
    get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
  });
}
"""


async def test_storage_forbidden_then_the_doors_open_and_a_worker_comes_in_and_goes(
    demo: Demo, screens: Screens
) -> None:
    page = await screens.open()
    await page.add_init_script(FORBIDDEN)
    for site in ("cabinet", "central"):
        await page.goto(f"{demo.address(site)}/sign-in")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert await page.evaluate("() => { try { return localStorage.length } catch (e) { return e.name } }") == (
            "SecurityError"
        )
    await story.signs_in_to_the_workplace(page, demo, demo.worker("doctor@kalyna.example"))
    await page.goto(f"{demo.address('mis')}/help")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.goto(demo.address("mis"))
    await page.get_by_role("button", name="Вийти").click()
    await expect(page.get_by_role("heading", name="Вхід до робочого місця")).to_be_visible()
