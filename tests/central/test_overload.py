"""Overload at the API: the refusal is the published one and says when to come again; nothing was done for it."""

import asyncio
from pathlib import Path

from esoz.central.process import Central
from esoz.kernel.admission import Admission, Pace
from esoz.kernel.http import API
from esoz.kernel.settings import Settings
from tests.central.answers import answered, refused
from tests.factories.world import Caller

READ = "/api/declarations"


async def test_full_then_refused_at_once_in_the_envelope_and_served_again_afterwards(api: API, doctor: Caller) -> None:
    api.admission = Admission(1, pace=Pace(10.0))
    async with api.admission.turn():
        answer = await doctor.get(READ)
    refused(answer, 503, "service_unavailable")
    assert int(answer.headers["retry-after"]) > 10
    answered(await doctor.get(READ))


async def test_full_then_the_body_is_not_even_read(api: API, doctor: Caller) -> None:
    api.admission = Admission(1, pace=Pace(10.0))
    async with api.admission.turn():
        refused(await doctor.post("/api/medication_request_requests", b"no JSON at all"), 503, "service_unavailable")


async def test_nobody_leaves_in_time_then_refused(api: API, doctor: Caller) -> None:
    api.admission = Admission(1, seconds=0.01)
    async with api.admission.turn():
        refused(await doctor.get(READ), 503, "service_unavailable")


async def test_somebody_leaves_in_time_then_served(api: API, doctor: Caller) -> None:
    api.admission = Admission(1, seconds=30.0)
    async with api.admission.turn():
        asked = asyncio.create_task(doctor.get(READ))
        while not api.admission.waiting:
            await asyncio.sleep(0)
    answered(await asked)


def test_process_then_its_operations_and_pages_share_the_places(tmp_path: Path) -> None:
    (tmp_path / "trust").mkdir()
    set_to = {"ESOZ_CENTRAL_DATABASE": "postgresql://nowhere", "ESOZ_VAR": str(tmp_path), "ESOZ_SECRET": "x" * 32}
    process = Central(Settings(set_to))
    assert process.api.admission is process.site.admission
    assert process.api.admission.at_once == 16
