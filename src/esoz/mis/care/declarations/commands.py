"""The way to a declaration: asked for, confirmed by the patient, signed. What is done twice is done once.

Central keeps the request, so nothing of it is kept here: whoever opens it, at any workplace of the clinic, goes on
where it stands. An answer that was lost is looked up before anything is said to have failed.
"""

import base64
from collections.abc import Iterable
from uuid import UUID

from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage, Services
from esoz.mis.base.workplace import holders
from esoz.mis.link.access import ConsentNeeded, calling, session_of
from esoz.sdk import CentralRefused

from . import queries, store, wire
from .forms import Chosen
from .model import FOLLOWED_EVERY, KEPT, Event, Request, Scan

REQUESTS = queries.REQUESTS
DOCTORS = frozenset({"DOCTOR"}) & holders("declaration:read")
MOST_FOLLOWED = 5


async def ask(page: MisPage, person_id: UUID, chosen: Chosen) -> UUID:
    """Ask the patient whether they choose this doctor; return the request. Raises CentralError."""
    central = await calling(page)
    token = page.form.text("form_token")
    answer = await central.call(
        "POST",
        REQUESTS,
        body=wire.new_request(person_id, chosen.doctor.employee_id, chosen.division_id, chosen.way),
        # A copy after a lost answer sends no second SMS.
        idempotency_key=f"declaration-{token}" if token else "",
    )
    made = wire.read_request(answer)
    await record(page, Event.REQUESTED, made.id, patient_id=person_id)
    return made.id


async def send_scans(page: MisPage, request: Request, scans: Iterable[tuple[Scan, bytes]]) -> None:
    """Carry scans of the patient's papers to central by its signed links. Raises CentralError."""
    sent = 0
    for scan, content in scans:
        await page.services.central.upload(scan.url, content)
        sent += 1
    if sent:
        await record(page, Event.SCANS_SENT, request.id, patient_id=request.patient_id, sent=sent)


async def approve(page: MisPage, request: Request, code: int | None) -> Request:
    """The patient has confirmed, by a code or by papers. Raises CentralError."""
    central = await calling(page)
    body = {} if code is None else {"verification_code": code}
    try:
        # A wrong code is refused as if it were the user who may not do it.
        answer = await central.call("PATCH", f"{REQUESTS}/{request.id}/actions/approve", body=body, doubt=False)
    except CentralRefused as refused:
        found = await _after(page, request, refused)
        if found.status != "APPROVED":
            raise
        return found
    await record(page, Event.APPROVED, request.id, patient_id=request.patient_id)
    return wire.read_request(answer)


async def _after(page: MisPage, request: Request, refused: CentralRefused) -> Request:
    """The request as it is after a conflict: what was refused may have been done before, and its answer lost."""
    return await queries.request(page, request.id) if refused.status in {409, 422} else request


async def resend(page: MisPage, request: Request) -> None:
    """Send the patient another code; the one before is void. Raises CentralError."""
    central = await calling(page)
    await central.post(f"{REQUESTS}/{request.id}/actions/resend_otp")
    await record(page, Event.CODE_RESENT, request.id, patient_id=request.patient_id)


async def withdraw(page: MisPage, request: Request) -> None:
    """Give a request up. One that is given up already stays so. Raises CentralError."""
    central = await calling(page)
    try:
        await central.patch(f"{REQUESTS}/{request.id}/actions/reject")
    except CentralRefused as refused:
        if (await _after(page, request, refused)).status != "REJECTED":
            raise
        return
    await record(page, Event.WITHDRAWN, request.id, patient_id=request.patient_id)


async def sign(page: MisPage, request: Request, signed: bytes) -> None:
    """Send what the doctor signed: central makes one declaration of it, however often it comes. Raises CentralError."""
    central = await calling(page)
    body = {
        "signed_declaration_request": base64.b64encode(signed).decode(),
        "signed_content_encoding": "base64",
    }
    try:
        await central.patch(f"{REQUESTS}/{request.id}/actions/sign", body)
    except CentralRefused as refused:
        if (await _after(page, request, refused)).status != "SIGNED":
            raise
    await store.outdate(page.db, store.Office(page.user.work.clinic_id, request.employee_id))
    await record(page, Event.SIGNED, request.id, patient_id=request.patient_id)


async def read_list(page: MisPage, employee_id: UUID) -> None:
    """Read a doctor's patients anew. Raises CentralError."""
    office = store.Office(page.user.work.clinic_id, employee_id)
    await store.replace(page.db, office, await queries.declared_with(await calling(page), office), page.now)


async def follow(services: Services) -> None:
    """Read lists of doctors that nobody opened for a day, each with the doctor's own token. Raises CentralError."""
    now = services.clock.now()
    async with services.database.transaction() as db:
        await store.forget(db, now - KEPT)
        due = await store.to_follow(db, sorted(DOCTORS), now - FOLLOWED_EVERY, MOST_FOLLOWED)
    for row in due:
        office = store.Office(row["clinic_id"], row["employee_id"])
        async with services.database.transaction() as db:
            try:
                central = await session_of(db, services, row["user_id"], office.clinic_id)
                await store.replace(db, office, await queries.declared_with(central, office), now)
            except (CentralRefused, ConsentNeeded):  # asked for again tomorrow, or when the doctor opens the list
                await store.note_try(db, office, now)
