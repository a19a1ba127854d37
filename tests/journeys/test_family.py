"""A parent opens the data of a child, chooses a doctor for them, and comes back to their own; on a telephone."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.journeys import story
from tests.journeys.axe import assert_accessible
from tests.journeys.conftest import PHONE, Demo, Screens

pytestmark = pytest.mark.journey


def parent_and_child(demo: Demo) -> tuple[dict[str, Any], dict[str, Any]]:
    """The first adult of a family without a doctor speaks for its children below fourteen."""
    people = demo.patients()
    child = next(each for each in people if each["birth_date"] > "2013" and each["declared_with"] is None)
    before = people[: people.index(child)]
    first, _second = [each for each in before if each["birth_date"] < "2005"][-2:]  # two adults, then their children
    return first, child


async def opens_the_data(page: Page, demo: Demo, parent: dict[str, Any], child: dict[str, Any]) -> None:
    await expect(page.get_by_role("heading", name=child["name"])).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("button", name=f"Відкрити дані {child['name']}").click()
    await expect(page.get_by_role("heading", name="Відкрити дані")).to_be_visible()
    await assert_accessible(page)
    await story.signs(page, demo, parent)
    await expect(page.get_by_text(f"Показано дані: {child['name']}", exact=False)).to_be_visible()
    await assert_accessible(page)


async def test_child_opened_seen_and_left(demo: Demo, screens: Screens) -> None:
    parent, child = parent_and_child(demo)
    page = await screens.open(PHONE)
    await story.signs_in_to_the_cabinet(page, demo, parent)
    await page.goto(f"{demo.address('cabinet')}/family")
    await opens_the_data(page, demo, parent, child)
    await page.goto(f"{demo.address('cabinet')}/readings")
    await expect(page.get_by_text(f"Діє від Вашого імені: {parent['name']}").first).to_be_visible()
    await assert_accessible(page)
    await page.get_by_role("link", name="Повернутися до своїх даних").click()
    await assert_accessible(page)
    await page.get_by_role("button", name="Повернутися до своїх даних").click()
    await expect(page.get_by_text("Ви повернулися до своїх даних.")).to_be_visible()
    await expect(page.get_by_role("heading", name=child["name"])).to_be_visible()
