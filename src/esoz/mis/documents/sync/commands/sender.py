"""The sender: takes queued documents to central and asks what became of them. Any number may run at once.

Nothing is lost and nothing is done twice: a document is claimed under a lease, every id in it was chosen here, so a
repeat after a lost answer is either the same job or «already exists», and then central is asked for the record.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from esoz.kernel import audit
from esoz.kernel.db import Connection
from esoz.kernel.loops import attempt, poll
from esoz.kernel.states import move
from esoz.kernel.work import Actor, AuditEntry
from esoz.mis.base.services import Services
from esoz.mis.link import access
from esoz.mis.link.access import CentralSession, ConsentNeeded
from esoz.sdk import FAILED, CentralRefused, CentralUnavailable, CentralUnreadable, failure_of, job_of

from .. import store
from ..model import (
    CENTRAL,
    CONSENT,
    CONSENT_PAUSE,
    MOVES,
    Document,
    Event,
    State,
    as_kept,
    contains,
    pause_after,
    pause_of_poll,
    says_it_is_there,
)

AT_ONCE = 4
IDLE_SECONDS = 0.5


class DocumentSender:
    """Carries documents while it runs."""

    name = "documents"

    def __init__(self, services: Services) -> None:
        self.services = services
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Carry until stopped; a database that is away is waited for."""
        await poll(self.name, self.step, idle=IDLE_SECONDS, stopping=self._stopping)

    async def step(self) -> int:
        """Carry what is due now, a few at once; return how many."""
        now = self.services.clock.now()
        async with self.services.database.transaction() as db:
            claimed = await store.claim(db, now, limit=AT_ONCE)
            for before, document in claimed:
                if before is not document.state:
                    await store.note_move(db, document.id, now, before, document.state, user_id=None, note="")
        await asyncio.gather(*(self._carry(document) for _, document in claimed))
        return len(claimed)

    async def _carry(self, document: Document) -> None:
        """Carry one document; what cannot be understood is a failed attempt of this document only."""
        fault = await attempt(self.name, self._exchange(document), document_id=document.id)
        if fault is not None:
            await self._put_off(document, type(fault).__name__)

    async def _exchange(self, document: Document) -> None:
        try:
            central = await self._session(document)
            await (self._ask(central, document) if document.state is State.SENT else self._send(central, document))
        except ConsentNeeded:
            await self._hold(document, CONSENT_PAUSE, CONSENT)
        except CentralUnavailable as fault:
            await self._put_off(document, str(fault), timedelta(seconds=fault.retry_after or 0))

    async def _session(self, document: Document) -> CentralSession:
        async with self.services.database.connection() as db:
            return await access.session_of(db, self.services, document.user_id, document.clinic_id)

    async def _send(self, central: CentralSession, document: Document) -> None:
        try:
            answer = await central.call(document.method, document.path, body=document.request())
        except CentralRefused as refused:
            await self._refused(central, document, refused)
            return
        told = answer.record()
        if answer.status == 202:
            await self._settle(document, State.SENT, job_id=job_of(told), request_id=answer.request_id)
        else:
            await self._settle(document, State.ACCEPTED, request_id=answer.request_id)

    async def _ask(self, central: CentralSession, document: Document) -> None:
        """What became of the job (JB-3)."""
        try:
            answer = await central.get(f"/api/jobs/{document.job_id}")
        except CentralRefused as refused:
            await self._job_is_gone(central, document, refused)
            return
        job = answer.record()
        if job.get("status") == "processed":
            await self._settle(document, State.ACCEPTED, request_id=answer.request_id)
        elif job.get("status") in FAILED:
            await self._refused(central, document, failure_of(job, answer.request_id))
        elif job.get("status") != "pending":
            raise CentralUnreadable("a job in an unknown state")
        else:
            waited = self.services.clock.now() - document.updated_at
            await self._hold(document, pause_of_poll(waited), "")

    async def _job_is_gone(self, central: CentralSession, document: Document, refused: CentralRefused) -> None:
        """Jobs are forgotten after a week (JB-4): the record itself says whether it was saved."""
        if refused.status == 403:
            await self._hold(document, CONSENT_PAUSE, CONSENT)
        elif refused.status >= 500:
            await self._put_off(document, str(refused))
        elif refused.status != 404:
            await self._refused(central, document, refused)
        elif await self._is_there(central, document):
            await self._settle(document, State.ACCEPTED, request_id=refused.request_id)
        else:
            await self._settle(document, State.QUEUED, note="the job is gone")

    async def _refused(self, central: CentralSession, document: Document, refused: CentralRefused) -> None:
        if refused.status >= 500:
            await self._send_later(document, str(refused))
            return
        # After a lost answer the first copy may have been taken: then this refusal is about the second one only.
        repeated = document.attempts > 1 or says_it_is_there(refused)
        if repeated and await self._is_there(central, document):
            await self._settle(document, State.ACCEPTED, request_id=refused.request_id)
            return
        await self._settle(document, State.REFUSED, refusal=as_kept(refused), request_id=refused.request_id)

    async def _is_there(self, central: CentralSession, document: Document) -> bool:
        try:
            answer = await central.get(document.found_at)
        except CentralRefused:
            return False
        return contains(answer.data, document.found_as)

    async def _put_off(self, document: Document, note: str, least: timedelta = timedelta()) -> None:
        """Central is away: a job is asked about later, a document is sent again later, as late as it asked at least."""
        if document.state is State.SENT:
            await self._hold(document, max(pause_after(1), least), CENTRAL)
        else:
            await self._send_later(document, note, least)

    async def _send_later(self, document: Document, note: str, least: timedelta = timedelta()) -> None:
        pause = max(pause_after(document.attempts), least)
        await self._settle(document, State.QUEUED, note=note, waits_for=CENTRAL, pause=pause)

    async def _hold(self, document: Document, pause: timedelta, waits_for: str) -> None:
        async with self.services.database.transaction() as db:
            await store.hold(db, document.id, self.services.clock.now() + pause, waits_for)

    async def _settle(
        self,
        document: Document,
        target: State,
        *,
        note: str = "",
        pause: timedelta = timedelta(seconds=1),
        **columns: Any,
    ) -> None:
        """Move the document on, with its history and its line in the audit log."""
        now = self.services.clock.now()
        final = target in {State.ACCEPTED, State.REFUSED}
        async with self.services.database.transaction() as db:
            held = await store.find(db, document.id, lock=True)
            if held is None or (held.state, held.attempts) != (document.state, document.attempts):
                return  # another sender took it over after the lease
            after = move(MOVES, held.state, target)
            await store.note_move(db, document.id, now, held.state, after, user_id=None, note=note)
            times = {"updated_at": now, "next_at": None if final else now + pause, "settled_at": now if final else None}
            await store.change(db, document.id, state=str(after), **times, **{"waits_for": "", **columns})
            if final:
                await _audit(db, document, target, now)


async def _audit(db: Connection, document: Document, state: State, now: datetime) -> None:
    event = Event.ACCEPTED if state is State.ACCEPTED else Event.REFUSED
    actor = Actor(user_id=document.user_id, client_id=document.clinic_id)
    entry = AuditEntry(str(event), str(document.id), document.patient_id, {"kind": document.kind})
    await audit.write(db, audit.AuditContext(now, str(document.id), str(event), actor), [entry])
