"""A request of an institution: recorded, scanned, supplied by in parts, taken back; the journal."""

# ruff: noqa: F811  fixtures of paper are imported, and asked for by the same names

from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest

from tests.factories.prescriptions import AMOXICILLIN
from tests.factories.scans import jpeg
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..paper.test_paper import pharmacist, sign, stocked, wire  # noqa: F401 fixtures

REQUESTS, SUPPLIES = "/api/pharmacy/wholesale_requests", "/api/pharmacy/wholesale_supplies"
NUMBERS = count(1000)  # central's database is not undone, and a request is recorded once


async def fill_in(browser: Browser, dosage_id: UUID, **changes: object) -> httpx.Response:
    await browser.get("/wholesale/new")
    fields: dict[str, object] = {
        "requester_type": "MILITARY_UNIT",
        "requester_name": "Військова частина А0000",
        "requester_edrpou": "40000029",
        "responsible_name": "Ковальчук Ґалина",
        "responsible_position": "начальниця медичної служби",
        "number": f"12/{next(NUMBERS)}",
        "requested_at": "2026-11-20",
        "medicine_1": dosage_id,
        "medicine_1_text": AMOXICILLIN,
        "quantity_1": "200",
    } | changes
    return await browser.send("/wholesale/new", **fields)


async def send_scan(browser: Browser, path: str, content: bytes) -> httpx.Response:
    assert browser.page is not None
    csrf = browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.client.post(
        f"{path}/scan", data={"csrf": csrf}, files={"scan": ("scan.jpg", content, "image/jpeg")}
    )
    if answer.status_code == 303:
        await browser.get(path)
    return answer


async def scanned(browser: Browser, dosage_id: UUID, **changes: object) -> str:
    """A recorded request with its scan; its address."""
    await fill_in(browser, dosage_id, **changes)
    path = browser.path
    await send_scan(browser, path, jpeg())
    assert "Хто отримує" in browser.text, browser.text
    return path


async def supply(browser: Browser, path: str, package: UUID, packages: int) -> httpx.Response:
    fields = {"package_1": package, "packages_1": packages, "received_by": "Ткаченко Остап"}
    return await browser.send(f"{path}/supply", **fields)


class TestRequest:
    async def test_recorded_scanned_and_supplied_in_parts(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World
    ) -> None:
        dosage_id, package = stocked
        await fill_in(pharmacist, dosage_id)
        assert "Додайте її скан" in pharmacist.text and "Далі: підпис" not in pharmacist.text, pharmacist.text
        assert "200 капс. 200 капс." in " ".join(pharmacist.text.split()), "what is asked and what is left"
        path = pharmacist.path
        assert (await send_scan(pharmacist, path, b"%PDF-1.7")).status_code == 422
        await send_scan(pharmacist, path, jpeg())
        await supply(pharmacist, path, package, 15)
        assert pharmacist.path.endswith("/sign") and "150 капс." in pharmacist.text, pharmacist.text
        assert "Ткаченко Остап" in pharmacist.text
        await sign(pharmacist, connected)
        assert pharmacist.path == path and "Видачу записано" in pharmacist.text
        await supply(pharmacist, path, package, 6)
        assert "Це більше, ніж залишилося за вимогою" in pharmacist.text
        await supply(pharmacist, path, package, 5)
        await sign(pharmacist, connected)
        assert "Видано все" in pharmacist.text and "Далі: підпис" not in pharmacist.text

    async def test_same_request_when_again_then_told_and_what_was_typed_is_there(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID]
    ) -> None:
        await fill_in(pharmacist, stocked[0], number="777")
        answer = await fill_in(pharmacist, stocked[0], number="7-77", responsible_name="Інша особа")
        assert answer.status_code == 422 and "вже записано в ЕСОЗ" in answer.text and "Інша особа" in answer.text

    async def test_lines_when_more_are_asked_for_then_nothing_typed_is_lost(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID]
    ) -> None:
        answer = await fill_in(pharmacist, stocked[0], more="1")
        assert "medicine_6" in answer.text and "medicine_7" not in answer.text
        assert 'value="200"' in answer.text and "Ковальчук Ґалина" in answer.text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"requester_type": ""}, "requester_type"),
            ({"requester_name": ""}, "requester_name"),
            ({"requester_edrpou": "123"}, "requester_edrpou"),
            ({"responsible_name": "А"}, "responsible_name"),
            ({"number": ""}, "number"),
            ({"number": "--"}, "number"),
            ({"requested_at": "2026-11-23"}, "requested_at"),
            ({"medicine_1": "", "quantity_1": ""}, "medicine_1"),
            ({"medicine_1": str(uuid4())}, "medicine_1"),
            ({"quantity_1": "-1"}, "quantity_1"),
            ({"division": str(uuid4())}, "division"),
            ({"lines": "nonsense", "number": ""}, "number"),
        ],
    )
    async def test_form_when_wrong_then_told_at_its_field(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], changes: dict[str, object], field: str
    ) -> None:
        answer = await fill_in(pharmacist, stocked[0], **changes)
        assert answer.status_code == 422 and f'href="#{field}' in answer.text, answer.text


