"""Answers of central that nobody can read: pages say that it does not answer, documents are sent again, works go on."""

import contextlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from esoz.kernel.periodic import Periodic
from esoz.mis.app import Mis
from esoz.mis.documents.sync.model import State
from esoz.sdk import CentralError
from tests.factories.odd import ODD_DATA, Odd, swept
from tests.factories.world import World

from ..conftest import Browser, Consent, Post, Wire, come_in
from ..test_visits import open_episode, state_of
from .conftest import begin

OTHERS = ("/lock", "/sign-in", "/recovery", "/oauth")  # on the way in nobody asks central, or not by a page


class TestSender:
    @pytest.mark.parametrize(
        "data", [*ODD_DATA, {"links": None}, {"links": [{}]}, {"links": [{"href": "/"}]}, {"links": 5}]
    )
    async def test_a_job_that_is_not_told_then_the_document_is_sent_again(
        self, doctor: Browser, mis: Mis, *, patient_id: UUID, post: Post, wire: Wire, data: Any
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        path = f"POST /api/patients/{patient_id}/episodes"
        wire.answers[path] = httpx.Response(202, json={"meta": {}, "data": data})
        assert await post.sender.step() == 1
        assert await state_of(mis, document_id) is State.QUEUED
        async with mis.services.database.connection() as db:
            assert await db.fetchval("select waits_for from documents where id = $1", UUID(document_id)) == "central"
        wire.answers.clear()
        post.clock.forward(timedelta(minutes=1))
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    @pytest.mark.parametrize(
        "data", [*ODD_DATA, {"status": "later"}, {"status": 5}, {"status": "failed", "status_code": "x"}]
    )
    async def test_a_job_whose_state_is_odd_then_it_is_asked_about_again(
        self, doctor: Browser, mis: Mis, *, patient_id: UUID, post: Post, wire: Wire, data: Any
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        await post.sender.step()
        assert await state_of(mis, document_id) is State.SENT
        async with mis.services.database.connection() as db:
            job = await db.fetchval("select job_id from documents where id = $1", UUID(document_id))
        wire.answers[f"GET /api/jobs/{job}"] = httpx.Response(200, json={"meta": {}, "data": data})
        post.clock.forward(timedelta(minutes=1))
        assert await post.sender.step() == 1
        assert await state_of(mis, document_id) is State.SENT
        wire.answers.clear()
        post.clock.forward(timedelta(minutes=1))
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_a_fault_of_one_document_then_the_others_are_carried(
        self, doctor: Browser, mis: Mis, *, patient_id: UUID, post: Post, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = await open_episode(doctor, patient_id), await open_episode(doctor, patient_id)
        whole = type(post.sender)._send

        async def send(self: Any, central: Any, document: Any) -> None:
            if str(document.id) == first:
                raise ZeroDivisionError
            await whole(self, central, document)

        monkeypatch.setattr(type(post.sender), "_send", send)
        assert await post.sender.step() == 2
        assert await state_of(mis, first) is State.QUEUED
        assert await state_of(mis, second) is State.SENT


class TestPages:
    """Every page that asks central, with every one of its answers made odd: no page fails."""

    async def test_pages_of_a_doctor(
        self,
        doctor: Browser,
        mis: Mis,
        wire: Wire,
        *,
        connected: World,
        patient_id: UUID,
        encounter_id: UUID,
        medication_id: UUID,
    ) -> None:
        person = connected.persons[0]
        rx = await begin(doctor, patient_id, encounter_id, medication_id)
        more = (
            f"/patients/{patient_id}/prescriptions/new?encounter={encounter_id}",
            f"/patients?q={person.last_name} {person.first_name} {person.birth_date:%d.%m.%Y}",
            "/codes/services?q=А",
            rx,
        )
        assert await swept(doctor.get, wire, (*_addresses(mis, patient_id), *more)) > 5

    async def test_pages_of_a_head(
        self, browser: Browser, consent: Consent, mis: Mis, wire: Wire, *, connected: World, head: UUID
    ) -> None:
        assert head
        await come_in(browser, consent, "OWNER", connected.owner)
        more = (
            "/organisation/divisions/settlements?q=Киї",
            f"/organisation/divisions/{connected.doctor.division_id}/edit",
        )
        assert await swept(browser.get, wire, (*_addresses(mis, connected.doctor.employee_id or head), *more)) > 3

    async def test_pages_of_a_pharmacist(
        self, browser: Browser, consent: Consent, mis: Mis, wire: Wire, *, connected: World
    ) -> None:
        await come_in(browser, consent, "PHARMACIST", connected.pharmacist)
        assert await swept(browser.get, wire, _addresses(mis, connected.pharmacist.client_id)) > 0


def _addresses(mis: Mis, id: UUID) -> Iterator[str]:
    """Pages of the whole workplace; every name in an address stands for the same id."""
    for section in mis.services.sections:
        for route in section.pages:
            if route.method == "GET" and not route.path.startswith(OTHERS):
                yield re.sub(r"{[^}]+}", str(id), route.path)


class TestWorks:
    """Works beside the pages: no answer ends one of them with anything but an error of central."""

    @pytest.mark.parametrize("data", ODD_DATA)
    async def test_any_answer_then_the_work_goes_on(
        self, doctor: Browser, mis: Mis, wire: Wire, *, encounter_id: UUID, data: Any
    ) -> None:
        async with mis.services.database.connection() as db:
            await db.execute("delete from dictionaries")
            await db.execute("update staff_follows set whole_at = null, due_at = '2026-01-01'")
        inner = wire.inner
        wire.inner = Odd(inner, lambda _request, body: {**body, "data": data})
        for work in mis.works():
            if isinstance(work, Periodic):
                with contextlib.suppress(CentralError):
                    await work.act()
        wire.inner = inner
