"""The clinic's card; divisions found, made, changed, closed and opened; faults at their fields; nobody else's."""

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from esoz.mis.clinic.organisation.model import field_of, form_of, licence_state, read
from tests.mis.conftest import Browser
from tests.mis.staff.conftest import FAMILY, PHARMACY, Door, Office

HOME = "/organisation"
FILLED = {
    "name": "Амбулаторія на горі",
    "type": "CLINIC",
    "phone": "+380671112233",
    "email": "hora@clinic.example",
    "street": "Верхня",
    "building": "7",
    "zip": "01001",
    "hours_mon": "08:00-12:00, 13:00-18:00",
    "hours_tue": "9.00 – 15.30",
}


@pytest.fixture
async def desk(office: Office, door: Door) -> Browser:
    return await door.enter(await office.hire("HR"), wanted=HOME)


async def made(desk: Browser, **changes: str) -> Any:
    """Fill in and save a new division."""
    await desk.get(f"{HOME}/divisions/new")
    kyiv = (await desk.client.get(f"{HOME}/divisions/settlements", params={"q": "Київ"})).json()
    values = FILLED | {"name": f"Амбулаторія {uuid4()}", "settlement": kyiv[0]["value"]} | changes
    return values["name"], await desk.send(f"{HOME}/divisions/new", **values)


async def of_central(office: Office, name: str) -> Any:
    async with office.central.connection() as db:
        return await db.fetchrow("select * from divisions where name = $1", name)


class TestCard:
    async def test_of_the_clinic_then_shown_with_divisions_that_may_be_found(self, desk: Browser) -> None:
        assert FAMILY.edrpou in desk.text and FAMILY.division in desk.text
        await desk.get(HOME, name="такого немає")
        assert "Підрозділів не знайдено" in desk.text

    async def test_for_an_administrator_then_shown_and_not_changeable(self, office: Office, door: Door) -> None:
        browser = await door.enter(await office.hire("ADMIN"), wanted=HOME)
        assert FAMILY.division in browser.text and "Додати підрозділ" not in browser.text
        assert (await browser.get(f"{HOME}/divisions/new")).status_code == 403


