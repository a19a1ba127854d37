"""Barcodes and QR-codes that mean harm: refused in words, never carried out, never kept in an address."""

import pytest

from esoz.mis.pharmacy.model import read_number

from ..conftest import Browser, Wire
from .hostile import PAYLOADS

SITE = "https://api.test"


def test_there_are_enough_of_them() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 200


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_payload_then_no_number(payload: str) -> None:
    assert read_number(payload, SITE) is None


def test_few_of_them_are_numbers_of_devices() -> None:
    assert sum(read_number(each, SITE, of_device=True) is not None for each in PAYLOADS) <= 5


async def test_every_payload_at_the_counter_then_refused_and_central_hears_nothing(
    pharmacist: Browser, wire: Wire
) -> None:
    await pharmacist.get("/pharmacy")
    form = pharmacist.page
    wire.seen.clear()
    for payload in PAYLOADS:
        pharmacist.page = form
        answer = await pharmacist.send("/pharmacy", follow=False, number=payload, code="", form_token="")
        if of_device := read_number(payload, of_device=True):  # no harm in it: another kind of number
            assert answer.headers["location"] == f"/pharmacy/devices/number/{of_device.number}", payload
            continue
        assert answer.status_code in {400, 422}, payload
        assert "location" not in answer.headers, payload
        assert "<script>alert" not in answer.text and "<img src=x" not in answer.text, payload
    assert not wire.seen
    assert (await pharmacist.get("/pharmacy")).status_code == 200
