"""Odd forms to every address of central's site: answered in words, never our fault."""

import random
from pathlib import Path
from uuid import UUID

import pytest

from esoz.central import mis_register, site
from esoz.central.site.app import CONTEXTS
from esoz.kernel.work import Work
from tests.central.mis_register.test_register import GIVEN
from tests.odd_forms import OddForms, field_names

from .conftest import Browser

POSTS = sorted({route.path for context in CONTEXTS for route in context if route.method == "POST"})
ENDS_THE_SESSION = ("/sign-out", "/sign-in/brought", "/password/reset", "/confidant")
NAMES = field_names(Path(site.__file__).parent)
CASES = [12, pytest.param(150, marks=pytest.mark.slow)]


def places(path: str, ids: list[str]) -> list[str]:
    if "{" not in path:
        return [path]
    parts = path.split("/")
    return ["/".join(id if part.startswith("{") else part for part in parts) for id in ids]


@pytest.mark.parametrize("cases", CASES)
async def test_odd_form_when_sent_then_answered_in_words(
    official: Browser, work: Work, worker_id: UUID, asked: str, cases: int
) -> None:
    entry = await mis_register.apply(work, GIVEN)
    ids = [str(entry.id), str(worker_id), "0e5b1f5e-8b1f-5f63-9a37-0a9d2c6c1a01", "0" * 64, "x"]
    forms = OddForms(official.http, NAMES, random.Random(cases))
    for path in sorted(POSTS, key=lambda each: each.startswith(ENDS_THE_SESSION)):
        for place in places(path, ids):
            await official.get("/sign-in/key?" + asked)
            for query in ("", f"?{asked}", "?client_id=%00&next=//x&token=%FF"):
                await forms.send(place + query, official.csrf, cases // 3)
    assert forms.broken == {}
    assert forms.understood > forms.sent / 3
