"""Writing a prescription. Whatever could be done twice is looked up in central before it is done.

An answer of central can be lost while the act itself was done. So a draft is searched for before it is made, and a
prescription before its signature is sent again: a second click or a second try never makes a second prescription.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage
from esoz.mis.link.access import CentralSession, calling
from esoz.sdk import Answer, CentralRefused, CentralUnavailable, understanding, whole

from .. import queries, store
from ..model.course import Course, coming_after, is_same, order
from ..model.note import code_on_form
from ..model.prescriptions import MOVES, Event, Prescription, State, Way, best
from .beginning import weigh

MOST_PREVIOUS = 10


async def find(page: MisPage, prescription_id: UUID, *, lock: bool = False) -> Prescription:
    """One of the user's own. Raises NotFound."""
    return await store.find(
        page.db, prescription_id, user_id=page.user.id, clinic_id=page.user.work.clinic_id, lock=lock
    )


async def keep_form(page: MisPage, rx: Prescription, values: Mapping[str, str]) -> Prescription:
    """Keep what was typed; the check and the answers of before are no longer good."""
    return await _save(page, rx, form=dict(values), reason=None, answers={})


async def answer(page: MisPage, rx: Prescription, answers: Mapping[str, Mapping[str, str]]) -> Prescription:
    """Keep why the doctor prescribes so although something was doubted."""
    given = {doubt: each["reason"] for doubt, each in answers.items()}
    await record(page, Event.DOUBTS_ANSWERED, rx.id, patient_id=rx.patient_id, answers=given)
    return await _save(page, rx, answers={**rx.answers, **answers})


async def check(page: MisPage, rx: Prescription) -> Prescription:
    """Ask central which programmes take it; another one is chosen when that of before does not. Raises CentralError."""
    central = await calling(page)
    programmes = await queries.programmes(page, central)
    if rx.programme not in programmes:
        programmes = [rx.programme, *programmes]
    [offered] = await queries.offers(central, programmes, [rx.drug.id])
    if rx.programme.id not in {programme.id for programme, _drug in offered}:
        offered = [(rx.programme, rx.drug), *offered]
    ways = await weigh(page, central, rx.place, offered, dict(rx.form))
    chosen = best(ways, kept=rx.programme.id) or Way(rx.programme, rx.drug)
    await record(page, Event.CHECKED, rx.id, patient_id=rx.patient_id, valid=not chosen.reason)
    return await _take_way(page, rx, chosen, ways=tuple(ways))


async def choose_programme(page: MisPage, rx: Prescription, programme_id: UUID) -> Prescription:
    """Prescribe by another programme that central takes it by; nothing changes for one that it does not."""
    way = next((each for each in rx.open_ways if each.programme.id == programme_id), None)
    if rx.state is not State.DRAFT or way is None:
        return rx
    await record(page, Event.PROGRAMME_CHOSEN, rx.id, patient_id=rx.patient_id, programme_id=str(programme_id))
    return await _take_way(page, rx, way)


async def _take_way(page: MisPage, rx: Prescription, way: Way, **changes: Any) -> Prescription:
    return await _save(page, rx, programme=way.programme, drug=way.drug, reason=way.reason, **changes)


async def make(page: MisPage, rx: Prescription, course: Course) -> Prescription:
    """Let central make the draft that will be signed. Raises CentralError; then nothing is changed here.

    Returns another prescription of ours when it is the one that holds just this draft already.
    """
    if rx.state is not State.DRAFT:
        return rx
    central, asked = await calling(page), await _order(page, rx, course)
    data, informed = await _find_made(central, rx, asked), rx.informed
    if data is None:
        answer = await central.post("/api/medication_request_requests", {"medication_request_request": asked})
        data, informed = answer.record(), _contact(answer.urgent.get("authentication_method_current") or {})
    else:
        other = await store.of_request(page.db, UUID(data["id"]), rx.clinic_id)
        if other is not None:
            return other
    await record(page, Event.MADE, rx.id, patient_id=rx.patient_id, request_id=data["id"])
    return await _save(
        page,
        rx,
        state=move(MOVES, rx.state, State.MADE),
        request_id=UUID(data["id"]),
        request_number=data.get("request_number") or "",
        informed=informed,
        content=None,
        signed=None,
    )


