"""Every form of the reception, sent with odd values while a registration stands at each step; never our fault."""

import random
from uuid import UUID

import pytest

from tests.mis.test_odd_forms import PAGES, Walker

from .conftest import Desk, filled

OURS = [path for path in PAGES if path.startswith(("/registrations", "/patients/{id}/ways", "/patients/{id}/change"))]


@pytest.mark.parametrize("step", ["draft", "asked", "scans", "confirmed", "done"])
async def test_forms_of_the_reception_when_odd_then_never_our_fault(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    values = filled(desk.settlement)
    if step == "scans":
        id = await desk.ask(values | {"method": "OFFLINE", "method_phone": ""})
    elif step == "done":
        id = await desk.register(values)
    else:
        id = await {"draft": desk.write, "asked": desk.ask, "confirmed": desk.confirm}[step](values)
    monkeypatch.setattr("tests.mis.test_odd_forms.PAGES", OURS)
    walker = Walker(desk.browser, [str(id), str(UUID(int=7)), "x"], random.Random(step))
    await walker.walk(3)
    assert walker.broken == {}
    assert walker.sent > 0
