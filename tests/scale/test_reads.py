"""What was cast in moulds reads as what was written by doctors does."""

from typing import Any, cast

import httpx
import pytest
from bench.recording import recorder

from esoz.central.app import make_api
from esoz.kernel.clock import SystemClock
from esoz.kernel.limits import Limiter
from esoz.kernel.operation import Operation
from esoz.kernel.settings import Settings
from tests.contract.checker import must_be_as_published

from .conftest import Grown
from .walking import Walk

pytestmark = pytest.mark.slow


GROWN = ("/api/patients/", "/api/persons", "/api/declarations", "/api/pharmacy/", "/api/cabinet/", "/api/pis/")


async def test_every_read_is_answered_as_published(grown: Grown) -> None:
    wrong, answered = [], 0
    async with recorder(grown.url) as database:
        api = make_api(database, cast(Any, grown.dependencies), SystemClock(), Settings({}))
        api.limiter = Limiter(0, {})
        async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://scale") as http:
            async for operation, query, answer in Walk(grown, http).all():
                if answer.status_code >= 500:
                    wrong.append(f"{operation.path}?{query}: {answer.text[:300]}")
                elif answer.is_success:
                    answered += 1
                    wrong += _faults(operation, query, answer)
    assert wrong == []
    assert answered > 150


def _faults(operation: Operation, query: str, answer: httpx.Response) -> list[str]:
    """How an answer about what has grown differs from its published shape."""
    if not operation.path.startswith(GROWN):
        return []
    try:
        must_be_as_published(answer)
    except AssertionError as fault:
        return [f"{operation.path}?{query}: {fault}"[:500]]
    return []
