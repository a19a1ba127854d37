"""A job is judged by its arrival, however late a worker comes: neither refused nor made right by waiting."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from esoz.central.records.model import jobs
from esoz.central.workforce.commands import dismiss
from esoz.kernel.clock import FixedClock
from esoz.kernel.db import Connection
from esoz.kernel.jobs import Worker
from esoz.kernel.work import SignatureVerifier, SignedContent, Work
from esoz.signature import Authority, Subject
from tests.central.answers import refused
from tests.central.records.test_cancel import LETTER, TYPO, report_package, stored
from tests.factories.records import Chart, moment, new_episode, observation, package
from tests.factories.world import Caller

LATE = timedelta(hours=3)
Send = Callable[[Chart, Caller], Awaitable[httpx.Response]]


async def send_package(chart: Chart, signer: Caller, **changes: Any) -> httpx.Response:
    of = chart.again()
    body = chart.body(package(of, **changes), signer=signer, visiting=of)
    return await chart.doctor.post(f"{chart.path}/encounter_package", body)


async def cancel_package(chart: Chart, signer: Caller) -> httpx.Response:
    explained = {"cancellation_reason": TYPO, "explanatory_letter": LETTER}
    encounter = await stored(chart, "encounters", chart.visiting.encounter)
    observed = await stored(chart, "observations", chart.visiting.observation)
    document = {
        "encounter": encounter | explained,
        "observations": [observed | {"status": "entered_in_error", "explanatory_letter": LETTER}],
    }
    return await chart.doctor.patch(f"{chart.path}/encounter_package", {"signed_data": signer.sign(document)})


async def send_report(chart: Chart, signer: Caller) -> httpx.Response:
    body = {"signed_data": signer.sign(report_package(chart))}
    return await chart.doctor.post(f"{chart.path}/diagnostic_report_package", body)


async def cancel_report(chart: Chart, signer: Caller) -> httpx.Response:
    report = await stored(chart, "diagnostic_reports")
    document = {"diagnostic_report": report | {"status": "entered_in_error", "cancellation_reason": TYPO}}
    body = {"signed_data": signer.sign(document)}
    return await chart.doctor.patch(f"{chart.path}/diagnostic_report_package", body)


SIGNED: dict[str, Send] = {
    jobs.PACKAGE_CREATE.name: send_package,
    jobs.PACKAGE_CANCEL.name: cancel_package,
    jobs.REPORT_CREATE.name: send_report,
    jobs.REPORT_CANCEL.name: cancel_report,
}
UNSIGNED = {jobs.EPISODE_CREATE, jobs.EPISODE_UPDATE, jobs.EPISODE_CLOSE, jobs.EPISODE_CANCEL}


def test_every_kind_of_job_is_walked_here() -> None:
    assert {*SIGNED, *(kind.name for kind in UNSIGNED)} == set(jobs.SUBMITTED)


def signing_until(chart: Chart, authority: Authority, life: timedelta) -> Caller:
    """The doctor with a certificate that ends so soon."""
    doctor = chart.doctor
    subject = Subject(surname="Тест", given_name="Тест", drfo=doctor.tax_id)
    begins = doctor.now - timedelta(days=1)
    return replace(doctor, key=authority.issue(subject, valid_from=begins, valid_to=doctor.now + life))


async def ready_for(chart: Chart, kind: str) -> None:
    """What a cancellation takes back is there."""
    if kind == jobs.PACKAGE_CANCEL.name:
        assert (await chart.send(package(chart.visiting))).status_code == 303
    if kind == jobs.REPORT_CANCEL.name:
        assert (await chart.outcome(await send_report(chart, chart.doctor))).status_code == 303


# JB-1, EN-1: the certificate was good when the document came.
@pytest.mark.parametrize("kind", SIGNED)
async def test_certificate_ends_before_the_worker_comes_then_taken(
    kind: str, opened: Chart, catalogued: None, authority: Authority, clock: FixedClock
) -> None:
    await ready_for(opened, kind)
    accepted = await SIGNED[kind](opened, signing_until(opened, authority, timedelta(minutes=5)))
    clock.forward(LATE)
    done = await opened.outcome(accepted)
    assert done.status_code == 303, done.text


@pytest.mark.parametrize("kind", SIGNED)
async def test_certificate_ended_before_the_document_came_then_refused(
    kind: str, opened: Chart, catalogued: None, authority: Authority, clock: FixedClock
) -> None:
    await ready_for(opened, kind)
    signer = signing_until(opened, authority, timedelta(minutes=5))
    clock.forward(timedelta(minutes=6))
    error = refused(await SIGNED[kind](opened, signer), 422, "validation_failed")
    assert error["invalid"][0]["entry"] == "$.signed_data"


# EN-5
class TestSevenDays:
    async def test_sent_in_the_last_minute_and_performed_later_then_taken(
        self, opened: Chart, clock: FixedClock
    ) -> None:
        clock.moment = opened.visiting.now + timedelta(days=7, minutes=-31)  # the visit ended half an hour before now
        accepted = await opened.doctor.post(f"{opened.path}/encounter_package", opened.body(package(opened.visiting)))
        clock.forward(LATE)
        done = await opened.outcome(accepted)
        assert done.status_code == 303, done.text

    async def test_sent_after_them_then_refused(self, opened: Chart, clock: FixedClock) -> None:
        clock.moment = opened.visiting.now + timedelta(days=7, minutes=-30)
        done = await opened.send(package(opened.visiting))
        assert done.json()["data"]["error"]["invalid"][0]["entry"] == "$.encounter.period.end"


class TestTooEarly:
    """What was of the future when it came is not made right by a late worker."""

    def later(self, chart: Chart) -> str:
        return moment(chart.visiting.now + timedelta(minutes=10))

    # EN-5
    async def test_encounter_then_refused(self, opened: Chart, clock: FixedClock) -> None:
        period = {"start": moment(opened.visiting.started), "end": self.later(opened)}
        accepted = await send_package(opened, opened.doctor, encounter_changes={"period": period})
        clock.forward(LATE)
        done = await opened.outcome(accepted)
        assert done.json()["data"]["error"]["invalid"][0]["entry"] == "$.encounter.period.end"

    # CE-2
    async def test_observation_then_refused(self, opened: Chart, clock: FixedClock) -> None:
        of = opened.again()
        content = package(of, observations=[observation(of, issued=self.later(opened))])
        accepted = await opened.doctor.post(f"{opened.path}/encounter_package", opened.body(content, visiting=of))
        clock.forward(LATE)
        done = await opened.outcome(accepted)
        assert done.json()["data"]["error"]["invalid"][0]["entry"] == "$.observations[0].issued"

    # EP-1
    async def test_episode_then_refused(self, chart: Chart, clock: FixedClock) -> None:
        body = new_episode(chart.visiting, period={"start": self.later(chart)})
        accepted = await chart.doctor.post(f"{chart.path}/episodes", body)
        clock.forward(LATE)
        done = await chart.outcome(accepted)
        assert done.json()["data"]["error"]["invalid"][0]["entry"] == "$.period.start"


# EN-4, EP-1: who was dismissed since then still worked when it came.
class TestDismissedMeanwhile:
    async def dismissed(self, work: Work, chart: Chart, at: FixedClock) -> None:
        work.now = at.now()
        work.actor = replace(work.actor, client_id=chart.doctor.client_id)
        await dismiss(work, chart.visiting.doctor)

    async def test_after_the_package_came_then_taken(self, opened: Chart, clock: FixedClock, work: Work) -> None:
        accepted = await send_package(opened, opened.doctor)
        clock.forward(timedelta(minutes=1))
        await self.dismissed(work, opened, clock)
        clock.forward(LATE)
        job = accepted.json()["data"]["links"][0]["href"].rsplit("/", 1)[-1]
        while await opened.worker.perform_one():
            pass
        assert await status_of(work.db, job) == ("processed", None)

    async def test_after_the_episode_came_then_opened(self, chart: Chart, clock: FixedClock, work: Work) -> None:
        accepted = await chart.doctor.post(f"{chart.path}/episodes", new_episode(chart.visiting))
        clock.forward(timedelta(minutes=1))
        await self.dismissed(work, chart, clock)
        while await chart.worker.perform_one():
            pass
        job = accepted.json()["data"]["links"][0]["href"].rsplit("/", 1)[-1]
        assert await status_of(work.db, job) == ("processed", None)


async def status_of(db: Connection, job_id: str) -> tuple[str, object]:
    row = await db.fetchrow("select status, error from jobs where id = $1", job_id)
    return row["status"], row["error"]


async def test_stored_then_with_the_moment_of_the_performance(opened: Chart, clock: FixedClock, db: Connection) -> None:
    """Systems that ask for what is new since their last question miss nothing."""
    accepted = await send_package(opened, opened.doctor)
    clock.forward(LATE)
    assert (await opened.outcome(accepted)).status_code == 303
    for table in ("visits", "encounters", "conditions", "observations"):
        assert await db.fetchval(f"select max(inserted_at) from {table}") == clock.now(), table
    assert await db.fetchval("select max(updated_at) from episodes") == clock.now()
    assert await db.fetchval("select max(finished_at) from jobs") == clock.now()
    assert await db.fetchval("select max(at) from audit_events where event = 'encounter_package.stored'") == clock.now()


class Counting:
    """The verifier, and how often it was asked."""

    def __init__(self, verifier: SignatureVerifier) -> None:
        self._verifier, self.times = verifier, 0

    def __call__(self, document: bytes, *, at: datetime, now: datetime | None = None) -> SignedContent:
        self.times += 1
        return self._verifier(document, at=at, now=now)


@pytest.mark.parametrize("kind", SIGNED)
async def test_signed_then_judged_once_and_what_an_earlier_release_queued_when_it_is_performed(
    opened: Chart, catalogued: None, worker: Worker, db: Connection, kind: str
) -> None:
    await ready_for(opened, kind)
    sent = await SIGNED[kind](opened, opened.doctor)
    assert sent.status_code == 202
    verifier = Counting(worker.dependencies.verifier)
    worker.dependencies = replace(worker.dependencies, verifier=verifier)
    payload, number = tuple(await db.fetchrow("select payload, number from jobs where status = 'pending'"))
    body = json.loads(payload)
    assert body.pop("proven")["signer"]["drfo"] == opened.doctor.tax_id
    await db.execute("savepoint before")
    assert await worker.perform_one()
    assert verifier.times == 0
    first = await db.fetchrow("select status, links from jobs where number = $1", number)
    await db.execute("rollback to savepoint before")
    await db.execute("update jobs set payload = $2 where number = $1", number, json.dumps(body).encode())
    assert await worker.perform_one()
    assert verifier.times == 1
    assert first == await db.fetchrow("select status, links from jobs where number = $1", number)
    assert first["status"] == "processed"


async def test_the_same_signed_document_sent_twice_then_one_job(opened: Chart, db: Connection) -> None:
    of = opened.again()
    body = opened.body(package(of), signer=opened.doctor, visiting=of)
    sent = [await opened.doctor.post(f"{opened.path}/encounter_package", body) for _ in "12"]
    ids = {each.json()["data"]["links"][0]["href"] for each in sent}
    assert len(ids) == 1
    assert await db.fetchval("select count(*) from jobs where status = 'pending'") == 1
