"""The page of a search: what was typed stays, who was found stands right below it, nobody is opened unasked."""

import re

import pytest

from esoz.mis.app import Mis
from tests.factories.world import World

from .conftest import Browser


def line_of(world: World) -> str:
    person = world.persons[0]
    return f"{person.last_name} {person.first_name} {person.birth_date:%d.%m.%Y}"


async def opened(mis: Mis) -> int:
    async with mis.services.database.connection() as db:
        found: int = await db.fetchval("select count(*) from audit_events where event = 'patient.opened'")
    return found


def box_of(browser: Browser) -> str:
    assert browser.page is not None
    [box] = re.findall(r'<input[^>]* id="q"[^>]*>', browser.page.text)
    return str(box)


async def test_one_hit_then_it_has_the_focus_right_below_the_box_and_is_not_opened(
    doctor: Browser, mis: Mis, connected: World
) -> None:
    before = await opened(mis)
    page = (await doctor.get("/patients", q=line_of(connected))).text
    assert f'value="{line_of(connected)}"' in box_of(doctor)
    [focused] = re.findall(r"<a [^>]*autofocus[^>]*>", page)
    assert f'href="/patients/{connected.persons[0].id}"' in focused
    assert page.index('id="q"') < page.index(focused) < page.index("Шукати за окремими полями")
    assert re.search(r"<details[^>]* open", page) is None  # empty fields below are no second form to fill in
    assert await opened(mis) == before
    assert f"/patients/{connected.persons[0].id}" not in doctor.path


@pytest.mark.parametrize("line", ["Ніхто Ніде 01.01.1990", "Шевченко Тарас", "Shevchenko Тарас 09.03.1964", "?? 7"])
async def test_nobody_or_not_understood_then_the_line_stays(doctor: Browser, connected: World, line: str) -> None:
    await doctor.get("/patients", q=line)
    assert f'value="{line}"' in box_of(doctor)
    assert "autofocus" not in (doctor.page.text if doctor.page else "")


async def test_by_separate_fields_then_they_stay_open_with_what_was_typed(doctor: Browser, connected: World) -> None:
    person = connected.persons[0]
    page = await doctor.get(
        "/patients",
        last_name=person.last_name,
        first_name=person.first_name,
        birth_date=f"{person.birth_date:%d.%m.%Y}",
    )
    assert re.search(r"<details[^>]* open", page.text) and f'value="{person.last_name}"' in page.text
    assert 'value=""' in box_of(doctor) or "value=" not in box_of(doctor)
