"""What is signed and not answered: never forgotten, counted once, free to be mended when central does not take it."""

# ruff: noqa: F811  fixtures of paper are imported, and asked for by the same names

from uuid import UUID

import httpx

from esoz.kernel.db import Database
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..wholesale.test_wholesale import scanned, supply
from .test_paper import DISPENSES, pharmacist, pictured, sign, stocked, wire  # noqa: F401 fixtures

REFUSED = httpx.Response(
    422, json={"meta": {"code": 422}, "error": {"type": "validation_failed", "message": "Medication is not active"}}
)


async def unanswered(browser: Browser, world: World, wire: Wire, stocked: tuple[UUID, UUID]) -> str:
    """A dispense that is signed, and whose answer was lost on the way back; the page on which it waits."""
    path = await pictured(browser, stocked[0])
    await browser.send(f"{path}/dispense", package_1=stocked[1], packages_1="1")
    await lose(browser, world, wire)
    return browser.path


async def lose(browser: Browser, world: World, wire: Wire) -> None:
    """Sign, and lose the answer."""
    wire.loses_answer = lambda request: request.url.path == DISPENSES
    await sign(browser, world)
    wire.loses_answer = lambda _request: False


async def counted(central: Database, path: str) -> int:
    """How many acts central has by a blank, of which this is the page of one that is to be signed or its own."""
    async with central.connection() as db:
        found: int = await db.fetchval(
            "select count(*) from paper_dispenses where id = $1::uuid or paper_prescription_id = $1::uuid",
            path.removesuffix("/sign").rsplit("/", 1)[-1],
        )
    return found


class TestForget:
    async def test_signed_meanwhile_then_kept_and_sent(
        self,
        *,
        pharmacist: Browser,
        stocked: tuple[UUID, UUID],
        connected: World,
        wire: Wire,
        central_database: Database,
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        await pharmacist.send(f"{path}/dispense", package_1=stocked[1], packages_1="1")
        waits, stale = pharmacist.path, pharmacist.page
        await lose(pharmacist, connected, wire)
        pharmacist.page = stale
        await pharmacist.send(waits.replace("/sign", "/forget"))
        assert pharmacist.path == waits and "Надіслати ще раз" in pharmacist.text, pharmacist.text
        await pharmacist.send(waits.replace("/sign", "/send"))
        assert "Ще не в ЕСОЗ" not in pharmacist.text and await counted(central_database, pharmacist.path) == 1

    async def test_not_signed_then_gone(self, pharmacist: Browser, stocked: tuple[UUID, UUID]) -> None:
        path = await pictured(pharmacist, stocked[0])
        await pharmacist.send(f"{path}/dispense", package_1=stocked[1], packages_1="1")
        await pharmacist.send(pharmacist.path.replace("/sign", "/forget"))
        assert pharmacist.path == path and "Ще не в ЕСОЗ" not in pharmacist.text


class TestSend:
    async def test_refused_for_good_then_free_to_be_given_up(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World, wire: Wire
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        await pharmacist.send(f"{path}/dispense", package_1=stocked[1], packages_1="1")
        wire.is_cut = True
        await sign(pharmacist, connected)
        wire.is_cut = False
        waits = pharmacist.path
        assert "Надіслати ще раз" in pharmacist.text, pharmacist.text
        wire.answers[f"POST {DISPENSES}"] = REFUSED
        answer = await pharmacist.send(waits.replace("/sign", "/send"))
        assert answer.status_code == 422 and "вже немає в реєстрі" in answer.text and "Не відпускати" in answer.text
        await pharmacist.get(waits)
        assert "Підписати й відпустити" in pharmacist.text and "Надіслати ще раз" not in pharmacist.text
        await pharmacist.send(waits.replace("/sign", "/forget"))
        assert pharmacist.path == path and "Ще не в ЕСОЗ" not in pharmacist.text

    async def test_central_has_it_under_another_signature_then_done_once(
        self,
        *,
        pharmacist: Browser,
        stocked: tuple[UUID, UUID],
        connected: World,
        wire: Wire,
        mis_database: Database,
        central_database: Database,
    ) -> None:
        waits = await unanswered(pharmacist, connected, wire, stocked)
        async with mis_database.connection() as db:  # as when the process ended before it kept the signature
            await db.execute("update exception_documents set signed = null")
        await pharmacist.get(waits)
        await sign(pharmacist, connected)
        assert "Відпуск записано" in pharmacist.text and "Ще не в ЕСОЗ" not in pharmacist.text, pharmacist.text
        assert await counted(central_database, pharmacist.path) == 1


class TestSign:
    async def test_refused_then_waits_for_a_signature_still(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World, wire: Wire, mis_database: Database
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        await pharmacist.send(f"{path}/dispense", package_1=stocked[1], packages_1="1")
        waits = pharmacist.path
        wire.answers[f"POST {DISPENSES}"] = REFUSED
        answer = await sign(pharmacist, connected)
        assert answer.status_code == 422 and "Підписати й відпустити" in answer.text
        async with mis_database.connection() as db:
            assert await db.fetchval("select signed from exception_documents") is None
        wire.answers.clear()
        await pharmacist.get(waits)
        await sign(pharmacist, connected)
        assert "Відпуск записано" in pharmacist.text


class TestCancel:
    async def test_paper_when_refused_then_the_reason_is_there_still(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], wire: Wire
    ) -> None:
        path = await pictured(pharmacist, stocked[0])
        wire.answers[f"PATCH {path.replace('/paper', '/api/pharmacy/paper_prescriptions')}/actions/cancel"] = REFUSED
        answer = await pharmacist.send(f"{path}/cancel", error_reason="Записано не той бланк")
        assert answer.status_code == 422 and "Записано не той бланк</textarea>" in answer.text
        assert 'value="2026-11-22"' in answer.text  # the day of the other form is still offered

    async def test_wholesale_when_refused_then_the_reason_is_there_still(
        self, pharmacist: Browser, stocked: tuple[UUID, UUID], connected: World, wire: Wire
    ) -> None:
        path = await scanned(pharmacist, stocked[0])
        await supply(pharmacist, path, stocked[1], 1)
        await sign(pharmacist, connected)
        assert pharmacist.page is not None
        given = pharmacist.page.text.split('name="supply"')[1].split('value="')[1].split('"')[0]
        wire.answers[f"PATCH /api/pharmacy/wholesale_supplies/{given}/actions/cancel"] = REFUSED
        answer = await pharmacist.send(f"{path}/cancel", supply=given, error_reason="Не приїхали по ліки")
        assert answer.status_code == 422 and "Не приїхали по ліки</textarea>" in answer.text
