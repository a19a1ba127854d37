"""The sender: lost answers, refusals, expired consent, order, leases; and the pages of the queue."""

import asyncio
import re
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Database
from esoz.mis.app import Mis
from esoz.mis.documents.sync import DocumentSender
from esoz.mis.documents.sync.model import LEASE, MOVES, State, deadline, pause_after, pause_of_poll
from esoz.mis.documents.sync.queries import first_payable_day
from esoz.sdk import job_of
from tests.factories.world import World

from .conftest import NOW, Browser, Consent, Post, Wire
from .test_visits import begin_visit, episode_of, fill_in, open_episode, sign, signed_visit, state_of


class TestRules:
    def test_every_state_has_its_moves(self) -> None:
        assert set(MOVES) == set(State)

    def test_nothing_leaves_what_central_has_accepted(self) -> None:
        assert MOVES[State.ACCEPTED] == frozenset()

    @pytest.mark.parametrize(
        ("served", "last"),
        [
            (date(2026, 11, 30), date(2026, 12, 5)),
            (date(2026, 12, 1), date(2027, 1, 5)),
            (date(2027, 1, 31), date(2027, 2, 5)),
        ],
    )
    def test_a_record_is_paid_for_until_the_fifth_of_the_next_month(self, served: date, last: date) -> None:
        assert deadline(served) == last

    @pytest.mark.parametrize(
        ("today", "first"),
        [
            (date(2026, 12, 5), date(2026, 11, 1)),
            (date(2026, 12, 6), date(2026, 12, 1)),
            (date(2027, 1, 5), date(2026, 12, 1)),
        ],
    )
    def test_on_the_sixth_the_last_month_is_lost(self, today: date, first: date) -> None:
        assert first_payable_day(today) == first
        assert deadline(first - timedelta(days=1)) < today <= deadline(first)

    def test_pauses_grow_to_ten_minutes_and_never_end(self) -> None:
        assert [pause_after(attempt).total_seconds() for attempt in (1, 2, 3, 99)] == [5, 10, 20, 600]

    def test_a_job_is_asked_about_every_second_at_first(self) -> None:
        assert pause_of_poll(timedelta(0)) == timedelta(seconds=1)
        assert pause_of_poll(timedelta(hours=1)) == timedelta(seconds=30)

    @pytest.mark.parametrize("href", ["/jobs/5cbed6e2", "/Jobs/5cbed6e2", "/api/jobs/5cbed6e2/"])
    def test_job_is_the_last_part_of_its_link(self, href: str) -> None:
        assert job_of({"links": [{"entity": "job", "href": href}]}) == "5cbed6e2"


def is_package(request: httpx.Request) -> bool:
    return request.method == "POST" and request.url.path.endswith("/encounter_package")


async def encounters_of(central: Database, patient_id: UUID) -> int:
    async with central.connection() as db:
        found: int = await db.fetchval("select count(*) from encounters where person_id = $1", patient_id)
    return found


