"""Bad input at the pages: each is told in Ukrainian what happened and what to do, and nothing goes to central."""

import base64
import random
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.documents.sync.model import State
from esoz.signature import Authority, Subject
from tests.factories.world import Caller, World

from .conftest import NOW, Browser, Post, Wire
from .test_visits import begin_visit, episode_of, fill_in, open_episode, sign, signed_visit, state_of

YEAR = timedelta(days=365)


def with_key(caller: Caller, authority: Authority, start: datetime, end: datetime) -> Caller:
    """The same person with a certificate of these days."""
    subject = Subject(surname="Ковальчук", given_name="Ґалина Їжаківна", drfo=caller.tax_id)
    return replace(caller, key=authority.issue(subject, valid_from=start, valid_to=end))


@pytest.fixture
async def ready(doctor: Browser, mis: Mis, patient_id: UUID) -> str:
    """Id of a visit whose page of the signature is open."""
    opening = await open_episode(doctor, patient_id)
    document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
    await fill_in(doctor, document_id)
    assert doctor.path == f"/documents/{document_id}/sign", doctor.text
    return document_id


class TestSignature:
    async def refused(self, browser: Browser, mis: Mis, document_id: str, words: str) -> None:
        assert browser.page is not None and browser.page.status_code == 422
        assert words in browser.text, browser.text
        assert await state_of(mis, document_id) is State.READY

    @pytest.mark.parametrize("given", [b"not a CMS at all", b"\x30\x82\xff\xff", b"{}"])
    async def test_not_a_cms_then_told_and_not_sent(
        self, doctor: Browser, mis: Mis, ready: str, wire: Wire, given: bytes
    ) -> None:
        await doctor.send(f"/documents/{ready}/sign", signed_content=base64.b64encode(given).decode())
        await self.refused(doctor, mis, ready, "ідпис")
        assert not [path for path in wire.paths("POST") if path.endswith("/encounter_package")]

    async def test_by_a_certificate_that_has_expired_then_told(
        self, doctor: Browser, mis: Mis, ready: str, connected: World, authority: Authority
    ) -> None:
        expired = with_key(connected.doctor, authority, NOW - YEAR, NOW - timedelta(days=1))
        await sign(doctor, ready, expired)
        await self.refused(doctor, mis, ready, "ертифікат")

    async def test_by_a_certificate_that_is_not_valid_yet_then_told(
        self, doctor: Browser, mis: Mis, ready: str, connected: World, authority: Authority
    ) -> None:
        await sign(doctor, ready, with_key(connected.doctor, authority, NOW + timedelta(days=1), NOW + YEAR))
        await self.refused(doctor, mis, ready, "ертифікат")

    async def test_by_a_centre_that_nobody_trusts_then_told(
        self, doctor: Browser, mis: Mis, ready: str, connected: World
    ) -> None:
        stranger = Authority.create(
            "Чужий центр", scheme="dstu-gost", random=random.Random(7).randbytes, at=NOW.replace(year=2025)
        )
        await sign(doctor, ready, with_key(connected.doctor, stranger, NOW - timedelta(days=9), NOW + YEAR))
        await self.refused(doctor, mis, ready, "довір")

    async def test_none_at_all_then_told_at_the_field(self, doctor: Browser, mis: Mis, ready: str) -> None:
        await doctor.send(f"/documents/{ready}/sign", signed_content="")
        await self.refused(doctor, mis, ready, "ідпис")


class TestEpisode:
    async def test_closed_meanwhile_then_told_to_open_another(
        self,
        doctor: Browser,
        mis: Mis,
        patient_id: UUID,
        connected: World,
        post: Post,
        central_database: Database,
    ) -> None:
        document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        async with central_database.connection() as db:
            await db.execute(
                "update episodes set status = 'closed', document = document || '{\"status\": \"closed\"}'"
                " where person_id = $1",
                patient_id,
            )
        await post.carry()
        await doctor.get(f"/documents/{document_id}")
        assert await state_of(mis, document_id) is State.REFUSED
        assert "Епізод уже закрито" in doctor.text and "перенесіть" in doctor.text.lower()


# AB-1
class TestAccess:
    async def test_token_that_central_has_ended_then_asked_to_consent_again(
        self, doctor: Browser, patient_id: UUID, central_database: Database
    ) -> None:
        async with central_database.transaction() as db:
            kept = await db.fetch("select id, expires_at from tokens")
            await db.execute("update tokens set expires_at = $1", NOW - timedelta(days=1))
        try:
            answer = await doctor.get(f"/patients/{patient_id}/summary")
        finally:
            async with central_database.transaction() as db:
                await db.executemany("update tokens set expires_at = $2 where id = $1", kept)
        assert answer.status_code == 403 and "Надайте доступ до ЕСОЗ" in doctor.text
        assert "Чернетки збережено" in doctor.text

    async def test_episode_that_is_not_this_patients_then_told_what_to_do(
        self, doctor: Browser, patient_id: UUID
    ) -> None:
        await doctor.get(f"/patients/{patient_id}/episodes/{UUID(int=7)}")
        assert "Такого епізоду в ЕСОЗ немає" in doctor.text and "Відкрийте пацієнта ще раз" in doctor.text