async def _order(page: MisPage, rx: Prescription, course: Course) -> dict[str, Any]:
    asked = order(rx.drug, course, rx.place, rx.programme.id, page.today)
    if rx.series_id is None or rx.series_place == 1:
        return asked
    before = [each for each in await store.of_series(page.db, rx.series_id) if each.series_place < rx.series_place]
    prior = before[-1].request_id if before else None
    return asked if prior is None else coming_after(asked, prior)


def _contact(informed: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(informed.get(name) or "") for name in ("type", "number")} if informed else {}


async def _find_made(central: CentralSession, rx: Prescription, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A draft of just this content that waits for a signature: an answer of before was lost."""
    answer = await whole(
        central,
        f"/api/persons/{rx.patient_id}/medication_request_requests",
        status="NEW",
        intent="order",
        encounter_id=rx.encounter_id,
        employee_id=rx.employee_id,
    )
    return next((each for each in answer.rows() if is_same(asked, each)), None)


async def to_sign(page: MisPage, rx: Prescription) -> Prescription:
    """The exact bytes to be signed, fetched once. Back to DRAFT when central's draft is no longer waiting."""
    if rx.state is not State.MADE or rx.content is not None:
        return rx
    answer = await _draft_of(await calling(page), rx)
    if answer is None or answer.record()["status"] != "NEW":
        return await _save(page, rx, **_AGAIN)
    return await _save(page, rx, content=msgspec.json.encode(answer.record()))


_AGAIN: Mapping[str, object] = {
    "state": State.DRAFT,
    "reason": None,
    "request_id": None,
    "request_number": "",
    "content": None,
    "signed": None,
}


async def _draft_of(central: CentralSession, rx: Prescription) -> Answer | None:
    """Central's draft; None when it has none."""
    try:
        return await central.get(f"/api/persons/{rx.patient_id}/medication_request_requests/{rx.request_id}")
    except CentralRefused as refused:
        if refused.status != 404:
            raise
        return None


async def sign(page: MisPage, rx: Prescription, signed: bytes) -> Prescription:
    """Send the signed document. SENT when the answer was lost. Raises CentralRefused when central does not take it."""
    if rx.state is not State.MADE:
        return rx
    rx = replace(rx, signed=signed)
    central = await calling(page)
    try:
        with understanding():
            return await _issue(page, central, rx, await _send(central, rx))
    except CentralUnavailable:
        return await _save(page, rx, state=move(MOVES, rx.state, State.SENT))
    except CentralRefused:
        found = await _signed_before(page, central, rx)
        if found is None:
            raise
        return found


async def settle(page: MisPage, rx: Prescription) -> Prescription:
    """Find out what became of a signature whose answer was lost; send it again only when central still waits for it.

    Raises CentralError.
    """
    if rx.state is not State.SENT:
        return rx
    central = await calling(page)
    found = await _signed_before(page, central, rx)
    if found is not None:
        return found
    return await _issue(page, central, rx, await _send(central, rx))


async def _signed_before(page: MisPage, central: CentralSession, rx: Prescription) -> Prescription | None:
    """The prescription when central has it, the draft of before when central's ended; None while central waits."""
    answer = await central.get(f"/api/persons/{rx.patient_id}/medication_requests", request_number=rx.request_number)
    issued = next((each for each in answer.rows() if each.get("request_number") == rx.request_number), None)
    if issued is not None:
        return await _issue(page, central, rx, issued)
    draft = await _draft_of(central, rx)
    ended = draft is None or draft.record()["status"] in {"EXPIRED", "REJECTED"}
    return await _save(page, rx, **_AGAIN) if ended else None


async def _send(central: CentralSession, rx: Prescription) -> Mapping[str, Any]:
    document = base64.b64encode(rx.signed or b"").decode()
    answer = await central.patch(
        f"/api/medication_request_requests/{rx.request_id}/actions/sign",
        {"signed_medication_request_request": document, "signed_content_encoding": "base64"},
    )
    return answer.record()


async def _issue(page: MisPage, central: CentralSession, rx: Prescription, issued: Mapping[str, Any]) -> Prescription:
    request_id = UUID(issued["id"])
    code = (
        code_on_form(issued["printout_form"])
        if issued.get("printout_form")
        else await queries.printed_code(central, rx.patient_id, request_id)
    )
    await record(page, Event.ISSUED, rx.id, patient_id=rx.patient_id, request_id=str(request_id))
    return await _save(
        page,
        rx,
        state=move(MOVES, rx.state, State.ISSUED),
        request_id=request_id,
        status=issued["status"],
        request_number=issued.get("request_number") or rx.request_number,
        status_at=page.now,
        code_on_note=code is not None,
        valid_to=date.fromisoformat(issued["dispense_valid_to"]) if issued.get("dispense_valid_to") else None,
    )


async def reopen(page: MisPage, rx: Prescription) -> Prescription:
    """Change what waits for a signature: central's draft is given up first. Raises CentralError."""
    if rx.state is not State.MADE:
        return rx
    await drop_following(page, rx)
    central = await calling(page)
    try:
        await central.patch(f"/api/medication_request_requests/{rx.request_id}/actions/reject")
    except CentralRefused as refused:
        if refused.status != 409:
            raise
        found = await _signed_before(page, central, rx)
        if found is not None:
            return found
        raise
    await record(page, Event.REOPENED, rx.id, patient_id=rx.patient_id)
    return await _save(page, rx, **_AGAIN)


async def discard(page: MisPage, rx: Prescription) -> Prescription:
    """Throw a draft away; one that central keeps is given up there. Raises CentralError."""
    await drop_following(page, rx)
    rx = await reopen(page, rx)
    if rx.state is not State.DRAFT:
        return rx
    await record(page, Event.DISCARDED, rx.id, patient_id=rx.patient_id)
    return await _save(page, rx, state=move(MOVES, rx.state, State.DISCARDED))


async def forget_made(page: MisPage, made: Sequence[Prescription]) -> None:
    """Take what was made for drafts again while central is away: the first one, the others are written anew from it."""
    first, *others = [await _save(page, rx, **{**_AGAIN, "reason": rx.reason}) for rx in made]
    for link in (*others, *await store.of_series(page.db, first.series_id or first.id, after=first.series_place)):
        if link.state is State.DRAFT:
            await _save(page, link, state=move(MOVES, link.state, State.DISCARDED))


async def drop_following(page: MisPage, rx: Prescription) -> None:
    """Throw away what comes after it in its series and is not signed: it would name a draft that is no more."""
    if rx.series_id is not None:
        for link in reversed(await store.of_series(page.db, rx.series_id, after=rx.series_place)):
            if link.state in {State.DRAFT, State.MADE}:
                await discard(page, link)


async def _save(page: MisPage, rx: Prescription, **changes: Any) -> Prescription:
    changed = replace(rx, updated_at=page.now, **changes)
    await store.save(page.db, changed)
    return changed


async def unfinished(page: MisPage, patient_id: UUID) -> Sequence[Prescription]:
    """The user's own for a patient that are not signed yet."""
    return await store.unfinished(page.db, patient_id, page.user.id, page.user.work.clinic_id)


async def of_encounter(page: MisPage, encounter_id: UUID) -> Sequence[Prescription]:
    """The user's own of an encounter that are not signed yet, in the order in which they were written."""
    return await store.of_encounter(page.db, encounter_id, page.user.id, page.user.work.clinic_id)


async def previous(page: MisPage, patient_id: UUID) -> Sequence[Prescription]:
    """What the user's clinic prescribed to a patient before, each medicine as it was written last."""
    return await store.previous(page.db, patient_id, page.user.work.clinic_id, limit=MOST_PREVIOUS)