class TestCourier:
    async def test_a_lost_answer_leaves_one_encounter(
        self,
        doctor: Browser,
        mis: Mis,
        *,
        patient_id: UUID,
        connected: World,
        post: Post,
        wire: Wire,
        central_database: Database,
    ) -> None:
        document_id = await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        before = await encounters_of(central_database, patient_id)
        wire.loses_answer = is_package
        await post.carry()
        assert await state_of(mis, document_id) is State.QUEUED
        wire.loses_answer = lambda _request: False
        post.clock.forward(timedelta(minutes=1))
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED
        assert await encounters_of(central_database, patient_id) == before + 1
        assert wire.paths("POST").count(f"/api/patients/{patient_id}/encounter_package") >= 2

    async def test_while_central_is_away_it_waits_longer_and_longer_and_then_arrives(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post, wire: Wire
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        wire.is_cut = True
        await post.sender.step()
        await doctor.get(f"/documents/{document_id}")
        assert "ЕСОЗ не відповідає" in doctor.text
        post.clock.forward(timedelta(seconds=4))
        assert await post.sender.step() == 0
        post.clock.forward(timedelta(seconds=1))
        assert await post.sender.step() == 1
        post.clock.forward(timedelta(seconds=9))
        assert await post.sender.step() == 0
        wire.is_cut = False
        post.clock.forward(timedelta(seconds=1))
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_a_crash_while_sending_is_made_good_after_the_lease(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        async with mis.services.database.connection() as db:
            await db.execute(
                "update documents set state = 'sending', next_at = $2, attempts = 1 where id = $1",
                UUID(document_id),
                NOW + LEASE,
            )
        assert await post.sender.step() == 0
        post.clock.forward(LEASE)
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_two_senders_send_a_document_once(
        self, doctor: Browser, mis: Mis, patient_id: UUID, wire: Wire
    ) -> None:
        await open_episode(doctor, patient_id)
        await asyncio.gather(*(DocumentSender(mis.services).step() for _ in range(4)))
        assert wire.paths("POST").count(f"/api/patients/{patient_id}/episodes") == 1

    async def test_an_encounter_is_not_sent_before_its_episode_is_accepted(
        self, doctor: Browser, mis: Mis, *, patient_id: UUID, connected: World, post: Post, wire: Wire
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        document_id = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        await fill_in(doctor, document_id)
        await sign(doctor, document_id, connected.doctor)
        await post.sender.step()
        await post.sender.step()
        assert not any(is_package(request) for request in wire.seen)
        await post.carry()
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_what_central_refuses_is_kept_with_its_words(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        await post.carry()
        close = f"/patients/{patient_id}/episodes/{await episode_of(mis, opening)}/close"
        documents = []
        for _ in range(2):
            await doctor.get(close)
            await doctor.send(reason="resolved")
            documents.append(doctor.path.rsplit("/", 1)[-1])
        await post.carry()
        await post.carry()
        assert [await state_of(mis, each) for each in documents] == [State.ACCEPTED, State.REFUSED]
        await doctor.get(f"/documents/{documents[1]}")
        assert "Епізод уже закрито або скасовано" in doctor.text
        await doctor.send(f"/documents/{documents[1]}/resend")
        await post.carry()
        assert await state_of(mis, documents[1]) is State.REFUSED

    async def test_a_job_that_central_has_forgotten_is_settled_by_the_record(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        await post.sender.step()
        while await post.jobs.perform_one():
            pass
        async with mis.services.database.connection() as db:
            await db.execute("update documents set job_id = repeat('0', 24)")
        post.clock.forward(timedelta(seconds=3))
        await post.sender.step()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_the_history_tells_every_move(self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post) -> None:
        document_id = await open_episode(doctor, patient_id)
        await post.carry()
        async with mis.services.database.connection() as db:
            rows = await db.fetch(
                "select after from document_moves where document_id = $1 order by number", UUID(document_id)
            )
        assert [row["after"] for row in rows] == ["queued", "sending", "sent", "accepted"]


class TestConsentOfDocuments:
    async def revoke(self, central: Database, *, refresh_too: bool) -> None:
        names = ["access_token", "refresh_token"] if refresh_too else ["access_token"]
        async with central.connection() as db:
            await db.execute("update tokens set expires_at = $1 where name = any($2)", NOW - timedelta(days=1), names)

    async def test_an_expired_token_is_renewed_without_the_user(
        self, doctor: Browser, mis: Mis, *, patient_id: UUID, post: Post, central_database: Database, wire: Wire
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        await self.revoke(central_database, refresh_too=False)
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED
        assert wire.paths("POST").count("/oauth/tokens") == 2

    async def test_without_consent_it_waits_and_goes_on_after_the_next_one(
        self,
        doctor: Browser,
        mis: Mis,
        *,
        patient_id: UUID,
        post: Post,
        central_database: Database,
        consent: Consent,
        connected: World,
    ) -> None:
        document_id = await open_episode(doctor, patient_id)
        await self.revoke(central_database, refresh_too=True)
        await post.sender.step()
        await doctor.get(f"/documents/{document_id}")
        assert "надайте доступ до ЕСОЗ ще раз" in doctor.text
        start = await doctor.client.get("/connect/start", params={"next": f"/documents/{document_id}"})
        await doctor.get(await consent.answer(connected.doctor.user_id, start.headers["location"]))
        assert doctor.path == f"/documents/{document_id}"
        await post.carry()
        assert await state_of(mis, document_id) is State.ACCEPTED

    async def test_a_page_without_consent_offers_it_and_remembers_the_way_back(
        self, doctor: Browser, patient_id: UUID, central_database: Database
    ) -> None:
        await self.revoke(central_database, refresh_too=True)
        await doctor.get(f"/patients/{patient_id}")
        assert "Надайте доступ до ЕСОЗ" in doctor.text
        assert doctor.page and f"next=%2Fpatients%2F{patient_id}" in doctor.page.text.replace("/", "%2F")


class TestQueue:
    async def test_lists_counts_and_filters(
        self, doctor: Browser, mis: Mis, patient_id: UUID, connected: World, post: Post
    ) -> None:
        await signed_visit(doctor, mis, patient_id, connected.doctor, post)
        await doctor.get("/sync")
        assert "1 із 2" in doctor.text
        assert "1 запис, передайте до 05.12.2026 (лишилося 13 днів)" in doctor.text
        await doctor.get("/sync", state="accepted")
        assert "Відкриття епізоду" in doctor.text
        assert "R74" not in doctor.text
        await doctor.get("/sync", name="Нема")
        assert "Записів немає" in doctor.text

    async def test_a_draft_can_be_thrown_away_and_a_sent_one_cannot(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        opening = await open_episode(doctor, patient_id)
        draft = await begin_visit(doctor, patient_id, await episode_of(mis, opening))
        await doctor.get(f"/documents/{draft}/discard")
        await doctor.send(f"/documents/{draft}/discard")
        assert await state_of(mis, draft) is State.DISCARDED
        await post.carry()
        await doctor.get(f"/documents/{opening}/discard")
        answer = await doctor.send(f"/documents/{opening}/discard")
        assert answer.status_code == 409
        assert await state_of(mis, opening) is State.ACCEPTED


async def test_status_page_tells_whether_central_answers(browser: Browser, wire: Wire, clock: FixedClock) -> None:
    answer = await browser.get("/status.json")
    assert answer.json()["components"]["central"] == "operational"
    wire.is_cut = True
    assert (await browser.get("/status.json")).json()["components"]["central"] == "operational"  # looked just now
    clock.forward(timedelta(seconds=15))
    assert (await browser.get("/status.json")).json()["components"]["central"] == "unreachable"
    await browser.get("/status")
    assert "Не відповідає" in browser.text


# What the desk counts → states of documents that each make one record there; a visit that a payment depends on.
COUNTED = (State.DRAFT, State.READY, State.QUEUED, State.SENDING, State.SENT, State.REFUSED, State.REFUSED)


class TestDesk:
    async def test_each_count_then_its_link_leads_to_just_these_records(
        self, doctor: Browser, mis: Mis, patient_id: UUID, post: Post
    ) -> None:
        episode_id = await episode_of(mis, await open_episode(doctor, patient_id))
        await post.carry()
        for state in COUNTED:
            visit = await begin_visit(doctor, patient_id, episode_id)
            await doctor.send(f"/visits/{visit}", do="save", complaints="Кашель")
            async with mis.services.database.connection() as db:
                await db.execute(
                    "update documents set state = $2, service_date = $3, next_at = null,"
                    ' refusal = \'{"status": 422, "type": "", "message": "", "request_id": "", "faults": []}\''
                    " where id = $1",
                    UUID(visit),
                    str(state),
                    None if state is State.DRAFT else NOW.date(),
                )
        page = (await doctor.get("/")).text
        rows = re.findall(r'value">(\d+)[^<]*</dd>\s*<dd[^>]*>\s*<a[^>]*href="(/sync[^"]*)"', page)
        assert [int(count) for count, _ in rows] == [5, 2, 6]
        for count, address in rows:
            listed = (await doctor.get(address)).text
            assert listed.count(">Відкрити<") == int(count), address
