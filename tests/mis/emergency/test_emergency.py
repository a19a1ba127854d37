"""From the medicine to the signed entry; the journal; a mistake; an answer that got lost."""

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.kernel.work import NOBODY, Dependencies, Work
from tests.central.exceptions.conftest import in_war
from tests.factories.world import World

from ..conftest import Browser, Wire

PATH = "/api/pharmacy/emergency_dispenses"


async def fill_in(browser: Browser, package: UUID, **changes: object) -> httpx.Response:
    await browser.get("/emergency/new")
    fields: dict[str, object] = {
        "medication_1": package,
        "medication_1_text": "Амоксицилін",
        "packages_1": 2,
        "reason": "NO_CONNECTION",
    } | changes
    return await browser.send("/emergency/new", **fields)


async def sign(browser: Browser, world: World) -> httpx.Response:
    assert browser.page is not None
    offered = browser.page.text.split('data-kep-content value="')[1].split('"')[0]
    return await browser.send(signed_content=world.pharmacist.sign(base64.b64decode(offered)))


class TestWrite:
    async def test_in_a_territory_then_signed_and_in_the_journal(
        self, pharmacist: Browser, at_war: UUID, connected: World, wire: Wire
    ) -> None:
        await fill_in(pharmacist, at_war, note="Жінка з дитиною")
        assert pharmacist.path.endswith("/sign"), pharmacist.text
        assert "Немає зв’язку або електропостачання" in pharmacist.text and "Жінка з дитиною" in pharmacist.text
        assert "20 капс." in pharmacist.text and PATH not in wire.paths("POST")
        await sign(pharmacist, connected)
        assert "Відпущено" in pharmacist.text and pharmacist.path.startswith("/emergency/"), pharmacist.text
        await pharmacist.get("/emergency")
        assert "22.11.2026" in pharmacist.text and "Ще не в ЕСОЗ" not in pharmacist.text

    async def test_picker_then_packages_of_antibiotics(self, pharmacist: Browser, at_war: UUID) -> None:
        answer = await pharmacist.client.get("/emergency/medications", params={"q": "амоксицилін"})
        assert str(at_war) in {each["value"] for each in answer.json()} or len(answer.json()) == 20
        assert (await pharmacist.client.get("/emergency/medications", params={"q": "а"})).json() == []

    async def test_without_scripts_then_the_medicine_is_found_by_the_button(
        self, pharmacist: Browser, at_war: UUID
    ) -> None:
        answer = await fill_in(
            pharmacist, at_war, medication_1="", medication_1_text="амоксицилін", find="medication_1"
        )
        assert "Оберіть одне зі знайденого" in answer.text and 'value="2"' in answer.text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"medication_1": "", "medication_1_text": ""}, "medication_1"),
            ({"medication_1": "", "medication_1_text": "щось"}, "medication_1"),
            ({"medication_1": str(uuid4())}, "medication_1"),
            ({"packages_1": ""}, "packages_1"),
            ({"packages_1": "1,5"}, "packages_1"),
            ({"packages_1": "-1"}, "packages_1"),
            ({"packages_1": "99999"}, "packages_1"),
            ({"units_1": "3"}, "units_1"),
            ({"units_1": "NaN"}, "units_1"),
            ({"reason": ""}, "reason"),
            ({"reason": "NONE_OF_THESE"}, "reason"),
            ({"reason": "OTHER", "reason_text": "а"}, "reason_text"),
            ({"note": "а" * 1001}, "note"),
            ({"dispensed_at": ""}, "dispensed_at"),
            ({"dispensed_at": "2026-11-23"}, "dispensed_at"),
            ({"dispensed_at": "9999-99-99"}, "dispensed_at"),
            ({"division": str(uuid4())}, "division"),
        ],
    )
    async def test_form_when_wrong_then_told_at_its_field_and_nothing_is_lost(
        self, pharmacist: Browser, at_war: UUID, changes: dict[str, object], field: str
    ) -> None:
        answer = await fill_in(pharmacist, at_war, **changes)
        assert answer.status_code == 422 and f'href="#{field}"' in answer.text, answer.text
        assert ("Амоксицилін" in answer.text) is ("medication_1_text" not in changes)

    async def test_medicine_when_told_twice_then_told_at_the_second(self, pharmacist: Browser, at_war: UUID) -> None:
        answer = await fill_in(pharmacist, at_war, medication_2=at_war, medication_2_text="Амоксицилін", packages_2="1")
        assert answer.status_code == 422 and 'href="#medication_2"' in answer.text

    async def test_form_when_sent_twice_then_one_document(self, pharmacist: Browser, at_war: UUID, mis) -> None:
        await pharmacist.get("/emergency/new")
        form = {"medication_1": at_war, "packages_1": 2, "reason": "DANGER"}
        await pharmacist.send("/emergency/new", **form)
        await pharmacist.get("/emergency")
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select count(*) from exception_documents") == 1
        assert "Очікує на підпис" in pharmacist.text


