"""Journals of a period: sums on the screen, rows as a file, all of it on paper; mistakes told apart."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from esoz.kernel.db import Database
from esoz.mis.office.journals import model
from esoz.mis.office.journals.model import Asked, Kind, Row, Taken, read, sums_of
from tests.factories.world import World

from ..conftest import Browser, Consent, Wire, come_in
from ..paper.test_paper import pictured, sign
from ..wholesale.test_wholesale import scanned, supply

HOME = "/journals"
TODAY = date(2026, 11, 22)


async def given_by_paper(browser: Browser, world: World, stocked: tuple[UUID, UUID], packages: int, number: str) -> str:
    """So much handed over by a blank of this number; where it stands."""
    path = await pictured(browser, stocked[0], number=number)
    await browser.send(f"{path}/dispense", package_1=stocked[1], packages_1=packages)
    await sign(browser, world)
    assert "Відпуск записано" in browser.text, browser.text
    return path


async def mark_mistaken(browser: Browser, path: str) -> None:
    await browser.get(path)
    assert browser.page is not None
    given = browser.page.text.split('name="dispense"')[1].split('value="')[1].split('"')[0]
    await browser.send(f"{path}/cancel", dispense=given, error_reason="Записано не той бланк")


async def lines_of(browser: Browser, kind: str, **query: str) -> list[str]:
    days = {"from": "2026-11-22", "to": "2026-11-22"}
    file = await browser.client.get(f"{HOME}.csv", params={"journal": kind, **days, **query})
    assert file.status_code == 200, file.text
    return file.content.decode("utf-8-sig").splitlines()


def mistaken(lines: list[str]) -> list[str]:
    return [line for line in lines if ";Внесено помилково;" in line]


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """What papers were made of."""
    made: list[Mapping[str, Any]] = []
    plain = model.as_pdf

    def as_pdf(content: Mapping[str, Any]) -> bytes:
        made.append(content)
        return plain(content)

    monkeypatch.setattr(model, "as_pdf", as_pdf)
    return made


async def printed(browser: Browser, kind: str, words: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What stands on the paper of a day."""
    page = await browser.client.get(f"{HOME}.pdf", params={"journal": kind, "from": "2026-11-22", "to": "2026-11-22"})
    assert page.headers["content-type"] == "application/pdf" and page.content.startswith(b"%PDF"), page.text
    return words[-1]


class TestPaper:
    async def test_period_then_sums_file_and_paper_tell_the_same_and_mistakes_apart(
        self,
        pharmacist: Browser,
        stocked: tuple[UUID, UUID],
        connected: World,
        words: list[Mapping[str, Any]],
    ) -> None:
        before = len(mistaken(await lines_of(pharmacist, "paper")))  # central keeps what other tests wrote
        await given_by_paper(pharmacist, connected, stocked, 2, "J-1")
        await mark_mistaken(pharmacist, await given_by_paper(pharmacist, connected, stocked, 1, "J-2"))
        lines = sorted(line for line in await lines_of(pharmacist, "paper") if "J-" in line)
        assert len(lines) == 2, lines
        assert "22.11.2026;АБ J-1;20.11.2026" in lines[0] and ";20;капс.;" in lines[0] and "Відпущено" in lines[0]
        assert ";10;капс.;" in lines[1] and lines[1].endswith("Внесено помилково;Записано не той бланк")
        paper = await printed(pharmacist, "paper", words)
        assert paper["title"] == "Журнал відпуску за паперовими рецептами"
        assert paper["period"] == "З 22.11.2026 до 22.11.2026" and paper["division"] == "Усі підрозділи"
        assert {"АБ J-1", "АБ J-2"} <= {row[1] for row in paper["rows"]}
        assert ["Внесено помилково, не враховано", str(before + 1)] in paper["sums"]
        assert paper["printed"].startswith("Надруковано 22.11.2026, ") and "Ковальчук Ґалина" in paper["printed"]
        page = await pharmacist.get(HOME, **{"journal": "paper", "from": "2026-11-22", "to": "2026-11-22"})
        assert page.status_code == 200 and "Разом за препаратами" in pharmacist.text
        assert f"{HOME}.pdf?journal=paper&amp;from=2026-11-22&amp;to=2026-11-22" in page.text

    async def test_division_when_another_then_nothing_of_it(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World
    ) -> None:
        await given_by_paper(pharmacist, connected, stocked, 1, "K-1")
        assert len(await lines_of(pharmacist, "paper", division=str(uuid4()))) == 1
        place = str(connected.pharmacist.division_id)
        assert any("K-1" in line for line in await lines_of(pharmacist, "paper", division=place))


