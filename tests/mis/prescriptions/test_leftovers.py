"""What somebody began in one role is not offered to them in another that may not go on with it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from esoz.mis.app import Mis
from esoz.mis.base.workplace import EVERYBODY, MEDICAL, PRESCRIBING, SEARCHING
from tests.factories.world import World

from ..conftest import Browser, Post
from ..test_visits import begin_visit, episode_of, open_episode
from ..test_ways import REFUSED, walk, works_as
from .conftest import begin


@pytest.fixture
async def leaving(
    doctor: Browser,
    mis: Mis,
    connected: World,
    post: Post,
    patient_id: UUID,
    encounter_id: UUID,
    medication_id: UUID,
) -> AsyncIterator[str]:
    """A doctor with a prescription and an encounter that are not finished; → the path of the prescription."""
    draft = await begin(doctor, patient_id, encounter_id, medication_id)
    opening = await open_episode(doctor, patient_id)
    await post.carry()
    await begin_visit(doctor, patient_id, await episode_of(mis, opening))
    yield draft
    await works_as(mis, connected.doctor, "DOCTOR")


@pytest.mark.parametrize("role", sorted(EVERYBODY - PRESCRIBING))
async def test_a_former_doctor_meets_no_refusal(
    doctor: Browser, mis: Mis, connected: World, patient_id: UUID, leaving: str, role: str
) -> None:
    async def still_so() -> None:
        await works_as(mis, connected.doctor, role)

    starts = ["/"]
    if role in SEARCHING:
        starts += ["/patients", f"/patients/{patient_id}"]
    if role in MEDICAL:
        starts.append(f"/patients/{patient_id}/prescriptions")
    met = await walk(doctor, starts, still_so)
    assert {path: status for path, status in met.items() if status in REFUSED} == {}
    assert leaving not in met