# EN-4
class TestDivision:
    async def test_made_then_in_central_with_hours_and_address(self, desk: Browser, office: Office) -> None:
        name, _ = await made(desk)
        assert "Підрозділ збережено" in desk.text
        row = await of_central(office, name)
        assert row["working_hours"]["mon"] == [["08.00", "12.00"], ["13.00", "18.00"]]
        assert row["working_hours"]["tue"] == [["09.00", "15.30"]] and row["status"] == "ACTIVE"
        await desk.get(HOME, name=name)
        assert "Верхня" in desk.text

    async def test_without_scripts_then_the_place_is_found_by_a_button(self, desk: Browser) -> None:
        await desk.get(f"{HOME}/divisions/new")
        page = await desk.send(f"{HOME}/divisions/new", **FILLED, find="settlement", settlement_text="Київ")
        assert page.status_code == 200 and 'type="radio"' in page.text and FILLED["street"] in page.text

    @pytest.mark.parametrize(
        ("field", "value", "words"),
        [
            ("name", "", "Заповніть поле"),
            ("phone", "0671112233", "+380501234567"),
            ("email", "nobody", "Введіть електронну пошту"),
            ("type", "PALACE", "Оберіть значення зі списку"),
            ("settlement", "", "Оберіть населений пункт"),
            ("settlement", "6498d88e-97fb-47e2-85a5-99e884f888aa", "Оберіть населений пункт"),
            ("zip", "1", "п’ять цифр"),
            ("hours_mon", "з ранку", "Введіть години"),
            ("hours_mon", "18:00-08:00", "Введіть години"),
            ("hours_mon", "08:00-12:00, 11:00-15:00", "Введіть години"),
            ("type", "DRUGSTORE", ""),  # central's own refusal: a clinic has no pharmacy
        ],
    )
    async def test_with_a_fault_then_told_at_its_field(self, desk: Browser, field: str, value: str, words: str) -> None:
        _, page = await made(desk, **{field: value})
        assert page.status_code == 422 and words in desk.text and f'href="#{field}"' in page.text

    async def test_changed_then_in_central_and_the_address_stays(self, desk: Browser, office: Office) -> None:
        name, _ = await made(desk)
        before = await of_central(office, name)
        path = f"{HOME}/divisions/{before['id']}/edit"
        page = await desk.get(path)
        assert 'value="08:00-12:00, 13:00-18:00"' in page.text
        await desk.send(path, name=f"{name} нова", hours_mon="")
        after = await of_central(office, f"{name} нова")
        assert after["addresses"] == before["addresses"] and "mon" not in after["working_hours"]

    async def test_closed_then_not_offered_to_people_and_opened_again(self, desk: Browser, office: Office) -> None:
        name, _ = await made(desk)
        row = await of_central(office, name)
        await desk.get(f"{HOME}/divisions/{row['id']}/deactivate")
        action = re.findall(r'<form method="post" action="([^"]*deactivate)"', desk.page.text)
        assert action
        await desk.send(action[0])
        assert "більше не діє" in desk.text and (await of_central(office, name))["status"] == "INACTIVE"
        await desk.get(f"{HOME}/divisions/{row['id']}/edit")
        await desk.send(f"{HOME}/divisions/{row['id']}/activate")
        assert (await of_central(office, name))["status"] == "ACTIVE"

    async def test_of_another_clinic_then_not_found(self, desk: Browser) -> None:
        assert (await desk.get(f"{HOME}/divisions/{PHARMACY.division_id}/edit")).status_code == 404
        assert (await desk.get(f"{HOME}/divisions/{UUID(int=1)}/deactivate")).status_code == 404

    async def test_when_the_answer_is_lost_then_the_same_form_makes_no_second_one(
        self, desk: Browser, office: Office, wire: Any
    ) -> None:
        await desk.get(f"{HOME}/divisions/new")
        kyiv = (await desk.client.get(f"{HOME}/divisions/settlements", params={"q": "Київ"})).json()
        form, values = desk.page, FILLED | {"name": f"Одна {uuid4()}", "settlement": kyiv[0]["value"]}
        wire.loses_answer = lambda request: request.method == "POST" and request.url.path == "/api/divisions"
        assert (await desk.send(f"{HOME}/divisions/new", **values)).status_code == 503
        wire.loses_answer = lambda _request: False
        desk.page = form
        await desk.send(f"{HOME}/divisions/new", **values)
        assert "Підрозділ збережено" in desk.text
        async with office.central.connection() as db:
            assert await db.fetchval("select count(*) from divisions where name = $1", values["name"]) == 1


def test_form_of_what_central_tells_then_reads_as_the_same() -> None:
    told, errors = read(FILLED, {"CLINIC": "Філія"})
    assert errors == {}
    again, _ = read(form_of(told), {"CLINIC": "Філія"})
    assert again == told


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ("$.name", "name"),
        ("$.phones[0].number", "phone"),
        ("$.addresses[0].zip", "zip"),
        ("$.addresses", "settlement"),
        ("$.working_hours.fri", "hours_fri"),
        ("$.something", ""),
    ],
)
def test_entry_of_a_refusal_then_its_field(entry: str, field: str) -> None:
    assert field_of(entry) == field


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "Діє"),
        ({"expiry_date": "2027-01-29"}, "Скоро закінчиться"),
        ({"expiry_date": "2027-01-30"}, "Діє"),
        ({"expiry_date": "2026-11-30"}, "Скоро закінчиться"),
        ({"expiry_date": "2026-11-29"}, "Не діє"),
        ({"active_from_date": "2026-12-01"}, "Ще не діє"),
        ({"is_active": False}, "Не діє"),
    ],
)
def test_licence_by_its_days_then_its_state(changes: dict[str, Any], word: str) -> None:
    assert licence_state({"active_from_date": "2020-01-01"} | changes, date(2026, 11, 30))[0] == word
