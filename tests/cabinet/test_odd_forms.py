"""Odd forms to every address of the cabinet, and odd queries to every page: answered in words, never our fault."""

import random
from pathlib import Path
from urllib.parse import quote

import pytest

from esoz import cabinet
from esoz.cabinet.app import CONTEXTS
from esoz.kernel.pages import active_sessions
from tests.odd_forms import OddForms, field_names

from .conftest import Browser

FOLDER = Path(cabinet.__file__).parent
ROUTES = [route for context in (*CONTEXTS, active_sessions.session_pages()) for route in context]
POSTS = sorted({route.path for route in ROUTES if route.method == "POST"})
PAGES = sorted({route.path for route in ROUTES if route.method == "GET"})
CASES = [25, pytest.param(300, marks=pytest.mark.slow)]
LONGEST_QUERY = 60_000  # the client of the tests makes no longer address
IDS = ("x", "00000000-0000-4000-8000-000000000001", "%00", "%FF", "a" * 300)


def places(path: str) -> list[str]:
    parts = path.split("/")
    ids = IDS if "{" in path else ("",)
    return ["/".join(id if part.startswith("{") else part for part in parts) for id in ids]


@pytest.mark.parametrize("cases", CASES)
async def test_odd_form_when_sent_then_answered_in_words(patient: Browser, cases: int) -> None:
    forms = OddForms(patient.client, field_names(FOLDER), random.Random(cases))
    for path in sorted(POSTS, key=lambda each: each == "/sign-out"):
        for place in places(path):
            await patient.open("/")
            await forms.send(place, patient.csrf, cases, honest=("content", "signed_content"))
    assert forms.broken == {}
    assert forms.understood > 0


@pytest.mark.parametrize("cases", CASES)
async def test_odd_query_when_opened_then_answered_in_words(patient: Browser, cases: int) -> None:
    forms, source = OddForms(patient.client, field_names(FOLDER), random.Random(cases)), random.Random(cases)
    for path in PAGES:
        for place in places(path):
            for _ in range(max(cases // 5, 1)):
                query = b"&".join(forms.pairs(source.choice(("page", "words", "next", "state", "from", "to"))))
                answer = await patient.client.get(f"{place}?{quote(query, safe='=&%')[:LONGEST_QUERY]}")
                forms.judge(f"GET {place}?{query!r}"[:300], answer)
    assert forms.broken == {}
