"""Answers of central that nobody can read: every page of the cabinet says that it does not answer, no work ends."""

import contextlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from esoz.cabinet import background
from esoz.cabinet.app import CONTEXTS, Cabinet
from esoz.kernel.pages import Terms
from esoz.sdk import CentralError
from tests.central.care_plans.conftest import planning
from tests.central.compositions.conftest import concluding
from tests.central.prescriptions.conftest import Prescribing
from tests.central.service_requests.conftest import referring
from tests.factories.care_plans import Planning
from tests.factories.compositions import Concluding
from tests.factories.odd import ODD_DATA, Odd, swept
from tests.factories.service_requests import Referring

from .conftest import Browser, Road

__all__ = ["concluding", "planning", "referring"]

FILES = ("/own-data/file", "/own-data/summary", "/own-data/record.pdf")


async def test_every_page_with_every_answer_made_odd(patient: Browser, road: Road, prescribing: Prescribing) -> None:
    rx = await prescribing.prescribe()
    assert await swept(patient.open, road, _addresses(str(rx["id"]))) > 4


async def test_pages_of_a_referral_with_every_answer_made_odd(
    patient: Browser, road: Road, referring: Referring
) -> None:
    page = f"/referrals/{(await referring.written())['id']}"
    assert await swept(patient.open, road, ["/referrals", page, f"{page}/sheet.pdf"]) > 2


async def test_pages_of_a_conclusion_with_every_answer_made_odd(
    patient: Browser, road: Road, concluding: Concluding
) -> None:
    page = f"/conclusions/{(await concluding.written())['id']}"
    assert await swept(patient.open, road, ["/conclusions", page, f"{page}/certificate.pdf"]) > 2


async def test_pages_of_a_care_plan_with_every_answer_made_odd(
    patient: Browser, road: Road, planning: Planning
) -> None:
    plan = await planning.written()
    await planning.planned(plan["id"])
    assert await swept(patient.open, road, ["/plans", f"/plans/{plan['id']}"]) > 1


@pytest.mark.parametrize("file", FILES)
async def test_file_of_own_data_when_every_answer_is_odd_then_given_or_told(
    patient: Browser, road: Road, file: str
) -> None:
    """It asks for two dozen parts in one way: made odd one by one they would be asked for many thousands of times."""
    inner = road.inner
    for data in ODD_DATA:
        road.inner = Odd(inner, lambda _request, body, data=data: {**body, "data": data})
        status = (await patient.open(file)).status_code
        assert status < 500 or status == 503, data


def _addresses(id: str) -> Iterator[str]:
    for pages in CONTEXTS:
        for route in pages:
            if route.method == "GET" and not route.path.startswith("/sign") and route.path not in FILES:
                yield re.sub(r"{[^}]+}", id, route.path)


@pytest.mark.parametrize("data", ODD_DATA)
async def test_sign_in_with_odd_tokens_then_told(visitor: Browser, road: Road, data: Any) -> None:
    road.inner = Odd(road.inner, lambda request, body: {**body, "data": data} if _signs_in(request.url.path) else body)
    assert (await visitor.sign_in()).status_code == 503


def _signs_in(path: str) -> bool:
    return path == "/api/pis/sign-in"


@pytest.mark.parametrize("data", ODD_DATA)
async def test_any_answer_then_the_works_go_on(cabinet: Cabinet, road: Road, data: Any) -> None:
    cabinet.services.dictionaries._refreshed_at = None
    road.inner = Odd(road.inner, lambda _request, body: {**body, "data": data})
    for work in background.works(cabinet.services, Terms()):
        with contextlib.suppress(CentralError):
            await work.act()
