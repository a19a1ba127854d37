"""Pages of synchronisation: the queue, a document, signing, sending again."""

from starlette.responses import Response

from esoz.kernel.db import Row
from esoz.kernel.errors import Problem, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.kernel.pages.display import full_name
from esoz.mis.base import tables
from esoz.mis.base.journal import record
from esoz.mis.base.section import NavItem, Section, ToSign
from esoz.mis.base.services import MisPage, MisPages
from esoz.mis.base.workplace import MEDICAL
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.errors import explain

from . import forms, queries, store
from .commands import documents
from .model import SHOWN, Document, Event, State, as_refused, deadline, edit_path, onward

pages: MisPages = MisPages()

LIST_SIZE = 50  # a long day of work on one page
SIGNED = _("Підписано. Запис надсилається до ЕСОЗ.")
RESENT = _("Записи надсилаються до ЕСОЗ ще раз.")
DISCARDED = _("Запис видалено.")
WAITS_ITS_TURN = _("У черзі")
HEADS = (
    *(_("Пацієнт"), _("Документ"), _("Код"), _("День прийому"), _("Змінено"), _("Стан"), _("Причина відмови")),
    *(_("Номер запиту в ЕСОЗ"), _("Передати для оплати до")),
)
MOST_IN_FILE = 10_000


@pages.add("GET /sync", roles=MEDICAL, reads=True)
async def queue(page: MisPage) -> Response:
    user, clinic_id = page.user, page.user.work.clinic_id
    titles, reasons = await queries.choices(page)
    asked = forms.read(page.query, reasons)
    found = await store.listed(page.db, user.id, clinic_id, asked.wanted, page=page.list_page(LIST_SIZE))
    counts = await queries.counts(page)
    refused = await queries.refused(page) if counts.refused else []
    await record(page, Event.LISTED, "documents", found=found.total)
    return page.render(
        "sync/queue.html",
        found=found,
        counts=counts,
        to_sign=counts.to_sign,
        values=asked.values,
        errors=asked.errors,
        titles=titles,
        reasons=sorted(reasons),
        deadline=queries.payment_deadline(counts),
        refused=[(row, explain(page, as_refused(row["refusal"]))[0]) for row in refused],
    )


@pages.add("GET /sync/list.csv", roles=MEDICAL, reads=True)
async def as_file(page: MisPage) -> Response:
    """The list as it is narrowed on the screen, whole."""
    _titles, reasons = await queries.choices(page)
    wanted = forms.read(page.query, reasons).wanted
    rows = await store.whole(page.db, page.user.id, page.user.work.clinic_id, wanted, limit=MOST_IN_FILE)
    await record(page, Event.EXPORTED, "documents", found=len(rows))
    return tables.file(page, HEADS, [_line(page, row) for row in rows], "documents")


def _line(page: MisPage, row: Row) -> tuple[object, ...]:
    refused = as_refused(row["refusal"]) if row["state"] == State.REFUSED and row["refusal"] else None
    served, title = row["service_date"], row["title"]
    unpaid = served is not None and row["state"] not in (State.ACCEPTED, State.DISCARDED)
    return (
        full_name(row),
        page.gettext(title),
        row["code"],
        served or "",
        row["updated_at"],
        page.gettext(state_label(row["state"], row["signed_field"])[0]),
        explain(page, refused)[0].told(page.gettext) if refused else "",
        row["request_id"],
        deadline(served) if unpaid else "",
    )


@pages.add("GET /documents/{id}", roles=MEDICAL)
async def document(page: MisPage) -> Response:
    found = await queries.mine(page, page.id())
    await record(page, Event.READ, found.id, patient_id=found.patient_id)
    return await _document(page, found)


