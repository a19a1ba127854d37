"""At whose address a pharmacist hands over: at their own, however many divisions the chain has."""

from typing import Any
from uuid import UUID

import pytest

from esoz.kernel.db import Database
from tests.factories.prescriptions import Document
from tests.factories.world import World

from ..conftest import Browser, Wire
from ..long_lists import LongLists
from .counter import find, hold


def others(world: World, many: int) -> list[dict[str, Any]]:
    """Older divisions of the chain; the user's own is not on the first page of the list."""
    clinic = str(world.pharmacist.client_id)
    return [
        {"id": str(UUID(int=number)), "name": f"Аптека № {number}", "legal_entity_id": clinic, "status": "ACTIVE"}
        for number in range(1, many + 1)
    ]


@pytest.fixture
def own(connected: World) -> str:
    return str(connected.pharmacist.division_id)


@pytest.fixture
def chain(wire: Wire, connected: World) -> None:
    wire.inner = LongLists(wire.inner, {"/api/divisions": others(connected, 106)})


async def test_own_division_when_the_chain_has_hundreds_then_first_and_taken(
    pharmacist: Browser, rx: Document, code: str, ten: list[UUID], own: str, chain: None, central_database: Database
) -> None:
    await find(pharmacist, rx["request_number"])
    assert f'name="division" value="{own}"' in pharmacist.page.text
    assert pharmacist.page.text.index(f'<option value="{own}"') < pharmacist.page.text.index("Аптека № 1<")
    assert "із 106" in pharmacist.text
    await hold(pharmacist, rx["request_number"], code, **{f"packages-{ten[0]}": 1})
    async with central_database.connection() as db:
        kept = await db.fetchval(
            "select division_id from medication_dispenses where medication_request_id = $1", UUID(rx["id"])
        )
    assert str(kept) == own


async def test_another_division_when_it_is_far_down_then_found_by_its_name(
    pharmacist: Browser, rx: Document, own: str, chain: None
) -> None:
    path = f"/pharmacy/prescriptions/{rx['request_number']}"
    await pharmacist.get(path, place="№ 105")
    options = pharmacist.page.text.split('name="division"')[1].split("</select>")[0]
    assert "Аптека № 105" in options and "Аптека № 104" not in options and own in options


async def test_division_when_nothing_has_the_name_then_said_and_ones_own_stays(
    pharmacist: Browser, rx: Document, own: str, chain: None
) -> None:
    await pharmacist.get(f"/pharmacy/prescriptions/{rx['request_number']}", place="Немає такої")
    assert "Підрозділів із такою назвою немає" in pharmacist.text and own in pharmacist.page.text


@pytest.mark.parametrize("asked", [str(UUID(int=1)), "nonsense", "../clients"])
async def test_division_when_it_is_not_ours_then_ones_own_is_shown_and_never_another_taken(
    pharmacist: Browser, rx: Document, code: str, ten: list[UUID], own: str, asked: str
) -> None:
    path = f"/pharmacy/prescriptions/{rx['request_number']}"
    await pharmacist.get(path, division=asked)
    assert f'name="division" value="{own}"' in pharmacist.page.text
    sent = await pharmacist.send(path, division=asked, code=code, **{f"packages-{ten[0]}": 1})
    assert sent.status_code == 422
