"""The lock of the screen: nothing opens behind it, the password is counted, work goes on where it stopped."""

from uuid import UUID

import pytest

from esoz.mis.app import Mis
from esoz.mis.base.gate import Gate
from esoz.mis.base.routes import Gated
from esoz.mis.base.services import MisPages

from .conftest import PASSWORD, Browser
from .test_visits import begin_visit, episode_of, open_episode


@pytest.fixture
async def locked(doctor: Browser) -> Browser:
    await doctor.get("/sync", state="refused")
    await doctor.send("/lock")
    assert doctor.path == "/locked"
    return doctor


async def test_locked_when_any_page_is_asked_for_then_only_the_name_is_seen(locked: Browser) -> None:
    for path in ("/", "/patients", "/account", "/account/password", "/sign-all", "/connect"):
        await locked.get(path)
        assert locked.path == "/locked"
    assert "Ковальчук Ґалина Їжаківна" in locked.text
    assert "Черга" not in locked.text and "Сеанс скоро завершиться" not in locked.text


async def test_unlocked_then_back_at_the_page_with_its_question(locked: Browser) -> None:
    await locked.send("/locked", password=PASSWORD)
    assert locked.page and str(locked.page.url).endswith("/sync?state=refused")
    await locked.get("/locked")
    assert locked.path == "/"


async def test_wrong_password_then_counted_like_one_at_the_door(locked: Browser) -> None:
    await locked.send("/locked", password="Неправильний-1")
    assert "Пароль неправильний" in locked.text and "Залишилося 3 спроби" in locked.text
    for _ in range(3):
        await locked.send("/locked", password="Неправильний-1")
    await locked.send("/locked", password=PASSWORD)
    assert "Пароль зараз не перевіряємо" in locked.text
    await locked.get("/patients")
    assert locked.path == "/locked"


async def test_nothing_typed_then_asked_for_and_not_counted(locked: Browser) -> None:
    await locked.send("/locked", password="")
    assert "Введіть пароль." in locked.text and "Залишилося" not in locked.text


async def test_somebody_else_then_signs_out(locked: Browser) -> None:
    await locked.send("/sign-out")
    assert locked.path == "/sign-in"


async def test_form_sent_from_another_tab_then_filled_in_after_the_unlocking(
    doctor: Browser, mis: Mis, patient_id: UUID
) -> None:
    visit = await begin_visit(doctor, patient_id, await episode_of(mis, await open_episode(doctor, patient_id)))
    other_tab = Browser(doctor.client, doctor.page)
    await other_tab.send("/lock")
    await doctor.send(f"/visits/{visit}", do="save", complaints="Кашель другий день")
    assert doctor.path == "/locked"
    await doctor.send("/locked", password=PASSWORD)
    assert doctor.path == f"/visits/{visit}"
    assert "Ми зберегли введене" in doctor.text and "Кашель другий день" in doctor.text


async def test_both_acts_then_stand_in_the_audit_log(locked: Browser, mis: Mis) -> None:
    await locked.send("/locked", password=PASSWORD)
    async with mis.services.database.connection() as db:
        lines = await db.fetch("select event from audit_events where event like 'screen.%' order by at desc limit 2")
    assert {line["event"] for line in lines} == {"screen.locked", "screen.unlocked"}


class TestGates:
    def test_two_gates_then_the_first_is_met_everywhere_and_the_second_not_on_its_way(self) -> None:
        pages = MisPages()
        for path in ("/a", "/a/b", "/c", "/d", "/sign-out"):
            pages.add(f"GET {path}", signed_in=True)(_handler)
        first, second = Gate("first", "/a", below=True), Gate("second", "/c")
        handlers = {route.path: route.handler for route in Gated(pages, [first, second])}
        free = {path for path, handler in handlers.items() if handler is _handler}
        assert free == {"/a", "/a/b", "/sign-out"}


async def _handler(page: object) -> object:
    return page
