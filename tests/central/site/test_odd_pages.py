"""Odd values in the addresses of every page: shown, led on or refused, never our fault."""

import random

from esoz.central.site.app import CONTEXTS
from tests.central.test_odd_requests import ODD

from .conftest import Browser

NAMES = (
    "page",
    "words",
    "name",
    "status",
    "state",
    "section",
    "type",
    "order",
    "legal_entity_type",
    "email",
    "lang",
    "next",
    "token",
    "client_id",
    "redirect_uri",
    "scope",
    "response_type",
    "id",
)
PLACES = ("nonsense", "00000000-0000-4000-8000-000000000001", "%00", "%FF", "..%2f..", "ґ", "a" * 3000)
PAGES = sorted({route.path for context in CONTEXTS for route in context if route.method == "GET"})


async def test_odd_query_when_opened_then_never_our_fault(official: Browser) -> None:
    source, broken = random.Random(7), {}
    for path in PAGES:
        for _ in range(6):
            query = {name: source.choice(ODD) for name in source.sample(NAMES, 4)}
            place = path.replace("{", "").replace("}", "")
            response = await official.http.get(place, params=query)
            if response.status_code >= 500:
                broken[f"{path} {query}"[:200]] = response.status_code
    assert broken == {}


async def test_odd_place_when_opened_then_never_our_fault(official: Browser) -> None:
    broken = {}
    for path in (each for each in PAGES if "{" in each):
        for place in PLACES:
            address = "/".join(place if part.startswith("{") else part for part in path.split("/"))
            response = await official.http.get(address)
            if response.status_code >= 500:
                broken[f"{path} {place[:40]}"] = response.status_code
    assert broken == {}
