"""A blank of paper at the counter: recorded, pictured, handed over by in parts, taken back; the journal."""

import base64
from itertools import count
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.central.dictionaries import dictionaries
from esoz.central.upload_door import UploadDoor
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from esoz.mis.app import Mis
from tests.factories.prescriptions import AMOXICILLIN, dosage, package_of, stock
from tests.factories.scans import jpeg
from tests.factories.world import World

from ..conftest import CENTRAL_URL, Browser, Consent, Wire, come_in
from ..reception.conftest import WithUploads

PAPERS, DISPENSES = "/api/pharmacy/paper_prescriptions", "/api/pharmacy/paper_dispenses"
NUMBERS = count(1000)  # central's database is not undone, and a paper is recorded once


@pytest.fixture
async def wire(wire: Wire, central_database: Database, dependencies: Dependencies, clock: FixedClock) -> Wire:
    """The way to central, with the door of uploads."""
    door = httpx.ASGITransport(UploadDoor(central_database, dependencies, clock, CENTRAL_URL))
    wire.inner = WithUploads(wire.inner, door)
    return wire


@pytest.fixture
async def pharmacist(browser: Browser, consent: Consent, connected: World, mis: Mis, wire: Wire) -> Browser:
    return await come_in(browser, consent, "PHARMACIST", connected.pharmacist)


@pytest.fixture
async def stocked(
    central_database: Database, dependencies: Dependencies, clock: FixedClock, connected: World
) -> tuple[UUID, UUID]:
    """What is prescribed, and a package of ten that holds it."""
    async with central_database.transaction() as db:
        await dictionaries.load(db)
        await stock(Work(NOBODY, clock.now(), db, dependencies), "амоксицилін")
        dosage_id = await dosage(db, AMOXICILLIN)
        return dosage_id, await package_of(db, dosage_id, 10)


async def fill_in(browser: Browser, dosage_id: UUID, **changes: object) -> httpx.Response:
    await browser.get("/paper/new")
    fields: dict[str, object] = {
        "series": "АБ",
        "number": next(NUMBERS),
        "institution_name": "Лікарня швидкої допомоги",
        "institution_edrpou": "40000029",
        "doctor_name": "Ковальчук Олена Іванівна",
        "issued_at": "2026-11-20",
        "medicine_1": dosage_id,
        "medicine_1_text": AMOXICILLIN,
        "quantity_1": "20",
    } | changes
    return await browser.send("/paper/new", **fields)


async def pictured(browser: Browser, dosage_id: UUID, **changes: object) -> str:
    """A recorded blank with its picture; its address."""
    await fill_in(browser, dosage_id, **changes)
    path = browser.path
    await send_picture(browser, path, jpeg())
    assert "Відпустити" in browser.text, browser.text
    return path


async def send_picture(browser: Browser, path: str, content: bytes) -> httpx.Response:
    assert browser.page is not None
    csrf = browser.page.text.split('name="csrf" value="')[1].split('"')[0]
    answer = await browser.client.post(
        f"{path}/picture", data={"csrf": csrf}, files={"picture": ("blank.jpg", content, "image/jpeg")}
    )
    if answer.status_code == 303:
        await browser.get(path)
    return answer


async def sign(browser: Browser, world: World) -> httpx.Response:
    assert browser.page is not None
    offered = browser.page.text.split('data-kep-content value="')[1].split('"')[0]
    return await browser.send(signed_content=world.pharmacist.sign(base64.b64decode(offered)))


class TestRecord:
    async def test_blank_then_recorded_pictured_and_handed_over_in_parts(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World
    ) -> None:
        dosage_id, package = stocked
        await fill_in(pharmacist, dosage_id)
        assert "Додайте фото бланка" in pharmacist.text and "Далі: підпис" not in pharmacist.text, pharmacist.text
        assert "20 капс. 20 капс." in " ".join(pharmacist.text.split()), "what is written and what is left"
        path = pharmacist.path
        await send_picture(pharmacist, path, jpeg())
        await pharmacist.send(f"{path}/dispense", package_1=package, packages_1="1")
        assert pharmacist.path.endswith("/sign") and "10 капс." in pharmacist.text, pharmacist.text
        await sign(pharmacist, connected)
        assert pharmacist.path == path and "Відпуск записано" in pharmacist.text
        await pharmacist.send(f"{path}/dispense", package_1=package, packages_1="2")
        assert "Це більше, ніж залишилося" in pharmacist.text
        await pharmacist.send(f"{path}/dispense", package_1=package, packages_1="1")
        await sign(pharmacist, connected)
        assert "Відпущено все" in pharmacist.text and "Далі: підпис" not in pharmacist.text

    async def test_same_paper_when_again_then_told_and_what_was_typed_is_there(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID]
    ) -> None:
        await fill_in(pharmacist, stocked[0], number="777")
        answer = await fill_in(pharmacist, stocked[0], number="7-77", doctor_name="Інший лікар")
        assert answer.status_code == 422 and "уже записано в ЕСОЗ" in answer.text and "Інший лікар" in answer.text

    async def test_answer_when_lost_then_the_same_form_records_no_second(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], wire: Wire, central_database: Database
    ) -> None:
        wire.loses_answer = lambda request: request.url.path == PAPERS and request.method == "POST"
        await fill_in(pharmacist, stocked[0], number="888")
        wire.loses_answer = lambda _request: False
        await fill_in(pharmacist, stocked[0], number="888")
        assert "Додайте фото бланка" in pharmacist.text, pharmacist.text
        async with central_database.connection() as db:
            assert await db.fetchval("select count(*) from paper_prescriptions where number = '888'") == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"number": ""}, "number"),
            ({"institution_edrpou": "12"}, "institution_edrpou"),
            ({"institution_name": " "}, "institution_name"),
            ({"doctor_name": "а" * 256}, "doctor_name"),
            ({"issued_at": "2026-11-23"}, "issued_at"),
            ({"issued_at": "колись"}, "issued_at"),
            ({"valid_to": "2026-12-21"}, "valid_to"),
            ({"valid_to": "2026-11-19"}, "valid_to"),
            ({"medicine_1": "", "medicine_1_text": "щось"}, "medicine_1"),
            ({"medicine_1": str(uuid4())}, "medicine_1"),
            ({"quantity_1": "0"}, "quantity_1"),
            ({"quantity_1": "NaN"}, "quantity_1"),
            ({"quantity_1": ""}, "quantity_1"),
            ({"number": "<b>"}, "number"),
            ({"division": str(uuid4())}, "division"),
        ],
    )
    async def test_form_when_wrong_then_told_at_its_field(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], changes: dict[str, object], field: str
    ) -> None:
        answer = await fill_in(pharmacist, stocked[0], **changes)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, answer.text

    async def test_picker_then_what_may_stand_on_a_blank(self, pharmacist: Browser, stocked: tuple[UUID, UUID]) -> None:
        answer = await pharmacist.client.get("/paper/medicines", params={"q": "амоксицилін 500"})
        assert {"value": str(stocked[0]), "text": AMOXICILLIN} in answer.json()
        found = await fill_in(pharmacist, stocked[0], medicine_1="", find="medicine_1")
        assert "Оберіть одне зі знайденого" in found.text