async def _document(page: MisPage, found: Document) -> Response:
    kind = queries.kind_of(page.services, found.kind)
    refused = queries.refusal_of(found)
    explanations = explain(page, refused) if refused else []
    edit = edit_path(kind, found)
    return page.render(
        "sync/document.html",
        document=found,
        kind=kind,
        refused=explanations,
        edit=edit,
        taken_back_by=await queries.taken_back_by(page, found),
        is_stranded=await queries.is_stranded(page, found),
        onward=onward(kind, found, page.user.roles),
        data=found.data,
        names=queries.names_of(found),
        patient=await queries.patient_of(page, found),
        links={each.entry: f"{edit}#{kind.field(found.data or {}, each.entry)}" for each in explanations if each.entry},
        moves=await store.moves(page.db, found.id),
        deadline=deadline(found.service_date) if found.service_date else None,
    )


@pages.add("GET /documents/{id}/progress", roles=MEDICAL)
async def progress(page: MisPage) -> Response:
    """What htmx asks every two seconds; without scripts the page itself is opened again."""
    found = await queries.mine(page, page.id())
    if not page.is_fragment:
        return page.redirect(f"/documents/{found.id}")
    if not found.is_under_way:
        return page.redirect(f"/documents/{found.id}")
    return page.render("sync/progress.html", document=found)


@pages.add("GET /documents/{id}/sign", roles=MEDICAL)
async def sign_form(page: MisPage) -> Response:
    found = await queries.mine(page, page.id())
    if found.state is not State.READY:
        return page.redirect(f"/documents/{found.id}")
    await record(page, Event.READ, found.id, patient_id=found.patient_id)
    return await _sign_form(page, found)


@pages.add("POST /documents/{id}/sign", roles=MEDICAL)
async def sign(page: MisPage) -> Response:
    found = await queries.mine(page, page.id(), lock=True)
    if found.state is not State.READY or found.content is None:
        return page.redirect(f"/documents/{found.id}")
    try:
        signed = await receive_signed(page, found.content)
    except Rejected as problem:
        return await _sign_form(page, found, problem)
    await documents.queue(page, found, signed)
    page.flash(SIGNED)
    return page.redirect(f"/documents/{found.id}")


async def _sign_form(page: MisPage, found: Document, problem: Problem | None = None) -> Response:
    kind = queries.kind_of(page.services, found.kind)
    return page.render(
        "sync/sign.html",
        status=422 if problem else 200,
        keep=False,
        document=found,
        kind=kind,
        edit=edit_path(kind, found),
        patient=await queries.patient_of(page, found),
        names=queries.names_of(found),
        errors=faults(problem) if problem else {},
    )


@pages.add("POST /documents/{id}/resend", roles=MEDICAL)
async def resend(page: MisPage) -> Response:
    await documents.resend(page, page.id())
    page.flash(RESENT)
    return page.redirect(f"/documents/{page.id()}")


@pages.add("POST /sync/resend", roles=MEDICAL)
async def resend_all(page: MisPage) -> Response:
    for each in await store.ids_in(page.db, page.user.id, page.user.work.clinic_id, State.REFUSED, limit=100):
        await documents.resend(page, each)
    page.flash(RESENT)
    return page.redirect("/sync")


@pages.add("GET /documents/{id}/discard", roles=MEDICAL)
async def discard_form(page: MisPage) -> Response:
    found = await queries.mine(page, page.id())
    return page.render("sync/discard.html", document=found, patient=await queries.patient_of(page, found))


@pages.add("POST /documents/{id}/discard", roles=MEDICAL)
async def discard(page: MisPage) -> Response:
    await documents.discard(page, page.id())
    page.flash(DISCARDED)
    return page.redirect("/sync")


_SHOWN = {str(state): shown for state, shown in SHOWN.items()}


def state_label(state: str, signed_field: str) -> tuple[str, str]:
    """The word and the colour of a state, for templates; `signed_field` is empty when nothing is signed."""
    shown = _SHOWN[state]
    return (WAITS_ITS_TURN, shown[1]) if state == State.QUEUED and not signed_field else shown


section = Section(
    "sync",
    pages,
    nav=(NavItem(_("Черга синхронізації"), "/sync", MEDICAL),),
    to_sign=ToSign(MEDICAL, store.READY),
    on_consent=(store.wake,),
    needs_consent=store.under_way,
)
