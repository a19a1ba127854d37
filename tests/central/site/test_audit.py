"""Anchors of the audit log for everyone: listed, downloaded, for programs too."""

from datetime import timedelta

import pytest

from esoz.central import anchors
from esoz.gateways.seal import Seal
from esoz.kernel import audit
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from tests.central.anchors.conftest import Centre, centre, grow, house, seal
from tests.central.conftest import OneConnection

from .conftest import Browser

__all__ = ["Centre", "centre", "house", "seal"]


@pytest.fixture
async def sealed(database: OneConnection, db: Connection, seal: Seal, clock: FixedClock) -> list[int]:
    """Three anchors; numbers of their last lines, the newest first."""
    while await audit.chain(db):
        pass
    found: list[int] = []
    for _ in range(3):
        await grow(database, 2)
        made = await anchors.anchor(database, seal, seal.certificate.der, clock)
        assert made is not None
        found.insert(0, made.number)
        clock.forward(timedelta(minutes=1))
    return found


async def test_not_sealed_then_said(browser: Browser) -> None:
    page = await browser.get("/audit")
    assert page.status_code == 200 and "печатку цієї системи не встановлено" in page.text


async def test_sealed_then_each_anchor_and_the_seal_can_be_kept(
    browser: Browser, db: Connection, sealed: list[int], seal: Seal
) -> None:
    page = await browser.get("/audit")
    places = [page.text.index(f'href="/audit/anchors/{number}"') for number in sealed]
    assert places == sorted(places) and "Підписано записів" in page.text
    kept = await browser.http.get(f"/audit/anchors/{sealed[1]}")
    assert kept.content == (await anchors.signed(db))[1]
    assert kept.headers["content-type"] == "application/pkcs7-signature"
    assert (await browser.http.get("/audit/seals/1")).content == seal.certificate.der


async def test_for_programs_then_the_same_newest_first(browser: Browser, sealed: list[int]) -> None:
    body = (await browser.http.get("/audit/anchors.json")).json()
    assert [each["lines"] for each in body["anchors"]] == sealed and body["total"] == 3
    assert (await browser.http.get("/audit/anchors.json", params={"page": "99999999999"})).status_code == 200


@pytest.mark.parametrize("path", ["anchors", "seals"])
@pytest.mark.parametrize("number", ["0", "7", "-1", "1.5", "١", "9" * 30, "x", "%00"])
async def test_number_that_is_none_then_not_found(browser: Browser, sealed: list[int], path: str, number: str) -> None:
    if (path, number) != ("anchors", "7") or 7 not in sealed:
        assert (await browser.http.get(f"/audit/{path}/{number}")).status_code == 404