async def test_wholesale_then_to_whom_and_who_took_it(
    pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World, words: list[Mapping[str, Any]]
) -> None:
    path = await scanned(pharmacist, stocked[0], number="J-77", requester_name="=Лікарня")
    await supply(pharmacist, path, stocked[1], 3)
    await sign(pharmacist, connected)
    [line] = [line for line in await lines_of(pharmacist, "wholesale") if "J-77" in line]
    assert line.startswith("22.11.2026;'=Лікарня;40000029;J-77;20.11.2026;Ткаченко Остап;") and ";30;капс.;" in line
    assert (await printed(pharmacist, "wholesale", words))["title"] == "Журнал оптової видачі"


class TestReturns:
    async def note(self, database: Database, clinic_id: UUID, at: datetime, number: int, **changes: object) -> None:
        columns: dict[str, object] = {
            "dispense_id": UUID(int=7),
            "number": number,
            "clinic_id": clinic_id,
            "division_id": UUID(int=1),
            "division_name": "Аптека № 1",
            "request_number": "0000-AAAA-AAAA-AAAA",
            "returned_at": at,
            "reason": "DEFECT",
            "words": "Тріснутий флакон",
            "lines": [("Амоксил", "7.5", "капс.")],
        } | changes
        async with database.connection() as db:
            places = ", ".join(f"${place}" for place in range(1, len(columns) + 1))
            await db.execute(
                f"insert into dispense_returns ({', '.join(columns)}) values ({places})", *columns.values()
            )

    async def test_days_of_kyiv_then_those_between_its_midnights(
        self, pharmacist: Browser, mis_database: Database, connected: World
    ) -> None:
        ours = connected.pharmacist.client_id
        for number, at in enumerate(
            (
                datetime(2026, 11, 21, 21, 59, tzinfo=UTC),  # 23:59 of the 21st in Kyiv
                datetime(2026, 11, 21, 22, 0, tzinfo=UTC),
                datetime(2026, 11, 22, 21, 59, tzinfo=UTC),
                datetime(2026, 11, 22, 22, 0, tzinfo=UTC),
            ),
            1,
        ):
            await self.note(mis_database, ours, at, number)
        lines = await lines_of(pharmacist, "returns")
        assert [line.split(";")[0] for line in lines[1:]] == ["22.11.2026 00:00", "22.11.2026 23:59"]
        assert ";Амоксил;7,5;капс.;Якість або заборонена серія. Тріснутий флакон;Аптека № 1;" in lines[1]

    async def test_of_another_pharmacy_then_not_told(
        self, pharmacist: Browser, mis_database: Database, connected: World, words: list[Mapping[str, Any]]
    ) -> None:
        at = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
        await self.note(mis_database, connected.doctor.client_id, at, 1)
        assert len(await lines_of(pharmacist, "returns")) == 1
        assert (await printed(pharmacist, "returns", words))["rows"] == []