class TestRefused:
    async def test_outside_of_the_days_then_told_why_and_what_was_typed_is_there(
        self,
        pharmacist: Browser,
        at_war: UUID,
        connected: World,
        central_database: Database,
        dependencies: Dependencies,
        clock: FixedClock,
    ) -> None:
        async with central_database.transaction() as db:
            work = Work(NOBODY, clock.now(), db, dependencies)
            await in_war(work, ends=work.today - timedelta(days=1))
        await fill_in(pharmacist, at_war, reason="OTHER", reason_text="Обстріл триває другу добу")
        answer = await sign(pharmacist, connected)
        assert answer.status_code == 422 and "без рецепта відпускати не можна" in answer.text
        again = answer.text.split("/emergency/new?again=")[1].split('"')[0]
        form = (await pharmacist.get(f"/emergency/new?again={again}")).text
        assert "Обстріл триває другу добу" in form and 'value="2"' in form

    async def test_signature_when_of_another_then_told_and_nothing_is_sent(
        self, pharmacist: Browser, at_war: UUID, connected: World, wire: Wire
    ) -> None:
        await fill_in(pharmacist, at_war)
        assert pharmacist.page is not None
        offered = pharmacist.page.text.split('data-kep-content value="')[1].split('"')[0]
        answer = await pharmacist.send(signed_content=connected.other_pharmacist.sign(base64.b64decode(offered)))
        assert answer.status_code == 422 and PATH not in wire.paths("POST")

    async def test_document_of_another_pharmacy_then_not_found(self, pharmacist: Browser, at_war: UUID) -> None:
        assert (await pharmacist.get(f"/emergency/{uuid4()}")).status_code == 404
        assert (await pharmacist.get(f"/emergency/{uuid4()}/sign")).status_code == 404
        assert (await pharmacist.get("/emergency/nonsense")).status_code == 404

    async def test_draft_when_forgotten_then_gone(self, pharmacist: Browser, at_war: UUID, mis) -> None:
        await fill_in(pharmacist, at_war)
        await pharmacist.send(pharmacist.path.replace("/sign", "/forget"))
        assert pharmacist.path == "/emergency" and "Чернетку видалено" in pharmacist.text


class TestLostAnswer:
    async def test_answer_when_lost_then_sent_again_and_written_once(
        self, pharmacist: Browser, at_war: UUID, connected: World, wire: Wire, central_database: Database
    ) -> None:
        await fill_in(pharmacist, at_war)
        wire.loses_answer = lambda request: request.url.path == PATH
        await sign(pharmacist, connected)
        assert "Надіслати ще раз" in pharmacist.text, pharmacist.text
        wire.loses_answer = lambda _request: False
        id = UUID(pharmacist.path.split("/")[2])
        await pharmacist.send(pharmacist.path.replace("/sign", "/send"))
        assert "Відпущено" in pharmacist.text, pharmacist.text
        async with central_database.connection() as db:
            assert await db.fetchval("select count(*) from emergency_dispenses where id = $1", id) == 1


class TestJournal:
    async def test_filters_and_file_then_the_same_entries(
        self, pharmacist: Browser, at_war: UUID, connected: World
    ) -> None:
        await fill_in(pharmacist, at_war)
        await sign(pharmacist, connected)
        await pharmacist.get("/emergency?name=амоксицилін&from=2026-11-22&to=2026-11-22&status=COMPLETED")
        assert "22.11.2026" in pharmacist.text
        await pharmacist.get("/emergency?name=аспірин&from=nonsense&status=WHAT")
        assert "Таких записів немає" in pharmacist.text
        file = await pharmacist.client.get("/emergency/list.csv")
        lines = file.content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("День;Підрозділ;Препарат;Кількість") and len(lines) > 1
        assert lines[1].startswith("22.11.2026;") and ";20;" in lines[1]

    async def test_entry_when_a_mistake_then_marked_with_the_reason(
        self, pharmacist: Browser, at_war: UUID, connected: World
    ) -> None:
        await fill_in(pharmacist, at_war)
        await sign(pharmacist, connected)
        path = pharmacist.path
        answer = await pharmacist.send(f"{path}/cancel", error_reason="а")
        assert answer.status_code == 422 and 'href="#error_reason"' in answer.text
        await pharmacist.send(f"{path}/cancel", error_reason="Помилка в кількості")
        assert "Внесено помилково" in pharmacist.text and "Помилка в кількості" in pharmacist.text
        assert "Позначити помилковим" not in pharmacist.text