class TestSupply:
    async def test_taken_back_then_left_again_and_the_record_may_be_a_mistake(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World
    ) -> None:
        path = await scanned(pharmacist, stocked[0])
        await supply(pharmacist, path, stocked[1], 20)
        await sign(pharmacist, connected)
        assert pharmacist.page is not None
        given = pharmacist.page.text.split('name="supply"')[1].split('value="')[1].split('"')[0]
        answer = await pharmacist.send(f"{path}/cancel", supply=given, error_reason="а")
        assert answer.status_code == 422 and 'href="#error_reason"' in answer.text
        await pharmacist.send(f"{path}/cancel", supply=given, error_reason="Не приїхали по ліки")
        assert "можна видати знову" in pharmacist.text and "Чекає на видачу" in pharmacist.text
        await pharmacist.send(f"{path}/cancel", error_reason="Записано не ту вимогу")
        assert "Внесено помилково" in pharmacist.text and "Записано не ту вимогу" in pharmacist.text

    async def test_answer_when_lost_then_sent_again_and_counted_once(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World, wire: Wire
    ) -> None:
        path = await scanned(pharmacist, stocked[0])
        await supply(pharmacist, path, stocked[1], 1)
        wire.loses_answer = lambda request: request.url.path == SUPPLIES
        await sign(pharmacist, connected)
        assert "Надіслати ще раз" in pharmacist.text, pharmacist.text
        wire.loses_answer = lambda _request: False
        await pharmacist.send(pharmacist.path.replace("/sign", "/send"))
        assert pharmacist.path == path and "Ще не в ЕСОЗ" not in pharmacist.text
        assert "Ткаченко Остап" in pharmacist.text

    async def test_journal_and_file_then_the_same_supplies(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World
    ) -> None:
        path = await scanned(pharmacist, stocked[0], number="999", requester_name="=Лікарня")
        await supply(pharmacist, path, stocked[1], 2)
        await sign(pharmacist, connected)
        await pharmacist.get("/wholesale?number=999&requester=лікарня&type=MILITARY_UNIT&status=ACTIVE")
        assert "999" in pharmacist.text
        await pharmacist.get("/wholesale?number=немає такого&type=WHAT&from=nonsense")
        assert "Таких вимог немає" in pharmacist.text
        await pharmacist.get("/wholesale/supplies?from=2026-11-22&to=2026-11-22&name=амоксицилін")
        assert "Лікарня" in pharmacist.text and "Ткаченко Остап" in pharmacist.text
        file = await pharmacist.client.get("/wholesale/supplies/list.csv")
        lines = file.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("День;Кому;Код закладу;Номер вимоги")
        assert any(";999;" in line and "'=Лікарня" in line and ";20;" in line for line in lines)

    async def test_of_nobody_then_not_found(self, pharmacist: Browser) -> None:
        for path in (f"/wholesale/{uuid4()}", "/wholesale/nonsense"):
            assert (await pharmacist.get(path)).status_code == 404