class TestAsking:
    async def test_nothing_asked_then_a_form_and_no_act_is_read(self, pharmacist: Browser, wire: Wire) -> None:
        page = await pharmacist.get(HOME)
        assert page.status_code == 200 and "Друк журналів" in pharmacist.text
        assert not [path for path in wire.paths("GET") if "dispenses" in path or "supplies" in path]

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ({"from": "2026-02-30"}, "Введіть справжню дату"),
            ({"from": "2026-11-02", "to": "2026-11-01"}, "не раніше за перший"),
            ({"from": "2024-01-01", "to": "2026-11-01"}, "не більше року"),
            ({"journal": "secrets"}, "Оберіть значення зі списку"),
            ({"division": "nonsense"}, "Оберіть значення зі списку"),
        ],
    )
    async def test_odd_then_told_at_its_field_and_files_lead_there(
        self, pharmacist: Browser, query: dict[str, str], told: str
    ) -> None:
        query = {"journal": "paper"} | query
        page = await pharmacist.get(HOME, **query)
        assert page.status_code == 422 and told in pharmacist.text
        for end in ("csv", "pdf"):
            led = await pharmacist.client.get(f"{HOME}.{end}", params=query, follow_redirects=False)
            assert led.status_code == 303 and led.headers["location"].startswith(f"{HOME}?")

    async def test_longer_than_a_printed_one_then_a_shorter_period_is_asked_for(
        self, pharmacist: Browser, wire: Wire
    ) -> None:
        body = {"meta": {"code": 200}, "data": [], "paging": {"total_entries": 3001, "total_pages": 11}}
        row = {"id": str(uuid4())}
        wire.answers["GET /api/pharmacy/paper_dispenses"] = httpx.Response(200, json=body | {"data": [row] * 300})
        page = await pharmacist.get(HOME, journal="paper")
        assert page.status_code == 422 and "Оберіть коротший" in pharmacist.text
        led = await pharmacist.client.get(f"{HOME}.pdf", params={"journal": "paper"}, follow_redirects=False)
        assert led.status_code == 303

    async def test_chain_then_its_divisions_are_found_by_name(self, pharmacist: Browser, wire: Wire) -> None:
        page = await pharmacist.get(HOME)
        assert 'name="place"' not in page.text
        body = {"meta": {"code": 200}, "paging": {"total_entries": 400, "total_pages": 16}}
        row = {"id": str(uuid4()), "name": "Аптека № 400"}
        wire.answers["GET /api/divisions"] = httpx.Response(200, json=body | {"data": [row]})
        page = await pharmacist.get(HOME, place="400")
        assert 'name="place"' in page.text and "Аптека № 400" in pharmacist.text
        assert any(each.url.params.get("name") == "400" for each in wire.seen)

    async def test_for_a_doctor_then_not_theirs(self, browser: Browser, consent: Consent, connected: World) -> None:
        doctor = await come_in(browser, consent, "DOCTOR", connected.doctor)
        for path in (HOME, f"{HOME}.csv", f"{HOME}.pdf"):
            assert (await doctor.get(path)).status_code == 403


class TestModel:
    def test_nothing_said_then_the_present_month(self) -> None:
        assert read({}, TODAY) == (Asked(Kind.PRESCRIPTIONS, date(2026, 11, 1), TODAY), {})

    # PH-20
    def test_sums_then_exact_and_without_mistakes(self) -> None:
        def row(act: str, quantity: str, **changes: Any) -> Row:
            taken = Taken(name="Амоксил", quantity=Decimal(quantity), unit="капс.")
            return Row(act=act, cells=(), taken=taken, **changes)

        amounts = (Decimal("0.10"), Decimal("0.05"))
        sums = sums_of(
            [row("a", "0.1", amounts=amounts), row("a", "0.2", amounts=amounts), row("b", "5", is_mistake=True)]
        )
        assert (len(sums.acts), len(sums.mistakes)) == (1, 1)
        assert [each.quantity for each in sums.by_package] == [Decimal("0.3")]
        assert (sums.amount, sums.discount, sums.paid) == (Decimal("0.20"), Decimal("0.10"), Decimal("0.10"))
