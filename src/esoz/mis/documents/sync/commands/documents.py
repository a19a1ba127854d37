"""What a user does with a document: begin, save, fix its bytes, queue, send again, discard."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.errors import Conflict
from esoz.kernel.pages import mark as _
from esoz.kernel.states import move
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from .. import store
from ..model import MOVES, Document, Draft, Event, Overtaken, State
from ..queries import mine

NOT_EDITABLE = _("Запис уже підписано й надіслано: змінити його не можна.")
CHANGED = _("Запис змінено в іншій вкладці або на іншому пристрої.")


async def begin(page: MisPage, draft: Draft) -> Document:
    """Begin a document, or go on with the one of this kind in this episode that was begun and left blank."""
    left = await store.find_blank(page.db, page.user.id, page.user.work.clinic_id, draft.episode_id, draft.kind)
    if left is None:
        return await create(page, draft)
    return await store.change(page.db, left, form=dict(draft.form), created_at=page.now, updated_at=page.now)


async def create(page: MisPage, draft: Draft) -> Document:
    """Begin a document in the name of the page's user."""
    document_id = new_id()
    await store.add(
        page.db,
        id=document_id,
        kind=draft.kind,
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        patient_id=draft.patient_id,
        episode_id=draft.episode_id,
        record_id=draft.record_id,
        title=draft.title,
        form=dict(draft.form),
        method=draft.method,
        path=draft.path,
        signed_field=draft.signed_field,
        unsigned=dict(draft.unsigned),
        found_at=draft.found_at,
        found_as=dict(draft.found_as),
        state=str(State.DRAFT),
        is_blank=draft.is_blank,
        created_at=page.now,
        updated_at=page.now,
    )
    await record(page, Event.DRAFTED, document_id, patient_id=draft.patient_id, kind=draft.kind)
    return await mine(page, document_id)


async def save_form(page: MisPage, document_id: UUID, form: Mapping[str, str], *, seen: str = "") -> Document:
    """Keep the form as it was typed; what was ready or refused becomes a draft again.

    `seen`: the version that the form was filled in from, when it says so. Raises Overtaken.
    """
    document = await mine(page, document_id, lock=True)
    if not document.is_editable:
        raise Overtaken(NOT_EDITABLE)
    if seen not in {"", document.version} and document.form != dict(form):
        raise Overtaken(CHANGED)
    if document.state is State.REFUSED:
        await record(page, Event.CORRECTED, document.id, patient_id=document.patient_id)
    if document.state is not State.DRAFT:
        await _move(page, document, State.DRAFT)
    return await store.change(
        page.db,
        document.id,
        form=dict(form),
        is_blank=document.is_blank and document.form == dict(form),
        state=str(State.DRAFT),
        content=None,
        signed=None,
        updated_at=page.now,
    )


async def move_to(page: MisPage, document: Document, episode_id: UUID) -> Document:
    """Put a document that central does not have into another episode; its bytes are made anew. Raises Overtaken."""
    draft = await save_form(page, document.id, document.form)
    await record(page, Event.MOVED, draft.id, patient_id=draft.patient_id)
    return await store.change(page.db, draft.id, episode_id=episode_id, updated_at=page.now)


async def fix(
    page: MisPage,
    document: Document,
    content: bytes,
    *,
    unsigned: Mapping[str, object],
    code: str,
    service_date: date | None,
) -> Document:
    """Fix the bytes: a document to be signed is ready, another one is queued at once."""
    changed = await store.change(
        page.db,
        document.id,
        content=content,
        unsigned=dict(unsigned),
        code=code,
        service_date=service_date,
        title=document.title,
        updated_at=page.now,
    )
    if changed.needs_signature:
        await _move(page, changed, State.READY)
        return await store.change(page.db, changed.id, state=str(State.READY))
    return await queue(page, changed, None)


async def queue(page: MisPage, document: Document, signed: bytes | None) -> Document:
    """Queue a document, with its signature when it needs one. Raises Conflict when it is not ready for that."""
    locked = await mine(page, document.id, lock=True)
    if locked.content != document.content:
        raise Conflict()
    await _move(page, locked, State.QUEUED)
    if signed is not None:
        await record(page, Event.SIGNED, locked.id, patient_id=locked.patient_id)
    return await store.change(
        page.db,
        locked.id,
        state=str(State.QUEUED),
        signed=signed,
        attempts=0,
        job_id="",
        waits_for="",
        refusal=None,
        queued_at=page.now,
        next_at=page.now,
        updated_at=page.now,
    )


async def resend(page: MisPage, document_id: UUID) -> Document:
    """Send a refused document again as it is: what was wrong has been put right elsewhere."""
    document = await mine(page, document_id, lock=True)
    await _move(page, document, State.QUEUED)
    await record(page, Event.RESENT, document.id, patient_id=document.patient_id)
    return await store.change(
        page.db,
        document.id,
        state=str(State.QUEUED),
        attempts=0,
        job_id="",
        waits_for="",
        next_at=page.now,
        queued_at=page.now,
        updated_at=page.now,
    )


async def discard(page: MisPage, document_id: UUID) -> None:
    """Throw away what central does not have."""
    document = await mine(page, document_id, lock=True)
    await _move(page, document, State.DISCARDED)
    await store.change(page.db, document.id, state=str(State.DISCARDED), updated_at=page.now, settled_at=page.now)
    await record(page, Event.DISCARDED, document.id, patient_id=document.patient_id)


async def _move(page: MisPage, document: Document, target: State) -> None:
    """Ask the table of moves and write the history."""
    after = move(MOVES, document.state, target, message=NOT_EDITABLE)
    await store.note_move(page.db, document.id, page.now, document.state, after, user_id=page.user.id, note="")
