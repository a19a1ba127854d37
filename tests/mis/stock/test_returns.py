"""What was handed over comes back: by a signed document, wholly or in part, and into the stock."""

import base64
import re

import httpx
import pytest

from esoz.kernel.db import Database
from tests.factories.prescriptions import Document
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..pharmacy.counter import find, hold, sign
from .conftest import Package, left, receive


async def given(browser: Browser, world: World, rx: Document, code: str, package: Package) -> str:
    """Twenty capsules handed over; where the dispense stands."""
    await receive(browser, package, 3)
    await hold(browser, rx["request_number"], code, **{f"packages-{package.offer}": 2})
    await sign(browser, world)
    assert "Відпущено" in browser.text, browser.text
    return browser.path


async def signed(browser: Browser, world: World) -> httpx.Response:
    offered = browser.page.text.split('data-kep-content value="')[1].split('"')[0]
    action = re.findall(r'action="([^"]+/return/sign)"', browser.page.text)[0]
    return await browser.send(action, signed_content=world.pharmacist.sign(base64.b64decode(offered)))


async def journal(browser: Browser) -> list[str]:
    """What the journal of returns tells of this month."""
    file = await browser.client.get("/journals.csv", params={"journal": "returns"})
    return file.content.decode("utf-8-sig").splitlines()[1:]


class TestReturn:
    async def test_of_all_then_the_prescription_is_open_again_and_the_stock_has_it(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        connected: World,
        mis_database: Database,
    ) -> None:
        path = await given(pharmacist, connected, rx, code, packages[0])
        assert await left(mis_database) == {"A1": 10}
        await pharmacist.get(f"{path}/return")
        await pharmacist.send(f"{path}/return", return_reason_code="PATIENT_REFUSED")
        assert "Підпишіть повернення" in pharmacist.text and "Пацієнт відмовився" in pharmacist.text
        await signed(pharmacist, connected)
        assert pharmacist.path == path and "Повернення записано" in pharmacist.text, pharmacist.text
        assert await left(mis_database) == {"A1": 30}
        await pharmacist.get(f"{path}/return")
        assert pharmacist.path == path and await left(mis_database) == {"A1": 30}
        await find(pharmacist, rx["request_number"])
        assert "Почати відпуск" in pharmacist.text

    async def test_of_a_part_twice_then_each_counted_once(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        connected: World,
        mis_database: Database,
        wire: Wire,
    ) -> None:
        path, field = await given(pharmacist, connected, rx, code, packages[0]), f"qty-{packages[0].offer}"
        await pharmacist.get(f"{path}/return")
        await pharmacist.send(f"{path}/return", return_reason_code="OTHER", return_reason="Зайве", **{field: "10"})
        wire.loses_answer = lambda request: request.url.path.endswith("/take_back")
        assert (await signed(pharmacist, connected)).status_code == 503
        assert "ЕСОЗ не відповіла" in pharmacist.text and await left(mis_database) == {"A1": 10}
        wire.loses_answer = lambda _request: False
        await pharmacist.get(path)
        assert await left(mis_database) == {"A1": 20}
        await pharmacist.get(f"{path}/return")
        assert 'value="10"' in pharmacist.page.text
        await pharmacist.send(f"{path}/return", return_reason_code="DEFECT")
        await signed(pharmacist, connected)
        assert await left(mis_database) == {"A1": 30}
        first, second = await journal(pharmacist)
        assert f";{rx['request_number']};{packages[0].name};10;капс.;Інша причина. Зайве;" in first
        assert first.endswith(";")  # whose answer was lost nobody knows for certain
        assert ";10;капс.;Якість або заборонена серія;" in second and second.endswith(";Ковальчук Ґалина Їжаківна")

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"return_reason_code": ""}, "return_reason_code"),
            ({"return_reason_code": "OTHER"}, "return_reason"),
            ({"return_reason_code": "OTHER", "return_reason": "я" * 256}, "return_reason"),
            ({"quantity": "21"}, "qty"),
            ({"quantity": "0"}, "qty"),
            ({"quantity": "-1"}, "qty"),
            ({"quantity": "усе"}, "qty"),
        ],
    )
    async def test_with_a_fault_then_told_at_its_field(
        self,
        *,
        pharmacist: Browser,
        rx: Document,
        code: str,
        packages: list[Package],
        connected: World,
        typed: dict[str, str],
        field: str,
    ) -> None:
        path = await given(pharmacist, connected, rx, code, packages[0])
        await pharmacist.get(f"{path}/return")
        sent = {"return_reason_code": "DEFECT"} | typed
        quantity = sent.pop("quantity", "20")
        answer = await pharmacist.send(f"{path}/return", **sent, **{f"qty-{packages[0].offer}": quantity})
        assert answer.status_code == 422 and f'href="#{field}' in answer.text

    async def test_signed_over_something_else_then_refused_and_nothing_sent(
        self, *, pharmacist: Browser, rx: Document, code: str, packages: list[Package], connected: World, wire: Wire
    ) -> None:
        path = await given(pharmacist, connected, rx, code, packages[0])
        await pharmacist.get(f"{path}/return")
        await pharmacist.send(f"{path}/return", return_reason_code="DEFECT")
        answer = await pharmacist.send(f"{path}/return/sign", signed_content=connected.pharmacist.sign(b"{}"))
        assert answer.status_code == 422 and "інший документ" in pharmacist.text
        assert not [each for each in wire.paths("PATCH") if each.endswith("/take_back")]