class TestBlank:
    async def test_picture_when_it_is_none_then_told_at_its_field(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID]
    ) -> None:
        await fill_in(pharmacist, stocked[0])
        answer = await send_picture(pharmacist, pharmacist.path, b"%PDF-1.7")
        assert answer.status_code == 422 and 'href="#picture"' in answer.text
        answer = await send_picture(pharmacist, pharmacist.path, b"\xff\xd8\xff but no picture")
        assert answer.status_code == 422 and 'href="#picture"' in answer.text

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({}, "packages_1"),
            ({"packages_1": "1"}, "package_1"),
            ({"packages_1": "1", "package_1": str(uuid4())}, "package_1"),
            ({"packages_1": "-1", "package_1": "ours"}, "packages_1"),
            ({"units_1": "3", "package_1": "ours"}, "units_1"),
            ({"packages_1": "3", "package_1": "ours"}, "packages_1"),
            ({"packages_1": "1", "package_1": "ours", "dispensed_at": "2026-11-23"}, "dispensed_at"),
        ],
    )
    async def test_handover_when_wrong_then_told_at_its_field(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], fields: dict[str, str], field: str
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        sent = {name: str(stocked[1]) if value == "ours" else value for name, value in fields.items()}
        answer = await pharmacist.send(f"{path}/dispense", **sent)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, answer.text

    async def test_taken_back_then_left_again_and_the_record_may_be_a_mistake(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        await pharmacist.send(f"{path}/dispense", package_1=stocked[1], packages_1="2")
        await sign(pharmacist, connected)
        assert pharmacist.page is not None
        given = pharmacist.page.text.split('name="dispense"')[1].split('value="')[1].split('"')[0]
        answer = await pharmacist.send(f"{path}/cancel", dispense=given, error_reason="а")
        assert answer.status_code == 422 and 'href="#error_reason"' in answer.text
        await pharmacist.send(f"{path}/cancel", dispense=given, error_reason="Повернуто цілим")
        assert "можна відпустити знову" in pharmacist.text and "Діє" in pharmacist.text
        await pharmacist.send(f"{path}/cancel", error_reason="Записано не той бланк")
        assert "Внесено помилково" in pharmacist.text and "Записано не той бланк" in pharmacist.text

    async def test_answer_when_lost_then_sent_again_and_counted_once(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World, wire: Wire
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        await pharmacist.send(f"{path}/dispense", package_1=stocked[1], packages_1="1")
        wire.loses_answer = lambda request: request.url.path == DISPENSES
        await sign(pharmacist, connected)
        assert "Надіслати ще раз" in pharmacist.text, pharmacist.text
        wire.loses_answer = lambda _request: False
        await pharmacist.send(pharmacist.path.replace("/sign", "/send"))
        assert pharmacist.path == path and "Ще не в ЕСОЗ" not in pharmacist.text
        assert pharmacist.text.count("Відпущено") >= 1

    async def test_of_nobody_then_not_found(self, pharmacist: Browser) -> None:
        for path in (f"/paper/{uuid4()}", "/paper/nonsense"):
            assert (await pharmacist.get(path)).status_code == 404


async def test_journal_and_file_then_the_same_blanks(pharmacist: Browser, stocked: tuple[UUID, UUID]) -> None:
    await fill_in(pharmacist, stocked[0], number="999")
    await pharmacist.get("/paper?number=аб 999&name=амоксицилін&status=ACTIVE&from=2026-11-22&to=2026-11-22")
    assert "АБ 999" in pharmacist.text
    await pharmacist.get("/paper?number=немає такого&status=WHAT&from=nonsense")
    assert "Таких рецептів немає" in pharmacist.text
    file = await pharmacist.client.get("/paper/list.csv?number=999")
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Серія;Номер;Дата рецепта") and lines[1].startswith("АБ;999;20.11.2026;20.12.2026;")
