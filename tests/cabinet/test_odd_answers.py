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
from tests.central.prescriptions.conftest import Prescribing
from tests.factories.odd import ODD_DATA, Odd, swept

from .conftest import Browser, Road


async def test_every_page_with_every_answer_made_odd(patient: Browser, road: Road, prescribing: Prescribing) -> None:
    rx = await prescribing.prescribe()
    assert await swept(patient.open, road, _addresses(str(rx["id"]))) > 4


def _addresses(id: str) -> Iterator[str]:
    for pages in CONTEXTS:
        for route in pages:
            if route.method == "GET" and not route.path.startswith("/sign"):
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
